"""How a level moved: up or down, by how much, from what to what.

"Fell by 8 points" is a change, and one downwards; "from 16 to 6" are two levels, the first of them
that of the start. A word of direction belongs to the numbers of its clause; numbers of a clause
without one take that of the clause before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.reading import BREAKS
from tamis.domain.question import Outcome

__all__ = ["CHANGE", "LEVEL", "Pair", "form_of", "moved_against", "pair_of", "sign_of"]

CHANGE, LEVEL = "change", "level"

#: Words of movement: language -> which way -> pattern. "Higher than" compares and does not move.
_WORDS = {
    "en": {
        "up": r"rose|ris(?:e|es|en|ing)|increas\w*|climb\w*|grew|gain(?:s|ed|ing)?|"
              r"rais(?:ed|es|ing)|went\s+up|up\s+(?:by|to|from)|elevat\w+",
        "down": r"fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|declin\w*|decreas\w*|reduc\w*|"
                r"lower(?:ed|ing)|went\s+down|down\s+(?:by|to|from)|shrank|lost",
        "good": r"improv\w*", "bad": r"worsen\w*|deteriorat\w*",
    },
    "zh": {
        "up": r"上升|升高|升至|升到|升为|增加|增至|增到|提高|上涨|增高",
        "down": r"下降|降低|降至|降到|降为|减少|减至|减到|减低|下调",
        "good": r"改善|好转", "bad": r"恶化|加重|变差",
    },
}  # fmt: skip
_MOVED = {
    lang: re.compile("|".join(
        f"(?P<{way}>" + (rf"\b(?:{p})\b" if lang == "en" else p) + ")" for way, p in rows.items()
    ), re.IGNORECASE)
    for lang, rows in _WORDS.items()
}  # fmt: skip
_NEGATED = {
    "en": re.compile(r"\b(?:not|no|never|neither|without|n't)\W+(?:\w+\W+){0,2}$", re.IGNORECASE),
    "zh": re.compile(r"(?:未|没有|不|无)\S{0,2}$"),
}
_FILL = (
    r"(?:(?:a|an|the|about|around|only|just|mean|median|average|means|medians|of|baseline|some|"
    r"nearly|almost|roughly|approximately|values?|levels?|scores?)\s+)*"
)
_BY = {
    "en": re.compile(
        rf"(?:\bby\s+|\b(?:rise|fall|drop|decline|decrease|increase|reduction|gain|change)s?\s+of\s+)"
        rf"{_FILL}$", re.IGNORECASE),
    "zh": re.compile(r"(?:上升|升高|增加|提高|增高|下降|降低|减少|减低|改善|变化)"
                     r"(?:了|约|平均|达|近|幅度|为)*\s*$"),
}  # fmt: skip
_FROM = {
    "en": re.compile(rf"\bfrom\s+{_FILL}$", re.IGNORECASE),
    "zh": re.compile(r"[从由自](?:[^，,。；;\d]{0,10})$"),
}
_TO = {
    "en": re.compile(rf"\bto\s+{_FILL}$", re.IGNORECASE),
    "zh": re.compile(r"(?:[降升增减改变]?[至到为])(?:[^，,。；;至到]{0,14})$"),
}
_AT_LEVEL = {
    "en": re.compile(rf"\b(?:to|from|at|was|were|averaged|averaging)\s+{_FILL}$", re.IGNORECASE),
    "zh": re.compile(r"(?:[降升增减]?[至到]|[从由])\s*$"),
}
_SPAN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two levels of one series, "from 16 to 6": where the words for both stand."""

    first: Number
    last: Number
    start: int
    turn: int


def _pairs(context: Context) -> Iterator[Pair]:
    text, lang = context.sentence.text, context.lang
    for one in context.numbers:
        begins = _FROM[lang].search(text[: one.start])
        if begins is None:
            continue
        after = [n for n in context.numbers if n.kind == one.kind and n.start >= one.end]
        if not after or after[0].start - one.end > _SPAN:
            continue
        turns = _TO[lang].search(text[one.end : after[0].start])
        if turns is not None:
            yield Pair(first=one, last=after[0], start=begins.start(), turn=one.end + turns.start())


def pair_of(context: Context, number: Number) -> Pair | None:
    """Return the two levels a number is one of; ``None`` where it stands alone."""
    return next((p for p in _pairs(context) if number in (p.first, p.last)), None)


def form_of(context: Context, number: Number) -> str:
    """Return ``change`` for "by 8 points", ``level`` for "from 16", else nothing."""
    if number.kind != "level":
        return ""
    if pair_of(context, number) is not None:
        return LEVEL
    before = context.span(0, number.start)
    if _BY[context.lang].search(before):
        return CHANGE
    return LEVEL if _AT_LEVEL[context.lang].search(before) else ""


def sign_of(context: Context, number: Number, outcome: Outcome | None) -> int:
    """Return which way the words say that a number went: 1, -1, or 0 where they do not."""
    ways = _ways(context, number)
    if len(ways) != 1:
        return 0
    (way,) = ways
    if way in ("good", "bad"):
        if outcome is None:
            return 0
        return 1 if (way == "good") == (outcome.better == "higher") else -1
    return 1 if way == "up" else -1


def _ways(context: Context, number: Number) -> set[str]:
    """Return the words of direction of a number's clause, else of the nearest before it."""
    text, lang = context.sentence.text, context.lang
    found = list(_MOVED[lang].finditer(text))
    for m in found:
        if _NEGATED[lang].search(text[: m.start()]):
            return set()
    spans = clauses(text, BREAKS[lang])
    at = next((i for i, (a, b) in enumerate(spans) if a <= number.start < b), 0)
    for start, end in reversed(spans[: at + 1]):
        inside = [m for m in found if start <= m.start() < end]
        before = [m for m in inside if m.end() <= number.start]
        if before:
            return {before[-1].lastgroup or ""}
        if inside:
            return {m.lastgroup or "" for m in inside}
    return set()


def moved_against(context: Context, number: Number, outcome: Outcome | None) -> bool:
    """Tell whether two levels go the other way than their verb: "rose from 16 to 6"."""
    pair = pair_of(context, number)
    if pair is None or pair.first.unit.casefold() != pair.last.unit.casefold():
        return False
    sign = sign_of(context, pair.last, outcome)
    went = pair.last.value - pair.first.value
    return bool(sign and went) and (went > 0) != (sign > 0)
