"""What plausibility rules noticed about values: each remark with the values it is about."""

from __future__ import annotations

from tamis.domain.results import Finding
from tamis.report.book import Book
from tamis.report.phrase import Piece, distinct, join, say, sentence
from tamis.report.view import Row, Table, columns, row

__all__ = ["plausibility"]

WORDS = {"error": "error", "warning": "check", "note": "remark"}


def plausibility(book: Book) -> Table | None:
    """Return one row a finding; ``None`` when no rule noticed anything."""
    findings = book.content.value_findings
    if not findings:
        return None
    return Table(
        id="table-plausibility",
        caption="What the plausibility rules noticed about values",
        columns=columns("About", "What was noticed", "Rule", "Kind"),
        rows=tuple(_row(book, nth, finding) for nth, finding in enumerate(findings)),
        notes=(
            "Nothing was corrected: the values stand as printed in their sources, and a person "
            "decides.",
        ),
    )


def _row(book: Book, nth: int, finding: Finding) -> Row:
    because = [name for name in finding.because if name in book.values]
    subject: Piece = book.lit(finding.subject, "identifier")
    about = because or ([finding.subject] if finding.subject in book.values else [])
    if about:
        subject = join(
            distinct(
                say("{study}, {outcome}", study=book.names.study(book.values[v].cell.study),
                    outcome=book.names.outcome(book.values[v].cell.outcome))
                for v in about
            ),
            "; ",
        )  # fmt: skip
    return row(
        subject,
        book.spoken(
            sentence(finding.message, finding.suggestion),
            name=f"finding/{nth + 1}/{finding.rule}",
            inputs=about,
            rule=finding.rule,
        ),
        book.lit(finding.rule, "identifier"),
        WORDS.get(finding.severity, finding.severity),
    )
