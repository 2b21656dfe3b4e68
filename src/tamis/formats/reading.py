"""The door for reading: bytes of an export file in, a :class:`ParsedFile` out.

The format is decided by what the file holds, never by its name. To add a format: write a ``mark``
(where does it begin, if it is this format?), a ``lex`` (cut it into records) and a ``read`` (what
do the fields mean?), and add one row to ``TABLE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.domain.errors import BadInput, Place
from tamis.domain.ids import record_id
from tamis.domain.records import ParsedFile, Record, Repair
from tamis.formats.databases import commonest
from tamis.formats.decoding import Text, decode
from tamis.formats.foreign import name_foreign
from tamis.formats.lexed import Fields, Lexed, RawRecord, repair
from tamis.formats.tables.columns import KNOWN_TITLES
from tamis.formats.tables.table import find_header, lex_table, mark_table, read_row
from tamis.formats.tagged.dialects import reader_of
from tamis.formats.tagged.meaning import read_nbib_record, read_ris_record
from tamis.formats.tagged.nbib import lex_nbib, mark_nbib
from tamis.formats.tagged.ris import lex_ris, mark_ris
from tamis.formats.tagged.syntaxes import lexer_of, marker_of

__all__ = ["READERS", "read_citations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format that is read: how it is recognised, cut into records, and understood."""

    name: str
    description: str
    mark: Callable[[str], int | None]
    lex: Callable[[str], Lexed]
    read: Callable[[str, Fields, str], Record]


#: Families of tagged lines: format, family, what it is.
FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("wos", "wos", "Web of Science plain text and .ciw, also of the databases it hosts"),
    ("ovid", "ovid", "Ovid tagged text, with two-letter tags or long labels"),
    ("refworks", "refworks", "RefWorks tagged format, also from CNKI and Wanfang"),
    ("refer", "refer", "refer (.enw, EndNote's import format), also from CNKI and Wanfang"),
    ("noteexpress", "noteexpress", "NoteExpress, as exported by CNKI, Wanfang and VIP"),
    ("cnki", "cnki", "CNKI's own text (Title-题名), also of E-Study"),
    ("sinomed", "sinomed", "SinoMed's text of titles and abstracts"),
)

TABLE: tuple[Reader, ...] = (
    Reader(
        name="ris",
        description="RIS, as exported by Scopus, Embase, CENTRAL, EBSCOhost, Ovid, Web of Science, "
        "ProQuest and the reference managers",
        mark=mark_ris,
        lex=lex_ris,
        read=read_ris_record,
    ),
    Reader(
        name="nbib",
        description="PubMed format (nbib, MEDLINE tagged), also from ERIC",
        mark=mark_nbib,
        lex=lex_nbib,
        read=read_nbib_record,
    ),
    *(
        Reader(
            name=name,
            description=description,
            mark=marker_of(family),
            lex=lexer_of(family),
            read=reader_of(family),
        )
        for name, family, description in FAMILIES
    ),
    Reader(
        name="csv",
        description="A table with a header (comma, semicolon, tab or bar), as exported by PubMed, "
        "Scopus, CENTRAL, Embase, EBSCOhost, OpenAlex, Covidence, Rayyan and Tamis",
        mark=mark_table,
        lex=lex_table,
        read=read_row,
    ),
)

#: Lines in which a platform says how many records the file holds (CENTRAL's "Record #1 of 29").
ANNOUNCED = re.compile(r"^\W*Record #\d+ of (\d+)\s*$", re.MULTILINE)

#: Name of each format that is read, and what it is.
READERS: Mapping[str, str] = {reader.name: reader.description for reader in TABLE}


def read_citations(data: bytes, *, name: str) -> ParsedFile:
    r"""Read the citations of one export file.

    Every line that is not blank ends up in some record's ``raw``, or is named in ``repaired`` or
    ``refused``; a record that the file cuts short is kept and said to be cut.

    Parameters
    ----------
    data
        The bytes of the file, unpacked.
    name
        Its name, for messages; the format does not depend on it.

    Returns
    -------
    ParsedFile
        Records in file order, each with the id ``<first 12 digits of the file's hash>:<byte offset
        of its first byte>``. ``database`` is the database that nine records in ten name, else
        ``""``.

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
    text = decode(data, name=name)
    reader = _reader(text)
    lexed = reader.lex(text.text)
    if not lexed.records and reader.name != "csv":
        raise _unknown(text)
    starts = [raw.start for raw in lexed.records]
    offsets = starts if lexed.numbered else text.byte_offsets(starts)
    records = tuple(
        reader.read(record_id(text.sha256, offset), raw.fields, lexed.database)
        for raw, offset in zip(lexed.records, offsets, strict=True)
    )
    repaired = (
        *text.repaired,
        *lexed.repaired,
        *_empties(lexed.records, records),
        *_fewer_than_announced(text.text, len(records)),
    )
    return ParsedFile(
        name=name,
        sha256=text.sha256,
        format=reader.name,
        database=commonest(record.database for record in records) or lexed.database,
        encoding=text.encoding,
        records=records,
        repaired=tuple(sorted(repaired, key=lambda mended: mended.line)),
        refused=lexed.refused,
    )


def _reader(text: Text) -> Reader:
    marks = [(reader.mark(text.text), rank) for rank, reader in enumerate(TABLE)]
    found = [(mark, rank) for mark, rank in marks if mark is not None]
    if not found:
        raise _unknown(text)
    return TABLE[min(found)[1]]


def _empties(raws: tuple[RawRecord, ...], records: tuple[Record, ...]) -> list[Repair]:
    return [
        repair(raw.line, "empty-record")
        for raw, record in zip(raws, records, strict=True)
        if not (record.title or record.doi or record.pmid or record.source_id)
    ]


def _fewer_than_announced(text: str, read: int) -> list[Repair]:
    """Say so when a platform numbers more records than the file holds."""
    return [
        repair(text.count("\n", 0, last.start()) + 1, "count-differs", last[1], read)
        for last in list(ANNOUNCED.finditer(text))[-1:]
        if int(last[1]) > read
    ]


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
