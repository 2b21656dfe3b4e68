"""The report as Word file, PDF and figures: with the fonts of this machine, and checked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tamis.app.ports import Fonts
from tamis.domain.results import Finding
from tamis.report import Report, ReportContent
from tamis.report.documents import (
    DocumentSet,
    Imprint,
    account_docx,
    account_pdf,
    faces_in,
    make_documents,
)
from tamis.store.fonts import MachineFonts

__all__ = ["DOCX", "FIGURES", "PDF", "check_documents", "drop_documents", "set_documents"]

#: Where the documents stand in the folder of the report.
DOCX = "report.docx"
PDF = "report.pdf"
FIGURES = "figures"

#: Files whose bytes hang on the fonts of the machine, beside the log.
_SET = (".png", ".pdf")


def set_documents(
    report: Report, content: ReportContent, *, fonts: Fonts | None = None
) -> DocumentSet:
    """Set the report as Word file, PDF and figures, with a font for Chinese if there is one."""
    head = content.protocol.head
    imprint = Imprint(
        title=head.title,
        date=content.date,
        authors=tuple(member.name for member in content.protocol.team),
        language=head.language or "en",
    )
    found = (fonts or MachineFonts()).find("zh")
    return make_documents(report, imprint, faces=faces_in(found))


def named(made: DocumentSet) -> Mapping[str, bytes]:
    """Return the documents by their names in the folder of the report."""
    drawn = {f"{FIGURES}/{name}": data for name, data in made.figures.items()}
    return {DOCX: made.docx, PDF: made.pdf, **drawn}


def drop_documents(folder: Path) -> None:
    """Remove documents of an earlier build: beside a newer page they would be out of date."""
    old = [folder / DOCX, folder / PDF]
    if (folder / FIGURES).is_dir():
        old += sorted(p for p in (folder / FIGURES).iterdir() if p.is_file())
    for path in old:
        path.unlink(missing_ok=True)
    if (folder / FIGURES).is_dir() and not any((folder / FIGURES).iterdir()):
        (folder / FIGURES).rmdir()


def check_documents(
    folder: Path, report: Report, content: ReportContent, *, fonts: Fonts | None = None
) -> tuple[Finding, ...]:
    """Account for every digit of the Word file and the PDF, and compare the figures.

    Returns
    -------
    tuple of Finding
        Those of ``account_docx`` and ``account_pdf``; ``document-absent``, ``figure-stale``
        (errors); ``document-differs`` (a warning: the numbers agree, the bytes do not, as with
        other fonts); ``documents-not-built`` (a note).
    """
    present = [name for name in (DOCX, PDF) if (folder / name).is_file()]
    if not present and not (folder / FIGURES).is_dir():
        return (_finding("documents-not-built", "note", "report", "only the page was built"),)
    made = set_documents(report, content, fonts=fonts)
    found: list[Finding] = []
    for name, account in ((DOCX, account_docx), (PDF, account_pdf)):
        if name not in present:
            found.append(_finding("document-absent", "error", f"report/{name}", "it is not there"))
        else:
            found += account((folder / name).read_bytes(), report, name=f"report/{name}")
    wrong = bool(found)
    differing = list(_compared(folder, named(made)))
    found += [f for f in differing if f.severity == "error"]
    rest = [f.subject for f in differing if f.severity != "error"]
    if rest and not wrong:
        found.append(
            _finding(
                "document-differs",
                "warning",
                ", ".join(rest[:3]) + (" …" if len(rest) > 3 else ""),
                f"{len(rest)} files are not, byte by byte, what the log gives here; their text "
                "agrees. Other fonts or versions do that, and so does editing",
            )
        )
    return (*found, *made.findings)


def _compared(folder: Path, wanted: Mapping[str, bytes]) -> Iterator[Finding]:
    for name, data in sorted(wanted.items()):
        path = folder / name
        if path.is_file() and path.read_bytes() == data:
            continue
        subject = f"report/{name}"
        if name in (DOCX, PDF) or (path.is_file() and name.endswith(_SET)):
            if path.is_file():
                yield _finding("document-differs", "warning", subject, "")
        else:
            message = "this figure is not what the log gives now"
            yield _finding("figure-stale", "error", subject, message)


def _finding(rule: str, severity: str, subject: str, message: str) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        subject=subject,
        message=message,
        suggestion="run 'tamis build'",
    )
