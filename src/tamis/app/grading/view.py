"""Certainty as the pages show it: bodies of evidence with proposals, decisions and statements.

The rules propose, people decide. ``Ratings`` is the part of a live review that the pages ask; it
shows what the decisions so far say, and, marked as such, what the statement would be with the
proposals in the place of decisions that are missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.app.grading.ground import Ground, Grounds
from tamis.app.judgement.grade import Graded, grade_review
from tamis.app.live import LiveReview
from tamis.app.words import check_grade
from tamis.certainty import DOMAINS, LEVELS, check_change
from tamis.domain import process
from tamis.domain.decisions import CertaintyJudgement
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Draft, Event
from tamis.domain.grading import AbsoluteEffect, FindingsRow
from tamis.domain.question import BodyPlan, Outcome, Threshold
from tamis.domain.results import Finding, Interval
from tamis.domain.summaries import RatingSummary

__all__ = [
    "AbsoluteShown",
    "BodyRated",
    "DomainRated",
    "RatedOverview",
    "Ratings",
    "RowRated",
    "StatementShown",
]

#: Sizes that a threshold may be tried for.
SIZES = ("small", "moderate", "large")

_LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementShown:
    """An informative statement in one language."""

    lang: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsoluteShown:
    """Risks per 1,000 for one baseline risk; a number that is not known is empty."""

    label: str
    source: str
    baseline: str
    intervention: str
    difference: str
    interval: str
    only: str
    nnt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRated:
    """One row of the summary of findings."""

    body: str
    outcome: str
    visit: str
    importance: str
    harm: bool
    design: str
    studies: int
    participants: int | None
    effect: str
    absolutes: tuple[AbsoluteShown, ...]
    reported: bool
    single_arm: bool
    level: int | None
    symbols: str
    proposed: int | None
    status: str
    size: str
    statements: tuple[StatementShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRated:
    """One GRADE domain: what may be decided, what the rule proposes and why, what was decided."""

    id: str
    changes: tuple[int, ...]
    proposal: int | None
    rule: str
    message: str
    because: tuple[str, ...]
    change: int | None
    reason: str
    by: str
    overridden: bool
    raises: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRated:
    """A body of evidence with its eight domains; ``provisional`` marks statements not decided.

    ``statements`` is empty while a domain has neither a decision nor a proposal: ``missing`` names
    those. ``tried`` says that thresholds stand here that the protocol does not have.
    """

    body: str
    outcome: str
    start: int
    start_symbols: str
    domains: tuple[DomainRated, ...]
    level: int | None
    symbols: str
    status: str
    would: int | None
    would_symbols: str
    statements: tuple[StatementShown, ...]
    provisional: bool
    missing: tuple[str, ...]
    row: RowRated
    thresholds: tuple[Threshold, ...]
    tried: bool
    findings: tuple[Finding, ...]
    sealed_results: int
    sealed_studies: tuple[str, ...]
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedOverview:
    """The summary of findings with the overall certainty."""

    rows: tuple[RowRated, ...]
    overall: int | None
    overall_symbols: str
    findings: tuple[Finding, ...]
    decided: int
    all: int
    sealed_results: int
    sealed_studies: tuple[str, ...]


class Ratings:
    """The certainty of a live review, asked for one viewer at a time."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live

    def overview(self, viewer: str) -> RatedOverview:
        """Return the summary of findings as it stands."""
        with self._live.locked():
            ground = self._live.part(Grounds).of(viewer)
            judged = tuple(self._live.state.certainty.values())
            graded = _grade(ground, judged)
        return RatedOverview(
            rows=tuple(_row(ground, row) for row in graded.rows),
            overall=graded.overall,
            overall_symbols=graded.overall_symbols,
            findings=graded.findings,
            decided=sum(d.change is not None for r in graded.ratings for d in r.domains),
            all=sum(len(r.domains) for r in graded.ratings),
            sealed_results=ground.sealed_results,
            sealed_studies=ground.sealed_studies,
        )

    def body(
        self, viewer: str, body: str, *, thresholds: Mapping[str, str] | None = None
    ) -> BodyRated:
        """Return one body of evidence.

        Parameters
        ----------
        thresholds
            Values to try instead of the protocol's, by size; nothing of it is recorded.

        Raises
        ------
        NotFound
            When the protocol plans no such body.
        BadInput
            For thresholds that are no numbers, crossed or incomplete.
        """
        with self._live.locked():
            ground = self._live.part(Grounds).of(viewer)
            plan, outcome = _planned(ground, body)
            tried = _tried(outcome, thresholds or {})
            if tried is not outcome:
                ground = _with_outcome(ground, tried)
            judged = tuple(self._live.state.certainty.values())
            now = _only(ground, plan, judged)
            rating = now.ratings[0]
            filled = (*judged, *_as_proposed(rating))
            would = _only(ground, plan, filled)
        return _body(ground, plan, now, would, tried=tried is not outcome)

    def judge(
        self, viewer: str, body: str, domain: str, change: int, *, reason: str
    ) -> Event | None:
        """Record a decision on one domain; ``None`` when it stands already.

        A decision as proposed needs no words of one's own: the rule's stand as its reason.

        Raises
        ------
        NotFound
            When the protocol plans no such body.
        BadInput
            For a domain or change that GRADE has not, or another decision without a reason.
        """
        check_change(domain, change)
        told = " ".join(reason.split())
        if len(told) > _LONGEST:
            raise BadInput(f"the reason has {len(told)} characters", f"use at most {_LONGEST}")
        with self._live.locked():
            ground = self._live.part(Grounds).of(viewer)
            plan, _ = _planned(ground, body)
            check_grade(ground.protocol, plan.outcome, body, domain, change)
            judged = tuple(self._live.state.certainty.values())
            rating = _only(ground, plan, judged).ratings[0]
            known = next(one for one in rating.domains if one.domain == domain)
            if not told and known.proposal == change:
                told = known.message
            if not told:
                raise BadInput(
                    f"{known.label} is decided otherwise than proposed, and no reason is given",
                    "write why: it becomes the footnote of the summary of findings",
                )
            if (known.change, known.reason) == (change, told):
                return None
            said = {
                "outcome": plan.outcome, "body": body, "domain": domain, "change": change,
                "reason": told,
            }  # fmt: skip
            draft = Draft(actor=viewer, kind="certainty_judged.v1", subject=body, body=said)
            process.check(self._live.state, draft)
            return self._live.record([draft])[0]


