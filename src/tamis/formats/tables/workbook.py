"""Workbooks (.xlsx): the rows of their sheets as text, read with the standard library and lxml.

Source: Office Open XML, ECMA-376 part 1 (SpreadsheetML). Only texts and numbers are read: no
formula is run, nothing outside the file is fetched.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from posixpath import join, normpath

from lxml import etree

from tamis.domain.errors import BadInput, Place
from tamis.formats.lexed import Lexed, repair
from tamis.formats.tables.rows import Row
from tamis.formats.tables.table import header_among, lex_rows

__all__ = ["is_workbook", "lex_workbook"]

SHEETS = re.compile(r"xl/worksheets/[^/]{1,80}\.xml\Z")
SHARED, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

#: More than any export of citations has: unpacked bytes, times of the packed bytes, parts of the
#: archive, columns of a sheet, and cells of a sheet with those left empty.
MOST_BYTES, MOST_TIMES, MOST_PARTS = 1 << 28, 200, 10_000
MOST_COLUMNS, MOST_CELLS = 2_000, 20_000_000

#: The standard allows UTF-8 and UTF-16; an encoding that hides a document type is refused.
STRANGE = re.compile(rb"\A[^<]*<\?xml[^>]*encoding\s*=\s*.(?!utf-8|us-ascii|ascii)", re.I)
#: What zipfile and lxml raise over a broken archive; a password is asked for with RuntimeError.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, etree.XMLSyntaxError, KeyError, OSError,
    EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip

#: Between the numbers of rows of two sheets; a sheet has at most 1,048,576 rows.
A_SHEET = 10_000_000

#: Beyond this power of ten a number stays as it is written.
MOST_DIGITS = 20

CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
#: Numbers of the built-in formats of dates, and what a format of one's own shows.
DATES = frozenset(range(14, 23)) | frozenset((27, 30, 36, 45, 46, 47, 50, 57))
DATE_CODE = re.compile(r"[dmyDMY]")
#: A character that XML cannot hold, as Excel writes it (ECMA-376, 22.9.2.19).
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def is_workbook(data: bytes) -> bool:
    """Tell whether bytes are a workbook.

    Examples
    --------
    >>> is_workbook(b"PK, but no archive"), is_workbook(b"TY  - JOUR")
    (False, False)
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return any(SHEETS.match(name) for name in archive.namelist())
    except BROKEN:
        return False


def lex_workbook(data: bytes, name: str) -> Lexed:
    """Cut the sheets that hold citations into records; an id is the number of the row.

    Rows of a second such sheet are numbered from ten million, and so on, and it is said.

    Raises
    ------
    BadInput
        When no sheet has a header of citations, or the file is broken or a trap.
    """
    where = Place(file=name, line=1)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive, len(data), where)
            shared, dates = _shared(archive), _date_styles(archive)
            names: list[str] = []
            found: list[tuple[int, Lexed]] = []
            for number, sheet in enumerate(_sheets(archive), 1):
                rows = list(_rows(_xml(archive, sheet), shared, dates))
                header = header_among(rows)
                if header is not None and header.cites:
                    found.append((number, lex_rows(_filled(rows, header.start), header)))
                names += header.names if header else ()
            if found:
                return _together(found)
    except BROKEN as error:
        raise BadInput(
            "the workbook is broken", "open it, save it again, or save the sheet as CSV",
            where=where,
        ) from error  # fmt: skip
    raise BadInput(
        "no sheet of the workbook has a column of titles"
        + (f"; there are {', '.join(names[:20])}" if names else ""),
        "call a column Title, Article Title or TI",
        where=where,
    )


def _together(sheets: Sequence[tuple[int, Lexed]]) -> Lexed:
    """Return the sheets as one; what is said of a further one is said with its number."""
    (_, first), *others = sheets
    records, repaired, refused = [*first.records], [*first.repaired], [*first.refused]
    for at, (number, lexed) in enumerate(others, 1):
        if not lexed.records:
            continue
        records += [replace(one, start=one.start + at * A_SHEET) for one in lexed.records]
        line = lexed.records[0].line
        repaired += [repair(line, "further-sheet", number, len(lexed.records)), *lexed.repaired]
        refused += lexed.refused
    one = {lexed.database for _, lexed in sheets if lexed.records}
    return replace(
        first, records=tuple(records), repaired=tuple(repaired), refused=tuple(refused),
        database=one.pop() if len(one) == 1 else "",
    )  # fmt: skip


def _refuse_bombs(archive: zipfile.ZipFile, packed: int, where: Place) -> None:
    size = sum(entry.file_size for entry in archive.infolist())
    many = len(archive.infolist()) > MOST_PARTS
    if many or size > MOST_BYTES or size > max(packed * MOST_TIMES, 1 << 20):
        raise BadInput(
            "the workbook unpacks to far more than it should", "save the sheet as CSV",
            where=where,
        )  # fmt: skip


