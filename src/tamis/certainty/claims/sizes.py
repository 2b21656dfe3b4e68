"""Rule 10 on sizes of effects: "FEV1 rose by 0.24 L" against the differences that are known.

A size agrees where a difference of the body, of one of its studies, or a change in the arm named
has it, beyond rounding and on the same side. It is contradicted where the evidence holds such a
difference and none agrees; without one nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.contrasts import changes, differences, relatives, risk_differences
from tamis.certainty.claims.evidence import Body
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.measured import EVERYONE
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.size_words import Size, size_of
from tamis.certainty.claims.units import converted

__all__ = ["Judged", "judged", "shown"]

#: Kinds of numbers that may be sizes.
KINDS = frozenset({"level", "percent", "points", "ratio"})

_DIFFERENCES = ("md", "mean difference", "均数差", "均差")
_RISKS = ("rd", "risk difference", "风险差")

#: How far "about" and a fraction in words reach: share of the size; percentage points.
_ABOUT, _FRACTION = Decimal("0.1"), Decimal(5)

Judged = tuple[str, tuple[Fact, ...]]


def judged(context: Context, number: Number) -> Judged | None:
    """Return the answer about a size and the facts behind it; ``None`` where it is no size."""
    if number.kind not in KINDS or context.sentence.section in ("aims", "methods"):
        return None
    size = size_of(context, number)
    if size is None or not _scale(number):
        return None
    held = tuple(_contrasts(context, number, size))
    own = tuple(_own(context, size))
    if context.study is not None and not (held or own):
        return None
    told = _value(context, number, size)
    if told is None or size.bound:
        return "cannot-tell", ()
    return _held_against(number, size, held, own, told)


def _held_against(
    number: Number, size: Size, held: Sequence[Fact], own: Sequence[Fact], told: Decimal
) -> Judged | None:
    candidates = own if size.since and own else (*held, *own)
    agree = tuple(f for f in candidates if _agrees(f, told, number, size))
    if agree:
        return "faithful", tuple(replace(f, arm="") for f in agree)
    against = _against(size, held, own, told)
    if against:
        return "contradicted", against
    return None if number.kind == "ratio" else ("cannot-tell", ())


def _scale(number: Number) -> str:
    """Return what a number can be: a difference, a relative change or a difference of risks."""
    if number.kind == "ratio":
        unit = number.unit.casefold()
        if any(word in unit for word in _RISKS):
            return "points"
        return "difference" if any(word in unit for word in _DIFFERENCES) else ""
    return {"level": "difference", "percent": "percent", "points": "points"}[number.kind]


def _contrasts(context: Context, number: Number, size: Size) -> Iterator[Fact]:
    """Yield the differences between arms that a size may be, those of the speaker only."""
    scale = _scale(number)
    for body in context.known.bodies_for(size.outcome, context.study):
        if not body.comparative:
            continue
        for fact in _of_scale(body, scale):
            mine = context.study is None or fact.study == context.study.id
            alone = context.study is not None and body.studies == (context.study.id,)
            if mine or (alone and not fact.study):
                yield fact


def _of_scale(body: Body, scale: str) -> Iterator[Fact]:
    if scale == "difference" or body.outcome.unit.strip() in ("%", "percent"):
        yield from differences(body)
    if scale == "points":
        yield from risk_differences(body)
    elif scale == "percent":
        yield from relatives(body)
        yield from risk_differences(body)


def _own(context: Context, size: Size) -> Iterator[Fact]:
    """Yield the changes in the arm named, or in any where none is."""
    known = context.known
    included = {s.id for s in known.evidence.included}
    studies = {context.study.id} if context.study is not None else included
    facts = [f for f in known.facts if f.study in studies and f.sure]
    for fact in changes(facts, known.outcomes[size.outcome], dict(known.months)):
        if not size.arm or fact.arm in (size.arm, EVERYONE):
            yield fact


def _value(context: Context, number: Number, size: Size) -> Decimal | None:
    """Return the size in the unit of the outcome, as the text has it and without its sign."""
    if number.kind != "level":
        return abs(number.value)
    wanted = context.known.outcomes[size.outcome].unit.strip()
    found = converted(number.value, number.unit, wanted) if wanted else number.value
    return None if found is None else abs(found)


def _agrees(fact: Fact, told: Decimal, number: Number, size: Size) -> bool:
    width = Decimal(5).scaleb(-number.digits - 1) * _factor(told, number) + Decimal("1e-9")
    if size.about:
        width = max(width, told * _ABOUT)
    if number.unit == "fraction":
        width = _FRACTION
    on_side = size.sign == 0 or fact.value == 0 or (fact.value > 0) == (size.sign > 0)
    return on_side and abs(abs(fact.value) - told) <= width


def _factor(told: Decimal, number: Number) -> Decimal:
    """Return how much smaller the unit printed is than that of the outcome."""
    return told / abs(number.value) if number.value else Decimal(1)


def _against(
    size: Size, held: Sequence[Fact], own: Sequence[Fact], told: Decimal
) -> tuple[Fact, ...]:
    """Return what a size contradicts: contrasts, or the changes in the arm it is said of."""
    if size.arm or size.since:
        return tuple(own) if own and not _between(own, told) else ()
    return tuple(f for f in held if not f.study) or tuple(held)


def _between(facts: Iterable[Fact], told: Decimal) -> bool:
    sizes = [abs(f.value) for f in facts]
    return min(sizes) <= told <= max(sizes)


def shown(fact: Fact) -> str:
    """Return a difference as it is shown: with its measure, sign and unit."""
    value = f"{fact.value:.2f}".rstrip("0").rstrip(".") if fact.value % 1 else f"{fact.value:f}"
    value = "0" if value in ("-0", "") else value
    if fact.measure in ("MD", "SMD"):
        return f"{fact.measure} {value}{' ' + fact.unit if fact.unit else ''}"
    return f"{float(fact.value):.1f} % ({fact.measure})"