def _planned(ground: Ground, body: str) -> tuple[BodyPlan, Outcome]:
    plan = next((one for one in ground.protocol.bodies if one.id == body), None)
    outcome = ground.protocol.outcome(plan.outcome) if plan else None
    if plan is None or outcome is None:
        raise NotFound(f"the protocol plans no body of evidence {body!r}", "choose one of the list")
    return plan, outcome


def _grade(ground: Ground, judged: Sequence[CertaintyJudgement]) -> Graded:
    return grade_review(
        ground.protocol,
        syntheses=ground.syntheses,
        appraisals=ground.appraisals,
        extraction=ground.extraction,
        studies=ground.studies,
        judgements=judged,
        notes=ground.notes,
    )


def _only(ground: Ground, plan: BodyPlan, judged: Sequence[CertaintyJudgement]) -> Graded:
    return _grade(replace(ground, protocol=replace(ground.protocol, bodies=(plan,))), judged)


def _with_outcome(ground: Ground, outcome: Outcome) -> Ground:
    outcomes = tuple(outcome if o.id == outcome.id else o for o in ground.protocol.outcomes)
    return replace(ground, protocol=replace(ground.protocol, outcomes=outcomes))


def _tried(outcome: Outcome, given: Mapping[str, str]) -> Outcome:
    """Return the outcome with other thresholds; itself where nothing is changed."""
    values = {size: given.get(size, "").strip() for size in SIZES}
    known = {one.size: one for one in outcome.thresholds}
    if not any(values.values()):
        return outcome
    if all(size in known and known[size].value == value for size, value in values.items()):
        return outcome
    unit = next((one.unit for one in outcome.thresholds), "")
    unit = unit or (outcome.unit if outcome.kind == "continuous" else "per 1,000")
    kept = tuple(one for one in outcome.thresholds if one.size == "response")
    made = tuple(
        Threshold(size=size, value=value, unit=unit, source="tried on the page")
        for size, value in values.items()
        if value
    )
    return replace(outcome, thresholds=(*made, *kept))


def _as_proposed(rating: RatingSummary) -> tuple[CertaintyJudgement, ...]:
    """Return the proposals in the place of the decisions that are missing."""
    return tuple(
        CertaintyJudgement(
            event="", outcome=rating.outcome, body=rating.body, domain=one.domain,
            change=one.proposal, reason=one.message or one.rule, by="",
        )
        for one in rating.domains
        if one.change is None and one.proposal is not None
    )  # fmt: skip


