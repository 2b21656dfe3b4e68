"""Intervals of one proportion against printed examples, and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.synthesis.shares import agresti_coull, wilson, wilson_corrected


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2535, 0.3682), (15, 148, 0.0598, 0.1644), (0, 20, 0.0, 0.2005),
     (1, 29, 0.0018, 0.1963)],
)  # fmt: skip
def test_examples_of_newcombe_1998(x: int, n: int, low: float, high: float) -> None:
    found = wilson_corrected(x, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_how_the_intervals_lie_in_each_other(pair: tuple[int, int]) -> None:
    x, n = pair
    score, corrected, added = wilson(x, n), wilson_corrected(x, n), agresti_coull(x, n)
    for wider in (corrected, added):
        assert wider.low <= score.low + 1e-12
        assert wider.high >= score.high - 1e-12
        assert 0 <= wider.low <= x / n <= wider.high <= 1
    other = wilson_corrected(n - x, n)
    assert (other.low, other.high) == pytest.approx((1 - corrected.high, 1 - corrected.low))
    if added.low > 0 and added.high < 1:
        middle = (x + 1.959964**2 / 2) / (n + 1.959964**2)
        assert (added.low + added.high) / 2 == pytest.approx(middle, rel=1e-6)
