"""The random-intercept logistic model: against a dense grid, at the edges, laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, gammaln, log_expit, logsumexp

from tamis.domain.errors import BadInput
from tamis.domain.results import PooledResult, ProportionRow, Refusal
from tamis.synthesis import ProportionSettings, pool_proportions
from tamis.synthesis.logit_integrals import LogitModel

Pairs = list[tuple[int, int]]


def rows(pairs: Pairs) -> list[ProportionRow]:
    return [ProportionRow(study=str(at), events=x, n=n) for at, (x, n) in enumerate(pairs)]


def pooled(pairs: Pairs, **options) -> PooledResult:
    found = pool_proportions(rows(pairs), settings=ProportionSettings(**options))
    assert isinstance(found, PooledResult)
    return found


def dense(pairs: Pairs, mu: float, tau: float) -> float:
    """The log-likelihood on a fixed grid of 24,001 points: slow, and with no cleverness to fail."""
    u = np.linspace(-12, 12, 24001)
    x, n = np.array(pairs, dtype=float).T
    eta = mu + tau * u
    inner = x[:, None] * log_expit(eta) + (n - x)[:, None] * log_expit(-eta) - u**2 / 2
    constant = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    step = np.log(u[1] - u[0]) - 0.5 * np.log(2 * np.pi)
    return float((logsumexp(inner, axis=1) + step + constant).sum())


def test_a_wide_limit_that_fixed_nodes_and_local_searches_miss() -> None:
    for nodes in (7, 21, 61):
        found = pooled([(36, 81), (9, 12), (3, 3), (7, 9)], nodes=nodes)
        assert (found.ci_low, found.ci_high) == pytest.approx((0.43298, 0.92889), abs=2e-5)
        assert found.tau2 == pytest.approx(0.48117, abs=2e-5)


def test_no_events_in_most_studies() -> None:
    found = pooled([(0, 10), (0, 25), (1, 30), (3, 40), (0, 8)])
    assert (found.y, found.se) == pytest.approx((-3.30505, 0.50909), abs=1e-5)
    assert found.tau2 == 0
    wald = found.alternatives[0]
    assert (wald.low, wald.high) == pytest.approx((0.0133, 0.0905), abs=1e-4)


def test_the_profile_limits_hold_on_a_dense_grid() -> None:
    """At the limits no τ reaches the critical height, a little inside some τ does."""
    pairs = [(36, 81), (9, 12), (3, 3), (7, 9)]
    found = pooled(pairs)
    assert found.tau2 is not None
    top = dense(pairs, found.y, found.tau2**0.5)
    taus = np.concatenate([[0.0], np.geomspace(0.01, 30, 60)])
    for limit, side in ((found.y_low, 1), (found.y_high, -1)):
        at = max(dense(pairs, limit, tau) for tau in taus)
        inside = max(dense(pairs, limit + 0.02 * side, tau) for tau in taus)
        assert at <= top - 1.9207 + 2e-3
        assert inside > top - 1.9207 - 2e-2
        assert inside > at


def test_an_estimate_outside_the_range_of_the_studies() -> None:
    """Two empty studies and one half full: the scan in μ has to move on before it finds the top."""
    pairs = [(0, 1), (0, 5), (0, 40), (0, 400), (8, 16)]
    found = pooled(pairs)
    assert found.tau2 is not None
    x, n = np.array(pairs, dtype=float).T
    model = LogitModel(x, n, 21)
    taus = np.geomspace(0.05, 250, 120)
    heights = [float(model.log_likelihood(mu, taus).max()) for mu in np.linspace(-40, 3, 200)]
    assert float(model.log_likelihood(found.y, np.array([found.tau2**0.5]))[0]) >= max(heights)


def test_a_limit_that_does_not_exist_is_the_end_of_the_scale() -> None:
    found = pooled([(1, 10**9), (0, 10**9), (5, 9)])
    assert found.y_low == -np.inf
    assert found.ci_low == 0.0


def test_one_common_proportion() -> None:
    pairs = [(36, 81), (9, 12), (7, 9)]
    found = pooled(pairs, heterogeneity="EE")
    assert found.estimate == pytest.approx(52 / 102)
    assert found.tau2 is None
    assert found.i2 is None
    assert found.pi_low is None


def test_what_is_said_beside_the_result() -> None:
    few, many = pooled([(3, 9), (4, 9)]), pooled([(3, 9)] * 6)
    assert [one.rule for one in few.warnings] == ["no-comparator", "few-studies"]
    assert [one.rule for one in many.warnings] == ["no-comparator"]
    assert few.pi_low is None
    assert few.p is None
    assert few.interval_method == "profile likelihood"


def test_wald_with_student_quantile_is_wider() -> None:
    pairs = [(36, 81), (9, 12), (7, 9)]
    normal, student = (pooled(pairs, test=test).alternatives[0] for test in ("z", "t"))
    assert student.low < normal.low < normal.high < student.high
    assert pooled(pairs, prediction="none").pi_low is None


@pytest.mark.parametrize(
    ("pairs", "rule"),
    [
        ([], "no-data"),
        ([(3, 9)], "one-study"),
        ([(0, 9), (0, 4)], "nothing-to-model"),
        ([(9, 9), (4, 4)], "nothing-to-model"),
        ([(9, 9), (0, 4)], "nothing-to-model"),
    ],
)
def test_refusals_say_why(pairs: Pairs, rule: str) -> None:
    found = pool_proportions(rows(pairs))
    assert isinstance(found, Refusal)
    assert found.rule == rule
    assert not any(letter.isdigit() for letter in found.message)


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="cannot be"):
        pool_proportions(rows([(9, 8), (1, 4)]))
    for wrong in ({"nodes": 5}, {"heterogeneity": "x"}, {"test": "x"}, {"prediction": "HTS"}):
        with pytest.raises(BadInput):
            ProportionSettings(**wrong)


pair = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
sets = st.lists(pair, min_size=2, max_size=6).filter(lambda pairs: any(0 < x < n for x, n in pairs))


@settings(max_examples=25)
@given(sets, st.floats(-3, 3), st.floats(0, 3))
def test_the_quadrature_agrees_with_a_dense_grid(pairs: Pairs, mu: float, tau: float) -> None:
    x, n = np.array(pairs, dtype=float).T
    model = LogitModel(x, n, 21)
    got = float(model.log_likelihood(mu, np.array([tau]))[0])
    assert got == pytest.approx(dense(pairs, mu, tau), abs=2e-3)


@settings(max_examples=25)
@given(sets)
def test_the_estimate_is_a_maximum_and_lies_among_the_proportions(pairs: Pairs) -> None:
    found = pooled(pairs)
    assert found.tau2 is not None
    x, n = np.array(pairs, dtype=float).T
    model = LogitModel(x, n, 21)
    tau = found.tau2**0.5
    top = float(model.log_likelihood(found.y, np.array([tau]))[0])
    for mu, other in ((0.05, 0.0), (-0.05, 0.0), (0.0, 0.05), (0.0, -0.05 if tau > 0.05 else 0.0)):
        near = float(model.log_likelihood(found.y + mu, np.array([tau + other]))[0])
        assert near <= top + 1e-8
    assert found.ci_low <= found.estimate <= found.ci_high
    assert min(x / n) - 0.2 <= found.estimate <= max(x / n) + 0.2
    assert found.q_p is not None
    assert 0 <= found.q_p <= 1


@settings(max_examples=20)
@given(sets)
def test_counting_those_without_the_event(pairs: Pairs) -> None:
    here, there = pooled(pairs), pooled([(n - x, n) for x, n in pairs])
    assert there.y == pytest.approx(-here.y, abs=1e-5)
    assert there.ci_low == pytest.approx(1 - here.ci_high, abs=1e-5)
    assert there.tau2 == pytest.approx(here.tau2, rel=1e-4, abs=1e-6)


@settings(max_examples=15)
@given(sets, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: Pairs, random) -> None:
    other = list(pairs)
    random.shuffle(other)
    here, there = pooled(pairs), pooled(other)
    assert (here.y, here.se) == pytest.approx((there.y, there.se), rel=1e-7, abs=1e-9)


def test_studies_of_one_size_and_share_have_no_heterogeneity() -> None:
    found = pooled([(3, 9)] * 5)
    assert found.tau2 == 0
    assert found.estimate == pytest.approx(1 / 3)
    assert found.se == pytest.approx(1 / np.sqrt(45 * 2 / 9))
    assert expit(found.y) == found.estimate
