"""What a lexer hands on: records as runs of raw fields, and everything it mended or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tamis.domain.records import RefusedPart, Repair

__all__ = ["DOUBTS", "REFUSALS", "REPAIRS", "Fields", "Lexed", "RawRecord", "refuse", "repair"]

Fields = tuple[tuple[str, str], ...]

#: Everything a reader mends, and what it then says; ``{}`` is filled in by the reader.
REPAIRS: Mapping[str, str] = {
    "mended-element": "the record is no well-formed XML; it was read as far as it can be",
    "no-end": "the record from line {} has no end line (ER); it was closed before this one",
    "field-again": "the field {} stands in its record more than once; all are kept",
    "no-field": "what follows could not be read as a field; it is kept as it stands: {}",
    "unclosed-value": "a value in the record from line {} does not close; it ends before the next",
    "cut-off": "the file ends inside the record from line {}: it may be cut, compare the counts",
    "unclosed-file": "{} begins in the file and does not end: it may be cut, compare the counts",
    "no-type": "the record has no first line (TY); it was kept from its first field on",
    "no-first-line": "the record begins without its first line; it was kept from its first field",
    "not-ended": "the record from line {} has no end line; it was closed before this one",
    "tag-before-type": "fields stand before the first line (TY) of their record; kept with it",
    "tag-after-end": "fields stand after the end line (ER) of their record; kept with it",
    "extra-end": "an end line (ER) without a record: {}",
    "unindented": "the line is not indented; it was read on from the line before",
    "blank-inside": "a blank line inside a record was passed over",
    "no-separator": "a new record begins without its first line; it was read as its own record",
    "stray-quote": "a quotation mark stands inside a quoted cell; check that rows did not merge",
    "unclosed-quote": "a cell opens with a quotation mark and does not close; read as a character",
    "ragged-row": "the row has {} cells, the header {}",
    "empty-record": "neither title, DOI, PMID nor database id was found; kept, please complete it",
    "count-differs": "the platform numbers {} records in this file and {} were read: it may be cut",
    "further-sheet": "sheet {} holds citations too: its {} records are read with the others",
    "date-for-pages": "a spreadsheet turned the pages into a date, look them up: {}",
    "no-records": "the table has a header and no row of citations: {}",
}

#: Repairs after which records or letters may be missing.
DOUBTS = frozenset({"cut-off", "unclosed-file", "count-differs", "undefined-bytes"})

#: Everything that is no record and is shown as such; the text of the line is part of the message.
REFUSALS: Mapping[str, str] = {
    "export-furniture": "a line the platform adds, no part of a record: {}",
    "outside-record": "a line outside any record: {}",
    "before-header": "a line before the header of the table: {}",
    "no-item": "something that is no item of citations, or is broken: {}",
    "withdrawn": "PubMed has withdrawn the citations with these PMIDs: {}",
    "broken-element": "a record that is no well-formed XML; export it again: {}",
    "further-header": "the header of a further table, by which the rows below it are read: {}",
    "divider-row": "a row that divides the table and cites nothing: {}",
    "empty-row": "a row with empty cells only: {}",
}


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record before its meaning: where it starts (character, line), its fields in order."""

    start: int
    line: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexed:
    """A file cut into records; ``database`` is what stands outside them, if it names one.

    ``numbered`` says that a record's ``start`` is its number (row of a workbook, place in a JSON
    array) and no character: its id then holds that number. ``opened`` counts the elements of XML
    around the records: those that begin, less those that end.
    """

    records: tuple[RawRecord, ...]
    repaired: tuple[Repair, ...] = ()
    refused: tuple[RefusedPart, ...] = ()
    database: str = ""
    numbered: bool = False
    opened: Mapping[str, int] = field(default_factory=dict)


def repair(line: int, code: str, *values: object) -> Repair:
    """Return the repair named ``code`` with its message.

    Examples
    --------
    >>> repair(9, "extra-end", "ER  -").message
    'an end line (ER) without a record: ER  -'
    """
    return Repair(line=line, code=code, message=REPAIRS[code].format(*values))


def refuse(line: int, code: str, text: str) -> RefusedPart:
    """Return the refused part named ``code``; its message holds the text, so nothing is lost."""
    return RefusedPart(line=line, code=code, message=REFUSALS[code].format(text))
