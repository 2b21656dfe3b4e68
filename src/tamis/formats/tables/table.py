"""Citation tables: delimited text with a header that names at least a title and one more field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tamis.domain.records import Record, RefusedPart, Repair
from tamis.domain.registries import registry_numbers
from tamis.formats import fields
from tamis.formats.cleaning import (
    clean,
    clean_abstract,
    clean_keyword,
    clean_title,
    decode_entities,
    one_of,
)
from tamis.formats.databases import plain_database
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed, RawRecord, refuse, repair
from tamis.formats.names import names_of, people
from tamis.formats.tables.columns import (
    FIELD_OF,
    Profile,
    columns_of,
    fields_of,
    known,
    profile_of,
)
from tamis.formats.tables.rows import Row, split_rows

__all__ = [
    "Header", "find_header", "header_among", "lex_rows", "lex_table", "mark_table",
    "read_cells", "read_row",
]  # fmt: skip

DELIMITERS = (",", ";", "\t", "|")

#: A header is looked for in this many rows: Embase puts the query above it.
HEADER_ROWS = 20

#: Excel and Google write ``="01"`` so that a number stays text.
FORMULA = re.compile(r'="(.*)"\Z', re.DOTALL)

#: What our own tables put before a cell that a spreadsheet would run as a formula.
SHIELDED = re.compile(r"'+[=+\-@\t\r]")

#: What a spreadsheet makes of the pages 5-12.
DATE = re.compile(
    r"(?:\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{1,2}"
    r"|(?:19|20)\d\d-\d\d-\d\d(?: 00:00(?::00)?)?)\Z", re.I
)  # fmt: skip

#: ``2020 Feb;63(2):103640. doi: …`` as PubMed packs it into one cell.
CITATION = re.compile(r"; ?([^;:()]{1,40})?(?:\(([^()]{1,40})\))?:([^.]{1,40})\.")


#: Where a keyword ends: in our own tables, and in others. The WHO's portal breaks lines as HTML.
OWN_END = re.compile(";")
WORD_END = re.compile(r"[;|\n；]|<br ?/?>", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where the header row is, how its cells are parted, and what they are called."""

    delimiter: str
    start: int
    names: tuple[str, ...]

    @property
    def known(self) -> int:
        """Number of fields that the columns hold."""
        return len(fields_of(self.names))

    @property
    def cites(self) -> bool:
        """Whether rows under this header are citations: a title and another field."""
        return "title" in fields_of(self.names) and self.known >= 2


def find_header(text: str) -> Header | None:
    r"""Return the row that names most known columns, or ``None`` when no row names two.

    Examples
    --------
    >>> find_header('"SEARCH QUERY","x"\n\nTitle;Year\nA;2020').names
    ('Title', 'Year')
    >>> find_header("some prose, nothing else") is None
    True
    """
    headers = [header for mark in DELIMITERS for header in _headers(split_rows(text, mark), mark)]
    return _best(headers)


def header_among(rows: Iterable[Row]) -> Header | None:
    """Return the row of a sheet that names most known columns, or ``None``.

    Examples
    --------
    >>> header_among([Row(1, 1, ("Query", "x")), Row(4, 4, ("Title", "Year"))]).start
    4
    """
    return _best(list(_headers(rows, "\t")))


def _headers(rows: Iterable[Row], mark: str) -> Iterator[Header]:
    for row in islice(rows, HEADER_ROWS):
        if len(row.cells) > 1:
            yield Header(delimiter=mark, start=row.start, names=tuple(map(_name, row.cells)))


def _best(headers: Sequence[Header]) -> Header | None:
    best = max(headers, key=lambda h: (h.cites, h.known, -h.start), default=None)
    return best if best is not None and best.known >= 2 else None


def mark_table(text: str) -> int | None:
    """Return where a header of citations stands, or ``None``.

    A header with fewer than three known columns counts only if nothing else fits the file.

    Examples
    --------
    >>> mark_table("title,year,doi"), mark_table("title,year"), mark_table("a,b,c")
    (0, 10, None)
    """
    header = find_header(text)
    if header is None or not header.cites:
        return None
    return header.start if header.known >= 3 else len(text)


