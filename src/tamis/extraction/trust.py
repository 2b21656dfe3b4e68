"""Trust checks on sources: what they, their records and their registrations say against them.

The rules state facts with the ids they rest on. There is no score and no verdict: what follows
from a finding (a sensitivity analysis, a question to the authors) is a person's decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.decisions import Note
from tamis.domain.records import Record, Study
from tamis.domain.results import Finding
from tamis.domain.values import Extraction
from tamis.extraction import trust_conduct, trust_notices, trust_overlap, trust_registry
from tamis.extraction.trust_case import Case, open_case

__all__ = ["TRUST_RULES", "TrustRule", "check_sources"]

_SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustRule:
    """One trust rule: its ids, how severe it can be, what it asks, and where that comes from."""

    id: str
    severity: str
    sentence: str
    source: str
    ask: Callable[[Case], Iterator[Finding]]


def _rule(
    name: str, severity: str, sentence: str, source: str, ask: Callable[[Case], Iterator[Finding]]
) -> TrustRule:
    return TrustRule(id=name, severity=severity, sentence=sentence, source=source, ask=ask)


_HANDBOOK = "Cochrane Handbook for Systematic Reviews of Interventions"
_ERRATA = "National Library of Medicine, fact sheet on errata and retractions"

#: Read aloud: what is asked of every source. The wording is ours; the questions are those of
#: INSPECT-SR and TRACT (Wilkinson 2024; Mol 2023), as far as records and abstracts can answer them.
TRUST_RULES: tuple[TrustRule, ...] = (
    _rule("notice", "error warning note",
          "no report of the study was retracted, withdrawn, doubted or corrected",
          _ERRATA, trust_notices.notices),
    _rule("overlap.registration", "warning",
          "no two studies stand under one registration number",
          f"{_HANDBOOK}, multiple reports of one study", trust_overlap.same_trial),
    _rule("overlap.cohort", "warning note",
          "no two studies of one centre recruited at the same time",
          f"{_HANDBOOK}, multiple reports of one study", trust_overlap.cohorts),
    _rule("overlap.numbers", "warning",
          "no two studies print the same means and SDs",
          f"{_HANDBOOK}, multiple reports of one study", trust_overlap.same_numbers),
    _rule("overlap.noted", "warning",
          "people of this review noted no overlap of patients",
          "notes of this review", trust_overlap.noted),
    _rule("registry.size", "warning", "as many people as registered",
          "INSPECT-SR; registration against publication", trust_registry.size),
    _rule("registry.arms", "warning", "as many arms as registered",
          "INSPECT-SR; registration against publication", trust_registry.arms),
    _rule("registry.outcome", "warning", "the primary outcome as registered",
          "RoB 2, selection of the reported result", trust_registry.outcome),
    _rule("registry.duration", "warning", "followed as long as registered",
          "INSPECT-SR; registration against publication", trust_registry.duration),
    _rule("registry.late", "warning", "registered before the first patient",
          "ICMJE, registration before first enrolment", trust_registry.late),
    _rule("registry.status", "warning", "the registration says that it was completed",
          "INSPECT-SR; registration against publication", trust_registry.status),
    _rule("registry.none", "note", "a registration was found",
          "ICMJE, registration before first enrolment", trust_registry.unregistered),
    _rule("stopped.early", "warning", "ran to its planned end",
          "Bassler 2010, JAMA 303:1180, trials stopped early", trust_conduct.stopped),
    _rule("funding.company", "warning note", "who paid is reported, and is no company",
          "Lundh 2017, Cochrane MR000033, industry sponsorship", trust_conduct.funder),
    _rule("funding.maker", "warning", "the funder does not make what was tested",
          "Lundh 2017, Cochrane MR000033, industry sponsorship", trust_conduct.maker),
    _rule("interests.company", "note", "the authors have no interests in companies",
          f"{_HANDBOOK}, conflicts of interest in included studies", trust_conduct.interests),
    _rule("design.conflict", "warning", "its reports agree on how it was done",
          f"{_HANDBOOK}, multiple reports of one study", trust_conduct.design),
    _rule("account.conflict", "note", "its sources agree on what they tell",
          "notes of this review", trust_conduct.accounts),
    _rule("eligible.known", "warning", "no eligible study is known and left out",
          "PRISMA, item on near misses", trust_conduct.known),
    _rule("eligible.registered", "note", "no registered study is without results",
          f"{_HANDBOOK}, missing evidence", trust_conduct.registered),
)  # fmt: skip


def check_sources(
    records: Mapping[str, Record],
    studies: Sequence[Study],
    extraction: Extraction,
    notes: Sequence[Note] = (),
) -> tuple[Finding, ...]:
    """Ask every rule of ``TRUST_RULES`` about the studies of a review.

    Parameters
    ----------
    records
        Every imported record by id: a notice need not be linked to a study to be found.
    studies
        Studies of every role, with their reports. Published reviews are not asked about.
    extraction
        Values and looked-for. The rules read the outcome slugs ``participants``, ``planned-n``,
        ``follow-up-months``, ``design-as-stated``, ``primary-outcome``, ``registration``,
        ``registered-n``, ``registered-arms``, ``registered-follow-up-months``,
        ``registered-primary-outcome``, ``registered-on``, ``registered-status``, ``centre``,
        ``recruitment-start``, ``recruitment-end`` (a year, month or day), ``stopped-early``,
        ``funding``, ``funding-kind``, ``manufacturer``, ``interests``, ``retraction``,
        ``expression-of-concern`` and ``correction``.
    notes
        Notes of the topics ``overlap`` (fields ``studies``, ``basis``, ``status``), ``conflict``
        (``about``, ``a``, ``b``), ``registration`` (``number``, ``study``, ``name``, ``results``)
        and ``known-study`` (``basis``, ``why``, ``status``).

    Returns
    -------
    tuple of Finding
        Errors first, then by study and rule. ``subject`` is the study (for studies that are not
        in: the note's subject), ``because`` the ids of values, looked-for, records and events.
        Words between “ and ” are words of the review, verbatim.

    Examples
    --------
    >>> from tamis.domain.records import Record, Report, Study
    >>> paper = Record(id="9f3c12ab9f3c:0", raw=(), title="RETRACTED: A drug for the kidney")
    >>> report = Report(id="one-main", study="one", records=(paper.id,))
    >>> study = Study(id="one", label="One", design="randomised", reports=(report,))
    >>> [f.rule for f in check_sources({paper.id: paper}, [study], Extraction())]
    ['notice.retracted']
    """
    case = open_case(records, studies, extraction, notes)
    found = {item: None for rule in TRUST_RULES for item in rule.ask(case)}
    return tuple(sorted(found, key=_place))


def _place(item: Finding) -> tuple[int, str, str, tuple[str, ...], str]:
    return _SEVERITIES.index(item.severity), item.subject, item.rule, item.because, item.message
