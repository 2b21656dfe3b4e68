"""Which database or platform a record came from, as far as its own fields say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tamis.formats.cleaning import one_of

__all__ = ["ALIASES", "MARKS", "commonest", "database_of", "plain_database"]

#: (database, tag, what its value looks like; case is ignored). The first row that fits wins: ids
#: that only one database gives come before names, and names before addresses.
MARKS: tuple[tuple[str, str, str], ...] = (
    ("CENTRAL", "AN", r"^cn\-"),
    ("CENTRAL", "DB", r"^cochrane central"),
    ("Web of Science", "AN", r"^wos:"),
    ("Web of Science", "AN", r"^isi:"),
    ("Dimensions", "AN", r"^pub\."),
    ("Ovid", "DB", r"^ovid"),
    ("Ovid", "L2", r"ovidsp\.ovid\.com"),
    ("EBSCOhost", "DP", r"ebsco"),
    ("Embase", "U2", r"^l\d"),
    ("Embase", "DB", r"^embase"),
    ("Scopus", "DB", r"^scopus"),
    ("PubMed", "DB", r"^pubmed"),
    ("PubMed", "DP", r"^nlm"),
    ("MEDLINE", "DB", r"^medline"),
    ("Scopus", "UR", r"scopus\.com"),
    ("Embase", "UR", r"embase\.com"),
    ("EBSCOhost", "UR", r"ebscohost\.com"),
    ("PubMed", "UR", r"pubmed\.ncbi"),
    ("ProQuest", "UR", r"proquest\.com"),
    ("Dimensions", "UR", r"dimensions\.ai"),
    ("The Lens", "UR", r"lens\.org"),
    ("OpenAlex", "UR", r"openalex\.org"),
    ("OpenAlex", "ID", r"openalex\.org"),
    ("JSTOR", "UR", r"jstor\.org"),
    ("IEEE Xplore", "UR", r"ieeexplore"),
    ("ClinicalTrials.gov", "UR", r"clinicaltrials\.gov"),
)

#: Names of databases as Chinese files print them, and the name this project uses.
ALIASES: Mapping[str, str] = {
    "北京万方数据股份有限公司": "Wanfang",
    "万方数据": "Wanfang",
    "万方": "Wanfang",
    "wanfang": "Wanfang",
    "中国知网": "CNKI",
    "知网": "CNKI",
    "cnki": "CNKI",
    "维普": "VIP",
}

COMPILED = tuple((database, tag, re.compile(mark, re.I)) for database, tag, mark in MARKS)


def database_of(by_tag: Mapping[str, Sequence[str]]) -> str:
    """Return the database that a record's fields name.

    A record that names a database which no row of :data:`MARKS` knows keeps that name as printed.

    Parameters
    ----------
    by_tag
        Raw values of the record by tag.

    Examples
    --------
    >>> database_of({"DB": ["aph"], "DP": ["EBSCOhost"]}), database_of({"DB": ["CAB Abstracts"]})
    ('EBSCOhost', 'CAB Abstracts')
    """
    for database, tag, mark in COMPILED:
        if tag in by_tag and any(mark.search(value.lstrip()) for value in by_tag[tag]):
            return database
    return one_of(by_tag.get("DB", ()))


def plain_database(name: str) -> str:
    """Return the name that this project uses for a database; an unknown one stays as printed.

    Examples
    --------
    >>> plain_database("中国知网"), plain_database("CAB Abstracts")
    ('CNKI', 'CAB Abstracts')
    """
    return ALIASES.get(name.lower(), name)


def commonest(databases: Iterable[str]) -> str:
    """Return the database of nine records in ten, else ``""``: a mixed file has no one source.

    Examples
    --------
    >>> commonest(["Scopus"] * 9 + ["PubMed"]), commonest(["Scopus", "PubMed", ""])
    ('Scopus', '')
    """
    counted = Counter(databases)
    if not counted:
        return ""
    (name, count), *_ = counted.most_common(1)
    return name if count * 10 >= counted.total() * 9 else ""
