"""Year, volume, pages and authors as citations write them (Vancouver, APA, GB/T 7714, prose)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tamis.certainty.claims.surnames import FAMILY

__all__ = [
    "AuthorYear",
    "Place",
    "author_years",
    "first_author",
    "pages_agree",
    "places_in",
    "volumes_agree",
    "years_of",
]

_PAGES = r"[A-Za-z]{0,4}\d{1,8}(?:\s*[-–—~～]\s*[A-Za-z]{0,4}\d{1,8})?"
_ISSUE = r"(?:\s*[(（][^)）]{1,20}[)）])?"
_ADDRESS = re.compile(r"https?://\S+|doi:?\s*\S+|\b10\.\d{4,9}/\S+|PMID:?\s*\d+", re.IGNORECASE)

#: Volume and pages, first match first; each may be missing from a row. Read aloud.
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bvol(?:ume|\.)?\s*(?P<v>\d{{1,4}})\b(?:[^.;。；]{{0,30}}?\b(?:pp?\.?|pages?)\s*(?P<p>{_PAGES}))?",
        r"第?\s*(?P<v>\d{1,4})\s*卷(?:[^。；;]{0,16}?(?:第\s*)?(?P<p>\d{1,6}(?:\s*[-–—~～至到]\s*\d{1,6})?)\s*页)?",
        rf"(?<![\d./:：])(?P<v>(?!(?:19|20)\d\d\b)\d{{1,4}}){_ISSUE}\s*[:：]\s*(?P<p>{_PAGES})(?![\d:：])",
        rf"(?<![\d./])(?P<v>\d{{1,4}})\.\d{{1,3}}\s*[(（](?:19|20)\d\d[)）]\s*[:：]\s*(?P<p>{_PAGES})",
        rf"[,，]\s*(?P<v>\d{{1,4}}){_ISSUE}\s*[,，]\s*(?:pp?\.?\s*|Article\s+)?(?P<p>{_PAGES})(?=\s*(?:[.。;；]|$))",
        r"(?:19|20)\d\d[a-z]?\s*[;；]\s*(?P<v>\d{1,4})(?!\d)(?P<p>(?!))?",
        rf"\b(?:pp\.?|pages?)\s*(?P<p>{_PAGES})(?P<v>(?!))?",
        r"第\s*(?P<p>\d{1,6}(?:\s*[-–—~～至到]\s*\d{1,6})?)\s*页(?P<v>(?!))?",
    )
)

_YEAR = re.compile(r"(?<![\d./-])((?:19|20)\d\d)[a-z]?(?![\d/])")
_YEAR_AT = (
    re.compile(r"[(（]\s*((?:19|20)\d\d)[a-z]?\s*(?:[,，][^)）]*)?[)）]"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)[a-z]?(?:\s+[A-Z][a-z]{2,8}\.?(?:\s+\d{1,2})?)?"
               r"\s*[;；,，]\s*\d{1,4}\s*(?:[(（:：,，]|[.。]?$)"),
)  # fmt: skip
_EARLY = re.compile(r"epub|online|ahead\s+of\s+print|网络首发|在线|优先出版", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-–—~～至到]\s*")
_NUMBERED = re.compile(r"^\s*(?:[\[（(]\s*\d{1,3}\s*[\]）)]|\d{1,3}[.)、．])?\s*")
_NAME = r"[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*"
_FIRST = (
    re.compile(rf"(?P<a>(?:[a-z]{{2,3}}\s+){{0,2}}{_NAME}(?:\s+{_NAME}){{0,2}})\s*,\s*"
               r"(?:[A-Z]\.[\s-]*){1,4}(?=[,;&.(（\s])"),
    re.compile(rf"(?P<a>(?:[a-z]{{2,3}}\s+){{0,2}}{_NAME}(?:\s+{_NAME}){{0,2}}?)(?:\s+[A-Z]{{1,3}}){{1,4}}"
               r"(?=\s*(?:[,，;.]|et\s+al|等|\())"),
    re.compile(rf"(?:[A-Z]\.[\s-]*){{1,3}}(?P<a>{_NAME}(?:\s+{_NAME})?)(?=\s*(?:[,;.]|and\b|&|et\s+al))"),
    re.compile(rf"(?P<a>{_NAME}(?:\s+{_NAME})?)\s*,?\s*(?:et\s+al\b|等)"),
    re.compile(r"(?P<a>[\u4e00-\u9fff]{2,4}?)(?=\s*(?:[,，、.．]|等))"),
)  # fmt: skip

_AMONG = (
    r"(?:\s*(?:et\s+al\b\.?|and\s+(?:colleagues|co-?workers|others)|(?:and|&)\s+[A-Z][\w'’-]+|"
    r"等人?的?))"
)
_CITED_EN = re.compile(
    rf"(?<![\w-])(?P<a>(?:(?:van|von|de|der|den|la|di|da|del)\s+){{0,2}}{_NAME}(?:\s+{_NAME})?)"
    rf"(?P<al>{_AMONG})?(?:['’]s?)?\s*[,，]?\s*[(（\[]?\s*(?P<y>(?:19|20)\d\d)[a-z]?(?!\d|\s*(?:-|–|to|至|到)\s*\d)"
)
_ET_AL_EN = re.compile(
    rf"(?<![\w-])(?P<a>(?:(?:van|von|de|der|den|la|di|da|del)\s+){{0,2}}{_NAME})"
    r"\s*(?:et\s+al\b\.?|and\s+colleagues|等人?)"
)
_BEFORE_ZH = (
    r"(?:^|(?<=[\s，,。；;：:（(、“《]))"
    r"(?:其中|根据|依据|由|据|与|和|及|如|而|在|按|按照|以及|对)?\s*"
)
_CITED_ZH = re.compile(
    rf"{_BEFORE_ZH}(?P<a>[\u4e00-\u9fff]{{1,4}}?)(?P<al>\s*等人?的?|氏)?\s*[,，]?(?:于|在)?\s*[(（\[]?\s*"
    r"(?P<y>(?:19|20)\d\d)(?!\d|\s*(?:-|–|至|到)\s*\d)"
)
_ET_AL_ZH = re.compile(rf"{_BEFORE_ZH}(?P<a>[\u4e00-\u9fff]{{1,4}}?)\s*等人?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Volume and pages as a text gives them, code points ``[start, end)``; empty where not said."""

    start: int
    end: int
    volume: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorYear:
    """An author as running text cites one; ``year`` is 0 where none stands beside the name.

    ``among`` tells whether "et al." or the like shows that a name of authors is meant.
    """

    start: int
    end: int
    author: str
    year: int = 0
    among: bool = False


