"""Mixed models of counts: against dense grids, at the edges, refusals, laws."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_expit, logsumexp, softmax

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    PooledResult,
    ProportionRow,
    RateRow,
    Refusal,
    SingleRateRow,
)
from tamis.synthesis import (
    MetaSettings,
    ProportionSettings,
    conditional,
    meta_analyse,
    pool_proportions,
)
from tamis.synthesis.mixed import MixedFit, MixedSettings, fit_by_model, pool_by_model
from tamis.synthesis.mixed.arms import Binomial, Hypergeometric, Poisson
from tamis.synthesis.mixed.integrals import FINE, QUICK, marginal
from tamis.synthesis.mixed.two_effects import LevelAndContrast

Tables = list[tuple[int, int, int, int]]

EQUAL = MixedSettings(heterogeneity="EE")

#: Two tables without any event and two with one empty cell.
SPARSE: Tables = [(0, 20, 2, 20), (0, 15, 0, 15), (3, 40, 5, 41), (1, 25, 0, 24), (0, 30, 4, 60)]

#: Everybody had the event in one table, and in one arm of another.
FULL: Tables = [(20, 20, 19, 20), (18, 18, 18, 18), (10, 12, 6, 12)]

#: Trials that differ.
TRIALS: Tables = [(4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867),
                  (33, 5069, 47, 5808), (180, 1541, 372, 1451), (8, 2545, 10, 629)]  # fmt: skip

#: Events in person-time, one arm without an event.
RATES = [(0, 100.0, 4, 110.0), (3, 90.0, 6, 95.0), (7, 300.0, 9, 250.0), (5, 80.0, 2, 70.0)]

MODELS = [("OR", "UM.FS"), ("OR", "UM.RS"), ("OR", "CM.AL"), ("OR", "CM.EL")]


def tables(counts: Tables) -> list[BinaryRow]:
    return [
        BinaryRow(study=f"s{at}", events_1=a, n_1=m, events_2=c, n_2=n)
        for at, (a, m, c, n) in enumerate(counts)
    ]


def rates(counts) -> list[RateRow]:
    return [
        RateRow(study=f"s{at}", events_1=a, time_1=s, events_2=b, time_2=t)
        for at, (a, s, b, t) in enumerate(counts)
    ]


def fitted(rows, measure: str, model: str = "", how: MixedSettings | None = None) -> MixedFit:
    found = fit_by_model(rows, measure=measure, model=model, settings=how)
    assert isinstance(found, MixedFit)
    return found


def pooled(rows, measure: str, model: str = "", how: MixedSettings | None = None) -> PooledResult:
    found = pool_by_model(rows, measure=measure, model=model, settings=how)
    assert isinstance(found, PooledResult)
    return found


# ---------------------------------------------------------------- the numbers
@pytest.mark.parametrize(
    ("model", "y", "se"),
    [("UM.FS", -0.901199, 0.607929), ("CM.AL", -0.838022, 0.588226)],
)
def test_sparse_tables_where_others_fail(model: str, y: float, se: float) -> None:
    found = pooled(tables(SPARSE), "OR", model)
    assert (found.y, found.se) == pytest.approx((y, se), abs=2e-6)
    assert found.tau2 == 0
    assert found.k == 4
    assert found.warnings[0].rule == "studies-without-information"
    assert found.warnings[0].because == ("s1",)


def test_everybody_had_the_event_in_one_table() -> None:
    found = fitted(tables(FULL), "OR", "UM.FS")
    assert (found.mu, found.se) == pytest.approx((1.754294, 0.930566), abs=2e-6)
    assert found.dropped == ("s1",)
    assert found.q_wald == pytest.approx(0)
    assert found.q_lr == pytest.approx(0.354421, abs=2e-6)


def test_proportions_come_from_the_same_place() -> None:
    rows = [ProportionRow(study=str(at), events=x, n=n)
            for at, (x, n) in enumerate([(0, 10), (0, 25), (1, 30), (3, 40), (0, 8)])]  # fmt: skip
    found = pooled(rows, "PLO")
    assert (found.y, found.se) == pytest.approx((-3.30505, 0.50909), abs=1e-5)
    assert found == pool_proportions(rows, settings=ProportionSettings())


def test_the_engine_agrees_with_that_of_proportions_where_local_searches_fail() -> None:
    """The wide limit of statistics of remission: rates of logits through the general engine."""
    x, n = np.array([(36, 81), (9, 12), (3, 3), (7, 9)], dtype=float).T
    rows = [BinaryRow(study=str(at), events_1=int(a), n_1=10**6, events_2=int(b - a), n_2=10**6)
            for at, (a, b) in enumerate(zip(x, n, strict=True))]  # fmt: skip
    found = fitted(rows, "OR", "CM.AL")
    assert found.tau2 == pytest.approx(0.48117, abs=2e-5)
    assert expit(np.array(found.profile)) == pytest.approx([0.43297, 0.92888], abs=2e-5)
    assert expit(found.mu) == pytest.approx(0.67433, abs=1e-5)


def dense(rows: list[RateRow], mu: float, tau: float) -> float:
    """The conditional log-likelihood of rates on a fixed grid, with no cleverness to fail."""
    u = np.linspace(-12, 12, 24001)
    step = math.log(u[1] - u[0]) - 0.5 * math.log(2 * math.pi)
    total = 0.0
    for row in rows:
        eta = mu + tau * u + math.log(row.time_1 / row.time_2)
        inner = row.events_1 * log_expit(eta) + row.events_2 * log_expit(-eta) - u**2 / 2
        total += float(logsumexp(inner)) + step
    return total


def test_profile_limits_hold_on_a_dense_grid() -> None:
    """At the limits no τ reaches the critical height, a little inside some τ does."""
    rows = rates(RATES)
    found = fitted(rows, "IRR", "CM.EL")
    assert found.tau2 is not None
    top = dense(rows, found.mu, found.tau2**0.5)
    taus = np.concatenate([[0.0], np.geomspace(0.05, 20, 150)])
    for limit, side in zip(found.profile, (1, -1), strict=True):
        at = max(dense(rows, limit, tau) for tau in taus)
        inside = max(dense(rows, limit + 0.01 * side, tau) for tau in taus)
        assert at == pytest.approx(top - 1.9207, abs=1e-3)
        assert inside > at


def test_zero_cells_with_a_wide_profile() -> None:
    """Three of four studies at an end: the conditional profile is wide, and no artefact."""
    found = fitted(tables(SPARSE), "OR", "CM.AL")
    assert found.profile == pytest.approx((-6.187, 1.2456), abs=2e-3)
    rows = rates([(a, float(m), c, float(n)) for a, m, c, n in SPARSE if a + c])
    taus = np.geomspace(0.5, 60, 120)
    for limit in found.profile:
        at = max(dense(rows, limit, tau) for tau in taus)
        assert at == pytest.approx(dense(rows, found.mu, 0.0) - 1.9207, abs=2e-3)


# ---------------------------------------------------------------- the parts
def test_hypergeometric_table_is_the_exact_distribution() -> None:
    for a, m, c, n in TRIALS[:3] + SPARSE[2:] + [(180, 1541, 372, 1451)]:
        arm = Hypergeometric(*(np.array([float(one)]) for one in (a, m, c, n)))
        exact = conditional(a, m, c, n)
        for eta in (-3.217, -0.4, 0.0, 0.33, 2.71):
            height, slope, spread = (float(one[0]) for one in arm.curve(np.array([eta])))
            p = softmax(exact.log_weight + eta * exact.support)
            mean = float((p * exact.support).sum())
            assert slope == pytest.approx(a - mean, abs=1e-6)
            assert spread == pytest.approx(float((p * (exact.support - mean) ** 2).sum()), rel=1e-5)
            shift = float(arm.curve(np.zeros(1))[0][0]) - math.log(exact.tails(0.0).point)
            assert height - shift == pytest.approx(math.log(p[exact.support == a][0]), abs=1e-6)
        ends = [float(arm.curve(np.array([at]))[0][0]) for at in (-300.0, 300.0)]
        assert all(math.isfinite(one) for one in ends)


def dense_study(x: float, n: float, mu: float, tau: float) -> float:
    centre = np.clip(-mu / tau, -40, 40) if tau > 0 else 0.0
    u = np.union1d(np.linspace(-12, 12, 200001), np.linspace(centre - 1, centre + 1, 100001))
    inner = x * log_expit(mu + tau * u) + (n - x) * log_expit(-mu - tau * u) - u**2 / 2
    weight = np.gradient(u)
    return float(logsumexp(inner, b=weight) - 0.5 * math.log(2 * math.pi))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(-5, 5),
    st.floats(0.0, 30.0),
)
def test_the_quadrature_agrees_with_a_dense_grid(pair, mu: float, tau: float) -> None:
    x, n = (np.array([float(one)]) for one in pair)
    arm, one = Binomial(x, n, np.zeros(1)), np.ones(1)
    expected = dense_study(pair[0], pair[1], mu, tau)
    for rule, near in ((QUICK, 2e-3), (FINE, 2e-5)):
        found = marginal([arm], [np.full((1, 1), mu)], one, np.array([tau]), np.ones((1, 1)),
                         rule=rule)  # fmt: skip
        if expected > -60:
            assert float(found.height[0, 0]) == pytest.approx(expected, abs=near)


def test_derivatives_are_those_of_the_likelihood() -> None:
    arms = [Poisson(np.array([3.0]), np.array([40.0])), Poisson(np.array([5.0]), np.array([30.0]))]
    directions = np.array([[0.5, -0.5], [1.0, 1.0]])
    loading = np.array([0.5, -0.5])

    def at(point: np.ndarray, *, whole: bool = False):
        theta, alpha, s = point
        base = [np.full((1, 1), alpha + side * theta / 2) for side in (1, -1)]
        found = marginal(arms, base, loading, np.array([s]), directions, rule=FINE, with_s=True)
        return found if whole else float(found.height[0, 0])

    point, h = np.array([-0.4, -2.1, 0.8]), 1e-3
    found = at(point, whole=True)
    for a, one in enumerate(np.eye(3) * h):
        slope = (at(point + one) - at(point - one)) / (2 * h)
        bend = (at(point + one) + at(point - one) - 2 * at(point)) / h**2
        assert float(found.gradient[a, 0, 0]) == pytest.approx(slope, abs=1e-5)
        assert float(found.information[a, a, 0, 0]) == pytest.approx(-bend, abs=1e-4)


def test_two_random_effects_on_a_dense_square() -> None:
    a, m, c, n = (np.array([float(one)]) for one in (3, 20, 8, 25))
    zero = np.zeros(1)
    arms = Binomial(a, m, zero), Binomial(c, n, zero)
    theta, gamma, sigma, tau = point = np.array([-0.6, -0.9, 0.7, 1.1])
    grid = np.linspace(-8, 8, 801)
    w, u = np.meshgrid(grid, grid)
    one = gamma + sigma * w + (theta + tau * u) / 2
    two = gamma + sigma * w - (theta + tau * u) / 2
    inner = 3 * log_expit(one) + 17 * log_expit(-one) + 8 * log_expit(two) + 17 * log_expit(-two)
    step = 2 * math.log(grid[1] - grid[0]) - math.log(2 * math.pi)
    expected = float(logsumexp(inner - (w**2 + u**2) / 2)) + step
    for nodes, near in ((1, 0.1), (7, 1e-3), (15, 1e-5)):
        got = LevelAndContrast(arms, nodes).log_likelihood(point[None])
        assert float(got[0]) == pytest.approx(expected, abs=near)


def test_more_points_move_the_two_effects_model_little() -> None:
    rows = tables(TRIALS)
    laplace, better = (fitted(rows, "OR", "UM.RS", MixedSettings(nodes=n)) for n in (1, 9))
    assert better.mu == pytest.approx(laplace.mu, abs=0.01)
    assert better.tau2 == pytest.approx(laplace.tau2, rel=0.05)
    said = [pooled(rows, "OR", "UM.RS", MixedSettings(nodes=n)).warnings for n in (1, 7)]
    assert ["laplace" in {one.rule for one in some} for some in said] == [True, False]


# ---------------------------------------------------------------- common effect
def test_common_effects_are_the_known_ones() -> None:
    """One table's worth: the conditional estimate of a single repeated table, logistic, Poisson."""
    rows = tables([(4, 20, 9, 25)] * 2)
    el = fitted(rows, "OR", "CM.EL", EQUAL)
    assert el.mu == pytest.approx(math.log(conditional(4, 20, 9, 25).estimate()), abs=1e-6)
    fs = fitted(rows, "OR", "UM.FS", EQUAL)
    assert fs.mu == pytest.approx(math.log(4 * 16 / (16 * 9)), abs=1e-8)
    assert fs.se == pytest.approx(math.sqrt((1 / 4 + 1 / 16 + 1 / 9 + 1 / 16) / 2), rel=1e-7)
    assert fs.q_lr == pytest.approx(0, abs=1e-7)
    single = [
        SingleRateRow(study=s, events=x, time=t) for s, x, t in (("a", 3, 9.0), ("b", 0, 5.0))
    ]
    rate = fitted(single, "IRLN", how=EQUAL)
    assert (rate.mu, rate.se) == pytest.approx((math.log(3 / 14), 1 / math.sqrt(3)), abs=1e-7)
    assert rate.tau2 is None
    assert pooled(single, "IRLN", how=EQUAL).p is None


