"""Check everything a review claims: log, imports, documents, engines, and every digit printed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tamis.app.building.assemble import STEPS, Tell, assemble
from tamis.app.building.build import BUNDLE, HTML
from tamis.app.building.bundle import BUNDLE_ZIP
from tamis.app.building.typeset import check_documents
from tamis.app.judgement.claims import accepted_claims, law_6
from tamis.app.protocol.amend import is_adopted, read_protocol
from tamis.app.review import Review, check_log, open_review
from tamis.app.runs import check_decisions
from tamis.domain.errors import ChainBroken, TamisError
from tamis.domain.results import Finding
from tamis.report import (
    Report,
    ReportContent,
    account,
    build_report,
    check_flow,
    count_digit_runs,
)

__all__ = ["VERIFY_STEPS", "Verified", "verify_folder", "verify_review"]


#: How many steps ``verify_folder`` tells of.
VERIFY_STEPS = STEPS + 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked, and what was found."""

    findings: tuple[Finding, ...]
    events: int = 0
    records: int = 0
    quantities: int = 0
    digit_runs: int = 0


def verify_folder(
    root: Path,
    *,
    deposited: Mapping[str, tuple[int, str]] | None = None,
    database: str = "",
    tell: Tell = lambda _: None,
) -> Verified:
    """Verify the review in a folder; a broken log is a finding and ends the check there.

    ``deposited`` are heads that were read out and put somewhere else (``tamis seal``);
    ``database`` holds the log where the folder does not.
    """
    tell("the log")
    broken = check_log(root, deposited or {}, database=database)
    if any(f.severity == "error" for f in broken):
        return Verified(findings=broken)
    try:
        review = open_review(root, database=database)
    except ChainBroken as error:  # what the index remembers is gone from the log
        return Verified(findings=(*broken, _stopped(error)))
    with review:
        return verify_review(review, before=broken, tell=tell)


def verify_review(
    review: Review, *, before: tuple[Finding, ...] = (), tell: Tell = lambda _: None
) -> Verified:
    """Recompute the report from the log and account for every run of digits in the finished one.

    Nothing is written.
    """
    findings = [*before, *check_decisions(review)]
    try:
        protocol = read_protocol(review)
        assembled = assemble(review, protocol, write=False, tell=tell)
        tell("every digit of the report")
        report = build_report(assembled.content)
    except TamisError as error:
        findings.append(_stopped(error))
        return Verified(findings=tuple(findings), events=review.state.count)
    if not is_adopted(review):
        findings.append(
            Finding(
                rule="protocol-not-adopted",
                severity="error",
                subject="review.toml",
                message="the protocol was changed and the change is not in the log",
                suggestion="run 'tamis build', which records the change",
            )
        )
    findings += assembled.findings
    findings += check_flow(report.flow)
    findings += law_6(report.html, assembled.content, accepted_claims(review))
    html, found = _finished(review, report)
    findings += found
    if html:
        tell("every digit of the documents")
        findings += _documents(review, report, assembled.content)
    return Verified(
        findings=tuple(findings),
        events=review.state.count,
        records=len(assembled.content.records),
        quantities=len(report.quantities),
        digit_runs=count_digit_runs(html) if html else 0,
    )


def _documents(review: Review, report: Report, content: ReportContent) -> tuple[Finding, ...]:
    try:
        return check_documents(review.root / "report", report, content)
    except TamisError as error:
        return (_stopped(error),)


def _finished(review: Review, report: Report) -> tuple[bytes, list[Finding]]:
    path = review.root / HTML
    if not path.exists():
        return b"", [
            Finding(
                rule="report-absent",
                severity="error",
                subject=HTML,
                message="there is no report to verify",
                suggestion="run 'tamis build'",
            )
        ]
    html = path.read_bytes()
    findings = list(account(html, report))
    if html != report.html and not findings:
        findings.append(
            Finding(
                rule="report-stale",
                severity="error",
                subject=HTML,
                message="the report is not what the log gives now, though its numbers agree",
                suggestion="run 'tamis build'",
            )
        )
    for name, data in sorted(report.bundle.items()):
        table = review.root / BUNDLE / name
        if not table.exists() or table.read_bytes() != data:
            findings.append(
                Finding(
                    rule="bundle-stale",
                    severity="error",
                    subject=f"{BUNDLE}/{name}",
                    message="this table is not what the log gives now",
                    suggestion="run 'tamis build'",
                )
            )
    return html, [*findings, *_bundle(review)]


def _bundle(review: Review) -> list[Finding]:
    """Check that the bundle holds the files of the report as they lie beside it.

    Its copy of the log may be older: a seal is no reason to build again.
    """
    path = review.root / BUNDLE_ZIP
    if not path.exists():
        return [_bundle_finding(BUNDLE_ZIP, "bundle-absent", "there is no bundle to hand on")]
    try:
        with zipfile.ZipFile(path) as archive:
            return [
                _bundle_finding(name, "bundle-stale", "the bundle holds other bytes of this file")
                for name in sorted(archive.namelist())
                if name.startswith("report/")
                and (review.root / name).is_file()
                and (review.root / name).read_bytes() != archive.read(name)
            ]
    except (zipfile.BadZipFile, OSError) as error:
        return [_bundle_finding(BUNDLE_ZIP, "bundle-broken", f"it cannot be opened: {error}")]


def _bundle_finding(subject: str, rule: str, message: str) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=subject,
        message=message,
        suggestion="run 'tamis build'",
    )


def _stopped(error: TamisError) -> Finding:
    return Finding(
        rule=type(error).__name__,
        severity="error",
        subject=str(error.where or ""),
        message=error.problem,
        suggestion=error.remedy,
    )
