"""What each study counted: every value of an outcome, by definition, estimand and visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tamis.domain.decisions import Note
from tamis.domain.question import Outcome
from tamis.domain.values import Cell as DataCell
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.names import STATISTIC_WORDS
from tamis.report.phrase import NBSP, Phrase, Piece, distinct, join, say
from tamis.report.sources import short_source
from tamis.report.view import Cell, Row, Table, columns

__all__ = [
    "cell_values", "definition_words", "definitions_list", "grouped", "of_outcome",
    "value_words", "what_each_counted",
]  # fmt: skip

#: Statistics in the order in which a cell is read.
ORDER = tuple(STATISTIC_WORDS)

#: Designs that have a comparison group.
COMPARATIVE = ("randomised", "non-randomised")

#: Order of estimands in tables.
ESTIMAND_ORDER = ("ever", "best-by", "point", "change", "follow-up")


def definition_note(book: Book, definition: str) -> Note | None:
    """Return the note (topic ``definition``) that gives the words of a definition's id."""
    for note in book.content.notes:
        if note.topic == "definition" and note.subject.removeprefix("definition/") == definition:
            return note
    return None


def definition_words(book: Book, definition: str) -> Piece:
    """Return a definition in words: the note's label or text, else its id."""
    if definition in ("", "not-stated"):
        return "definition not stated"
    note = definition_note(book, definition)
    if note is not None:
        fields = dict(note.fields)
        words = fields.get("label") or fields.get("text") or definition
        return book.lit(words, "definition")
    return book.lit(definition, "label")


def definitions_list(book: Book) -> tuple[tuple[Piece, Phrase], ...]:
    """Return (study and name, words with their status) of every definition in use."""
    used = {v.cell.definition for v in book.content.extraction.values} - {"not-stated", ""}
    found: list[tuple[Piece, Phrase]] = []
    for definition in sorted(used):
        note = definition_note(book, definition)
        if note is None:
            continue
        fields = dict(note.fields)
        name: Piece = book.lit(definition, "label")
        if fields.get("study") and fields.get("label"):
            name = say("{study}: {label}", study=book.names.study(fields["study"]),
                       label=book.lit(fields["label"], "definition"))  # fmt: skip
        words = say(
            "{text} ({status})",
            text=book.text(fields.get("text", ""), "definition"),
            status=book.text(fields.get("status", ""), "label", "status not given"),
        )
        found.append((name, words))
    return tuple(found)


def cell_values(values: Iterable[Value]) -> dict[DataCell, list[Value]]:
    """Group values by cell, in the order of cells: study, estimand, visit, arm."""
    found: dict[DataCell, list[Value]] = defaultdict(list)
    for value in values:
        found[value.cell].append(value)
    for group in found.values():
        group.sort(key=lambda v: (ORDER.index(v.statistic), v.id))
    return dict(found)


def grouped(book: Book, values: Iterable[Value]) -> list[tuple[DataCell, list[Value]]]:
    """Return cells in reading order."""
    months = {v.id: float(v.months) for v in book.content.protocol.visits}
    cells = cell_values(values)

    def key(cell: DataCell) -> tuple[object, ...]:
        estimand = ESTIMAND_ORDER.index(cell.estimand)
        when = months.get(cell.visit, 1e9)
        contrast = "-vs-" in cell.arm
        arm = (cell.study, cell.outcome, contrast, cell.arm)
        return (*arm, estimand, when, cell.visit, cell.definition, cell.n)

    return [(cell, cells[cell]) for cell in sorted(cells, key=key)]


def of_outcome(book: Book, outcome: str, roles: Sequence[str]) -> list[Value]:
    """Return the values of one outcome from studies of these roles."""
    studies = {s.id for s in book.content.studies if s.role in roles}
    return [
        v for v in book.content.extraction.values
        if v.cell.outcome == outcome and v.cell.study in studies
    ]  # fmt: skip


def value_words(book: Book, values: Sequence[Value]) -> Phrase:
    """Return the statistics of one cell as a reader writes them: "49/81", "mean 3.1 (SD 1.2)"."""
    by = {v.statistic: v for v in values}
    parts: list[Piece] = []
    if "events" in by:
        n = by.pop("n", None)
        events = by.pop("events")
        parts.append(
            say("{a}/{n}", a=book.shown(events, unit=False), n=book.shown(n, unit=False))
            if n
            else say("{a} people", a=book.shown(events, unit=False))
        )
    for spread, mark in (("sd", "SD"), ("se", "SE")):
        if "mean" in by and spread in by:
            m, s = by.pop("mean"), by.pop(spread)
            parts.append(say("mean {m} ({mark} {s})", m=book.shown(m), mark=mark,
                             s=book.shown(s, unit=False)))  # fmt: skip
    if "median" in by and "q1" in by and "q3" in by:
        middle = book.shown(by.pop("median"))
        low, high = (book.shown(by.pop(name), unit=False) for name in ("q1", "q3"))
        parts.append(say("median {m} ({low} to {high})", m=middle, low=low, high=high))
    for statistic in sorted(by, key=ORDER.index):
        value = by[statistic]
        shown = book.shown(value)
        if statistic in ("text", "percent", "estimate"):
            parts.append(shown)
        elif statistic == "n":
            parts.append(say(f"n{NBSP}={NBSP}{{n}}", n=shown))
        else:
            parts.append(say("{what} {q}", what=STATISTIC_WORDS[statistic], q=shown))
    return join(parts, "; ")


def what_each_counted(book: Book, outcome: Outcome, roles: Sequence[str]) -> tuple[Table, ...]:
    """Return an outcome by definition, estimand and visit: compared studies, then the others.

    Studies with and without a comparator never share a table.
    """
    groups = grouped(book, of_outcome(book, outcome.id, roles))
    compared = {s.id for s in book.content.studies if s.design in COMPARATIVE}
    tables = []
    for name, words, mine in (
        ("compared", "as each study with a comparator counts it", True),
        ("observed", "as each study without a comparator counts it", False),
    ):
        cells = [group for group in groups if (group[0].study in compared) is mine]
        if cells:
            title = book.names.outcome_title(outcome.id)
            tables.append(
                Table(
                    id=f"table-counted-{outcome.id}-{name}",
                    caption=say("{title}, {words}", title=title, words=words),
                    columns=columns(
                        "Study", "Arm", "Definition", "Estimand and visit", "Result", "Read in"
                    ),
                    rows=tuple(_counted_rows(book, cells)),
                )
            )
    return tuple(tables)


def _counted_rows(book: Book, groups: Sequence[tuple[DataCell, list[Value]]]) -> Iterator[Row]:
    last = ""
    for cell, values in groups:
        count = sum(1 for other, _ in groups if other.study == cell.study)
        name = Cell(piece=book.names.study(cell.study), head=True, rows=count)
        body = (
            Cell(piece=book.names.arm(cell.arm)),
            Cell(piece=definition_words(book, cell.definition)),
            Cell(piece=book.names.when(cell)),
            Cell(piece=value_words(book, values)),
            Cell(piece=_sources(book, values)),
        )
        yield Row(cells=body if cell.study == last else (name, *body))
        last = cell.study


def _sources(book: Book, values: Sequence[Value]) -> Phrase:
    found = [short_source(book, v) for v in values]
    return join(distinct(found), "; ")
