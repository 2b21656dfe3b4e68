"""Certainty of a review: what the rules propose, what people decided, the summary of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tamis.app.judgement.evidence import Materials, gather
from tamis.certainty import (
    LEVELS,
    DomainProposal,
    DomainRating,
    GradeSettings,
    Rating,
    RowNames,
    findings_row,
    propose,
    proposed_level,
    rate,
    unreported_row,
    words_for,
)
from tamis.certainty.claims.naming import short_form
from tamis.domain.decisions import CertaintyJudgement, Note
from tamis.domain.errors import BadInput
from tamis.domain.grading import FindingsRow
from tamis.domain.question import BodyPlan, Outcome, Protocol
from tamis.domain.records import Study
from tamis.domain.results import Finding, Synthesis
from tamis.domain.summaries import AppraisalSummary, DomainSummary, RatingSummary
from tamis.domain.values import Extraction

__all__ = ["Graded", "grade_review", "overall_level", "stray_grades"]

LANGUAGES = ("en", "zh")

#: Importance -> order of rows: critical first.
IMPORTANCE: Mapping[str, int] = MappingProxyType({"critical": 0, "important": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """Ratings with their proposals, rows of the summary of findings, what was noticed.

    ``overall`` is the lowest level among critical outcomes, ``None`` while one of them is not
    decided; ``settings`` are the cut-offs of the rules, for print.
    """

    ratings: tuple[RatingSummary, ...]
    rows: tuple[FindingsRow, ...]
    findings: tuple[Finding, ...]
    overall: int | None = None
    overall_label: str = ""
    overall_symbols: str = ""
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def grade_review(
    protocol: Protocol,
    *,
    syntheses: Sequence[Synthesis],
    appraisals: Sequence[AppraisalSummary],
    extraction: Extraction,
    studies: Sequence[Study],
    judgements: Iterable[CertaintyJudgement],
    notes: Iterable[Note] = (),
    settings: GradeSettings | None = None,
) -> Graded:
    """Propose and rate every body of evidence of a protocol.

    People decide: nothing here becomes a level before each of the eight domains of a body has a
    decision. Until then a row is ``proposed``.

    Parameters
    ----------
    protocol
        Its bodies in their order; outcomes that are critical or harms get a row even where no
        body is planned and no study reports them.
    syntheses, appraisals, extraction, studies
        As computed for the report.
    judgements
        In the canonical order of the log.
    notes
        ``registration`` notes name trials without results.
    settings
        Cut-offs of the rules.

    Raises
    ------
    BadInput
        For thresholds that are incomplete, crossed or in another unit than the outcome.
    """
    settings = settings or GradeSettings()
    decided = tuple(judgements)
    protocol, findings = _with_words(protocol)
    materials = Materials(
        protocol=protocol,
        syntheses=tuple(syntheses),
        appraisals=tuple(appraisals),
        extraction=extraction,
        studies=tuple(studies),
        notes=tuple(notes),
    )
    ratings: list[RatingSummary] = []
    rows: list[FindingsRow] = []
    for body in protocol.bodies:
        outcome = protocol.outcome(body.outcome)
        if outcome is None:
            raise BadInput(
                f"the body {body.id!r} rates {body.outcome!r}, which is no outcome",
                "name an outcome of review.toml",
            )
        evidence = gather(materials, body, outcome)
        proposals = propose(evidence, settings=settings)
        rating = rate(body, decided)
        row = findings_row(
            evidence,
            rating,
            names=_names(protocol, body),
            settings=settings,
            proposed_level=proposed_level(rating.start, proposals),
        )
        if not row.reported and _has_data(materials, body):
            row = replace(row, reported=True, status="not judged", statements=())
            findings.append(_without_synthesis(body))
        ratings.append(_summary(rating, proposals))
        rows.append(row)
        findings += [*rating.findings, *_departures(rating, proposals), *row.warnings]
    rows += _unplanned(materials)
    rows.sort(key=lambda row: (IMPORTANCE.get(row.importance, len(IMPORTANCE)),))
    findings += _not_rated(rows)
    level = overall_level(rows)
    label, symbols = LEVELS[level] if level is not None else ("", "")
    return Graded(
        ratings=tuple(ratings),
        rows=tuple(rows),
        findings=tuple(dict.fromkeys(findings)),
        overall=level,
        overall_label=label,
        overall_symbols=symbols,
        settings=MappingProxyType(settings.as_dict()),
    )


def stray_grades(
    protocol: Protocol, judgements: Iterable[CertaintyJudgement]
) -> tuple[Finding, ...]:
    """Name the decisions on bodies of evidence that the protocol does not have (any more)."""
    known = {body.id for body in protocol.bodies}
    events: dict[str, list[str]] = {}
    for one in judgements:
        if one.body not in known:
            events.setdefault(one.body, []).append(one.event)
    return tuple(
        Finding(
            rule="grade-of-no-body",
            severity="warning",
            subject=body,
            message=f"Decisions on the body {body!r} do not count, as review.toml plans no such "
            f"body: {', '.join(names)}.",
            because=tuple(names),
            suggestion="put the body back into review.toml, or record them for the body they are "
            f"of ({', '.join(sorted(known)) or 'none is planned'})",
        )
        for body, names in events.items()
    )


def overall_level(rows: Iterable[FindingsRow]) -> int | None:
    """Return the lowest level among critical outcomes, each by the body that it rests on.

    Randomised evidence carries before other comparisons, and these before single arms. ``None``
    without a critical outcome, or while one is not decided. Outcomes that nobody reported do not
    count.
    """
    carried: dict[str, FindingsRow] = {}
    for row in rows:
        if row.importance != "critical" or not row.reported or not row.body:
            continue
        known = carried.get(row.outcome)
        if known is None or _carries(row) < _carries(known):
            carried[row.outcome] = row
    levels = [row.level for row in carried.values()]
    known_levels = [level for level in levels if level is not None]
    return min(known_levels) if levels and len(known_levels) == len(levels) else None


def _has_data(materials: Materials, body: BodyPlan) -> bool:
    """Tell whether an included study of the body's designs gives a number for its outcome."""
    studies = {
        study.id
        for study in materials.studies
        if study.role == "included" and study.design in body.designs
    }
    return any(
        value.cell.outcome == body.outcome and value.cell.study in studies
        for value in materials.extraction.values
    )


