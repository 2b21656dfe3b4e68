"""Where a report stands in print: volumes, issues and pages as sources write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Pages", "parse_pages", "plain_issue", "plain_volume"]

_RANGE = re.compile(
    r"(?P<a>[a-z]{0,3}\d{1,9}(?:\.e?\d+)?)\s*(?:-+|\u2013|\u2014|to)\s*(?P<b>[a-z]{0,3}\d{1,9}(?:\.e?\d+)?)"
)
_ONE = re.compile(r"[a-z]{0,3}\d{1,9}(?:\.e?\d+)?")
_MONTH = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DATE = re.compile(r"0?(\d{1,2})-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\Z")
_DATE_BACK = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*-0?(\d{1,2})\Z")
_NAMED_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\Z"
)
#: "Suppl-29", "t-20": a range whose first page was lost on the way.
_HEADLESS = re.compile(r"[a-z]+\s*-+\s*\d+\Z")
_ROMAN = re.compile(r"([ivxlc]+)(?:-+([ivxlc]+))?\Z")
_NUMBER = re.compile(r"\d+")
_PREFIXED = re.compile(r"([a-z]{0,3})(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Pages for comparison.

    ``firsts`` are the first pages (several for a combined range); ``last`` the completed last page
    of the first range. ``print`` is false for article numbers such as ``e26036``, which say
    nothing against a page number; ``empty`` when nothing could be read.
    """

    firsts: tuple[str, ...] = ()
    last: str = ""
    print: bool = True
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether no page could be read."""
        return not self.firsts

    @property
    def first(self) -> str:
        """The first page, or an empty text."""
        return self.firsts[0] if self.firsts else ""

    @property
    def span(self) -> int:
        """How many pages the first range covers; 0 when unknown."""
        if not (self.first.isdecimal() and self.last.isdecimal()):
            return 0
        return max(0, int(self.last) - int(self.first) + 1)


@lru_cache(maxsize=200_000)
def parse_pages(text: str) -> Pages:
    """Read pages: ranges, completed ends, article numbers, dates a spreadsheet made of them.

    Examples
    --------
    >>> parse_pages("221-8").last, parse_pages("01-Jun").firsts, parse_pages("e26036").print
    ('228', ('1',), False)
    >>> parse_pages("230-5, 246-51").firsts
    ('230', '246')
    """
    plain = text.casefold().replace('"', "").replace("pp.", "").replace("p.", "").strip()
    date = _spreadsheet_date(plain)
    if date:
        return date
    if _HEADLESS.match(plain):
        return Pages(text=plain)
    roman = _ROMAN.match(plain)
    if roman:
        return Pages(firsts=(roman[1],), last=roman[2] or "", text=plain)
    firsts: list[str] = []
    last = ""
    for match in _RANGE.finditer(plain):
        firsts.append(_bare(match["a"]))
        last = last or _complete(_bare(match["a"]), _bare(match["b"]))
    if not firsts:
        firsts = [_bare(found) for found in _ONE.findall(plain)[:1]]
    if not firsts:
        return Pages(text=plain)
    return Pages(
        firsts=tuple(sorted(set(firsts), key=_page_key)),
        last=last,
        print=_is_print(firsts[0], last),
        text=plain,
    )


def plain_volume(text: str) -> str:
    """Return the volume's number: the first run of digits, else the folded text.

    A text with a bracket that closes nothing is what is left of a supplement's name, and unknown.

    Examples
    --------
    >>> plain_volume("9 (1) (no pagination)"), plain_volume("12933 LNCS"), plain_volume("1)")
    ('9', '12933', '')
    """
    if text.count(")") > text.count("("):
        return ""
    found = _NUMBER.search(text)
    return (found[0].lstrip("0") or "0") if found else text.casefold().strip()


def plain_issue(text: str) -> str:
    """Return the issue's first number; a supplement is ``s`` and its numbers, a month ``m``.

    Examples
    --------
    >>> plain_issue("(3)"), plain_issue("5 SUPPL. 1"), plain_issue("May")
    ('3', 's51', 'm5')
    """
    plain = text.casefold().strip("() ")
    if _NAMED_MONTH.match(plain):
        return f"m{_MONTH[plain[:3]]}"
    if "sup" in plain or plain.startswith("s"):
        return "s" + "".join(_NUMBER.findall(plain))
    return plain_volume(plain)


def _spreadsheet_date(plain: str) -> Pages | None:
    for pattern, day, month in ((_DATE, 1, 2), (_DATE_BACK, 2, 1)):
        match = pattern.match(plain)
        if match:
            numbers = int(match[day]), _MONTH[match[month]]
            low, high = sorted(numbers)
            return Pages(firsts=(str(low),), last=str(high), text=plain)
    return None


def _bare(page: str) -> str:
    page = page.partition(".")[0]
    match = _PREFIXED.match(page)
    if match is None:
        return page
    return match[1] + (match[2].lstrip("0") or "0")


def _complete(first: str, last: str) -> str:
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        return first[: len(first) - len(last)] + last
    return last


def _is_print(first: str, last: str) -> bool:
    """Article numbers have a letter other than S, P or A in front, or six digits and no range."""
    if first.isdecimal():
        return bool(last) or len(first) < 6
    return first[0] in "spa"


def _page_key(page: str) -> tuple[int, str]:
    found = _NUMBER.search(page)
    return (int(found[0]) if found else 0, page)
