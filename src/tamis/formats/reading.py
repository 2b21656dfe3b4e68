"""The door for reading: bytes of an export file in, a :class:`ParsedFile` out.

The format is decided by what the file holds, never by its name; :mod:`tamis.formats.readers` is the
table of formats.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from typing import BinaryIO, TypeVar

from tamis.domain.errors import BadInput, Place
from tamis.domain.ids import record_id
from tamis.domain.records import ParsedFile, Record, Repair
from tamis.formats.databases import commonest
from tamis.formats.decoding import Text, decode
from tamis.formats.foreign import name_foreign
from tamis.formats.lexed import Lexed, RawRecord, repair
from tamis.formats.parts import BLOCK, NotPlain, cut, opened, utf8_offsets
from tamis.formats.readers import READERS, TABLE, Reader
from tamis.formats.tables.columns import KNOWN_TITLES
from tamis.formats.tables.table import find_header
from tamis.formats.tables.workbook import is_workbook, lex_workbook

__all__ = ["fold_citations", "one_file", "read_citations"]

Kept = TypeVar("Kept")

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
    return one_file(fold_citations(BytesIO(data), lambda part: part, name=name))


def one_file(parts: Sequence[ParsedFile]) -> ParsedFile:
    r"""Return the parts of a file as one.

    Examples
    --------
    >>> file = BytesIO(b"TY  - A\nTI  - One\nER  - \n")
    >>> parts = fold_citations(file, lambda part: part, name="a.ris")
    >>> [record.title for record in one_file(parts).records]
    ['One']
    """
    if len(parts) == 1:
        return parts[0]
    records = tuple(chain.from_iterable(part.records for part in parts))
    return replace(
        parts[0],
        database=_database_of(records, parts),
        records=records,
        repaired=tuple(chain.from_iterable(part.repaired for part in parts)),
        refused=tuple(chain.from_iterable(part.refused for part in parts)),
        lines=tuple(chain.from_iterable(part.lines for part in parts)),
    )


def _database_of(records: Sequence[Record], parts: Sequence[ParsedFile]) -> str:
    """Return the database of a file in parts: a mixed one has none, whatever its parts have."""
    if any(record.database for record in records):
        return commonest(record.database for record in records)
    return parts[0].database


def fold_citations(
    file: BinaryIO, each: Callable[[ParsedFile], Kept], *, name: str, block: int = BLOCK
) -> list[Kept]:
    r"""Read the citations of a file part by part, so that memory grows only with what is kept.

    Formats whose records cannot be told apart before they are read, and files that are no plain
    UTF-8, come as one part. Where that shows in the middle of a file, what was kept of it until
    there is dropped and the file read once more, as a whole. What a platform says outside the
    records about its database holds from the part on in which it is said.

    Parameters
    ----------
    file
        The open file, which can be read twice; a gzip archive is unpacked.
    each
        Makes of a part what is kept of it; ids and lines are those of the whole file.
    name
        Its name, for messages.
    block
        Bytes of a part, about.

    Raises
    ------
    BadInput
        As :func:`read_citations` does.

    Examples
    --------
    >>> file = BytesIO(b"TY  - A\nTI  - One\nER  - \n\nTY  - B\nTI  - Two\nER  - \n")
    >>> fold_citations(
    ...     file, lambda part: [record.title for record in part.records], name="a.ris", block=32
    ... )
    [['One'], ['Two']]
    """
    with _no_collector():
        return _folded(file, each, name, block)


def _folded(
    file: BinaryIO, each: Callable[[ParsedFile], Kept], name: str, block: int
) -> list[Kept]:
    stream, sha256 = opened(file, name=name)
    reader = _reader_of_head(stream, block)
    if reader is not None and reader.cut is not None:
        try:
            return [each(part) for part in _in_parts(stream, reader, _File(name, sha256), block)]
        except NotPlain:
            stream.seek(0)
    return [each(_whole(stream.read(), sha256, name))]


def _reader_of_head(file: BinaryIO, block: int) -> Reader | None:
    """Return the reader for a file that is longer than a block, if its beginning tells."""
    head = file.read(block)
    file.seek(0)
    return _reader(head.decode("utf-8-sig", "ignore")) if len(head) == block else None


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    sha256: str


def _in_parts(file: BinaryIO, reader: Reader, of: _File, block: int) -> Iterator[ParsedFile]:
    """Yield the parts, the last one held back: what misses in the whole file is said in it."""
    database, read, encoding = "", 0, "utf-8"
    announced: tuple[int, int] | None = None
    opened: Counter[str] = Counter()
    held: ParsedFile | None = None
    for part in cut(file, reader.cut, block) if reader.cut else ():
        if held is None and part.start:
            encoding = "utf-8-bom"
        if held is not None:
            yield held
        lexed = _lexed(reader, part.text, part.line, of.name)
        database = lexed.database or database
        offsets = utf8_offsets(part.text, [raw.start for raw in lexed.records], part.start)
        lexed = replace(lexed, database=database)
        held = _parsed(reader, lexed, offsets, of, encoding=encoding)
        read += len(held.records)
        opened.update(lexed.opened)
        announced = _announced(reader, part.text, part.line) or announced
    if held is not None:
        misses = [*_fewer_than_announced(announced, read), *_unclosed(opened, held.lines)]
        yield _with_repairs(held, misses)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Pause the collector of reference cycles while a file is read, which makes none.

    It would go over all that the process holds again and again as records come to be.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


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
    missing += _unclosed(lexed.opened, parsed.lines)
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


def _unclosed(opened: Mapping[str, int], lines: Sequence[int]) -> list[Repair]:
    """Say so when an element around the records does not end; the last record may be cut too."""
    line = lines[-1] if lines else 1
    return [repair(line, "unclosed-file", f"<{name}>") for name, n in opened.items() if n > 0]


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
