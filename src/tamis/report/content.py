"""Everything a report is made of, in domain types: the one argument of ``build_report``.

``app`` fills it from the log; nothing here is read from disk. Two contents that are equal give the
same report bytes, whatever the order in which their mappings were filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.dedupe import ReportLink
from tamis.domain.claims import CheckedText
from tamis.domain.decisions import Amendment, EngineRun, Note, Vote
from tamis.domain.grading import FindingsRow
from tamis.domain.multiverse import MultiverseResult
from tamis.domain.question import Protocol
from tamis.domain.records import (
    Batch,
    Cluster,
    PairDecision,
    ParsedFile,
    Record,
    Strategy,
    Study,
)
from tamis.domain.results import AgreementResult, Finding, ScreenState, Synthesis
from tamis.domain.summaries import AppraisalSummary, RatingSummary
from tamis.domain.values import Extraction

__all__ = ["Document", "EventMark", "ReportContent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """Who wrote an event, when, and of what kind: the last step of every trail."""

    actor: str
    at: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One full text attached to a report, by its hash.

    Whether the file lies with a copy of the review, and whether its quotes still stand in it, is no
    part of a report: it differs from copy to copy, and ``verify`` tells it.
    """

    report: str
    file: str
    sha256: str
    pages: int
    event: str = ""


def _empty() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """A review as it stands, ready to be printed.

    Parameters
    ----------
    protocol
        The newest ``review.toml``, read; its ``head`` carries title, banner and as-of date.
    date
        Time of the last human event, ``YYYY-MM-DDTHH:MM:SS.mmmZ``: the report's date.
    versions
        Name -> version of everything that computed something (``tamis`` first, then libraries).
    amendments
        Every version of ``review.toml`` in the order of the log; the first one is the protocol.
    strategies, batches
        What was searched, exactly as run, and what was imported.
    files
        What reading each imported file found: format, letters, repairs, parts set aside. Their own
        ``records`` are left out: those of all files stand in ``records``.
    records
        Record id -> record: every imported record, once.
    clusters
        The records that are one report each; together they cover ``records`` exactly once.
    pairs
        The rules' pair decisions behind the clusters.
    pairs_by_hand
        The pair decisions of people that stand; ``rule`` names who decided. They count over the
        rules'.
    related
        Reports that are kept apart and are something to each other: an erratum and its paper.
    states
        Where each cluster stands, both stages (``Screening.states``).
    votes
        The verdicts, for who and when.
    agreement
        Agreement of pairs of reviewers; empty where one person screened.
    studies
        Studies of every role: ``included``, ``wider``, ``published-review``.
    extraction
        Values and what was looked for and not found.
    value_findings
        What plausibility rules noticed about values.
    syntheses
        One per planned synthesis, in the protocol's order.
    multiverses
        What every defensible analysis of a question comes to, in the protocol's order.
    appraisal_agreement
        Agreement of pairs of assessors, by tool and question, domain or whole result.
    appraisals, ratings
        Risk of bias and certainty as people settled them.
    findings_rows
        The summary of findings: one row a body, and one an outcome that nobody reported.
    trust_findings
        What the sources say against themselves: retraction, overlap, registry against paper.
    claims
        Claims of other texts (the published review, an article for lay people) and their check.
    notes
        Notes on any topic; ``mechanism`` notes become the table of mechanism claims.
    engine_runs
        One per run: the statement of automation is written from these.
    documents
        Full texts attached.
    events
        Event id -> who, when, what: of every event that something above names.
    event_count
        Number of events in the log that can change a report: seals and redactions cannot.
    """

    protocol: Protocol
    date: str
    versions: Mapping[str, str] = field(default_factory=_empty)
    amendments: tuple[Amendment, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    batches: tuple[Batch, ...] = ()
    files: tuple[ParsedFile, ...] = ()
    records: Mapping[str, Record] = field(default_factory=lambda: MappingProxyType({}))
    clusters: tuple[Cluster, ...] = ()
    pairs: tuple[PairDecision, ...] = ()
    pairs_by_hand: tuple[PairDecision, ...] = ()
    related: tuple[ReportLink, ...] = ()
    states: tuple[ScreenState, ...] = ()
    votes: tuple[Vote, ...] = ()
    agreement: tuple[AgreementResult, ...] = ()
    studies: tuple[Study, ...] = ()
    extraction: Extraction = field(default_factory=Extraction)
    value_findings: tuple[Finding, ...] = ()
    syntheses: tuple[Synthesis, ...] = ()
    multiverses: tuple[MultiverseResult, ...] = ()
    appraisals: tuple[AppraisalSummary, ...] = ()
    appraisal_agreement: tuple[AgreementResult, ...] = ()
    ratings: tuple[RatingSummary, ...] = ()
    findings_rows: tuple[FindingsRow, ...] = ()
    trust_findings: tuple[Finding, ...] = ()
    claims: tuple[CheckedText, ...] = ()
    notes: tuple[Note, ...] = ()
    engine_runs: tuple[EngineRun, ...] = ()
    documents: tuple[Document, ...] = ()
    events: Mapping[str, EventMark] = field(default_factory=lambda: MappingProxyType({}))
    event_count: int = 0