def lex_table(text: str) -> Lexed:
    r"""Cut a table into records; a record's id is the byte offset of its row.

    Examples
    --------
    >>> lexed = lex_table("title,year\nA,2020\n\nB")
    >>> [record.fields for record in lexed.records]
    [(('title', 'A'), ('year', '2020')), (('title', 'B'), ('year', ''))]
    >>> [repair.code for repair in lexed.repaired]
    ['ragged-row']
    """
    header = find_header(text)
    if header is None:
        return Lexed(records=())
    return replace(lex_rows(split_rows(text, header.delimiter), header), numbered=False)


def lex_rows(rows: Iterable[Row], header: Header) -> Lexed:
    """Cut rows into records; a record's id is the number with which its row begins.

    Examples
    --------
    >>> rows = [Row(4, 4, ("Title", "Year")), Row(5, 5, ("A", "2020"))]
    >>> lexed = lex_rows(rows, header_among(rows))
    >>> lexed.records[0].start, lexed.records[0].fields, lexed.numbered
    (5, (('Title', 'A'), ('Year', '2020')), True)
    """
    records: list[RawRecord] = []
    repaired: list[Repair] = []
    refused: list[RefusedPart] = []
    line = 1
    for row in rows:
        if row.flaw:
            repaired.append(repair(row.line, row.flaw))
        if row.start == header.start:
            line = row.line
            continue
        further = _further_header(row, header)
        if further:
            header = replace(header, names=further)
            refused.append(refuse(row.line, "further-header", header.delimiter.join(row.cells)))
            continue
        code = _no_record(row, header)
        if code:
            refused.append(refuse(row.line, code, header.delimiter.join(row.cells)))
            continue
        if len(row.cells) != len(header.names):
            counts = (len(row.cells), len(header.names))
            repaired.append(repair(row.line, "ragged-row", *counts))
        repaired += _dates_for_pages(row, header)
        records.append(RawRecord(row.start, row.line, _paired(header.names, row.cells)))
    if not records:
        repaired.append(repair(line, "no-records", header.delimiter.join(header.names)))
    profile = profile_of(header.names)
    database = profile.database if profile else ""
    return Lexed(
        records=tuple(records),
        repaired=tuple(repaired),
        refused=tuple(refused),
        database=database,
        numbered=True,
    )


def read_row(record_id: str, raw: Fields, database: str) -> Record:
    """Read one row; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("PMID", "123"), ("Journal/Book", "Lupus"), ("Title", "A title."),
    ...        ("Citation", "Lupus. 2020 Feb;63(2):103-9. doi: 10.1000/x."))
    >>> record = read_row("9f3c12ab9f3c:0", raw, "PubMed")
    >>> record.title, record.journal, record.volume, record.issue, record.pages, record.source_id
    ('A title', 'Lupus', '63', '2', '103-109', '123')
    """
    return read_cells(record_id, raw, database, profile_of(tuple(name for name, _ in raw)))


