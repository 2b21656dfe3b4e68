"""A reviewer screens from a sheet: write it, fill it in, record it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.cli.conftest import PROTOCOL, RIS, Tamis, record_ids

from tamis.app.tables import READING, TABLES


@pytest.fixture
def fresh(tmp_path: Path, tamis: Tamis) -> Path:
    """Return a review with two imported records, one title a formula, and no verdict."""
    root = tmp_path / "review"
    (root / "search").mkdir(parents=True)
    (root / "search" / "pubmed.txt").write_text("drug\n", encoding="utf-8")
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    export = tmp_path / "2026-01-31-pubmed.ris"
    text = RIS.replace("TI  - Something else", "TI  - =1+1; something else")
    export.write_text(text.replace("PY  - 2020", "AB  - What was done.\nPY  - 2020"), "utf-8")
    assert tamis("init", root).code == 0
    assert tamis("import", export, "--review", root).code == 0
    return root


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def fill(path: Path, decisions: dict[str, str], reason: str = "") -> None:
    rows = rows_of(path)
    for row in rows:
        row["decision"] = decisions.get(row["record_id"], "")
        row["reason"] = reason if row["decision"] == "exclude" else ""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8-sig", newline="")


def test_screening_from_sheets_until_nothing_waits(
    tamis: Tamis, fresh: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "one.csv"
    first = tamis("sheet", fresh, "--to", sheet, "--json").json
    assert (first["stage"], first["reports"]) == ("title-abstract", 2)
    rows = rows_of(sheet)
    assert tuple(rows[0]) == (*TABLES["votes"].columns, *READING)
    ids = record_ids(fresh)
    assert [row["record_id"] for row in rows] == ids
    assert rows[0]["abstract"] == "What was done."
    assert rows[1]["title"].startswith("'=1+1"), "no spreadsheet runs a title"

    fill(sheet, {ids[0]: "include"})  # the other row is left for later
    assert tamis("record", "votes", sheet, fresh, "--json").json["recorded"] == 1
    second = tmp_path / "two.csv"
    assert tamis("sheet", fresh, "--to", second, "--json").json["reports"] == 1
    assert [row["record_id"] for row in rows_of(second)] == ids[1:]

    fill(second, {ids[1]: "exclude"}, reason="population")
    assert tamis("record", "votes", second, fresh).code == 0
    third = tmp_path / "three.csv"
    found = tamis("sheet", fresh, "--to", third, "--json").json
    assert (found["stage"], found["reports"]) == ("full-text", 1)
    nothing = tamis("sheet", fresh, "--to", tmp_path / "none.csv", "--stage", "title-abstract")
    assert "nothing waits" in nothing.out


def test_a_sheet_shows_only_what_the_person_has_not_judged(
    tamis: Tamis, fresh: Path, tmp_path: Path
) -> None:
    protocol = (fresh / "review.toml").read_text("utf-8")
    (fresh / "review.toml").write_text(
        protocol.replace("reviewers_per_record = 1", "reviewers_per_record = 2"), "utf-8"
    )
    mine = tmp_path / "mine.csv"
    tamis("sheet", fresh, "--to", mine, "--by", "p-ann")
    ids = record_ids(fresh)
    fill(mine, {ids[0]: "exclude", ids[1]: "include"}, reason="population")
    assert tamis("record", "votes", mine, fresh, "--by", "p-ann").code == 0
    again, other = tmp_path / "again.csv", tmp_path / "other.csv"
    assert tamis("sheet", fresh, "--to", again, "--by", "p-ann", "--json").json["reports"] == 0
    assert tamis("sheet", fresh, "--to", other, "--by", "p-bob", "--json").json["reports"] == 2
    assert "exclude" not in other.read_text("utf-8-sig"), "another's verdict stays unseen"


def test_a_sheet_is_never_written_over(tamis: Tamis, fresh: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "votes.csv"
    assert tamis("sheet", fresh, "--to", sheet).code == 0
    before = sheet.read_bytes()
    refused = tamis("sheet", fresh, "--to", sheet)
    assert refused.code == 2
    assert "exists already" in refused.err
    assert sheet.read_bytes() == before


def test_a_sheet_with_nothing_filled_in_is_refused(
    tamis: Tamis, fresh: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "votes.csv"
    tamis("sheet", fresh, "--to", sheet)
    refused = tamis("record", "votes", sheet, fresh)
    assert refused.code == 2
    assert "no filled-in rows" in refused.err


def test_an_unknown_stage_is_named(tamis: Tamis, fresh: Path, tmp_path: Path) -> None:
    refused = tamis("sheet", fresh, "--to", tmp_path / "x.csv", "--stage", "abstract")
    assert refused.code == 2
    assert "title-abstract or full-text" in refused.err
