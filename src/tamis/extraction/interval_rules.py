"""Rules on confidence limits: their order, and where the estimate stands between them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import log

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.cells import Book, Row, finding, is_contrast
from tamis.extraction.rounding import Rounded, rounded, show

__all__ = ["ci_centre", "ci_order", "ci_scale"]

#: Units by which an effect is known as a ratio or as a difference.
RATIOS = frozenset({"rr", "or", "hr", "irr", "ror", "ratio", "peto or", "arr", "aor", "ahr"})
DIFFERENCES = frozenset({"md", "rd", "smd", "wmd", "difference"})

_ESTIMATES = ("estimate", "mean", "median", "percent")


def ci_order(book: Book) -> Iterator[Finding]:
    """Find limits in the wrong order, and estimates outside their limits."""
    for row in book.rows:
        low, high = row.get("ci_low"), row.get("ci_high")
        if low is not None and high is not None and _set(low).low > _set(high).high:
            yield finding(
                "ci.order", "error", (low, high),
                f"the lower limit {low.printed} is above the upper limit {high.printed}",
                expected="lower limit <= upper limit",
                suggestion="look for swapped limits or a lost minus sign",
            )  # fmt: skip
            continue
        yield from _estimate_between(row, low, high)


def ci_centre(book: Book) -> Iterator[Finding]:
    """Find intervals not centred on their estimate, on the log scale for ratios.

    Wald intervals are. Exact, score, profile and bootstrap limits need not be, so this only warns.
    An effect whose unit says neither ratio nor difference is tried on both scales.
    """
    for row in book.rows:
        found = row.all_of("estimate", "ci_low", "ci_high")
        if len(found) != 3 or not is_contrast(row.cell):
            continue
        estimate, low, high = (_set(value) for value in found)
        if not low.low <= high.high or not _between(estimate, low, high):
            continue  # ci.order says it
        unit = _unit(found[0])
        plain = _centred(estimate, low, high)
        logged = low.high > 0 and _centred_log(estimate, low, high)
        fits = logged if unit in RATIOS else plain if unit in DIFFERENCES else plain or logged
        if not fits:
            scale = "log scale" if unit in RATIOS else "printed scale"
            yield finding(
                "ci.centre", "warning", found,
                f"{found[0].printed} is not in the middle of {found[1].printed} to "
                f"{found[2].printed} on the {scale}",
                expected=_middle(low, high, ratio=unit in RATIOS),
                suggestion="an exact, profile or bootstrap interval, or a misread limit?",
            )  # fmt: skip


def ci_scale(book: Book) -> Iterator[Finding]:
    """Find ratios and limits of ratios that are zero or less."""
    for row in book.rows:
        for value in row.all_of("estimate", "ci_low", "ci_high"):
            if _unit(value) in RATIOS and _set(value).high <= 0:
                yield finding(
                    "ci.scale", "error", (value,),
                    f"a ratio ({value.unit}) is printed as {value.printed}, and no ratio is "
                    "zero or less",
                    expected="above 0",
                    suggestion="a difference or a logarithm under the name of a ratio?",
                )  # fmt: skip


def _estimate_between(row: Row, low: Value | None, high: Value | None) -> Iterator[Finding]:
    estimate = next(iter(row.all_of(*_ESTIMATES)), None)
    if estimate is None:
        return
    under = low is not None and _set(estimate).high < _set(low).low
    over = high is not None and _set(estimate).low > _set(high).high
    if under or over:
        about = (estimate, *(limit for limit in (low, high) if limit is not None))
        limits = [limit.printed for limit in about[1:]]
        yield finding(
            "ci.order", "error", about,
            f"{estimate.printed} is outside its interval ({' to '.join(limits)})",
            expected=f"between {' and '.join(limits)}",
            suggestion="look for limits of another row, or a lost minus sign",
        )  # fmt: skip


def _between(estimate: Rounded, low: Rounded, high: Rounded) -> bool:
    return low.low <= estimate.high and estimate.low <= high.high


def _centred(estimate: Rounded, low: Rounded, high: Rounded) -> bool:
    return (low.low + high.low) / 2 <= estimate.high and estimate.low <= (low.high + high.high) / 2


def _centred_log(estimate: Rounded, low: Rounded, high: Rounded) -> bool:
    """Compare squares, which is exact: est^2 against low x high."""
    least = max(low.low, Fraction(0)) * high.low
    most = low.high * high.high
    return least <= estimate.high**2 and max(estimate.low, Fraction(0)) ** 2 <= most


def _middle(low: Rounded, high: Rounded, *, ratio: bool) -> str:
    if ratio and low.middle > 0:
        half = (log(low.middle) + log(high.middle)) / 2
        return f"about {show(Fraction(2.718281828459045**half), 3)}"
    return f"about {show((low.middle + high.middle) / 2, 3)}"


def _unit(value: Value) -> str:
    return value.unit.strip().casefold()


def _set(value: Value) -> Rounded:
    if value.number is None:  # ``Row.all_of`` hands on exact numbers only
        raise AssertionError(value.id)
    return rounded(value.number)