def places_in(text: str) -> tuple[Place, ...]:
    """Return the volumes and pages of a citation.

    Examples
    --------
    >>> [(p.volume, p.pages) for p in places_in("J Pain. 2017;76(8):1436-9.")]
    [('76', '1436-9')]
    >>> [(p.volume, p.pages) for p in places_in("第 76 卷第 8 期，第 1436-1439 页")]
    [('76', '1436-1439')]
    """
    text = _ADDRESS.sub(lambda m: " " * len(m[0]), text)
    taken = bytearray(len(text))
    found = []
    for pattern in _PLACES:
        for m in pattern.finditer(text):
            if any(taken[m.start() : m.end()]):
                continue
            taken[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
            found.append(Place(start=m.start(), end=m.end(), volume=m["v"] or "",
                               pages=m["p"] or ""))  # fmt: skip
    return tuple(sorted(found, key=lambda p: p.start))


def years_of(entry: str) -> tuple[int, ...]:
    """Return the years of publication that an entry of a reference list may mean.

    Examples
    --------
    >>> years_of("Ash A. A trial of 2001. J Pain. 2017;76:1-9.")
    (2017,)
    """
    entry = _ADDRESS.sub(" ", entry)
    if _EARLY.search(entry) is None:
        for pattern in _YEAR_AT:
            found = pattern.search(entry)
            if found is not None:
                return (int(found[1]),)
    for place in reversed(places_in(entry)):
        entry = entry[: place.start] + " " + entry[place.end :] if place.pages else entry
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(entry)))


