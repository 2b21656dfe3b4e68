"""The public door: ``tamis.__all__`` is what the documentation names, and every name works."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import tamis

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "python.md"
ROOMS = {path.parent.name for path in (ROOT / "src" / "tamis").glob("*/__init__.py")}


def documented() -> set[str]:
    """Return the names that have a heading of their own on the page, such as ``## `x```."""
    return set(re.findall(r"^#+ `(?:tamis\.)?(\w+)", PAGE.read_text("utf-8"), re.M))


def test_the_door_is_what_the_page_documents() -> None:
    assert set(tamis.__all__) == documented()


def test_the_door_is_sorted_and_says_each_name_once() -> None:
    assert sorted(set(tamis.__all__)) == sorted(tamis.__all__)


def test_no_public_name_is_the_name_of_a_room() -> None:
    assert len(ROOMS) >= 17
    assert not set(tamis.__all__) & ROOMS


def test_there_are_about_ten_names() -> None:
    assert len([name for name in tamis.__all__ if not name.startswith("__")]) <= 15


@pytest.mark.parametrize("name", tamis.__all__)
def test_each_name_opens(name: str) -> None:
    item = getattr(tamis, name)
    assert item is getattr(tamis, name)
    if inspect.isfunction(item) or inspect.isclass(item):
        assert inspect.getdoc(item)
        assert item.__module__.startswith("tamis.")


def test_nothing_else_is_meant_to_be_used() -> None:
    public = {name for name in dir(tamis) if not name.startswith("_")}
    assert public <= set(tamis.__all__) | ROOMS | {"annotations", "TYPE_CHECKING"}


def test_an_unknown_name_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        tamis.nothing_of_this_name  # noqa: B018 - looking is the test
