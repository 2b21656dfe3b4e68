"""Rules on what was estimated: numbers that look alike and answer different questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.cells import Book, Row, finding, is_contrast
from tamis.extraction.rounding import show

__all__ = ["estimand_mix", "mix_change_followup"]

#: Three ways of counting who responded; each is right, and they may not stand in one pool.
_RESPONSES = ("ever", "point", "best-by")
_LEVELS = ("point", "follow-up")

#: Baseline means further apart than this many standard deviations are named (Cochrane ch. 10).
IMBALANCE_SD = Fraction(1, 2)


def estimand_mix(book: Book) -> Iterator[Finding]:
    """Find outcomes counted ever, at a point or at their best: never one synthesis."""
    groups: dict[str, list[Value]] = defaultdict(list)
    for row in book.rows:
        if row.cell.estimand in _RESPONSES and row.cell.visit != "baseline":
            groups[row.cell.outcome].extend(row.all_of("events", "percent")[:1])
    for outcome in sorted(groups):
        used = {value.cell.estimand for value in groups[outcome]}
        kinds = [kind for kind in _RESPONSES if kind in used]
        if len(kinds) > 1:
            yield finding(
                "estimand.mix", "note", groups[outcome],
                f"{outcome} is counted as {', '.join(kinds)}: different questions, and never one "
                "pool",
                expected="one estimand in one synthesis",
                suggestion="plan one synthesis for each estimand",
            )  # fmt: skip


def mix_change_followup(book: Book) -> Iterator[Finding]:
    """Find change beside level of one outcome and visit, and arms unlike at baseline."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in book.rows:
        if row.cell.visit != "baseline" and row.all_of("mean", "median", "estimate"):
            groups[row.cell.outcome, row.cell.visit].append(row)
    for key in sorted(groups):
        changes = [_first(row) for row in groups[key] if row.cell.estimand == "change"]
        levels = [_first(row) for row in groups[key] if row.cell.estimand in _LEVELS]
        if changes and levels:
            yield finding(
                "mix.change-followup", "warning", (*changes, *levels),
                f"{key[0]} at {key[1]} is given as a change by {_studies(changes)} and as a level "
                f"by {_studies(levels)}",
                expected="one of the two in one synthesis; never both under SMD",
                suggestion="plan which one is used, and take the other only as sensitivity",
            )  # fmt: skip
    yield from _imbalance(book)


def _imbalance(book: Book) -> Iterator[Finding]:
    for one, two in combinations(_baselines(book), 2):
        if _trial(one) != _trial(two):
            continue
        m1, s1, m2, s2 = (_number(row[name]) for row in (one, two) for name in ("mean", "sd"))
        square = (s1**2 + s2**2) / 2
        gap = abs(m1 - m2)
        if square > 0 and gap**2 > IMBALANCE_SD**2 * square:
            about = (one["mean"], one["sd"], two["mean"], two["sd"])
            yield finding(
                "mix.change-followup", "warning", about,
                f"{one.cell.outcome} differs at baseline by {show(gap)}, more than half a "
                f"standard deviation ({one.cell.arm} {one['mean'].printed}, {two.cell.arm} "
                f"{two['mean'].printed})",
                expected="baselines closer than half a standard deviation",
                suggestion="levels at follow-up carry this difference; prefer an adjusted effect",
            )  # fmt: skip


def _baselines(book: Book) -> Iterator[Row]:
    for row in book.rows:
        cell = row.cell
        arm = cell.arm != "all" and not is_contrast(cell)
        if cell.visit == "baseline" and arm and len(row.all_of("mean", "sd")) == 2:
            yield row


def _trial(row: Row) -> tuple[str, str, str, int]:
    return row.cell.study, row.cell.outcome, row.cell.definition, row.cell.n


def _first(row: Row) -> Value:
    return row.all_of("mean", "median", "estimate")[0]


def _studies(values: list[Value]) -> str:
    return ", ".join(sorted({value.cell.study for value in values}))


def _number(value: Value) -> Fraction:
    return Fraction(value.number or 0)