def first_author(entry: str) -> str:
    """Return the first author of an entry of a reference list, or nothing.

    Examples
    --------
    >>> first_author("[3] LIU D, ZHANG P. A title[J]. A Journal, 2017, 76(8): 1436-1439.")
    'LIU'
    >>> first_author("A trial of something."), first_author("van Dyk, A. (2017). A title.")
    ('', 'van Dyk')
    """
    start = _NUMBERED.match(entry)
    rest = entry[start.end() if start else 0 :]
    for pattern in _FIRST:
        found = pattern.match(rest)
        if found is not None:
            return found["a"]
    return ""


def author_years(text: str, lang: str) -> tuple[AuthorYear, ...]:
    """Return the authors that running text names with "et al." or a year.

    Examples
    --------
    >>> [(a.author, a.year) for a in author_years("Liu et al. (2016) agreed.", "en")]
    [('Liu', 2016)]
    >>> [(a.author, a.year) for a in author_years("其中刘 2016 年的试验", "zh")]
    [('刘', 2016)]
    """
    patterns = (_CITED_EN, _ET_AL_EN) + ((_CITED_ZH, _ET_AL_ZH) if lang == "zh" else ())
    return tuple(sorted(_authors(text, patterns), key=lambda a: a.start))


def _authors(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[AuthorYear]:
    taken = bytearray(len(text))
    for pattern in patterns:
        for m in pattern.finditer(text):
            start, end = m.start("a"), m.end()
            chinese = "\u4e00" <= m["a"][0] <= "\u9fff"
            if any(taken[start:end]) or (chinese and not _a_name(m["a"])):
                continue
            taken[start:end] = b"\x01" * (end - start)
            groups = m.groupdict()
            yield AuthorYear(start=start, end=end, author=m["a"], year=int(groups.get("y") or 0),
                             among="al" not in groups or bool(groups["al"]))  # fmt: skip


def _a_name(author: str) -> bool:
    """Tell whether Chinese characters can be a person's name: they begin with a family name."""
    return author[:1] in FAMILY or author[:2] in FAMILY


def volumes_agree(named: str, known: str) -> bool:
    """Tell whether two volumes are one.

    Examples
    --------
    >>> volumes_agree("076", "76"), volumes_agree("67", "76")
    (True, False)
    """
    left, right = (
        re.sub(r"\W|vol(?:ume)?|^0+", "", v.casefold()).lstrip("0") for v in (named, known)
    )
    return left == right


def pages_agree(named: str, known: str) -> bool | None:
    """Tell whether two page ranges are one; ``None`` where they cannot be compared.

    An abbreviated range is completed; a first page alone agrees with a range that begins there; an
    article number is compared with an article number only.

    Examples
    --------
    >>> pages_agree("1457-65", "1457-1465"), pages_agree("1457", "1457-1465")
    (True, True)
    >>> pages_agree("1475-65", "1457-1465"), pages_agree("1-9", "e103324")
    (False, None)
    """
    left, right = _pages(named), _pages(known)
    if left is None or right is None:
        return None
    if _is_number(left) != _is_number(right):
        return None
    if _is_number(left):
        return left[0].lstrip("e") == right[0].lstrip("e")
    return left[0] == right[0] and (not left[1] or not right[1] or left[1] == right[1])


def _pages(text: str) -> tuple[str, str] | None:
    """Return first and last page, the last completed and empty where only one is given."""
    parts = _RANGE.split(re.sub(r"[,;].*", "", text.strip().casefold()), maxsplit=1)
    first = re.sub(r"[^a-z0-9]", "", parts[0])
    if not re.search(r"\d", first):
        return None
    last = re.sub(r"[^a-z0-9]", "", parts[1]) if len(parts) > 1 else ""
    digits = re.sub(r"\D", "", last)
    if digits and len(digits) < len(re.sub(r"\D", "", first)):
        last = first[: len(first) - len(digits)] + digits
    elif digits and not re.match(r"[a-z]", last):
        last = re.sub(r"\d.*", "", first) + digits
    return first, "" if last == first else last


def _is_number(pages: tuple[str, str]) -> bool:
    """Tell an article number from pages: one token that is long or begins with letters."""
    first, last = pages
    return not last and (len(first) >= 6 or bool(re.match(r"[a-z]{1,4}\d", first)))
