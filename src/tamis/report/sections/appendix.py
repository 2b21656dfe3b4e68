"""Appendices A to G: strategies, records, values, appraisals, certainty, checklists, engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.decisions import STAGES
from tamis.domain.records import Strategy
from tamis.domain.values import LookedFor
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.engine import anchor_id
from tamis.report.flow import NO_REASON, Flow
from tamis.report.phrase import Attr, Phrase, Piece, distinct, join, say
from tamis.report.sections.automation import automation_table, raise_tables
from tamis.report.sections.bias import appraisal_tables
from tamis.report.sections.certainty import certainty_profile
from tamis.report.sections.checklists import checklist_tables
from tamis.report.sections.definitions import (
    definition_words,
    definitions_list,
    grouped,
    value_words,
)
from tamis.report.sections.notes import note_tables
from tamis.report.sections.references import record_reference
from tamis.report.sections.search import appraisal_agreement
from tamis.report.sections.summary_of_findings import further_findings
from tamis.report.sources import short_source
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = ["appendices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStrategy:
    """One strategy word for word."""

    name: Phrase
    text: Piece


def appendices(book: Book, flow: Flow) -> Mapping[str, object]:
    """Return what the template ``appendix.html.j2`` prints."""
    return {
        "strategies": tuple(_strategy(book, s) for s in book.content.strategies),
        "excluded": _excluded(book, flow),
        "definitions": definitions_list(book),
        "extraction": _extraction(book),
        "looked_for": _looked_for(book),
        "appraisals": appraisal_tables(book),
        "appraisal_agreement": appraisal_agreement(book),
        "more_findings": further_findings(book),
        "profiles": certainty_profile(book),
        "records": _records(book, flow),
        "checklists": checklist_tables(book),
        "uses": raise_tables(book),
        "engines": automation_table(book),
        "notes": note_tables(book),
    }


def _strategy(book: Book, strategy: Strategy) -> ShownStrategy:
    return ShownStrategy(
        name=say("{source}: {file}, hash {sha}", source=book.names.source(strategy.source),
                 file=book.lit(strategy.name, "identifier"),
                 sha=book.lit(strategy.sha256[:12], "identifier")),
        text=book.text(strategy.text, "strategy", "(empty)"),
    )  # fmt: skip


def _excluded(book: Book, flow: Flow) -> Table | None:
    """Return the reports excluded at full text, by reason, first deciding reason first."""
    parts = flow.parts("excluded-full-text")
    if not parts:
        return None
    rows: list[Row] = []
    for part in parts:
        for nth, name in enumerate(part.ids):
            head = [Cell(piece=_reason(part.label), head=True, rows=part.n)] if nth == 0 else []
            record = book.content.records.get(name)
            rows.append(
                Row(
                    cells=(
                        *head,
                        Cell(
                            piece=record_reference(book, record)
                            if record
                            else "record not imported"
                        ),
                        Cell(piece=_decided(book, name)),
                    )
                )
            )
    return Table(
        id="table-excluded",
        caption="Reports excluded after reading in full, with the first deciding reason",
        columns=columns("Reason", "Report", "Decided by"),
        rows=tuple(rows),
    )


def _reason(label: str) -> Piece:
    return label if label == NO_REASON else literal(label, "definition")


def _decided(book: Book, cluster: str) -> Piece:
    state = next(
        (s for s in book.content.states if s.cluster == cluster and s.stage == STAGES[1]), None
    )
    marks = [book.content.events[e] for e in (state.events if state else ())
             if e in book.content.events]  # fmt: skip
    return join(
        distinct(say("{who}, {day}", who=book.names.person(m.actor), day=book.day(m.at))
                      for m in marks), "; "
    ) if marks else "–"  # fmt: skip


def _extraction(book: Book) -> tuple[Table, ...]:
    tables = []
    for study in sorted(book.content.studies, key=lambda s: (s.role, s.label, s.id)):
        values = [v for v in book.content.extraction.values if v.cell.study == study.id]
        if not values:
            continue
        rows = []
        for cell, found in grouped(book, values):
            status: Sequence[str] = list(dict.fromkeys(v.status for v in found))
            notes = list(dict.fromkeys(v.note for v in found if v.note.strip()))
            sources = distinct(short_source(book, v) for v in found)
            rows.append(
                row(
                    say("{o}; {w}", o=book.names.outcome(cell.outcome), w=book.names.when(cell)),
                    book.names.arm(cell.arm),
                    definition_words(book, cell.definition),
                    value_words(book, found),
                    ", ".join(status),
                    join(sources, "; "),
                    join([book.lit(n, "quote") for n in notes], "; ") if notes else "",
                    anchor=Attr(anchor_id(found[0].id, "x")),
                )
            )
        tables.append(
            Table(
                id=f"table-values-{study.id}",
                caption=say("{label} ({role})", label=book.lit(study.label, "label"),
                            role=book.lit(study.role.replace("-", " "), "label")),
                columns=columns("Outcome and visit", "Arm", "Definition", "Value", "Status",
                                "Read in", "Note"),
                rows=tuple(rows),
            )
        )  # fmt: skip
    return tuple(tables)


def _looked_for(book: Book) -> Table | None:
    items = sorted(book.content.extraction.looked_for, key=lambda i: (i.cell.study, i.id))
    if not items:
        return None
    return Table(
        id="table-looked-for",
        caption="Looked for, and not reported where read",
        columns=columns("Study", "Item", "Arm", "Looked for in", "Note"),
        rows=tuple(_sought(book, item) for item in items),
    )


def _sought(book: Book, item: LookedFor) -> Row:
    return row(
        book.names.study(item.cell.study),
        say("{o}; {w}", o=book.names.outcome(item.cell.outcome), w=book.names.when(item.cell)),
        book.names.arm(item.cell.arm),
        book.text(item.where, "citation", "the texts read"),
        book.text(item.note, "quote", ""),
    )


def _records(book: Book, flow: Flow) -> Table | None:
    """Return every imported record with the one box in which it ended (law 4, to be read)."""
    records = book.content.records
    if not records:
        return None
    of = {b.sha256[:12]: b.source for b in book.content.batches}
    labels = {box.id: box.label for box in flow.boxes}
    rows = [
        row(
            book.lit(name, "identifier"),
            book.names.source(of.get(records[name].import12, "")),
            book.text(records[name].title, "citation", "no title"),
            book.lit(str(records[name].year), "year") if records[name].year else "–",
            labels.get(flow.ends.get(name, ""), "nowhere"),
            anchor=Attr(anchor_id(name, "r")),
        )
        for name in sorted(records)
    ]
    return Table(
        id="table-records",
        caption="Imported records, and where each one ended",
        columns=columns("Record", "Source", "Title", "Year", "Ended as"),
        rows=tuple(rows),
    )
