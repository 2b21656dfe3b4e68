"""What a claim is held against: everything of the review, in one frozen value.

``ClaimEvidence`` is filled by ``app.check``; ``Body`` is how the rules look at one body of
evidence: certainty, interval, studies, statement.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.certainty.claims.lexicon import CEILING
from tamis.domain.decisions import Note
from tamis.domain.grading import FindingsRow
from tamis.domain.question import BodyPlan, Outcome, Protocol
from tamis.domain.records import Record, Study
from tamis.domain.results import BinaryRow, Finding, Synthesis
from tamis.domain.summaries import AppraisalSummary, RatingSummary
from tamis.domain.values import Extraction

__all__ = ["COMPARATIVE", "Body", "ClaimEvidence", "beside", "bodies_of"]

#: Designs with a comparison group.
COMPARATIVE = frozenset({"randomised", "non-randomised"})

_RATIOS = frozenset({"RR", "OR", "HR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvidence:
    """Everything that claims of a review are held against.

    Parameters
    ----------
    protocol
        Question with its concepts, outcomes with their names, thresholds and bodies.
    studies, records
        Studies of every role with their reports; imported records by id.
    extraction
        Values and what was looked for and not found.
    syntheses, ratings, findings_rows
        Results, certainty as people settled it, rows of the summary of findings.
    trust_findings
        What sources say against themselves; ``subject`` is a study.
    notes
        Notes of the review: ``conflict``, ``overlap``, ``published-review`` are looked at.
    appraisals
        Risk of bias, for what a reader must know.
    """

    protocol: Protocol
    studies: tuple[Study, ...] = ()
    records: Mapping[str, Record] = field(default_factory=lambda: MappingProxyType({}))
    extraction: Extraction = field(default_factory=Extraction)
    syntheses: tuple[Synthesis, ...] = ()
    ratings: tuple[RatingSummary, ...] = ()
    findings_rows: tuple[FindingsRow, ...] = ()
    trust_findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    appraisals: tuple[AppraisalSummary, ...] = ()

    @property
    def included(self) -> tuple[Study, ...]:
        """The studies of this review."""
        return tuple(study for study in self.studies if study.role == "included")

    @property
    def published(self) -> Study | None:
        """The published review that this one is compared with, if there is one."""
        return next((study for study in self.studies if study.role == "published-review"), None)

    def study(self, study_id: str) -> Study | None:
        """Return the study with that id, or ``None``."""
        return next((study for study in self.studies if study.id == study_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body of evidence as the rules see it; ``level`` is ``None`` where nobody rated it."""

    id: str
    outcome: Outcome
    designs: tuple[str, ...]
    level: int | None
    measure: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    imprecision: int = 0
    studies: tuple[str, ...] = ()
    concepts: tuple[tuple[str, str], ...] = ()
    background: tuple[tuple[str, str], ...] = ()
    row: FindingsRow | None = None
    synthesis: Synthesis | None = None

    @property
    def comparative(self) -> bool:
        """Whether it rests on a comparison."""
        return any(design in COMPARATIVE for design in self.designs)

    @property
    def ceiling(self) -> int:
        """The strongest wording its certainty allows."""
        return CEILING[self.level]

    @property
    def null(self) -> float:
        """The value of no effect on its scale."""
        return 1.0 if self.measure in _RATIOS else 0.0

    @property
    def includes_null(self) -> bool | None:
        """Whether the interval includes no effect; ``None`` where there is no interval."""
        if not self.comparative or self.low is None or self.high is None:
            return None
        return self.low <= self.null <= self.high

    @property
    def favours(self) -> str:
        """``good``, ``bad`` or ``none`` by the point estimate; empty where there is none."""
        if not self.comparative or self.estimate is None:
            return ""
        if math.isclose(self.estimate, self.null):
            return "none"
        higher = self.estimate > self.null
        return "good" if higher == (self.outcome.better == "higher") else "bad"

    @property
    def because(self) -> tuple[str, ...]:
        """Ids of the numbers behind it."""
        ids = [f"body:{self.id}"] if self.id else []
        if self.row is not None:
            ids += self.row.estimate_inputs
        if self.synthesis is not None:
            ids.append(f"syn:{self.synthesis.plan.id}")
        return tuple(dict.fromkeys(ids))

    def important(self) -> bool:
        """Tell whether the interval reaches an effect that matters, either way (A5, A9).

        Without thresholds: whether a ratio leaves 0.75 to 1.25.
        """
        small = _small(self.outcome)
        limits = self._absolute_limits()
        if small is not None and limits is not None:
            return max(abs(limits[0]), abs(limits[1])) >= small
        if self.low is None or self.high is None:
            return True
        if self.measure in _RATIOS:
            return self.low < 0.75 or self.high > 1.25
        return self.includes_null is not False

    def _absolute_limits(self) -> tuple[float, float] | None:
        row = self.row
        if row is not None and row.absolutes and row.absolutes[0].intervals:
            interval = row.absolutes[0].intervals[0]
            return interval.low * 1000, interval.high * 1000
        if self.low is None or self.high is None:
            return None
        if self.measure in ("MD", "SMD"):
            return self.low, self.high
        return (self.low * 1000, self.high * 1000) if self.measure == "RD" else None

    @property
    def sized(self) -> bool:
        """Whether the protocol says how large an effect must be to matter."""
        return _small(self.outcome) is not None


