"""Column names of citation tables: which field they hold, and which database writes them.

Names are compared by their letters and digits only, without case and without ``(s)``:
``Author(s)``, ``author`` and ``AUTHOR`` are one name. A name in Chinese only is one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "COLUMNS",
    "FIELD_OF",
    "KNOWN_TITLES",
    "PROFILES",
    "Profile",
    "fields_of",
    "known",
    "profile_of",
]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Field of a record, and the names of columns that hold it, best first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": _names(
        "title articletitle primarytitle documenttitle papertitle ti t1 publictitle "
        "scientifictitle studytitle 题名 篇名 标题 题目 文献标题"
    ),
    "authors": _names(
        "authors author authornames authorname authorlist au a1 authorfullnames creators "
        "authorshipsauthordisplayname authorshipsrawauthorname 作者"
    ),
    "year": _names(
        "year publicationyear publishedyear pubyear py y1 publicationdate dateofpublication "
        "datepublished coverdate date da firstposted dateregistration 年 年份 出版年 "
        "发表时间 出版时间 发表年份"
    ),
    "journal": _names(
        "journal sourcetitle journaltitle publicationtitle journalbook journalname jf jo t2 "
        "containertitle secondarytitle publication booktitle "
        "primarylocationsourcedisplayname abbreviatedsourcetitle journalabbreviation "
        "刊名 期刊 期刊名称 文献来源 来源"
    ),
    "volume": _names("volume vol vl bibliovolume 卷"),
    "issue": _names("issue issuenumber number is biblioissue 期"),
    "pages": _names("pages pagerange page 页码 页"),
    "first page": _names(
        "firstpage pagestart startpage beginningpage sp bibliofirstpage artno articlenumber"
    ),
    "last page": _names("lastpage pageend endpage endingpage ep bibliolastpage"),
    "doi": _names("doi digitalobjectidentifier do itemdoi"),
    "pmid": _names("pmid pubmedid pubmedpmid medlinepmid idspmid"),
    "issn": _names("issn issnisbn eissn sn primarylocationsourceissnl"),
    "abstract": _names("abstract abstractnote abstracttext ab n2 摘要"),
    "language": _names("language languageoforiginaldocument articlelanguage la"),
    "keywords": _names(
        "keywords keyword authorkeywords indexkeywords subjects manualtags automatictags "
        "emtreemedicalindexterms kw de 关键词 关键字"
    ),
    "urls": _names("urls url link ur plink 链接 网址"),
    "type": _names("type documenttype itemtype publicationtype doctype ty"),
    "source id": _names(
        "sourceid centralid eid pui utuniquewosid accessionnumber covidence key id recordid"
    ),
    "database": _names("database databasename db"),
    "citation": ("citation",),
}

FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}

#: What a message offers when no column holds titles.
KNOWN_TITLES = ("Title", "Article Title", "Primary Title", "Document Title", "TI", "T1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A table that one program writes: the columns that give it away and what they mean there.

    ``kind`` is the type of every record, where the program writes but one.
    """

    database: str
    marks: tuple[str, ...]
    columns: Mapping[str, str]
    kind: str = ""


#: Registers: ClinicalTrials.gov before and since 2023, and the WHO's portal.
_OF_CTGOV: Mapping[str, str] = {
    "nctnumber": "source id", "studyurl": "urls", "briefsummary": "abstract",
    "conditions": "keywords", "startdate": "year",
}  # fmt: skip
_OF_ICTRP: Mapping[str, str] = {
    "trialid": "source id", "mainid": "source id", "webaddress": "urls", "condition": "keywords",
    "dateregistration3": "year",
}  # fmt: skip


#: The first profile of which all marks are in the header holds.
PROFILES: tuple[Profile, ...] = (
    Profile(database="", marks=("tamisid",), columns={}),
    Profile(database="PubMed", marks=("pmid", "journalbook"), columns={"pmid": "pmid"}),
    Profile(database="CENTRAL", marks=("centralid",), columns={"source": "journal"}),
    Profile(database="Scopus", marks=("eid", "sourcetitle"), columns={}),
    Profile(database="Embase", marks=("emtreedrugindexterms",), columns={}),
    Profile(database="Web of Science", marks=("utuniquewosid",), columns={}),
    Profile(database="EBSCOhost", marks=("plink", "doctype"), columns={}),
    Profile(database="OpenAlex", marks=("idsopenalex",), columns={}),
    Profile(database="", marks=("itemtype", "publicationtitle"), columns={}),
    Profile(
        database="ClinicalTrials.gov",
        marks=("nctnumber", "studytitle"),
        columns=_OF_CTGOV,
        kind="registration",
    ),
    Profile(
        database="ClinicalTrials.gov",
        marks=("nctnumber", "title", "interventions"),
        columns=_OF_CTGOV,
        kind="registration",
    ),
    Profile(
        database="WHO ICTRP",
        marks=("trialid", "publictitle"),
        columns=_OF_ICTRP,
        kind="registration",
    ),
    Profile(
        database="WHO ICTRP",
        marks=("mainid", "publictitle"),
        columns=_OF_ICTRP,
        kind="registration",
    ),
    Profile(
        database="CNKI",
        marks=("srcdatabase", "title"),
        columns={
            "source": "journal",
            "summary": "abstract",
            "period": "issue",
            "pagecount": "pages",
            "pubtime": "year",
        },
    ),
)


@lru_cache(maxsize=4096)
def known(name: str) -> str:
    """Return a column's name in the form that is compared.

    Examples
    --------
    >>> known("Author(s)"), known("Covidence #"), known("(source) id"), known("Title-题名")
    ('author', 'covidence', 'sourceid', 'title')
    """
    latin = re.sub(r"[^a-z0-9]+", "", re.sub(r"\(s\)", "", name.lower()))
    return latin or re.sub(r"[^\u4e00-\u9fff]+", "", name)


@lru_cache(maxsize=64)
def profile_of(header: tuple[str, ...]) -> Profile | None:
    """Return the profile that a header gives away, or ``None``.

    Parameters
    ----------
    header
        The column names as a tuple.

    Examples
    --------
    >>> profile_of(("CENTRAL ID", "Author(s)", "Title")).database
    'CENTRAL'
    """
    names = {known(name) for name in header}
    return next((p for p in PROFILES if names.issuperset(p.marks)), None)


@lru_cache(maxsize=64)
def fields_of(header: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    """Return for each field the columns that hold it, best name first.

    Parameters
    ----------
    header
        The column names as a tuple.

    Examples
    --------
    >>> fields_of(("T1", "Year", "Title"))
    {'title': (2, 0), 'year': (1,)}
    """
    profile = profile_of(header)
    special = profile.columns if profile else {}
    found: dict[str, list[tuple[int, int]]] = {}
    for position, name in enumerate(map(known, header)):
        field = special.get(name) or FIELD_OF.get(name)
        if field:
            names = COLUMNS[field]
            rank = names.index(name) if name in names else len(names)
            found.setdefault(field, []).append((rank, position))
    return {field: tuple(at for _, at in sorted(ranked)) for field, ranked in found.items()}