def test_rates_with_fixed_levels_and_given_totals_agree_without_heterogeneity() -> None:
    free, given_total = (fitted(rates(RATES), "IRR", model, EQUAL) for model in ("UM.FS", "CM.EL"))
    assert (free.mu, free.se, free.q_lr) == pytest.approx(
        (given_total.mu, given_total.se, given_total.q_lr), abs=1e-6
    )
    assert free.profile == pytest.approx(given_total.profile, abs=1e-4)


def test_rare_events_make_the_conditional_models_alike() -> None:
    rows = tables([(a, 100 * m, c, 100 * n) for a, m, c, n in TRIALS])
    el, al = (fitted(rows, "OR", model) for model in ("CM.EL", "CM.AL"))
    assert (el.mu, el.se, el.tau2) == pytest.approx((al.mu, al.se, al.tau2), rel=2e-3)


# ---------------------------------------------------------------- what is said
@pytest.mark.parametrize(
    ("counts", "model", "rule"),
    [
        ([], "UM.FS", "no-data"),
        (FULL[:1], "UM.FS", "one-study"),
        ([(0, 5, 0, 5), (0, 9, 0, 8)], "CM.AL", "nothing-to-model"),
        ([(5, 5, 5, 5), (9, 9, 8, 8)], "UM.FS", "nothing-to-model"),
        ([(5, 5, 5, 5), (0, 9, 0, 8)], "UM.RS", "nothing-to-model"),
        ([(0, 5, 0, 5), (1, 9, 3, 8)], "CM.EL", "one-informative-study"),
        ([(0, 5, 2, 5), (0, 9, 3, 8)], "UM.FS", "runs-to-infinity"),
        ([(0, 5, 2, 5), (0, 9, 3, 8)], "UM.RS", "runs-to-infinity"),
        ([(3, 5, 0, 5), (5, 9, 0, 8)], "CM.AL", "runs-to-infinity"),
        ([(0, 5, 2, 5), (3, 9, 0, 8)], "CM.EL", "nothing-to-model"),
        ([(30_000, 10**6, 30_000, 10**6), (3, 9, 1, 8)], "CM.EL", "table-too-large"),
    ],
)
def test_refusals_say_why(counts: Tables, model: str, rule: str) -> None:
    found = pool_by_model(tables(counts), measure="OR", model=model)
    assert isinstance(found, Refusal)
    assert found.rule == rule
    assert not any(letter.isdigit() for letter in found.message)


