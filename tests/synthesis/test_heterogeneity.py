"""tau2, I2 and H2 with each kind of interval, named for what it rests on."""

from __future__ import annotations

import math

import pytest

from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis import (
    Heterogeneity,
    PoolSettings,
    effect_rows,
    effects,
    heterogeneity,
    meta_analyse,
    tau2_by_likelihood,
)
from tamis.synthesis.meta_settings import MetaSettings
from tamis.synthesis.table import read_rows

#: The thirteen BCG trials (Colditz 1994): vaccinated with tuberculosis and in all, not vaccinated.
BCG = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867),
    (33, 5069, 47, 5808), (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391),
    (29, 7499, 45, 7277), (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341),
    (27, 16913, 29, 17854),
]  # fmt: skip
TABLE = [
    {"study": f"s{n}", "events1": a, "n1": m, "events2": c, "n2": k}
    for n, (a, m, c, k) in enumerate(BCG)
]


def rows() -> tuple[EffectRow, ...]:
    return effect_rows(effects("RR", read_rows(TABLE, measure="RR")))


def test_the_bcg_trials_as_metafor_and_meta_print_them() -> None:
    """metafor: tau2 0.3132 (0.1197 to 1.1115), I2 92.22 %, H2 12.86; meta: I2 92.1 % of Q."""
    found = heterogeneity(rows(), settings=PoolSettings(method="REML"))
    assert isinstance(found, Heterogeneity)
    told = {(one.name, one.basis): one for one in found.measures}
    assert (found.q, found.df) == (pytest.approx(152.233, abs=1e-3), 12)
    tau2 = told["tau2", "tau2"]
    assert tau2.estimate == pytest.approx(0.3132, abs=1e-4)
    profile = tau2.intervals[0]
    assert (profile.low, profile.high) == pytest.approx((0.1197, 1.1115), abs=1e-4)
    assert [one.method for one in tau2.intervals] == ["Q-profile", "profile likelihood"]
    assert told["I2", "tau2"].estimate == pytest.approx(92.22, abs=0.01)
    assert told["H2", "tau2"].estimate == pytest.approx(12.86, abs=0.01)
    of_q = told["I2", "Q"]
    assert of_q.estimate == pytest.approx(100 * (1 - 12 / 152.233), abs=1e-3)
    assert (of_q.intervals[0].low, of_q.intervals[0].high) == pytest.approx((88.3, 94.7), abs=0.05)


def test_intervals_of_i2_and_h2_are_those_of_tau2_turned() -> None:
    found = heterogeneity(rows(), settings=PoolSettings(method="ML"))
    assert isinstance(found, Heterogeneity)
    tau2, i2, h2, *_ = found.measures
    likelihood = tau2_by_likelihood(rows(), method="ML")
    assert not isinstance(likelihood, Refusal)
    assert tau2.intervals[1] == likelihood
    for one, share, ratio in zip(tau2.intervals, i2.intervals, h2.intervals, strict=True):
        assert one.low <= tau2.estimate <= one.high or one.method == "Q-profile"
        assert share.high == pytest.approx(100 * (1 - 1 / ratio.high))


def test_nothing_to_measure_is_refused() -> None:
    assert isinstance(heterogeneity(rows()[:1]), Refusal)
    two = heterogeneity([EffectRow(study="a", y=0.1, v=0.1), EffectRow(study="b", y=0.1, v=0.1)])
    assert isinstance(two, Heterogeneity)
    assert all(math.isfinite(one.estimate) for one in two.measures)


def test_beside_a_pool_by_name_and_on_its_scale() -> None:
    also = ["heterogeneity", "bootstrap"]
    done = meta_analyse(TABLE, measure="RR", settings=MetaSettings(), also=also)
    body = done.as_json()["also"]
    assert isinstance(body, dict)
    assert body["heterogeneity"]["df"] == 12
    assert 0 < body["bootstrap"]["low"] < 0.4 < body["bootstrap"]["high"]
