"""Bodies of evidence made for tests: every number in them is invented unless a test says so."""

from __future__ import annotations

from dataclasses import replace

from tamis.certainty import BodyEvidence, DomainProposal, Effect, propose, read_thresholds
from tamis.domain.question import BodyPlan, Outcome, SynthesisPlan, Threshold
from tamis.domain.records import Study
from tamis.domain.results import (
    BinaryRow,
    Interval,
    MeansRow,
    PooledResult,
    ProportionRow,
    SingleResult,
    StudyEffect,
    Synthesis,
)
from tamis.domain.summaries import AppraisalSummary, BiasDomain, BiasWord
from tamis.synthesis import effect_rows, effects, one_study, pool

TONES = {"low": "good", "some": "fair", "high": "poor", "unknown": "unknown"}


def thresholds(small: str, moderate: str, large: str, unit: str = "per 1,000"):
    return tuple(
        Threshold(size=size, value=value, unit=unit, source=f"source of {size}")
        for size, value in (("small", small), ("moderate", moderate), ("large", large))
    )


def outcome(**changed) -> Outcome:
    base = {
        "id": "remission",
        "name": "remission",
        "importance": "critical",
        "kind": "binary",
        "better": "higher",
        "thresholds": thresholds("100", "150", "250"),
        "verbs": (("en", "increase/reduce"), ("zh", "提高/降低")),
        "names": (("en", ("renal remission",)), ("zh", ("肾脏缓解率",))),
        "events": (("en", "remission"), ("zh", "缓解")),
    }
    return Outcome(**(base | changed))


def body(**changed) -> BodyPlan:
    base = {
        "id": "remission-rct",
        "outcome": "remission",
        "designs": ("randomised",),
        "start_level": 4,
        "synthesis": "remission-rct",
    }
    return BodyPlan(**(base | changed))


def plan(**changed) -> SynthesisPlan:
    base = {
        "id": "remission-rct",
        "outcome": "remission",
        "estimand": "point",
        "visit": "m6",
        "designs": ("randomised",),
        "measure": "RR",
        "method": "REML",
        "kind": "controlled",
        "arms": ("msc", "placebo"),
    }
    return SynthesisPlan(**(base | changed))


def ids(study: str, n: int) -> tuple[str, ...]:
    return tuple(f"v:{study}/remission/m6/arm/{i}" for i in range(n))


def counts(study: str, a: int, m: int, c: int, n: int) -> BinaryRow:
    return BinaryRow(study=study, events_1=a, n_1=m, events_2=c, n_2=n, inputs=ids(study, 4))


def studies(names, design: str = "randomised") -> tuple[Study, ...]:
    return tuple(Study(id=name, label=name, design=design) for name in names)


def evidence(rows, *, measure: str = "RR", of: Outcome | None = None, **changed) -> BodyEvidence:
    """A comparative body whose numbers the synthesis room computes."""
    about = of or outcome()
    method = "one-study" if len(rows) == 1 else "REML"
    planned = plan(measure=measure, method=method)
    found = effects(measure, rows)
    made = Synthesis(plan=planned, rows=tuple(rows), effects=found)
    difference: Effect | None = None
    intervals: tuple[Interval, ...] = ()
    binary = all(isinstance(row, BinaryRow) for row in rows)
    if len(rows) == 1:
        names = ("RD", "RR", "OR") if binary else (measure,)
        singles = [one_study(rows[0], name) for name in names]
        made = replace(made, single=tuple(s for s in singles if isinstance(s, SingleResult)))
        if binary:
            first = made.single[0]
            intervals = first.intervals
            difference = Effect(measure="RD", estimate=first.estimate, interval=intervals[0])
    else:
        pooled = pool(effect_rows(found), measure=measure)
        made = replace(made, pooled=pooled if isinstance(pooled, PooledResult) else None)
        if binary:
            rd = pool(effect_rows(effects("RD", rows)), measure="RD")
            interval = Interval(low=rd.ci_low, high=rd.ci_high, method=rd.interval_method)
            intervals = (interval,)
            difference = Effect(measure="RD", estimate=rd.estimate, interval=interval)
    base = {
        "body": body(),
        "outcome": about,
        "thresholds": read_thresholds(about),
        "synthesis": made,
        "studies": studies(row.study for row in rows),
        "risk_difference": difference,
        "difference_intervals": intervals,
    }
    return BodyEvidence(**(base | changed))


def with_weights(found: BodyEvidence, weights: dict[str, float]) -> BodyEvidence:
    made = found.synthesis
    weighed = tuple(replace(e, weight=weights[e.study]) for e in made.effects)
    return replace(found, synthesis=replace(made, effects=weighed))


def judged(study: str, tone: str, *, role: str = "single", event: str = "") -> AppraisalSummary:
    word = BiasWord(id=tone, label=tone, symbol=tone[0], rank=0, tone=TONES[tone])
    return AppraisalSummary(
        tool="rob2",
        tool_name="RoB 2",
        version="2019",
        url="",
        study=study,
        result=f"{study}/remission/m6",
        assessor="p-a",
        role=role,
        event=event or f"p-a.00000001/{study}-{role}",
        overall=BiasDomain(id="overall", label="overall", judgement=word),
    )


#: Deng 2017, renal remission: 9 of 12 against 5 of 6 (doi 10.1136/annrheumdis-2017-211073).
DENG = counts("deng2017", 9, 12, 5, 6)

#: Deng 2017, change of SLEDAI, mean and SD (Table 2).
DENG_SLEDAI = MeansRow(
    study="deng2017", mean_1=-8, sd_1=4, n_1=12, mean_2=-5, sd_2=8, n_2=6, inputs=ids("deng2017", 6)
)


def single_arm(rows=(), trajectories=(), **changed) -> BodyEvidence:
    made = Synthesis(
        plan=plan(
            id="remission-gu",
            kind="single-arm",
            measure="PR",
            method=changed.pop("method", "one-study"),
            estimand=changed.pop("estimand", "ever"),
            visit="m12",
            designs=("single-arm",),
            arms=("all", ""),
        ),
        rows=tuple(rows),
        effects=(),
        trajectories=tuple(trajectories),
    )
    names = [row.study for row in rows] + [t.study for t in trajectories]
    base = {
        "body": body(designs=("single-arm",), start_level=1, synthesis="remission-gu"),
        "outcome": outcome(),
        "synthesis": made,
        "single_arms": (made,),
        "studies": studies(dict.fromkeys(names), "single-arm"),
    }
    return BodyEvidence(**(base | changed))


def share(study: str, events: int, n: int) -> ProportionRow:
    return ProportionRow(study=study, events=events, n=n, inputs=ids(study, 2))


def effect_of(study: str, estimate: float, low: float, high: float, weight: float) -> StudyEffect:
    return StudyEffect(
        study=study, measure="MD", y=estimate, se=None, estimate=estimate, low=low, high=high,
        interval_method="z", weight=weight,
    )  # fmt: skip


def of(found, domain: str) -> DomainProposal:
    return next(one for one in propose(found) if one.domain == domain)


THREE = [
    counts("a", 30, 200, 60, 200),
    counts("b", 25, 180, 50, 190),
    counts("c", 20, 150, 41, 150),
]


def weighed(**weights: float):
    return with_weights(evidence(THREE), weights)
