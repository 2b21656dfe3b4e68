"""Compute the review and write its report: the same log gives the same bytes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tamis.app.amend import adopt
from tamis.app.assemble import STEPS, Assembled, Tell, assemble, included_studies
from tamis.app.review import Review
from tamis.domain.canonical import canonical
from tamis.domain.results import Finding
from tamis.report import Report, account, build_report, check_flow

__all__ = ["BUILD_STEPS", "BUNDLE", "HTML", "Built", "build_review", "is_built"]

#: How many steps ``build_review`` tells of.
BUILD_STEPS = STEPS + 2

#: Where the report and its data tables stand in the review's folder.
HTML = "report/report.html"
BUNDLE = "report/data"

#: The heads of the log that the report was built from: tells whether it is out of date.
BASIS = "report/basis.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made."""

    html: Path
    quantities: int
    seconds: float
    findings: tuple[Finding, ...]
    summary: tuple[str, ...]


def build_review(review: Review, *, by: str, why: str = "", tell: Tell = lambda _: None) -> Built:
    """Adopt the protocol, run what was not run yet, write ``report/``.

    Raises
    ------
    Conflict
        When another process is building or writing this review.
    StorageFailed
        When the folder cannot be written; an older report stays whole then.
    """
    started = time.perf_counter()
    with review.exclusively("build"):
        protocol = adopt(review, by=by, reason=why)
        assembled = assemble(review, protocol, write=True, tell=tell)
        tell("writing the report")
        report = build_report(assembled.content)
        tell("accounting for every digit")
        findings = (*assembled.findings, *check_flow(report.flow), *account(report.html, report))
        _write(review, report)
    seconds = time.perf_counter() - started
    return Built(
        html=review.root / HTML,
        quantities=len(report.quantities),
        seconds=seconds,
        findings=findings,
        summary=_summary(review, assembled, report, findings, seconds),
    )


def _write(review: Review, report: Report) -> None:
    review.write(HTML, report.html)
    review.write(BASIS, _basis(review))
    for name, data in sorted(report.bundle.items()):
        review.write(f"{BUNDLE}/{name}", data)
    folder = review.root / BUNDLE
    stale = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name not in report.bundle]
    for path in stale:
        path.unlink()


def is_built(review: Review) -> bool:
    """Tell whether there is a report, and it was built from the log as it stands."""
    basis = review.root / BASIS
    here = (review.root / HTML).is_file() and basis.is_file()
    return here and basis.read_bytes() == _basis(review)


def _basis(review: Review) -> bytes:
    return canonical({chain: [n, digest] for chain, (n, digest) in review.state.heads.items()})


def _summary(
    review: Review,
    assembled: Assembled,
    report: Report,
    findings: Sequence[Finding],
    seconds: float,
) -> tuple[str, ...]:
    content = assembled.content
    records, reports = len(content.records), len(content.clusters)
    included = assembled.screened.screening.included()
    members = [r for c in content.clusters if c.id in set(included) for r in c.records]
    studies = included_studies(content.studies, members)
    refused = sum(1 for s in content.syntheses if s.refusal is not None)
    severities = [f.severity for f in findings]
    return (
        f"Report: {review.root / HTML}",
        f"Records: {records} from {len(content.batches)} files are {reports} reports; "
        f"{records - reports} duplicates kept beside them",
        f"Included: {len(included)} reports of {len(studies)} studies",
        f"Data: {len(content.extraction.values)} values with their source, "
        f"{len(content.extraction.looked_for)} looked for and not reported",
        f"Results: {len(content.syntheses)} planned syntheses, {refused} refused with the reason; "
        f"{severities.count('error')} errors, {severities.count('warning')} warnings, "
        f"{severities.count('note')} notes on the values",
        f"Trail: {len(report.quantities)} numbers, each followed to its source "
        f"({seconds:.1f} s); check them with: tamis verify {review.root}",
    )
