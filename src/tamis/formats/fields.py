"""Canonical identifiers and numbers of a citation: DOI, PMID, ISSN, year, pages, volume."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from tamis.formats.cleaning import clean

__all__ = [
    "doi",
    "issn",
    "issue",
    "page_span",
    "pages",
    "pmid",
    "told_doi",
    "urls",
    "volume",
    "year",
]

DOI = re.compile(r'10\.\d{4,9}/[^\s"]{1,300}')
#: Where a second DOI begins behind the first.
SECOND_DOI = re.compile(r"[;|,](?=doi\b|https?:|10\.\d{4,9}/)")
#: The end of an old DOI that Web of Science prints with blanks: "…024 [ 0141:SPOCMP]2.0.CO;2".
SICI = re.compile(r"(10\.\d{4,9}/\S{1,100}) ?\[ ?(\S{1,60}\]2\.0\.co;2)", re.I)
#: What an address adds to the DOI of a paper.
VIEW = re.compile(r"/(?:abstract|full|fulltext|epdf|pdf|summary|meta)\Z")
TOLD_DOI = re.compile(
    r"\A\s*(?:doi:? ?)?10\.\d{4,9}/|doi\.org/(?:doi:)?10\.|\bdoi[:=] ?(?:doi:)?10(?:\.|%2e)"
    r"|/doi/(?:[a-z]+/)?10\.",
    re.I,
)
CLOSERS = {")": "(", "]": "[", ">": "<", "}": "{"}
PMID = re.compile(r"(?:PMID:? ?|PUBMED:? ?)?(\d{1,8})(?: \[PMID\]|\.0)?\Z", re.I)
#: A whole number as a spreadsheet writes it: 12.0, or 1.2345678E+7.
DOT_ZERO = re.compile(r"(\d+)\.0+\Z")
POWER = re.compile(r"(\d)\.(\d+)[Ee]\+?0?(\d)\Z")

PUBMED_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})\b")
ISSN = re.compile(r"(?<![\dXx])(?<!\d-)(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")
YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?=\d{4}(?!\d)|\d\d(?!\d)|(?!\d))")
DASHES = re.compile(r" ?(?:[-\u2010-\u2015\u2212] ?)+")
RANGE = re.compile(r"([A-Za-z]{0,4})(\d{1,9})-([A-Za-z]{0,4})(\d{1,9})\Z")
PAGE_WORD = re.compile(r"\b(?:(?:pages?|pp?\.) ?){1,3}(?=[A-Za-z]?\d)", re.I)
PAGE_BREAK = re.compile(r" ?([,;]) ?")
VOLUME_WORD = re.compile(r"\A(?:v(?:ol(?:ume)?)?\.? ?){1,3}(?=\d)", re.I)
ISSUE_WORD = re.compile(r"\A(?:(?:no|issue|iss|nr)\.? ?){1,3}(?=\d)", re.I)
URL = re.compile(r"(?:https?://|\bwww\.)[^\s\"<>]+?(?=;\s*https?://|;?\s|;?\Z)")


def doi(text: str) -> str:
    """Return the first DOI in ``text``, lower-case and bare, or ``""``.

    Examples
    --------
    >>> doi("https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2")
    '10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2'
    >>> doi("url?id=doi:10.1038%2Fs41467-024&title=x"), doi("(doi: 10.1000/ABC).")
    ('10.1038/s41467-024', '10.1000/abc')
    >>> doi("10.1000/abc;10.1000/def"), doi("10.1000/abc/full"), doi("10.1000/a [ 14:S]2.0.CO;2")
    ('10.1000/abc', '10.1000/abc', '10.1000/a[14:s]2.0.co;2')
    """
    if "10." not in text:
        return ""
    text = unquote(text) if "%" in text else text
    found = DOI.search(SICI.sub(r"\1[\2", text) if "[" in text else text)
    if found is None:
        return ""
    bare = re.split(r"[&?]", found[0].lower(), maxsplit=1)[0]
    bare = VIEW.sub("", SECOND_DOI.split(bare, maxsplit=1)[0])
    while bare and (bare[-1] in ".,;:'/" or _dangling(bare)):
        bare = bare[:-1]
    return bare if DOI.match(bare) else ""


def told_doi(text: str) -> str:
    """Return the DOI of a text that says it is one or leads to one, or ``""``.

    A note or an address may hold another paper's DOI, or something like one, by chance.

    Examples
    --------
    >>> told_doi("10.1000/a"), told_doi("https://x.org/doi/abs/10.1000/a"), told_doi("see 10.1/a")
    ('10.1000/a', '10.1000/a', '')
    """
    return doi(text) if TOLD_DOI.search(text) else ""


def _dangling(text: str) -> bool:
    opener = CLOSERS.get(text[-1])
    return opener is not None and text.count(text[-1]) > text.count(opener)


def pmid(text: str) -> str:
    """Return a PubMed id that is all of ``text`` or stands in a PubMed address, or ``""``.

    Examples
    --------
    >>> pmid("PUBMED 21314913"), pmid("https://pubmed.ncbi.nlm.nih.gov/123/"), pmid("2020-5"),
    ('21314913', '123', '')
    >>> pmid("0"), pmid("12345678.0"), pmid("1.2345678E+7"), pmid("1.23E+07")
    ('', '12345678', '12345678', '')
    """
    text = text.strip()
    power = POWER.match(text)
    if power and len(power[2]) == int(power[3]):  # no digit was rounded away
        return power[1] + power[2]
    found = PMID.match(text) or PUBMED_URL.search(text)
    return found[1].lstrip("0") if found else ""


def issn(texts: Iterable[str]) -> str:
    """Return the first ISSN whose check digit holds, as ``1234-567X``, or ``""``.

    Examples
    --------
    >>> issn(["9783642002304", "20964129 (ISSN)", "0964-6906 (Print)0964-6906"])
    '2096-4129'
    """
    for text in texts:
        for front, back in ISSN.findall(text):
            digits = [10 if char in "Xx" else int(char) for char in front + back]
            if (
                sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True))
                % 11
                == 0
            ):
                return f"{front}-{back.upper()}"
    return ""


def year(texts: Iterable[str]) -> int | None:
    """Return the first year from 1800 to 2099 in the first text that holds one, else ``None``.

    Examples
    --------
    >>> year(["Sep", "2019-2020//"]), year(["Start date: 20210101"]), year(["9999", "0000"])
    (2019, 2021, None)
    """
    for text in texts:
        found = YEAR.search(text)
        if found:
            return int(found[0])
    return None


def pages(text: str) -> str:
    """Return pages with the last page written out and plain hyphens.

    Examples
    --------
    >>> pages("1436-9"), pages("S33\N{EN DASH}8"), pages("230-5, 246-51"), pages("pp. 52--58")
    ('1436-1439', 'S33-S38', '230-235, 246-251', '52-58')
    >>> pages("e26036"), pages("12-12"), pages("xi + 131")
    ('e26036', '12', 'xi + 131')
    """
    text = clean(text)
    if text.isdecimal():
        return text
    found = RANGE.match(text)
    if found:
        return _written_out(found)
    parts = PAGE_BREAK.split(DASHES.sub("-", PAGE_WORD.sub("", text)))
    parts[::2] = map(_range, parts[::2])
    parts[1::2] = (f"{mark} " for mark in parts[1::2])
    return "".join(parts).strip("-,; ")


def _range(part: str) -> str:
    found = RANGE.match(part)
    return part if found is None else _written_out(found)


def _written_out(found: re.Match[str]) -> str:
    prefix, first, prefix_last, last = found.groups()
    if prefix_last and prefix_last != prefix:
        return found[0]
    if len(last) < len(first):
        full = first[: len(first) - len(last)] + last
        last = full if int(full) >= int(first) else last
    if last == first:
        return prefix + first
    return f"{prefix}{first}-{prefix}{last}" if len(last) >= len(first) else found[0]


def page_span(first: str, last: str) -> str:
    """Return pages from a first and a last page; the first may hold the whole range.

    A last page without a first one says nothing about where the paper stands: ``""``.

    Examples
    --------
    >>> page_span("1436", "9"), page_span("476-481", "481"), page_span("2864", "")
    ('1436-1439', '476-481', '2864')
    """
    start, end = pages(first), pages(last)
    if not start or not end or re.search("[-,;]", start):
        return start
    return pages(f"{start}-{end}")


def volume(text: str) -> str:
    """Return a volume without its word.

    Examples
    --------
    >>> volume("v. v. 176"), volume("Vol.3"), volume("9"), volume("Suppl 1")
    ('176', '3', '9', 'Suppl 1')
    """
    return DOT_ZERO.sub(r"\1", VOLUME_WORD.sub("", clean(text)))


def issue(text: str) -> str:
    """Return an issue without its word.

    Examples
    --------
    >>> issue("No. 7/8"), issue("Suppl 1")
    ('7/8', 'Suppl 1')
    """
    return DOT_ZERO.sub(r"\1", ISSUE_WORD.sub("", clean(text)))


def urls(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the web addresses in the texts, each once, in order.

    Examples
    --------
    >>> urls(["http://a.org; http://b.org/x;y", "see http://a.org", "www.c.org/d"])
    ('http://a.org', 'http://b.org/x;y', 'www.c.org/d')
    """
    return tuple(dict.fromkeys(found for text in texts for found in URL.findall(text)))
