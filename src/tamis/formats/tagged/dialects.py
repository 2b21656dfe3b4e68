"""What the tags of each family mean: one table a family, best tag first, and one reading for all.

Sources: those of :mod:`tamis.formats.tagged.syntaxes`; how Ovid's sources are printed is told by
the patterns below, with the database that prints each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import (
    clean,
    clean_abstract,
    clean_keyword,
    clean_title,
    decode_entities,
    one_of,
)
from tamis.formats.databases import ALIASES
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields
from tamis.formats.names import people
from tamis.formats.tagged.ovid import LABELS, bare_name, bare_title, unpacked

__all__ = ["TAGS", "reader_of"]

#: Family of tagged lines → field of a record → tags that hold it, best first. ``authors`` of the
#: first tag that is there are taken whole; ``journal`` likewise.
TAGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "wos": {
        "type": ("DT", "PT"),
        "title": ("TI",),
        "authors": ("AF", "AU", "BF", "BA", "BE", "ED", "CA", "GP"),
        "year": ("PY", "PD", "EY", "DG"),
        "journal": ("SO", "JI", "J9"),
        "volume": ("VL",),
        "issue": ("IS",),
        "first page": ("BP", "AR"),
        "last page": ("EP",),
        "pages": ("PS",),
        "doi": ("DI", "DL", "D2"),
        "pmid": ("PM",),
        "issn": ("SN", "EI"),
        "abstract": ("AB",),
        "language": ("LA",),
        "keywords": ("DE", "ID", "MH"),
        "source id": ("UT", "AN", "GA"),
    },
    "ovid": {
        "type": ("DT", "PT"),
        "title": ("TI", "OT", "TT"),
        "authors": ("FA", "AU", "CA", "ED"),
        "year": ("YR", "DP", "SO"),
        "journal": ("JN", "JT", "SO", "BT"),
        "volume": ("VO",),
        "issue": ("IP",),
        "pages": ("PG",),
        "doi": ("DO", "DI"),
        "pmid": ("PM",),
        "issn": ("IS", "IT"),
        "abstract": ("AB",),
        "language": ("LG",),
        "keywords": ("MH", "KW", "DE"),
        "urls": ("XL", "JL", "UR"),
        "source id": ("AN", "UI"),
        "database": ("DB",),
    },
    "refworks": {
        "type": ("RT",),
        "title": ("T1",),
        "authors": ("A1", "A2"),
        "year": ("YR", "FD"),
        "journal": ("JF", "T2", "JO"),
        "volume": ("VO", "vo"),
        "issue": ("IS",),
        "first page": ("SP",),
        "last page": ("OP",),
        "doi": ("DO", "UL", "LK", "NO"),
        "issn": ("SN",),
        "abstract": ("AB",),
        "language": ("LA",),
        "keywords": ("K1",),
        "urls": ("UL", "LK"),
        "source id": ("AN", "ID"),
        "database": ("DB", "DS"),
    },
    "refer": {
        "type": ("0", "9"),
        "title": ("T", "!"),
        "authors": ("A", "E"),
        "year": ("D", "8"),
        "journal": ("J", "B"),
        "volume": ("V",),
        "issue": ("N",),
        "pages": ("P",),
        "doi": ("R", "U"),
        "pmid": ("2",),
        "issn": ("@",),
        "abstract": ("X",),
        "language": ("G",),
        "keywords": ("K",),
        "urls": ("U", ">"),
        "source id": ("M",),
        "database": ("~", "W"),
    },
    "noteexpress": {
        "type": ("Reference Type", "Type of Work"),
        "title": ("Title", "Translated Title"),
        "authors": ("Author", "Translated Author"),
        "year": ("Year", "Date"),
        "journal": ("Journal", "Source", "Tertiary Title", "Secondary Title", "Translated Journal"),
        "volume": ("Volume",),
        "issue": ("Issue", "Number"),
        "pages": ("Pages",),
        "doi": ("DOI", "Electronic Resource Number"),
        "issn": ("ISBN/ISSN", "ISSN"),
        "abstract": ("Abstract", "Translated Abstract"),
        "language": ("Language",),
        "keywords": ("Keywords", "Translated Keywords"),
        "urls": ("URL", "Link"),
        "source id": ("Accession Number",),
        "database": ("Database Provider", "Database"),
    },
    "cnki": {
        "type": ("SrcDatabase-来源库",),
        "title": ("Title-题名",),
        "authors": ("Author-作者",),
        "year": ("Year-年", "PubTime-发表时间", "PubTime-出版时间"),
        "journal": ("Source-文献来源", "Source-刊名", "Source-来源"),
        "volume": ("Volume-卷",),
        "issue": ("Period-期",),
        "pages": ("Page-页码", "PageCount-页码"),
        "doi": ("DOI-DOI",),
        "issn": ("ISSN-国际标准刊号",),
        "abstract": ("Summary-摘要",),
        "keywords": ("Keyword-关键词",),
        "urls": ("URL-网址", "Link-链接"),
    },
    "sinomed": {
        "type": ("文献类型", "文 献 类 型"),
        "title": ("标题", "中文标题", "题名", "英文标题"),
        "authors": ("作者", "英文作者"),
        "year": ("出版年", "年代", "出处"),
        "journal": ("刊名", "中文刊名", "出处"),
        "volume": ("卷",),
        "issue": ("期",),
        "pages": ("页码", "起止页"),
        "doi": ("DOI",),
        "pmid": ("PMID",),
        "issn": ("ISSN",),
        "abstract": ("摘要", "中文摘要", "英文摘要"),
        "language": ("语种",),
        "keywords": ("关键词", "主题词"),
        "urls": ("链接", "网址"),
        "source id": ("流水号",),
    },
}

#: The database that a family names when its records do not.
DATABASES: Mapping[str, str] = {"cnki": "CNKI", "sinomed": "SinoMed"}

WORD_END = re.compile("[;\n；]")


#: Families whose journal, volume, issue and pages may be packed into one line, and its tag.
PACKED: Mapping[str, str] = {"ovid": "SO", "sinomed": "出处"}


def reader_of(family: str) -> Callable[[str, Fields, str], Record]:
    r"""Return the function that reads a record of a family; parameters as of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("PT", "J"), ("AU", "Mouse, M\n   Duck, D"), ("TI", "A title"), ("PY", "2019"),
    ...        ("BP", "5"), ("EP", "9"), ("UT", "WOS:1"))
    >>> record = reader_of("wos")("9f3c12ab9f3c:0", raw, "Web of Science")
    >>> record.authors, record.pages, record.source_id
    (('Mouse, M', 'Duck, D'), '5-9', 'WOS:1')
    """
    return partial(_read, family)


def _read(family: str, record_id: str, raw: Fields, database: str) -> Record:
    held = _Held(_by_tag(raw, LABELS if family == "ovid" else {}), TAGS[family])
    packed = unpacked(one_of(held.by_tag.get(PACKED.get(family, ""), ())))
    return Record(
        id=record_id,
        raw=raw,
        source_id=held.first("source id").rstrip("."),
        database=_database(held.first("database")) or database or DATABASES.get(family, ""),
        type=kind_of(_types(held.all("type"))),
        title=clean_title(bare_title(held.first("title"))),
        authors=people(_authors(held)),
        year=fields.year(held.all("year")),
        journal=_journal(held, family, packed.get("journal", "")),
        volume=fields.volume(held.first("volume") or packed.get("volume", "")),
        issue=fields.issue(held.first("issue") or packed.get("issue", "")),
        pages=fields.page_span(held.first("first page"), held.first("last page"))
        or fields.pages(held.first("pages") or packed.get("pages", "")),
        doi=next(filter(None, map(fields.told_doi, held.all("doi"))), ""),
        pmid=next(filter(None, map(fields.pmid, held.all("pmid"))), ""),
        issn=fields.issn(held.all("issn")),
        abstract=next(filter(None, map(clean_abstract, held.all("abstract"))), ""),
        language=held.first("language").rstrip("."),
        keywords=_keywords(held.all("keywords")),
        urls=fields.urls(held.all("urls")),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The values of one record by tag, and the tags that hold each field."""

    by_tag: Mapping[str, list[str]]
    tags: Mapping[str, tuple[str, ...]]

    def all(self, field: str) -> list[str]:
        return [value for tag in self.tags.get(field, ()) for value in self.by_tag.get(tag, ())]

    def first(self, field: str) -> str:
        return one_of(self.all(field))


