"""Rules on quantiles, means and standard deviations of one sample."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.cells import Book, Row, finding
from tamis.extraction.field_ranges import hard_range
from tamis.extraction.rounding import Rounded, rounded, show

__all__ = ["sd_max", "sd_range", "sd_zero_mean"]

_ORDER = ("min", "q1", "median", "q3", "max")


def sd_range(book: Book) -> Iterator[Finding]:
    """Find quantiles out of order, means out of range and SDs out of their two bounds.

    For n numbers between min and max that both occur,
    (max - min) / sqrt(2 (n - 1)) <= SD <= (max - min) / 2 * sqrt(n / (n - 1)).
    """
    for row in book.rows:
        yield from _order(row)
        yield from _mean_within(row)
        yield from _sd_within(row)


def sd_max(book: Book) -> Iterator[Finding]:
    """Find SDs above the bound SD^2 = n/(n-1) (mean - low)(high - mean) of a scale.

    Source: Bhatia & Davis 2000, with the sample's n/(n-1).
    """
    for row in book.rows:
        mean, sd = row.get("mean"), row.get("sd")
        bounds = hard_range(row.cell.outcome, mean.unit if mean else "")
        if mean is None or sd is None or bounds is None or row.cell.estimand == "change":
            continue
        low, high = bounds
        n, n_values = row.people
        if high is None or low is None or n is None or n < 2:
            continue
        at = _set(mean)
        best = _farthest(at, Fraction(low), Fraction(high))
        limit = Fraction(n, n - 1) * (best - Fraction(low)) * (Fraction(high) - best)
        smallest = max(Fraction(0), _set(sd).low)
        if smallest**2 > limit:
            most = show(Fraction(sqrt(limit)) if limit > 0 else Fraction(0))
            yield finding(
                "sd.max", "error", (mean, sd, *n_values),
                f"on a scale from {low} to {high}, {n} people with the mean {mean.printed} have "
                f"an SD of at most {most}; {sd.printed} is printed",
                expected=f"SD up to {most}",
            )  # fmt: skip


def sd_zero_mean(book: Book) -> Iterator[Finding]:
    """Find positive quantities whose SD is above their mean: they are skewed."""
    for row in book.rows:
        mean, sd = row.get("mean"), row.get("sd")
        if mean is None or sd is None or row.cell.estimand == "change":
            continue
        bounds = hard_range(row.cell.outcome, mean.unit)
        positive = bounds is not None and bounds[0] is not None and bounds[0] >= 0
        if positive and _set(sd).low > _set(mean).high > 0:
            yield finding(
                "sd.zero-mean", "note", (mean, sd),
                f"the SD {sd.printed} is larger than the mean {mean.printed} of a quantity that "
                "cannot be negative: its distribution is skewed",
                expected="median and quartiles, or an analysis of logarithms",
                suggestion="look for medians; name the skew where the mean is used",
            )  # fmt: skip


def _order(row: Row) -> Iterator[Finding]:
    for lower, upper in pairwise(row.all_of(*_ORDER)):
        if _set(lower).low > _set(upper).high:
            yield finding(
                "sd.range", "error", (lower, upper),
                f"the {lower.statistic} {lower.printed} is above the {upper.statistic} "
                f"{upper.printed}",
                expected="min <= q1 <= median <= q3 <= max",
                suggestion="look for swapped columns or a lost minus sign",
            )  # fmt: skip


def _mean_within(row: Row) -> Iterator[Finding]:
    mean, low, high = row.get("mean"), row.get("min"), row.get("max")
    if mean is None or low is None or high is None:
        return
    if _set(mean).high < _set(low).low or _set(mean).low > _set(high).high:
        yield finding(
            "sd.range", "error", (mean, low, high),
            f"the mean {mean.printed} is outside the range {low.printed} to {high.printed}",
            expected=f"{low.printed} to {high.printed}",
        )  # fmt: skip


def _sd_within(row: Row) -> Iterator[Finding]:
    sd, low, high = row.get("sd"), row.get("min"), row.get("max")
    n, n_values = row.people
    if sd is None or low is None or high is None or n is None or n < 2:
        return
    widest = max(Fraction(0), _set(high).high - _set(low).low)
    narrowest = max(Fraction(0), _set(high).low - _set(low).high)
    spread = _set(sd)
    too_large = spread.low > 0 and spread.low**2 > widest**2 / 4 * Fraction(n, n - 1)
    too_small = spread.high < 0 or spread.high**2 < narrowest**2 / (2 * (n - 1))
    if too_large or too_small:
        least = show(Fraction(sqrt(narrowest**2 / (2 * (n - 1)))))
        most = show(Fraction(sqrt(widest**2 / 4 * Fraction(n, n - 1))))
        yield finding(
            "sd.range", "error", (sd, low, high, *n_values),
            f"{n} people between {low.printed} and {high.printed} have an SD from {least} to "
            f"{most}; {sd.printed} is printed",
            expected=f"SD {least} to {most}",
            suggestion="a standard error, a variance, or another row?",
        )  # fmt: skip


def _farthest(mean: Rounded, low: Fraction, high: Fraction) -> Fraction:
    """Return the mean within its rounding set that allows the largest SD."""
    centre = (low + high) / 2
    return min(max(centre, mean.low, low), mean.high, high)


def _set(value: Value) -> Rounded:
    return rounded(value.number if value.number is not None else Decimal("NaN"))
