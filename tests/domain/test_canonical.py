"""Canonical JSON against an independent implementation of RFC 8785, and what it must refuse."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.canonical import MAX_SAFE_INTEGER, canonical, sha256_hex, short_hash
from tamis.domain.errors import BadInput

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INTEGER = st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
JSON = st.recursive(
    st.none() | st.booleans() | INTEGER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=15,
)


@given(JSON)
def test_agrees_with_the_reference_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(JSON)
def test_reads_back_to_the_same_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXT, INTEGER, min_size=2), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(value: dict[str, int], random) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical(OrderedDict(items)) == canonical(value)


def test_keys_are_sorted_by_utf16_units_not_by_code_points() -> None:
    emoji, private = "\U0001f600", "\ue000"
    assert emoji > private
    assert canonical({private: 1, emoji: 2}).startswith(b'{"\xf0\x9f\x98\x80"')


def test_a_tuple_is_an_array() -> None:
    assert canonical((1, ("a",))) == b'[1,["a"]]'


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.0, "float"),
        (float("nan"), "float"),
        (Decimal("1.0"), "Decimal"),
        (MAX_SAFE_INTEGER + 1, "too large"),
        (-MAX_SAFE_INTEGER - 1, "too large"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        ({1: "a"}, "not a text"),
        ({None: "a"}, "not a text"),
        ({"a", "b"}, "set"),
        (b"bytes", "bytes"),
        (bytearray(b"bytes"), "bytearray"),
        (object(), "object"),
        ({"deep": [{"inside": 0.5}]}, "float"),
    ],
)
def test_refuses_what_has_no_exact_form(value: object, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        canonical(value)


def test_refuses_a_value_nested_beyond_what_can_be_read() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(BadInput, match="nested"):
        canonical(value)
    while value:  # take it apart by hand: deep lists are freed slowly otherwise
        value = value.pop()


@given(st.binary(max_size=64))
def test_hashes_are_sha256_in_hex(data: bytes) -> None:
    digest = sha256_hex(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert short_hash(digest) == digest[:12]
    assert len(short_hash(digest)) == 12
