"""Mantel-Haenszel pools of rates: laws and refusals; the oracle holds the numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import RateRow, Refusal
from tamis.synthesis.rate_strata import fit_rate_strata

arms = st.tuples(st.integers(1, 40), st.floats(5, 500), st.integers(1, 40), st.floats(5, 500))


def rows(found: list[tuple[int, float, int, float]]) -> list[RateRow]:
    return [
        RateRow(study=f"s{at}", events_1=x1, time_1=t1, events_2=x2, time_2=t2)
        for at, (x1, t1, x2, t2) in enumerate(found)
    ]


@given(found=st.lists(arms, min_size=1, max_size=6), measure=st.sampled_from(["IRR", "IRD"]))
def test_swapped_arms_turn_the_sign(found: list, measure: str) -> None:
    here = fit_rate_strata(rows(found), measure=measure)
    there = fit_rate_strata(rows([(c, d, a, b) for a, b, c, d in found]), measure=measure)
    assert not isinstance(here, Refusal)
    assert not isinstance(there, Refusal)
    assert (there.y, there.se) == (pytest.approx(-here.y, abs=1e-9), pytest.approx(here.se))


@given(found=st.lists(arms, min_size=1, max_size=4), time=st.floats(5, 500))
def test_a_study_without_events_does_not_move_the_ratio(found: list, time: float) -> None:
    one = fit_rate_strata(rows(found))
    other = fit_rate_strata(rows([*found, (0, time, 0, time)]))
    assert not isinstance(one, Refusal)
    assert not isinstance(other, Refusal)
    assert other.y == pytest.approx(one.y)


def test_what_cannot_be_pooled_says_so() -> None:
    none = fit_rate_strata(rows([(0, 10.0, 3, 12.0)]))
    assert isinstance(none, Refusal)
    assert none.rule == "no-information"
    assert isinstance(fit_rate_strata([]), Refusal)
    assert isinstance(fit_rate_strata(rows([(1, 2.0, 3, 4.0)]), measure="RR"), Refusal)
    with pytest.raises(BadInput, match="person-time above 0"):
        fit_rate_strata(rows([(1, 0.0, 3, 4.0)]))
