"""Risk of bias: one table a tool, questions as columns in short, answers and support in full."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.summaries import AppraisalSummary
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.sources import citation
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = ["appraisal_tables", "bias_tables", "not_appraised", "result_words"]

NOT_ANSWERED = "not answered"


def result_words(book: Book, result: str) -> Phrase:
    """Return ``study/outcome/visit`` in words."""
    study, _, rest = result.partition("/")
    outcome, _, visit = rest.partition("/")
    parts: list[Piece] = [book.names.study(study)]
    if outcome:
        parts.append(book.names.outcome(outcome))
    if visit:
        parts.append(book.names.visit(visit.partition(".")[0]))
    return join(parts)


def bias_tables(book: Book) -> tuple[Table, ...]:
    """Return one overview table a tool: a row a question, a column a result."""
    by_tool: dict[tuple[str, str], list[AppraisalSummary]] = {}
    for appraisal in book.content.appraisals:
        by_tool.setdefault((appraisal.tool, appraisal.version), []).append(appraisal)
    return tuple(_overview(book, by_tool[key]) for key in sorted(by_tool))


def _overview(book: Book, appraisals: Sequence[AppraisalSummary]) -> Table:
    first = appraisals[0]
    heads = [result_words(book, a.result) for a in appraisals]
    questions = list(dict.fromkeys((i.question, i.label) for a in appraisals for i in a.items))
    rows: list[Row] = []
    for question, label in questions:
        cells: list[Piece | Cell] = [book.lit(label or question, "definition")]
        for appraisal in appraisals:
            answer = next((i.answer for i in appraisal.items if i.question == question), "")
            cells.append(book.text(answer, "quote", NOT_ANSWERED))
        rows.append(row(*cells))
    rows.append(
        row("Judgement", *(_judgement(book, a) for a in appraisals), total=True)
    )  # fmt: skip
    return Table(
        id=f"table-bias-{first.tool}",
        caption=say(
            "{tool}{version}: answers by result",
            tool=book.lit(first.tool_name, "label"),
            version=say(" ({v})", v=book.lit(first.version, "setting")) if first.version else "",
        ),
        columns=columns("Question, in our words", *heads),
        rows=tuple(rows),
        notes=(
            say("Tool: {url}. “No information” means that the text read does not say; “not "
                "answered” that nobody has answered yet.",
                url=citation(book, first.url) if first.url else "address not given"),
        ),
    )  # fmt: skip


def _judgement(book: Book, appraisal: AppraisalSummary) -> Piece:
    if not appraisal.judgement:
        return "not judged"
    reason = appraisal.reason
    return say("{j}{why}", j=book.lit(appraisal.judgement, "quote"),
               why=say(": {r}", r=book.lit(reason, "quote")) if reason else "")  # fmt: skip


def appraisal_tables(book: Book) -> tuple[Table, ...]:
    """Return every answer with its support (appendix D)."""
    tables = []
    for nth, appraisal in enumerate(book.content.appraisals):
        rows = [
            row(
                book.lit(item.label or item.question, "definition"),
                book.text(item.answer, "quote", NOT_ANSWERED),
                book.text(item.support, "quote", "–"),
                citation(book, item.anchor) if item.anchor else "–",
            )
            for item in appraisal.items
        ]
        tables.append(
            Table(
                id=f"table-appraisal-{'abcdefghijklmnopqrstuvwxyz'[nth % 26]}{nth // 26 or ''}",
                caption=say("{result}, by {who}", result=result_words(book, appraisal.result),
                            who=book.names.person(appraisal.assessor)),
                columns=columns("Question, in our words", "Answer", "Support", "Read in"),
                rows=tuple(rows),
            )
        )  # fmt: skip
    return tuple(tables)


def not_appraised(book: Book) -> tuple[Piece, ...]:
    """Return the included studies of which no result was appraised."""
    content = book.content
    seen = {summary.study for summary in content.appraisals}
    bare = [s for s in content.studies if s.role == "included" and s.id not in seen]
    return tuple(book.lit(study.label, "label") for study in sorted(bare, key=lambda s: s.label))