def _body(ground: Ground, plan: BodyPlan, now: Graded, would: Graded, *, tried: bool) -> BodyRated:
    rating, filled = now.ratings[0], would.ratings[0]
    row = next(one for one in now.rows if one.body == plan.id)
    shown = next(one for one in would.rows if one.body == plan.id)
    outcome = ground.protocol.outcome(plan.outcome)
    ids = [one.id for one in ground.protocol.bodies]
    at = ids.index(plan.id) if plan.id in ids else -1
    return BodyRated(
        body=plan.id,
        outcome=outcome.name if outcome else plan.outcome,
        start=rating.start,
        start_symbols=LEVELS[rating.start][1],
        domains=tuple(
            DomainRated(
                id=one.domain, changes=DOMAINS[one.domain].changes, proposal=one.proposal,
                rule=one.rule, message=one.message, because=one.because, change=one.change,
                reason=one.reason, by=one.by.removeprefix("p-"), overridden=one.overridden,
                raises=DOMAINS[one.domain].raises,
            )
            for one in rating.domains
        ),
        level=rating.level,
        symbols=rating.symbols,
        status=rating.status,
        would=filled.level,
        would_symbols=filled.symbols,
        statements=_row(ground, shown).statements,
        provisional=rating.level is None,
        missing=tuple(one.domain for one in filled.domains if one.change is None),
        row=_row(ground, row),
        thresholds=outcome.thresholds if outcome else (),
        tried=tried,
        findings=tuple(one for one in now.findings if one.subject in (plan.id, plan.outcome)),
        sealed_results=ground.sealed_results,
        sealed_studies=ground.sealed_studies,
        following=ids[at + 1] if 0 <= at < len(ids) - 1 else "",
    )  # fmt: skip


def _row(ground: Ground, row: FindingsRow) -> RowRated:
    outcome = ground.protocol.outcome(row.outcome)
    labels = {visit.id: visit.label for visit in ground.protocol.visits}
    return RowRated(
        body=row.body,
        outcome=outcome.name if outcome else row.outcome,
        visit=labels.get(row.visit, row.visit),
        importance=row.importance,
        harm=row.harm,
        design=row.design,
        studies=len(row.studies),
        participants=row.participants,
        effect=_effect(row),
        absolutes=tuple(_absolute(one) for one in row.absolutes),
        reported=row.reported,
        single_arm=row.single_arm,
        level=row.level,
        symbols=row.symbols,
        proposed=row.proposed_level,
        status=row.status,
        size=row.size,
        statements=tuple(StatementShown(lang=s.lang, text=s.text) for s in row.statements),
    )


def _effect(row: FindingsRow) -> str:
    """Return measure, estimate and interval as one writes them: "RR 1.42 (0.90 to 2.24)"."""
    if not row.measure or row.estimate is None or not math.isfinite(row.estimate):
        return ""
    unit = f" {row.unit}" if row.measure == "MD" and row.unit else ""
    within = _interval(row.interval, 1.0, 2)
    return f"{row.measure} {_number(row.estimate, 2)}{unit}{f' ({within})' if within else ''}"


def _absolute(one: AbsoluteEffect) -> AbsoluteShown:
    return AbsoluteShown(
        label=one.label,
        source=one.source,
        baseline=_per_thousand(one.baseline),
        intervention=_per_thousand(one.intervention),
        difference=_per_thousand(one.difference, signed=True),
        interval=_interval(one.intervals[0], 1000.0, 0, signed=True) if one.intervals else "",
        only=one.only,
        nnt=_number(one.nnt, 0) if one.nnt is not None else "",
    )


def _per_thousand(risk: float | None, *, signed: bool = False) -> str:
    return "" if risk is None else _number(1000 * risk, 0, signed=signed)


def _interval(one: Interval | None, scale: float, digits: int, *, signed: bool = False) -> str:
    if one is None:
        return ""
    low, high = (_number(scale * x, digits, signed=signed) for x in (one.low, one.high))
    return f"{low} – {high}"


def _number(value: float, digits: int, *, signed: bool = False) -> str:
    """Return a number with its sign as one prints it.

    Examples
    --------
    >>> _number(-3.04, 1), _number(12.4, 0, signed=True), _number(float("inf"), 0)
    ('−3.0', '+12', '∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    shown = f"{abs(value):.{digits}f}"
    if float(shown) == 0:
        return shown
    return f"{'−' if value < 0 else '+' if signed else ''}{shown}"
