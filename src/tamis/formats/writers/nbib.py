"""Records in PubMed's own format (nbib, MEDLINE tagged): UTF-8, LF, one author a line.

Every record begins with ``PMID-``, empty where the record has none, because programs cut the file
there. Lost on the way: line breaks in abstracts, raw fields. The note ``tamis:<record id>`` stands
in the general note (``GN``), and what PubMed has no tag for in others: another database, a source
id beside a PMID.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tamis.domain.records import Record
from tamis.formats.tagged.meaning import OWN_DATABASE, OWN_NOTE, OWN_SOURCE_ID
from tamis.formats.writers.carried import CANONICAL, Partly

__all__ = ["CARRIES", "PARTLY", "write_nbib"]

#: The fields of a record that the format has a place for.
CARRIES: frozenset[str] = frozenset(CANONICAL)

PARTLY: Partly = {
    "abstract": ("line breaks", lambda record: "\n" in record.abstract),
}

#: Publication types that PubMed calls otherwise than we do.
PUBLICATION_TYPES: Mapping[str, str] = {
    "erratum": "Published Erratum",
    "retraction": "Retraction of Publication",
    "conference abstract": "Meeting Abstract",
}


def write_nbib(records: Sequence[Record]) -> bytes:
    """Return the records as one file in PubMed's format.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), title="A title", pmid="123",
    ...                 authors=("Mouse, Minnie",), doi="10.1000/abc")
    >>> print(write_nbib([record]).decode())
    PMID- 123
    TI  - A title
    LID - 10.1000/abc [doi]
    FAU - Mouse, Minnie
    AU  - Mouse M
    GN  - tamis:9f3c12ab9f3c:0
    <BLANKLINE>
    """
    return "\n".join("".join(_lines(record)) for record in records).encode("utf-8")


def _lines(record: Record) -> Iterable[str]:
    first = len(record.authors)
    while first and "," not in record.authors[first - 1]:
        first -= 1
    yield f"PMID- {record.pmid}\n"
    values: tuple[tuple[str, Sequence[str]], ...] = (
        ("OWN", ("NLM",) if record.database in ("PubMed", "MEDLINE") else ()),
        ("OID", (record.source_id,) if not record.pmid else ()),
        ("IS", (record.issn,)),
        ("VI", (record.volume,)),
        ("IP", (record.issue,)),
        ("DP", ("" if record.year is None else str(record.year),)),
        ("TI", (record.title,)),
        ("PG", (record.pages,)),
        ("LID", (f"{record.doi} [doi]" if record.doi else "",)),
        ("AB", (record.abstract,)),
    )
    yield from _tagged(values)
    for name in record.authors[:first]:
        yield from _tagged((("FAU", (name,)), ("AU", (_short(name),))))
    beside = record.pmid and record.source_id not in ("", record.pmid)
    own = record.database == ("PubMed" if record.pmid else "")
    values = (
        ("CN", record.authors[first:]),
        ("LA", (record.language,)),
        ("PT", (PUBLICATION_TYPES.get(record.type, record.type.title()),)),
        ("JT", (record.journal,)),
        ("OT", record.keywords),
        ("URLF", record.urls),
        ("GN", (OWN_NOTE + record.id,)),
        ("GN", (OWN_DATABASE + record.database,) if record.database and not own else ()),
        ("GN", (OWN_SOURCE_ID + record.source_id,) if beside else ()),
    )
    yield from _tagged(values)


def _tagged(values: Iterable[tuple[str, Sequence[str]]]) -> Iterable[str]:
    """Yield one line a value: blanks of every kind are one, so no value can begin a line."""
    for tag, held in values:
        for value in held:
            if value:
                yield f"{tag:<4}- {' '.join(value.split())}\n"


def _short(name: str) -> str:
    """Return ``Family INITIALS``; the given name's first letters, at most four."""
    family, _, given = name.partition(",")
    if not given.strip():
        return ""
    parts = [part for part in re.split(r"[\s.\-]+", given) if part]
    whole = len(parts) == 1 and parts[0].isupper() and len(parts[0]) <= 4
    initials = parts[0] if whole else "".join(part[0].upper() for part in parts[:4])
    return f"{family.strip()} {initials}".strip()
