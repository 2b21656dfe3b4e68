"""Bring a review's stages together: log and imports in, the report's content out.

This is the one place where every stage meets. Nothing is decided here: each line asks a room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version

from tamis import __version__
from tamis.app.building.documents import check_documents
from tamis.app.building.synthesise import run_analyses
from tamis.app.imports import Library, import_doubts, load_library, load_strategies
from tamis.app.judgement.answers import answered
from tamis.app.judgement.bias import appraisal_agreement, appraisal_findings, appraisal_summaries
from tamis.app.judgement.claims import claims_of
from tamis.app.judgement.doubts import doubts_of_summaries
from tamis.app.judgement.grade import Graded, grade_review, stray_grades
from tamis.app.judgement.trust import trust_findings
from tamis.app.related_reports import merged_doubts, related_in
from tamis.app.review import Review
from tamis.app.screen import Screened, screen_review
from tamis.app.tools import tools_of, wording_of
from tamis.domain.decisions import Amendment
from tamis.domain.question import Protocol
from tamis.domain.records import Report, Study
from tamis.domain.results import AgreementResult, Finding, Synthesis
from tamis.domain.state import ReviewState
from tamis.domain.summaries import AppraisalSummary
from tamis.domain.values import Extraction
from tamis.extraction import check_values, standing
from tamis.report import EventMark, ReportContent

__all__ = ["STEPS", "Assembled", "Tell", "assemble", "extraction_of", "studies_of"]

Tell = Callable[[str], None]

#: How many steps ``assemble`` tells of.
STEPS = 5

#: Libraries whose version can change a number or a sentence of the report.
LIBRARIES = ("numpy", "scipy", "rapidfuzz", "pypdfium2", "jinja2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """The report's content, and what was found on the way."""

    content: ReportContent
    findings: tuple[Finding, ...]
    library: Library
    screened: Screened


def _quiet(_: str) -> None:
    """Tell nobody."""


def assemble(review: Review, protocol: Protocol, *, write: bool, tell: Tell = _quiet) -> Assembled:
    """Compute everything a report says.

    With ``write``, engine runs that are not in the log yet are written to it; ``verify`` only
    computes. ``tell`` is called with the name of each of ``STEPS`` steps when it begins.
    """
    tell("reading the imports")
    library = load_library(review)
    tell("duplicates and screening")
    screened = screen_review(review, protocol, library, write=write)
    extraction, studies = extraction_of(review.state), studies_of(review.state)
    tell("syntheses")
    syntheses, multiverses, found = run_analyses(review, protocol, extraction, studies, write=write)
    value_findings = answered(dict.fromkeys(check_values(extraction)), review.state.notes.values())
    tell("documents and quotes")
    documents, document_findings = check_documents(review, extraction)
    tell("risk of bias, certainty, sources")
    judged = _judged(review, protocol, library, syntheses)
    state = review.state
    content = ReportContent(
        protocol=protocol,
        date=state.last_human_at,
        versions=_versions(),
        amendments=protocol_versions(review),
        strategies=tuple(load_strategies(review, protocol).values()),
        batches=tuple(state.batches.values()),
        records=library.records,
        clusters=screened.clusters,
        pairs=screened.pairs,
        states=screened.screening.states,
        votes=tuple(state.votes.values()),
        agreement=screened.agreement,
        studies=studies,
        extraction=extraction,
        value_findings=value_findings,
        syntheses=syntheses,
        multiverses=multiverses,
        appraisals=judged.appraisals,
        appraisal_agreement=judged.agreement,
        ratings=judged.graded.ratings,
        findings_rows=judged.graded.rows,
        trust_findings=judged.trust,
        notes=tuple(state.notes.values()),
        engine_runs=tuple(state.engine_runs.values()),
        documents=documents,
        events=_marks(review, protocol),
        event_count=state.content_count,
    )
    content = _identified(content, library, state)
    found = (*_doubts(content, library, screened), *found, *document_findings)
    return Assembled(
        content=replace(content, claims=claims_of(review, content)),
        findings=(*found, *value_findings, *judged.findings),
        library=library,
        screened=screened,
    )


