"""Edits of TOML keep what their author wrote and say what was meant, or are refused."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis import examples
from tamis.app.planning.toml_edit import Spot, add_table, remove_table, set_values, written
from tamis.app.protocol.protocol import SECTIONS
from tamis.domain.errors import BadInput

FILE = Path(examples.__file__).parent / "practice" / "review" / "review.toml"
TEXT = FILE.read_text(encoding="utf-8")
DATA = tomllib.loads(TEXT)

VALUES = st.one_of(
    st.text(max_size=40),
    st.booleans(),
    st.integers(-(2**31), 2**31),
    st.lists(st.text(max_size=10), max_size=3),
    st.dictionaries(st.text("abc-", min_size=1), st.text(max_size=10), max_size=2),
)
TABLES = st.sampled_from(
    [
        Spot(section=section, index=n if isinstance(rows, list) else None)
        for section, rows in DATA.items()
        for n in range(len(rows) if isinstance(rows, list) else 1)
    ]
)


def changed(new: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    told = list(difflib.ndiff(TEXT.split("\n"), new.split("\n")))
    return ([x[2:] for x in told if x[0] == "-"], [x[2:] for x in told if x[0] == "+"])


def table(data: Any, spot: Spot) -> Any:
    return data[spot.section] if spot.index is None else data[spot.section][spot.index]


@given(VALUES)
def test_a_value_is_written_as_it_is(value: Any) -> None:
    assert tomllib.loads(f"x = {written(value)}")["x"] == value


@given(TABLES, st.sampled_from(["title", "new-key", "id"]), VALUES)
def test_one_key_changes_and_nothing_else(spot: Spot, key: str, value: Any) -> None:
    new = set_values(TEXT, spot, {key: value})
    wanted = tomllib.loads(TEXT)
    table(wanted, spot)[key] = value
    assert tomllib.loads(new) == wanted
    went, _ = changed(new)
    assert len(went) <= 1
    assert not any(line.lstrip().startswith("#") for line in went)


@given(TABLES)
def test_taking_a_new_key_away_gives_the_text_back(spot: Spot) -> None:
    new = set_values(TEXT, spot, {"fresh": "x"})
    assert set_values(new, spot, {"fresh": None}) == TEXT


@given(st.sampled_from([name for name, row in SECTIONS.items() if row[2]]))
def test_a_table_added_and_removed_gives_the_text_back(section: str) -> None:
    rows = DATA.get(section, [])
    spot = Spot(section=section, index=len(rows))
    new = add_table(TEXT, spot, {"id": "fresh"}, order=tuple(SECTIONS))
    assert tomllib.loads(new)[section] == [*rows, {"id": "fresh"}]
    assert changed(new)[0] == []
    assert remove_table(new, spot).rstrip("\n") == TEXT.rstrip("\n")


@pytest.mark.parametrize("outcome", range(len(DATA["outcome"])))
def test_rows_inside_belong_to_their_table(outcome: int) -> None:
    spot = Spot(section="outcome", index=outcome, inner="threshold")
    before = DATA["outcome"][outcome].get("threshold", [])
    new = add_table(TEXT, spot, {"size": "mid"})
    assert tomllib.loads(new)["outcome"][outcome]["threshold"] == [*before, {"size": "mid"}]
    if before:
        last = Spot(section="outcome", index=outcome, inner="threshold", row=0)
        assert (
            tomllib.loads(remove_table(TEXT, last))["outcome"][outcome].get("threshold", [])
            == (before[1:])
        )


def test_a_removed_table_leaves_the_comment_of_the_next() -> None:
    new = remove_table(TEXT, Spot(section="body", index=len(DATA["body"]) - 1))
    assert "# No tool is named for randomised trials" in new


def test_a_header_inside_a_text_is_no_header() -> None:
    text = '[a]\nx = """\n[b]\ny = 1\n"""\n\n[b]\ny = 2\n'
    new = set_values(text, Spot(section="b"), {"z": 3})
    assert tomllib.loads(new) == {"a": {"x": "[b]\ny = 1\n"}, "b": {"y": 2, "z": 3}}
    assert new.startswith(text)


def test_an_inline_table_is_edited_where_it_stands() -> None:
    new = set_values("a = {x = 1}  # one\nb = 2\n", Spot(section="a"), {"x": 3})
    assert new == "a = {x = 3}  # one\nb = 2\n"


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("a = {x = 1}\n", Spot(section="a")),
        ("source = [{id = 'a'}]\n", Spot(section="source", index=0)),
        ("['a']\nx = 1\n", Spot(section="a")),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str, spot: Spot) -> None:
    with pytest.raises(BadInput) as caught:
        set_values(text, spot, {"fresh": 1})
    assert "text of the file" in caught.value.remedy
