"""Rule 10 on parts and percentages: "10 of 12" against the counts of the same arm and outcome.

A count is wrong where the evidence holds the same outcome of the same arm over the same
denominator, or the same count over nearly the same denominator, and no count agrees. Where outcome
or arm is not plain, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.measured import EVERYONE, arm_of, outcomes_of
from tamis.certainty.claims.numbers import Number

__all__ = ["at_the_visit", "beside_part", "contradicting", "fits", "relative"]

#: How far apart two denominators may be and still be one, mistaken: people, share.
_NEAR_PEOPLE, _NEAR_SHARE = Decimal(2), Decimal("0.1")

#: Words before a percentage that make a change of it, and no share of people.
_RELATIVE = {
    "en": re.compile(
        r"(?:\bby\s+(?:about\s+|nearly\s+|up\s+to\s+|over\s+|more\s+than\s+)?|"
        r"\b(?:reduction|decrease|increase|improvement|fall|drop|rise)\s+of\s+(?:\w+\s+)?)$",
        re.IGNORECASE),
    "zh": re.compile(r"(?:降低|减少|下降|升高|增加|提高|改善|缩短|延长)(?:了|达|约|近|超过)*\s*$"),
}  # fmt: skip
#: "Reached by 75 %": people who got there.
_REACHED = re.compile(
    r"\b(?:reached|achieved|attained|experienced|met|shown|seen|had|reported)\s+by\s+"
    r"(?:about\s+|the\s+|only\s+|some\s+)*$", re.IGNORECASE,
)  # fmt: skip
_AFTER_RELATIVE = re.compile(
    r"^\s*(?:relative|reduction|decrease|lower|fewer|less|higher|more\b|的?(?:降幅|增幅))",
    re.IGNORECASE,
)
#: Words for a part of those enrolled: another denominator is no mistake.
_OF_SOME = re.compile(
    r"\bcompleters?\b|\bcompleted\b|\b(?:evaluable|analy[sz]ed|assessed|remaining|available)\b|"
    r"\bper[\s-]protocol\b|\bfollowed\s+up\b|完成|可评价|可评估|符合方案|分析集|失访|其余",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"^\s*(?:[(（,，]\s*(?:about|约|即|or)?|[^,;.。；，\d()（）]{0,30}[(（])\s*$", re.IGNORECASE
)


def contradicting(context: Context, number: Number, pool: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the counts that a part or percentage contradicts; none where nobody can tell."""
    if relative(context, number):
        return ()
    names = outcomes_of(context, number)
    if len(names) != 1 or len({m.id for m in context.mentions if m.kind == "study"}) > 1:
        return ()
    counted = [f for f in pool if f.kind == number.kind and f.sure and f.outcome == names[0]]
    held = at_the_visit(context, counted)
    arm = arm_of(context, number)
    if number.kind == "percent":
        return _shares(number, [f for f in held if fits(arm, f)]) if arm else ()
    return _parts(context, number, held, arm)


def relative(context: Context, number: Number) -> bool:
    """Tell whether a percentage is a change and no share of people."""
    text = context.sentence.text
    return number.kind == "percent" and bool(
        (
            _RELATIVE[context.lang].search(text[: number.start])
            and not _REACHED.search(text[: number.start])
        )
        or _AFTER_RELATIVE.match(text[number.end :])
    )


def fits(arm: str, fact: Fact) -> bool:
    """Tell whether a fact may be of an arm; everyone of a study without comparison is."""
    return not arm or fact.arm in (arm, EVERYONE, "")


def at_the_visit(context: Context, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts at the visits that a sentence names; all where it names no time."""
    months = [n for n in context.numbers if n.kind == "months"]
    if not months:
        return list(facts)
    named = {
        visit
        for visit, at in context.known.months.items()
        for n in months
        if n.unit.lower().rstrip("s") in ("月", "month") and float(n.value) == at
    }
    return [f for f in facts if f.visit in named]


def _parts(context: Context, number: Number, held: Sequence[Fact], arm: str) -> tuple[Fact, ...]:
    fitting = [f for f in held if fits(arm, f)]
    if not fitting:
        return ()
    every = (f for f in context.known.facts if f.kind == "part" and f.outcome == held[0].outcome)
    if any(f.value == number.value and f.whole == number.whole for f in every):
        return ()
    same = [f for f in fitting if f.whole == number.whole]
    plain = arm or len({f.arm for f in same}) == 1 or _by_another(context, number, same)
    if same and (plain or _compared_with(context, number, held)):
        return tuple(same)
    if _OF_SOME.search(context.sentence.text):
        return ()
    near = [
        f
        for f in fitting
        if f.value == number.value and f.whole is not None and _near(f.whole, number.whole)
    ]
    return tuple(near) if arm or _by_another(context, number, near) else ()


_VERSUS = re.compile(
    r"^\s*[)）]?\s*(?:v|vs\.?|versus|against|compared\s+(?:with|to)|对比?|比)\s*[(（]?\s*$",
    re.IGNORECASE,
)


def _compared_with(context: Context, number: Number, held: Sequence[Fact]) -> bool:
    """Tell whether a part is one of two set against each other, over the people of the two arms."""
    parts = [n for n in context.numbers if n.kind == "part"]
    if len(parts) != 2 or number not in parts:
        return False
    between = _VERSUS.match(context.span(parts[0].end, parts[1].start))
    wholes = {(f.arm, f.whole) for f in held}
    arms = {arm for arm, _ in wholes}
    return between is not None and len(arms) == 2 and any(
        (a, parts[0].whole) in wholes and (b, parts[1].whole) in wholes
        for a in arms for b in arms - {a}
    )  # fmt: skip


def _near(a: Decimal, b: Decimal | None) -> bool:
    return b is not None and abs(a - b) <= max(_NEAR_PEOPLE, _NEAR_SHARE * a)


def _by_another(context: Context, number: Number, facts: Sequence[Fact]) -> bool:
    """Tell whether another number of the sentence shows that one study of these is meant."""
    studies = {f.study for f in facts if f.study}
    others = [n for n in context.numbers if n is not number and n.kind in ("part", "people")]
    agreeing = {
        f.study
        for n in others
        for f in context.known.facts
        if f.kind == n.kind and f.value == n.value and f.whole == n.whole and f.study in studies
    }
    return len(agreeing) == 1


def _shares(number: Number, held: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return shares that a percentage contradicts: all, unless it lies between those of studies."""
    if not held:
        return ()
    width = Decimal(5).scaleb(-number.digits - 1)
    low, high = min(f.value for f in held), max(f.value for f in held)
    return () if low - width <= number.value <= high + width else tuple(held)


def beside_part(
    context: Context, number: Number, held: Sequence[Fact], parts: Sequence[Fact]
) -> list[Fact]:
    """Return the shares that a percentage behind a part may be: "9 of 12 (75 %)" is one cell."""
    before = [n for n in context.numbers if n.kind == "part" and n.end <= number.start]
    if number.kind != "percent" or not before:
        return list(held)
    part = before[-1]
    if not _BESIDE.match(context.span(part.end, number.start)):
        return list(held)
    cells = {_cell(f) for f in parts if f.value == part.value and f.whole == part.whole}
    return [f for f in held if _cell(f) in cells] if cells else list(held)


def _cell(fact: Fact) -> tuple[str, ...]:
    return fact.study, fact.outcome, fact.visit, fact.arm, fact.estimand
