"""Numbers of the evidence, in the shapes in which texts state them.

A percentage recorded as events of n, arms added up, people of a whole review: each is a ``Fact``
with the ids of the values it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tamis.certainty.claims.evidence import Body, ClaimEvidence, totals
from tamis.certainty.claims.models import other_models
from tamis.domain.records import Study
from tamis.domain.results import Interval, StudyEffect, Synthesis
from tamis.domain.values import NOT_PRIMARY, Value

__all__ = ["Fact", "facts_of"]

#: Unit words of values -> kind of number; the first that fits counts.
_UNITS = (
    ("cells", "dose"), ("unit", "dose"), ("mg per kg", "dose"), ("per kg", "dose"),
    ("month", "months"), ("studies", "works"), ("records", "works"), ("trials", "works"),
    ("reports", "works"), ("percent", "percent"), ("patient", "people"), ("people", "people"),
    ("participant", "people"), ("event", "people"),
)  # fmt: skip

#: Statuses of what another source says of a study: the study's own report stands before it.
_INDIRECT = frozenset({"secondary source", "lay article", "unverified"})

_LEVELS = frozenset({"mean", "median", "q1", "q3", "min", "max", "sd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number of the evidence: kind as in ``numbers.Number``, study, outcome, ids behind it.

    ``sure`` tells whether its status lets it judge a text, ``direct`` whether it was read in a
    report of the study itself; ``method`` names how a result was got that is not the main one.
    """

    kind: str
    value: Decimal
    ids: tuple[str, ...]
    study: str = ""
    outcome: str = ""
    whole: Decimal | None = None
    high: Decimal | None = None
    estimand: str = ""
    visit: str = ""
    arm: str = ""
    definition: str = ""
    per_kg: bool = False
    measure: str = ""
    unit: str = ""
    sure: bool = True
    direct: bool = True
    method: str = ""


def facts_of(evidence: ClaimEvidence, bodies: Iterable[Body]) -> tuple[Fact, ...]:
    """Return every number that a text about this review can be held against."""
    found: list[Fact] = []
    for study in evidence.studies:
        values = [v for v in evidence.extraction.values if v.cell.study == study.id]
        found += _of_study(study, values)
    found += _of_review(evidence, bodies)
    return tuple(found)


def _of_study(study: Study, values: list[Value]) -> Iterator[Fact]:
    for value in values:
        if value.number is not None:
            yield _fact(value, value.number)
    yield from _parts(values)
    yield from _summed(study.id, values)
    yield from _ranges(values)


def _kind(value: Value) -> str:
    unit = value.unit.lower()
    match value.statistic:
        case "percent":
            return "percent"
        case "events":
            return "people"
        case "estimate" | "ci_low" | "ci_high":
            return "ratio"
        case "p":
            return "p"
        case statistic:
            named = next((kind for word, kind in _UNITS if word in unit), "")
            default = "level" if statistic in _LEVELS else "people"
            return named or default


def _fact(value: Value, number: Decimal) -> Fact:
    cell = value.cell
    return Fact(
        kind=_kind(value),
        value=number,
        ids=(value.id,),
        study=cell.study,
        outcome=cell.outcome,
        estimand=cell.estimand,
        visit=cell.visit,
        arm=cell.arm,
        definition=cell.definition,
        per_kg="per kg" in value.unit.lower(),
        unit=value.unit,
        sure=value.status not in NOT_PRIMARY,
        direct=value.status not in _INDIRECT,
    )


def _parts(values: list[Value]) -> Iterator[Fact]:
    """Yield events of n of each cell, and the percentage they make."""
    people = {v.cell: v for v in values if v.statistic == "n" and v.number is not None}
    for value in values:
        n = people.get(value.cell)
        if value.statistic != "events" or value.number is None or n is None or not n.number:
            continue
        base = _fact(value, value.number)
        ids = (value.id, n.id)
        yield _like(base, kind="part", value=value.number, ids=ids, whole=n.number)
        yield _like(base, kind="percent", value=100 * value.number / n.number, ids=ids)


def _like(
    fact: Fact, *, kind: str, value: Decimal, ids: tuple[str, ...], whole: Decimal | None = None
) -> Fact:
    return Fact(
        kind=kind,
        value=value,
        ids=ids,
        study=fact.study,
        outcome=fact.outcome,
        whole=whole,
        estimand=fact.estimand,
        visit=fact.visit,
        arm=fact.arm,
        definition=fact.definition,
        sure=fact.sure,
    )


def _summed(study: str, values: list[Value]) -> Iterator[Fact]:
    """Yield people and events added over the arms of a study."""
    slots: dict[tuple[str, str, str, str], list[Value]] = {}
    for value in values:
        cell = value.cell
        if (
            value.number is not None
            and value.statistic in ("n", "events")
            and "-vs-" not in cell.arm
        ):
            key = (cell.outcome, cell.visit, cell.estimand, value.statistic)
            slots.setdefault(key, []).append(value)
    for (outcome, visit, estimand, _), members in slots.items():
        arms = {v.cell.arm for v in members}
        if len(arms) < 2 or len(arms) != len(members) or _kind(members[0]) != "people":
            continue
        yield Fact(
            kind="people",
            value=sum((v.number or Decimal(0) for v in members), Decimal(0)),
            ids=tuple(v.id for v in members),
            study=study,
            outcome=outcome,
            visit=visit,
            estimand=estimand,
        )


