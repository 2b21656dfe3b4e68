"""Words with a strength: how a table row becomes a pattern, and how a sentence is matched.

A row of ``lexicon_en`` or ``lexicon_zh``, or of the words of overstatement and of cause beside them
(``lexicon_spin_*``, ``lexicon_cause``), gives role, strength, sense and words. ``=word`` stands as
it is, ``~pattern`` is a regular expression, anything else (English) is a lemma whose first word is
inflected. The longest match wins; traps win over everything they cover.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from tamis.certainty.claims.lexicon_cause import CAUSE_EN, CAUSE_ZH
from tamis.certainty.claims.lexicon_en import ROWS_EN
from tamis.certainty.claims.lexicon_figures_en import FIGURES_EN
from tamis.certainty.claims.lexicon_figures_zh import FIGURES_ZH
from tamis.certainty.claims.lexicon_spin_en import SPIN_EN
from tamis.certainty.claims.lexicon_spin_zh import SPIN_ZH
from tamis.certainty.claims.lexicon_zh import ROWS_ZH

__all__ = ["CEILING", "ROWS", "Hit", "Lexicon", "Row", "lexicon_for"]

#: Certainty of the evidence -> strongest wording a synthesis may use. No rating: 1.
CEILING: Mapping[int | None, int] = MappingProxyType({4: 4, 3: 3, 2: 2, 1: 1, None: 1})

#: Role, strength, sense, words separated by " | ".
Row = tuple[str, int, str, str]

ROWS: Mapping[str, tuple[Row, ...]] = MappingProxyType(
    {
        "en": (*ROWS_EN, *SPIN_EN, *CAUSE_EN, *FIGURES_EN),
        "zh": (*ROWS_ZH, *SPIN_ZH, *CAUSE_ZH, *FIGURES_ZH),
    }
)

#: Forms that the regular inflection of English would get wrong.
IRREGULAR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "be": ("be", "is", "are", "was", "were", "been", "being"),
        "lead": ("lead", "leads", "led", "leading"),
        "show": ("show", "shows", "showed", "shown", "showing"),
        "find": ("find", "finds", "found"),
        "cut": ("cut", "cuts", "cutting"),
        "leave": ("leave", "leaves", "left", "leaving"),
        "prove": ("prove", "proves", "proved", "proven", "proving"),
        "make": ("make", "makes", "made", "making"),
    }
)

#: Roles that cover what stands inside them, before any strength is looked up.
COVERING = frozenset({"trap", "frame", "need", "aim", "unsure", "define"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One word of the lexicon in a text: code points ``[start, end)``, role, strength, sense."""

    start: int
    end: int
    role: str
    strength: int
    sense: str
    text: str


class Lexicon:
    """The compiled rows of one language, with the verb pairs of a review beside them."""

    def __init__(self, lang: str, extra: Iterable[Row] = ()) -> None:
        self.lang = lang
        self._compiled = tuple(
            (_pattern(word, lang), role, strength, sense)
            for role, strength, sense, words in (*ROWS[lang], *extra)
            for word in (part.strip() for part in words.split(" | "))
        )

    def match(self, text: str) -> tuple[Hit, ...]:
        """Return the hits in a text in their order, none overlapping."""
        found = [
            Hit(start=m.start(), end=m.end(), role=role, strength=strength, sense=sense,
                text=m.group())
            for pattern, role, strength, sense in self._compiled
            for m in pattern.finditer(text)
            if m.end() > m.start()
        ]  # fmt: skip
        found.sort(key=lambda h: (h.role not in COVERING, h.start - h.end, h.start, h.role))
        taken = bytearray(len(text))
        kept = []
        for hit in found:
            if not any(taken[hit.start : hit.end]):
                taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
                kept.append(hit)
        return tuple(sorted(kept, key=lambda h: h.start))


@lru_cache(maxsize=32)
def lexicon_for(lang: str, extra: tuple[Row, ...] = ()) -> Lexicon:
    """Return the lexicon of a language (``en`` or ``zh``), compiled once.

    Examples
    --------
    >>> [(h.text, h.strength) for h in lexicon_for("en").match("It may reduce pain.")]
    [('may', 2), ('reduce', 4)]
    """
    return Lexicon(lang, extra)


@lru_cache(maxsize=4096)
def _pattern(word: str, lang: str) -> re.Pattern[str]:
    if word.startswith("~"):
        return re.compile(word[1:], re.IGNORECASE)
    if lang == "zh":
        return re.compile(re.escape(word.removeprefix("=")))
    first, *rest = word.removeprefix("=").split(" ")
    forms = (first,) if word.startswith("=") else inflect(first)
    tail = "".join(rf"\s+{re.escape(part)}" for part in rest)
    alternatives = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"\b(?:{alternatives}){tail}\b", re.IGNORECASE)


def inflect(verb: str) -> tuple[str, ...]:
    """Return the forms of an English verb.

    Examples
    --------
    >>> inflect("reduce")
    ('reduce', 'reduces', 'reduced', 'reducing')
    >>> inflect("verify")
    ('verify', 'verifies', 'verified', 'verifying')
    """
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb, f"{verb}es", f"{verb}ed", f"{verb}ing"
    return verb, f"{verb}s", f"{verb}ed", f"{verb}ing"


def clauses(text: str, breaks: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Return the spans between the breaks of a sentence; empty ones are left out."""
    cuts = [0, *(m.end() for m in breaks.finditer(text)), len(text)]
    return tuple((a, b) for a, b in pairwise(cuts) if text[a:b].strip())
