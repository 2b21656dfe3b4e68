"""Names of columns: what the how-to lists is recognised, and what is known is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tamis import meta_analyse
from tamis.domain.errors import BadInput, BadRows
from tamis.synthesis.columns import REST_OF, SYNONYMS, canonical, with_totals

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "meta-analysis.md"

#: Names of no package, which the page need not list.
OTHERS = {
    "y", "v", "se", "events_1", "n_1", "events_2", "n_2", "ci_low", "ci_high", "author", "label",
}  # fmt: skip


def listed() -> list[tuple[str, str]]:
    """Return (name, column) of the page's table."""
    part = PAGE.read_text("utf-8").split("## Names of columns")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| `")]
    cells = [[re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:-1]] for line in lines]
    return [(name, own[0]) for own, *rest in cells for cell in rest for name in cell]


@pytest.mark.parametrize(("name", "column"), listed())
def test_a_name_on_the_page_is_recognised(name: str, column: str) -> None:
    assert canonical(name) == column
    assert canonical(f" {name.upper()} ") == column


def test_every_name_is_on_the_page() -> None:
    told = {name.lower() for name, _ in listed()}
    assert len(told) > 35
    assert set(SYNONYMS) - OTHERS - {"ci.lb", "ci.ub"} <= told
    text = PAGE.read_text("utf-8")
    assert all(f"`{name}`" in text for name in ("ci.lb", "ci.ub", *REST_OF))


BINARY = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209)]

HEADERS = {
    "metafor": ("ai", "n1i", "ci", "n2i"),
    "RevMan": ("Experimental cases", "Experimental N", "Control cases", "Control N"),
    "forest": ("Experimental Events", "Experimental Total", "Control Events", "Control Total"),
    "meta": ("event.e", "n.e", "event.c", "n.c"),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_table_with_other_names_gives_the_same(kind: str) -> None:
    own = ("events1", "n1", "events2", "n2")
    plain, named = (
        meta_analyse([dict(zip(header, row, strict=True)) for row in BINARY], measure="RR")
        for header in (own, HEADERS[kind])
    )
    assert named.to_dict() == plain.to_dict()


def test_those_without_an_event_are_added_up() -> None:
    cells = [{"ai": a, "bi": m - a, "ci": c, "di": n - c} for a, m, c, n in BINARY]
    plain = [dict(zip(HEADERS["metafor"], row, strict=True)) for row in BINARY]
    one, other = (meta_analyse(table, measure="OR").to_dict() for table in (cells, plain))
    assert one == other
    shares = [{"xi": 3, "mi": 7}, {"xi": 4, "mi": 16}, {"xi": 9, "mi": 21}]
    assert [row.n for row in meta_analyse(shares, measure="PR").rows] == [10, 20, 30]
    assert with_totals(["events1", "bi", "n1"]) == {}


def test_what_cannot_be_added_is_told_with_its_place() -> None:
    rows = [{"ai": 4, "bi": "x", "ci": 11, "di": 5}, {"ai": 4, "bi": -2, "ci": 11, "di": 5}]
    with pytest.raises(BadRows) as told:
        meta_analyse(rows, measure="OR")
    places = [(one.where.line, one.where.column) for one in told.value.each]
    assert places == [(2, "bi"), (3, "events1")]
    with pytest.raises(BadInput, match="'n2' is missing"):
        meta_analyse([{"ai": 4, "bi": 5, "ci": 11}], measure="OR")
