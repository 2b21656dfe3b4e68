"""Numbers of the evidence, in the shapes in which texts state them.

A percentage recorded as events of n, arms added up, people of a whole review: each is a ``Fact``
with the ids of the values it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from tamis.certainty.claims.evidence import Body, ClaimEvidence, beside
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.result_facts import of_body
from tamis.domain.records import Study
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

#: Words in the unit of a recorded contrast -> its measure.
_RATIO_UNITS = (
    ("risk ratio", "RR"), ("relative risk", "RR"), ("odds ratio", "OR"), ("hazard ratio", "HR"),
    ("risk difference", "RD"), ("percentage point", "RD"), ("standardi", "SMD"),
)  # fmt: skip
_LIMITS = frozenset({"ci_low", "ci_high"})

_LEVELS = frozenset({"mean", "median", "q1", "q3", "min", "max", "sd"})


def facts_of(evidence: ClaimEvidence, bodies: Iterable[Body]) -> tuple[Fact, ...]:
    """Return every number that a text about this review can be held against."""
    found: list[Fact] = []
    for study in evidence.studies:
        values = [v for v in evidence.extraction.values if v.cell.study == study.id]
        found += _of_study(study, values)
    found += _of_review(evidence, bodies)
    return tuple(found)


def _of_study(study: Study, values: list[Value]) -> Iterator[Fact]:
    people = {v.cell: v.number for v in values if v.statistic == "n" and v.number is not None}
    for value in values:
        if value.number is not None and value.statistic not in _LIMITS:
            of = people.get(value.cell) if value.statistic == "percent" else None
            yield replace(_fact(value, value.number), of=of)
    yield from _intervals(study, values)
    yield from _parts(values)
    yield from _summed(study.id, values)
    yield from _parts_together(study.id, values)
    yield from _ranges(values)


def _kind(value: Value) -> str:
    unit = value.unit.lower()
    match value.statistic:
        case "percent":
            return "percent"
        case "events":
            return "people"
        case "estimate":
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
        measure=_measure(value),
        sure=value.status not in NOT_PRIMARY,
        direct=value.status not in _INDIRECT,
        counts=value.statistic if value.statistic in ("n", "events") else "",
    )


def _measure(value: Value) -> str:
    """Return the measure of a recorded contrast: by its unit, else a difference of means."""
    if value.statistic not in ("estimate", *_LIMITS):
        return ""
    unit = value.unit.casefold()
    return next((m for word, m in _RATIO_UNITS if word in unit), "MD" if unit else "")


def _intervals(study: Study, values: list[Value]) -> Iterator[Fact]:
    """Yield the intervals that are recorded for a study."""
    highs = {v.cell: v for v in values if v.statistic == "ci_high" and v.number is not None}
    for low in values:
        high = highs.get(low.cell)
        if low.statistic == "ci_low" and low.number is not None and high is not None:
            yield replace(
                _fact(low, low.number), kind="interval", high=high.number, ids=(low.id, high.id),
                method=f"recorded for {study.label}",
            )  # fmt: skip


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
        share = _like(base, kind="percent", value=100 * value.number / n.number, ids=ids)
        yield replace(share, of=n.number)


def _like(
    fact: Fact, *, kind: str, value: Decimal, ids: tuple[str, ...], whole: Decimal | None = None
) -> Fact:
    return replace(fact, kind=kind, value=value, ids=ids, whole=whole, unit="", direct=True)


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
    for (outcome, visit, estimand, statistic), members in slots.items():
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
            counts=statistic,
        )


def _parts_together(study: str, values: list[Value]) -> Iterator[Fact]:
    """Yield events of n added over the arms of a study, where every arm has both."""
    cells: dict[tuple[str, str, str, str], dict[str, dict[str, Value]]] = {}
    for value in values:
        cell = value.cell
        counted = value.number is not None and value.statistic in ("n", "events")
        if counted and "-vs-" not in cell.arm and _kind(value) == "people":
            key = (cell.outcome, cell.visit, cell.estimand, cell.definition)
            cells.setdefault(key, {}).setdefault(cell.arm, {})[value.statistic] = value
    for (outcome, visit, estimand, definition), arms in cells.items():
        if len(arms) < 2 or any(len(pair) < 2 for pair in arms.values()):
            continue
        members = [value for pair in arms.values() for value in pair.values()]
        events, n = (
            sum((pair[name].number or Decimal(0) for pair in arms.values()), Decimal(0))
            for name in ("events", "n")
        )
        yield Fact(
            kind="parts", value=events, whole=n, ids=tuple(v.id for v in members), study=study,
            outcome=outcome, visit=visit, estimand=estimand, definition=definition,
            sure=all(v.status not in NOT_PRIMARY for v in members),
        )  # fmt: skip


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
                visit=base.visit,
                arm=base.arm,
            )


def _of_review(evidence: ClaimEvidence, bodies: Iterable[Body]) -> Iterator[Fact]:
    """Yield what is true of the review as a whole: studies, people, results."""
    included = evidence.included
    ids = tuple(f"study:{study.id}" for study in included)
    if included:
        yield Fact(kind="works", value=Decimal(len(included)), ids=ids)
    for design in dict.fromkeys(study.design for study in included):
        of_design = tuple(f"study:{s.id}" for s in included if s.design == design)
        yield Fact(kind="works", value=Decimal(len(of_design)), ids=of_design, unit=design)
    bodies = tuple(bodies)
    for body in bodies:
        yield from of_body(body, evidence)
    carried = {body.synthesis.plan.id for body in bodies if body.synthesis is not None}
    main = {body.outcome.id for body in bodies}
    for body in beside(evidence, carried):
        for fact in of_body(body, evidence):
            plan = body.synthesis.plan.id if body.synthesis is not None else ""
            other = f"analysis {plan}" if fact.outcome in main and not fact.method else fact.method
            yield replace(fact, method=other if fact.measure else fact.method)