def _filled(rows: Sequence[Row], header: int) -> list[Row]:
    """Return rows as wide as the header: a program leaves out the empty cells at the end.

    A row of one cell stays: it may be a divider.
    """
    width = next((len(row.cells) for row in rows if row.start == header), 0)
    short = ("",) * width
    return [
        replace(row, cells=row.cells + short[len(row.cells) :])
        if row.start > header and len(row.cells) > 1
        else row
        for row in rows
    ]


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    data = archive.read(name)
    strange = b"\0" in data[:200] or STRANGE.match(data[:400])
    if strange or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError(name)
    return etree.fromstring(data, parser)


def _sheets(archive: zipfile.ZipFile) -> list[str]:
    """Return the sheets as the workbook orders them, else by their numbers."""
    held = archive.namelist()
    names = sorted((n for n in held if SHEETS.match(n)), key=lambda name: (len(name), name))
    if BOOK not in held or LINKS not in held:
        return names
    targets = {
        link.get("Id"): normpath(join("/xl", link.get("Target", "")))[1:]
        for link in _xml(archive, LINKS).iter()
    }
    shown = [
        targets.get(value, "")
        for sheet in _xml(archive, BOOK).iter()
        if _local(sheet) == "sheet"
        for key, value in sheet.items()
        if key.endswith("}id")
    ]
    ranks = {name: rank for rank, name in reversed(list(enumerate(shown)))}
    return sorted(names, key=lambda name: ranks.get(name, len(shown)))


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if SHARED not in archive.namelist():
        return []
    root = _xml(archive, SHARED)
    return [_text(item) for item in root if _local(item) == "si"]


def _text(item: etree._Element) -> str:
    """Return the text of runs; phonetic guides are none."""
    text = "".join(
        part.text or ""
        for part in item.iter()
        if _local(part) == "t" and _local(part.getparent()) != "rPh"
    )
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Return the numbers of the cell styles that show dates."""
    if STYLES not in archive.namelist():
        return frozenset()
    root = _xml(archive, STYLES)
    own = {
        int(one.get("numFmtId", "0"))
        for one in root.iter()
        if _local(one) == "numFmt" and DATE_CODE.search(QUOTED.sub("", one.get("formatCode", "")))
    }
    found: set[int] = set()
    for group in root:
        if _local(group) == "cellXfs":
            found = {
                at
                for at, style in enumerate(group)
                if int(style.get("numFmtId", "0")) in DATES | own
            }
    return frozenset(found)


def _rows(sheet: etree._Element, shared: list[str], dates: frozenset[int]) -> Iterator[Row]:
    number, held = 0, 0
    for row in sheet.iter():
        if _local(row) != "row":
            continue
        told = int(row.get("r") or number + 1)
        number = told if told > number else number + 1  # an id stands once
        cells: list[str] = []
        for at, value in _cells(row, shared, dates):
            cells += [""] * (at + 1 - len(cells))
            cells[at] = value
        held += len(cells)
        if held > MOST_CELLS:
            raise ValueError(number)
        if cells:
            yield Row(number, number, tuple(cells))


def _cells(
    row: etree._Element, shared: list[str], dates: frozenset[int]
) -> Iterator[tuple[int, str]]:
    """Yield the column and the text of each cell that holds one."""
    at = -1
    for cell in row:
        if _local(cell) != "c":
            continue
        place = CELL.match(cell.get("r", ""))
        at = _column(place[1]) if place else at + 1
        value = _value(cell, shared, dates)
        if not value.strip():
            continue
        if at >= MOST_COLUMNS:
            raise ValueError(at)
        yield at, value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: etree._Element, shared: list[str], dates: frozenset[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((child.text or "" for child in cell if _local(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind != "n" or not value:
        return value
    if int(cell.get("s", "0")) in dates:
        return _date(value)
    return _number(value)


def _date(value: str) -> str:
    """Return a day as ISO; day 60 is the 29 February 1900 that never was."""
    try:
        days = float(value)
        moment = datetime(1899, 12, 30) + timedelta(days=days)
    except (ValueError, OverflowError):
        return value
    return moment.date().isoformat() if days.is_integer() else moment.isoformat(" ", "minutes")


def _number(value: str) -> str:
    """Return a number as a sheet shows it: no exponent, no point without need, 15 digits.

    Whole numbers keep all their digits: identifiers may have more than 15.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        return value
    if number == number.to_integral_value():
        return str(int(number))
    return format(Decimal(f"{number:.15g}").normalize(), "f")


def _local(element: etree._Element | None) -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]