def _by_tag(raw: Fields, labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return values by tag: long labels as the tags they mean, Chinese ones without blanks."""
    by_tag: dict[str, list[str]] = {}
    for tag, value in raw:
        known = labels.get(tag, tag) if tag.isascii() else "".join(tag.split())
        by_tag.setdefault(known, []).append(value)
    return by_tag


def _types(values: Iterable[str]) -> list[str]:
    return [part.strip(" .") for value in values for part in re.split(r"[;,\n]", value)]


def _authors(held: _Held) -> list[str]:
    """Return the names of the best tag that holds any; full names only if they are all there."""
    lists = [
        [bare_name(name) for value in held.by_tag.get(tag, ()) for name in value.split("\n")]
        for tag in held.tags["authors"]
    ]
    full, short, *_ = [names for names in lists if any(names)] + [[], []]
    has_full = any(held.by_tag.get("AF", ()))
    return short if has_full and any(lists[1]) and len(short) > len(full) else full


def _journal(held: _Held, family: str, packed: str) -> str:
    for tag in held.tags["journal"]:
        values = held.by_tag.get(tag, ())
        found = clean(packed) if tag == PACKED.get(family) else one_of(values)
        if found:
            return found
    return ""


def _database(name: str) -> str:
    known = (alias for word, alias in ALIASES.items() if word in name.lower())
    return next(known, name)


def _keywords(values: Iterable[str]) -> tuple[str, ...]:
    flat = (" ".join(value.split()) if ";" in value else value for value in values)
    words = (
        clean_keyword(word) for value in flat for word in WORD_END.split(decode_entities(value))
    )
    return tuple(dict.fromkeys(word for word in words if word))
