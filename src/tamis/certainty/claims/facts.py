"""Numbers of the evidence, in the shapes in which texts state them.

A percentage recorded as events of n, arms added up, people of a whole review: each is a ``Fact``
with the ids of the values it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tamis.certainty.claims.evidence import Body, ClaimEvidence, totals
from tamis.domain.records import Study
from tamis.domain.results import Synthesis
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
    report of the study itself.
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
    definition: str = ""
    per_kg: bool = False
    measure: str = ""
    unit: str = ""
    sure: bool = True
    direct: bool = True


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
    for events, n in totals(synthesis):
        if n:
            share = Decimal(100 * events) / n
            whole, part = Decimal(n), Decimal(events)
            yield Fact(kind="part", value=part, whole=whole, ids=body.because, outcome=outcome)
            yield Fact(kind="percent", value=share, ids=body.because, outcome=outcome)
            yield Fact(kind="people", value=whole, ids=body.because, outcome=outcome)
            yield Fact(kind="people", value=part, ids=body.because, outcome=outcome)
    for single in synthesis.single:
        if single.estimate is not None and _finite(single.estimate):
            yield _result(body, "ratio", single.estimate, measure=single.measure)
        for limit in single.intervals:
            if _finite(limit.low, limit.high):
                yield _result(body, "interval", limit.low, limit.high, measure=single.measure)


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