def _without_synthesis(body: BodyPlan) -> Finding:
    return Finding(
        rule="body-without-synthesis",
        severity="warning",
        subject=body.id,
        message=f"Studies report {body.outcome}, and the body {body.id} rests on no synthesis of "
        "it.",
        because=(body.id,),
        suggestion="plan a [[synthesis]] and name it in the body",
    )


def _carries(row: FindingsRow) -> int:
    if row.single_arm:
        return 2
    return 0 if "randomised" in row.design.split(", ") else 1


def _with_words(protocol: Protocol) -> tuple[Protocol, list[Finding]]:
    """Replace verbs that cannot stand in a statement by the usual pair, and say so."""
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    for outcome in protocol.outcomes:
        kept = outcome
        for lang in LANGUAGES:
            try:
                words_for(kept, lang)
            except BadInput as error:
                verbs = tuple(pair for pair in kept.verbs if pair[0] != lang)
                kept = replace(kept, verbs=verbs)
                findings.append(
                    Finding(
                        rule="verbs-unknown",
                        severity="error",
                        subject=outcome.id,
                        message=error.problem,
                        suggestion=error.remedy,
                    )
                )
        outcomes.append(kept)
    return replace(protocol, outcomes=tuple(outcomes)), findings


def _names(protocol: Protocol, body: BodyPlan | None = None) -> RowNames:
    ids = {**dict(protocol.question.concepts), **dict(body.concepts if body else ())}
    found: dict[str, dict[str, str]] = {"intervention": {}, "comparator": {}}
    for kind, by_language in found.items():
        concept = protocol.concept(ids.get(kind, ""))
        for lang, names in concept.names if concept is not None else ():
            if names:
                by_language[lang] = names[0]
        if concept is None and kind not in dict(body.concepts if body else ()):
            asked = getattr(protocol.question, kind)
            words = {lang: short_form(asked, lang) for lang in LANGUAGES}
            by_language.update({lang: name for lang, name in words.items() if name})
    return RowNames(
        interventions=found["intervention"],
        comparators=found["comparator"],
        months={visit.id: float(visit.months) for visit in protocol.visits},
    )


def _summary(rating: Rating, proposals: Sequence[DomainProposal]) -> RatingSummary:
    by_domain = {one.domain: one for one in proposals}
    return RatingSummary(
        body=rating.body,
        outcome=rating.outcome,
        start=rating.start,
        domains=tuple(_domain(one, by_domain[one.domain.id]) for one in rating.domains),
        level=rating.level,
        label=rating.label,
        symbols=rating.symbols,
        status=rating.status,
    )


def _domain(one: DomainRating, proposal: DomainProposal) -> DomainSummary:
    return DomainSummary(
        domain=one.domain.id,
        label=one.domain.label,
        change=one.change,
        reason=one.reason,
        by=one.by,
        at=one.at,
        event=one.event,
        proposal=proposal.change,
        rule=proposal.rule,
        message=proposal.message,
        because=proposal.because,
    )


def _departures(rating: Rating, proposals: Sequence[DomainProposal]) -> Iterable[Finding]:
    """Name decisions that differ from what the rules propose without a word of reason."""
    by_domain = {one.domain: one for one in proposals}
    for one in rating.domains:
        proposal = by_domain[one.domain.id]
        if None in (one.change, proposal.change) or one.change == proposal.change:
            continue
        if not one.reason.strip():
            yield Finding(
                rule="departs-from-proposal",
                severity="error",
                subject=rating.body,
                message=f"{one.domain.label} of {rating.body} was decided otherwise than proposed "
                "and no reason is given.",
                because=(one.event,) if one.event else (),
                suggestion="record the decision again with its reason",
                expected=str(proposal.change),
                got=str(one.change),
            )


def _unplanned(materials: Materials) -> list[FindingsRow]:
    """Return rows for critical outcomes and harms without a body."""
    protocol = materials.protocol
    planned = {body.outcome for body in protocol.bodies}
    included = {study.id for study in materials.studies if study.role == "included"}
    reported = {
        value.cell.outcome for value in materials.extraction.values if value.cell.study in included
    }
    rows = []
    for outcome in protocol.outcomes:
        if outcome.id in planned or not (outcome.harm or outcome.importance == "critical"):
            continue
        row = unreported_row(outcome, names=_names(protocol))
        if outcome.id in reported:
            row = replace(row, reported=True, status="not judged", statements=())
        rows.append(row)
    return rows


def _not_rated(rows: Iterable[FindingsRow]) -> list[Finding]:
    return [
        Finding(
            rule="outcome-not-rated",
            severity="warning",
            subject=row.outcome,
            message=f"Studies report {row.outcome}, which is critical or a harm, and no body of "
            "evidence rates it.",
            suggestion="add a [[body]] for it to review.toml",
        )
        for row in rows
        if row.reported and not row.body
    ]
