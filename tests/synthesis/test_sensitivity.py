"""Studies left out and added, influence, shrunken effects; many pools at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis import PoolSettings, fit_rows
from tamis.synthesis.fit import fit
from tamis.synthesis.many import fit_many
from tamis.synthesis.sensitivity import baujat, cumulative, influence, leave_one_out, shrink

pools = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=3, max_size=8)
chosen = st.builds(
    PoolSettings,
    method=st.sampled_from(["DL", "HE", "HS", "SJ", "PM", "ML", "REML", "FE"]),
    test=st.sampled_from(["z", "knha", "adhoc", "adhoc-ci"]),
)


def rows(found: list[tuple[float, float]]) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=y, v=v) for at, (y, v) in enumerate(found)]


@settings(max_examples=40)
@given(found=st.lists(pools, min_size=1, max_size=3), how=chosen)
def test_many_pools_are_each_the_single_one(found: list, how: PoolSettings) -> None:
    k = min(len(one) for one in found)
    y = np.array([[pair[0] for pair in one[:k]] for one in found])
    v = np.array([[pair[1] for pair in one[:k]] for one in found])
    many = fit_many(y, v, how)
    for at in range(len(found)):
        one = fit(y[at], v[at], how)
        for name in ("mu", "se", "low", "high", "p", "i2", "h2", "q", "q_p"):
            assert getattr(many, name)[at] == pytest.approx(
                getattr(one, name), rel=1e-9, abs=1e-12
            ), name
        if one.tau2 is not None:
            assert many.tau2[at] == pytest.approx(one.tau2, rel=1e-9, abs=1e-12)


@settings(max_examples=20)
@given(found=pools, how=chosen)
def test_the_last_step_is_the_whole_pool(
    found: list[tuple[float, float]], how: PoolSettings
) -> None:
    whole = fit_rows(rows(found), settings=how)
    assert not isinstance(whole, Refusal)
    steps = cumulative(rows(found), settings=how)
    assert steps[0].mu == found[0][0]
    assert (steps[-1].mu, steps[-1].k) == (pytest.approx(whole.mu), len(found))
    without = leave_one_out(rows([*found, (0.3, 0.5)]), settings=how)[-1]
    assert without.mu == pytest.approx(whole.mu)


@settings(max_examples=30)
@given(found=pools)
def test_shrunken_effects_lie_between_study_and_pool(found: list[tuple[float, float]]) -> None:
    whole, drawn = fit_rows(rows(found)), shrink(rows(found))
    assert not isinstance(whole, Refusal)
    assert not isinstance(drawn, Refusal)
    for (y, _), one in zip(found, drawn, strict=True):
        assert min(y, whole.mu) - 1e-9 <= one.estimate <= max(y, whole.mu) + 1e-9


def test_an_outlier_is_marked() -> None:
    told = influence(rows([(0.1, 0.05), (0.15, 0.05), (0.12, 0.04), (0.08, 0.05), (4.0, 0.05)]))
    assert [one.influential for one in told] == [False, False, False, False, True]
    assert sum(one.hat for one in told) == pytest.approx(1)
    shares = baujat(rows([(0.1, 0.05), (0.15, 0.05), (0.12, 0.04), (4.0, 0.05)]))
    assert max(shares, key=lambda one: one[1])[0] == "s3"


def test_too_few_studies_are_refused() -> None:
    for ask in (influence, baujat):
        with pytest.raises(BadInput, match="three studies"):
            ask(rows([(0.1, 0.1), (0.2, 0.1)]))
    with pytest.raises(BadInput, match="left out of one"):
        leave_one_out(rows([(0.1, 0.1)]))
    alone = leave_one_out(rows([(0.1, 0.1), (0.2, 0.1)]))
    assert [(one.k, one.tau2) for one in alone] == [(1, None), (1, None)]
    assert isinstance(shrink(rows([(0.1, 0.1)])), Refusal)
    assert isinstance(shrink([]), Refusal)
    with pytest.raises(ValueError, match="not made for many"):
        fit_many(np.ones((1, 3)), np.ones((1, 3)), PoolSettings(test="kr"))
