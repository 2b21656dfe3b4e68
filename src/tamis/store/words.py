"""Words of a text and of a search, the same on every database.

Case, accents and width do not count. A Chinese or Japanese character is a word of its own, and a
run of them in a search is a phrase, because their texts put no spaces between words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tamis.domain.errors import BadInput

__all__ = ["Term", "terms_of", "words_of"]

_HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_ASKED = re.compile(r'"([^"]*)"|(\S+)')

#: Longer words are cut: databases refuse words of some thousand bytes, and nobody types them.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that must stand side by side; with ``prefix`` the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded.

    Examples
    --------
    >>> words_of("Néphrite lupique: IL-6, 狼疮")
    ('nephrite', 'lupique', 'il', '6', '狼', '疮')
    """
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    folded = unicodedata.normalize("NFC", plain.casefold())
    return tuple(word[:_LONGEST] for word in _WORD.findall(folded))


def terms_of(asked: str) -> tuple[Term, ...]:
    """Read a search: every word and every "phrase" must be found; ``nephr*`` finds what begins so.

    Raises
    ------
    BadInput
        When nothing is asked for, or a quotation mark is open.

    Examples
    --------
    >>> [term.words for term in terms_of('"lupus nephritis" IL-6 rand*')]
    [('lupus', 'nephritis'), ('il', '6'), ('rand',)]
    """
    if asked.count('"') % 2:
        raise BadInput("a quotation mark is open", 'close it: "a phrase"')
    terms = []
    for match in _ASKED.finditer(asked):
        phrase, word = match.groups()
        text = word if phrase is None else phrase
        words = words_of(text)
        if words:
            terms.append(Term(words=words, prefix=phrase is None and text.endswith("*")))
    if not terms:
        raise BadInput("no word is asked for", 'type a word, a "phrase" or a beginning like nephr*')
    return tuple(terms)
