"""Compute the review and write its report: the same log gives the same bytes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tamis.app.building.assemble import STEPS, Assembled, Tell, assemble, included_studies
from tamis.app.building.bundle import make_bundle
from tamis.app.building.counted import number_of
from tamis.app.building.engines import run_engines
from tamis.app.building.typeset import DOCX, PDF, drop_documents, named, set_documents
from tamis.app.judgement.claims import accepted_claims, law_6
from tamis.app.review import Review
from tamis.domain.canonical import canonical
from tamis.domain.results import Finding
from tamis.report import Report, account, build_report, check_flow

__all__ = ["BUILD_STEPS", "BUNDLE", "HTML", "Built", "build_review", "is_built", "mark_built"]

#: How many steps ``build_review`` tells of.
BUILD_STEPS = STEPS + 5

#: Where the report and its data tables stand in the review's folder.
HTML = "report/report.html"
BUNDLE = "report/data"

#: The heads of the log that the report was built from: tells whether it is out of date.
BASIS = "report/basis.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made."""

    html: Path
    docx: Path | None
    pdf: Path | None
    quantities: int
    seconds: float
    findings: tuple[Finding, ...]
    summary: tuple[str, ...]


def build_review(
    review: Review,
    *,
    by: str,
    why: str = "",
    only: str = "",
    tell: Tell = lambda _: None,
) -> Built:
    """Adopt the protocol, run what was not run yet, write ``report/``.

    The report is of one moment. What others write while it is computed is not in it, and they wait
    only for the short times in which this writes. ``only="html"`` leaves Word file, PDF and
    figures out, and removes those of an earlier build.

    Raises
    ------
    Conflict
        When another process is building this review, or does not end writing it.
    StorageFailed
        When the folder cannot be written; an older report stays whole then.
    """
    started = time.perf_counter()
    with review.building():
        protocol = run_engines(review, by=by, why=why, tell=tell)
        with review.still():
            assembled = assemble(review, protocol, write=True, tell=tell)
            report, findings, documents = _made(review, assembled, only=only, tell=tell)
            _write(review, report, documents, whole=only != "html")
    seconds = time.perf_counter() - started
    return Built(
        html=review.root / HTML,
        docx=review.root / "report" / DOCX if DOCX in documents else None,
        pdf=review.root / "report" / PDF if PDF in documents else None,
        quantities=len(report.quantities),
        seconds=seconds,
        findings=findings,
        summary=_summary(review, assembled, report, findings, seconds),
    )


def _made(
    review: Review, assembled: Assembled, *, only: str, tell: Tell
) -> tuple[Report, tuple[Finding, ...], Mapping[str, bytes]]:
    """Return the report, what was found on the way, and the files that stand beside the page."""
    tell("writing the report")
    report = build_report(assembled.content)
    tell("accounting for every digit")
    findings = (
        *assembled.findings,
        *check_flow(report.flow),
        *account(report.html, report),
        *law_6(report.html, assembled.content, accepted_claims(review)),
    )
    documents: Mapping[str, bytes] = {}
    if only != "html":
        tell("setting the documents")
        made = set_documents(report, assembled.content)
        documents, findings = named(made), (*findings, *made.findings)
    tell("packing the bundle")
    bundle = make_bundle(review, report, assembled.content, documents)
    return report, findings, {**documents, "bundle.zip": bundle}


def _write(review: Review, report: Report, beside: Mapping[str, bytes], *, whole: bool) -> None:
    """Write the whole report, or leave the old one; ``basis.json`` says that it is complete."""
    bundle = {f"data/{name}": data for name, data in report.bundle.items()}
    contents = {"report.html": report.html, "basis.json": _basis(review), **bundle}
    with review.exclusively("build"):
        review.write_together("report", {**contents, **beside}, last="basis.json")
        if not whole:
            drop_documents(review.root / "report")


def is_built(review: Review) -> bool:
    """Tell whether there is a report, and it was built from the log as it stands."""
    basis = review.root / BASIS
    here = (review.root / HTML).is_file() and basis.is_file()
    return here and basis.read_bytes() == _basis(review)


def mark_built(review: Review) -> None:
    """Say that the report is that of the log as it stands, after an event that changes none."""
    review.write(BASIS, _basis(review))


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
        f"Records: {records} from {number_of(len(content.batches), 'file')} "
        f"{'is' if records == 1 else 'are'} {number_of(reports, 'report')}; "
        f"{number_of(records - reports, 'duplicate')} kept beside them",
        f"Included: {number_of(len(included), 'report')} of {number_of(len(studies), 'study')}",
        f"Data: {number_of(len(content.extraction.values), 'value')} with their source, "
        f"{len(content.extraction.looked_for)} looked for and not reported",
        f"Results: {number_of(len(content.syntheses), 'planned synthesis')}, "
        f"{refused} refused with the reason; {number_of(severities.count('error'), 'error')}, "
        f"{number_of(severities.count('warning'), 'warning')}, "
        f"{number_of(severities.count('note'), 'note')} on the values",
        f"Trail: {number_of(len(report.quantities), 'number')}, each followed to its source "
        f"({seconds:.1f} s); check them with: tamis verify {review.root}",
    )
