"""One study alone: golden tables of small counts, degenerate cases, laws."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    ProportionRow,
    Refusal,
    SingleResult,
)
from tamis.synthesis import clopper_pearson, conditional, one_study, wilson

#: Tolerance of the golden tables (absolute), which were solved to 1e-12 before rounding.
DIGITS = 2e-6
INF = math.inf

GOLDEN = json.loads((Path(__file__).parent / "data" / "one_study.json").read_text("utf-8"))


def infinite(value):
    return INF if value == "Infinity" else value


def rows(name: str) -> list[list]:
    return [
        [[infinite(x) for x in one] if isinstance(one, list) else infinite(one) for one in row]
        for row in GOLDEN[name]["rows"]
    ]


Counts = tuple[int, int, int, int]


def row_of(counts: Counts) -> BinaryRow:
    a, m, c, n = counts
    return BinaryRow(study="s", events_1=a, n_1=m, events_2=c, n_2=n, inputs=("v:1", "v:2"))


def single(counts: Counts, measure: str, level: str = "0.95") -> SingleResult:
    found = one_study(row_of(counts), measure, level=level)
    assert isinstance(found, SingleResult)
    return found


def limits(found: SingleResult) -> dict[str, tuple[float, float]]:
    return {one.method: (one.low, one.high) for one in found.intervals}


@pytest.mark.parametrize(
    ("counts", "hybrid", "mn", "mn_ratio", "koopman"), rows("difference_and_ratio")
)
def test_golden_difference_and_ratio(counts, hybrid, mn, mn_ratio, koopman) -> None:
    difference, ratio = limits(single(counts, "RD")), limits(single(counts, "RR"))
    assert difference["Newcombe hybrid score"] == pytest.approx(hybrid, abs=DIGITS)
    assert difference["Miettinen-Nurminen score"] == pytest.approx(mn, abs=DIGITS)
    assert ratio["Miettinen-Nurminen score"] == pytest.approx(mn_ratio, abs=DIGITS)
    assert ratio["Koopman score"] == pytest.approx(koopman, abs=DIGITS)


@pytest.mark.parametrize(
    ("counts", "ml", "exact", "mid", "score", "fisher", "p"), rows("odds_ratio")
)
def test_golden_odds_ratio(counts, ml, exact, mid, score, fisher, p) -> None:
    found = single(counts, "OR")
    held = limits(found)
    assert found.estimate == pytest.approx(ml, abs=DIGITS)
    assert held["conditional mid-p"] == pytest.approx(mid, abs=DIGITS)
    assert held["conditional exact"] == pytest.approx(exact, abs=DIGITS)
    assert held["Miettinen-Nurminen score"] == pytest.approx(score, abs=DIGITS)
    assert found.p["fisher"] == pytest.approx(fisher, rel=1e-5)
    assert found.p["mid-p"] == pytest.approx(p, rel=1e-5)
    assert found.intervals[0].method == "conditional mid-p"
    assert found.p_method == "mid-p"


@pytest.mark.parametrize(("counts", "score", "exact"), rows("proportion"))
def test_golden_proportion(counts, score, exact) -> None:
    found = one_study(ProportionRow(study="s", events=counts[0], n=counts[1]), "PR")
    assert isinstance(found, SingleResult)
    held = limits(found)
    assert held["Wilson score"] == pytest.approx(score, abs=DIGITS)
    assert held["Clopper-Pearson exact"] == pytest.approx(exact, abs=DIGITS)
    assert found.intervals[0].method == "Clopper-Pearson exact"
    assert not found.p


def test_nobody_had_the_event() -> None:
    rd, rr, ratio = (single((0, 12, 0, 6), name) for name in ("RD", "RR", "OR"))
    assert rd.estimate == 0
    assert rd.intervals[0].low < 0 < rd.intervals[0].high
    for found in (rr, ratio):
        assert found.estimate is None
        assert (found.intervals[0].low, found.intervals[0].high) == (0, INF)
    for found in (rd, rr, ratio):
        assert not found.p
        assert found.p_method == "not defined"
        assert [one.rule for one in found.warnings] == ["no-information"]


def test_everybody_had_the_event() -> None:
    rr, ratio = single((12, 12, 6, 6), "RR"), single((12, 12, 6, 6), "OR")
    assert rr.estimate == 1
    assert rr.intervals[0].high < INF
    assert ratio.estimate is None
    assert not rr.p
    assert "ratio is not estimable" not in rr.warnings[0].message
    assert "ratio is not estimable" in ratio.warnings[0].message


def test_katz_stands_beside_only_where_no_cell_is_small() -> None:
    assert "Katz log" in limits(single((56, 70, 48, 80), "RR"))
    assert "Katz log" not in limits(single((9, 12, 5, 6), "RR"))
    low, high = limits(single((56, 70, 48, 80), "RR"))["Katz log"]
    assert (low, high) == pytest.approx((1.0766, 1.6512), abs=1e-4)


def test_the_result_keeps_its_study_and_its_values() -> None:
    found = single((9, 12, 5, 6), "RD")
    assert (found.study, found.inputs) == ("s", ("v:1", "v:2"))


def test_an_empty_cell_is_noted_and_nothing_is_added() -> None:
    found = single((1, 12, 0, 6), "RD")
    assert found.estimate == pytest.approx(1 / 12)
    assert [one.rule for one in found.warnings] == ["empty-cell"]


@pytest.mark.parametrize(
    "counts", [(-1, 12, 5, 6), (13, 12, 5, 6), (1, 0, 5, 6), (math.nan, 1, 1, 1)]
)
def test_counts_that_cannot_be_are_refused(counts) -> None:
    with pytest.raises(BadInput, match="s:"):
        one_study(row_of(counts), "RD")


def means(sd_1: float, sd_2: float, n_1: int = 12, n_2: int = 6) -> MeansRow:
    return MeansRow(study="s", mean_1=3, sd_1=sd_1, n_1=n_1, mean_2=1, sd_2=sd_2, n_2=n_2)


def test_means_without_any_spread_are_refused_in_words() -> None:
    for row in (means(0, 0), means(1, 1, n_1=1)):
        found = one_study(row, "MD")
        assert isinstance(found, Refusal)
        assert found.rule == "no-variance"


def test_one_sd_of_zero_takes_the_degrees_of_freedom_of_the_other_arm() -> None:
    found = one_study(means(0, 2), "MD")
    assert isinstance(found, SingleResult)
    assert found.df == pytest.approx(5)


def test_tiny_spreads_do_not_vanish() -> None:
    found = one_study(means(1e-120, 3e-120), "MD")
    assert isinstance(found, SingleResult)
    usual = one_study(means(1.0, 3.0), "MD")
    assert isinstance(usual, SingleResult)
    assert found.df == pytest.approx(usual.df)


def test_a_large_table_is_read_through_a_window() -> None:
    """A registry of millions: the conditional limits meet the normal ones."""
    found = limits(single((610_000, 2_000_000, 600_000, 2_000_000), "OR"))
    low, high = found["conditional mid-p"]
    y = math.log(610 * 1400 / (1390 * 600))
    se = math.sqrt(1 / 610e3 + 1 / 1390e3 + 1 / 600e3 + 1 / 1400e3)
    assert (low, high) == pytest.approx(
        (math.exp(y - 1.96 * se), math.exp(y + 1.96 * se)), rel=1e-5
    )


def test_a_window_gives_what_the_whole_support_gives(monkeypatch) -> None:
    whole = conditional(400, 3000, 300, 3100)
    monkeypatch.setattr("tamis.synthesis.exact_table.WINDOW_FROM", 10)
    cut = conditional(400, 3000, 300, 3100)
    assert cut.support.size <= whole.support.size
    assert cut.fisher() == pytest.approx(whole.fisher(), rel=1e-12)
    assert cut.interval(mid=True).low == pytest.approx(whole.interval(mid=True).low, rel=1e-12)


def test_a_table_that_cannot_be_handled_exactly_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="give the effect with its variance"):
        conditional(9e8, 1e9, 1e8, 1e9)


def test_welch_agrees_with_scipy() -> None:
    found = one_study(means(2.0, 3.5), "MD")
    assert isinstance(found, SingleResult)
    theirs = stats.ttest_ind_from_stats(3, 2.0, 12, 1, 3.5, 6, equal_var=False)
    assert found.p["welch-t"] == pytest.approx(theirs.pvalue, rel=1e-10)


def test_a_measure_without_a_method_is_refused_in_words() -> None:
    found = one_study(row_of((1, 2, 1, 2)), "AS")
    assert isinstance(found, Refusal)
    assert found.rule == "no-single-study-method"


def test_an_effect_alone_has_the_normal_interval_and_says_so() -> None:
    """y .3 with v .02: nothing about tau2 can be known."""
    found = one_study(EffectRow(study="s", y=0.3, v=0.02), "GEN")
    assert isinstance(found, SingleResult)
    assert (found.estimate, found.se) == pytest.approx((0.3, 0.141421), abs=1e-6)
    assert [one.rule for one in found.warnings] == ["approximate-interval"]


def test_a_level_that_is_none_is_refused() -> None:
    for level in ("95", "1", "zero", "nan"):
        with pytest.raises(BadInput, match="confidence level"):
            one_study(row_of((9, 12, 5, 6)), "RD", level=level)


# ---------------------------------------------------------------- laws
@st.composite
def tables(draw) -> Counts:
    m, n = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    return draw(st.integers(0, m)), m, draw(st.integers(0, n)), n


def swap(counts: Counts) -> Counts:
    a, m, c, n = counts
    return c, n, a, m


@given(tables())
def test_every_interval_contains_the_estimate(counts: Counts) -> None:
    for measure in ("RD", "RR", "OR"):
        found = single(counts, measure)
        for one in found.intervals:
            assert one.low <= one.high
            assert not math.isnan(one.low)
            assert not math.isnan(one.high)
            if found.estimate is not None and one.method != "Miettinen-Nurminen score":
                slack = 0.0 if found.estimate == INF else 1e-9 * max(1.0, found.estimate)
                assert one.low - slack <= found.estimate <= one.high + slack


@given(tables())
def test_a_score_interval_contains_the_estimate_from_the_proportions(counts: Counts) -> None:
    a, m, c, n = counts
    for measure, value in (
        ("RD", a / m - c / n),
        ("RR", (a / m) / (c / n) if c else None),
        ("OR", a * (n - c) / ((m - a) * c) if c * (m - a) else None),
    ):
        if value is not None:
            low, high = limits(single(counts, measure))["Miettinen-Nurminen score"]
            slack = 1e-9 * max(1.0, abs(value))
            assert low - slack <= value <= high + slack


@given(tables())
def test_swapping_the_arms_turns_the_interval_around(counts: Counts) -> None:
    here, there = limits(single(counts, "RD")), limits(single(swap(counts), "RD"))
    for method, (low, high) in here.items():
        other = there[method]
        assert (low, high) == pytest.approx((-other[1], -other[0]), abs=1e-9)
    for measure in ("RR", "OR"):
        here, there = limits(single(counts, measure)), limits(single(swap(counts), measure))
        for method, (low, high) in here.items():
            assert low == pytest.approx(_inverse(there[method][1]), rel=1e-7)
            assert high == pytest.approx(_inverse(there[method][0]), rel=1e-7)


def _inverse(x: float) -> float:
    return INF if x == 0 else 1 / x


@given(tables())
def test_events_and_non_events_of_an_odds_ratio(counts: Counts) -> None:
    a, m, c, n = counts
    here = limits(single(counts, "OR"))
    there = limits(single((m - a, m, n - c, n), "OR"))
    for method, (low, _) in here.items():
        assert low == pytest.approx(_inverse(there[method][1]), rel=1e-7)


@given(tables(), st.sampled_from(["RD", "RR", "OR"]))
def test_intervals_nest_in_the_level(counts: Counts, measure: str) -> None:
    wide, narrow = limits(single(counts, measure, "0.99")), limits(single(counts, measure, "0.8"))
    for method, (low, high) in narrow.items():
        assert wide[method][0] <= low + 1e-9
        assert wide[method][1] >= high * (1 - 1e-9) - 1e-9


@given(tables())
def test_exact_limits_contain_the_mid_p_limits(counts: Counts) -> None:
    held = limits(single(counts, "OR"))
    exact, mid = held["conditional exact"], held["conditional mid-p"]
    assert exact[0] <= mid[0] * (1 + 1e-9)
    assert exact[1] >= mid[1] * (1 - 1e-9)


@given(tables())
def test_mid_p_and_its_interval_come_from_one_inversion(counts: Counts) -> None:
    found = single(counts, "OR")
    if found.p:
        low, high = limits(found)["conditional mid-p"]
        outside = not low <= 1 <= high
        assert (
            outside == (found.p["mid-p"] < 0.05)
            or min(abs(low - 1), abs(high - 1), abs(found.p["mid-p"] - 0.05)) < 1e-9
        )


@given(tables())
def test_fisher_agrees_with_scipy(counts: Counts) -> None:
    a, m, c, n = counts
    theirs = stats.fisher_exact([[a, m - a], [c, n - c]]).pvalue
    assert conditional(a, m, c, n).fisher() == pytest.approx(theirs, rel=1e-6)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_exact_interval_of_a_proportion(pair: tuple[int, int]) -> None:
    x, n = pair
    exact, score = clopper_pearson(x, n), wilson(x, n)
    theirs = stats.binomtest(x, n).proportion_ci(method="exact")
    assert (exact.low, exact.high) == pytest.approx((theirs.low, theirs.high), abs=1e-10)
    for one in (exact, score):
        assert 0 <= one.low <= x / n <= one.high <= 1


@given(st.integers(1, 60), st.floats(0.001, 0.999))
def test_the_exact_interval_keeps_its_promise(n: int, p: float) -> None:
    """Its coverage is at least its level, whatever the true proportion."""
    intervals = [clopper_pearson(x, n) for x in range(n + 1)]
    covered = [x for x, one in enumerate(intervals) if one.low <= p <= one.high]
    assert stats.binom.pmf(covered, n, p).sum() >= 0.95 - 1e-9


@given(st.integers(1, 40), st.integers(2, 60))
def test_limits_of_a_proportion_grow_with_the_events(first: int, n: int) -> None:
    found = [clopper_pearson(x, n) for x in range(min(first, n) + 1)]
    assert all(one.low < other.low or other.low == 0 for one, other in pairwise(found))
    assert all(one.high < other.high or one.high == 1 for one, other in pairwise(found))


@given(tables(), st.floats(-0.99, 0.99))
def test_the_statistic_of_miettinen_and_nurminen_falls(counts: Counts, delta: float) -> None:
    """The interval is right because (D−δ)/√V falls in δ: check the sides of both limits."""
    low, high = limits(single(counts, "RD"))["Miettinen-Nurminen score"]
    z = brute_force_score(counts, delta)
    if low + 1e-6 < delta < high - 1e-6:
        assert abs(z) < 1.96 + 1e-3
    if delta < low - 1e-6:
        assert z > 1.9599 - 1e-3
    if delta > high + 1e-6:
        assert z < -1.9599 + 1e-3


def brute_force_score(counts: Counts, delta: float) -> float:
    """The score statistic with the constrained likelihood maximised numerically."""
    a, m, c, n = counts
    low, high = max(0.0, delta), min(1.0, 1 + delta)

    def loss(p: float) -> float:
        pairs = ((a, p), (m - a, 1 - p), (c, p - delta), (n - c, 1 - p + delta))
        return -sum(k * math.log(max(q, 1e-300)) for k, q in pairs if k)

    grid = np.linspace(low, high, 401)
    at = int(np.argmin([loss(float(p)) for p in grid]))
    bounds = (float(grid[max(at - 1, 0)]), float(grid[min(at + 1, 400)]))
    p = float(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x)
    q = p - delta
    v = (p * (1 - p) / m + q * (1 - q) / n) * (m + n) / (m + n - 1)
    gap = a / m - c / n - delta
    return gap / math.sqrt(v) if v > 1e-18 else math.copysign(INF, gap)
