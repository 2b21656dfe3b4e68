"""Rows of extracted data: numbers exactly as printed, anchors of each kind, nothing guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.domain.making import BODIES

from tamis.domain.errors import BadInput
from tamis.domain.value_rows import (
    ANCHOR_KINDS,
    cell_of,
    fresh_n,
    parse_number,
    row_id,
    value_from_body,
)
from tamis.domain.values import CitationAnchor, Derivation, LookedFor, PassageAnchor, Value

BODY = BODIES["value_recorded.v1"]
PASSAGE = {
    "anchor_kind": "passage", "document": "a" * 64, "page": 2, "start": 10, "end": 20,
    "quote": "3 of 20", "prefix": "in all ", "suffix": " died", "layer": "1",
}  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    return {**BODY, **changes}


def read(**changes: Any) -> Value:
    found = value_from_body(row(**changes), extractor="p-ann", event="p-ann.9f3c12ab/9")
    assert isinstance(found, Value)
    return found


# ------------------------------------------------------------------ numbers
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_number_is_read_exactly(number: Decimal) -> None:
    found = parse_number(f"{number:f}")
    assert found == number
    assert str(found) == str(Decimal(f"{number:f}"))


@given(st.integers(-(10**12), 10**12), st.integers(-300, 300))
def test_powers_of_ten_are_read_exactly(digits: int, power: int) -> None:
    assert parse_number(f"{digits}e{power}") == Decimal(digits).scaleb(power)


@given(st.decimals(min_value=0, allow_nan=False, allow_infinity=False, places=2))
def test_the_minus_sign_of_print_is_a_minus(number: Decimal) -> None:
    assert parse_number(f"\N{MINUS SIGN}{number:f}") == Decimal(f"-{number:f}")


@given(
    st.sampled_from(["<", ">", "≤", "≥", "< ", "> "]),
    st.decimals(min_value=-10, max_value=10, places=3),
)
def test_a_bound_is_no_number_and_no_error(sign: str, number: Decimal) -> None:
    assert parse_number(f"{sign}{number}") is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "+", ".", "e5", "1e", "1e1000", "1,234", "1 234", "3.2.1", "5%", "12/20", "NR",
     "nan", "NaN", "inf", "Infinity", "-inf", "sNaN", "0x10", "1_000", "--1", "+-1", "<", "<<1",
     "< NR", "<>1", "1<", "~5", "±0.3", "1.2 (0.4)", "٣", "５", "²", "Ⅳ", "½", "1\n2", "None"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no number"):
        parse_number(text)


@given(st.text(max_size=12) | st.text("0123456789+-−.,eE<>≤≥ ", max_size=12))
@example("<-.5e-3")
def test_any_text_is_a_number_a_bound_or_refused(text: str) -> None:
    try:
        found = parse_number(text)
    except BadInput:
        return
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if found is None:
        assert plain[0] in "<>≤≥"
    else:
        assert found.is_finite()
        assert found == Decimal(plain)
        assert plain.isascii()


# ------------------------------------------------------------------ rows
def test_a_row_is_a_value() -> None:
    found = read(note="from the text")
    assert found.number == Decimal(3)
    assert found.printed == "3"
    assert found.source == CitationAnchor(
        citation="doi:10.0/invented", location="table 2", status="abstract or table read"
    )
    assert (found.extractor, found.event, found.note) == (
        "p-ann", "p-ann.9f3c12ab/9", "from the text",
    )  # fmt: skip


def test_a_text_is_a_value_without_a_number() -> None:
    found = read(statistic="text", number="creatinine fell")
    assert found.number is None
    assert found.printed == "creatinine fell"


def test_a_bound_keeps_its_print() -> None:
    found = read(statistic="p", number="<0.001")
    assert found.number is None
    assert found.printed == "<0.001"


@pytest.mark.parametrize("number", ["", " ", "NR", "not reported", "-"])
def test_unknown_is_never_a_number(number: str) -> None:
    with pytest.raises(BadInput):
        read(number=number)


def test_a_passage_is_read_from_a_body_and_from_a_table() -> None:
    expected = PassageAnchor(
        document="a" * 64, page=2, start=10, end=20, quote="3 of 20", prefix="in all ",
        suffix=" died", layer="1",
    )  # fmt: skip
    assert read(**PASSAGE).source == expected
    texts = {"page": "2", "start": "10", "end": "20"}
    assert read(**{**PASSAGE, **texts}).source == expected


@pytest.mark.parametrize("key", ["page", "start", "end"])
@pytest.mark.parametrize("text", ["", "two", "2.5", "-1", "²", "٣", None, 2.0])
def test_a_place_that_is_no_whole_number_is_refused(key: str, text: Any) -> None:
    with pytest.raises(BadInput, match=f"the {key}"):
        read(**{**PASSAGE, key: text})


def test_a_passage_without_its_place_is_refused() -> None:
    for key in ("page", "start", "end", "quote"):
        with pytest.raises(BadInput):
            read(**{k: v for k, v in PASSAGE.items() if k != key})


def test_a_derivation_names_formula_and_inputs() -> None:
    inputs = ("v:a/b/m6/c/n", "v:a/b/m6/d/n")
    expected = Derivation(formula="20 - 3", inputs=inputs, citation="doi:10.0/invented",
                          location="table 2")  # fmt: skip
    told = {"anchor_kind": "derivation", "quote": "20 - 3", "status": "derived"}
    assert read(**told, inputs=list(inputs)).source == expected
    assert read(**told, inputs="v:a/b/m6/c/n; v:a/b/m6/d/n;").source == expected
    bare = read(**told).source
    assert isinstance(bare, Derivation)
    assert bare.inputs == ()
    with pytest.raises(BadInput, match="no formula"):
        read(anchor_kind="derivation", status="derived")
    with pytest.raises(BadInput, match="no list of ids"):
        read(**told, inputs=3)


@pytest.mark.parametrize("kind", ["", "Passage", "hearsay"])
def test_an_unknown_anchor_is_refused_with_the_known_ones(kind: str) -> None:
    with pytest.raises(BadInput, match="kind of anchor") as refused:
        read(anchor_kind=kind)
    assert all(known in refused.value.remedy for known in ANCHOR_KINDS)


def test_a_looked_for_says_where_it_was_sought() -> None:
    sought = row(anchor_kind="looked-for", number="", location="table 2")
    found = value_from_body(sought, extractor="p-ann")
    assert isinstance(found, LookedFor)
    assert found.where == "table 2"
    only_source = {**sought, "location": "", "citation": "doi:10.0/invented"}
    found = value_from_body(only_source, extractor="p-ann")
    assert isinstance(found, LookedFor)
    assert found.where == "doi:10.0/invented"


def test_a_looked_for_with_a_number_is_refused() -> None:
    with pytest.raises(BadInput, match="looked-for and has the number '0'"):
        value_from_body(row(anchor_kind="looked-for", number="0"), extractor="p-ann")


@given(
    st.fixed_dictionaries(
        {key: st.text(max_size=8) for key in BODY},
        optional={key: st.text(max_size=8) for key in ("page", "start", "end", "quote", "inputs")},
    ),
    st.sampled_from([*ANCHOR_KINDS, "other"]),
)
def test_any_row_gives_a_datum_or_one_clear_refusal(body: dict[str, str], kind: str) -> None:
    try:
        found = value_from_body({**body, "anchor_kind": kind}, extractor="p-ann")
    except BadInput:
        return
    assert isinstance(found, Value | LookedFor)


# ------------------------------------------------------------------ cells and ids
def test_the_cell_reads_its_number_from_the_id() -> None:
    assert cell_of(row()).n == 1
    assert cell_of(row(id=f"{BODY['id']}#3")).n == 3
    for end in ("#", "#x", "#²"):
        with pytest.raises(BadInput, match="after '#'"):
            cell_of(row(id=BODY["id"] + end))


def test_an_empty_definition_is_not_stated() -> None:
    assert cell_of(row(definition="")).definition == "not-stated"
    assert cell_of(row(definition="d1")).definition == "d1"


def test_the_id_of_a_row_says_its_cell() -> None:
    assert row_id(row()) == BODY["id"]
    assert row_id(row(estimand="change"), 2) == "v:alpha2020/death/m6.change/drug/events#2"


def test_the_first_free_number_serves_all_rows_of_a_cell() -> None:
    rows = [row(), row(statistic="n")]
    assert fresh_n(rows, set()) == 1
    assert fresh_n(rows, {row_id(rows[0])}) == 2
    assert fresh_n(rows, {row_id(rows[1]), row_id(rows[0], 2)}) == 3


@given(st.sets(st.integers(1, 6)))
def test_a_fresh_number_is_free_and_the_first(taken: set[int]) -> None:
    n = fresh_n([row()], {row_id(row(), m) for m in taken})
    assert n not in taken
    assert set(range(1, n)) <= taken
