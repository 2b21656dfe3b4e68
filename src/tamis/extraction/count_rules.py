"""Rules on counts and percentages: they must be able to come from the same people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.cells import ALL_ARMS, Book, Row, finding, is_contrast
from tamis.extraction.rounding import counts_that_fit, rounded, show, whole

__all__ = ["arms_total", "events_n", "pct_count", "pct_denominator", "pct_grim"]

#: Estimands whose percentages are shares of people. A change of a percentage is not.
_SHARES = frozenset({"ever", "point", "best-by", "follow-up"})


def pct_count(book: Book) -> Iterator[Finding]:
    """Find counts, people and percentages that no rounding or cutting reconciles."""
    for row in _shares(book):
        percent, events = row.get("percent"), row.get("events")
        e, (n, n_values) = whole(events), row.people
        if percent is None or events is None or e is None or not n or _fits(percent, e, n):
            continue
        about = (percent, events, *n_values)
        share = Fraction(100 * e, n)
        fit, cut = _fitting(percent, n)
        if _cut(percent, e, n):
            yield finding(
                "pct.count", "warning", about,
                f"{e} of {n} is {show(share, 4)} %; {percent.printed} fits only if digits were "
                "cut off instead of rounded",
                expected=_around(share, percent),
                suggestion="check whether the paper cuts digits everywhere",
            )  # fmt: skip
        else:
            yield finding(
                "pct.count", "error", about,
                f"{e} of {n} is {show(share, 4)} %, and neither rounding nor cutting gives the "
                f"printed {percent.printed}; {percent.printed} % of {n} is {_counts(fit, cut)}",
                expected=f"percent {_around(share, percent)}, or {_counts(fit, cut)} of {n}",
                suggestion="look for a misread count, another denominator or another row",
            )  # fmt: skip


def pct_grim(book: Book) -> Iterator[Finding]:
    """Find percentages without a count that no whole number of people gives.

    Source: Brown & Heathers 2017. Without power once n reaches 100 x 10^decimals.
    """
    for row in _shares(book):
        percent, (n, n_values) = row.get("percent"), row.people
        if percent is None or "events" in row.values or not n:
            continue
        fit, cut = _fitting(percent, n)
        if fit:
            continue
        cause = f"; cut off, it would be {_counts((), cut)}" if cut else ""
        yield finding(
            "pct.grim", "warning", (percent, *n_values),
            f"no whole number of {n} people rounds to {percent.printed} %{cause}",
            expected=_nearest(percent, n),
            suggestion="a survival probability, digits cut off, or another denominator?",
        )  # fmt: skip


def pct_denominator(book: Book) -> Iterator[Finding]:
    """Find counts and percentages that fit other people of the study than the row's own."""
    for row in _shares(book):
        percent, events = row.get("percent"), row.get("events")
        e = whole(events)
        if percent is None or events is None or e is None:
            continue
        yield from _other_denominator(book, row, percent, events)
    yield from _changing_denominator(book)


def _other_denominator(book: Book, row: Row, percent: Value, events: Value) -> Iterator[Finding]:
    e, (own, own_values) = whole(events) or 0, row.people
    expected = own if own is not None else _participants(book, row)
    if expected is None or _fits(percent, e, expected) or _cut(percent, e, expected):
        return
    others = {
        n: value for n, value in _people_of(book, row).items()
        if n not in (own, expected, 0) and e <= n and _fits(percent, e, n)
    }  # fmt: skip
    if others:
        named = ", ".join(str(n) for n in sorted(others))
        yield finding(
            "pct.denominator", "warning",
            (percent, events, *own_values, *(others[n] for n in sorted(others))),
            f"{e} and {percent.printed} % do not fit {expected} people; they fit {named}",
            expected=f"{percent.printed} % of {named}",
            suggestion="record the denominator that was used, and say whom it counts",
        )  # fmt: skip


def _changing_denominator(book: Book) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in _shares(book):
        if row.people[0] and row.all_of("events", "percent"):
            cell = row.cell
            groups[cell.study, cell.outcome, cell.visit, cell.arm].append(row)
    for key in sorted(groups):
        sizes = sorted({row.people[0] or 0 for row in groups[key]})
        if len(sizes) > 1:
            named = " and ".join(str(size) for size in sizes)
            yield finding(
                "pct.denominator", "note",
                (value for row in groups[key] for value in row.all_of("events", "percent", "n")),
                f"{'/'.join(key)} is counted among {named} people: different questions",
                expected="one denominator, or a sentence that says whom each counts",
                suggestion="name the denominator wherever the number is used",
            )  # fmt: skip


