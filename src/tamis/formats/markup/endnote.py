"""EndNote XML, as EndNote, Mendeley and others export it; often on one line.

Source: what the files hold; EndNote's own definition of the format is not public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean_abstract, clean_keyword, clean_title, one_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements
from tamis.formats.names import people

__all__ = ["PATHS", "lex_endnote", "mark_endnote", "read_endnote"]

SHAPE = Shape(records=("record",))
ROOT = re.compile(
    r"<(?:xml|records)(?:\s[^<>]*)?>\s*(?:<records(?:\s[^<>]*)?>\s*)?<record(?=[\s>/])"
)

#: Field of a record, and the paths that hold it, best first.
PATHS: Mapping[str, tuple[str, ...]] = {
    "authors": ("contributors/authors/author", "contributors/secondary-authors/author"),
    "title": ("titles/title",),
    "journal": (
        "periodical/full-title", "titles/secondary-title", "periodical/abbr-1", "titles/alt-title",
    ),
    "year": ("dates/year", "dates/pub-dates/date"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "electronic-resource-location"),
    "doi": ("electronic-resource-num", "urls/related-urls/url"),
    "pmid": ("accession-num", "urls/related-urls/url", "custom2"),
    "issn": ("isbn", "issn"),
    "abstract": ("abstract",),
    "language": ("language",),
    "keywords": ("keywords/keyword",),
    "urls": ("urls/related-urls/url", "urls/web-urls/url", "urls/pdf-urls/url"),
    "source id": ("accession-num",),
    "database": ("remote-database-name", "database-name", "remote-database-provider"),
    "type": ("work-type", "ref-type"),
}  # fmt: skip

NAME = re.compile(r"@name=([^@]*)")

#: EndNote's own names of reference types that no other program uses, and what they mean.
TYPES: Mapping[str, str] = {
    "book section": "chapter",
    "electronic book section": "chapter",
    "edited book": "book",
    "electronic book": "book",
    "conference proceedings": "conference paper",
    "electronic article": "article",
    "magazine article": "article",
    "government document": "report",
    "generic": "other",
    "web page": "other",
    "newspaper article": "other",
    # the numbers, where a program writes no names
    "5": "chapter",
    "6": "book",
    "10": "conference paper",
    "17": "journal article",
    "27": "report",
    "32": "thesis",
    "43": "article",
    "47": "conference paper",
}


def mark_endnote(text: str) -> int | None:
    """Return where the first record stands, or ``None``.

    Examples
    --------
    >>> mark_endnote("<xml><records><record></record></records></xml>"), mark_endnote("<xml/>")
    (14, None)
    """
    return mark_elements(text, SHAPE, ROOT)


def lex_endnote(text: str, line: int = 1) -> Lexed:
    """Cut ``text`` into records.

    Examples
    --------
    >>> lexed = lex_endnote("<record><year><style face='normal'>2020</style></year></record>")
    >>> lexed.records[0].fields
    (('year', '2020'),)
    """
    return lex_elements(text, SHAPE, line)


def read_endnote(record_id: str, raw: Fields, database: str) -> Record:
    """Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("ref-type@name=Journal Article", "17"), ("titles/title", "A title"),
    ...        ("contributors/authors/author", "Mouse, M"), ("pages", "5-9"))
    >>> record = read_endnote("9f3c12ab9f3c:0", raw, "")
    >>> record.type, record.authors, record.pages
    ('journal article', ('Mouse, M',), '5-9')
    """
    by: dict[str, list[str]] = {}
    for told, value in raw:
        path, _, attributes = told.partition("@")
        named = NAME.search(f"@{attributes}") if path == "ref-type" else None
        by.setdefault(path, []).append(named[1] if named else value)

    def values(field: str) -> list[str]:
        return [value for path in PATHS[field] for value in by.get(path, ())]

    def first(field: str) -> str:
        return one_of(values(field))

    own = first("database") or database
    pmids = (fields.pmid(v) for v in values("pmid") if _may_be_pmid(v, own))
    return Record(
        id=record_id,
        raw=raw,
        source_id=first("source id"),
        database=own,
        type=kind_of(TYPES.get(word.strip().lower(), word) for word in values("type")),
        title=clean_title(first("title")),
        authors=people(_people(by)),
        year=fields.year(values("year")),
        journal=first("journal"),
        volume=fields.volume(first("volume")),
        issue=fields.issue(first("issue")),
        pages=fields.pages(first("pages")),
        doi=next(filter(None, map(fields.doi, values("doi"))), ""),
        pmid=next(filter(None, pmids), ""),
        issn=fields.issn(values("issn")),
        abstract=next(filter(None, map(_abstract, values("abstract"))), ""),
        language=first("language"),
        keywords=tuple(dict.fromkeys(filter(None, map(clean_keyword, _split(values("keywords")))))),
        urls=fields.urls(values("urls")),
    )


def _people(by: Mapping[str, list[str]]) -> list[str]:
    found = (by[path] for path in PATHS["authors"] if any(map(str.strip, by.get(path, ()))))
    return next(found, [])


def _split(values: Iterable[str]) -> Iterable[str]:
    return (part for value in values for part in re.split(r"[;\r\n]", value))


def _may_be_pmid(text: str, database: str) -> bool:
    """Tell whether a number is a PMID: it says so, or its database is PubMed or MEDLINE."""
    return (
        "pubmed" in text.lower()
        or "pmid" in text.lower()
        or database.lower().startswith(("pubmed", "medline", "nlm"))
    )


def _abstract(text: str) -> str:
    return clean_abstract(text.replace("\r", "\n"))
