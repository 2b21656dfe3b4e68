"""Records as RIS: UTF-8 without a mark, LF, one author a line, tags in a fixed order.

Lost on the way: raw fields that no canonical field holds. The note ``tamis:<record id>`` lets a
round trip through another program be recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tamis.domain.records import Record
from tamis.formats.kinds import ris_type
from tamis.formats.names import undivided
from tamis.formats.tagged.meaning import OWN_NOTE, PMID_TAGS
from tamis.formats.tagged.ris import TAG
from tamis.formats.writers.carried import CANONICAL, Partly

__all__ = ["CARRIES", "PARTLY", "write_ris"]

#: The fields of a record that the format has a place for: all of them.
CARRIES: frozenset[str] = frozenset(CANONICAL)
PARTLY: Partly = {}

SPAN = re.compile(r"([A-Za-z]{0,4}\d+)-([A-Za-z]{0,4}\d+)\Z")


def write_ris(records: Sequence[Record]) -> bytes:
    """Return the records as one RIS file.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), title="A title", year=2020, pages="5-9",
    ...                 type="journal article")
    >>> write_ris([record]).decode().splitlines()[:5]
    ['TY  - JOUR', 'TI  - A title', 'PY  - 2020', 'SP  - 5', 'EP  - 9']
    """
    lines = [line for record in records for line in _lines(record)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _lines(record: Record) -> Iterable[str]:
    span = SPAN.match(record.pages)
    first, last = span.groups() if span else (record.pages, "")
    year = "" if record.year is None else str(record.year)
    values: tuple[tuple[str, Sequence[str]], ...] = (
        ("AU", tuple(map(undivided, record.authors))),
        ("TI", (record.title,)),
        ("T2", (record.journal,)),
        ("PY", (year,)),
        ("VL", (record.volume,)),
        ("IS", (record.issue,)),
        ("SP", (first,)),
        ("EP", (last,)),
        ("SN", (record.issn,)),
        ("DO", (record.doi,)),
        ("UR", record.urls),
        ("AB", (_paragraphs(record.abstract),)),
        ("KW", record.keywords),
        ("LA", (record.language,)),
        (_id_tag(record), (record.source_id,)),
        ("DB", (record.database,)),
        ("M3", (record.type,)),
        ("C5", (record.pmid,)),
        ("N1", (OWN_NOTE + record.id,)),
    )
    yield f"TY  - {ris_type(record.type)}"
    for tag, held in values:
        yield from (f"{tag}  - {value}" for value in held if value)
    yield "ER  - "
    yield ""


def _id_tag(record: Record) -> str:
    """Name the tag of a source id; with these databases ``AN`` would be read as a PMID."""
    ambiguous = record.database in PMID_TAGS["AN"] and record.source_id != record.pmid
    return "ID" if ambiguous else "AN"


def _paragraphs(abstract: str) -> str:
    """Keep line breaks, but never let a line of an abstract begin a field or end the record."""
    lines = abstract.split("\n")
    return "\n".join(
        f"      {line}" if at and TAG.match(line) else line for at, line in enumerate(lines)
    )