def events_n(book: Book) -> Iterator[Finding]:
    """Find counts that are not whole, or more people with an event than people."""
    for row in book.rows:
        for value in row.all_of("events", "n"):
            if whole(value) is None:
                yield finding(
                    "events.n", "error", (value,),
                    f"{value.printed} is no whole number of people",
                    expected="a whole number",
                )  # fmt: skip
        events, (n, n_values) = row.get("events"), row.people
        e = whole(events)
        if events is not None and e is not None and n is not None and e > n:
            yield finding(
                "events.n", "error", (events, *n_values),
                f"{e} people with the event are more than the {n} people counted",
                expected=f"0 to {n}",
                suggestion="look for events counted instead of people, or another row's n",
            )  # fmt: skip


def arms_total(book: Book) -> Iterator[Finding]:
    """Find arms that do not add up to their study, in people or in events."""
    rows = {row.cell: row for row in book.rows}
    for row in book.rows:
        cell = row.cell
        if cell.arm != ALL_ARMS:
            continue
        arms, known = book.arms_of(cell.study)
        parts = [rows.get(replace(cell, arm=arm)) for arm in arms]
        for statistic in ("n", "events"):
            yield from _total(row, [part for part in parts if part], statistic, len(arms), known)


def _total(row: Row, parts: list[Row], statistic: str, arms: int, known: bool) -> Iterator[Finding]:
    total = row.get(statistic)
    values = [value for part in parts if (value := part.get(statistic)) is not None]
    counts = [count for value in values if (count := whole(value)) is not None]
    if whole(total) is None or total is None or arms < 2 or len(counts) != arms:
        return
    if sum(counts) != whole(total):
        added = " + ".join(f"{v.printed} ({v.cell.arm})" for v in values)
        yield finding(
            "arms.total", "error" if known else "warning", (total, *values),
            f"{added} is {sum(counts)}, and the total is printed as {total.printed}",
            expected=str(sum(counts)),
            suggestion="look for an arm that is missing, or people counted at another time",
        )  # fmt: skip


def _shares(book: Book) -> Iterator[Row]:
    for row in book.rows:
        if row.cell.estimand in _SHARES and not is_contrast(row.cell):
            yield row


def _fits(percent: Value, e: int, n: int) -> bool:
    if percent.number is None or n == 0:
        return False
    return rounded(percent.number).holds(Fraction(100 * e, n))


def _cut(percent: Value, e: int, n: int) -> bool:
    if percent.number is None or n == 0:
        return False
    return rounded(percent.number).cut_from(Fraction(100 * e, n))


def _fitting(percent: Value, n: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return ((), ()) if percent.number is None else counts_that_fit(percent.number, n)


def _counts(fit: tuple[int, ...], cut: tuple[int, ...]) -> str:
    if fit:
        return " or ".join(str(e) for e in fit)
    if cut:
        return " or ".join(str(e) for e in cut)
    return "no whole number of people"


def _around(share: Fraction, percent: Value) -> str:
    digits = 0
    if percent.number is not None:
        digits = max(0, -int(percent.number.as_tuple().exponent))
    return show(share, digits)


def _nearest(percent: Value, n: int) -> str:
    below = int((percent.number or 0) * n / 100)
    shares = [f"{e}/{n} = {show(Fraction(100 * e, n), 1)} %" for e in (below, below + 1) if e <= n]
    return "; ".join(shares)


def _participants(book: Book, row: Row) -> int | None:
    """Return how many people took part in the row's arm, if that was recorded once."""
    sizes = {
        whole(other.get("n")) for other in book.of(row.cell.study)
        if other.cell.outcome == "participants" and other.cell.arm == row.cell.arm
    } - {None}  # fmt: skip
    return sizes.pop() if len(sizes) == 1 else None


def _people_of(book: Book, row: Row) -> dict[int, Value]:
    """Return every number of people of the row's arm that the study prints."""
    found: dict[int, Value] = {}
    for other in book.of(row.cell.study):
        if other.cell.arm in (row.cell.arm, ALL_ARMS) and other.cell != row.cell:
            for value in other.all_of("n", "events"):
                n = whole(value)
                if n:
                    found.setdefault(n, value)
    return found