def test_more_refusals() -> None:
    none = [SingleRateRow(study=s, events=0, time=4.0) for s in "ab"]
    found = pool_by_model(none, measure="IRLN")
    assert isinstance(found, Refusal)
    assert found.rule == "nothing-to-model"
    edges = tables([(0, 5, 2, 5), (3, 9, 0, 8)])
    assert fitted(edges, "OR", "CM.EL", EQUAL).tau2 is None


def test_bad_input() -> None:
    rows = tables(TRIALS)
    for call in (
        lambda: pool_by_model(rows, measure="RR"),
        lambda: pool_by_model(rows, measure="OR", model="UM.XX"),
        lambda: pool_by_model(rows, measure="IRR"),
        lambda: pool_by_model([EffectRow(study="a", y=0.0, v=1.0)] * 2, measure="OR"),
        lambda: pool_by_model(tables([(6, 5, 1, 5), (1, 5, 1, 5)]), measure="OR"),
        lambda: pool_by_model(rates([(1, -3.0, 2, 4.0)] * 2), measure="IRR"),
        lambda: MixedSettings(nodes=0),
        lambda: MixedSettings(heterogeneity="x"),
    ):
        with pytest.raises(BadInput):
            call()


def test_what_stands_beside_the_result() -> None:
    found = pooled(tables(TRIALS), "OR", "CM.AL")
    assert found.method == "GLMM (CM.AL)"
    assert found.interval_method == "profile likelihood"
    assert found.alternatives[0].method == "Wald"
    assert found.p is not None
    assert (found.p < 0.05) == (not found.ci_low <= 1 <= found.ci_high)
    assert found.pi_low is not None
    assert found.pi_low < found.ci_low
    equal = pooled(tables(TRIALS), "OR", "CM.AL", MixedSettings(heterogeneity="EE", test="t"))
    assert equal.method == "GLMM (CM.AL) with one common effect"
    assert (equal.tau2, equal.i2, equal.pi_low) == (None, None, None)
    assert equal.alternatives[0].method == "Wald with t"
    often = pooled(tables([(6, 9, 3, 8), (3, 9, 2, 8)]), "OR", "CM.AL")
    assert {"events-not-rare", "few-studies"} <= {one.rule for one in often.warnings}
    assert MixedSettings().as_dict()["nodes"] == "1"