def _small(outcome: Outcome) -> float | None:
    by_size = {t.size: t.value for t in outcome.thresholds}
    text = by_size.get("small") or by_size.get("mid")
    try:
        return float(text) if text else None
    except ValueError:
        return None


def bodies_of(evidence: ClaimEvidence) -> tuple[Body, ...]:
    """Return every body of evidence of the protocol, in its order, and rows beside them."""
    outcomes = {outcome.id: outcome for outcome in evidence.protocol.outcomes}
    made = [
        _body(plan, outcomes[plan.outcome], evidence)
        for plan in evidence.protocol.bodies
        if plan.outcome in outcomes
    ]
    planned = {body.id for body in made}
    made += [
        _from_row(row, outcomes[row.outcome])
        for row in evidence.findings_rows
        if row.reported and row.outcome in outcomes and row.body not in planned
    ]
    return tuple(made)


def beside(evidence: ClaimEvidence, carried: Collection[str]) -> tuple[Body, ...]:
    """Return what else was put together: syntheses that carry no body, as unrated bodies."""
    outcomes = {outcome.id: outcome for outcome in evidence.protocol.outcomes}
    made = []
    for one in evidence.syntheses:
        if one.plan.id in carried or one.plan.outcome not in outcomes:
            continue
        measure, estimate, low, high = _numbers(None, one)
        made.append(Body(
            id="", outcome=outcomes[one.plan.outcome], designs=one.plan.designs, level=None,
            measure=measure, estimate=estimate, low=low, high=high,
            studies=tuple(dict.fromkeys(row.study for row in one.rows)), synthesis=one,
        ))  # fmt: skip
    return tuple(made)


def _body(plan: BodyPlan, outcome: Outcome, evidence: ClaimEvidence) -> Body:
    rating = next((r for r in evidence.ratings if r.body == plan.id), None)
    row = next((r for r in evidence.findings_rows if r.body == plan.id), None)
    synthesis = next((s for s in evidence.syntheses if s.plan.id == plan.synthesis), None)
    measure, estimate, low, high = _numbers(row, synthesis)
    return Body(
        id=plan.id,
        outcome=outcome,
        designs=plan.designs,
        level=_level(rating, row),
        measure=measure,
        estimate=estimate,
        low=low,
        high=high,
        imprecision=_imprecision(rating),
        studies=_studies(plan, row, synthesis, evidence.included),
        concepts=plan.concepts,
        background=plan.background,
        row=row,
        synthesis=synthesis,
    )


def _from_row(row: FindingsRow, outcome: Outcome) -> Body:
    interval = row.interval
    return Body(
        id=row.body,
        outcome=outcome,
        designs=(row.design or ("single-arm" if row.single_arm else "randomised"),),
        level=row.level,
        measure=row.measure,
        estimate=row.estimate,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        studies=row.studies,
        row=row,
    )


def _level(rating: RatingSummary | None, row: FindingsRow | None) -> int | None:
    if rating is not None:
        return rating.level
    return row.level if row is not None else None


def _imprecision(rating: RatingSummary | None) -> int:
    if rating is None:
        return 0
    return next((d.change or 0 for d in rating.domains if d.domain == "imprecision"), 0)


def _numbers(
    row: FindingsRow | None, synthesis: Synthesis | None
) -> tuple[str, float | None, float | None, float | None]:
    """Return measure, estimate and interval: of the row, else of the synthesis."""
    if row is not None and row.estimate is not None and row.interval is not None:
        return row.measure, row.estimate, row.interval.low, row.interval.high
    if synthesis is None:
        return "", None, None, None
    pooled = synthesis.pooled
    if pooled is not None:
        return pooled.measure, pooled.estimate, pooled.ci_low, pooled.ci_high
    for single in synthesis.single:
        if single.estimate is not None and single.intervals:
            first = single.intervals[0]
            return single.measure, single.estimate, first.low, first.high
    return synthesis.plan.measure, None, None, None


def _studies(
    plan: BodyPlan,
    row: FindingsRow | None,
    synthesis: Synthesis | None,
    included: Iterable[Study],
) -> tuple[str, ...]:
    if row is not None and row.studies:
        return row.studies
    if synthesis is not None:
        named = [r.study for r in synthesis.rows] or [t.study for t in synthesis.trajectories]
        if named:
            return tuple(dict.fromkeys(named))
    return tuple(study.id for study in included if study.design in plan.designs)


def totals(synthesis: Synthesis) -> tuple[tuple[int, int], ...]:
    """Return events and people of each arm of a binary synthesis, summed over its studies."""
    rows = [row for row in synthesis.rows if isinstance(row, BinaryRow)]
    if not rows:
        return ()
    return (
        (sum(r.events_1 for r in rows), sum(r.n_1 for r in rows)),
        (sum(r.events_2 for r in rows), sum(r.n_2 for r in rows)),
    )
