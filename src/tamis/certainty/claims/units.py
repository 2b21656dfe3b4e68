"""Units of a review's outcomes: which words are units in a text, and how they convert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tamis.certainty.claims.evidence import ClaimEvidence

__all__ = ["converted", "is_unit", "units_of"]

#: Families of units that a text may use for one another: unit -> size.
_FAMILIES: tuple[Mapping[str, str], ...] = (
    {"L": "1", "dL": "0.1", "mL": "0.001", "litre": "1", "litres": "1", "liter": "1",
     "liters": "1", "升": "1", "毫升": "0.001"},
    {"kg": "1000", "g": "1", "mg": "0.001", "μg": "0.000001", "公斤": "1000", "千克": "1000",
     "克": "1", "毫克": "0.001"},
    {"km": "1000", "m": "1", "cm": "0.01", "mm": "0.001", "metres": "1", "meters": "1",
     "米": "1", "厘米": "0.01", "毫米": "0.001"},
    {"mmHg": "1", "mm Hg": "1", "毫米汞柱": "1"},
    {"points": "1", "point": "1", "分": "1"},
)  # fmt: skip

#: Units of counts and of statistics: other patterns read them.
_COUNTED = frozenset({"patients", "people", "participants", "events", "percent", "%", "months",
                      "studies", "trials", "records", "reports", "days", "weeks", "years", "cells",
                      "month", "day", "week", "year"})  # fmt: skip
_LONGEST = 16

#: "A day" as units write it: g/24h, mg per day, 克/24小时.
_DAILY = re.compile(
    r"\s*(?:(?:/|per|an?|each|every|每)\s*(?:24[\s-]*(?:h(?:ours?|rs?)?|小时)|days?|d|天|日)|daily|每日|每天)$",
    re.IGNORECASE,
)
#: How texts write it behind a unit.
_BY_DAY = ("/24h", "/24 h", "/24小时", "/24 小时", "/day", "/d", "/天", "/日", " per day", " a day",
           " daily", " per 24 h", " per 24 hours", " in 24 hours", "每天", "每日")  # fmt: skip
_MICRO = str.maketrans({"µ": "u", "μ": "u"})

#: Units of results and of counts that every review may use in claims.toml.
_COMMON = _COUNTED | frozenset({
    "percentage points", "percentage point", "pp", "per 100", "per 1000", "per 1,000", "per 1 000",
    "hours", "hour", "person", "patient", "participant", "event", "study", "trial", "women", "men",
    "children", "adults", "doses", "dose", "infusions", "infusion", "rr", "or", "rd", "hr", "md",
    "smd", "p", "％", "百分点", "例", "人", "名", "项", "篇", "个", "次", "天", "日", "周", "月",
    "个月", "年", "小时",
})  # fmt: skip


def _family(unit: str) -> Mapping[str, str]:
    folded = unit.casefold()
    return next((f for f in _FAMILIES if folded in {name.casefold() for name in f}), {})


def units_of(evidence: ClaimEvidence) -> tuple[str, ...]:
    """Return the units in which texts may give the outcomes of a review."""
    own = {o.unit.strip() for o in evidence.protocol.outcomes}
    own |= {v.unit.strip() for v in evidence.extraction.values if v.statistic in ("mean", "median")}
    named = {u for u in own if u and len(u) <= _LONGEST and u.casefold() not in _COUNTED}
    plain = {u for u in named if not any(c.isdigit() for c in u)}
    daily = {_DAILY.sub("", u) for u in named if _DAILY.search(u)}
    masses = {other for u in daily for other in _family(u)}
    by_day = {f"{mass}{day}" for mass in masses for day in _BY_DAY}
    return tuple(sorted(plain | masses | by_day | {other for u in plain for other in _family(u)}))


def is_unit(unit: str, own: Iterable[str]) -> bool:
    """Tell whether a claim may give a number in a unit: the review's, of its family, or a count.

    Examples
    --------
    >>> is_unit("mg", ["g/day"]), is_unit("%", []), is_unit("bananas", ["g/day"])
    (True, True, False)
    """
    folded = unit.strip().casefold()
    named = {name.casefold() for name in own} | _COMMON
    return folded in named or bool(_family(folded))


def converted(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """Return a value in another unit of its family; ``None`` where they are of no family.

    Examples
    --------
    >>> converted(Decimal(240), "ml", "L")
    Decimal('0.240')
    >>> converted(Decimal(4), "points", "mg") is None
    True
    >>> converted(Decimal(1800), "mg a day", "g/24h")
    Decimal('1.800')
    """
    unit, wanted = (u.strip().translate(_MICRO) for u in (unit, wanted))
    if unit.casefold() == wanted.casefold() or not unit:
        return value
    mine, other = _DAILY.sub("", unit), _DAILY.sub("", wanted)
    if mine != unit and other == wanted:  # a daily amount is no amount
        return None
    sizes = {name.casefold(): Decimal(size) for name, size in _family(other).items()}
    if mine.casefold() == other.casefold():
        return value
    if mine.casefold() not in sizes or other.casefold() not in sizes:
        return None
    return value * sizes[mine.casefold()] / sizes[other.casefold()]
