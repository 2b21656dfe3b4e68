"""``stopping="metafor"``: the numbers that metafor 3.8-1 prints by default, to the last digit.

Data invented here; expected numbers from R 4.2.2, ``rma(y, v, method=...)`` and ``confint``.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow
from tamis.synthesis import MetaSettings, PoolSettings, fit_rows, meta_analyse, tau2_by_likelihood
from tamis.synthesis.regression.design import design_of
from tamis.synthesis.regression.model import regress
from tamis.synthesis.stopping import STOPPED, WIDTH, stopped_tau2, uniroot
from tamis.synthesis.tau2 import estimate_tau2

Y = (0.10, 0.90, 0.40, -0.20, 0.55, 0.05)
V = (0.020, 0.110, 0.040, 0.025, 0.090, 0.030)
LIMITS = (0.00338491890906499, 0.87564259214236084)

#: Estimator -> tau2, estimate, standard error.
PRINTED = {
    "REML": (0.0771012898410994, 0.2242538599291988, 0.1424241571215721),
    "ML": (0.050727440045406, 0.207687093070247, 0.124920905089212),
    "PM": (0.0920151690486582, 0.2311876916473908, 0.1512929889851561),
    "EB": (0.0920193924021843, 0.2311894721282328, 0.1512954165717777),
}


def rows(y: tuple[float, ...] = Y, v: tuple[float, ...] = V) -> list[EffectRow]:
    pairs = enumerate(zip(y, v, strict=True))
    return [EffectRow(study=str(at), y=one, v=spread) for at, (one, spread) in pairs]


def pools(method: str, stopping: str) -> PoolSettings:
    return PoolSettings(method=method, test="z", stopping=stopping)


@pytest.mark.parametrize("method", STOPPED)
def test_a_pool_prints_what_metafor_prints(method: str) -> None:
    done = fit_rows(rows(), settings=pools(method, "metafor"))
    assert (done.tau2, done.mu, done.se) == pytest.approx(PRINTED[method], rel=1e-12)
    assert done.tau2_ci == pytest.approx(LIMITS, rel=1e-12)
    ended = fit_rows(rows(), settings=pools(method, "end"))
    assert 1e-7 < abs(ended.tau2 - done.tau2) < 1e-5


@pytest.mark.parametrize(
    ("method", "high"), [("REML", 0.600083746257238), ("ML", 0.38910556940936)]
)
def test_profile_limits(method: str, high: float) -> None:
    found = tau2_by_likelihood(rows(), method=method, stopping="metafor")
    assert (found.low, found.high) == (0.0, pytest.approx(high, rel=1e-12))


def test_a_regression() -> None:
    design = design_of({"x": [1, 2, 1, 3, 2, 4]})
    done = regress(rows(), design, settings=PoolSettings(stopping="metafor"))
    assert done.tau2 == pytest.approx(0.0879929653586655, rel=1e-12)
    slopes = [one.estimate for one in done.coefficients]
    assert slopes == pytest.approx([0.4926948145814726, -0.1200035358737012], rel=1e-12)


def test_limits_beyond_the_range_are_cut_off_and_far_effects_widen_it() -> None:
    far = rows((-20, 0, 25), (0.1, 0.1, 0.1))
    done = fit_rows(far, settings=pools("PM", "metafor"))
    assert done.tau2 == pytest.approx(508.233333346455, rel=1e-12)
    assert done.tau2_ci == pytest.approx((137.701560778447, 5082.333333464548), rel=1e-12)
    assert fit_rows(far, settings=pools("PM", "end")).tau2_ci[1] > 20_000


def test_where_metafor_ends_with_an_error_the_search_goes_on() -> None:
    y, v = np.array([[0.0, 10.0, 10.1]]), np.array([[0.001, 0.001, 40.0]])
    beyond = np.array([[0.0, 0.1, 0.0, 60.0]]), np.full((1, 4), 1e-3)
    assert np.isnan(stopped_tau2("PM", *beyond))
    assert estimate_tau2("PM", *beyond, stopping="metafor") == estimate_tau2("PM", *beyond)
    assert np.isfinite(estimate_tau2("REML", y, v, stopping="metafor")).all()


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=2, max_size=8))
def test_a_stopped_root_of_q_lies_within_its_width(pairs: list[tuple[float, float]]) -> None:
    y, v = (np.array([column]) for column in zip(*pairs, strict=True))
    stopped = estimate_tau2("PM", y, v, stopping="metafor")
    assert abs(stopped[0] - estimate_tau2("PM", y, v)[0]) <= 1.01 * WIDTH


def test_closed_forms_do_not_depend_on_it() -> None:
    for method in ("DL", "HE", "HS", "SJ", "FE"):
        one, other = (fit_rows(rows(), settings=pools(method, at)) for at in ("end", "metafor"))
        assert (one.mu, one.tau2) == (other.mu, other.tau2)


def test_settings_name_it_only_where_it_was_chosen() -> None:
    assert "stopping" not in PoolSettings().as_dict()
    assert PoolSettings(stopping="metafor").as_dict()["stopping"] == "metafor"
    done = meta_analyse(measure="MD", settings=MetaSettings(stopping="metafor"), yi=Y, vi=V)
    assert done.settings["stopping"] == "metafor"
    assert done.pooled.tau2 == pytest.approx(PRINTED["REML"][0], rel=1e-12)
    assert "stopping" not in meta_analyse(measure="MD", yi=Y, vi=V).settings
    with pytest.raises(BadInput, match="rule for stopping"):
        PoolSettings(stopping="early")


def test_uniroot_stops_at_its_width() -> None:
    assert abs(uniroot(lambda at: at**3 - 2, 0.0, 100.0) - 2 ** (1 / 3)) < WIDTH