def test_the_test_and_the_interval_come_from_the_same_inversion() -> None:
    """At the level 1 − p the profile interval ends at no effect."""
    rows = tables(TRIALS[:4])
    p = pooled(rows, "OR", "UM.FS").p
    assert p is not None
    there = pooled(rows, "OR", "UM.FS", MixedSettings(level=f"{1 - p:.12f}"))
    assert there.y_high == pytest.approx(0, abs=2e-3)


# ---------------------------------------------------------------- laws
@st.composite
def two_arms(draw: st.DrawFn) -> Tables:
    made = []
    for _ in range(draw(st.integers(2, 5))):
        m, n = draw(st.integers(2, 60)), draw(st.integers(2, 60))
        made.append((draw(st.integers(0, m)), m, draw(st.integers(0, n)), n))
    return made


def swapped(counts: Tables) -> Tables:
    return [(c, n, a, m) for a, m, c, n in counts]


@pytest.mark.parametrize("model", ["UM.FS", "UM.RS", "CM.AL", "CM.EL"])
@settings(max_examples=6, deadline=None)
@given(counts=two_arms(), random=st.randoms(use_true_random=False))
def test_laws_of_any_tables(model: str, counts: Tables, random) -> None:
    """An answer or a refusal, never a trace; order and the names of the arms do not matter."""
    here = fit_by_model(tables(counts), measure="OR", model=model)
    other = list(counts)
    random.shuffle(other)
    mixed = fit_by_model(tables(other), measure="OR", model=model)
    there = fit_by_model(tables(swapped(counts)), measure="OR", model=model)
    if isinstance(here, Refusal):
        assert isinstance(mixed, Refusal)
        assert isinstance(there, Refusal)
        assert (mixed.rule, there.rule) == (here.rule, here.rule)
        return
    assert isinstance(mixed, MixedFit)
    assert isinstance(there, MixedFit)
    assert math.isfinite(here.mu)
    assert here.se > 0
    assert here.profile[0] < here.mu < here.profile[1]
    near = 1e-4 if model == "UM.RS" else 1e-6
    assert (mixed.mu, mixed.ll) == pytest.approx((here.mu, here.ll), abs=near, rel=near)
    assert (there.mu, there.ll) == pytest.approx((-here.mu, here.ll), abs=near, rel=near)
    assert there.tau2 == pytest.approx(here.tau2, abs=50 * near, rel=50 * near)
    for own, opposite in zip(here.profile, reversed(there.profile), strict=True):
        assert opposite == pytest.approx(-own, abs=5e-3, rel=5e-3)


