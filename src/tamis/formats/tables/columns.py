"""Column names of citation tables: which field they hold, and which database writes them.

Names are compared by their letters and digits only, without case and without ``(s)``:
``Author(s)``, ``author`` and ``AUTHOR`` are one name. Letters are those of English and Chinese.

Sources: the tables themselves; for the registers of trials, the column names of their exports
(ClinicalTrials.gov as of 2023 and before, the search portal of the WHO's ICTRP).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "COLUMNS", "FIELD_OF", "ICTRP", "KNOWN_TITLES", "PROFILES", "Profile", "columns_of",
    "fields_of", "known", "profile_of",
]  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Field of a record, and the names of columns that hold it, best first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": _names(
        "title articletitle primarytitle documenttitle papertitle ti t1 "
        "题名 篇名 标题 文题 题目 文献题名 文献标题 论文题名 论文标题 中文题名 中文标题 "
        "英文题名 英文标题"
    ),
    "authors": _names(
        "authors author authornames authorname authorlist au a1 authorfullnames creators "
        "authorshipsauthordisplayname authorshipsrawauthorname "
        "作者 作者姓名 全部作者 著者 中文作者 英文作者"
    ),
    "year": _names(
        "year publicationyear publishedyear pubyear py y1 publicationdate dateofpublication "
        "datepublished coverdate date da "
        "年 年份 出版年 出版年份 发表年 发表年份 年代 发表时间 出版时间 发表日期 出版日期"
    ),
    "journal": _names(
        "journal sourcetitle journaltitle publicationtitle journalbook journalname jf jo t2 "
        "containertitle secondarytitle publication booktitle "
        "primarylocationsourcedisplayname abbreviatedsourcetitle journalabbreviation "
        "刊名 期刊名称 期刊名 期刊 中文刊名 刊物名称 出版物名称 文献来源 来源 英文刊名"
    ),
    "volume": _names("volume vol vl bibliovolume 卷 卷号"),
    "issue": _names("issue issuenumber number is biblioissue 期 期号"),
    "pages": _names("pages pagerange page 页码 起止页码 起止页 页码范围 页"),
    "first page": _names(
        "firstpage pagestart startpage beginningpage sp bibliofirstpage artno articlenumber "
        "起始页码 起始页 开始页"
    ),
    "last page": _names(
        "lastpage pageend endpage endingpage ep bibliolastpage 结束页码 结束页 终止页"
    ),
    "doi": _names("doi digitalobjectidentifier do itemdoi"),
    "pmid": _names("pmid pubmedid pubmedpmid medlinepmid idspmid"),
    "issn": _names("issn issnisbn eissn sn primarylocationsourceissnl 国际标准刊号"),
    "abstract": _names("abstract abstractnote abstracttext ab n2 摘要 中文摘要 文摘 英文摘要"),
    "language": _names("language languageoforiginaldocument articlelanguage la 语种 语言"),
    "keywords": _names(
        "keywords keyword authorkeywords indexkeywords subjects manualtags automatictags "
        "emtreemedicalindexterms kw de "
        "关键词 关键字 中文关键词 作者关键词 主题词 英文关键词"
    ),
    "urls": _names("urls url link ur plink 链接 网址 文献链接 原文链接"),
    "type": _names("type documenttype itemtype publicationtype doctype ty 文献类型 文献类别"),
    "source id": _names(
        "sourceid centralid eid pui utuniquewosid accessionnumber covidence key id recordid"
    ),
    "database": _names("database databasename db 数据库 来源数据库 来源库 数据来源"),
    "citation": ("citation",),
}

FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}

#: What a message offers when no column holds titles.
KNOWN_TITLES = ("Title", "Article Title", "Primary Title", "Document Title", "TI", "T1", "题名")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """A table that one program writes: the columns that give it away and what they mean there.

    ``columns`` holds the field of each column that means something else or nothing in other tables;
    of two with one field, the first is better. ``kind`` is what every row describes, where the
    table says it. ``without`` names fields that such a table never holds.
    """

    database: str
    marks: tuple[str, ...]
    columns: Mapping[str, str]
    kind: str = ""
    without: frozenset[str] = frozenset()


#: A register knows neither authors nor journals: with them, a table of papers has a column of
#: registration numbers.
OF_PAPERS = frozenset({"authors", "journal"})

#: The year of a trial is that in which it was registered: it is told of every trial, it is past and
#: never changed, and registers count by it. When a trial starts is often planned only.
CTGOV: Mapping[str, str] = {
    "nctnumber": "source id",
    "studytitle": "title",
    "firstposted": "year",
    "firstreceived": "year",
    "startdate": "year",
    "briefsummary": "abstract",
    "conditions": "keywords",
    "studyurl": "urls",
}

#: The WHO's portal, in its tables and as elements of its XML; no abstract is told.
ICTRP = Profile(
    database="WHO ICTRP",
    kind="registration",
    marks=("trialid", "publictitle"),
    without=OF_PAPERS,
    columns={
        "trialid": "source id",
        "publictitle": "title",
        "scientifictitle": "title",
        "dateregistration3": "year",
        "dateregistration": "year",
        "dateenrollement": "year",
        "condition": "keywords",
        "conditions": "keywords",
        "intervention": "keywords",
        "interventions": "keywords",
        "webaddress": "urls",
    },
)

CNKI: Mapping[str, str] = {
    "title题名": "title",
    "author作者": "authors",
    "year年": "year",
    "pubtime发表时间": "year",
    "pubtime出版时间": "year",
    "source文献来源": "journal",
    "source刊名": "journal",
    "source来源": "journal",
    "volume卷": "volume",
    "period期": "issue",
    "page页码": "pages",
    "pagecount页码": "pages",
    "doidoi": "doi",
    "issn国际标准刊号": "issn",
    "summary摘要": "abstract",
    "keyword关键词": "keywords",
    "url网址": "urls",
    "link链接": "urls",
    "srcdatabase来源库": "type",
    "srcdatabase来源数据库": "type",
}


def _ctgov(*marks: str) -> Profile:
    return Profile(
        database="ClinicalTrials.gov",
        kind="registration",
        marks=marks,
        without=OF_PAPERS,
        columns=CTGOV,
    )


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
    _ctgov("nctnumber", "studytitle"),
    _ctgov("nctnumber", "title", "conditions"),
    _ctgov("rank", "title", "conditions", "studyresults"),
    ICTRP,
    Profile(database="CNKI", marks=("title题名", "author作者"), columns=CNKI),
)


@lru_cache(maxsize=4096)
def known(name: str) -> str:
    """Return a column's name in the form that is compared.

    Examples
    --------
    >>> known("Author(s)"), known("Covidence #"), known("(source) id"), known("题 名")
    ('author', 'covidence', 'sourceid', '题名')
    """
    return re.sub(r"[^a-z0-9\u4e00-\u9fff]+", "", re.sub(r"\(s\)", "", name.lower()))


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
    >>> profile_of(("NCT Number", "Study Title", "Author(s)")) is None
    True
    """
    names = {form for name in header for form in _forms(name)}
    held = {FIELD_OF[name] for name in names if name in FIELD_OF}
    return next(
        (p for p in PROFILES if names.issuperset(p.marks) and held.isdisjoint(p.without)), None
    )


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
    return columns_of(header, profile_of(header))


