"""What reading one file found: the report of an import, as a value.

It is made from the bytes and from what was read from them, and says nothing that a person could not
check against the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from tamis.domain.records import ParsedFile, Record
from tamis.formats.lexed import Fields
from tamis.formats.parts import opened
from tamis.formats.readers import TABLE, Reader

__all__ = ["FILLED", "REMARKS", "FileFacts", "facts_of"]

#: Fields whose share of filled records is told.
FILLED: tuple[str, ...] = ("abstract", "doi", "year", "authors")

#: What a report may remark, and what it then says.
REMARKS: Mapping[str, str] = {
    "no-abstracts": "no record has an abstract: screening will suffer; export the citations again "
    "in a format that holds abstracts",
    "no-records": "no record was found",
    "exact-copies": "{} of the records stand in this file twice, character by character",
}

#: Records in which a tag is tried before it counts as one that holds nothing of ours.
TRIED = 10

MARKS: tuple[bytes, ...] = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
NUMBER = re.compile(r"\[\d+\]")
#: Formats that are archives or need no line to be read; they have no ends of lines.
WITHOUT_LINES = frozenset({"xlsx"})
#: What our own files add to every record, for nothing but to know it again.
OUR_OWN = frozenset({"tamis_id"})
#: Formats whose fields another one's reader understands.
READ_AS: Mapping[str, str] = {"xlsx": "csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """Facts about one file that was read.

    ``encoding_guessed`` and ``byte_order_mark`` say how its letters were told; ``line_ends`` is LF,
    CRLF, CR, mixed or none. ``repairs`` counts what was mended by kind, ``set_aside`` what is no
    record by kind. ``unmapped`` are the tags from which no field of a record was filled, with the
    number of records that hold them; they are kept in ``Record.raw``. ``filled`` counts the records
    that say something in a field. ``copies`` are records of which the file holds an equal one
    above. ``remarks`` are sentences for a person.
    """

    name: str
    sha256: str
    bytes: int
    format: str
    database: str
    encoding: str
    encoding_guessed: bool
    byte_order_mark: bool
    line_ends: str
    records: int
    refused: int
    repairs: Mapping[str, int]
    set_aside: Mapping[str, int]
    unmapped: Mapping[str, int]
    filled: Mapping[str, int]
    copies: int
    remarks: tuple[tuple[str, str], ...]

    def share(self, field: str) -> int | None:
        """Return the percentage of records with a field, rounded down; ``None`` of no records."""
        return self.filled[field] * 100 // self.records if self.records else None

    def as_dict(self) -> dict[str, Any]:
        """Return the facts for programs, in the shape that ``--json`` prints."""
        return {
            "sha256": self.sha256,
            "bytes": self.bytes,
            "format": self.format,
            "database": self.database,
            "encoding": self.encoding,
            "encoding_guessed": self.encoding_guessed,
            "byte_order_mark": self.byte_order_mark,
            "line_ends": self.line_ends,
            "records": self.records,
            "refused": self.refused,
            "repairs": dict(self.repairs),
            "set_aside": dict(self.set_aside),
            "unmapped": dict(self.unmapped),
            "filled": dict(self.filled),
            "copies": self.copies,
            "remarks": [{"code": code, "message": message} for code, message in self.remarks],
        }


def facts_of(data: bytes, parsed: ParsedFile) -> FileFacts:
    r"""Return the facts about a file.

    Parameters
    ----------
    data
        The bytes of the file; a gzip archive is looked into.
    parsed
        What was read from them.

    Examples
    --------
    >>> from tamis.formats import read_citations
    >>> data = b"TY  - JOUR\r\nTI  - A title\r\nC1  - Rome\r\nER  - \r\n"
    >>> facts = facts_of(data, read_citations(data, name="a.ris"))
    >>> facts.line_ends, facts.unmapped, facts.share("abstract"), facts.remarks[0][0]
    ('CRLF', {'C1': 1}, 0, 'no-abstracts')
    """
    plain = opened(BytesIO(data), name=parsed.name)[0].read()
    records = parsed.records
    filled = {field: sum(_is_filled(record, field) for record in records) for field in FILLED}
    copies = len(records) - len({record.raw for record in records})
    return FileFacts(
        name=parsed.name,
        sha256=parsed.sha256,
        bytes=len(data),
        format=parsed.format,
        database=parsed.database,
        encoding=parsed.encoding,
        encoding_guessed=any(mended.code == "encoding-guessed" for mended in parsed.repaired),
        byte_order_mark=plain.startswith(MARKS),
        line_ends="none" if parsed.format in WITHOUT_LINES else _line_ends(plain),
        records=len(records),
        refused=len(parsed.refused),
        repairs=_counted(mended.code for mended in parsed.repaired),
        set_aside=_counted(part.code for part in parsed.refused),
        unmapped=_unmapped(parsed),
        filled=filled,
        copies=copies,
        remarks=_remarks(len(records), filled, copies),
    )


def _is_filled(record: Record, field: str) -> bool:
    return getattr(record, field) not in ("", (), None)


def _counted(codes: Iterable[str]) -> dict[str, int]:
    return dict(Counter(codes).most_common())


def _remarks(records: int, filled: Mapping[str, int], copies: int) -> tuple[tuple[str, str], ...]:
    codes = (
        ("no-records", not records),
        ("no-abstracts", bool(records) and not filled["abstract"]),
        ("exact-copies", bool(copies)),
    )
    return tuple((code, REMARKS[code].format(copies)) for code, holds in codes if holds)


def _line_ends(data: bytes) -> str:
    """Name the ends of lines; a file in UTF-16 or UTF-32 has zeros between its bytes."""
    bare = data.replace(b"\x00", b"") if b"\x00" in data[:400] else data
    both = bare.count(b"\r\n")
    found = [
        name
        for name, count in (
            ("CRLF", both),
            ("LF", bare.count(b"\n") - both),
            ("CR", bare.count(b"\r") - both),
        )
        if count
    ]
    return found[0] if len(found) == 1 else "mixed" if found else "none"


# ------------------------------------------------------------------ tags without a meaning
def _unmapped(parsed: ParsedFile) -> dict[str, int]:
    """Count the tags from which no field was filled, by trying the reader itself.

    A tag is mapped if a record that holds nothing else than it says something, or says something
    else without it; the first ``TRIED`` records that hold it are tried.
    """
    name = READ_AS.get(parsed.format, parsed.format)
    reader = next((reader for reader in TABLE if reader.name == name), None)
    if reader is None:
        return {}
    held: Counter[str] = Counter()
    samples: dict[str, list[Record]] = {}
    for record in parsed.records:
        for tag in dict.fromkeys(tag for tag, value in record.raw if value.strip()):
            held[tag] += 1
            found = samples.setdefault(tag, [])
            if len(found) < TRIED:
                found.append(record)
    plain: Counter[str] = Counter()
    mapped: set[str] = set()
    for tag, count in held.items():
        name = _bare(tag)
        plain[name] = max(plain[name], count)
        if name not in mapped and any(_is_mapped(reader, r, name) for r in samples[tag]):
            mapped.add(name)
    return {
        name: count
        for name, count in plain.most_common()
        if name and name not in mapped and name not in OUR_OWN
    }


def _bare(tag: str) -> str:
    """Return a tag without its attributes and places in a list."""
    return NUMBER.sub("", tag.partition("@")[0] or tag.partition("=")[0])


def _is_mapped(reader: Reader, record: Record, name: str) -> bool:
    def said(raw: Fields) -> Record:
        return replace(reader.read(record.id, raw, ""), raw=())

    without = tuple(pair for pair in record.raw if _bare(pair[0]) != name)
    if said(without) != said(record.raw):
        return True
    own = tuple(pair for pair in record.raw if _bare(pair[0]) == name)
    head = tuple(pair for pair in record.raw[:1] if pair not in own)
    return said((*head, *own)) != said(head) or said(own) != said(())
