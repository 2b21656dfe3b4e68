"""Records as CSL-JSON, which Zotero, pandoc and citation processors read: UTF-8, one array.

An item's ``id`` is ``tamis:<record id>``, because it must be unique in the file; what the source
called the record stands under ``custom``. Lost on the way: every address but the first, raw fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tamis.domain.records import Record
from tamis.formats.tagged.meaning import OWN_NOTE
from tamis.formats.writers.carried import CANONICAL, MORE_URLS, Partly

__all__ = ["CARRIES", "PARTLY", "TYPES", "write_csl"]

#: The fields of a record that the format has a place for; ``source_id`` stands under ``custom``,
#: which other programs pass over.
CARRIES: frozenset[str] = frozenset(CANONICAL)
PARTLY: Partly = MORE_URLS

#: Kind of document → type of the Citation Style Language 1.0.2; every other is ``article-journal``.
TYPES: Mapping[str, str] = {
    "conference abstract": "paper-conference",
    "conference paper": "paper-conference",
    "preprint": "article",
    "thesis": "thesis",
    "book chapter": "chapter",
    "book": "book",
    "report": "report",
    "dataset": "dataset",
    "registration": "document",
    "other": "document",
    "": "document",
}


def write_csl(records: Sequence[Record]) -> bytes:
    """Return the records as one CSL-JSON array.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), type="thesis", title="A", year=2020)
    >>> print(write_csl([record]).decode())
    [
    {"id": "tamis:9f3c12ab9f3c:0", "type": "thesis", "genre": "thesis", "title": "A", "issued": \
{"date-parts": [[2020]]}}
    ]
    <BLANKLINE>
    """
    items = ",\n".join(json.dumps(_item(record), ensure_ascii=False) for record in records)
    return f"[\n{items}\n]\n".encode()


def _item(record: Record) -> dict[str, Any]:
    year = record.year
    held: dict[str, Any] = {
        "id": OWN_NOTE + record.id,
        "type": TYPES.get(record.type, "article-journal"),
        "genre": record.type,
        "title": record.title,
        "author": [_name(name) for name in record.authors],
        "issued": {"date-parts": [[year]]} if year is not None else "",
        "container-title": record.journal,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "ISSN": record.issn,
        "URL": record.urls[0] if record.urls else "",
        "language": record.language,
        "keyword": "; ".join(record.keywords),
        "source": record.database,
        "abstract": record.abstract,
        "custom": {"source-id": record.source_id} if record.source_id else "",
    }
    # by a title, be it empty, readers know that the file holds citations
    return {key: value for key, value in held.items() if key == "title" or value not in ("", [])}


def _name(name: str) -> dict[str, str]:
    family, _, given = name.partition(",")
    if family.strip() and given.strip():
        return {"family": family.strip(), "given": given.strip()}
    return {"literal": name}