@lru_cache(maxsize=64)
def columns_of(header: tuple[str, ...], profile: Profile | None) -> Mapping[str, tuple[int, ...]]:
    """Return what :func:`fields_of` does for a table that is known to be of a profile, or of none.

    Examples
    --------
    >>> columns_of(("Scientific_title", "TrialID", "Public_title"), ICTRP)
    {'title': (2, 0), 'source id': (1,)}
    """
    special = profile.columns if profile else {}
    order = {name: rank for rank, name in enumerate(special)}
    found: dict[str, list[tuple[int, int]]] = {}
    for position, title in enumerate(header):
        name, field = _meaning(title, special)
        if field:
            names = COLUMNS[field]
            rank = names.index(name) if name in names else len(names) + order[name]
            found.setdefault(field, []).append((rank, position))
    return {field: tuple(at for _, at in sorted(ranked)) for field, ranked in found.items()}


def _meaning(title: str, special: Mapping[str, str]) -> tuple[str, str]:
    """Return the known name of a column and the field it holds, or two empty texts."""
    forms = _forms(title)
    told = ((name, special.get(name) or FIELD_OF.get(name, "")) for name in forms)
    return next(((name, field) for name, field in told if field), ("", ""))


def _forms(title: str) -> tuple[str, ...]:
    """Return a column's name as it is compared, and without what is Chinese in it."""
    name = known(title)
    return (name,) if name.isascii() else (name, re.sub("[^a-z0-9]+", "", name))
