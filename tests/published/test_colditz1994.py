"""Colditz et al. 1994, JAMA 271:698: thirteen trials of BCG against tuberculosis.

Pooled risk ratio as published, by DerSimonian-Laird: 0.49 (0.34 to 0.70). The further figures were
computed with metafor 5.1-12 and by hand from the same thirteen tables.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tamis.domain.results import BinaryRow, PooledResult
from tamis.synthesis import (
    Fit,
    PoolSettings,
    effect_rows,
    effects,
    fit_rows,
    pool,
    pool_tables,
)

FILE = Path(__file__).parent / "data" / "reference_values.json"


@pytest.fixture(scope="module")
def trials() -> list[BinaryRow]:
    cases = {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))["cases"]}
    return [
        BinaryRow(study=str(r[1]), events_1=r[3], n_1=r[3] + r[4], events_2=r[5], n_2=r[5] + r[6])
        for r in cases["bcg_colditz1994"]["inputs"]["rows"]
    ]


def fitted(trials: list[BinaryRow], **settings: str) -> Fit:
    done = fit_rows(effect_rows(effects("RR", trials)), settings=PoolSettings(**settings))
    assert isinstance(done, Fit)
    return done


def test_the_published_risk_ratio(trials: list[BinaryRow]) -> None:
    rows = effect_rows(effects("RR", trials))
    done = pool(rows, measure="RR", settings=PoolSettings(method="DL", test="z"))
    assert isinstance(done, PooledResult)
    assert [round(x, 2) for x in (done.estimate, done.ci_low, done.ci_high)] == [0.49, 0.34, 0.70]


@pytest.mark.parametrize(
    ("method", "tau2"), [("REML", 0.313243), ("DL", 0.308760), ("PM", 0.318068), ("ML", 0.280028)]
)
def test_between_study_variance(trials: list[BinaryRow], method: str, tau2: float) -> None:
    assert fitted(trials, method=method).tau2 == pytest.approx(tau2, abs=1e-6)


def test_reml_with_its_intervals(trials: list[BinaryRow]) -> None:
    wald, hk = fitted(trials, test="z"), fitted(trials, test="knha")
    assert wald.mu == pytest.approx(-0.714532, abs=1e-6)
    assert (wald.low, wald.high) == pytest.approx((-1.066898, -0.362167), abs=1e-6)
    assert (hk.low, hk.high) == pytest.approx((-1.108444, -0.320621), abs=1e-6)
    assert wald.tau2_ci == pytest.approx((0.119718, 1.111479), abs=1e-6)


def test_mantel_haenszel_odds_ratio(trials: list[BinaryRow]) -> None:
    done = pool_tables(trials, measure="OR")
    assert isinstance(done, PooledResult)
    assert (done.y, done.se) == pytest.approx((-0.473411, 0.041008), abs=1e-6)
    assert done.estimate == pytest.approx(math.exp(done.y))
