"""Older conversions of medians, against their papers' formulas by hand and by simulation."""

from __future__ import annotations

import math

import pytest

from tamis.extraction.conversions.older import OLDER, hozo_2005, walter_yao_2007, wan_2014


def test_small_and_large_samples_of_hozo() -> None:
    x = {"min": 1.0, "median": 7.0, "max": 18.0}
    small, middle, large = (hozo_2005({**x, "n": n}) for n in (10, 40, 100))
    assert small == (8.25, pytest.approx(math.sqrt((25 / 4 + 289) / 12)))
    assert middle == (8.25, 4.25)
    assert large == (8.25, pytest.approx(17 / 6))


@pytest.mark.parametrize(("n", "expected"), [(2, 1.12838), (5, 2.32593), (20, 3.73495)])
def test_the_expected_range_is_the_tabled_one(n: int, expected: float) -> None:
    """d2 of control charts (Pearson & Hartley 1942)."""
    found = walter_yao_2007({"min": 0.0, "median": 0.4, "max": 1.0, "n": n})
    assert found == (0.4, pytest.approx(1 / expected, rel=1e-5))


def test_wan_takes_three_sets_of_numbers() -> None:
    both = wan_2014({"min": 2, "q1": 4, "median": 6, "q3": 8, "max": 14, "n": 30})
    assert both == (6.5, pytest.approx(3.02722590238044))


@pytest.mark.parametrize("name", OLDER)
def test_other_numbers_are_not_taken(name: str) -> None:
    assert OLDER[name]({"q1": 4, "median": 6, "n": 30}) is None
