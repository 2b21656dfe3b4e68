"""What the sources of a review say against themselves, with the answers that people gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.app.judgement.answers import answered
from tamis.app.judgement.stated_notices import stated_notices
from tamis.domain.decisions import Note
from tamis.domain.records import Record, Study
from tamis.domain.results import Finding
from tamis.domain.values import Extraction
from tamis.extraction import check_sources

__all__ = ["trust_findings"]


def trust_findings(
    records: Mapping[str, Record],
    studies: Sequence[Study],
    extraction: Extraction,
    notes: Sequence[Note],
) -> tuple[Finding, ...]:
    """Ask the trust rules about every study, and what records state of it.

    A note with the topic ``finding`` answers a finding.

    Returns
    -------
    tuple of Finding
        For ``ReportContent.trust_findings``. A retraction that a person has answered (the study
        stays in, for a reason that is given) no longer counts as an error of this review.
    """
    found = check_sources(records, studies, extraction, notes)
    return answered((*found, *stated_notices(records, studies, found)), notes)
