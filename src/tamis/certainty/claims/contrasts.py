"""Differences that the evidence holds: between arms, relative, in an arm, and other intervals.

Each is a ``Fact`` with its sign: above zero is more of the outcome with the intervention. The pool
of a body stands first; studies and other methods follow it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tamis.certainty.claims.evidence import Body, totals
from tamis.certainty.claims.facts import Fact
from tamis.domain.question import Outcome
from tamis.domain.results import BinaryRow, MeansRow

__all__ = ["changes", "differences", "relatives", "risk_differences"]

_RATIOS = frozenset({"RR", "OR", "HR"})
_MEANS = frozenset({"MD", "SMD"})


def _made(body: Body, value: float, *, study: str = "", measure: str = "") -> Fact:
    return Fact(
        kind="level",
        value=Decimal(repr(float(value))),
        ids=(f"study:{study}",) if study else body.because,
        study=study,
        outcome=body.outcome.id,
        measure=measure,
        unit=body.outcome.unit,
    )


def _of_effects(body: Body, measures: frozenset[str]) -> Iterator[tuple[str, str, float]]:
    """Yield study (empty for the pool), measure and estimate."""
    if body.estimate is not None and body.measure in measures:
        yield "", body.measure, body.estimate
    if body.synthesis is None:
        return
    for single in body.synthesis.single:
        if single.estimate is not None and single.measure in measures:
            yield single.study, single.measure, single.estimate
    for effect in body.synthesis.effects:
        if effect.estimate is not None and effect.measure in measures:
            yield effect.study, effect.measure, effect.estimate


def differences(body: Body) -> Iterator[Fact]:
    """Yield differences of means: of the body, then of its studies."""
    for study, measure, estimate in _of_effects(body, _MEANS):
        if math.isfinite(estimate):
            yield _made(body, estimate, study=study, measure=measure)
    rows = body.synthesis.rows if body.synthesis is not None else ()
    for row in rows:
        if isinstance(row, MeansRow):
            yield _made(body, float(row.mean_1) - float(row.mean_2), study=row.study, measure="MD")


def risk_differences(body: Body) -> Iterator[Fact]:
    """Yield differences of risks in percentage points: of the body, its sums, its studies."""
    for study, measure, estimate in _of_effects(body, frozenset({"RD"})):
        yield _made(body, 100 * estimate, study=study, measure=measure)
    if body.row is not None:
        for one in body.row.absolutes:
            if one.difference is not None:
                yield _made(body, 100 * one.difference, measure="RD")
    synthesis = body.synthesis
    if synthesis is None:
        return
    sums = totals(synthesis)
    if sums and all(n for _, n in sums):
        (a, n), (b, m) = sums
        yield _made(body, 100 * (a / n - b / m), measure="RD")
    for row in synthesis.rows:
        if isinstance(row, BinaryRow) and row.n_1 and row.n_2:
            yield _made(body, 100 * (row.events_1 / row.n_1 - row.events_2 / row.n_2),
                        study=row.study, measure="RD")  # fmt: skip


def relatives(body: Body) -> Iterator[Fact]:
    """Yield relative changes in percent: of the body's ratio, then of its studies'."""
    for study, measure, estimate in _of_effects(body, _RATIOS):
        if math.isfinite(estimate):
            yield _made(body, 100 * (estimate - 1), study=study, measure=measure)


def changes(facts: Sequence[Fact], outcome: Outcome, months: dict[str, float]) -> Iterator[Fact]:
    """Yield changes in an arm: those recorded as such, and means less the mean at the start."""
    own = [f for f in facts if f.outcome == outcome.id and f.kind == "level" and f.study]
    for fact in own:
        if fact.estimand == "change" and fact.ids[0].endswith(("/mean", "/median")):
            yield fact
    series = [f for f in own if f.estimand != "change" and f.visit in months]
    for statistic in ("/mean", "/median"):
        like = [f for f in series if f.ids[0].endswith(statistic)]
        starts = {(f.study, f.arm): f for f in like if months[f.visit] == 0}
        for fact in like:
            start = starts.get((fact.study, fact.arm))
            if start is not None and months[fact.visit] > 0:
                yield replace(fact, value=fact.value - start.value, ids=(*start.ids, *fact.ids))
