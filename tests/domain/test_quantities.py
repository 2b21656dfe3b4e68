"""Quantities: printed half up with a true minus, never nameless, never a digit for the unknown."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.quantities import LITERAL_KINDS, Literal, Quantity

MINUS, THIN = "\N{MINUS SIGN}", "\N{NARROW NO-BREAK SPACE}"


def quantity(value: Any, digits: int = 0, **changes: Any) -> Quantity:
    given_: dict[str, Any] = {"id": "syn:a#b", "inputs": ("v:x",), "rule": "a rule"}
    return Quantity(**{**given_, "value": value, "digits": digits, **changes})


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (12, 0, "12"),
        (12, 2, "12.00"),
        (-3, 0, f"{MINUS}3"),
        (-0.08333, 2, f"{MINUS}0.08"),
        # half up, away from zero, of the number as people write it
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (-0.125, 2, f"{MINUS}0.13"),
        (Decimal("0.045"), 2, "0.05"),
        (0.0449999, 2, "0.04"),
        # no minus before what is printed as zero
        (-0.0, 1, "0.0"),
        (-0.004, 2, "0.00"),
        (-0.005, 2, f"{MINUS}0.01"),
        # thousands
        (999, 0, "999"),
        (1000, 0, f"1{THIN}000"),
        (1234567.891, 1, f"1{THIN}234{THIN}567.9"),
        (-1234, 0, f"{MINUS}1{THIN}234"),
        (999.5, 0, f"1{THIN}000"),
        # very large and very small
        (1e22, 0, "10" + f"{THIN}000" * 7),
        (5e-324, 3, "0.000"),
        (Decimal("1e-40"), 41, "0." + "0" * 39 + "10"),
        # infinite
        (math.inf, 2, "∞"),
        (-math.inf, 2, f"{MINUS}∞"),
        (Decimal("Infinity"), 2, "∞"),
        (Decimal("-Infinity"), 0, f"{MINUS}∞"),
        # numbers of the numerical libraries
        (np.float64(0.125), 2, "0.13"),
        (np.float64(-math.inf), 2, f"{MINUS}∞"),
        (np.int64(1200), 0, f"1{THIN}200"),
        # unknown
        (None, 2, "not reported"),
    ],
)
def test_it_prints(value: Any, digits: int, text: str) -> None:
    assert str(quantity(value, digits)) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_what_is_printed_is_the_number_rounded(value: float, digits: int) -> None:
    text = str(quantity(value, digits))
    back = Decimal(text.replace(THIN, "").replace(MINUS, "-"))
    assert abs(Fraction(back) - Fraction(repr(value))) <= Fraction(1, 2 * 10**digits)
    assert "-" not in text
    whole, _, fraction = text.lstrip(MINUS).partition(".")
    assert len(fraction) == digits
    groups = whole.split(THIN)
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


@given(st.integers(-(10**9), 10**9), st.integers(1, 6))
def test_rounding_agrees_with_decimal_arithmetic(n: int, digits: int) -> None:
    exact = Decimal(n).scaleb(-digits - 1)
    expected = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = str(quantity(exact, digits)).replace(THIN, "").replace(MINUS, "-")
    assert Decimal(text) == expected


def test_the_word_for_the_unknown_can_be_given() -> None:
    assert str(quantity(None, absent="not estimable")) == "not estimable"


@pytest.mark.parametrize("absent", ["", " ", "0", "n = 3", "٣"])
def test_the_unknown_is_never_printed_as_a_digit_or_as_nothing(absent: str) -> None:
    with pytest.raises(BadInput, match="unknown"):
        quantity(None, absent=absent)


@pytest.mark.parametrize("value", [math.nan, np.float64("nan"), Decimal("NaN"), Decimal("sNaN")])
def test_not_a_number_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="not a number"):
        quantity(value)


@pytest.mark.parametrize("value", [1, 0.5, -1, Decimal(2), 0.0, math.inf])
def test_a_number_without_inputs_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="no inputs"):
        quantity(value, inputs=())


def test_a_count_of_nothing_and_the_unknown_need_no_inputs() -> None:
    assert str(quantity(0, inputs=())) == "0"
    assert str(quantity(None, inputs=())) == "not reported"


@pytest.mark.parametrize(
    "name", ["", "a", "a:b", "a#b", "a#b:c", ":b#c", "a:#c", "a:b#", "a b:c#d", "a:b#c\n"]
)
def test_a_malformed_id_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="malformed"):
        quantity(1, id=name)


@pytest.mark.parametrize(
    "name",
    ["flow:screened#n", "syn:remission-rct#rr.estimate", "val:v:a/b/m6.change/c/mean#2#number"],
)
def test_the_ids_of_the_contract_are_taken(name: str) -> None:
    assert quantity(1, id=name).id == name


def test_a_quantity_names_its_rule() -> None:
    with pytest.raises(BadInput, match="names no rule"):
        quantity(1, rule="")


@pytest.mark.parametrize("kind", list(LITERAL_KINDS))
def test_a_literal_of_a_declared_class_prints_as_it_is(kind: str) -> None:
    assert str(Literal(text="NCT00698191, 2008–2010", kind=kind)) == "NCT00698191, 2008–2010"
    assert LITERAL_KINDS[kind]


@pytest.mark.parametrize("kind", ["", "number", "result", "Year"])
def test_an_undeclared_class_is_refused_with_the_declared_ones(kind: str) -> None:
    with pytest.raises(BadInput, match="literal class") as refused:
        Literal(text="12", kind=kind)
    assert "identifier" in refused.value.remedy


def test_the_classes_cannot_be_added_to_by_a_caller() -> None:
    with pytest.raises(TypeError):
        LITERAL_KINDS["anything"] = "goes"
