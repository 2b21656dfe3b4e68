"""What Ovid prints that others do not: long labels, packed sources, degrees behind names."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["LABELS", "bare_name", "bare_title", "unpacked"]

#: Long labels that Ovid prints instead of two-letter tags, and the tag that each means.
LABELS: Mapping[str, str] = {
    "Unique Identifier": "UI",
    "Accession Number": "AN",
    "Title": "TI",
    "Original Title": "OT",
    "Book Title": "BT",
    "Author": "AU",
    "Authors": "AU",
    "Author/Editor": "AU",
    "Editor": "ED",
    "Source": "SO",
    "Journal Name": "JN",
    "Volume": "VO",
    "Issue": "IP",
    "Issue/Part": "IP",
    "Page": "PG",
    "Pages": "PG",
    "Abstract": "AB",
    "Year": "YR",
    "Year of Publication": "YR",
    "Publication Year": "YR",
    "Date of Publication": "DP",
    "Publication Date": "DP",
    "Publication Type": "PT",
    "Document Type": "PT",
    "Language": "LG",
    "ISSN": "IS",
    "ISSN Print": "IS",
    "ISSN Electronic": "IS",
    "ISSN Linking": "IS",
    "ISBN": "IB",
    "Digital Object Identifier": "DO",
    "DOI": "DO",
    "PMID": "PM",
    "Database": "DB",
    "Institution": "IN",
    "Keywords": "KW",
    "Keyword": "KW",
    "Keyword Heading": "KW",
    "Key Phrase Identifiers": "ID",
    "Subject Headings": "MH",
    "MeSH Subject Headings": "MH",
    "Emtree Heading": "MH",
    "Registry Numbers": "RN",
    "Link to the Ovid Full Text or citation": "XL",
    "Local Messages": "LM",
    "Status": "ST",
    "Country of Publication": "CP",
    "Version ID": "VI",
    "Record Owner": "RO",
    "Publisher": "PU",
}

#: Roles and addresses in brackets behind a name.
BRACKETS = re.compile(r"\s*\[[^\]]{0,200}\]|\s*\([^)\s]{1,80}@[^)\s]{1,80}\)")
#: Degrees behind a name (Journals@Ovid).
DEGREES = re.compile(
    r"(?:,? (?:Ph\.? ?D|M\.? ?D|M\.?P\.?H|M\.?Sc|B\.?Sc|M\.?S|R\.?N|Dr\.?PH|Pharm\.?D|FACSM|FACS"
    r"|FRCP|MBBS|MBChB|D\.?O)\.?)+(?=,|\s|\Z)"
)
#: Numbers and marks of affiliations behind a name (Journals@Ovid).
AFFILIATIONS = re.compile(
    r"(?:\s+|,\s*)(?:\d{1,2}|[*+,\u2020\u2021]|[a-z](?=,|\Z))(?:,?(?:\d{1,2}|[*+]))*\s*\Z"
)
TITLE_TAIL = re.compile(
    r"\s*\[(?:References|Article|Miscellaneous|Review|Abstract|Editorial|Letter|\d+ refs?)\]"
    r"\.?\s*\Z"
)

QUOTED = re.compile(r'"([^"]+)"')

JOURNAL = r"(?P<journal>.+?)"
ISSUE = r"\((?P<issue>[^()]*(?:\([^()]*\)[^()]*)?)\)"
PAGES = r"(?P<pages>[A-Za-z]?\d[\w-]*)"

#: How sources are printed, and by which database; the first pattern that fits wins.
SOURCES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "PsycINFO: J. Vol.43(5), Sep 2015, pp. 623-634",
        re.compile(
            rf"{JOURNAL}\.? Vol\. ?(?P<volume>[\w-]+)(?:{ISSUE})?(?:,[^,]*)?, ?"
            r"(?:pp?\. ?(?P<pages>[\w-]+(?:, ?[\w-]+)*))?"
        ),
    ),
    (
        "MEDLINE, Embase, BIOSIS: J. 43(5):623-634, 2015 Sep",
        re.compile(
            rf"{JOURNAL}\.? (?P<volume>\d[\w-]*)(?: ?\((?P<issue>[^()]*)\))?: ?{PAGES}(?:[,.;]|\Z)"
        ),
    ),
    (
        "Journals@Ovid: J August 2011;43(8):647-653",
        re.compile(
            rf"{JOURNAL},? (?:(?:\w+/)?[A-Z][a-z]+ )?(?:\d{{1,2}}, )?(?:18|19|20)\d\d;"
            r"(?P<volume>[\w-]*)(?:\((?P<issue>[^()]*)\))?:(?P<pages>[\w-]+)"
        ),
    ),
    (
        "Political Science Abstracts: J 12, Winter 2007: 7-14",
        re.compile(
            rf"{JOURNAL},? (?P<volume>\d+)(?:\((?P<issue>[^()]*)\))?(?:, [A-Z][a-z]+ \d{{4}})?: ?"
            rf"{PAGES}"
        ),
    ),
    (
        "no pages: J. 43(5), 2015",
        re.compile(rf"{JOURNAL}\. (?P<volume>\d+)(?:\((?P<issue>[^()]*)\))?[.,]"),
    ),
    (
        "SinoMed: J 2016;37(6):12-15",
        re.compile(
            r"(?P<journal>[^0-9(]+?)[.,]? (?:\d{4}(?: [A-Z]\w+)?;)?(?P<volume>\d+)?"
            r"(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>[\w-]+))?\.?\Z"
        ),
    ),
)


def bare_name(name: str) -> str:
    """Return a name without roles, degrees and affiliation numbers behind it.

    Examples
    --------
    >>> bare_name("Lefkowitz, Rafael Y. MD, MPH 1"), bare_name("Wabner, Cindy L. [Inventor]")
    ('Lefkowitz, Rafael Y.', 'Wabner, Cindy L.')
    """
    name = " ".join(name.split())
    if "[" in name or "@" in name:
        name = BRACKETS.sub("", name)
    while True:
        shorter = DEGREES.sub("", AFFILIATIONS.sub("", name)).rstrip(" ,")
        if shorter == name:
            return name
        name = shorter


def bare_title(title: str) -> str:
    """Return a title without the kind that is printed behind it, and without quotation marks.

    Examples
    --------
    >>> bare_title('"Injury in Seafarers".  [Article]'), bare_title("A title. [References].")
    ('Injury in Seafarers', 'A title.')
    """
    bare = TITLE_TAIL.sub("", title).strip()
    inner = bare.rstrip(".")
    quoted = len(inner) > 2 and inner[0] == inner[-1] == '"' and inner.count('"') == 2
    return inner[1:-1] if quoted else bare


def unpacked(source: str) -> dict[str, str]:
    """Return journal, volume, issue and pages that are packed into one line, as far as told.

    Examples
    --------
    >>> unpacked("Acta August 2011;43(8):647-653")
    {'journal': 'Acta', 'volume': '43', 'issue': '8', 'pages': '647-653'}
    """
    source = source.rstrip(" .")
    for _, pattern in SOURCES:
        found = pattern.match(source) if source else None
        if found:
            return {key: value for key, value in found.groupdict().items() if value}
    return {}
