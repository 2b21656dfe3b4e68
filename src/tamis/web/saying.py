"""What an error says, in the visitor's language: sentences of ``words/*/errors.toml``.

Errors are raised in English, deep in the program, where no language is known. The table holds each
sentence that a person in the browser can meet, with ``{0}``, ``{1}`` where a name or a number
stands; what was raised is recognised by its English words and said with the same names in the other
language. A sentence that the table does not hold is shown in English. A test counts those.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from tamis.web.words import words

__all__ = ["Told", "in_words", "reading", "telling"]

Told = Callable[[str], str]

#: Says a part of a sentence, or ``None`` where it has no words for it.
Part = Callable[[str], "str | None"]

_PAGE = "errors."
#: What readers mend and set aside; a test holds it against their own tables.
_READINGS = "readings."
_HOLE = re.compile(r"\{(\d)\}")
_STOPS = (".", "?", "!", "。", "？", "！")


def in_words(
    text: str, language: str, *, page: str = _PAGE, part: Part | None = None
) -> str | None:
    """Return an error's sentence in a language; ``None`` where the table does not hold it.

    Parameters
    ----------
    page
        The table of sentences, as keys begin: ``"errors."``.
    part
        What says a name or a sentence that stands in a hole; by default, this function itself.

    Examples
    --------
    >>> in_words("there is no review 'x' here", "zh")
    "这里没有综述 'x'"
    """
    inner = part or (lambda one: in_words(one, language, page=page))
    for key, pattern, order in _patterns(page):
        found = pattern.fullmatch(text)
        if found is not None:
            parts = [inner(one) or one for one in found.groups()]
            named = dict(zip(order, parts, strict=True))
            return "".join(
                named[piece] if at % 2 else piece
                for at, piece in enumerate(_HOLE.split(words(language)[key]))
            )
    return None


def telling(language: str) -> Told:
    """Return ``told(sentence)``: an error's problem or remedy as a page says it, with its stop."""

    def told(text: str) -> str:
        said = text if language == "en" else _found(text, language)
        stop = "." if said is None or language == "en" else "。"
        said = said or text
        return said if not said or said.endswith(_STOPS) else said + stop

    return told


def reading(language: str) -> Told:
    """Return ``reads(message)``: what a reader mended or set aside, as the page says it."""
    return lambda text: in_words(text, language, page=_READINGS) or text


def _found(text: str, language: str) -> str | None:
    """Return an error's sentence, or what reading a file found, which some errors repeat."""
    return in_words(text, language, page=_READINGS) or in_words(text, language)


@cache
def _patterns(page: str) -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    """Return key, pattern and the numbers of its holes; the sentence with most words first."""
    found = []
    for key, text in words("en").items():
        if key.startswith(page):
            pattern = "(.+?)".join(re.escape(part) for part in _HOLE.split(text)[::2])
            found.append((key, text, re.compile(pattern, re.DOTALL), tuple(_HOLE.findall(text))))
    found.sort(key=lambda row: (-len(_HOLE.sub("", row[1])), row[0]))
    return tuple((key, pattern, order) for key, _, pattern, order in found)
