"""Tables of any make, bad rows all at once, formulas, and what is computed beside a pool."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput, BadRows
from tamis.synthesis import MetaSettings, meta_analyse, metafor_script
from tamis.synthesis.regression.formula import read_formula
from tamis.synthesis.requested import ALSO

COUNTS = [(5, 9, 1, "r"), (8, 9, 2, "r"), (3, 12, 1, "c"), (7, 14, 3, "c"), (12, 9, 3, "r"),
          (2, 4, 2, "c")]  # fmt: skip
TABLE: list[dict[str, object]] = [
    {"study": f"s{at}", "events1": a, "n1": 50, "events2": c, "n2": 52, "dose": dose, "design": d}
    for at, (a, c, dose, d) in enumerate(COUNTS)
]


#: The data frames that people have, each made from the same rows.
FRAMES: dict[str, Callable[[list[dict[str, object]]], object]] = {
    "pandas": pd.DataFrame,
    "pandas with NA": lambda rows: pd.DataFrame(rows).convert_dtypes(),
    "polars": pl.DataFrame,
    "polars, lazy": pl.LazyFrame,
    "pyarrow": pa.Table.from_pylist,
}


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES.keys())
def test_a_data_frame_is_its_rows(make: Callable[[list[dict[str, object]]], object]) -> None:
    assert meta_analyse(make(TABLE), measure="RR") == meta_analyse(TABLE, measure="RR")
    of_frame = meta_analyse(make(TABLE), measure="RR", moderators="~ dose + design")
    assert of_frame == meta_analyse(TABLE, measure="RR", moderators="~ dose + design")


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES.keys())
def test_what_a_frame_lacks_is_an_empty_cell(
    make: Callable[[list[dict[str, object]]], object],
) -> None:
    holes = [{**row, "events1": None if at == 2 else row["events1"]} for at, row in
             enumerate(TABLE)]  # fmt: skip
    with pytest.raises(BadInput, match=r"table:4 \[events1\].*empty"):
        meta_analyse(make(holes), measure="RR")
    unnamed = [{**row, "study": None if at == 2 else row["study"]} for at, row in enumerate(TABLE)]
    assert meta_analyse(make(unnamed), measure="RR").studies[2].study == "row 3"


def test_columns_and_arrays_are_a_table() -> None:
    columns = {name: [row[name] for row in TABLE] for name in TABLE[0]}
    assert meta_analyse(columns, measure="RR") == meta_analyse(TABLE, measure="RR")
    assert meta_analyse(measure="RR", **columns) == meta_analyse(TABLE, measure="RR")
    with pytest.raises(BadInput, match="2 values for 3"):
        meta_analyse(measure="MD", yi=[1.0, 2.0, 3.0], vi=[1.0, 2.0])
    with pytest.raises(BadInput, match="is no table"):
        meta_analyse("events.csv", measure="MD")


def test_every_bad_row_is_told_with_line_and_column() -> None:
    table = [{"study": s, "events1": a, "n1": n, "events2": 1, "n2": 9} for s, a, n in
             (("a", 5, 4), ("b", 2, 9), ("c", "x", 9), ("d", "", 9))]  # fmt: skip
    with pytest.raises(BadRows) as error:
        meta_analyse(table, measure="RR", name="t.csv")
    places = [str(one.where) for one in error.value.each]
    assert places == ["t.csv:2 [events1]", "t.csv:4 [events1]", "t.csv:5 [events1]"]
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("measure", "row", "column"),
    [
        ("MD", {"mean1": 1, "sd1": -1, "n1": 9, "mean2": 1, "sd2": 1, "n2": 9}, "sd1"),
        ("HR", {"estimate": 0.8, "lower": 1.1, "upper": 0.6}, "lower"),
        ("HR", {"estimate": 2, "lower": 0.6, "upper": 1.1}, "estimate"),
        ("HR", {"estimate": -2, "lower": 0.6, "upper": 1.1}, "estimate"),
        ("GEN", {"yi": 0.1, "vi": ""}, "vi"),
        ("COR", {"r": 1.2, "n": 20}, "r"),
        ("IRR", {"x1i": 3, "t1i": 0, "x2i": 3, "t2i": 9}, "events1"),
    ],
)
def test_what_cannot_be_is_refused(measure: str, row: dict[str, object], column: str) -> None:
    with pytest.raises(BadInput, match=rf"table:2 \[{column}\]"):
        meta_analyse([{"study": "a", **row}], measure=measure)


def test_a_study_that_stands_twice_would_count_twice() -> None:
    with pytest.raises(BadInput, match=r"table:8 \[study\].*on line 2 already"):
        meta_analyse([*TABLE, TABLE[0]], measure="RR")
    parts = [{**row, "subgroup": part} for row in TABLE[:2] for part in ("men", "women")]
    assert meta_analyse(parts, measure="RR").k == 4


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("RR", {"Experimental cases": 5, "Experimental N": 9, "Control cases": 3, "Control N": 9}),
        ("HR", {"GIV Mean": 0.1, "GIV SE": 0.2}),
        ("HR", {"estimate": 0.8, "ci.lb": 0.6, "ci.ub": 1.1}),
        ("IRR", {"x1i": 3, "t1i": 8.5, "x2i": 3, "t2i": 9}),
        ("IRLN", {"xi": 3, "ti": 8.5}),
        ("ZCOR", {"ri": 0.3, "ni": 20}),
        ("SMCR", {"m1i": 3, "sd1i": 1, "m2i": 4, "sd2i": 1, "ni": 20, "ri": 0.5}),
    ],
)
def test_names_of_other_programs_and_every_kind_of_row(
    measure: str, row: dict[str, object]
) -> None:
    table = [{"study": name, **row} for name in "ab"]
    done = meta_analyse(table, measure=measure)
    assert done.pooled is not None
    assert meta_analyse(table[:1], measure=measure).single


@pytest.mark.parametrize(
    ("text", "terms", "intercept"),
    [
        ("~ dose + design", [("dose",), ("design",)], True),
        ("dose * design", [("dose",), ("design",), ("dose", "design")], True),
        ("dose:design", [("dose", "design")], True),
        ("0 + `a b`", [("a b",)], False),
    ],
)
def test_formulas(text: str, terms: list[tuple[str, ...]], intercept: bool) -> None:
    done = read_formula(text)
    assert (list(done.terms), done.intercept) == (terms, intercept)


@pytest.mark.parametrize(
    ("text", "at"), [("log(a)", 4), ("a - 1", 3), ("a b", 3), ("a:", 2), ("", 1), ("~a~b", 3)]
)
def test_a_formula_that_is_not_understood_says_where(text: str, at: int) -> None:
    with pytest.raises(BadInput, match=f"character {at}\\b"):
        read_formula(text)


@given(st.text(alphabet="ab01~+:*` (.\n-é", max_size=12))
def test_any_text_is_a_formula_or_one_error(text: str) -> None:
    try:
        done = read_formula(text)
    except BadInput:
        return
    assert done.terms
    again = " + ".join(":".join(f"`{name}`" for name in term) for term in done.terms)
    assert read_formula(again).terms == done.terms


CELLS = st.one_of(st.none(), st.integers(-3, 60), st.floats(), st.text(max_size=4))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(("events1", "n1", "events2", "n2", "study"),
                                                    CELLS)), max_size=4))  # fmt: skip
def test_any_table_gives_a_result_or_an_error_a_row(table: list[dict[str, Any]]) -> None:
    try:
        done = meta_analyse(table, measure="RR")
    except BadInput as error:
        each = error.each if isinstance(error, BadRows) else (error,)
        lines = [one.where.line for one in each if one.where]
        assert lines == sorted(set(lines))
        assert len(lines) == len(each)
        return
    json.dumps(done.as_json(), allow_nan=False)


def test_subgroups_are_pooled_apart_and_compared() -> None:
    done = meta_analyse(TABLE, measure="RR", subgroups="design", also=ALSO).as_json()
    found: Any = done["subgroups"]
    alone = meta_analyse([r for r in TABLE if r["design"] == "c"], measure="RR").as_json()
    group = found["groups"][1]
    assert (group["estimate"], group["ci_low"]) == (alone["estimate"], alone["ci_low"])
    parts = [meta_analyse([r for r in TABLE if r["design"] == d], measure="RR",
                          settings=MetaSettings(test="z")).pooled for d in "rc"]  # fmt: skip
    (a, b) = [part for part in parts if part is not None]
    assert found["q"] == pytest.approx((a.y - b.y) ** 2 / (a.se**2 + b.se**2))
    also: Any = done["also"]
    assert [len(also[name]) for name in ALSO[:3]] == [6, 6, 6]
    assert also["asymmetry"]["rule"] == "too-few-for-asymmetry"
    json.dumps(done, allow_nan=False)


def test_a_regression_does_not_depend_on_how_it_is_asked_for() -> None:
    asked = [["dose", "design"], "~ dose + design", "1 + dose + design"]
    made = [meta_analyse(TABLE, measure="RR", moderators=one).regression for one in asked]
    assert made[0] == made[1] == made[2]
    means: Any = meta_analyse(TABLE, measure="RR", moderators="0 + design").as_json()
    slope: Any = meta_analyse(TABLE, measure="RR", moderators="design").as_json()
    one, other = (c["estimate"] for c in means["regression"]["coefficients"])
    assert slope["regression"]["coefficients"][1]["estimate"] == pytest.approx(other - one)
    holes = [TABLE[0], {**TABLE[1], "dose": ""}]
    with pytest.raises(BadInput, match=r"table:3 \[dose\]"):
        meta_analyse(holes, measure="RR", moderators=["dose"])
    with pytest.raises(BadInput, match="no column 'sex'"):
        meta_analyse(TABLE, measure="RR", moderators=["sex"])


def test_few_studies_are_told_and_not_computed() -> None:
    done: Any = meta_analyse(TABLE[:1], measure="RR", moderators=["dose"], also=ALSO).as_json()
    assert done["regression"]["rule"] == "too-few-studies"
    assert done["also"]["influence"]["rule"] == "too-few-studies"
    means = [{"yi": 1, "vi": 2}, {"yi": 2, "vi": 2}]
    mean: Any = meta_analyse(means, measure="MD", also=["bayes"])
    assert mean.also["bayes"].rule == "no-prior"
    with pytest.raises(BadInput, match="is no analysis"):
        meta_analyse(TABLE, measure="RR", also=["funnel"])


@pytest.mark.parametrize("method", ["REML", "FE", "MH", "PETO", "GLMM"])
def test_the_script_names_what_was_done(method: str) -> None:
    settings = MetaSettings(method=method)
    done = meta_analyse(TABLE, measure="OR", settings=settings)
    made = metafor_script(TABLE, measure="OR", settings=settings, done=done, also=ALSO,
                          moderators="~ dose * design", subgroups="design")  # fmt: skip
    call = {"MH": "rma.mh(", "PETO": "rma.peto(", "GLMM": "rma.glmm("}.get(method, "rma(")
    for part in (call, 'escalc(measure = "OR"', "~ `dose` + `design` + `dose`:`design`",
                 "leave1out", "cumul", "influence", "regtest", "split("):  # fmt: skip
        assert part in made
    assert made.count("(") == made.count(")")
    assert done.pooled is not None
    assert math.isclose(float(made.split("# Tamis: ")[1].split()[0]), done.pooled.y)
