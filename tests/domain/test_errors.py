"""Errors: each message says where, what and what to do; the tree in the docstring is the tree."""

from __future__ import annotations

import inspect
import re

import pytest

from tamis.domain import errors
from tamis.domain.errors import (
    BadInput,
    ChainBroken,
    Conflict,
    MissingExtra,
    NotFound,
    Place,
    RuleBroken,
    StorageFailed,
    TamisError,
)

CHILDREN = (BadInput, ChainBroken, Conflict, MissingExtra, NotFound, StorageFailed)


@pytest.mark.parametrize("child", CHILDREN)
def test_a_message_says_where_what_and_what_to_do(child: type[TamisError]) -> None:
    error = child("it is wrong.", "mend it.", where=Place(file="a.csv", line=3, column="n"))
    assert str(error) == "a.csv:3 [n]: it is wrong. To do: mend it."
    assert isinstance(error, TamisError)


def test_without_a_place_the_message_starts_with_the_problem() -> None:
    assert str(BadInput("wrong", "mend it")) == "wrong. To do: mend it."


def test_a_broken_rule_names_its_row() -> None:
    error = RuleBroken("no", "do", rule="titles-first", where=Place(file="votes.csv", line=2))
    assert error.rule == "titles-first"
    assert str(error).startswith("votes.csv:2: no")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(file="a"), "a"),
        (Place(file="a", line=1), "a:1"),
        (Place(file="a", column="n"), "a [n]"),
        (Place(file="a", line=9, column="n"), "a:9 [n]"),
    ],
)
def test_a_place_prints_what_is_known(place: Place, text: str) -> None:
    assert str(place) == text


def test_the_picture_shows_every_error_and_no_other() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    defined = {
        name
        for name, item in inspect.getmembers(errors, inspect.isclass)
        if issubclass(item, TamisError) and item is not TamisError
    }
    assert drawn == defined
    assert defined | {"TamisError", "Place"} == set(errors.__all__)
