"""Facts of results: what the bodies of a review hold, by the main method and by every standard one.

A text may give the log-Wald interval where the review gives Koopman's, or percentage points where
it holds a difference of risks: each is a ``Fact`` that names its method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tamis.certainty.claims.evidence import Body, ClaimEvidence, totals
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.models import other_models
from tamis.certainty.claims.standard import standard_results
from tamis.domain.results import BinaryRow, Interval, StudyEffect, Synthesis

__all__ = ["of_body"]


#: Measures on the scale of risks -> what texts count them in: unit, parts of one.
_FOLDED = {
    "RD": (("percentage points", 100), ("per 1,000", 1000)),
    "PR": (("percent", 100), ("per 1,000", 1000)),
}


def of_body(body: Body, evidence: ClaimEvidence) -> Iterator[Fact]:
    """Yield every number of a body, with its time, its studies and its units."""
    plan = body.synthesis.plan if body.synthesis is not None else None
    row = body.row
    visit = plan.visit if plan is not None else (row.visit if row is not None else "")
    estimand = plan.estimand if plan is not None else ""
    for made in (*_counts(body), *_results(body), *_others(body, evidence)):
        fact = replace(made, visit=visit, estimand=made.estimand or estimand,
                       studies=made.studies or body.studies)  # fmt: skip
        yield fact
        yield from _folded(fact)


def _folded(fact: Fact) -> Iterator[Fact]:
    """Yield a risk in percentage points and per 1,000, as texts give it."""
    for unit, times in _FOLDED.get(fact.measure, ()):
        high = None if fact.high is None else fact.high * times
        yield replace(fact, value=fact.value * times, high=high, unit=unit)


def _counts(body: Body) -> Iterator[Fact]:
    outcome = body.outcome.id
    if body.studies:
        ids = tuple(f"study:{study}" for study in body.studies)
        design = body.designs[0] if len(body.designs) == 1 else ""
        yield Fact(kind="works", value=Decimal(len(body.studies)), ids=ids, outcome=outcome,
                   unit=design)  # fmt: skip
    row = body.row
    if row is not None and row.participants is not None:
        yield Fact(kind="people", value=Decimal(row.participants), ids=body.because,
                   outcome=outcome, counts="n")  # fmt: skip
    if body.synthesis is not None:
        yield from _of_arms(body, body.synthesis)


def _results(body: Body) -> Iterator[Fact]:
    if body.comparative and body.estimate is not None and _finite(body.estimate):
        yield _result(body, "ratio", body.estimate)
        if body.low is not None and body.high is not None and _finite(body.low, body.high):
            main = _result(body, "interval", body.low, body.high)
            yield replace(main, by=_main_method(body))
    for one in body.row.absolutes if body.row is not None and body.comparative else ():
        for limit in one.intervals[:1]:
            if _finite(limit.low, limit.high):
                absolute = _result(body, "interval", limit.low, limit.high, measure="RD")
                yield replace(absolute, by=limit.method)
    if body.synthesis is not None:
        yield from _of_synthesis(body, body.synthesis)


def _of_arms(body: Body, synthesis: Synthesis) -> Iterator[Fact]:
    for arm, (events, n) in zip(synthesis.plan.arms, totals(synthesis), strict=False):
        if n:
            counted = Fact(
                kind="part",
                value=Decimal(events),
                whole=Decimal(n),
                arm=arm,
                ids=body.because,
                outcome=body.outcome.id,
            )
            share = Decimal(100 * events) / n
            yield counted
            yield replace(counted, kind="percent", value=share, whole=None, of=counted.whole)
            yield replace(counted, kind="people", value=Decimal(n), whole=None, counts="n")
            yield replace(counted, kind="people", whole=None, counts="events")
    for row in synthesis.rows if len(synthesis.rows) > 1 else ():
        if isinstance(row, BinaryRow):
            yield from _of_row(body, row, synthesis.plan.arms)


def _of_row(body: Body, row: BinaryRow, arms: tuple[str, ...]) -> Iterator[Fact]:
    """Yield the counts of one study among several, as the synthesis holds them."""
    counts = ((row.events_1, row.n_1), (row.events_2, row.n_2))
    for arm, (events, n) in zip(arms, counts, strict=False):
        if n:
            counted = Fact(kind="part", value=Decimal(events), whole=Decimal(n), arm=arm,
                           ids=row.inputs or (f"study:{row.study}",), study=row.study,
                           outcome=body.outcome.id, studies=(row.study,))  # fmt: skip
            share = Decimal(100 * events) / n
            yield counted
            yield replace(counted, kind="percent", value=share, whole=None, of=counted.whole)
            yield replace(counted, kind="people", whole=None, counts="events")


def _of_synthesis(body: Body, synthesis: Synthesis) -> Iterator[Fact]:
    for effect in synthesis.effects if len(body.studies) > 1 else ():
        yield from _of_effect(effect, body)
    for single in synthesis.single:
        if single.estimate is not None and _finite(single.estimate):
            yield _result(body, "ratio", single.estimate, measure=single.measure)
        for limit in single.intervals:
            if _finite(limit.low, limit.high):
                other = _method(body, single.measure, limit)
                made = _result(body, "interval", limit.low, limit.high, measure=single.measure)
                yield replace(made, method=other, by="" if other else limit.method)


def _main_method(body: Body) -> str:
    if body.row is not None and body.row.interval is not None:
        return body.row.interval.method
    synthesis = body.synthesis
    if synthesis is None:
        return ""
    if synthesis.pooled is not None:
        return synthesis.pooled.interval_method
    return next((one.intervals[0].method for one in synthesis.single if one.intervals), "")


def _method(body: Body, measure: str, limit: Interval) -> str:
    """Return the method of an interval that is not the main one of its body."""
    if measure != body.measure:
        return limit.method
    if body.low is None or body.high is None:
        return ""
    return "" if (limit.low, limit.high) == (body.low, body.high) else limit.method


def _others(body: Body, evidence: ClaimEvidence) -> Iterator[Fact]:
    """Yield results of the same question by other methods: intervals, models, sensitivity."""
    synthesis = body.synthesis
    if synthesis is None:
        return
    if body.comparative:
        yield from _standard(body, synthesis)
    pooled = synthesis.pooled
    if pooled is None:
        return
    for limit in pooled.alternatives:
        if _finite(limit.low, limit.high):
            fact = _result(body, "interval", limit.low, limit.high, measure=pooled.measure)
            yield replace(fact, method=limit.method)
    for other in other_models(synthesis):
        yield from _named(body, other.estimate, (other.low, other.high), other.method)
    yield from _sensitivity(body, synthesis, evidence)


def _standard(body: Body, synthesis: Synthesis) -> Iterator[Fact]:
    for one in standard_results(synthesis):
        main = one.measure == body.measure
        if _finite(one.estimate, one.low, one.high):
            estimate = _result(body, "ratio", one.estimate, measure=one.measure)
            yield estimate if main else replace(estimate, method=one.method)
            interval = _result(body, "interval", one.low, one.high, measure=one.measure)
            yield replace(interval, method=one.method)


def _sensitivity(body: Body, synthesis: Synthesis, evidence: ClaimEvidence) -> Iterator[Fact]:
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