def read_cells(record_id: str, raw: Fields, database: str, profile: Profile | None) -> Record:
    """Read one row of a table that is known to be of a profile, or of none.

    Examples
    --------
    >>> from tamis.formats.tables.columns import ICTRP
    >>> raw = (("TrialID", "NCT01234567"), ("Scientific_title", "A trial of a sieve."))
    >>> record = read_cells("9f3c12ab9f3c:0", raw, "", ICTRP)
    >>> record.source_id, record.title, record.type, record.database
    ('NCT01234567', 'A trial of a sieve', 'registration', 'WHO ICTRP')
    """
    columns = columns_of(tuple(name for name, _ in raw), profile)
    own = profile is not None and "tamisid" in profile.marks
    held = _Held(columns, [_unwrapped(cell, own=own) for _, cell in raw])
    volume, issue, pages = _packed(held.first("citation"))
    pmid = next(filter(None, map(fields.pmid, held.all("pmid"))), "")
    whole = fields.pages(held.first("pages"))
    kind = profile.kind if profile else ""
    named = database or (profile.database if profile else "") or held.first("database")
    types = held.all("type")
    if not named.isascii() and kind_of([named]):  # CNKI's lists call the kind the database
        named, types = "", [*types, named]
    return Record(
        id=record_id,
        raw=raw,
        source_id=_number(held, kind) or (pmid if database == "PubMed" else ""),
        database=plain_database(named),
        type=kind or kind_of(part for cell in types for part in re.split("[;|]", cell)),
        title=clean_title(held.first("title")),
        authors=_authors(held.cell("authors"), own=own),
        year=fields.year(held.all("year")),
        journal=held.first("journal"),
        volume=fields.volume(held.first("volume") or volume),
        issue=fields.issue(held.first("issue") or issue),
        pages=whole
        or fields.page_span(held.first("first page"), held.first("last page"))
        or fields.pages(pages),
        doi=next(filter(None, map(fields.doi, held.all("doi"))), ""),
        pmid=pmid,
        issn=fields.issn(held.all("issn")),
        abstract=next(filter(None, map(clean_abstract, held.all("abstract"))), ""),
        language=held.first("language"),
        keywords=_words(held.all("keywords"), OWN_END if own else WORD_END),
        urls=fields.urls(held.all("urls")),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The cells of one row by field."""

    columns: Mapping[str, tuple[int, ...]]
    cells: Sequence[str]

    def all(self, field: str) -> list[str]:
        return [self.cells[at] for at in self.columns.get(field, ())]

    def first(self, field: str) -> str:
        return one_of(self.all(field))

    def cell(self, field: str) -> str:
        return next((cell for cell in self.all(field) if clean(cell)), "")


def _name(cell: str) -> str:
    """Return a column's name on one line; it is the tag of raw fields, so nothing else goes."""
    return " ".join(cell.split())


def _no_record(row: Row, header: Header) -> str:
    if row.start < header.start:
        return "before-header"
    filled = [at for at, cell in enumerate(row.cells) if cell.strip()]
    if not filled:
        return "empty-row"
    is_title = filled[0] in fields_of(header.names)["title"]
    alone = len(filled) == 1 and len(row.cells) == 1 and len(header.names) > 2
    return "divider-row" if alone and not is_title else ""


def _further_header(row: Row, header: Header) -> tuple[str, ...]:
    """Return the names of columns if a row below the header is another one: files put together."""
    first = _name(row.cells[0])
    if row.start < header.start or (known(first) not in FIELD_OF and first != header.names[0]):
        return ()
    names = tuple(map(_name, row.cells))
    other = replace(header, start=row.start, names=names)
    named = [name for name in names if name]
    sure = other.cites and other.known >= 3 and 2 * other.known >= len(named)
    return names if names == header.names or sure else ()


def _dates_for_pages(row: Row, header: Header) -> Iterator[Repair]:
    for at in fields_of(header.names).get("pages", ()):
        if at < len(row.cells) and DATE.match(row.cells[at].strip()):
            yield repair(row.line, "date-for-pages", row.cells[at].strip())


def _paired(names: tuple[str, ...], cells: tuple[str, ...]) -> Fields:
    wide = max(len(names), len(cells))
    names += ("",) * (wide - len(names))
    cells += ("",) * (wide - len(cells))
    return tuple(zip(names, cells, strict=True))


def _unwrapped(cell: str, *, own: bool) -> str:
    formula = FORMULA.match(cell)
    if formula:
        return formula[1]
    return cell[1:] if own and SHIELDED.match(cell) else cell


def _authors(cell: str, *, own: bool) -> tuple[str, ...]:
    """Return the authors of a cell; in a table of our own they are parted by semicolons only."""
    return names_of(cell.split(";")) if own else people([cell])


def _number(held: _Held, kind: str) -> str:
    """Return the id of a row; a register that tells no number has it in the address."""
    told = held.first("source id")
    if told or kind != "registration":
        return told
    return min(registry_numbers(" ".join(held.all("urls"))), default="")


def _packed(citation: str) -> tuple[str, str, str]:
    found = CITATION.search(citation)
    if found is None:
        return "", "", ""
    return (found[1] or "").strip(), found[2] or "", found[3]


def _words(cells: Iterable[str], end: re.Pattern[str]) -> tuple[str, ...]:
    words = (clean_keyword(word) for cell in cells for word in end.split(decode_entities(cell)))
    return tuple(dict.fromkeys(word for word in words if word))