@pytest.mark.parametrize(("measure", "model"), MODELS)
def test_a_study_without_events_changes_nothing(measure: str, model: str) -> None:
    more: Tables = [*TRIALS[:4], (0, 30, 0, 900), (7, 7, 8, 8)]
    here, there = (pooled(tables(some), measure, model) for some in (TRIALS[:4], more))
    assert (there.y, there.se, there.tau2) == (here.y, here.se, here.tau2)
    assert (there.y_low, there.y_high, there.q) == (here.y_low, here.y_high, here.q)
    assert there.warnings[0].because == ("s4", "s5")


def test_the_unit_of_time_does_not_matter() -> None:
    days = [(a, 365 * s, b, 365 * t) for a, s, b, t in RATES]
    for model in ("UM.FS", "UM.RS", "CM.EL"):
        here, there = (fitted(rates(some), "IRR", model) for some in (RATES, days))
        assert (there.mu, there.se) == pytest.approx((here.mu, here.se), rel=1e-4)
    single = [[SingleRateRow(study=str(a), events=a, time=s * by) for a, s, _, _ in RATES]
              for by in (1.0, 365.0)]  # fmt: skip
    year, day = (fitted(some, "IRLN") for some in single)
    assert day.mu + math.log(365) == pytest.approx(year.mu, abs=1e-6)
    assert day.tau2 == pytest.approx(year.tau2, rel=1e-5)


