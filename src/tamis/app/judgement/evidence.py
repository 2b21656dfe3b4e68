"""Gather what GRADE looks at: one body of evidence from protocol, syntheses, appraisals and notes.

Three things only another synthesis can tell are computed here by the synthesis room and handed in:
the risk difference of the same studies, and the result without studies at high risk of bias.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.certainty import (
    BodyEvidence,
    Effect,
    Reanalysis,
    Sponsor,
    Unreported,
    bias_class,
    read_thresholds,
)
from tamis.domain.decisions import Note
from tamis.domain.question import BodyPlan, Outcome, Protocol
from tamis.domain.records import Study
from tamis.domain.results import BinaryRow, Interval, Refusal, Synthesis, Trajectory
from tamis.domain.summaries import AppraisalSummary
from tamis.domain.values import Extraction
from tamis.synthesis import asymmetry_of_synthesis, synthesise

__all__ = ["Materials", "gather"]

#: Layer of syntheses that a rating rests on.
PRIMARY = "primary"

#: Of two studies no interval is read alone: each stands beside the other, under its name.
_TWO = 2

#: A registration note whose ``results`` hold this word and that names no study has none.
_NONE = re.compile(r"\bnone\b", re.IGNORECASE)

#: Words of ``funding-kind`` for a payer who gains by the result.
_COMPANY = re.compile(r"\b(compan|manufactur|industr|commercial)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Everything that bodies of evidence are gathered from."""

    protocol: Protocol
    syntheses: tuple[Synthesis, ...]
    appraisals: tuple[AppraisalSummary, ...]
    extraction: Extraction
    studies: tuple[Study, ...]
    notes: tuple[Note, ...] = ()

    def synthesis(self, plan_id: str) -> Synthesis | None:
        """Return the synthesis with that id, or ``None``."""
        return next((s for s in self.syntheses if plan_id and s.plan.id == plan_id), None)


def gather(materials: Materials, body: BodyPlan, outcome: Outcome) -> BodyEvidence:
    """Gather one body of evidence.

    Raises
    ------
    BadInput
        For thresholds that are incomplete, crossed or in another unit than the outcome.
    """
    named = materials.synthesis(body.synthesis)
    comparing = named is not None and named.plan.kind == "controlled"
    single = () if comparing else _single_arms(materials, body)
    sources = (named,) if comparing and named is not None else single
    studies = _studies(materials, sources)
    appraisals = _appraisals(materials, outcome, studies, named)
    found = BodyEvidence(
        body=body,
        outcome=outcome,
        thresholds=read_thresholds(outcome),
        synthesis=named,
        single_arms=single,
        studies=studies,
        appraisals=appraisals,
        concepts=materials.protocol.question.concepts,
        tree=materials.protocol.concepts,
        unreported=_unreported(materials.notes),
        sponsors=_sponsors(materials.extraction, studies),
    )
    if not comparing or named is None:
        return found
    difference, intervals = _risk_difference(materials, named)
    tested = asymmetry_of_synthesis(named)
    return replace(
        found,
        risk_difference=difference,
        difference_intervals=intervals,
        without_high=_without_high(materials, named, appraisals),
        asymmetry_test="" if isinstance(tested, Refusal) else f"{tested.test}'s test",
        asymmetry_p=None if isinstance(tested, Refusal) else tested.p,
    )


def _single_arms(materials: Materials, body: BodyPlan) -> tuple[Synthesis, ...]:
    """Return every primary synthesis without comparison of the body's outcome and designs."""
    if set(body.designs) & {"randomised", "non-randomised"}:
        return ()
    found = [
        one
        for one in materials.syntheses
        if one.plan.kind in ("single-arm", "series")
        and one.plan.outcome == body.outcome
        and (one.plan.layer == PRIMARY or one.plan.id == body.synthesis)
        and set(one.plan.designs) <= set(body.designs)
    ]
    ordered = sorted(found, key=lambda one: (one.plan.kind != "single-arm",))
    counted = {
        (row.study, one.plan.visit, one.plan.estimand) for one in ordered for row in one.rows
    }
    return tuple(_without_echo(one, counted) for one in ordered)


def _without_echo(one: Synthesis, counted: set[tuple[str, str, str]]) -> Synthesis:
    """Leave out series of shares whose last share is a count that another synthesis tells."""
    return replace(
        one,
        trajectories=tuple(
            line for line in one.trajectories
            if line.statistic not in ("events", "percent")
            or (line.study, _last_visit(line), one.plan.estimand) not in counted
        ),
    )  # fmt: skip


def _last_visit(line: Trajectory) -> str:
    told = [point.visit for point in line.points if point.value is not None]
    return told[-1] if told else ""


def _studies(materials: Materials, sources: Sequence[Synthesis]) -> tuple[Study, ...]:
    names = [row.study for one in sources for row in one.rows]
    names += [t.study for one in sources for t in one.trajectories]
    known = {study.id: study for study in materials.studies}
    return tuple(known[name] for name in dict.fromkeys(names) if name in known)


