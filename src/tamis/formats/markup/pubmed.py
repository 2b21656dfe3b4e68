"""PubMed XML: PubmedArticle and PubmedBookArticle; what was withdrawn is shown, never dropped.

Source: the elements of the PubMed DTD (National Library of Medicine). Every version of a PMID is a
record of its own: which one is the newest stands in ``raw`` (``MedlineCitation/PMID@Version=…``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean, clean_abstract, one_line, one_of, without_stop
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements
from tamis.formats.names import names_of

__all__ = ["CUT", "lex_pubmed", "mark_pubmed", "read_pubmed"]

SHAPE = Shape(
    records=("PubmedArticle", "PubmedBookArticle"),
    notices=("DeleteCitation",),
    notice="withdrawn",
    groups=frozenset({"Author", "AuthorList"}),
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
AUTHORS: Mapping[str, int] = {
    ARTICLE + "AuthorList": 0, BOOK + "AuthorList": 1, BOOK + "Book/AuthorList": 2,
}  # fmt: skip

DOIS = (*PATHS["doi"], *PATHS["ids"])
WANTED = frozenset(path for paths in PATHS.values() for path in paths)
NAMES = frozenset(f"{place}/Author" for place in AUTHORS)

#: What a field is to a record: a value, part of a name, or kept only in ``raw``.
MEANT, NAMED = range(2)
IDLE = (2, "", "")
#: Fields met so far, by path and attributes: a file tells the same ones in every record.
PLACES: dict[str, tuple[int, str, str]] = {}
MOST_PLACES = 20_000

LABEL = re.compile(r"@Label=([^@]*)")
DOI = re.compile(r"@(?:EIdType|IdType)=doi\b")
PUBMED = re.compile(r"@IdType=pubmed\b")
INVALID = "@ValidYN=N"
#: An article number among the publisher's ids; other such ids say nothing about the place.
ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,2}\d{1,8}\Z")
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
    by, named = _sorted_out(raw)
    pmid = _pmid(_texts(by, "pmid")) or _pmid(_marked(by, PATHS["ids"], PUBMED))
    title = without_stop(one_of(_texts(by, "title")))
    if title.strip("[]. ").lower() in ("", "not available", "in process citation"):
        title = without_stop(one_of(_texts(by, "original title"))) or title
    return Record(
        id=record_id,
        raw=raw,
        source_id=pmid,
        database=database or "PubMed",
        type=_kind(tuple(_texts(by, "type"))),
        title=title,
        authors=names_of(_people(named)),
        year=_year(tuple(_texts(by, "year"))),
        journal=_first_word(_texts(by, "journal")),
        volume=_volume(_first_word(_texts(by, "volume"))),
        issue=_issue(_first_word(_texts(by, "issue"))),
        pages=_pages(by),
        doi=_doi(by),
        pmid=pmid,
        issn=_issn(tuple(_texts(by, "issn"))),
        abstract=_abstract(by),
        language=_first_word(_texts(by, "language")),
        keywords=tuple(filter(None, dict.fromkeys(map(_word, _texts(by, "keywords"))))),
    )


#: What a file says again and again is read once: headings, names of journals, ISSNs, kinds.
_word = lru_cache(maxsize=20_000)(clean)
_issn = lru_cache(maxsize=20_000)(fields.issn)
_year = lru_cache(maxsize=2_000)(fields.year)
_volume = lru_cache(maxsize=2_000)(fields.volume)
_issue = lru_cache(maxsize=2_000)(fields.issue)
_kind = lru_cache(maxsize=2_000)(kind_of)


def _first_word(values: Iterable[str]) -> str:
    return next(filter(None, map(_word, values)), "")


def _pmid(values: Iterable[str]) -> str:
    return next(filter(None, map(fields.pmid, values)), "")


def _sorted_out(raw: Fields) -> tuple[Values, list[tuple[str, str, str]]]:
    """Return what means something: values by their paths, and the people's fields in order."""
    by: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    named: list[tuple[str, str, str]] = []
    known = PLACES.get
    told = [(place, value) for at, value in raw if (place := known(at) or _place(at)) is not IDLE]
    for (kind, path, attributes), value in told:
        if kind == MEANT:
            by[path].append((attributes, value))
        else:
            named.append((path, attributes, value))
    return by, named


def _place(told: str) -> tuple[int, str, str]:
    """Return what a field is, its path and its attributes; it is remembered while there is room."""
    path, at, attributes = told.partition("@")
    kind = MEANT if path in WANTED else NAMED if "/AuthorList" in path else None
    place = IDLE if kind is None else (kind, path, at + attributes)
    if len(PLACES) < MOST_PLACES:
        PLACES[told] = place
    return place


def _texts(by: Values, field: str) -> list[str]:
    return [value for path in PATHS[field] if path in by for _, value in by[path]]


def _doi(by: Values) -> str:
    told = _marked(by, DOIS, DOI)
    return next(filter(None, map(fields.doi, told)), "")


def _marked(by: Values, paths: Iterable[str], mark: re.Pattern[str]) -> list[str]:
    """Return the ids of one kind; what PubMed calls invalid counts last."""
    found = [
        (INVALID in attributes, value)
        for path in paths
        if path in by
        for attributes, value in by[path]
        if mark.search(attributes)
    ]
    if len(found) > 1:
        found.sort(key=lambda held: held[0])
    return [value for _, value in found]


def _pages(by: Values) -> str:
    printed = fields.pages(one_of(_texts(by, "pages"))) or fields.page_span(
        one_of(_texts(by, "first page")), one_of(_texts(by, "last page"))
    )
    if printed:
        return printed
    numbers = (value.strip() for value in _texts(by, "doi"))
    return next(filter(ARTICLE_NUMBER.match, numbers), "")


def _abstract(by: Values) -> str:
    for path in PATHS["abstract"]:
        parts = []
        for attributes, value in by.get(path, ()):
            label = LABEL.search(attributes) if attributes else None
            name = label[1] if label else ""
            parts.append(value if name.upper() in UNLABELLED else f"{name}: {value}")
        found = clean_abstract("\n".join(map(one_line, parts)))
        if found:
            return found
    return ""


def _people(named: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the names of the first list that holds any; lists of authors come before editors'."""
    lists: dict[tuple[int, bool], list[dict[str, str]]] = {}
    into: list[dict[str, str]] = []
    for path, attributes, value in named:
        if path in NAMES:
            into.append({"": value})
        elif path in AUTHORS:
            key = (AUTHORS[path], "Type=editors" in attributes)
            into = lists.setdefault(key, [])
        elif into:
            into[-1].setdefault(path[path.rfind("/") + 1 :], value)
    found = ([name for name in map(_printed, lists[key]) if name] for key in sorted(lists))
    return next(filter(None, found), [])


def _printed(author: Mapping[str, str]) -> str:
    """Return one author's name; a group's stays whole."""
    group = author.get("CollectiveName", "")
    if group and not group.isspace():
        return " ".join(group.split()).replace(";", ",")
    family = author.get("LastName", "") or author[""].strip()
    given = author.get("ForeName", "") or author.get("FirstName", "") or author.get("Initials", "")
    if "Suffix" in author:
        given = " ".join(filter(None, (given, author["Suffix"])))
    return f"{family}, {given}" if family and given else family or given