def test_intervals_nest() -> None:
    rows = tables(TRIALS[:4])
    found = [fitted(rows, "OR", "UM.FS", MixedSettings(level=one)) for one in ("0.8", "0.95")]
    ends = [one.profile for one in found]
    assert all(wide[0] < narrow[0] and narrow[1] < wide[1] for narrow, wide in pairwise(ends))


def test_twenty_studies_take_a_moment() -> None:
    random = np.random.default_rng(5)
    counts: Tables = []
    for _ in range(20):
        m, n = (int(one) for one in random.integers(40, 300, 2))
        level, effect = random.normal(-2.2, 0.7), random.normal(-0.5, 0.5)
        counts.append((int(random.binomial(m, expit(level + effect))), m,
                       int(random.binomial(n, expit(level))), n))  # fmt: skip
    for model in ("UM.FS", "CM.AL", "CM.EL"):
        pool_by_model(tables(counts), measure="OR", model=model)
        start = time.process_time()
        pool_by_model(tables(counts), measure="OR", model=model)
        assert time.process_time() - start < 1.0, model


# ---------------------------------------------------------------- through a table
def test_meta_analyse_by_a_mixed_model() -> None:
    table = [{"study": row.study, "ai": row.events_1, "n1i": row.n_1, "ci": row.events_2,
              "n2i": row.n_2} for row in tables(SPARSE)]  # fmt: skip
    done = meta_analyse(table, measure="OR", settings=MetaSettings(method="GLMM", model="CM.AL"))
    assert done.pooled == pooled(tables(SPARSE), "OR", "CM.AL")
    shown = done.as_json()
    assert (shown["scale"], shown["log_estimate"]) == ("log", pytest.approx(-0.838022, abs=1e-6))
    assert shown["settings"]["model"] == "CM.AL"
    assert done.warnings[0].because == ("s1",)
    timed = [{"study": row.study, "x1i": row.events_1, "t1i": row.time_1, "x2i": row.events_2,
              "t2i": row.time_2} for row in rates(RATES)]  # fmt: skip
    both = meta_analyse(timed, measure="IRR", settings=MetaSettings(method="GLMM"))
    assert both.pooled == pooled(rates(RATES), "IRR", "UM.FS")
    assert meta_analyse(timed, measure="IRR").pooled is not None
    assert meta_analyse(timed[1:2], measure="IRR").single
    one = [{"events": a, "time": t} for a, t, _, _ in RATES]
    single = meta_analyse(one, measure="IRLN", settings=MetaSettings(method="GLMM"))
    assert single.pooled is not None
    assert single.pooled.method == "GLMM"
    effect = [{"yi": 0.1, "vi": 0.2}, {"yi": 0.3, "vi": 0.1}]
    refused = meta_analyse(effect, measure="OR", settings=MetaSettings(method="GLMM")).refused
    assert refused is not None
    assert refused.rule == "method-does-not-fit-measure"
    with pytest.raises(BadInput, match="cannot be"):
        meta_analyse([{"events": 2, "time": -1}], measure="IRLN")
