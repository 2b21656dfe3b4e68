"""Rule 12: notation that changes a value: a lost superscript, a power of ten, "per kg", a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from tamis.certainty.claims.agreement import equal
from tamis.certainty.claims.context import Context
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.number_answers import CANNOT_TELL, CONTRADICTED, FAITHFUL, Answer, pool
from tamis.certainty.claims.shown import power, shown
from tamis.certainty.claims.suggest import say
from tamis.domain.claims import ClaimFinding

__all__ = ["notations"]

#: Powers of ten that a slip makes, and how near to one a ratio must be.
_POWERS, _NEAR = (-3, -2, -1, 1, 2, 3), Decimal("0.005")


def notations(context: Context, found: Sequence[Answer]) -> tuple[tuple[Answer, ClaimFinding], ...]:
    """Return the numbers of a sentence that rule 12 speaks of, with what it says."""
    if context.sentence.section == "disclaimer":
        return ()
    pairs = ((one, _notation(context, one)) for one in found)
    return tuple((one, finding) for one, finding in pairs if finding is not None)


def _notation(context: Context, one: Answer) -> ClaimFinding | None:
    number = one.number
    if number.kind == "level":
        return _unit(context, one)
    if number.kind != "dose":
        return None
    if number.lost:
        return _superscript(context, one)
    return _magnitude(context, one) if one.answer == CONTRADICTED else _per_kg(context, one)


def _superscript(context: Context, one: Answer) -> ClaimFinding:
    confirmed = one.answer == FAITHFUL
    tail = "; the record gives the power of ten" if confirmed else ""
    return _found(
        context, one, f"has lost its superscript{tail}", power(one.number.value), one.facts,
        severity="error" if confirmed else "warning",
    )  # fmt: skip


def _magnitude(context: Context, one: Answer) -> ClaimFinding | None:
    for fact in one.instead:
        ratio = one.number.value / fact.value if fact.value else Decimal(0)
        if any(abs(ratio / Decimal(10) ** k - 1) < _NEAR for k in _POWERS):
            said = "differs from the record by a power of ten"
            return _found(context, one, said, power(fact.value), (fact,))
    return None


def _per_kg(context: Context, one: Answer) -> ClaimFinding | None:
    number = one.number
    if one.answer != CANNOT_TELL or number.per_kg or context.study is None:
        return None
    for fact in pool(context):
        if fact.kind == "dose" and fact.per_kg and fact.sure and equal(context, number, fact):
            said = "has lost its 'per kg'"
            return _found(context, one, said, f"{power(fact.value)}/kg", (fact,))
    return None


def _unit(context: Context, one: Answer) -> ClaimFinding | None:
    """Find a gram for a milligram: the same digits under another unit of the same outcome."""
    unit = one.number.unit.replace(" ", "").casefold()
    if unit[:2] not in ("mg", "g/") and unit != "g":
        return None
    facts = [f for f in one.instead if f.unit and f.outcome in context.all_outcomes
             and equal(context, replace(one.number, unit=""), f)]  # fmt: skip
    if not facts:
        return None
    said = f": the record's unit is {facts[0].unit}"
    return _found(context, one, said, shown(facts[0], context.lang), facts[:1])


def _found(
    context: Context,
    one: Answer,
    said: str,
    written: str,
    facts: Iterable[Fact],
    *,
    severity: str = "error",
) -> ClaimFinding:
    words = context.span(one.number.start, one.number.end)
    return ClaimFinding(
        rule="unit-or-notation-lost",
        severity=severity,
        message=f"'{words}'{'' if said.startswith(':') else ' '}{said}",
        because=tuple(dict.fromkeys(i for fact in facts for i in fact.ids)),
        suggestion=say("notation", context.lang, n=written),
    )
