"""The pairs that we call otherwise than a labelled set: few, reasoned, and about its records."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from tests.dedupe.making import LABELLED, labelled

TABLE = Path(__file__).parents[2] / "validation" / "dedupe" / "adjudication.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def test_each_row_names_a_set_a_sorted_pair_a_verdict_and_a_reason() -> None:
    for row in rows():
        assert set(row) == {"set", "id_a", "id_b", "verdict", "reason"}
        assert row["set"] in LABELLED
        assert row["id_a"] < row["id_b"]
        assert row["verdict"] in ("same", "different")
        assert len(row["reason"].split()) >= 5


def test_no_pair_stands_twice() -> None:
    assert max(Counter((r["set"], r["id_a"], r["id_b"]) for r in rows()).values()) == 1


@pytest.mark.needs("bench")
def test_at_most_one_pair_in_200_is_listed(bench: Path) -> None:
    assert len(rows()) <= 0.005 * sum(len(labelled(bench, name)[1]) for name in LABELLED)


@pytest.mark.needs("bench")
@pytest.mark.parametrize("name", LABELLED)
def test_a_row_contradicts_the_set(bench: Path, name: str) -> None:
    records, truth = labelled(bench, name)
    known = {record.id for record in records}
    for row in (row for row in rows() if row["set"] == name):
        pair = (row["id_a"], row["id_b"])
        assert known.issuperset(pair)
        assert (pair in truth) == (row["verdict"] == "different")
