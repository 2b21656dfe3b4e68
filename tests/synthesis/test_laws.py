"""Laws that hold for every measure and every way of pooling tables, means and rates.

The laws of the estimators of tau2 on plain effects stand in ``test_pool.py``.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tamis.domain.results import BinaryRow, MeansRow, PooledResult, ProportionRow, RateRow
from tamis.synthesis import (
    MEASURES,
    EffectSettings,
    PoolSettings,
    effect_rows,
    effects,
    pool,
    pool_proportions,
    pool_tables,
)
from tamis.synthesis.rate_strata import fit_rate_strata
from tamis.synthesis.revman import RevManPool, pool_as_revman
from tamis.synthesis.settings import ESTIMATORS, TESTS
from tamis.synthesis.strata import StrataFit
from tamis.synthesis.tau2_profile import tau2_by_likelihood

TABLES = ("RR", "OR", "RD", "AS", "PETO", "PHI", "YUQ", "OR2DL", "OR2DN")
#: Standardised by the SD of one arm: another number when the arms change places.
ONE_SIDED = frozenset({"SMD1"})
MEANS = tuple(
    name for name, one in MEASURES.items() if one.rows == "means" and name not in ONE_SIDED
)
RATES = ("IRR", "IRD", "IRSD")


@st.composite
def tables(draw: st.DrawFn, *, least: int = 0) -> list[BinaryRow]:
    found = []
    for at in range(draw(st.integers(2, 6))):
        n1, n2 = draw(st.integers(4, 90)), draw(st.integers(4, 90))
        found.append(
            BinaryRow(
                study=f"s{at}",
                events_1=draw(st.integers(least, n1 - least)),
                n_1=n1,
                events_2=draw(st.integers(least, n2 - least)),
                n_2=n2,
            )
        )
    return found


spreads = st.floats(0.4, 6).map(lambda x: round(x, 3))
averages = st.floats(1, 30).map(lambda x: round(x, 3))


@st.composite
def means(draw: st.DrawFn) -> list[MeansRow]:
    return [
        MeansRow(
            study=f"s{at}",
            mean_1=draw(averages),
            sd_1=draw(spreads),
            n_1=draw(st.integers(4, 80)),
            mean_2=draw(averages),
            sd_2=draw(spreads),
            n_2=draw(st.integers(4, 80)),
        )
        for at in range(draw(st.integers(2, 5)))
    ]


@st.composite
def rates(draw: st.DrawFn) -> list[RateRow]:
    return [
        RateRow(
            study=f"s{at}",
            events_1=draw(st.integers(1, 40)),
            time_1=draw(st.integers(5, 500)),
            events_2=draw(st.integers(1, 40)),
            time_2=draw(st.integers(5, 500)),
        )
        for at in range(draw(st.integers(2, 5)))
    ]


def swapped(row: BinaryRow | MeansRow | RateRow) -> BinaryRow | MeansRow | RateRow:
    names = [name for name in row.__dataclass_fields__ if name.endswith("_1")]
    other = {name: name[:-1] + "2" for name in names}
    return replace(
        row,
        **{one: getattr(row, two) for one, two in other.items()},
        **{two: getattr(row, one) for one, two in other.items()},
    )


def swaps_the_sign(rows: list, measure: str, method: str) -> None:
    asked = EffectSettings(correction="none")
    here, there = (
        effect_rows(effects(measure, one, settings=asked))
        for one in (rows, [swapped(row) for row in rows])
    )
    assume(len(here) >= 2)
    first, second = (
        pool(one, measure=measure, settings=PoolSettings(method=method)) for one in (here, there)
    )
    assert isinstance(first, PooledResult)
    assert isinstance(second, PooledResult)
    near = {"rel": 1e-6, "abs": 1e-7}
    assert first.y == pytest.approx(-second.y, **near)
    assert (first.y_low, first.y_high) == pytest.approx((-second.y_high, -second.y_low), **near)
    assert (first.tau2 or 0) == pytest.approx(second.tau2 or 0, rel=1e-5, abs=1e-8)


estimators = st.sampled_from(ESTIMATORS)


@pytest.mark.parametrize("measure", TABLES)
@settings(max_examples=12)
@given(rows=tables(least=1), method=estimators)
def test_swapped_arms_of_tables(measure: str, rows: list[BinaryRow], method: str) -> None:
    swaps_the_sign(rows, measure, method)


@pytest.mark.parametrize("measure", MEANS)
@settings(max_examples=12)
@given(rows=means(), method=estimators)
def test_swapped_arms_of_means(measure: str, rows: list[MeansRow], method: str) -> None:
    swaps_the_sign(rows, measure, method)


@pytest.mark.parametrize("measure", RATES)
@settings(max_examples=12)
@given(rows=rates(), method=estimators)
def test_swapped_arms_of_rates(measure: str, rows: list[RateRow], method: str) -> None:
    swaps_the_sign(rows, measure, method)


@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
@settings(max_examples=25)
@given(rows=tables(), random=st.randoms(use_true_random=False))
def test_mantel_haenszel_and_peto(measure: str, rows: list[BinaryRow], random) -> None:
    """Order and arms; the pool lies among the studies' own effects."""
    other = list(rows)
    random.shuffle(other)
    for method in ("MH", "PETO") if measure == "OR" else ("MH",):
        here, moved, turned = (
            pool_tables(one, measure=measure, method=method)
            for one in (rows, other, [swapped(row) for row in rows])
        )
        assert isinstance(here, PooledResult) == isinstance(turned, PooledResult)
        if not isinstance(here, PooledResult):
            continue
        assert (here.y, here.se) == pytest.approx((moved.y, moved.se), rel=1e-9, abs=1e-12)
        assert here.y == pytest.approx(-turned.y, rel=1e-9, abs=1e-9)
        assert here.ci_low <= here.estimate <= here.ci_high
    if measure == "RD" and isinstance(here, PooledResult):
        own = [row.events_1 / row.n_1 - row.events_2 / row.n_2 for row in rows]
        assert min(own) - 1e-12 <= here.estimate <= max(own) + 1e-12