def _identified(content: ReportContent, library: Library, state: ReviewState) -> ReportContent:
    """Return the content with what was imported, what people said of pairs, and what is related."""
    by_hand = tuple(state.pairs.values())
    return replace(
        content,
        files=tuple(replace(parsed, records=(), lines=()) for parsed in library.files),
        pairs_by_hand=by_hand,
        related=related_in(library.records.values(), content.pairs, by_hand, content.clusters),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What was judged: risk of bias, certainty, and what the sources say against themselves."""

    appraisals: tuple[AppraisalSummary, ...]
    agreement: tuple[AgreementResult, ...]
    graded: Graded
    trust: tuple[Finding, ...]
    findings: tuple[Finding, ...]


def _judged(
    review: Review, protocol: Protocol, library: Library, syntheses: Sequence[Synthesis]
) -> _Judged:
    state = review.state
    extraction, studies = extraction_of(state), studies_of(state)
    notes = tuple(state.notes.values())
    tools = tools_of(review)
    appraisals = appraisal_summaries(state, tools=tools, wordings=wording_of(review, tools))
    graded = grade_review(
        protocol,
        syntheses=syntheses,
        appraisals=appraisals,
        extraction=extraction,
        studies=studies,
        judgements=tuple(state.certainty.values()),
        notes=notes,
    )
    trust = trust_findings(library.records, studies, extraction, notes)
    doubtful = doubts_of_summaries(appraisals, state, tools)
    stray = stray_grades(protocol, state.certainty.values())
    unfinished = appraisal_findings(appraisals, studies, protocol)
    return _Judged(
        appraisals=appraisals,
        agreement=appraisal_agreement(state, tools=tools),
        graded=graded,
        trust=trust,
        findings=(*unfinished, *doubtful, *graded.findings, *stray, *trust),
    )


def included_studies(studies: Sequence[Study], included: Sequence[str]) -> tuple[Study, ...]:
    """Return the studies of this review that have a report among the included ones.

    A study whose reports are no imported records (a registry entry, a book) counts by its role.
    """
    chosen = set(included)
    return tuple(
        study
        for study in studies
        if study.role == "included"
        and (
            chosen & {r for report in study.reports for r in report.records}
            or not any(report.records for report in study.reports)
        )
    )


def _doubts(content: ReportContent, library: Library, screened: Screened) -> tuple[Finding, ...]:
    """Return what is doubtful about the links of studies, the imports and the duplicates."""
    return (
        *_link_findings(content.studies, screened),
        *import_doubts(library),
        *merged_doubts(content.related),
    )


def _link_findings(studies: Sequence[Study], screened: Screened) -> tuple[Finding, ...]:
    """Name the studies linked as included although screening included none of their reports."""
    included = frozenset(screened.screening.included())
    members = [record for c in screened.clusters if c.id in included for record in c.records]
    kept = {study.id for study in included_studies(studies, members)}
    return tuple(
        Finding(
            rule="study-not-included",
            severity="error",
            subject=study.id,
            message=f"{study.label} is linked as included, and none of its reports was included",
            suggestion="settle the screening of its reports, or link it with the role 'wider'",
        )
        for study in studies
        if study.role == "included" and study.id not in kept
    )


def protocol_versions(review: Review) -> tuple[Amendment, ...]:
    """Return the versions of the protocol that count: the last ones before any import, and later.

    What was written while the protocol was drafted is in the log and is no deviation. A file that
    belongs to the protocol (``review.toml``, a tool of the review's own) has its own versions.
    """
    amendments = review.state.amendments
    begun = min((batch.at for batch in review.state.batches.values()), default="")
    drafts = {a.file: a for a in amendments if not begun or a.at <= begun}
    return (*drafts.values(), *(a for a in amendments if begun and a.at > begun))


def extraction_of(state: ReviewState) -> Extraction:
    """Return the values and the looked-for of a state that count, in canonical order.

    What a settlement set aside, and a second person's equal reading, is left out (``standing``).
    """
    return standing(
        tuple(state.values.values()),
        tuple(state.looked_for.values()),
        tuple(state.value_settlements.values()),
    )


def studies_of(state: ReviewState) -> tuple[Study, ...]:
    """Return the studies that reports were linked to, with their reports."""
    by_study: dict[str, list[Report]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    for link in state.links.values():
        report = Report(id=link.report, study=link.study, records=link.records, kind=link.kind)
        by_study.setdefault(link.study, []).append(report)
        heads.setdefault(link.study, (link.label, link.design, link.role))
    return tuple(
        Study(id=study, label=label, design=design, role=role, reports=tuple(by_study[study]))
        for study, (label, design, role) in heads.items()
    )


def _marks(review: Review, protocol: Protocol) -> Mapping[str, EventMark]:
    """Return who, when and what of every event."""
    names = {member.id: member.name for member in protocol.team}
    return {
        event.id: EventMark(
            actor=event.actor, at=event.at, kind=event.kind, name=names.get(event.actor, "")
        )
        for event in review.events()
    }


def _versions() -> Mapping[str, str]:
    found = {"tamis": __version__}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