def _ranges(values: list[Value]) -> Iterator[Fact]:
    lows = {v.cell: v for v in values if v.statistic == "min" and v.number is not None}
    for value in values:
        low = lows.get(value.cell)
        if value.statistic == "max" and value.number is not None and low is not None:
            base = _fact(low, low.number or Decimal(0))
            yield Fact(
                kind="percents" if _kind(low) == "percent" else "levels",
                value=base.value,
                high=value.number,
                ids=(low.id, value.id),
                study=base.study,
                outcome=base.outcome,
            )


def _of_review(evidence: ClaimEvidence, bodies: Iterable[Body]) -> Iterator[Fact]:
    """Yield what is true of the review as a whole: studies, people, results."""
    included = evidence.included
    ids = tuple(f"study:{study.id}" for study in included)
    if included:
        yield Fact(kind="works", value=Decimal(len(included)), ids=ids)
    for design in dict.fromkeys(study.design for study in included):
        of_design = tuple(f"study:{s.id}" for s in included if s.design == design)
        yield Fact(kind="works", value=Decimal(len(of_design)), ids=of_design)
    for body in bodies:
        yield from _of_body(body)
        yield from other_results(body, evidence)


def _of_body(body: Body) -> Iterator[Fact]:
    outcome = body.outcome.id
    if body.studies:
        ids = tuple(f"study:{study}" for study in body.studies)
        yield Fact(kind="works", value=Decimal(len(body.studies)), ids=ids, outcome=outcome)
    row = body.row
    if row is not None and row.participants is not None:
        yield Fact(
            kind="people", value=Decimal(row.participants), ids=body.because, outcome=outcome
        )
    if body.comparative and body.estimate is not None and _finite(body.estimate):
        yield _result(body, "ratio", body.estimate)
        if body.low is not None and body.high is not None and _finite(body.low, body.high):
            yield _result(body, "interval", body.low, body.high)
    if body.synthesis is not None:
        yield from _of_synthesis(body, body.synthesis)


def _of_synthesis(body: Body, synthesis: Synthesis) -> Iterator[Fact]:
    outcome = body.outcome.id
    for arm, (events, n) in zip(synthesis.plan.arms, totals(synthesis), strict=False):
        if n:
            counted = Fact(
                kind="part",
                value=Decimal(events),
                whole=Decimal(n),
                arm=arm,
                ids=body.because,
                outcome=outcome,
                visit=synthesis.plan.visit,
            )
            share = Decimal(100 * events) / n
            yield counted
            yield replace(counted, kind="percent", value=share, whole=None)
            yield replace(counted, kind="people", value=Decimal(n), whole=None)
            yield replace(counted, kind="people", whole=None)
    for effect in synthesis.effects if len(body.studies) > 1 else ():
        yield from _of_effect(effect, body)
    for single in synthesis.single:
        if single.estimate is not None and _finite(single.estimate):
            yield _result(body, "ratio", single.estimate, measure=single.measure)
        for limit in single.intervals:
            if _finite(limit.low, limit.high):
                yield replace(
                    _result(body, "interval", limit.low, limit.high, measure=single.measure),
                    method=_method(body, single.measure, limit),
                )


def _method(body: Body, measure: str, limit: Interval) -> str:
    """Return the method of an interval that is not the main one of its body."""
    if measure != body.measure or body.low is None or body.high is None:
        return ""
    return "" if (limit.low, limit.high) == (body.low, body.high) else limit.method


def other_results(body: Body, evidence: ClaimEvidence) -> Iterator[Fact]:
    """Yield results of the same question by other methods: intervals, models, sensitivity."""
    synthesis = body.synthesis
    pooled = synthesis.pooled if synthesis is not None else None
    if synthesis is None or pooled is None:
        return
    for limit in pooled.alternatives:
        if _finite(limit.low, limit.high):
            fact = _result(body, "interval", limit.low, limit.high, measure=pooled.measure)
            yield replace(fact, method=limit.method)
    for other in other_models(synthesis):
        if _finite(other.estimate, other.low, other.high):
            yield from _named(body, other.estimate, (other.low, other.high), other.method)
    for one in evidence.syntheses:
        result = one.pooled
        if one.plan.outcome != body.outcome.id or result is None or one is synthesis:
            continue
        if one.plan.layer == "sensitivity" and result.measure == body.measure:
            limits = (result.ci_low, result.ci_high)
            method = f"{result.method} sensitivity analysis ({one.plan.id})"
            yield from _named(body, result.estimate, limits, method)


def _named(body: Body, estimate: float, limits: tuple[float, float], method: str) -> Iterator[Fact]:
    if _finite(estimate, *limits):
        yield replace(_result(body, "ratio", estimate), method=method)
        yield replace(_result(body, "interval", *limits), method=method)


def _of_effect(effect: StudyEffect, body: Body) -> Iterator[Fact]:
    """Yield the result of one study among several, so that a text can be told from the pool."""
    estimate, low, high = effect.estimate, effect.low, effect.high
    ids = (*(effect.inputs or (f"study:{effect.study}",)),)
    if estimate is not None and _finite(estimate):
        of_study = _result(body, "ratio", estimate, measure=effect.measure)
        yield replace(of_study, study=effect.study, ids=ids)
    if low is not None and high is not None and _finite(low, high):
        of_study = _result(body, "interval", low, high, measure=effect.measure)
        yield replace(of_study, study=effect.study, ids=ids)


def _result(
    body: Body, kind: str, value: float, high: float | None = None, *, measure: str = ""
) -> Fact:
    return Fact(
        kind=kind,
        value=Decimal(repr(float(value))),
        high=None if high is None else Decimal(repr(float(high))),
        ids=body.because,
        outcome=body.outcome.id,
        measure=measure or body.measure,
    )


def _finite(*numbers: float) -> bool:
    return all(abs(number) < 1e12 for number in numbers)
