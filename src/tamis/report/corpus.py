"""Which texts may be printed as literals: those of the review itself, and a short list of names.

A literal is no way round law 5. Its text must stand, whole, in the content that the report is made
from, in a form derived from it by one of the rules below, or in ``NAMES``; a bare number may only
be a year, a date, an identifier or a setting that the content has as such.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tamis.domain.quantities import Literal
from tamis.domain.records import Record
from tamis.domain.results import Interval
from tamis.domain.values import PassageAnchor
from tamis.report.content import ReportContent
from tamis.report.digits import has_digit

__all__ = ["NAMES", "Corpus", "level_text", "literal", "long_date"]

#: Items of the reporting checklists (PRISMA 2020, PRISMA-S, SWiM), as they are numbered there.
ITEMS = (
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10a", "10b", "11", "12", "13a", "13b", "13c",
    "13d", "13e", "13f", "14", "15", "16a", "16b", "16", "17", "18", "19", "20a", "20b", "20c",
    "20d", "21", "22", "23a", "23b", "23c", "23d", "24a", "24b", "24c", "25", "26", "27", "10",
    "13", "1a", "1b",
)  # fmt: skip

#: Names of methods, tools and guidelines that hold a digit. They are names, not numbers.
NAMES = frozenset(
    {
        "PRISMA 2020", "I²", "τ²", "H²", "R package PRISMA2020", "RoB 2", "ROBINS-I V2",
        "per 1,000", "per 1,000 people", "每 1,000 人",
        *(f"item {name}" for name in ITEMS),
    }
)  # fmt: skip

#: Level of an interval whose settings name none.
USUAL_LEVEL = 0.95

#: Parts of a record that no report prints; large reviews have much of them.
UNPRINTED = frozenset({"raw", "abstract", "keywords", "urls", "issn"})

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T[\d:.]+Z)?\Z")
_BARE = re.compile(r"[\s\d.,+\-−–%‰<>≤≥=×/()]*\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
#: Kinds whose texts have words; a bare number is none of them.
_WORDY = frozenset({"label", "citation", "quote", "definition", "strategy"})

_SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")
_LINK_AT_END = re.compile(r"\s*\(https?://[^\s()]*\)\s*\Z")
_BETWEEN = re.compile(r"[\s,;()\[\]]+")

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def long_date(stamp: str) -> str:
    """Return the day of an ISO date or time in words; other texts come back as they are.

    Examples
    --------
    >>> long_date("2025-12-31T10:00:00.000Z")
    '31 December 2025'
    """
    found = _STAMP.match(stamp.strip())
    if not found:
        return stamp
    year, month, day = (int(part) for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return stamp
    return f"{day} {MONTHS[month - 1]} {year}"


def level_text(level: float) -> str:
    r"""Return a confidence level as it is printed.

    Examples
    --------
    >>> level_text(0.95)
    '95\xa0%'
    """
    return f"{level * 100:g}\N{NO-BREAK SPACE}%"


def literal(text: str, kind: str) -> Literal:
    """Return a text of the review as a literal; a bare number is an identifier or a setting.

    Examples
    --------
    >>> literal("1611-1619", "citation").kind, literal("Gu 2014", "label").kind
    ('identifier', 'label')
    """
    if has_digit(text) and _BARE.match(text) and kind in _WORDY:
        kind = "setting" if kind == "definition" else "identifier"
    return Literal(text=text, kind=kind)


class Corpus:
    """The texts of one content, asked whether a literal may be printed."""

    def __init__(self, content: ReportContent) -> None:
        texts: set[str] = set()
        levels = {level_text(USUAL_LEVEL)}
        for item in _walk(content):
            if isinstance(item, Interval):
                levels.add(level_text(item.level))
            else:
                texts.add(item)
        texts.update(batch.file.rpartition("/")[2] for batch in content.batches)
        digits = frozenset(text for text in texts if has_digit(text))
        pieces = digits | frozenset(_pieces(digits))
        worded = frozenset(text for text in pieces if not _BARE.match(text))
        sources = (value.source for value in content.extraction.values)
        quotes = frozenset(s.quote for s in sources if isinstance(s, PassageAnchor))
        years = (record.year for record in content.records.values())
        self._by_kind: Mapping[str, frozenset[str]] = {
            "year": frozenset(str(year) for year in years if year is not None),
            "date": worded | frozenset(long_date(text) for text in digits if _STAMP.match(text)),
            "identifier": pieces | frozenset(text[:12] for text in digits if _HASH.match(text)),
            "setting": digits | levels,
            "strategy": pieces,
            "quote": worded | quotes,
            "label": worded | NAMES,
            "definition": worded,
            "citation": worded,
        }

    def allows(self, asked: Literal) -> bool:
        """Tell whether this text may stand in the report under this kind."""
        return not has_digit(asked.text) or asked.text in self._by_kind[asked.kind]


def _walk(item: object) -> Iterator[str | Interval]:
    """Yield every text of the content, and every interval for its level."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, Mapping):
        yield from _walk(item.keys())
        yield from _walk(item.values())
    elif isinstance(item, Iterable):
        for part in item:
            yield from _walk(part)
    elif dataclasses.is_dataclass(item):
        if isinstance(item, Interval):
            yield item
        unprinted = UNPRINTED if isinstance(item, Record) else ()
        names = (field.name for field in dataclasses.fields(item))
        yield from _walk([getattr(item, name) for name in names if name not in unprinted])


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """Yield lines, words and ``;``-separated parts: the forms in which long texts are shown."""
    for text in texts:
        if _SLUG.match(text):
            yield text.replace("-", " ")
            yield from text.split("-")
        yield text.strip()
        bare = text.strip().rstrip(".")
        yield bare
        yield bare[:1].lower() + bare[1:]
        yield bare[:1].upper() + bare[1:]
        yield from text.split()
        lines = text.split("\n")
        if len(lines) > 1:
            yield from (line.strip("\r") for line in lines)
            yield from (line.strip() for line in lines)
        for line in lines:
            yield from _BETWEEN.split(line)
            yield _LINK_AT_END.sub("", line)
            for between in (";", "; ") if ";" in line else ():
                parts = [part.strip() for part in line.split(between)]
                yield from parts
                yield from (_LINK_AT_END.sub("", part) for part in parts)
