"""The door for reading: bytes of an export file in, a :class:`ParsedFile` out.

The format is decided by what the file holds, never by its name; :mod:`tamis.formats.readers` is the
table of formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from tamis.domain.errors import BadInput, Place
from tamis.domain.ids import record_id
from tamis.domain.records import ParsedFile, Record, Repair
from tamis.formats.databases import commonest
from tamis.formats.decoding import Text, decode
from tamis.formats.foreign import name_foreign
from tamis.formats.lexed import Lexed, RawRecord, repair
from tamis.formats.parts import BLOCK, cut, opened, utf8_offsets
from tamis.formats.readers import READERS, TABLE, Reader
from tamis.formats.tables.columns import KNOWN_TITLES
from tamis.formats.tables.table import find_header
from tamis.formats.tables.workbook import is_workbook, lex_workbook

__all__ = ["one_file", "read_citations", "stream_citations"]

#: What the rows of a workbook mean is told by the same reader as those of a table.
TABLE_READER = next(reader for reader in TABLE if reader.name == "csv")

#: Parts that show what a file is although it holds no record that can be read.
TOLD_APART = frozenset({"withdrawn", "broken-element"})

#: Characters in which most files show what they are.
HEAD = 1 << 16

#: Lines in which a platform says how many records the file holds (CENTRAL's "Record #1 of 29").
ANNOUNCED = re.compile(r"^\W*Record #\d+ of (\d+)\s*$", re.MULTILINE)


def read_citations(data: bytes, *, name: str) -> ParsedFile:
    r"""Read the citations of one export file.

    Every line that is not blank ends up in some record's ``raw``, or is named in ``repaired`` or
    ``refused``; a record that the file cuts short is kept and said to be cut.

    Parameters
    ----------
    data
        The bytes of the file; a gzip archive is unpacked.
    name
        Its name, for messages; the format does not depend on it.

    Returns
    -------
    ParsedFile
        Records in file order, each with the id ``<first 12 digits of the file's hash>:<byte offset
        of its first byte>`` (in the unpacked file; the number of the row or item in a workbook or
        a JSON array). ``database`` is the database that nine records in ten name, else ``""``.

    Raises
    ------
    BadInput
        When the file is empty, is no text, is in an unknown encoding or format, or is a table
        without a title column.

    Examples
    --------
    >>> parsed = read_citations(b"TY  - JOUR\nTI  - A title\nPY  - 2020\nER  - \n", name="x.txt")
    >>> parsed.format, parsed.encoding, parsed.records[0].title, parsed.records[0].offset
    ('ris', 'utf-8', 'A title', 0)
    """
    return one_file(stream_citations(BytesIO(data), name=name))


def one_file(stream: Iterable[ParsedFile]) -> ParsedFile:
    r"""Return the parts of a file as one.

    Examples
    --------
    >>> parts = stream_citations(BytesIO(b"TY  - A\nTI  - One\nER  - \n"), name="a.ris")
    >>> [record.title for record in one_file(parts).records]
    ['One']
    """
    parts = tuple(stream)
    if len(parts) == 1:
        return parts[0]
    records = tuple(chain.from_iterable(part.records for part in parts))
    return replace(
        parts[0],
        database=commonest(record.database for record in records) or parts[0].database,
        records=records,
        repaired=tuple(chain.from_iterable(part.repaired for part in parts)),
        refused=tuple(chain.from_iterable(part.refused for part in parts)),
        lines=tuple(chain.from_iterable(part.lines for part in parts)),
    )


def stream_citations(file: BinaryIO, *, name: str, block: int = BLOCK) -> Iterator[ParsedFile]:
    r"""Read the citations of a file part by part, so that memory does not grow with it.

    Formats whose records cannot be told apart before they are read, and files that are no plain
    UTF-8, come as one part. What a platform says outside the records about its database holds from
    the part on in which it is said.

    Parameters
    ----------
    file
        The open file, which can be read twice; a gzip archive is unpacked.
    name
        Its name, for messages.
    block
        Bytes of a part, about.

    Yields
    ------
    ParsedFile
        A part of the file; ids and lines are those of the whole file.

    Raises
    ------
    BadInput
        As :func:`read_citations` does.

    Examples
    --------
    >>> file = BytesIO(b"TY  - A\nTI  - One\nER  - \n\nTY  - B\nTI  - Two\nER  - \n")
    >>> parts = stream_citations(file, name="a.ris", block=32)
    >>> [[record.title for record in part.records] for part in parts]
    [['One'], ['Two']]
    """
    plain, seen = opened(file, name=name)
    reader = _reader_of_head(plain, block) if seen.plain and seen.size > block else None
    if reader is None or reader.cut is None:
        yield _whole(plain.read(), seen.sha256, name)
    else:
        yield from _in_parts(plain, reader, _File(name, seen.sha256), block)


def _reader_of_head(file: BinaryIO, block: int) -> Reader | None:
    head = file.read(block).decode("utf-8-sig", "ignore")
    file.seek(0)
    return _reader(head)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    sha256: str


def _in_parts(file: BinaryIO, reader: Reader, of: _File, block: int) -> Iterator[ParsedFile]:
    """Yield the parts, the last one held back: what misses in the whole file is said in it."""
    database, read, encoding = "", 0, "utf-8"
    announced: tuple[int, int] | None = None
    held: ParsedFile | None = None
    for part in cut(file, reader.cut, block) if reader.cut else ():
        if held is None and part.start:
            encoding = "utf-8-bom"
        lexed = _lexed(reader, part.text, part.line, of.name)
        database = lexed.database or database
        offsets = utf8_offsets(part.text, [raw.start for raw in lexed.records], part.start)
        if held is not None:
            yield held
        lexed = replace(lexed, database=database)
        held = _parsed(reader, lexed, offsets, of, encoding=encoding)
        read += len(held.records)
        announced = _announced(reader, part.text, part.line) or announced
    if held is not None:
        yield _with_repairs(held, _fewer_than_announced(announced, read))


def _lexed(reader: Reader, text: str, line: int, name: str) -> Lexed:
    """Cut a text; what a lexer refuses, it refuses in the name of the file."""
    try:
        return reader.lex(text, line) if reader.cut else reader.lex(text)
    except BadInput as error:
        where = error.where or Place(file=name, line=line)
        raise BadInput(error.problem, error.remedy, where=replace(where, file=name)) from error


def _whole(data: bytes, sha256: str, name: str) -> ParsedFile:
    if is_workbook(data):
        lexed = lex_workbook(data, name)
        starts = [raw.start for raw in lexed.records]
        sheet = replace(TABLE_READER, name="xlsx")
        return _parsed(sheet, lexed, starts, _File(name, sha256), encoding="xlsx")
    text = decode(data, name=name)
    reader = _reader(text.text)
    if reader is None:
        raise _unknown(text)
    lexed = _lexed(reader, text.text, 1, name)
    shown = reader.name == "csv" or any(part.code in TOLD_APART for part in lexed.refused)
    if not lexed.records and not shown:
        raise _unknown(text)
    starts = [raw.start for raw in lexed.records]
    offsets = starts if lexed.numbered else text.byte_offsets(starts)
    parsed = _parsed(reader, lexed, offsets, _File(name, sha256), encoding=text.encoding)
    missing = _fewer_than_announced(_announced(reader, text.text, 1), len(parsed.records))
    return _with_repairs(parsed, [*text.repaired, *missing])


def _parsed(
    reader: Reader, lexed: Lexed, offsets: Sequence[int], of: _File, *, encoding: str = "utf-8"
) -> ParsedFile:
    records = tuple(
        reader.read(record_id(of.sha256, offset), raw.fields, lexed.database)
        for raw, offset in zip(lexed.records, offsets, strict=True)
    )
    return ParsedFile(
        name=of.name,
        sha256=of.sha256,
        format=reader.name,
        database=commonest(record.database for record in records) or lexed.database,
        encoding=encoding,
        records=records,
        repaired=_sorted(lexed.repaired, _empties(lexed.records, records)),
        refused=lexed.refused,
        lines=tuple(raw.line for raw in lexed.records),
    )


def _with_repairs(parsed: ParsedFile, more: Sequence[Repair]) -> ParsedFile:
    return replace(parsed, repaired=_sorted(more, parsed.repaired))


def _sorted(*repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    return tuple(sorted(chain.from_iterable(repairs), key=lambda mended: mended.line))


def _reader(text: str) -> Reader | None:
    """Return the reader whose format begins first in a text.

    What begins in the head of the file begins before all that follows; most files show it there.
    """
    head = text[:HEAD]
    found = _marks(head)
    if len(text) > HEAD and not any(mark < HEAD for mark, _ in found):
        found = _marks(text)
    return TABLE[min(found)[1]] if found else None


def _marks(text: str) -> list[tuple[int, int]]:
    marks = ((reader.mark(text), rank) for rank, reader in enumerate(TABLE))
    return [(mark, rank) for mark, rank in marks if mark is not None]


def _empties(raws: tuple[RawRecord, ...], records: tuple[Record, ...]) -> list[Repair]:
    return [
        repair(raw.line, "empty-record")
        for raw, record in zip(raws, records, strict=True)
        if not (record.title or record.doi or record.pmid or record.source_id)
    ]


def _announced(reader: Reader, text: str, first_line: int) -> tuple[int, int] | None:
    """Return the last line in which a platform numbers its records, and how many it says."""
    told = reader.numbered and "Record #" in text
    found = list(ANNOUNCED.finditer(text)) if told else []
    if not found:
        return None
    return text.count("\n", 0, found[-1].start()) + first_line, int(found[-1][1])


def _fewer_than_announced(announced: tuple[int, int] | None, read: int) -> list[Repair]:
    """Say so when a platform numbers more records than the file holds."""
    if announced is None or announced[1] <= read:
        return []
    return [repair(announced[0], "count-differs", announced[1], read)]


def _unknown(text: Text) -> BadInput:
    where = Place(file=text.name, line=1)
    foreign = name_foreign(text.text)
    if foreign:
        what, remedy = foreign
        return BadInput(f"this is {what}, which is not read yet", remedy, where=where)
    header = find_header(text.text)
    if header is not None:
        line = text.text.count("\n", 0, header.start) + 1
        return BadInput(
            "no column holds the titles; the columns are " + ", ".join(header.names),
            "call one of them " + ", ".join(KNOWN_TITLES[:-1]) + f" or {KNOWN_TITLES[-1]}",
            where=Place(file=text.name, line=line),
        )
    return BadInput(
        "this is no citation file that is known",
        f"export the citations as one of {', '.join(READERS)}",
        where=where,
    )
