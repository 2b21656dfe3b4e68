"""Asymmetry, trim and fill, fail-safe numbers, funnels: laws, refusals, published figures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, Refusal
from tamis.synthesis import PoolSettings, fit_rows
from tamis.synthesis.small_study import (
    ASYMMETRY_TESTS,
    AsymmetryTest,
    Filled,
    asymmetry,
    asymmetry_of_tables,
    fail_safe,
    funnel,
    rank_test,
    regression_test,
    trim_and_fill,
)

pools = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=10, max_size=14,
    unique_by=lambda pair: pair[1],
)  # fmt: skip


def rows(found: list[tuple[float, float]]) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=y, v=v) for at, (y, v) in enumerate(found)]


def tables(factor: int = 1) -> list[BinaryRow]:
    return [
        BinaryRow(study=f"s{n}", events_1=2 + n % 4, n_1=12 * n, events_2=3 + n, n_2=11 * n)
        for n in range(1, 13 * factor)
    ]


@settings(max_examples=25)
@given(found=pools, test=st.sampled_from(["Egger", "Thompson-Sharp", "Begg"]))
def test_mirrored_effects_turn_the_sign(found: list[tuple[float, float]], test: str) -> None:
    here = asymmetry(rows(found), test=test)
    there = asymmetry(rows([(-y, v) for y, v in found]), test=test)
    assert isinstance(here, AsymmetryTest)
    assert isinstance(there, AsymmetryTest)
    assert there.statistic == pytest.approx(-here.statistic, rel=1e-6, abs=1e-8)
    assert there.p == pytest.approx(here.p, rel=1e-6, abs=1e-9)


@settings(max_examples=25)
@given(found=pools, estimator=st.sampled_from(["L0", "R0"]))
def test_filled_studies_mirror_the_outermost(
    found: list[tuple[float, float]], estimator: str
) -> None:
    chosen = PoolSettings(method="FE")
    done = trim_and_fill(rows(found), estimator=estimator, settings=chosen)
    if isinstance(done, Refusal):
        assert done.rule == "trimming-does-not-settle"
        return
    assert len(done.filled) == done.k0
    plain = fit_rows(rows(found), settings=chosen)
    assert not isinstance(plain, Refusal)
    if done.k0 == 0:
        assert done.pool.mu == pytest.approx(plain.mu)
    else:
        assert (done.pool.mu < plain.mu) == (done.side == "left")


def test_a_side_can_be_given_and_the_mirror_side_fills_the_mirror() -> None:
    found = [(0.1, 0.01), (0.12, 0.02), (0.3, 0.1), (0.5, 0.2), (0.9, 0.4), (1.2, 0.6)]
    left = trim_and_fill(rows(found), settings=PoolSettings(method="FE"), side="left")
    right = trim_and_fill(
        rows([(-y, v) for y, v in found]), settings=PoolSettings(method="FE"), side="right"
    )
    assert isinstance(left, Filled)
    assert isinstance(right, Filled)
    assert left.k0 == right.k0 > 0
    assert right.pool.mu == pytest.approx(-left.pool.mu)


def test_every_named_test_runs_and_few_studies_are_refused() -> None:
    for name, kind in ASYMMETRY_TESTS.items():
        if kind == "tables":
            assert isinstance(asymmetry_of_tables(tables(), test=name), AsymmetryTest)
            refused = asymmetry_of_tables(tables()[:9], test=name)
        else:
            many = rows([(0.1 * n, 0.02 * n) for n in range(1, 12)])
            assert isinstance(asymmetry(many, test=name), AsymmetryTest)
            refused = asymmetry(many[:9], test=name)
        assert isinstance(refused, Refusal)
        assert "9 studies" in refused.message


def test_what_cannot_be_tested_says_so() -> None:
    same = rows([(0.1 * n, 0.2) for n in range(12)])
    refused = asymmetry(same)
    assert isinstance(refused, Refusal)
    assert refused.rule == "no-spread-of-precision"
    assert isinstance(rank_test(same), Refusal)
    with pytest.raises(BadInput, match="no test of effects"):
        asymmetry(rows([(0.1 * n, 0.1 * n) for n in range(1, 12)]), test="Harbord")
    with pytest.raises(BadInput, match="no test of tables"):
        asymmetry_of_tables(tables(), test="Egger")
    with pytest.raises(BadInput, match="same in all studies"):
        regression_test(same)
    with pytest.raises(BadInput, match="three studies"):
        trim_and_fill(same[:2])
    with pytest.raises(BadInput, match="L0 or R0"):
        trim_and_fill(same, estimator="Q0")


def test_tables_without_an_event_say_nothing() -> None:
    empty = BinaryRow(study="none", events_1=0, n_1=10, events_2=0, n_2=12)
    one, other = (asymmetry_of_tables(held) for held in (tables(), [*tables(), empty]))
    assert one == other


def test_fail_safe_numbers() -> None:
    found = rows([(0.5, 0.04), (0.6, 0.04)])
    assert fail_safe(found).n == 10
    assert fail_safe(found, method="Orwin", target=0.11).n == 8
    assert fail_safe(rows([(0.01, 1.0), (0.02, 1.0)]), method="Rosenberg").n == 0
    for wrong in ({"method": "Smith"}, {"method": "Orwin", "target": -0.1}):
        with pytest.raises(BadInput):
            fail_safe(found, **wrong)


def test_a_funnel_opens_with_the_standard_error() -> None:
    made = funnel(rows([(0.2, 0.04), (0.5, 0.25)]), centre=0.3)
    assert made.deepest == 0.5
    assert made.limits == pytest.approx((0.3 - 0.98, 0.3 + 0.98), abs=1e-3)
    widths = [right - left for _, left, right in made.contours]
    assert widths == sorted(widths)
