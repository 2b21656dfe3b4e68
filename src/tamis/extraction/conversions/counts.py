"""Counts from printed percentages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tamis.extraction.conversions.kinds import Conversion, Numbers, Step, plain
from tamis.extraction.rounding import counts_that_fit

__all__ = ["COUNTS"]


def _count(x: Numbers) -> Iterable[Step]:
    fitting, _ = counts_that_fit(_percent(x), int(x["n"]))
    shown = f"the only count of {plain(x['n'])} that rounds to {_percent(x)} %"
    yield Step("events", float(fitting[0]), shown)


def _percent(x: Numbers) -> Decimal:
    """Return the percentage with the digits that were printed."""
    return Decimal(f"{x['percent']:.{int(x['decimals'])}f}")


def _no_single_count(x: Numbers) -> str:
    fitting, cut = counts_that_fit(_percent(x), int(x["n"]))
    if len(fitting) == 1:
        return ""
    several = " and ".join(map(str, fitting or cut))
    if fitting:
        return f"the counts {several} of {plain(x['n'])} all round to {_percent(x)} %"
    why = f"; cut off, it would be {several}" if several else ""
    return f"no count of {plain(x['n'])} rounds to {_percent(x)} %{why}"


#: Counts.
COUNTS: tuple[Conversion, ...] = (
    Conversion(id="events.from-percent", needs=("percent", "n"), gives=("events",), steps=_count,
               says="the count, where only one fits the percentage", source="",
               refuses=_no_single_count),
)  # fmt: skip
