"""Effect sizes: worked numbers, zero cells, laws. (metafor's numbers: ``test_oracle.py``.)"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, MeansRow, ProportionRow, StudyEffect
from tamis.synthesis import MEASURES, EffectSettings, effect_rows, effects
from tamis.synthesis.scales import back, forth


def table(a: int, m: int, c: int, n: int, study: str = "s") -> BinaryRow:
    return BinaryRow(study=study, events_1=a, n_1=m, events_2=c, n_2=n, inputs=("v:a", "v:b"))


def yv(effect: StudyEffect) -> tuple[float, float]:
    assert effect.y is not None
    assert effect.se is not None
    return effect.y, effect.se**2


def test_hedges_g_with_the_large_sample_variance() -> None:
    """n 20 and 22, means 10 and 9, SDs 2 and 2.5: v(g) .097666; others print .097895."""
    row = MeansRow(study="s", mean_1=10, sd_1=2, n_1=20, mean_2=9, sd_2=2.5, n_2=22)
    assert yv(effects("SMD", [row])[0])[1] == pytest.approx(0.097666, abs=1e-6)


def test_the_arcsine_difference_takes_no_correction() -> None:
    found = effects("AS", [table(4, 13, 0, 276)])[0]
    assert not found.corrected
    assert found.y == pytest.approx(math.asin(math.sqrt(4 / 13)))


def test_half_an_event_goes_to_the_tables_that_need_it() -> None:
    plain, zero = effects("OR", [table(9, 12, 5, 6), table(1, 12, 0, 6)])
    assert not plain.corrected
    assert zero.corrected
    assert zero.estimate == pytest.approx((1.5 * 6.5) / (11.5 * 0.5))


def test_every_rule_for_zero_cells() -> None:
    rows = [table(9, 12, 5, 6), table(1, 12, 0, 6)]
    corrected = {
        rule: [e.corrected for e in effects("RR", rows, settings=EffectSettings(zero_cells=rule))]
        for rule in ("only0", "if0all", "all", "none")
    }
    assert corrected == {
        "only0": [False, True],
        "if0all": [True, True],
        "all": [True, True],
        "none": [False, False],
    }


def test_an_undefined_effect_is_none_and_never_not_a_number() -> None:
    found = effects("RR", [table(1, 12, 0, 6)], settings=EffectSettings(zero_cells="none"))[0]
    assert found.y is None
    assert found.estimate is None
    assert found.interval_method == "not estimable"
    assert effect_rows([found]) == ()


def test_tables_without_information_can_be_dropped() -> None:
    settings = EffectSettings(drop_double_zero=True)
    rows = [table(0, 12, 0, 6), table(12, 12, 6, 6), table(1, 12, 0, 6)]
    assert [e.y is None for e in effects("OR", rows, settings=settings)] == [True, True, False]


def test_means_without_spread_have_no_effect() -> None:
    row = MeansRow(study="s", mean_1=1, sd_1=0, n_1=5, mean_2=2, sd_2=0, n_2=5)
    assert [effects(name, [row])[0].y for name in ("MD", "SMD")] == [None, None]


def test_proportions_at_the_edge() -> None:
    rows = [ProportionRow(study="a", events=0, n=8), ProportionRow(study="b", events=3, n=8)]
    edge, inner = effects("PLO", rows)
    assert (edge.corrected, inner.corrected) == (True, False)
    assert edge.y == pytest.approx(math.log(0.5 / 8.5))
    assert [e.corrected for e in effects("PAS", rows)] == [False, False]


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        ("MD", [table(1, 2, 1, 2)]),
        ("RR", [ProportionRow(study="s", events=1, n=2)]),
        ("RR", [table(1, 2, 1, 2), ProportionRow(study="s", events=1, n=2)]),
        ("HR", [table(1, 2, 1, 2)]),
    ],
)
def test_rows_of_the_wrong_kind_are_refused_with_what_is_needed(measure, rows) -> None:
    with pytest.raises(BadInput, match="To do: give"):
        effects(measure, rows)


@pytest.mark.parametrize("v", [0.0, -1.0, math.nan, math.inf])
def test_a_variance_that_cannot_be_names_its_study(v: float) -> None:
    with pytest.raises(BadInput, match="trial-three"):
        effects("GEN", [EffectRow(study="trial-three", y=0.1, v=v)])


def test_settings_that_are_none_are_refused() -> None:
    row = MeansRow(study="s", mean_1=1, sd_1=1, n_1=5, mean_2=2, sd_2=1, n_2=5)
    with pytest.raises(BadInput, match="zero cells"):
        EffectSettings(zero_cells="some")
    with pytest.raises(BadInput, match="use LS or LS2"):
        effects("SMD", [row], settings=EffectSettings(variance="HO"))
    with pytest.raises(BadInput, match="use LS or HO"):
        effects("MD", [row], settings=EffectSettings(variance="UB"))
    with pytest.raises(BadInput, match="no effect measure"):
        effects("XX", [row])


def test_settings_are_texts() -> None:
    assert EffectSettings().as_dict() == {
        "zero_cells": "only0",
        "drop_double_zero": "no",
        "variance": "LS",
        "level": "0.95",
        "correction": "full",
        "freeman_tukey": "no",
    }
    assert set(EffectSettings().used_by("RR")) == {
        "zero_cells", "drop_double_zero", "variance", "level",
    }  # fmt: skip
    assert "correction" in EffectSettings().used_by("ROM")


counts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
arms = st.tuples(counts, counts).map(lambda pair: table(*pair[0], *pair[1]))
values = st.floats(-50, 50).map(lambda x: round(x, 3))
spreads = st.floats(0.05, 30).map(lambda x: round(x, 3))
two_means = st.builds(
    MeansRow,
    study=st.just("s"),
    mean_1=values,
    sd_1=spreads,
    n_1=st.integers(2, 100),
    mean_2=values,
    sd_2=spreads,
    n_2=st.integers(2, 100),
)


@given(arms, st.sampled_from(["RR", "OR", "RD", "AS", "PETO"]))
def test_swapping_the_arms_of_a_table_changes_the_sign_only(row: BinaryRow, measure: str) -> None:
    other = table(row.events_2, row.n_2, row.events_1, row.n_1)
    here, there = effects(measure, [row])[0], effects(measure, [other])[0]
    if here.y is None:
        assert there.y is None
    else:
        assert yv(here) == pytest.approx((-yv(there)[0], yv(there)[1]), rel=1e-9, abs=1e-12)


@given(arms, st.sampled_from(["OR", "RD", "AS", "PETO"]))
def test_counting_those_without_the_event_changes_the_sign_only(row, measure: str) -> None:
    other = table(row.n_1 - row.events_1, row.n_1, row.n_2 - row.events_2, row.n_2)
    here, there = effects(measure, [row])[0], effects(measure, [other])[0]
    if here.y is not None:
        assert yv(here) == pytest.approx((-yv(there)[0], yv(there)[1]), rel=1e-9, abs=1e-12)


@given(two_means, st.floats(0.01, 100), st.floats(-100, 100))
def test_units_of_means(row: MeansRow, scale: float, shift: float) -> None:
    other = MeansRow(
        study="s",
        mean_1=scale * row.mean_1 + shift,
        sd_1=scale * row.sd_1,
        n_1=row.n_1,
        mean_2=scale * row.mean_2 + shift,
        sd_2=scale * row.sd_2,
        n_2=row.n_2,
    )
    here, there = effects("MD", [row])[0], effects("MD", [other])[0]
    near = 1e-9 * (abs(scale) + abs(shift) + 1) * 50
    assert yv(there)[0] == pytest.approx(scale * yv(here)[0], rel=1e-9, abs=near)
    assert yv(there)[1] == pytest.approx(scale**2 * yv(here)[1], rel=1e-9)
    g, h = effects("SMD", [row])[0], effects("SMD", [other])[0]
    assert yv(h)[0] == pytest.approx(yv(g)[0], rel=1e-6, abs=1e-6 * (1 + abs(shift) / scale))


@given(arms)
def test_the_interval_contains_the_estimate(row: BinaryRow) -> None:
    for measure in ("RR", "OR", "RD", "AS", "PETO"):
        found = effects(measure, [row])[0]
        if found.estimate is not None:
            assert found.low is not None
            assert found.high is not None
            assert found.low <= found.estimate <= found.high
            assert found.inputs == ("v:a", "v:b")


@pytest.mark.parametrize("scale", ["identity", "log", "logit", "arcsine"])
def test_there_and_back(scale: str) -> None:
    for shown in (0.05, 0.4, 0.95):
        assert back(scale, forth(scale, shown)) == pytest.approx(shown)
    assert back("log", 800) == math.inf
    assert forth("log", 0.0) == -math.inf


def test_numbers_beyond_computing_name_their_study() -> None:
    far = MeansRow(study="far", mean_1=1e70, sd_1=1, n_1=5, mean_2=2, sd_2=1, n_2=5)
    with pytest.raises(BadInput, match=r"far.*beyond"):
        effects("MD", [far])
    with pytest.raises(BadInput, match=r"far.*beyond"):
        effects("GEN", [EffectRow(study="far", y=1e70, v=1)])
    for wrong in ({"sd_1": -1}, {"n_2": 0}, {"mean_1": math.nan}):
        with pytest.raises(BadInput, match="far"):
            effects("SMD", [replace(far, **({"mean_1": 1.0} | wrong))])


def test_every_measure_is_in_the_table_once() -> None:
    assert list(MEASURES) == [measure.name for measure in MEASURES.values()]
    assert {m.name for m in MEASURES.values() if m.ratio} == {
        "RR", "OR", "PETO", "HR", "ROM", "VR", "CVR", "D2ORL", "D2ORN", "IRR", "ROMC", "VRC",
        "CVRC",
    }  # fmt: skip
