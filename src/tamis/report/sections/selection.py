"""Selection of studies: our counted flow, and apart from it what the published review reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tamis.domain.quantities import Quantity
from tamis.domain.records import Study
from tamis.domain.values import LookedFor, Value
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.diagram import Diagram, Entry, Stage, lay_out
from tamis.report.flow import Box, Flow
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sources import short_source
from tamis.report.view import Column, Row, Table, columns, row

__all__ = ["PUBLISHED_BOXES", "PublishedFlow", "box_count", "selection"]

#: Outcome slug of a published review's flow -> the box it fills, in the order of the diagram.
PUBLISHED_BOXES: tuple[tuple[str, str], ...] = (
    ("flow-identified", "Records identified"),
    ("flow-duplicates", "Records removed before screening"),
    ("flow-screened", "Records screened"),
    ("flow-excluded", "Records excluded"),
    ("flow-sought", "Reports sought for retrieval"),
    ("flow-not-retrieved", "Reports not retrieved"),
    ("flow-assessed", "Reports assessed for eligibility"),
    ("flow-excluded-full-text", "Reports excluded, with reasons"),
    ("flow-included", "Studies included in the review"),
)

UNKNOWN = "not reported"

RULES = {
    "identified": "set of imported records",
    "duplicates": "set of records that repeat another record of their cluster",
    "included-studies": "set of studies with an included report",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFlow:
    """What one published review says of its own selection."""

    study: Study
    intro: Phrase
    diagram: Diagram
    table: Table


def box_count(book: Book, box: Box) -> Quantity:
    """Return the number in a box: the size of its set of ids, or words where nobody can know it."""
    if box.unknown:
        return book.number(
            f"flow:{box.id}#n",
            None,
            digits=0,
            inputs=(),
            rule="the protocol says that full texts were not sought",
            what=say("{unit} in the box {label}", unit=box.unit,
                     label=literal(box.label, "definition")),
            absent=box.unknown,
        )  # fmt: skip
    return book.count(
        f"flow:{box.id}",
        box.ids,
        RULES.get(box.id, f"set of {box.unit} in the box"),
        say("{unit} in the box {label}", unit=box.unit, label=literal(box.label, "definition")),
    )


def selection(book: Book, flow: Flow) -> Mapping[str, object]:
    """Return what the template ``selection.html.j2`` prints."""
    return {
        "intro": _intro(book, flow),
        "diagram": _our_diagram(book, flow),
        "table": _our_table(book, flow),
        "interim": flow.interim,
        "published": tuple(_published(book)),
        "problems": tuple(
            say(
                "{rule}: {message}.",
                rule=literal(f.rule, "label"),
                message=book.spoken(
                    f.message, name=f"flow/{f.rule}", inputs=tuple(book.content.records),
                    rule=f.rule,
                ),
            )
            for f in flow.findings
        ),
    }  # fmt: skip


def _intro(book: Book, flow: Flow) -> Phrase:
    def n(box: str, one: str = "", many: str = "") -> Piece:
        quantity = box_count(book, flow.box(box))
        return counted(quantity, one, many) if one else quantity

    bare = "" if book.content.documents else " No full text is attached to this review."
    second = (
        "Full texts were not sought: {assessed} were assessed for eligibility on abstract, tables "
        "or registry entry"
        if flow.box("sought").unknown
        else "{sought} were sought ({lost} not retrieved) and {assessed} assessed for eligibility"
    )
    return say(
        "The searches gave {all}; {dup} repeated another. {screened} were screened by title and "
        f"abstract ({{out}} excluded). {second} ({{ex}} excluded, with reasons). Included: "
        "{reports} of {studies}.{bare}",
        bare=bare,
        all=n("identified", "record", "records"),
        dup=n("duplicates", "of them", "of them"),
        screened=n("screened", "record", "records"),
        out=n("excluded"),
        sought=n("sought", "report", "reports"),
        lost=n("not-retrieved"),
        assessed=n("assessed", "report", "reports"),
        ex=n("excluded-full-text"),
        reports=n("included-reports", "report", "reports"),
        studies=n("included-studies", "study", "studies"),
    )


def _entry(book: Book, box: Box, *, part: bool = False) -> Entry:
    """Return a line of the diagram; a reason is named by its short id where it has one."""
    label = literal(box.short, "label") if part and box.short else literal(box.label, "definition")
    return Entry(label=label, count=box_count(book, box), part=part)


def _our_diagram(book: Book, flow: Flow) -> Diagram:
    def lines(*names: str, parts: bool = False) -> tuple[Entry, ...]:
        made: list[Entry] = []
        for name in names:
            made.append(_entry(book, flow.box(name)))
            if parts:
                made += [_entry(book, part, part=True) for part in flow.parts(name)]
        return tuple(made)

    def waiting(name: str) -> tuple[Entry, ...]:
        return lines(name) if flow.box(name).n else ()

    removed = (Entry(label="Removed before screening"),)
    stages = (
        Stage(
            name="Identification",
            main=lines("identified", parts=True),
            aside=removed
            + tuple(_entry(book, flow.box(n), part=True)
                    for n in ("duplicates", "automation", "other")),
        ),
        Stage(name="Screening", main=lines("screened"), aside=lines("excluded", parts=True),
              waiting=waiting("awaiting-screening")),
        Stage(name="Screening", main=lines("sought"), aside=lines("not-retrieved")),
        Stage(name="Screening", main=lines("assessed"),
              aside=lines("excluded-full-text", parts=True),
              waiting=waiting("awaiting-assessment")),
        Stage(name="Included", main=lines("included-studies", "included-reports")),
    )  # fmt: skip
    return lay_out(
        "flow-diagram",
        "Flow of records, reports and studies through this review",
        "From identification through screening to inclusion; the same numbers stand in the table "
        "that follows.",
        stages,
    )


def _our_table(book: Book, flow: Flow) -> Table:
    rows: list[Row] = []
    for box in flow.boxes:
        label: Piece = literal(box.label, "definition")
        if box.part_of:
            label = say("of these: {label}", label=label)
        if box.part_of or not box.id.startswith("awaiting") or box.n:
            rows.append(row(label, box_count(book, box), box.unit))
    note = (
        "Every number counts a set of ids, which its trail lists. Records, reports and studies are "
        "three different counts."
    )
    return Table(
        id="table-flow",
        caption="Flow of this review, box by box",
        columns=columns("Box", Column(piece="Number", number=True), "Unit"),
        rows=tuple(rows),
        notes=(note,),
    )


def _published(book: Book) -> list[PublishedFlow]:
    studies = [s for s in book.content.studies if s.role == "published-review"]
    return [_published_flow(book, study) for study in sorted(studies, key=lambda s: s.id)]


def _published_flow(book: Book, study: Study) -> PublishedFlow:
    found = {name: _reported(book, study, name) for name, _ in PUBLISHED_BOXES}
    sought = {
        item.cell.outcome: item
        for item in book.content.extraction.looked_for
        if item.cell.study == study.id
    }
    label = book.names.study(study.id)
    rows = [
        row(words, join(found[name], "; ") if found[name] else UNKNOWN,
            _where(book, study, name, sought.get(name)))
        for name, words in PUBLISHED_BOXES
    ]  # fmt: skip
    entries = {
        name: Entry(label=words, count=join(found[name], "; ") if found[name] else UNKNOWN)
        for name, words in PUBLISHED_BOXES
    }
    place = f"published-{study.id}"
    return PublishedFlow(
        study=study,
        intro=say(
            "{study} is the review whose question this one takes up. These are its own figures as "
            "far as they could be read; they count other records than ours, and nothing is "
            "carried from one flow to the other. A box that no source reports says so: it is "
            "unknown, not empty.",
            study=label,
        ),
        diagram=lay_out(
            place,
            "Flow of the published review, as reported",
            "Boxes that no source reports are marked as not reported.",
            _published_stages(entries),
        ),
        table=Table(
            id=f"table-{place}",
            caption=say("Flow of {study}, as reported", study=label),
            columns=columns("Box", "Number and status", "Where it was read"),
            rows=tuple(rows),
        ),
    )


def _published_stages(entries: Mapping[str, Entry]) -> list[Stage]:
    stages = [
        Stage(name=name, main=(entries[main],), aside=(entries[aside],))
        for name, main, aside in (
            ("Identification", "flow-identified", "flow-duplicates"),
            ("Screening", "flow-screened", "flow-excluded"),
            ("Screening", "flow-sought", "flow-not-retrieved"),
            ("Screening", "flow-assessed", "flow-excluded-full-text"),
        )
    ]
    return [*stages, Stage(name="Included", main=(entries["flow-included"],))]


def _reported(book: Book, study: Study, outcome: str) -> list[Phrase]:
    values = [
        v for v in book.content.extraction.values
        if v.cell.study == study.id and v.cell.outcome == outcome
    ]  # fmt: skip
    return [
        say("{n} ({status})", n=book.value(v), status=v.status)
        for v in sorted(values, key=lambda v: v.id)
    ]


def _where(book: Book, study: Study, outcome: str, sought: LookedFor | None) -> Piece:
    values: list[Value] = [
        v for v in book.content.extraction.values
        if v.cell.study == study.id and v.cell.outcome == outcome
    ]  # fmt: skip
    if values:
        return join([short_source(book, v) for v in sorted(values, key=lambda v: v.id)], "; ")
    if sought is not None:
        return say("looked for in {where}", where=book.text(sought.where, "citation", "all texts"))
    return "not looked for"