def _appraisals(
    materials: Materials, outcome: Outcome, studies: Sequence[Study], named: Synthesis | None
) -> tuple[AppraisalSummary, ...]:
    """Return the appraisals of these results: of the synthesis' visit where there are any.

    An appraisal names ``study/outcome/visit``, the estimand behind the visit as in a value's id.
    """
    mine = {study.id for study in studies}
    found = [
        one
        for one in materials.appraisals
        if one.study in mine and one.result.split("/")[1:2] == [outcome.id]
    ]
    if named is None:
        return tuple(found)
    visit, estimand = named.plan.visit, named.plan.estimand
    exact = [one for one in found if one.result.split("/")[2:3] == [f"{visit}.{estimand}"]]
    covered = {one.study for one in exact}
    exact += [
        one for one in found if one.study not in covered and one.result.split("/")[2:3] == [visit]
    ]
    covered = {one.study for one in exact}
    return tuple(one for one in found if one in exact or one.study not in covered)


def _unreported(notes: Sequence[Note]) -> tuple[Unreported, ...]:
    """Return registered trials that no study reports and whose note says "none" of results."""
    found = []
    for note in notes:
        fields = dict(note.fields)
        if note.topic != "registration" or fields.get("study"):
            continue
        if _NONE.search(fields.get("results", "")):
            found.append(Unreported(id=fields.get("number", note.subject), because=(note.event,)))
    return tuple(found)


def _sponsors(extraction: Extraction, studies: Sequence[Study]) -> tuple[Sponsor, ...]:
    """Return who paid, as the value ``funding-kind`` puts it: a company gains by the result.

    Studies without that value have no sponsor here: nobody judged it.
    """
    mine = {study.id for study in studies}
    return tuple(
        Sponsor(
            study=value.cell.study,
            interested=bool(_COMPANY.search(value.printed)),
            because=(value.id,),
        )
        for value in extraction.values
        if value.cell.outcome == "funding-kind" and value.cell.study in mine
    )


def _risk_difference(
    materials: Materials, named: Synthesis
) -> tuple[Effect | None, tuple[Interval, ...]]:
    """Return the risk difference of the same studies: one study its own, several a pooled one."""
    if not named.rows or not all(isinstance(row, BinaryRow) for row in named.rows):
        return None, ()
    again = named
    if len(named.rows) > 1 and named.plan.measure != "RD":
        method = "REML" if named.plan.method in ("PETO", "one-study") else named.plan.method
        again = _again(materials, named, measure="RD", method=method)
    inputs = tuple(dict.fromkeys(name for row in named.rows for name in row.inputs))
    if again.pooled is not None:
        pooled = again.pooled
        method = f"pooled risk difference, {pooled.interval_method}"
        interval = Interval(low=pooled.ci_low, high=pooled.ci_high, method=method)
        effect = Effect(measure="RD", estimate=pooled.estimate, interval=interval, inputs=inputs)
        others = pooled.alternatives if pooled.k == _TWO else ()
        named_too = (replace(one, method=f"pooled risk difference, {one.method}") for one in others)
        return effect, (interval, *named_too)
    single = next((one for one in again.single if one.measure == "RD"), None)
    if single is None:
        return None, ()
    first = single.intervals[0] if single.intervals else None
    effect = Effect(measure="RD", estimate=single.estimate, interval=first, inputs=inputs)
    return effect, single.intervals


def _without_high(
    materials: Materials, named: Synthesis, appraisals: Sequence[AppraisalSummary]
) -> Reanalysis | None:
    """Return the result without the studies at high risk, where both kinds are there."""
    by_study: Mapping[str, list[AppraisalSummary]] = {
        row.study: [a for a in appraisals if a.study == row.study] for row in named.rows
    }
    high = tuple(study for study, mine in by_study.items() if bias_class(mine)[0] == "high")
    rest = tuple(study for study in by_study if study not in high)
    if not high or not rest or named.pooled is None:
        return None
    method = named.plan.method if len(rest) > 1 else "one-study"
    again = _again(materials, named, measure=named.plan.measure, method=method, studies=rest)
    found = BodyEvidence(
        body=BodyPlan(id="again", outcome=named.plan.outcome, designs=(), start_level=1),
        outcome=Outcome(id=named.plan.outcome, name="", importance="", kind="", better=""),
        synthesis=again,
    ).effect
    return Reanalysis(effect=found, left_out=high) if found is not None else None


def _again(
    materials: Materials,
    named: Synthesis,
    *,
    measure: str,
    method: str,
    studies: tuple[str, ...] = (),
) -> Synthesis:
    kept = studies or tuple(dict.fromkeys(row.study for row in named.rows))
    plan = replace(named.plan, measure=measure, method=method, studies=kept)
    return synthesise(plan, materials.extraction, materials.studies, materials.protocol.visits)
