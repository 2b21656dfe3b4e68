"""What rules say, in the visitor's language: sentences of ``words/*/rules.toml``.

Proposals of certainty, findings on extracted values and conversions are made in English, deep in
the program, with the numbers that they rest on. A message may be several sentences, and a sentence
several parts; each is recognised by its English words (as errors are, in ``saying``) and said with
the same names and numbers. What the table does not hold stays English, and is marked so for screen
readers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from tamis.web.saying import in_words

__all__ = ["Retold", "retelling", "retold"]

_PAGE = "rules."
_FOREIGN = re.compile(r"[\u4e00-\u9fff]")
_NAMES = re.compile(r"[\w.\-/:%+ ]+")


class Retold:
    """Says a message of a rule on a page: ``ruled(message)``."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, text: str) -> Markup:
        """Return the message, marked as English where it has no words in the language."""
        said = retold(text, self._language)
        if self._language == "en" or not said or _FOREIGN.search(said) or not _is_prose(said):
            return escape(said)
        return Markup('<span lang="en">{}</span>').format(said)


def retelling(language: str) -> Retold:
    """Return what says the messages of rules on the pages of a language."""
    return Retold(language)


@lru_cache(maxsize=4096)
def retold(text: str, language: str) -> str:
    """Return a message in a language, sentence by sentence; a sentence without words as it is.

    Examples
    --------
    >>> retold("Nothing is proposed.", "zh")
    '不作建议。'
    >>> retold("Somebody wrote this.", "zh")
    'Somebody wrote this.'
    """
    if language == "en" or not text:
        return text
    run = _sentences(text, language)
    if all(said is not None for _, said in run):
        return _joined([said or piece for piece, said in run])
    return _part(text, language) or _joined([said or piece for piece, said in run])


def _part(text: str, language: str) -> str | None:
    """Return a sentence or a part of one; ``None`` without words for it."""

    def inner(one: str) -> str | None:
        return _part(one, language)

    listed = _parts(text.removesuffix("."))
    said = [inner(one) for one in listed] if len(listed) > 1 else []
    if said and all(said):
        return "；".join(filter(None, said)) + ("。" if text.endswith(".") else "")
    whole = in_words(text, language, page=_PAGE, part=inner)
    return _names(text, language) if whole is None else whole


def _parts(text: str) -> list[str]:
    """Return the parts of a sentence between semicolons that stand in no brackets."""
    parts = [""]
    for piece in text.split("; "):
        inside = parts[-1].count("(") > parts[-1].count(")")
        parts[-1:] = [f"{parts[-1]}; {piece}"] if inside else [parts[-1], piece]
    return parts[1:]


def _names(text: str, language: str) -> str | None:
    """Return a list of names, "a, b and c", as a list; ``None`` where it is none."""
    head, joint, last = text.rpartition(" and ")
    head, joint, last = (head, joint, last) if joint else text.rpartition(", ")
    names = [*head.split(", "), last]
    if not joint or not all(_NAMES.fullmatch(name) and name.count(" ") < 3 for name in names):
        return None
    return "、".join(in_words(name, language, page=_PAGE) or name for name in names)


def _sentences(text: str, language: str) -> list[tuple[str, str | None]]:
    """Return a run of sentences, each the shortest that the table holds, and how they are said."""
    pieces = text.split(". ")
    pieces[:-1] = [f"{piece}." for piece in pieces[:-1]]
    run: list[tuple[str, str | None]] = []
    at = 0
    while at < len(pieces):
        ends = range(at + 1, len(pieces) + 1)
        tried = ((end, " ".join(pieces[at:end])) for end in ends)
        said = ((end, one, _part(one, language)) for end, one in tried)
        end, one, found = next((s for s in said if s[2] is not None), (at + 1, pieces[at], None))
        run.append((one, found))
        at = end
    return run


def _joined(said: list[str]) -> str:
    """Join sentences: a blank only where one of the two is English."""
    whole = said[0]
    for one in said[1:]:
        whole += one if whole.endswith(("。", "？")) and _FOREIGN.search(one) else f" {one}"
    return whole


def _is_prose(text: str) -> bool:
    """Tell whether a text is more than a name or a number."""
    return re.search(r"[A-Za-z]{2,} [a-z]{2,}", text) is not None