@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
@settings(max_examples=25)
@given(rows=tables(), method=estimators)
def test_the_conventions_of_revman(measure: str, rows: list[BinaryRow], method: str) -> None:
    done = pool_as_revman(rows, measure=measure, settings=PoolSettings(method=method))
    if not isinstance(done, RevManPool):
        assert done.rule in ("no-data", "one-study")
        return
    assert done.k + len(done.left_out) == len(rows)
    assert sum(done.random.weights) == pytest.approx(100)
    own = [y for y, _ in done.effects]
    assert min(own) - 1e-9 <= done.random.mu <= max(own) + 1e-9
    turned = pool_as_revman(
        [swapped(row) for row in rows], measure=measure, settings=PoolSettings(method=method)
    )
    assert isinstance(turned, RevManPool)
    assert (turned.common, turned.random.mu) == pytest.approx(
        (-done.common, -done.random.mu), rel=1e-6, abs=1e-7
    )
    empty = any(0 in (r.events_1, r.n_1 - r.events_1, r.events_2, r.n_2 - r.events_2) for r in rows)
    plain = pool_tables(rows, measure=measure, method="MH")
    if not empty and isinstance(plain, PooledResult):
        assert done.common == pytest.approx(plain.y, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("measure", ["IRR", "IRD"])
@settings(max_examples=25)
@given(rows=rates())
def test_rates_by_mantel_haenszel(measure: str, rows: list[RateRow]) -> None:
    here, turned = (
        fit_rate_strata(one, measure=measure) for one in (rows, [swapped(row) for row in rows])
    )
    assert isinstance(here, StrataFit)
    assert isinstance(turned, StrataFit)
    assert (here.y, here.se) == pytest.approx((-turned.y, turned.se), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("measure", [name for name in MEANS if name not in ("MD",)])
@settings(max_examples=12)
@given(rows=means(), scale=st.floats(0.02, 50))
def test_units_do_not_touch_what_has_none(measure: str, rows: list[MeansRow], scale: float) -> None:
    other = [
        replace(
            row,
            **{name: scale * getattr(row, name) for name in ("mean_1", "sd_1", "mean_2", "sd_2")},
        )
        for row in rows
    ]
    for here, there in zip(effects(measure, rows), effects(measure, other), strict=True):
        assert (here.y, here.se) == pytest.approx((there.y, there.se), rel=1e-6, abs=1e-9)


@settings(max_examples=40)
@given(rows=tables(least=1), method=estimators, test=st.sampled_from(TESTS))
def test_intervals_nest_whatever_the_test(rows: list[BinaryRow], method: str, test: str) -> None:
    found = effect_rows(effects("OR", rows))
    if test == "kr":
        method = "REML"
    narrow, wide = (
        pool(found, measure="OR", settings=PoolSettings(method=method, test=test, level=level))
        for level in ("0.8", "0.99")
    )
    assert isinstance(narrow, PooledResult)
    assert isinstance(wide, PooledResult)
    assert wide.ci_low <= narrow.ci_low <= narrow.estimate <= narrow.ci_high <= wide.ci_high
    if narrow.pi_low is not None and wide.pi_low is not None:
        assert wide.pi_low <= narrow.pi_low
        assert narrow.pi_low <= narrow.estimate


@settings(max_examples=30)
@given(rows=tables(least=1), method=st.sampled_from(["REML", "ML"]))
def test_the_likelihood_interval_of_tau2_holds_its_estimate(rows, method: str) -> None:
    found = effect_rows(effects("OR", rows))
    done = pool(found, measure="OR", settings=PoolSettings(method=method))
    assert isinstance(done, PooledResult)
    narrow, wide = (tau2_by_likelihood(found, method=method, level=p) for p in ("0.8", "0.95"))
    assert wide.low <= narrow.low <= done.tau2 + 1e-9
    assert done.tau2 - 1e-9 <= narrow.high <= wide.high


@settings(max_examples=10)
@given(
    counts=st.lists(st.tuples(st.integers(0, 12), st.integers(12, 40)), min_size=2, max_size=4),
    random=st.randoms(use_true_random=False),
)
def test_proportions_do_not_depend_on_order_or_on_what_is_counted(counts, random) -> None:
    assume(any(0 < x < n for x, n in counts))
    rows = [ProportionRow(study=f"s{at}", events=x, n=n) for at, (x, n) in enumerate(counts)]
    other = list(rows)
    random.shuffle(other)
    without = [replace(row, events=row.n - row.events) for row in rows]
    here, moved, rest = (pool_proportions(one) for one in (rows, other, without))
    assert isinstance(here, PooledResult) == isinstance(moved, PooledResult)
    if not isinstance(here, PooledResult):
        return
    assert here.estimate == pytest.approx(moved.estimate, abs=1e-5)
    assert here.estimate == pytest.approx(1 - rest.estimate, abs=1e-4)
    assert 0 <= here.ci_low <= here.estimate <= here.ci_high <= 1
