"""Optimal information size against the table of the method and the values of the evidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.certainty import size_for_difference, size_for_risks
from tamis.certainty.information import VARIANCES, total
from tamis.domain.errors import BadInput

#: Control risk -> totals for a relative risk reduction of 20, 25 and 30 % (recomputed with exact
#: quantiles, alpha 0.05 two-sided, power 0.80; GRADE guidelines 6 give the method).
TOTALS = {
    0.05: (13484.4, 8398.3, 5670.4),
    0.10: (6420.4, 4002.9, 2705.2),
    0.20: (2888.4, 1805.2, 1222.7),
    0.30: (1711.1, 1072.7, 728.5),
    0.50: (769.2, 486.6, 333.1),
}

#: Standardised difference -> total.
DIFFERENCES = {0.20: 784.89, 0.28: 400.45, 0.30: 348.84, 0.50: 125.58, 0.80: 49.06}

RISKS = st.floats(0.01, 0.99)


@pytest.mark.parametrize("control", TOTALS)
@pytest.mark.parametrize(("place", "reduction"), list(enumerate((0.20, 0.25, 0.30))))
def test_totals_for_risks(control: float, place: int, reduction: float) -> None:
    found = 2 * size_for_risks(control, control * (1 - reduction))
    assert found == pytest.approx(TOTALS[control][place], abs=0.051)


@pytest.mark.parametrize("d", DIFFERENCES)
def test_totals_for_differences(d: float) -> None:
    assert 2 * size_for_difference(d) == pytest.approx(DIFFERENCES[d], abs=0.0051)


def test_rounded_quantiles_would_give_another_first_cell() -> None:
    """1.960 + 0.842 gives 13,488: the exact quantiles are used."""
    rounded = (1.960 + 0.842) ** 2 * (0.05 * 0.95 + 0.04 * 0.96) / 0.01**2
    assert round(2 * rounded) == 13488
    assert round(2 * size_for_risks(0.05, 0.04)) == 13484


@pytest.mark.parametrize(("variance", "n"), [("unpooled", 368.9), ("pooled", 371.6)])
def test_the_trial_of_eighteen_people(variance: str, n: float) -> None:
    """83.3 % against 75 %: per group."""
    assert size_for_risks(10 / 12, 9 / 12, variance=variance) == pytest.approx(n, abs=0.05)


def test_a_total_is_two_whole_groups() -> None:
    assert total(368.9) == 738
    assert total(369.0) == 738
    assert total(0.2) == 2


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: size_for_risks(0.2, 0.2), "two different risks"),
        (lambda: size_for_risks(1.2, 0.2), "two different risks"),
        (lambda: size_for_risks(0.2, 0.1, variance="exact"), "unpooled"),
        (lambda: size_for_risks(0.2, 0.1, power=1.0), "between 0 and 1"),
        (lambda: size_for_difference(0), "the difference to look for"),
        (lambda: size_for_difference(math.nan), "the difference to look for"),
    ],
)
def test_what_cannot_be_computed_is_refused(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()


@given(RISKS, RISKS, st.sampled_from(sorted(VARIANCES)))
def test_groups_can_be_swapped_and_more_power_needs_more_people(
    p: float, q: float, variance: str
) -> None:
    if abs(p - q) < 1e-3:
        return
    one = size_for_risks(p, q, variance=variance)
    assert one == pytest.approx(size_for_risks(q, p, variance=variance), rel=1e-9)
    assert one < size_for_risks(p, q, power=0.9, variance=variance)
