"""Terms that are marked in a text, by named groups.

``lupus`` is a whole word, ``"lupus"`` stands anywhere, ``immun*`` begins a word, ``/…/`` is a
regular expression (see ``patterns``). Letters are compared without case, accents and width.
Chinese, Japanese and Korean have no word boundaries here. Where marks overlap, the longest wins;
of two as long, that of the earlier group.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tamis.domain.errors import BadInput
from tamis.screening.patterns import tame

__all__ = ["GROUPS", "Group", "Span", "check_terms", "highlight"]

#: The groups that are always there, in order; further ones are people's own.
GROUPS = ("include", "exclude", "population", "intervention", "comparator", "outcome", "design")

Span = tuple[int, int, str]

#: Characters that are written without spaces between words.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = rf"[^\W{_CJK}]"
_IS_CJK = re.compile(f"[{_CJK}]")
_IS_WORD = re.compile(_WORD)

_LONGEST = 200
_MOST_STARS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A named group of terms, in the order of the team."""

    name: str
    terms: tuple[str, ...]


def highlight(text: str, groups: Sequence[Group]) -> tuple[Span, ...]:
    """Return what is marked in a text.

    Returns
    -------
    tuple of Span
        ``(start, end, group)`` in code points of the text, from left to right, none overlapping.

    Raises
    ------
    BadInput
        For a term that cannot be read, or a regular expression that could run away.

    Examples
    --------
    >>> groups = [Group(name="population", terms=("lupus neph*",)),
    ...           Group(name="own", terms=("lupus",))]
    >>> highlight("Lupus néphrite; LUPUS", groups)
    ((0, 14, 'population'), (16, 21, 'own'))
    """
    folded, places = _folded(text)
    found = [
        (start, end, rank)
        for rank, group in enumerate(groups)
        for term in dict.fromkeys(group.terms)
        for start, end in _matches(folded, term)
    ]
    chosen: list[tuple[int, int, int]] = []
    taken = bytearray(len(folded))
    for start, end, rank in sorted(found, key=lambda f: (f[0] - f[1], f[2], f[0])):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            chosen.append((start, end, rank))
    return tuple(_original(text, places, sorted(chosen), groups))


def check_terms(terms: Iterable[str]) -> None:
    """Refuse terms that cannot be read."""
    for term in terms:
        _compiled(term)


def _matches(folded: str, term: str) -> Iterable[tuple[int, int]]:
    for match in _compiled(term).finditer(folded):
        if match.end() > match.start():
            yield match.span()


def _original(
    text: str,
    places: Sequence[int],
    chosen: Iterable[tuple[int, int, int]],
    groups: Sequence[Group],
) -> Iterable[Span]:
    """Map spans of the folded text back; a letter that folds to several is marked whole."""
    before = 0
    for start, end, rank in chosen:
        first, last = max(places[start], before), places[end - 1] + 1
        while last < len(text) and unicodedata.combining(text[last]):
            last += 1
        if first < last:
            yield first, last, groups[rank].name
            before = last


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its letters its place in the original."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        plain = _plain(letter)
        letters.append(plain)
        places += [at] * len(plain)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _compiled(term: str) -> re.Pattern[str]:
    asked = term.strip()
    if not 0 < len(asked) <= _LONGEST:
        raise BadInput(f"the term {asked[:40]!r} has {len(asked)} characters", "use 1 to 200")
    if len(asked) > 2 and asked[0] == asked[-1] == "/":
        return re.compile(tame(asked[1:-1], _plain))
    if len(asked) > 2 and asked[0] == asked[-1] == '"':
        return re.compile(_spaced(_plain(asked[1:-1].strip()) or _nothing(asked)))
    plain = " ".join(_plain(asked).split())
    if not plain.strip('*" '):
        _nothing(asked)
    if plain.count("*") > _MOST_STARS:
        raise BadInput(f"the term {asked!r} has too many *", f"use up to {_MOST_STARS}")
    parts = plain.split("*")
    pattern = ""
    for left, right in zip(parts, [*parts[1:], None], strict=True):
        pattern += _spaced(left)
        if right is not None:
            chinese = _IS_CJK.match(left[-1:]) or _IS_CJK.match(right[:1])
            pattern += r"\w{0,20}" if chinese else f"{_WORD}{{0,40}}"
    before = rf"(?<!{_WORD})" if _edge(plain[0]) else ""
    after = rf"(?!{_WORD})" if _edge(plain[-1]) else ""
    return re.compile(f"{before}{pattern}{after}")


def _edge(letter: str) -> bool:
    """Tell whether a term that ends in this letter ends where a word does."""
    return letter == "*" or bool(_IS_WORD.match(letter))


def _spaced(text: str) -> str:
    """Return a literal in which a space stands for any white space."""
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", text))


def _nothing(asked: str) -> str:
    raise BadInput(f"the term {asked!r} names nothing", "write a word")
