"""PubMed XML: PubmedArticle and PubmedBookArticle; what was withdrawn is shown, never dropped.

Source: the elements of the PubMed DTD (National Library of Medicine). Of several versions of one
PMID the newest is first among them; that is told by de-duplication, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean, clean_abstract, clean_title, one_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements
from tamis.formats.names import people

__all__ = ["CUT", "lex_pubmed", "mark_pubmed", "read_pubmed"]

SHAPE = Shape(
    records=("PubmedArticle", "PubmedBookArticle"),
    notices=("DeleteCitation",),
    groups=frozenset({"Author"}),
)
ROOT = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|PubmedBookArticleSet)\b")

#: A place where one record has surely ended and another begins.
CUT = re.compile(rb"</PubmedArticle>\s*(?=<PubmedArticle[ >])")

ARTICLE, BOOK, DATA = "MedlineCitation/Article/", "BookDocument/", "PubmedData/"
ISSUE = ARTICLE + "Journal/JournalIssue/"

#: Field of a record, and the paths that hold it, best first.
PATHS: Mapping[str, tuple[str, ...]] = {
    "title": (ARTICLE + "ArticleTitle", BOOK + "ArticleTitle", BOOK + "Book/BookTitle"),
    "original title": (ARTICLE + "VernacularTitle", BOOK + "VernacularTitle"),
    "year": (
        ISSUE + "PubDate/Year", ISSUE + "PubDate/MedlineDate", ARTICLE + "ArticleDate/Year",
        BOOK + "Book/PubDate/Year", BOOK + "Book/PubDate/MedlineDate",
        BOOK + "ContributionDate/Year",
    ),
    "journal": (
        ARTICLE + "Journal/Title", ARTICLE + "Journal/ISOAbbreviation",
        "MedlineCitation/MedlineJournalInfo/MedlineTA", BOOK + "Book/BookTitle",
    ),
    "volume": (ISSUE + "Volume", BOOK + "Book/Volume"),
    "issue": (ISSUE + "Issue",),
    "pages": (ARTICLE + "Pagination/MedlinePgn", BOOK + "Pagination/MedlinePgn"),
    "first page": (ARTICLE + "Pagination/StartPage", BOOK + "Pagination/StartPage"),
    "last page": (ARTICLE + "Pagination/EndPage", BOOK + "Pagination/EndPage"),
    "issn": (ARTICLE + "Journal/ISSN", "MedlineCitation/MedlineJournalInfo/ISSNLinking"),
    "abstract": (
        ARTICLE + "Abstract/AbstractText", BOOK + "Abstract/AbstractText",
        "MedlineCitation/OtherAbstract/AbstractText",
    ),
    "language": (ARTICLE + "Language", BOOK + "Language"),
    "keywords": (
        "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName",
        "MedlineCitation/KeywordList/Keyword", BOOK + "KeywordList/Keyword",
    ),
    "type": (ARTICLE + "PublicationTypeList/PublicationType", BOOK + "PublicationType"),
    "pmid": ("MedlineCitation/PMID", BOOK + "PMID"),
    "doi": (ARTICLE + "ELocationID", BOOK + "ELocationID", BOOK + "Book/ELocationID"),
    "ids": (DATA + "ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId",
            BOOK + "ArticleIdList/ArticleId"),
}  # fmt: skip

#: Where the people stand; editors count where a book names no authors.
AUTHORS = (ARTICLE + "AuthorList", BOOK + "AuthorList", BOOK + "Book/AuthorList")

LABEL = re.compile(r"@Label=([^@]*)")
DOI = re.compile(r"@(?:EIdType|IdType)=doi\b")
UNLABELLED = frozenset({"", "UNLABELLED", "UNASSIGNED"})

Values = Mapping[str, Sequence[tuple[str, str]]]


def mark_pubmed(text: str) -> int | None:
    """Return where the first record stands, or ``None``.

    Examples
    --------
    >>> mark_pubmed("<PubmedArticleSet><PubmedArticle></PubmedArticle>"), mark_pubmed("<xml/>")
    (18, None)
    """
    return mark_elements(text, SHAPE, ROOT)


def lex_pubmed(text: str, line: int = 1) -> Lexed:
    """Cut ``text`` into records; ``line`` is the number of its first line.

    Examples
    --------
    >>> lex_pubmed("<PubmedArticle><PMID>1</PMID></PubmedArticle>").records[0].fields
    (('PMID', '1'),)
    """
    return lex_elements(text, SHAPE, line)


def read_pubmed(record_id: str, raw: Fields, database: str) -> Record:
    """Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("MedlineCitation/PMID@Version=1", "123"),
    ...        ("MedlineCitation/Article/ArticleTitle", "A title."),
    ...        ("MedlineCitation/Article/Abstract/AbstractText@Label=AIM", "To sieve."))
    >>> record = read_pubmed("9f3c12ab9f3c:0", raw, "")
    >>> record.title, record.abstract, record.pmid, record.database
    ('A title', 'AIM: To sieve.', '123', 'PubMed')
    """
    by = _by_path(raw)
    pmid = next(filter(None, map(fields.pmid, _texts(by, "pmid"))), "")
    pages = one_of(_texts(by, "pages"))
    span = fields.page_span(one_of(_texts(by, "first page")), one_of(_texts(by, "last page")))
    title = clean_title(one_of(_texts(by, "title")))
    if title.strip("[]. ").lower() in ("", "not available", "in process citation"):
        title = clean_title(one_of(_texts(by, "original title"))) or title
    return Record(
        id=record_id,
        raw=raw,
        source_id=pmid,
        database=database or "PubMed",
        type=kind_of(_texts(by, "type")),
        title=title,
        authors=people(_people(raw)),
        year=fields.year(_texts(by, "year")),
        journal=one_of(_texts(by, "journal")),
        volume=fields.volume(one_of(_texts(by, "volume"))),
        issue=fields.issue(one_of(_texts(by, "issue"))),
        pages=fields.pages(pages) or span,
        doi=_doi(by),
        pmid=pmid,
        issn=fields.issn(_texts(by, "issn")),
        abstract=_abstract(by),
        language=one_of(_texts(by, "language")),
        keywords=tuple(dict.fromkeys(filter(None, map(clean, _texts(by, "keywords"))))),
    )


def _by_path(raw: Fields) -> Values:
    by: dict[str, list[tuple[str, str]]] = {}
    for told, value in raw:
        path, at, attributes = told.partition("@")
        by.setdefault(path, []).append((at + attributes, value))
    return by


def _texts(by: Values, field: str) -> list[str]:
    return [value for path in PATHS[field] for _, value in by.get(path, ())]


def _doi(by: Values) -> str:
    told = (
        value
        for path in (*PATHS["doi"], *PATHS["ids"])
        for attributes, value in by.get(path, ())
        if DOI.search(attributes)
    )
    return next(filter(None, map(fields.doi, told)), "")


def _abstract(by: Values) -> str:
    for path in PATHS["abstract"]:
        parts = []
        for attributes, value in by.get(path, ()):
            label = LABEL.search(attributes)
            name = label[1] if label else ""
            parts.append(value if name.upper() in UNLABELLED else f"{name}: {value}")
        found = clean_abstract("\n".join(" ".join(part.split()) for part in parts))
        if found:
            return found
    return ""


def _people(raw: Fields) -> list[str]:
    """Return the names of the first list of authors that holds any."""
    for place in AUTHORS:
        names = list(_named(raw, f"{place}/Author"))
        if names:
            return names
    return []


def _named(raw: Fields, author: str) -> Iterable[str]:
    family, given = "", ""
    for told, value in raw:
        path = told.partition("@")[0]
        if not path.startswith(author):
            continue
        part = path[len(author) + 1 :]
        if not part:  # the beginning of another author
            if family:
                yield f"{family}, {given}" if given else family
            family, given = "", ""
        elif part in ("LastName", "CollectiveName"):
            family = (
                " ".join(value.split()).replace(";", ",") if part == "CollectiveName" else value
            )
        elif part == "ForeName" or (part == "Initials" and not given):
            given = value
    if family:
        yield f"{family}, {given}" if given else family
