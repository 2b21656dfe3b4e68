"""Laws of the axis that a figure chooses."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.report.figures.reach import MOST_MARKS, figure_axis

NUMBERS = st.floats(-1e6, 1e6)
WIDTHS = st.floats(1e-6, 1e6)
SPREADS = st.lists(st.tuples(NUMBERS, WIDTHS, WIDTHS), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(SPREADS)
def test_a_plain_axis_holds_every_estimate_and_the_null(found: list[tuple[float, ...]]) -> None:
    spreads = [(m, m - below, m + above) for m, below, above in found]
    made = figure_axis(spreads, log=False, null=0.0, width=280, margin=12)
    assert made.low <= 0 <= made.high
    assert all(made.low <= m <= made.high for m, *_ in spreads)
    assert made.low < made.high
    check_marks(made.marks, made.low, made.high)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(-40, 40), st.floats(0.001, 50)), min_size=1, max_size=12))
def test_an_axis_of_ratios_holds_every_estimate_and_one(found: list[tuple[float, float]]) -> None:
    spreads = [(math.exp(m), math.exp(m - s), math.exp(m + s)) for m, s in found]
    made = figure_axis(spreads, log=True, null=1.0, width=280, margin=12)
    assert 0 < made.low <= 1 <= made.high
    assert all(made.low <= m <= made.high for m, *_ in spreads)
    check_marks(made.marks, made.low, made.high)
    places = [made.at(m) for m in sorted(m for m, *_ in spreads)]
    assert places == sorted(places)


def check_marks(marks: tuple[float, ...], low: float, high: float) -> None:
    assert list(marks) == sorted(set(marks))
    assert len(marks) <= MOST_MARKS
    room = 1e-6 * (high - low)
    assert all(low - room <= mark <= high + room for mark in marks)


def test_what_has_no_number_takes_no_part() -> None:
    made = figure_axis([(None, None, None), (1.0, 0.0, math.inf)], log=True, null=1.0, width=280,
                       margin=12)  # fmt: skip
    assert made.low < 1 < made.high
    assert math.isfinite(made.high)
    alone = figure_axis([(None, None, None)], log=False, null=None, width=280, margin=12)
    assert alone.low < alone.high
