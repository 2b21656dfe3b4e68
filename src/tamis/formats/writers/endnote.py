"""Records as EndNote XML, which EndNote, Zotero, Mendeley and screening programs read: UTF-8.

Lost on the way: a source id that would be read as a PMID, and raw fields. The note
``tamis:<record id>`` stands in ``notes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tamis.domain.records import Record
from tamis.formats.names import undivided
from tamis.formats.tagged.meaning import OWN_NOTE
from tamis.formats.writers.carried import CANONICAL, Partly

__all__ = ["CARRIES", "ILLEGAL", "PARTLY", "REF_TYPES", "write_endnote"]

#: The fields of a record that the format has a place for.
CARRIES: frozenset[str] = frozenset(CANONICAL)

#: Kind of document → name and number of EndNote's reference type; every other is an article.
REF_TYPES: Mapping[str, tuple[str, int]] = {
    "conference abstract": ("Conference Paper", 47),
    "conference paper": ("Conference Paper", 47),
    "preprint": ("Unpublished Work", 34),
    "thesis": ("Thesis", 32),
    "book chapter": ("Book Section", 5),
    "book": ("Book", 6),
    "report": ("Report", 27),
    "dataset": ("Dataset", 59),
    "registration": ("Generic", 13),
    "other": ("Generic", 13),
    "": ("Generic", 13),
}
ARTICLE = ("Journal Article", 17)

#: Characters that XML cannot hold in any form.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAY_BE_PMID = re.compile(r"\A(?:pubmed|medline|nlm)", re.I)


def _is_ambiguous(record: Record) -> bool:
    """Tell whether an accession number would be taken for the PMID that it is not."""
    named = "pubmed" in record.source_id.lower() or "pmid" in record.source_id.lower()
    return record.source_id not in ("", record.pmid) and (
        named or bool(MAY_BE_PMID.match(record.database) and re.search(r"\d", record.source_id))
    )


PARTLY: Partly = {"source_id": ("an id that would be read as a PMID", _is_ambiguous)}


def write_endnote(records: Sequence[Record]) -> bytes:
    """Return the records as one EndNote XML file.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), title="A < B", year=2020)
    >>> print(write_endnote([record]).decode().splitlines()[3])
    <titles><title>A &lt; B</title></titles>
    """
    each = "".join(_record(number, record) for number, record in enumerate(records, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n{each}</records></xml>\n'
    ).encode()


def _record(number: int, record: Record) -> str:
    name, code = REF_TYPES.get(record.type, ARTICLE)
    head = f'<source-app name="Tamis">Tamis</source-app><rec-number>{number}</rec-number>'
    year = "" if record.year is None else str(record.year)
    # an id that could be taken for the PMID is left out: a wrong PMID is worse than none
    own_id = "" if _is_ambiguous(record) else record.source_id
    lines = (
        f'<record>{head}<ref-type name="{name}">{code}</ref-type>',
        _nest("contributors/authors", _each("author", tuple(map(undivided, record.authors)))),
        _nest("titles", _one("title", record.title) + _one("secondary-title", record.journal)),
        _nest("periodical", _one("full-title", record.journal)),
        _one("pages", record.pages),
        _one("volume", record.volume),
        _one("number", record.issue),
        _nest("keywords", _each("keyword", record.keywords)),
        _nest("dates", _one("year", year)),
        _one("isbn", record.issn),
        _one("accession-num", own_id),
        _one("electronic-resource-num", record.doi),
        _one("abstract", record.abstract),
        _one("work-type", record.type),
        _one("notes", OWN_NOTE + record.id),
        _one("custom2", f"PMID: {record.pmid}" if record.pmid else ""),
        _nest("urls/related-urls", _each("url", record.urls)),
        _one("remote-database-name", record.database),
        _one("language", record.language),
        "</record>",
    )
    return "".join(f"{line}\n" for line in lines if line)


def _one(name: str, text: str) -> str:
    """Return an element; EndNote parts lines within one by a carriage return."""
    bare = escape(ILLEGAL.sub("", text)).replace("\r\n", "\n")
    bare = bare.replace("\r", "&#xD;").replace("\n", "&#xD;")
    return f"<{name}>{bare}</{name}>" if bare else ""


def _each(name: str, texts: Sequence[str]) -> str:
    return "".join(_one(name, text) for text in texts)


def _nest(path: str, inner: str) -> str:
    for name in reversed(path.split("/") if inner else ()):
        inner = f"<{name}>{inner}</{name}>"
    return inner
