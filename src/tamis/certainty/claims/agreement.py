"""Whether a number of a text and a fact are one value: kind, measure, unit, sign, rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.numbers import Number

__all__ = ["COMPATIBLE", "companion", "equal", "measures", "same_basis"]

#: Kind of a number in a text -> kinds of facts it may be held against.
COMPATIBLE: Mapping[str, tuple[str, ...]] = {
    "percent": ("percent",),
    "part": ("part",),
    "people": ("people",),
    "works": ("works",),
    "dose": ("dose",),
    "ratio": ("ratio",),
    "interval": ("interval",),
    "level": ("level", "ratio"),
    "percents": ("percents",),
    "points": ("ratio",),
    "months": ("months",),
}

_MEASURES: Mapping[str, tuple[str, ...]] = {
    "RR": ("rr", "risk ratio", "风险比", "相对危险度", "相对风险"),
    "OR": ("or", "odds ratio", "比值比", "优势比"),
    "HR": ("hr", "hazard ratio"),
    "MD": ("md", "mean difference", "均数差", "均差"),
    "SMD": ("smd",),
    "RD": ("rd", "risk difference", "风险差"),
}
_LIMIT = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_SLACK = Decimal("1e-9")
_TRIALS = re.compile(
    r"^\s*(?:\S{0,8}?)试验(?!组|者)|^[^.;,]{0,30}?\btrials?\b|\btrials?$", re.IGNORECASE
)
#: Design of studies -> its words, as they stand beside a count.
_DESIGNS: Mapping[str, re.Pattern[str]] = {
    "single-arm": re.compile(
        r"single[\s-]arm|uncontrolled|without\s+(?:a\s+)?(?:control|comparison)|"
        r"before[\s-]after|单臂|无对照|前后",
        re.IGNORECASE,
    ),
    "case-series": re.compile(r"case[\s-]series|病例系列", re.IGNORECASE),
    "non-randomised": re.compile(r"non[\s-]?randomi[sz]ed|非随机", re.IGNORECASE),
    "randomised": re.compile(
        r"(?<!non-)(?<!non )\brandomi[sz]ed|\bRCTs?\b|(?<!非)随机", re.IGNORECASE
    ),
}
_ROUND = 24

#: Kinds of numbers that an interval may stand behind.
_ESTIMATES = frozenset({"ratio", "level", "points", "percent"})


def measures(number: Number) -> tuple[str, ...]:
    """Return the measures that the words before a number name.

    Examples
    --------
    >>> measures(Number(start=0, end=7, kind="ratio", value=Decimal("0.9"), unit="Risk ratio"))
    ('RR',)
    """
    unit = re.sub(r"\s+", " ", number.unit.casefold())
    return tuple(m for m, words in _MEASURES.items() if unit in words)


def companion(context: Context, number: Number) -> Number | None:
    """Return the estimate that an interval stands behind, if the sentence gives one."""
    before = [n for n in context.numbers if n.kind in _ESTIMATES and n.end <= number.start]
    return before[-1] if number.kind == "interval" and before else None


def same_basis(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether a fact is on the scale of a number: per kg, measure, unit of a risk."""
    match number.kind:
        case "dose":
            same = number.per_kg == fact.per_kg
        case "works":
            same = _of_design(context, number, fact)
        case "ratio":
            same = not fact.measure or fact.measure in measures(number)
        case "points":
            same = fact.unit == "percentage points" and fact.measure == "RD"
        case "level":
            same = fact.kind != "ratio" or fact.measure in ("", "MD", "SMD")
        case "interval":
            same = _behind(companion(context, number), fact)
        case _:
            same = True
    return same


def _of_design(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether studies that a fact counts are of the design that a text names."""
    words = context.span(number.start, number.end + _ROUND)
    named = next((d for d, pattern in _DESIGNS.items() if pattern.search(words)), "")
    if not named and _TRIALS.search(context.span(number.start, number.end) or ""):
        named = "randomised"
    if not named and _TRIALS.match(context.span(number.end, number.end + _ROUND)):
        named = "randomised"
    if not named:
        return not fact.unit or bool(fact.outcome)
    return fact.unit == named or (not fact.unit and _all_of(context, named))


def _all_of(context: Context, design: str) -> bool:
    return all(study.design == design for study in context.known.evidence.included)


def _behind(estimate: Number | None, fact: Fact) -> bool:
    if estimate is None:
        return True
    match estimate.kind:
        case "points":
            return fact.measure == "RD" and fact.unit == "percentage points"
        case "percent":
            return fact.unit in ("percentage points", "percent")
        case "level":
            return fact.measure in ("", "MD", "SMD")
        case _:
            return not fact.measure or fact.measure in measures(estimate)


def equal(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether a fact agrees with a number within the rounding of what is printed."""
    if number.kind == "part":
        return number.value == fact.value and number.whole == fact.whole
    if number.kind == "interval":
        return _as_interval(context, number, fact)
    width = _width(number)
    near = abs(abs(number.value) - abs(fact.value)) <= width
    if number.kind in ("ratio", "level") and fact.value and number.value:
        near = near and ((number.value > 0) == (fact.value > 0) or _unsigned(number, fact))
    if number.high is None:
        return near
    return near and fact.high is not None and abs(abs(number.high) - abs(fact.high)) <= width


def _unsigned(number: Number, fact: Fact) -> bool:
    """Tell whether a size may stand without its sign: "fell by 8 points"."""
    return number.kind == "level" and number.value > 0 and fact.estimand == "change"


def _width(number: Number) -> Decimal:
    if number.kind == "dose":
        return abs(number.value) * Decimal("0.005")
    return Decimal(5).scaleb(-number.digits - 1) + _SLACK


def _widths(context: Context, number: Number) -> tuple[Decimal, Decimal]:
    """Return how far each limit may be from what it was rounded from, by its own decimals."""
    printed = _LIMIT.findall(context.span(number.start, number.end))[-2:]
    low, high = (len(decimals) for decimals in printed)
    return (Decimal(5).scaleb(-low - 1) + _SLACK, Decimal(5).scaleb(-high - 1) + _SLACK)


def _as_interval(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether two limits are those of a fact, or turned round with their estimate."""
    if fact.high is None or number.high is None:
        return False
    low, high = _widths(context, number)
    if abs(number.value - fact.value) <= low and abs(number.high - fact.high) <= high:
        return True
    turned = abs(number.value + fact.high) <= low and abs(number.high + fact.value) <= high
    middle = companion(context, number)
    return turned and middle is not None and middle.kind in ("level", "points") and (
        (middle.value > 0) != (fact.value + fact.high > 0)
    )  # fmt: skip
