"""The multiverse: the same numbers as one at a time, honest counts, what turns statements."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, MeansRow, PooledResult
from tamis.synthesis import EffectSettings, PoolSettings, effect_rows, effects, pool
from tamis.synthesis.multiverse import (
    DataSet,
    Multiverse,
    Options,
    Thresholds,
    multiverse,
    statement_of,
)

PRIMARY = {
    "set": "all", "measure": "RR", "estimator": "REML", "interval": "adhoc",
    "zero cells": "only0",
}  # fmt: skip


def table(study: str, a: int, c: int, n: int = 30) -> BinaryRow:
    return BinaryRow(study=study, events_1=a, n_1=n, events_2=c, n_2=n)


ROWS = tuple(table(f"s{at}", a, c) for at, (a, c) in enumerate(
    [(3, 8), (2, 9), (4, 7), (0, 3), (6, 6), (1, 5)]
))  # fmt: skip
EVERYTHING = Options(
    measures=("RR", "OR", "RD"),
    estimators=("REML", "PM", "DL", "ML", "FE", "MH", "PETO"),
    intervals=("adhoc", "knha", "z", "bayes"),
    zero_cells=("only0", "all", "none"),
)
LEFT_OUT = {"all": (), "without s0": (0,), "without s3": (3,), "s0 alone": range(1, 6)}
SETS = tuple(
    DataSet(rows=tuple(row for at, row in enumerate(ROWS) if at not in out), options={"set": name})
    for name, out in LEFT_OUT.items()
)


@pytest.fixture(scope="module")
def found() -> Multiverse:
    return multiverse(
        SETS, EVERYTHING, Thresholds(better="lower", important={"RR": 0.8}), primary=PRIMARY
    )


def test_every_pool_is_that_of_one_at_a_time(found: Multiverse) -> None:
    seen = 0
    for one in found.specifications:
        how = one.options
        if how["estimator"] in ("MH", "PETO") or how["interval"] == "bayes" or one.outcome.k == 1:
            continue
        rows = next(held.rows for held in SETS if held.options["set"] == how["set"])
        made = effects(how["measure"], rows, settings=EffectSettings(zero_cells=how["zero cells"]))
        test = "z" if how["estimator"] == "FE" else how["interval"]
        alone = pool(
            effect_rows(made), measure=how["measure"],
            settings=PoolSettings(method=how["estimator"], test=test),
        )  # fmt: skip
        assert isinstance(alone, PooledResult)
        got = (one.outcome.estimate, one.outcome.low, one.outcome.high)
        assert got == pytest.approx((alone.estimate, alone.ci_low, alone.ci_high), rel=1e-9)
        seen += 1
    assert seen > 100


def test_counts_add_up(found: Multiverse) -> None:
    assert found.asked == len(found.specifications)
    assert found.distinct == sum(not one.same_as for one in found.specifications)
    assert sum(found.statements.values()) == found.distinct
    assert found.refused == found.statements.get("refused", 0)
    assert found.share == found.differing / (found.distinct - found.refused)
    ids = [one.id for one in found.specifications]
    assert len(set(ids)) == len(ids)
    assert found.primary in ids


def test_what_coincides_is_named_and_comes_to_the_same(found: Multiverse) -> None:
    by_id = {one.id: one for one in found.specifications}
    copies = [one for one in found.specifications if one.same_as]
    assert copies
    for one in copies:
        assert by_id[one.same_as].outcome == one.outcome
        assert not by_id[one.same_as].same_as


def test_one_study_is_read_alone_whatever_the_estimator(found: Multiverse) -> None:
    alone = [one for one in found.specifications if one.options["set"] == "s0 alone"]
    first = [one for one in alone if not one.same_as]
    assert {one.options["measure"] for one in first} == {"RR", "OR", "RD"}
    assert len(first) == 3


def test_axes_say_what_turns_statements(found: Multiverse) -> None:
    assert {one.axis for one in found.axes} == {
        "set", "measure", "estimator", "interval", "zero cells",
    }  # fmt: skip
    for one in found.axes:
        assert 0 <= one.turns <= one.pairs
        assert one.variance is None or 0 <= one.variance <= 1 + 1e-9


@settings(max_examples=30)
@given(low=st.floats(-3, 3), width=st.floats(0.01, 4), mark=st.floats(0.05, 1))
def test_a_statement_turns_with_its_direction(low: float, width: float, mark: float) -> None:
    lower, higher = (
        statement_of("MD", low, low + width, Thresholds(better=side, important={"MD": mark}))
        for side in ("lower", "higher")
    )
    swap = {"benefit": "harm", "harm": "benefit"}
    assert swap.get(lower, lower) == higher
    if lower == "little-or-none":
        assert -mark < low < low + width < mark


def test_without_a_threshold_only_no_effect_counts() -> None:
    marks = Thresholds(better="higher")
    assert statement_of("RR", 1.01, 2, marks) == "benefit"
    assert statement_of("RR", 0.5, 0.99, marks) == "harm"
    assert statement_of("RR", 0.9, 1.1, marks) == "cannot-tell"


def test_what_cannot_be_computed_is_counted_and_named() -> None:
    flat = tuple(MeansRow(study=s, mean_1=1, sd_1=0, n_1=9, mean_2=2, sd_2=0, n_2=9) for s in "abc")
    found = multiverse(
        [DataSet(rows=flat)], Options(measures=("SMD",)), Thresholds(better="higher"),
        primary={"measure": "SMD", "estimator": "REML", "interval": "adhoc", "zero cells": "only0"},
    )  # fmt: skip
    assert (found.refused, found.share, found.range) == (1, None, None)
    assert "fewer than two" in found.specifications[0].outcome.refused


def test_bad_multiverses_are_refused() -> None:
    options, marks = Options(measures=("RR",)), Thresholds(better="lower")
    with pytest.raises(BadInput, match="none of the multiverse"):
        multiverse(SETS, options, marks, primary={**PRIMARY, "set": "nobody"})
    with pytest.raises(BadInput, match="needs data"):
        multiverse([], options, marks, primary=PRIMARY)
    with pytest.raises(BadInput, match="different axes"):
        multiverse([SETS[0], DataSet(rows=ROWS)], options, marks, primary=PRIMARY)
    with pytest.raises(BadInput, match="no option"):
        Options(measures=())
    with pytest.raises(BadInput, match="no direction"):
        Thresholds(better="up")
