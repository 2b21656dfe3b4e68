"""The bootstrap prediction interval: tau2 against closed forms, and its coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Interval, Refusal
from tamis.synthesis import predict_by_bootstrap
from tamis.synthesis.bootstrap_prediction import _above, _drawn


def rows(y: list[float], v: list[float]) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=a, v=b) for at, (a, b) in enumerate(zip(y, v, strict=True))]


@pytest.mark.parametrize(("q", "factor", "k"), [(3.0, 1.0, 2), (12.0, 1.7, 9), (40.0, 1.0, 25)])
def test_a_sum_of_equal_chi_squares_is_a_chi_square(q: float, factor: float, k: int) -> None:
    assert _above(q, np.full(k, factor)) == pytest.approx(chi2.sf(q / factor, k), abs=1e-6)


def test_with_equal_variances_tau2_has_its_closed_distribution() -> None:
    """Then Q v / (v + tau2) is chi-square, so the chance of a draw is known."""
    y, v = np.array([0.1, 0.9, -0.4, 0.3, 1.2]), np.full(5, 0.05)
    q = float(((y - y.mean()) ** 2).sum() / 0.05)
    chances = np.array([0.2, 0.5, 0.9, 0.99])
    wanted = 0.05 * (q / chi2.isf(chances, 4) - 1)
    assert _drawn(y, v, chances) == pytest.approx(np.maximum(wanted, 0), rel=2e-3)


def test_order_sign_and_units_change_nothing_but_what_they_must() -> None:
    y, v = [0.1, 0.9, -0.4, 0.3], [0.02, 0.05, 0.03, 0.2]
    given = predict_by_bootstrap(rows(y, v))
    tens = predict_by_bootstrap(rows([10 * one for one in y], [100 * one for one in v]))
    turned = predict_by_bootstrap(rows([-one for one in y], v))
    assert isinstance(given, Interval)
    assert isinstance(tens, Interval)
    assert isinstance(turned, Interval)
    assert (tens.low, tens.high) == pytest.approx((10 * given.low, 10 * given.high), rel=1e-6)
    wide = given.high - given.low
    assert (-turned.high, -turned.low) == pytest.approx((given.low, given.high), abs=0.05 * wide)
    assert predict_by_bootstrap(rows(y, v)) == given


def test_it_covers_further_effects_as_often_as_it_says() -> None:
    """Five studies, tau2 as large as the variances: 95 % of further effects, within chance."""
    random = np.random.default_rng(20261123)
    inside, runs = 0, 120
    for _ in range(runs):
        v = random.uniform(0.05, 0.3, 5)
        effects = random.normal(0.4, 0.4, 6)
        y = random.normal(effects[:5], np.sqrt(v))
        found = predict_by_bootstrap(rows(y.tolist(), v.tolist()), draws=1000)
        assert isinstance(found, Interval)
        inside += found.low <= effects[5] <= found.high
    assert inside / runs >= 0.95 - 3 * (0.95 * 0.05 / runs) ** 0.5


def test_too_little_is_refused() -> None:
    assert isinstance(predict_by_bootstrap([]), Refusal)
    few = predict_by_bootstrap(rows([0.1, 0.2], [0.1, 0.1]))
    assert isinstance(few, Refusal)
    assert "needs 3 studies" in few.message
    with pytest.raises(BadInput, match="too few"):
        predict_by_bootstrap(rows([0.1, 0.2, 0.3], [0.1] * 3), draws=10)
