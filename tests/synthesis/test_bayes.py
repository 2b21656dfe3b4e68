"""The Bayesian model: against closed forms, laws, refusals, priors."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis.bayes import (
    BayesResult,
    bayes,
    half_cauchy,
    half_normal,
    prior_sensitivity,
    rhodes,
    tau_prior,
    turner,
)
from tamis.synthesis.bayes.prior_tables import rows_of

PLACEBO = "pharmacological vs. placebo / control"
pools = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.02, 1)), min_size=1, max_size=5)


def rows(found: list[tuple[float, float]]) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=y, v=v) for at, (y, v) in enumerate(found)]


def fitted(found: list[tuple[float, float]], **how: object) -> BayesResult:
    done = bayes(rows(found), **how)  # type: ignore[arg-type]
    assert isinstance(done, BayesResult)
    return done


def test_a_published_example() -> None:
    done = fitted([(-0.5, 0.1), (0.1, 0.15), (-0.9, 0.3)])
    assert done.mu.median == pytest.approx(-0.37743, abs=2e-4)
    assert (done.mu.low, done.mu.high) == pytest.approx((-1.05605, 0.28555), abs=2e-3)
    assert done.tau.median == pytest.approx(0.28382, abs=1e-3)
    assert (done.tau.low, done.tau.high) == pytest.approx((0, 0.81962), abs=2e-3)
    assert (done.theta.low, done.theta.high) == pytest.approx((-1.51428, 0.73188), abs=2e-3)


def test_one_study_returns_the_prior_of_tau_and_says_so() -> None:
    done = fitted([(0.3, 0.02)])
    assert done.tau.mean == pytest.approx(0.5 * math.sqrt(2 / math.pi), rel=1e-4)
    assert done.mu.sd == pytest.approx(math.sqrt(0.02 + 0.25), rel=1e-4)
    assert [one.rule for one in done.warnings] == ["bayes-one-study"]


@settings(max_examples=15)
@given(found=pools, shift=st.floats(-3, 3))
def test_laws_of_the_posterior(found: list[tuple[float, float]], shift: float) -> None:
    done = fitted(found, shrinkage=False)
    moved = fitted([(y + shift, v) for y, v in found], shrinkage=False)
    assert moved.mu.median == pytest.approx(done.mu.median + shift, abs=1e-6)
    assert moved.tau.median == pytest.approx(done.tau.median, abs=1e-6)
    turned = fitted([(-y, v) for y, v in found], shrinkage=False)
    assert turned.mu.low == pytest.approx(-done.mu.high, abs=1e-3)
    assert done.theta.high - done.theta.low >= done.mu.high - done.mu.low
    shortest, central = done.mu.high - done.mu.low, done.mu.central[1] - done.mu.central[0]
    assert shortest <= central * (1 + 1e-6)


@settings(max_examples=10)
@given(found=pools)
def test_studies_are_drawn_towards_the_mean(found: list[tuple[float, float]]) -> None:
    done = fitted(found)
    for (y, _), own in zip(found, done.studies, strict=True):
        inner, outer = sorted((y, done.mu.mean or 0.0))
        assert inner - 0.05 <= own.summary.median <= outer + 0.05


@pytest.mark.parametrize(
    "prior",
    [
        half_normal(0.3), half_cauchy(0.7), tau_prior("DuMouchel"), tau_prior("shrinkage"),
        turner("pain", PLACEBO), rhodes("biological marker", PLACEBO, "other"),
    ],
    ids=lambda one: one.name,
)  # fmt: skip
def test_a_proper_prior_is_a_density(prior) -> None:
    import numpy as np

    v = np.array([0.1, 0.2])
    density = lambda u: math.exp(u + float(prior.log_density(np.array([math.exp(u)]), v)[0]))  # noqa: E731
    area = sum(quad(density, a, b, limit=400)[0] for a, b in ((-40, -5), (-5, 0), (0, 5), (5, 60)))
    assert area == pytest.approx(1, abs=2e-3)


def test_improper_priors_with_too_few_studies_are_refused() -> None:
    for name, k in (("uniform", 2), ("Jeffreys", 1)):
        refused = bayes(rows([(0.1, 0.1), (0.4, 0.2)][:k]), prior=tau_prior(name))
        assert isinstance(refused, Refusal)
        assert refused.rule == "improper-posterior"


def test_moments_that_are_infinite_are_not_given() -> None:
    done = fitted([(0.1, 0.02), (0.4, 0.03), (-0.3, 0.1)], prior=tau_prior("uniform"))
    assert (done.mu.mean, done.mu.sd, done.tau.mean) == (None, None, None)
    assert math.isfinite(done.mu.median)


def test_a_tight_prior_of_the_mean_holds_it() -> None:
    done = fitted([(2.0, 0.5)], mu_prior=(0.0, 0.01))
    assert abs(done.mu.median) < 0.01
    with pytest.raises(BadInput, match="SD above 0"):
        bayes(rows([(0.1, 0.1)]), mu_prior=(0.0, 0.0))


def test_the_tables_of_priors_are_whole() -> None:
    assert (len(rows_of("turner2015")), len(rows_of("rhodes2015"))) == (80, 72)
    mortality = next(
        row for row in rows_of("turner2015")
        if (row["outcome"], row["comparison"]) == ("all-cause mortality", PLACEBO)
    )  # fmt: skip
    assert (mortality["mu"], mortality["sigma"]) == ("-3.95", "1.34")
    with pytest.raises(BadInput, match="no outcome of turner2015"):
        turner("luck", PLACEBO)
    with pytest.raises(BadInput, match="no prior of tau"):
        tau_prior("gamma")
    with pytest.raises(BadInput, match="above 0"):
        half_normal(0)


def test_a_wider_prior_never_narrows_two_studies() -> None:
    found = prior_sensitivity(rows([(0.1, 0.02), (0.9, 0.03)]))
    widths = [
        one.mu.high - one.mu.low for name, one in found
        if isinstance(one, BayesResult) and name.startswith("half-normal")
    ]  # fmt: skip
    assert widths == sorted(widths)
    assert bayes([]) == bayes([])
