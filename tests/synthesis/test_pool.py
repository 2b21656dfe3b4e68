"""Pooling: fixtures on which other programs fail, refusals, warnings, laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, PooledResult, Refusal
from tamis.synthesis import Fit, PoolSettings, fit_rows, pool
from tamis.synthesis.modes import highest_mode
from tamis.synthesis.settings import ESTIMATORS
from tamis.synthesis.tau2 import OneMean, estimate_tau2, log_likelihood


def rows(y: list[float], v: list[float]) -> list[EffectRow]:
    pairs = enumerate(zip(y, v, strict=True), start=1)
    return [EffectRow(study=f"study {at}", y=one, v=var) for at, (one, var) in pairs]


def fitted(y: list[float], v: list[float], **settings: str) -> Fit:
    done = fit_rows(rows(y, v), settings=PoolSettings(**settings))
    assert isinstance(done, Fit)
    return done


def pooled(y: list[float], v: list[float], **settings: str) -> PooledResult:
    done = pool(rows(y, v), measure="MD", settings=PoolSettings(**settings))
    assert isinstance(done, PooledResult)
    return done


# ---------------------------------------------------------------- fixtures (where others fail)
AGREE = ([0.20, 0.21, 0.19, 0.205], [0.04, 0.05, 0.06, 0.03])
TWO = ([0.1, 0.9], [0.02, 0.03])
SAME = ([0.5] * 4, [0.01, 0.02, 0.03, 0.04])
SPREAD = ([0.1, 0.5, -0.3, 2.0], [1e-6, 0.1, 0.2, 10.0])


def test_effects_that_agree_too_well() -> None:
    """Plain Hartung-Knapp is 17 times narrower than Wald; the floor is not."""
    wald, hk, floor = (fitted(*AGREE, test=test) for test in ("z", "knha", "adhoc"))
    assert wald.tau2 == 0
    assert wald.mu == pytest.approx(0.20211, abs=1e-5)
    assert (wald.low, wald.high) == pytest.approx((0.00102, 0.40319), abs=1e-5)
    assert (hk.low, hk.high) == pytest.approx((0.19007, 0.21414), abs=1e-5)
    assert (floor.low, floor.high) == pytest.approx((-0.12441, 0.52862), abs=1e-5)
    assert [w.rule for w in pooled(*AGREE).warnings] == [
        "few-studies",
        "prediction-few-studies",
        "floor-active",
    ]
    assert "hk-narrower-than-wald" in {w.rule for w in pooled(*AGREE, test="knha").warnings}


def test_two_studies() -> None:
    wald, hk = fitted(*TWO, test="z"), fitted(*TWO, test="knha")
    assert (wald.mu, wald.tau2) == pytest.approx((0.49375, 0.295), abs=1e-5)
    assert (wald.low, wald.high) == pytest.approx((-0.29014, 1.27764), abs=1e-5)
    assert (hk.low, hk.high) == pytest.approx((-4.58811, 5.57561), abs=1e-5)
    done = pooled(*TWO)
    assert done.pi_low is None
    assert [one.method for one in done.alternatives] == ["Wald"]
    assert [one.rule for one in done.warnings] == ["two-studies"]
    assert fitted(*TWO, prediction="HTS").prediction is None


def test_equal_effects() -> None:
    wald, hk, floor = (fitted(*SAME, test=test) for test in ("z", "knha", "adhoc"))
    assert wald.se == pytest.approx(0.06928, abs=1e-5)
    assert hk.low == hk.high == pytest.approx(0.5)
    assert (hk.statistic, hk.p) == (math.inf, 0.0)
    assert (floor.low, floor.high) == pytest.approx((0.27951, 0.72049), abs=1e-5)
    for method in ESTIMATORS:
        assert fitted(*SAME, method=method).q == pytest.approx(0.0, abs=1e-25)


def test_variances_that_differ_ten_million_times() -> None:
    wald, floor = fitted(*SPREAD, test="z"), fitted(*SPREAD, test="adhoc")
    assert (wald.low, wald.high) == pytest.approx((0.09804, 0.10196), abs=1e-5)
    assert (floor.low, floor.high) == pytest.approx((0.09682, 0.10318), abs=1e-5)


def test_dersimonian_laird_is_cut_at_zero() -> None:
    assert fitted(*AGREE, method="DL").tau2 == 0
    assert fitted(*SAME, method="DL").tau2 == 0
    assert fitted(*AGREE, method="DL").i2 == 0


def test_the_higher_of_two_modes_is_taken() -> None:
    """Nothing on a fine grid lies higher than what was chosen, and 0 does not either."""
    y, v = np.array([[0.0, 0.0, 0.0, 4.0, -4.0]]), np.array([[0.001, 0.001, 0.001, 0.5, 0.5]])
    grid = np.geomspace(1e-6, 100, 4000)
    for method, restricted in (("REML", True), ("ML", False)):
        best = estimate_tau2(method, y, v)
        heights = log_likelihood(y[:, None], v[:, None], grid[None], restricted=restricted)
        at_best = log_likelihood(y, v, best, restricted=restricted)
        assert at_best[0] >= heights.max() - 1e-9
        assert at_best[0] >= log_likelihood(y, v, np.zeros(1), restricted=restricted)[0]


def test_a_batch_is_the_same_as_one_at_a_time() -> None:
    y = np.array([AGREE[0], SAME[0], SPREAD[0], [0.1, 0.9, 0.4, -0.6]])
    v = np.array([AGREE[1], SAME[1], SPREAD[1], [0.02, 0.03, 0.04, 0.05]])
    for method in ESTIMATORS:
        if method != "FE":
            together = estimate_tau2(method, y, v)
            apart = [estimate_tau2(method, y[at : at + 1], v[at : at + 1])[0] for at in range(4)]
            assert together == pytest.approx(apart, rel=1e-9, abs=1e-14)


def test_kenward_roger() -> None:
    wald, kr = fitted(*TWO, test="z"), fitted(*TWO, test="kr")
    assert kr.se >= wald.se
    assert kr.df is not None
    with pytest.raises(BadInput, match="REML"):
        PoolSettings(method="DL", test="kr")


# ---------------------------------------------------------------- refusals and bad input
def test_nothing_and_one_study_are_refused_in_words() -> None:
    for data, rule in (([], "no-data"), ([EffectRow(study="s", y=0.3, v=0.02)], "one-study")):
        found = pool(data, measure="MD")
        assert isinstance(found, Refusal)
        assert found.rule == rule


@pytest.mark.parametrize(
    ("y", "v", "named"),
    [
        ([0.1, 0.2, math.nan], [1.0, 1.0, 1.0], "study 3"),
        ([0.1, 0.2, 0.3], [1.0, 0.0, 1.0], "study 2"),
        ([0.1, 0.2, 0.3], [-1.0, 1.0, 1.0], "study 1"),
        ([0.1, 0.2, math.inf], [1.0, 1.0, 1.0], "study 3"),
        ([0.1, 1e200, 0.3], [1.0, 1.0, 1.0], "study 2"),
    ],
)
def test_numbers_that_cannot_be_pooled_name_their_study(y, v, named) -> None:
    with pytest.raises(BadInput, match=named):
        pool(rows(y, v), measure="MD")


def test_settings_that_are_none_are_refused() -> None:
    for wrong in ({"method": "MOM"}, {"test": "t"}, {"prediction": "x"}, {"level": "95"}):
        with pytest.raises(BadInput):
            PoolSettings(**wrong)
    with pytest.raises(BadInput, match="effect measure"):
        pool(rows(*TWO), measure="XX")


def test_what_auto_stands_for() -> None:
    assert PoolSettings(method="FE").resolved_test == "z"
    assert PoolSettings().resolved_test == "adhoc"
    assert pooled(*AGREE, method="FE").interval_method == "Wald"
    assert pooled(*AGREE, method="FE").tau2 is None
    assert pooled(*AGREE, method="FE").pi_low is None
    assert pooled(*AGREE, method="FE").alternatives == ()


def test_an_estimate_outside_the_interval_of_tau2_is_pointed_out() -> None:
    y = [0.0] * 12 + [3.0]
    v = [0.5] * 12 + [0.0001]
    done = pooled(y, v, method="SJ")
    assert done.tau2 is not None
    assert done.tau2_ci is not None
    outside = not done.tau2_ci[0] <= done.tau2 <= done.tau2_ci[1]
    assert outside == ("tau2-outside-interval" in {w.rule for w in done.warnings})


def test_messages_carry_no_digits() -> None:
    """A report accounts for every digit it prints; warnings are not where numbers live."""
    for data in (AGREE, TWO, SAME):
        for test in ("auto", "knha"):
            for one in pooled(*data, test=test).warnings:
                assert not any(letter.isdigit() for letter in one.message)


# ---------------------------------------------------------------- laws
effects_of = st.floats(-5, 5).map(lambda x: round(x, 4))
variances = st.floats(0.001, 5).map(lambda x: round(x, 4))
studies = st.lists(st.tuples(effects_of, variances), min_size=2, max_size=9)
methods = st.sampled_from(ESTIMATORS)
tests = st.sampled_from(["z", "knha", "adhoc", "adhoc-ci"])


def of(data, **settings: str) -> Fit:
    return fitted([y for y, _ in data], [v for _, v in data], **settings)


@given(studies, methods, tests)
def test_every_number_is_a_number(data, method: str, test: str) -> None:
    done = of(data, method=method, test=test)
    for name in ("mu", "se", "p", "low", "high", "i2", "h2", "q", "q_p", "ll", "hk_ratio"):
        assert math.isfinite(getattr(done, name)), name
    assert 0 <= done.p <= 1
    assert 0 <= done.i2 <= 100
    assert done.low <= done.mu <= done.high
    assert sum(done.weights) == pytest.approx(100)


@given(studies, methods, tests)
def test_the_pooled_effect_lies_among_the_effects(data, method: str, test: str) -> None:
    done = of(data, method=method, test=test)
    assert min(y for y, _ in data) - 1e-9 <= done.mu <= max(y for y, _ in data) + 1e-9


@given(studies, methods, st.randoms(use_true_random=False))
def test_order_does_not_matter(data, method: str, random) -> None:
    other = list(data)
    random.shuffle(other)
    here, there = of(data, method=method), of(other, method=method)
    assert (here.mu, here.se, here.q) == pytest.approx((there.mu, there.se, there.q), rel=1e-7)
    assert (here.tau2 or 0) == pytest.approx(there.tau2 or 0, rel=1e-6, abs=1e-9)


@given(studies, methods)
def test_a_shift_moves_the_estimate_only(data, method: str) -> None:
    here, there = of(data, method=method), of([(y + 3, v) for y, v in data], method=method)
    assert there.mu == pytest.approx(here.mu + 3, rel=1e-7, abs=1e-7)
    assert there.se == pytest.approx(here.se, rel=1e-6)


@given(studies, methods, st.floats(0.05, 20))
def test_a_change_of_unit_scales_everything(data, method: str, scale: float) -> None:
    here = of(data, method=method)
    there = of([(scale * y, scale**2 * v) for y, v in data], method=method)
    assert there.mu == pytest.approx(scale * here.mu, rel=1e-6, abs=1e-8)
    assert there.se == pytest.approx(scale * here.se, rel=1e-6)
    assert (there.tau2 or 0) == pytest.approx(scale**2 * (here.tau2 or 0), rel=1e-5, abs=1e-8)
    assert there.i2 == pytest.approx(here.i2, rel=1e-5, abs=1e-4)


@given(studies, methods)
def test_the_sign_of_all_effects(data, method: str) -> None:
    here, there = of(data, method=method), of([(-y, v) for y, v in data], method=method)
    assert (there.low, there.high) == pytest.approx((-here.high, -here.low), rel=1e-7, abs=1e-9)


@given(effects_of, variances, st.integers(2, 8), methods)
def test_k_copies_of_one_study(y: float, v: float, k: int, method: str) -> None:
    done = of([(y, v)] * k, method=method, test="z")
    assert done.mu == pytest.approx(y)
    assert (done.tau2 or 0) == pytest.approx(0, abs=1e-12)
    assert done.se == pytest.approx(math.sqrt(v / k))


@given(studies, methods)
def test_the_floor_is_never_narrower(data, method: str) -> None:
    wald, hk, floor = (of(data, method=method, test=test) for test in ("z", "knha", "adhoc"))
    assert floor.se >= max(hk.se, wald.se) - 1e-12
    assert floor.high - floor.low >= wald.high - wald.low - 1e-12


@given(studies, methods)
def test_intervals_nest_in_the_level(data, method: str) -> None:
    narrow, wide = of(data, method=method, level="0.8"), of(data, method=method, level="0.99")
    assert wide.low <= narrow.low <= narrow.high <= wide.high
    if narrow.tau2_ci and wide.tau2_ci:
        assert wide.tau2_ci[0] <= narrow.tau2_ci[0] + 1e-9
        assert wide.tau2_ci[1] >= narrow.tau2_ci[1] * (1 - 1e-9)


@given(studies)
def test_paule_mandel_solves_its_equation(data) -> None:
    done = of(data, method="PM", test="knha")
    if done.tau2:
        assert done.hk_ratio == pytest.approx(1.0, rel=1e-9)
    else:
        assert done.q <= len(data) - 1 + 1e-9


@given(studies)
def test_the_limits_of_tau2_solve_their_equations(data) -> None:
    from scipy.stats import chi2

    done = of(data)
    assert done.tau2_ci is not None
    for limit, tail in zip(done.tau2_ci, (0.975, 0.025), strict=True):
        v = np.array([one for _, one in data]) + limit
        y = np.array([one for one, _ in data])
        mu = (y / v).sum() / (1 / v).sum()
        q = ((y - mu) ** 2 / v).sum()
        assert limit == 0 or q == pytest.approx(chi2.ppf(tail, len(data) - 1), rel=1e-7)


@given(studies)
def test_more_evidence_of_the_same_narrows_the_interval(data) -> None:
    here, there = of(data, method="FE"), of(data + data, method="FE")
    assert there.mu == pytest.approx(here.mu, rel=1e-9, abs=1e-12)
    assert there.se == pytest.approx(here.se / math.sqrt(2))


@given(studies)
def test_the_shown_result_is_the_fit(data) -> None:
    settings = PoolSettings()
    done = pool(rows([y for y, _ in data], [v for _, v in data]), measure="RR", settings=settings)
    fit = of(data)
    assert isinstance(done, PooledResult)
    assert (done.y, done.y_low, done.y_high) == (fit.mu, fit.low, fit.high)
    assert done.ci_low <= done.estimate <= done.ci_high
    assert replace(done) == done


def test_of_two_studies_no_interval_stands_alone() -> None:
    by_t, by_z = pooled(*TWO), pooled(*TWO, test="z")
    assert (by_t.interval_method, by_z.interval_method) == ("Hartung-Knapp with floor", "Wald")
    (wald,), (floored,) = by_t.alternatives, by_z.alternatives
    assert (wald.low, wald.high) == pytest.approx((by_z.ci_low, by_z.ci_high))
    assert (floored.low, floored.high) == pytest.approx((by_t.ci_low, by_t.ci_high))
    assert pooled(*AGREE, test="z").alternatives == ()
    assert pooled(*TWO, method="FE").alternatives == ()


def test_less_spread_than_chance_is_called_so() -> None:
    said = {w.rule: w.message for w in pooled(*AGREE).warnings}
    assert "spread less than expected by chance" in said["floor-active"]


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("k", [2, 3, 5, 12])
def test_the_grid_misses_no_mode_that_a_far_finer_one_finds(k: int, restricted: bool) -> None:
    """Variances over seven decades, effects near and far: the height is never below the best."""
    draw = np.random.default_rng(k)
    v = 10 ** draw.uniform(-7, 1, (300, k))
    y = draw.normal(size=(300, k)) * np.sqrt(v) * draw.choice([0.3, 1, 3, 10], (300, 1))
    y += draw.choice([0, 5], (300, k))
    held = OneMean(y, v, restricted)
    found = held.height(highest_mode(held))
    wide = np.concatenate([np.zeros(1), np.geomspace(1e-10, 1e4, 3000)])
    finest = log_likelihood(
        y[:, None], v[:, None], np.broadcast_to(wide, (300, wide.size)), restricted=restricted
    ).max(axis=-1)
    assert (found >= finest - 1e-9 * np.maximum(1, np.abs(finest))).all()
