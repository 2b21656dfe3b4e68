"""What a body of evidence consists of: everything the rules of GRADE look at, in domain types."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median

from tamis.certainty.thresholds import Thresholds
from tamis.domain.question import BodyPlan, Concept, Outcome
from tamis.domain.records import Study
from tamis.domain.results import BinaryRow, Interval, MeansRow, SingleResult, Synthesis
from tamis.domain.summaries import AppraisalSummary

__all__ = ["ArmCount", "BodyEvidence", "Effect", "Reanalysis", "Sponsor", "Unreported"]

#: Measures whose value without an effect is 1.
RATIOS = frozenset({"RR", "OR", "HR", "PETO"})

#: Refusals that mean that no study reports the outcome.
NOBODY = frozenset({"no-data"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCount:
    """One arm of one study: people, and events where they were counted."""

    study: str
    role: str
    n: int
    events: int | None = None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An effect with its interval on the scale that is shown; ``None`` is not estimable."""

    measure: str
    estimate: float | None
    interval: Interval | None
    inputs: tuple[str, ...] = ()

    @property
    def null(self) -> float:
        """The value of no effect."""
        return 1.0 if self.measure in RATIOS else 0.0

    @property
    def excludes_null(self) -> bool:
        """Whether the interval leaves out no effect."""
        return self.interval is not None and not (
            self.interval.low <= self.null <= self.interval.high
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reanalysis:
    """The result without the studies at high risk of bias, on the scale of the body's effect."""

    effect: Effect
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreported:
    """A registered trial of the question without results; ``because`` says where that stands."""

    id: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sponsor:
    """Whether whoever paid for a study gains by its result; ``None`` where nobody judged that."""

    study: str
    interested: bool | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEvidence:
    """One body of evidence with all that its rating may rest on.

    Parameters
    ----------
    body, outcome
        From the protocol.
    thresholds
        Of the outcome, read; ``None`` where the protocol gives none.
    synthesis
        The one that the body names, or ``None``.
    single_arms
        Of a body without comparison: every synthesis of its outcome and designs.
    studies
        Studies that contribute, in the order of the synthesis.
    appraisals
        Appraisals of results of these studies for this outcome.
    concepts, tree
        Concept ids of the question, and the concepts with their broader ones.
    risk_difference
        Risk difference of the same studies, intervals first the default; for limits of absolute
        effects that leave 0 to 1.
    difference_intervals
        All intervals of that risk difference, the default one first.
    without_high
        Result without the studies at high risk of bias, ``None`` where it was not computed.
    asymmetry_test, asymmetry_p
        Test of small-study effects that was planned, and its p; ``None`` where none was run.
    unreported, sponsors, withheld
        Grounds to suspect publication bias. ``withheld`` are ids of what says that results were
        kept back.
    subgroups_explain
        Whether pre-planned subgroups explain heterogeneity; ``None`` where none were analysed.
    visits
        Visits that the protocol declares for the outcome.
    """

    body: BodyPlan
    outcome: Outcome
    thresholds: Thresholds | None = None
    synthesis: Synthesis | None = None
    single_arms: tuple[Synthesis, ...] = ()
    studies: tuple[Study, ...] = ()
    appraisals: tuple[AppraisalSummary, ...] = ()
    concepts: tuple[tuple[str, str], ...] = ()
    tree: tuple[Concept, ...] = ()
    risk_difference: Effect | None = None
    difference_intervals: tuple[Interval, ...] = ()
    without_high: Reanalysis | None = None
    asymmetry_test: str = ""
    asymmetry_p: float | None = None
    unreported: tuple[Unreported, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    withheld: tuple[str, ...] = field(default=())
    subgroups_explain: bool | None = None

    @property
    def single_arm(self) -> bool:
        """Whether the body has no comparison group."""
        if self.synthesis is not None and self.synthesis.plan.kind == "controlled":
            return False
        return not set(self.body.designs) & {"randomised", "non-randomised"}

    @property
    def randomised(self) -> bool:
        """Whether the body holds randomised trials."""
        return "randomised" in self.body.designs

    @property
    def k(self) -> int:
        """Number of studies that give data."""
        if self.synthesis is not None and self.synthesis.rows:
            return len({row.study for row in self.synthesis.rows})
        return len({s for one in self.single_arms for s in _studies_of(one)})

    @property
    def reported(self) -> bool:
        """Whether any study says anything about the outcome."""
        if self.single_arm:
            return self.k > 0
        one = self.synthesis
        if one is None:
            return False
        return bool(one.rows) or (one.refusal is not None and one.refusal.rule not in NOBODY)

    @property
    def arms(self) -> tuple[ArmCount, ...]:
        """Arms of the comparative studies, the intervention before the comparator."""
        rows = self.synthesis.rows if self.synthesis is not None else ()
        return tuple(arm for row in rows for arm in _arms(row))

    @property
    def effect(self) -> Effect | None:
        """Return the result of the synthesis in the planned measure; ``None`` without one."""
        return None if self.synthesis is None or self.single_arm else _effect(self.synthesis)

    @property
    def ratio(self) -> Effect | None:
        """Return a ratio of the same result: what a reader calls the relative effect."""
        effect = self.effect
        if effect is None or effect.measure in RATIOS or self.synthesis is None:
            return effect if effect is not None and effect.measure in RATIOS else None
        return next((_of(one) for one in self.synthesis.single if one.measure == "RR"), None)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the values behind the result."""
        if self.synthesis is None:
            return ()
        found = [name for row in self.synthesis.rows for name in row.inputs]
        return tuple(dict.fromkeys(found))

    def people(self, role: str = "") -> int | None:
        """Return the number of people of a role (all without one), ``None`` if not known."""
        found = [arm.n for arm in self.arms if role in ("", arm.role)]
        return sum(found) if found else None

    def events(self, role: str = "") -> int | None:
        """Return the number of events of a role, ``None`` if they were not counted."""
        found = [arm.events for arm in self.arms if role in ("", arm.role)]
        counted = [one for one in found if one is not None]
        return sum(counted) if found and len(counted) == len(found) else None

    @property
    def baseline(self) -> float | None:
        """Return the median risk of the control groups, ``None`` where events were not counted."""
        risks = [
            arm.events / arm.n
            for arm in self.arms
            if arm.role == "comparator" and arm.events is not None and arm.n > 0
        ]
        return median(risks) if risks else None

    @property
    def weights(self) -> tuple[tuple[str, float], ...]:
        """Share of weight of each study, in sum 1: of the synthesis, or participants."""
        if self.synthesis is None:
            return ()
        given = {e.study: e.weight for e in self.synthesis.effects if e.weight is not None}
        studies = list(dict.fromkeys(row.study for row in self.synthesis.rows))
        if not given or set(given) != set(studies):
            counted = {s: sum(a.n for a in self.arms if a.study == s) for s in studies}
            if not all(counted.values()):
                counted = dict.fromkeys(studies, 1)
            given = {study: float(n) for study, n in counted.items()}
        whole = math.fsum(given.values())
        return tuple((study, given[study] / whole) for study in studies) if whole else ()


def _studies_of(one: Synthesis) -> tuple[str, ...]:
    return (*(row.study for row in one.rows), *(t.study for t in one.trajectories))


def _arms(row: object) -> tuple[ArmCount, ...]:
    match row:
        case BinaryRow():
            events = ((row.events_1, 0, row.n_1, 1), (row.events_2, 2, row.n_2, 3))
            return tuple(
                ArmCount(
                    study=row.study,
                    role=role,
                    n=n,
                    events=count,
                    inputs=tuple(row.inputs[i] for i in (at, of) if i < len(row.inputs)),
                )
                for role, (count, at, n, of) in zip(
                    ("intervention", "comparator"), events, strict=True
                )
            )
        case MeansRow():
            return tuple(
                ArmCount(study=row.study, role=role, n=n, inputs=row.inputs[at : at + 1])
                for role, n, at in (("intervention", row.n_1, 2), ("comparator", row.n_2, 5))
            )
        case _:
            return ()


def _effect(one: Synthesis) -> Effect | None:
    inputs = tuple(dict.fromkeys(name for row in one.rows for name in row.inputs))
    if one.pooled is not None:
        pool = one.pooled
        return Effect(
            measure=pool.measure,
            estimate=pool.estimate,
            interval=Interval(low=pool.ci_low, high=pool.ci_high, method=pool.interval_method),
            inputs=inputs,
        )
    planned = [s for s in one.single if s.measure == one.plan.measure] or list(one.single)
    return _of(planned[0]) if planned else None


def _of(single: SingleResult) -> Effect:
    return Effect(
        measure=single.measure,
        estimate=single.estimate,
        interval=single.intervals[0] if single.intervals else None,
        inputs=single.inputs,
    )
