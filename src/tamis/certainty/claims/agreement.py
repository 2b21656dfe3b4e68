"""Whether a number of a text and a fact are one value: kind, measure, unit, sign, rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.movement import CHANGE, sign_of
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.units import converted

__all__ = ["COMPATIBLE", "companion", "equal", "in_unit_of", "measures", "same_basis"]

#: Kind of a number in a text -> kinds of facts it may be held against.
COMPATIBLE: Mapping[str, tuple[str, ...]] = {
    "percent": ("percent",),
    "part": ("part", "parts"),
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
#: Where another count begins: "of the four studies, one was randomised".
_OTHER_COUNT = re.compile(
    r"[,，;；]\s*(?:only\s+|just\s+|其中|只|仅|有)*(?:\d|(?:one|two|three|four|five|six|seven)\b|[一二两三四五六七])",
    re.IGNORECASE,
)

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
            same = _of_statistic(context, number, fact)
        case "interval":
            same = _behind(companion(context, number), fact)
        case _:
            same = True
    return same


#: What stands before a number that tells how far values spread, and which middle of them it is.
_SPREAD = {
    "sd": re.compile(r"(?:±|\+/-|\bSDs?\b|standard\s+deviations?|标准差)[^\d.;。；]{0,12}$",
                     re.IGNORECASE),
    "range": re.compile(r"\b(?:rang\w*|IQR|interquartile|quartiles?|between|minimum|maximum)\b|"
                        r"四分位|范围|介于|最低|最高|最小|最大", re.IGNORECASE),
}  # fmt: skip
_MIDDLE = {
    "mean": re.compile(r"\b(?:means?|averag\w+)\b|平均|均值|均数", re.IGNORECASE),
    "median": re.compile(r"\bmedians?\b|中位", re.IGNORECASE),
}
_STATISTIC = re.compile(r"/(mean|median|sd|q1|q3|min|max)(?:#\d+)?$")


def _of_statistic(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether a fact is of the statistic a level is said to be: middle, spread, difference."""
    if fact.kind == "ratio":
        return fact.measure in ("", "MD", "SMD")
    found = _STATISTIC.search(fact.ids[0]) if fact.ids else None
    statistic = found[1] if found is not None else ""
    before = context.span(0, number.start)
    if statistic == "sd" or _SPREAD["sd"].search(before):
        return statistic in ("sd", "") and bool(_SPREAD["sd"].search(before))
    if statistic in ("q1", "q3", "min", "max"):
        return bool(_SPREAD["range"].search(context.sentence.text))
    told = {name for name, words in _MIDDLE.items() if words.search(context.sentence.text)}
    return statistic not in _MIDDLE or len(told) != 1 or statistic in told


def _of_design(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether studies that a fact counts are of the design that a text names."""
    words = _OTHER_COUNT.split(context.span(number.start, number.end + _ROUND))[0]
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
    if number.kind == "percent" and None not in (number.of, fact.of) and number.of != fact.of:
        return False
    value = in_unit_of(number, fact)
    if value is None:
        return False
    width = _width(number) * (abs(value / number.value) if number.value else 1)
    near = abs(abs(value) - abs(fact.value)) <= width
    if number.kind in ("ratio", "level") and fact.value and number.value:
        near = near and _same_side(context, number, fact)
    if number.high is None:
        return near
    return near and fact.high is not None and abs(abs(number.high) - abs(fact.high)) <= width


def in_unit_of(number: Number, fact: Fact) -> Decimal | None:
    """Return a level in the unit of a fact; ``None`` where their units do not convert."""
    if number.kind != "level" or not number.unit or not fact.unit or fact.kind != "level":
        return number.value
    return converted(number.value, number.unit, fact.unit)


def _same_side(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether a number has the sign of a fact; "fell by 8 points" has it in its verb."""
    if number.kind == "level" and number.value > 0 and fact.estimand == CHANGE:
        told = sign_of(context, number, context.known.outcomes.get(fact.outcome))
        return not told or (told > 0) == (fact.value > 0)
    return (number.value > 0) == (fact.value > 0)


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
