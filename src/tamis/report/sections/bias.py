"""Risk of bias in tables: checklists item by item, and every answer with its support in full."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.summaries import AppraisalSummary, BiasDomain
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.sources import citation
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = [
    "appraisal_tables",
    "bias_tables",
    "differing",
    "not_appraised",
    "result_words",
    "settled",
]

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


def settled(appraisals: Sequence[AppraisalSummary]) -> tuple[AppraisalSummary, ...]:
    """Return what counts of each result: the consensus where there is one, else every appraisal.

    Assessors who judged alike have a consensus; only those who differ stand here side by side.
    """
    agreed = {(a.tool, a.version, a.variant, a.result) for a in appraisals if a.role == "consensus"}
    return tuple(
        a for a in appraisals
        if a.role == "consensus" or (a.tool, a.version, a.variant, a.result) not in agreed
    )  # fmt: skip


def differing(appraisals: Sequence[AppraisalSummary]) -> tuple[AppraisalSummary, ...]:
    """Return the appraisals of assessors who differ, or have not finished, and nobody settled."""
    return tuple(one for one in settled(appraisals) if one.role == "assessor")


def bias_tables(book: Book) -> tuple[Table, ...]:
    """Return one table for every checklist without domains: a row an item, a column a result."""
    by_tool: dict[tuple[str, str], list[AppraisalSummary]] = {}
    for appraisal in settled(book.content.appraisals):
        if not appraisal.domains:
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
    """Return every answer with its support, and every judgement with its reason (appendix D)."""
    tables = []
    given = [one for one in book.content.appraisals if not one.agreed]
    for nth, appraisal in enumerate(given):
        name = f"{'abcdefghijklmnopqrstuvwxyz'[nth % 26]}{nth // 26 or ''}"
        who = say(
            "{result}, by {who}{role}",
            result=result_words(book, appraisal.result),
            who=book.names.person(appraisal.assessor),
            role=" (consensus)" if appraisal.role == "consensus" else "",
        )
        tables.append(_answers(book, name, appraisal, who))
        if appraisal.domains:
            tables.append(_judgements(book, name, appraisal, who))
    return tuple(tables)


def _answers(book: Book, name: str, appraisal: AppraisalSummary, who: Phrase) -> Table:
    rows = [
        row(
            book.lit(item.label or item.question, "definition"),
            book.text(item.answer, "quote", NOT_ANSWERED),
            book.text(item.support, "quote", "–"),
            citation(book, item.anchor) if item.anchor else "–",
        )
        for item in appraisal.items
    ]
    return Table(
        id=f"table-appraisal-{name}",
        caption=who,
        columns=columns("Question, in our words", "Answer", "Support", "Read in"),
        rows=tuple(rows),
    )


def _judgements(book: Book, name: str, appraisal: AppraisalSummary, who: Phrase) -> Table:
    rows = [_judged(book, domain, domain.label or domain.id) for domain in appraisal.domains]
    if appraisal.overall is not None:
        rows.append(_judged(book, appraisal.overall, ""))
    return Table(
        id=f"table-judgements-{name}",
        caption=say("{who}: judgements", who=who),
        columns=columns("Domain", "The rules propose", "Because", "Judged", "Reason"),
        rows=tuple(rows),
    )


def _judged(book: Book, domain: BiasDomain, label: str) -> Row:
    proposal, judgement = domain.proposal, domain.judgement
    because = [
        say("{q} {a}", q=book.lit(q, "identifier"), a=book.lit(a, "quote"))
        for q, a in domain.because
    ]
    proposed: Piece = "nothing"
    if proposal is not None:
        proposed = book.lit(proposal.label, "label")
    elif domain.undecided:
        proposed = say("nothing: {why}", why=book.lit(domain.undecided, "quote"))
    return row(
        book.lit(label, "definition") if label else "Overall",
        proposed,
        join(because) if because else "–",
        book.lit(judgement.label, "label") if judgement is not None else "not judged",
        book.text(domain.reason, "quote", "–"),
        total=not label,
    )


def not_appraised(book: Book) -> tuple[Piece, ...]:
    """Return the included studies of which no result was appraised."""
    content = book.content
    seen = {summary.study for summary in content.appraisals}
    bare = [s for s in content.studies if s.role == "included" and s.id not in seen]
    return tuple(book.lit(study.label, "label") for study in sorted(bare, key=lambda s: s.label))
