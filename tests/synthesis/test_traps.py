"""The named traps: data on which other engines give a wrong number, NaN or an exception.

Each is a right answer or a typed, explained refusal. Who fails on what: ``validation/README.md``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, PooledResult, ProportionRow, Refusal
from tamis.synthesis import (
    Fit,
    PoolSettings,
    effect_rows,
    effects,
    fit_rows,
    pool,
    pool_proportions,
    pool_tables,
)
from tamis.synthesis.mixed import pool_by_model
from tamis.synthesis.settings import ESTIMATORS
from tamis.synthesis.tau2 import log_likelihood

SHIPPED = Path(__file__).parents[2] / "validation" / "metafor" / "reference.json"


def studies(y: list[float], v: list[float]) -> list[EffectRow]:
    return [
        EffectRow(study=str(at), y=one, v=two)
        for at, (one, two) in enumerate(zip(y, v, strict=True), start=1)
    ]


def shipped(name: str) -> dict[str, list[float]]:
    """Return the effects of a published data set, as a case of the shipped reference carries it."""
    cases = json.loads(SHIPPED.read_text("utf-8"))["cases"]
    return next(c["inputs"] for c in cases if c["id"].startswith(name) and "yi" in c["inputs"])


def fitted(y: list[float], v: list[float], **settings: str) -> Fit:
    done = fit_rows(studies(y, v), settings=PoolSettings(**settings))
    assert isinstance(done, Fit)
    return done


def numbers(done: PooledResult) -> list[float]:
    held = (done.estimate, done.ci_low, done.ci_high, done.tau2, done.i2, done.q, done.p)
    return [one for one in held if one is not None]


def test_two_modes_gibson2002() -> None:
    """REML of the mean difference peaks at 0 and at 9.679; the second is higher."""
    held = shipped("gibson2002/MD/")
    done = fitted(held["yi"], held["vi"], test="z")
    assert done.tau2 == pytest.approx(9.67921, abs=1e-5)
    assert (done.mu, done.low, done.high) == pytest.approx((-2.45703, -4.54249, -0.37156), abs=1e-5)
    y, v = np.array(held["yi"]), np.array(held["vi"])
    nodes = np.concatenate([[0.0], np.geomspace(1e-4, done.tau2, 200)])
    wide = (nodes.size, y.size)
    height = log_likelihood(
        np.broadcast_to(y, wide), np.broadcast_to(v, wide), nodes, restricted=True
    )
    assert height[1:-1].min() < height[0] < height[-1]


def test_reml_where_fisher_scoring_does_not_converge_normand1999() -> None:
    held = shipped("normand1999/MD/")
    done = fitted(held["yi"], held["vi"], method="REML")
    assert done.tau2 == pytest.approx(684.6462, abs=1e-4)


def test_profile_limits_of_proportions_where_local_searches_stop() -> None:
    rows = [
        ProportionRow(study=str(n), events=x, n=n) for x, n in ((36, 81), (9, 12), (3, 3), (7, 9))
    ]
    done = pool_proportions(rows)
    assert isinstance(done, PooledResult)
    assert (done.estimate, done.ci_low, done.ci_high) == pytest.approx(
        (0.67433, 0.43297, 0.92888), abs=2e-5
    )
    assert done.tau2 == pytest.approx(0.48117, abs=1e-4)


@pytest.mark.parametrize("method", ESTIMATORS)
def test_one_study_is_refused_in_words(method: str) -> None:
    done = pool(studies([0.3], [0.02]), measure="GEN", settings=PoolSettings(method=method))
    assert isinstance(done, Refusal)
    assert done.rule == "one-study"
    assert "not pooled" in done.message


@pytest.mark.parametrize("method", ESTIMATORS)
def test_two_studies_never_leave_one_interval_alone(method: str) -> None:
    done = pool(
        studies([0.1, 0.9], [0.02, 0.03]), measure="GEN", settings=PoolSettings(method=method)
    )
    assert isinstance(done, PooledResult)
    assert all(map(math.isfinite, numbers(done)))
    if method != "FE":
        assert "two-studies" in {one.rule for one in done.warnings}
        assert done.alternatives


def test_two_studies() -> None:
    wald, student = (fitted([0.1, 0.9], [0.02, 0.03], test=test) for test in ("z", "knha"))
    assert (wald.mu, wald.tau2) == pytest.approx((0.49375, 0.295), abs=1e-5)
    assert (wald.low, wald.high) == pytest.approx((-0.29014, 1.27764), abs=1e-5)
    assert (student.low, student.high) == pytest.approx((-4.58811, 5.57561), abs=1e-5)


@pytest.mark.parametrize("method", [name for name in ESTIMATORS if name not in ("FE", "SJ")])
def test_effects_that_agree_have_no_heterogeneity_and_a_floor(method: str) -> None:
    done = fitted([0.20, 0.21, 0.19, 0.205], [0.04, 0.05, 0.06, 0.03], method=method)
    assert (done.tau2, done.i2) == (0.0, 0.0)
    assert (done.low, done.high) == pytest.approx((-0.12441, 0.52862), abs=1e-5)
    bare = fitted([0.20, 0.21, 0.19, 0.205], [0.04, 0.05, 0.06, 0.03], method=method, test="knha")
    assert bare.high - bare.low < (done.high - done.low) / 10


@pytest.mark.parametrize("method", ESTIMATORS)
@pytest.mark.parametrize("test", ["z", "knha", "adhoc"])
def test_equal_effects_are_no_division_by_zero(method: str, test: str) -> None:
    rows = studies([0.5] * 4, [0.01, 0.02, 0.03, 0.04])
    done = pool(rows, measure="GEN", settings=PoolSettings(method=method, test=test))
    assert isinstance(done, PooledResult)
    assert done.estimate == pytest.approx(0.5)
    assert not any(map(math.isnan, numbers(done)))


@pytest.mark.parametrize("method", ESTIMATORS)
def test_variances_that_differ_ten_million_times(method: str) -> None:
    rows = studies([0.1, 0.5, -0.3, 2.0], [1e-6, 0.1, 0.2, 10.0])
    done = pool(rows, measure="GEN", settings=PoolSettings(method=method))
    assert isinstance(done, PooledResult)
    assert all(map(math.isfinite, numbers(done)))
    if method in ("REML", "DL", "FE"):
        assert done.estimate == pytest.approx(0.1, abs=1e-4)


DOUBLE_ZERO = ((0, 20, 2, 20), (0, 15, 0, 15), (3, 40, 5, 41), (1, 25, 0, 24), (0, 30, 4, 60))


def tables(counts: tuple[tuple[int, int, int, int], ...]) -> list[BinaryRow]:
    return [
        BinaryRow(study=str(at), events_1=a, n_1=n1, events_2=c, n_2=n2)
        for at, (a, n1, c, n2) in enumerate(counts, start=1)
    ]


@pytest.mark.parametrize(("method", "y", "se"), [("MH", -0.92925, 0.61910),
                                                 ("PETO", -0.81683, 0.54068)])  # fmt: skip
def test_double_zeros_in_tables(method: str, y: float, se: float) -> None:
    done = pool_tables(tables(DOUBLE_ZERO), measure="OR", method=method)
    assert isinstance(done, PooledResult)
    assert (done.y, done.se) == pytest.approx((y, se), abs=1e-5)


@pytest.mark.parametrize("model", ["UM.FS", "UM.RS", "CM.AL", "CM.EL"])
def test_double_zeros_in_mixed_models(model: str) -> None:
    """A double-zero table carries no information about an odds ratio given its margin."""
    done = pool_by_model(tables(DOUBLE_ZERO), measure="OR", model=model)
    assert isinstance(done, PooledResult)
    assert all(map(math.isfinite, numbers(done)))
    assert 0 < done.ci_low < done.estimate < done.ci_high


@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
def test_double_zeros_by_inverse_variance(measure: str) -> None:
    rows = effect_rows(effects(measure, tables(DOUBLE_ZERO)))
    done = pool(rows, measure=measure)
    assert isinstance(done, PooledResult)
    assert all(map(math.isfinite, numbers(done)))


def test_only_double_zeros_hold_no_information() -> None:
    empty = tables(((0, 20, 0, 20), (0, 15, 0, 15)))
    for measure in ("OR", "RR"):
        done = pool_tables(empty, measure=measure, method="MH")
        assert isinstance(done, Refusal)
        assert done.rule == "no-information"
    for model in ("UM.FS", "CM.AL", "CM.EL"):
        refused = pool_by_model(empty, measure="OR", model=model)
        assert isinstance(refused, Refusal)
        assert refused.message


def test_everybody_had_the_event() -> None:
    """Tables with 100 % in both arms stay in the risk ratio, as they stand."""
    done = pool_tables(
        tables(((20, 20, 19, 19), (18, 18, 18, 18), (10, 12, 6, 12))), measure="RR", method="MH"
    )
    assert isinstance(done, PooledResult)
    assert all(map(math.isfinite, numbers(done)))
    full = [ProportionRow(study=str(n), events=n, n=n) for n in (8, 12, 30)]
    shares = pool_proportions(full)
    assert isinstance(shares, Refusal)
    assert shares.rule == "nothing-to-model"
    some = pool_proportions([*full, ProportionRow(study="x", events=9, n=10)])
    assert isinstance(some, PooledResult)
    assert 0.9 < some.estimate < 1
    assert some.ci_high <= 1


@pytest.mark.parametrize(("y", "v", "named"), [
    (math.nan, 0.1, "is no number"), (0.1, math.nan, "is no number"),
    (0.1, 0.0, "not above zero"), (0.1, -1.0, "not above zero"),
])  # fmt: skip
def test_numbers_that_are_none_name_their_study(y: float, v: float, named: str) -> None:
    with pytest.raises(BadInput, match=named) as raised:
        pool(studies([0.2, 0.3, y], [0.1, 0.1, v]), measure="GEN")
    assert "3" in raised.value.problem
