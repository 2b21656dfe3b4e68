"""Meta-regression: designs, laws, permutation, diagnostics, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis import PoolSettings, fit_rows
from tamis.synthesis.regression.design import Design, design_of
from tamis.synthesis.regression.diagnostics import diagnose, inflation
from tamis.synthesis.regression.model import RegressionResult, regress
from tamis.synthesis.regression.permutation import permute
from tamis.synthesis.regression.tau2 import residual_tau2
from tamis.synthesis.tau2 import estimate_tau2

METHODS = ("DL", "HE", "HS", "SJ", "PM", "ML", "REML")

effects_of = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=4, max_size=9).map(
    lambda found: [(round(y, 3), round(v, 3)) for y, v in found]
)


def rows(found: list[tuple[float, float]]) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=y, v=v) for at, (y, v) in enumerate(found)]


@settings(max_examples=25)
@given(found=effects_of, method=st.sampled_from(METHODS))
def test_an_intercept_alone_is_the_pool(found: list[tuple[float, float]], method: str) -> None:
    y, v = (np.array(column)[None] for column in zip(*found, strict=True))
    alone = residual_tau2(method, y, v, np.ones((1, y.shape[1], 1)))
    assert alone == pytest.approx(estimate_tau2(method, y, v), rel=1e-7, abs=1e-9)


@settings(max_examples=25)
@given(found=effects_of, shift=st.floats(-5, 5), factor=st.floats(0.1, 10))
def test_a_slope_follows_the_unit_of_its_covariate(
    found: list[tuple[float, float]], shift: float, factor: float
) -> None:
    x = [float(at * at % 7) + 0.1 * at for at in range(len(found))]
    chosen = PoolSettings(method="DL", test="z")
    one = regress(rows(found), design_of({"x": x}), settings=chosen)
    other = regress(rows(found), design_of({"x": [factor * a + shift for a in x]}), settings=chosen)
    assert isinstance(one, RegressionResult)
    assert isinstance(other, RegressionResult)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-9)
    assert other.coefficients[1].estimate * factor == pytest.approx(
        one.coefficients[1].estimate, rel=1e-5, abs=1e-7
    )
    assert other.q == pytest.approx(one.q, rel=1e-6, abs=1e-8)


@settings(max_examples=25)
@given(found=effects_of)
def test_categories_give_the_pools_of_their_groups(found: list[tuple[float, float]]) -> None:
    group = ["a", "b"] * (len(found) // 2) + ["a"] * (len(found) % 2)
    chosen = PoolSettings(method="FE")
    done = regress(rows(found), design_of({"g": group}), settings=chosen)
    assert isinstance(done, RegressionResult)
    for level in ("a", "b"):
        members = [one for one, name in zip(rows(found), group, strict=True) if name == level]
        pool = fit_rows(members, settings=chosen)
        assert not isinstance(pool, Refusal)
        assert done.predict(done.design.row({"g": level})).estimate == pytest.approx(
            pool.mu, rel=1e-8, abs=1e-9
        )


def test_products_of_columns() -> None:
    made = design_of(
        {"dose": [1, 2, 3, 4, 5, 7], "kind": ["b", "a", "b", "a", "c", "c"]},
        ["dose", "kind", ("dose", "kind")],
        reference={"kind": "b"},
    )
    assert made.names == (
        "intercept", "dose", "kind: a", "kind: c", "dose x kind: a", "dose x kind: c",
    )  # fmt: skip
    assert made.levels == {"kind": ("b", "a", "c")}
    assert made.row({"dose": 3, "kind": "a"}) == (1.0, 3.0, 1.0, 0.0, 3.0, 0.0)
    with pytest.raises(BadInput, match="no level 'z'"):
        made.row({"dose": 3, "kind": "z"})
    with pytest.raises(BadInput, match="no value of 'kind'"):
        made.row({"dose": 3})


@pytest.mark.parametrize(
    ("columns", "terms", "said"),
    [
        ({"x": [1, 2, 3], "y": [2, 4, 6]}, None, "'y' follows from the others"),
        ({"x": [1, 1, 1]}, None, "'x' follows from the others"),
        ({"x": ["a", "a", "a"]}, None, "one level only"),
        ({"x": ["a", "", "b"]}, None, "empty cells"),
        ({"x": [1, float("nan"), 2]}, None, "no numbers"),
        ({"x": [1, 2], "y": [1, 2, 3]}, None, "different lengths"),
        ({"x": [1, 2, 3]}, ["z"], "there is no column 'z'"),
    ],
)
def test_designs_that_cannot_be(columns: dict, terms: list | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        design_of(columns, terms)


def test_too_few_studies_are_refused_and_few_are_told() -> None:
    found = rows([(0.1, 0.1), (0.4, 0.2), (0.2, 0.1)])
    refused = regress(found[:2], design_of({"x": [1, 2]}))
    assert isinstance(refused, Refusal)
    assert refused.rule == "too-few-studies"
    done = regress(found, design_of({"x": [1, 2, 4]}))
    assert isinstance(done, RegressionResult)
    assert [one.rule for one in done.warnings] == ["few-studies-per-covariate"]
    with pytest.raises(BadInput, match="not made for regressions"):
        regress(found, design_of({"x": [1, 2, 4]}), settings=PoolSettings(test="kr"))


def test_knapp_hartung_on_the_published_slope() -> None:
    """Absolute latitude and BCG vaccination (Berkey 1995): −0.0291, SE 0.0082 by Knapp-Hartung."""
    y = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
         -0.3394, 0.4459, -0.0173]  # fmt: skip
    v = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
         0.5325, 0.0714]  # fmt: skip
    latitude = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
    done = regress(
        rows(list(zip(y, v, strict=True))), design_of({"latitude": latitude}),
        settings=PoolSettings(test="knha"),
    )  # fmt: skip
    assert isinstance(done, RegressionResult)
    slope = done.coefficients[1]
    assert slope.estimate == pytest.approx(-0.0291, abs=5e-5)
    assert slope.se == pytest.approx(0.0082, abs=5e-5)


def test_a_drawn_permutation_test_can_be_made_again() -> None:
    found = rows([(0.1 * at, 0.02 + 0.01 * (at % 3)) for at in range(10)])
    design = design_of({"x": [float(at % 4) for at in range(10)]})
    chosen = PoolSettings(method="DL", test="z")
    one = permute(found, design, settings=chosen, limit=300, seed=7)
    assert one == permute(found, design, settings=chosen, limit=300, seed=7)
    assert not one.exact
    assert one.error > 0
    assert 0 < one.p[1] <= 1


def test_signs_are_flipped_where_there_is_no_covariate() -> None:
    found = rows([(0.5, 0.1), (0.6, 0.1), (0.7, 0.2), (0.4, 0.1)])
    alone = Design(names=("intercept",), rows=((1.0,),) * 4, terms=(), levels={})
    done = permute(found, alone, settings=PoolSettings(test="z"))
    assert done.exact
    assert done.permutations == 16
    assert done.p[0] == pytest.approx(2 / 16)
    assert done.moderators_p is None


def test_leverage_adds_up_to_the_coefficients() -> None:
    found = rows([(0.1, 0.1), (0.4, 0.2), (0.2, 0.1), (0.9, 0.3), (0.5, 0.1)])
    told = diagnose(found, design_of({"x": [1, 2, 4, 5, 7]}))
    assert sum(told.hat) == pytest.approx(2)
    assert inflation([[1.0, 0.0], [0.0, 2.0]]) == pytest.approx((1.0,))
