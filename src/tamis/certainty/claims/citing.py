"""How works are cited in running text: journals, dates of publication and of search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamis.domain.claims import ClaimFinding

__all__ = [
    "Cited",
    "DateMention",
    "JournalMention",
    "dates_in",
    "institutions_in",
    "journals_in",
    "search_dates_in",
]

_ZH_BEFORE = re.compile(r"(?:国际)?(?:学术)?(?:期刊|杂志|学报|刊物)\s*《(?P<name>[^》]{2,120})》")
_ZH_AFTER = re.compile(r"《(?P<name>[^》]{2,120})》\s*(?:期刊|杂志|学报)")
_EN = re.compile(
    r"\b(?:published|appeared|reported)\s+(?:[a-z]+\s+){0,4}?in\s+(?:the\s+journal\s+)?"
    r"(?P<quote>[\"“*_]?)(?P<name>(?:the\s+)?[A-Z][\w&'’-]*(?:\s+(?:of|and|the|in|for|&|[A-Z][\w&'’-]*))*)"
)
_MONTHS = {
    m: i
    for i, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for m in names.split()
}  # fmt: skip
_DATE_ZH = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*年(?:\s*(?P<m>\d{1,2})\s*月)?(?:\s*(?P<d>\d{1,2})\s*日)?"
)
_DATE_EN = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})\s+)?(?P<m>{'|'.join(_MONTHS)})\.?\s+(?:(?P<d2>\d{{1,2}}),?\s+)?"
    r"(?P<y>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DATE_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)")
_SEARCH = re.compile(r"检索|搜索|\bsearch(?:es|ed)?\b", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:检索|搜索|\bsearch\w*\b)[^。.;；,，:：]{0,40}?(?:持续到|截至|截止|至|到|直到|until|through|up\s+to|to|in|on)\s*",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"[\u4e00-\u9fff]{2,20}?(?:大学|医院|研究所|研究院|学院|中心)"
    r"|\b(?:University|Hospital|Institute|College)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A fact of citation in a sentence: code points ``[start, end)`` of the sentence, answer."""

    start: int
    end: int
    answer: str
    findings: tuple[ClaimFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalMention:
    """A journal as a text names it: code points ``[start, end)`` with the words around it."""

    start: int
    end: int
    name: str


def journals_in(text: str) -> tuple[JournalMention, ...]:
    """Return the journals a sentence names.

    Examples
    --------
    >>> [j.name for j in journals_in("It was published in Clinical Rheumatology in 2014.")]
    ['Clinical Rheumatology']
    >>> [j.name for j in journals_in("在国际期刊《Heart》上发布")]
    ['Heart']
    """
    found = [
        JournalMention(start=m.start(), end=m.end(), name=m["name"].strip())
        for pattern in (_ZH_BEFORE, _ZH_AFTER)
        for m in pattern.finditer(text)
    ]
    for m in _EN.finditer(text):
        name = re.sub(r"\s+(?:in|of|and|for|the)$", "", m["name"]).strip()
        if name.casefold() not in _MONTHS:
            found.append(
                JournalMention(start=m.start(), end=m.start("name") + len(name), name=name)
            )
    kept = {(j.start, j.end): j for j in found}
    return tuple(kept[key] for key in sorted(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date in a text; ``month`` and ``day`` are 0 when they are not said."""

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0


def dates_in(text: str) -> tuple[DateMention, ...]:
    """Return the dates of a sentence, in order.

    Examples
    --------
    >>> [(d.year, d.month) for d in dates_in("检索持续到 2023 年 4 月")]
    [(2023, 4)]
    >>> [(d.year, d.month) for d in dates_in("searched through May 2022")]
    [(2022, 5)]
    """
    return tuple(sorted(_dates(text), key=lambda d: d.start))


def _dates(text: str) -> Iterator[DateMention]:
    for pattern in (_DATE_ZH, _DATE_EN, _DATE_ISO):
        for m in pattern.finditer(text):
            groups: Mapping[str, str | None] = m.groupdict()
            month = groups["m"] or ""
            day = groups["d"] or groups.get("d2") or "0"
            yield DateMention(
                start=m.start(),
                end=m.end(),
                year=int(m["y"]),
                month=_MONTHS.get(month.casefold(), 0) or (int(month) if month.isdigit() else 0),
                day=int(day),
            )


def search_dates_in(text: str) -> tuple[DateMention, ...]:
    """Return the dates up to which a sentence says that a search ran, with the words before them.

    Examples
    --------
    >>> found = search_dates_in("PubMed,检索持续到 2023 年 4 月。")[0]
    >>> found.start, found.year
    (7, 2023)
    """
    if not _SEARCH.search(text):
        return ()
    dates = [d for d in dates_in(text) if d.month]
    if not dates:
        return ()
    last = dates[-1]
    start = last.start
    for m in _UNTIL.finditer(text):
        if m.end() <= last.start:
            start = m.start()
    return (DateMention(start=start, end=last.end, year=last.year, month=last.month, day=last.day),)


def institutions_in(text: str) -> tuple[str, ...]:
    """Return the institutions a sentence names."""
    return tuple(m.group() for m in _INSTITUTION.finditer(text))
