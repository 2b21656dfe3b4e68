"""Gu et al. 2014 (81 people, one arm, 12 months), as its abstracts give the figures.

Lupus 23(14):1502 gives remission in 49 of 81 *ever*; the conference abstract gives 44 % *at* month
12 (36 of 81 when rounded). Which of the two is used moves heterogeneity from nothing to "most of
it" in one and the same set of four studies: the reason why estimands are never mixed.
"""

from __future__ import annotations

import pytest

from tamis.domain.results import PooledResult, ProportionRow
from tamis.synthesis import Fit, PoolSettings, effect_rows, effects, fit_rows, pool_proportions

OTHERS = [("deng2017", 9, 12), ("barbado2018", 3, 3), ("ranjbar2022", 7, 9)]


def rows(events: int) -> list[ProportionRow]:
    return [
        ProportionRow(study=study, events=x, n=n) for study, x, n in [("gu2014", events, 81)]
    ] + [ProportionRow(study=study, events=x, n=n) for study, x, n in OTHERS]


@pytest.mark.parametrize(("events", "i2"), [(49, 0.0), (36, 61.451623)])
def test_one_estimand_moves_the_heterogeneity(events: int, i2: float) -> None:
    found = effect_rows(effects("PLO", rows(events)))
    done = fit_rows(found, settings=PoolSettings(method="FE"))
    assert isinstance(done, Fit)
    assert done.i2 == pytest.approx(i2, abs=1e-5)


def test_the_profile_limits_that_local_searches_miss() -> None:
    """With the month-12 figure a bounded local search over ln τ stopped at .9004."""
    done = pool_proportions(rows(36))
    assert isinstance(done, PooledResult)
    assert done.tau2 is not None
    assert (done.estimate, done.ci_low, done.ci_high, done.tau2) == pytest.approx(
        (0.67433, 0.43297, 0.92888, 0.48117), abs=1e-5
    )
    wald = done.alternatives[0]
    assert (wald.low, wald.high) == pytest.approx((0.4027, 0.8641), abs=1e-4)
