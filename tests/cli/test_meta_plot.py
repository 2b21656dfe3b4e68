"""``tamis meta --plot``: figures as files, or one clear error and no file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Tamis

ROWS = [
    "study,events1,n1,events2,n2,dose,rob_D1,rob_Overall",
    "Ash 2001,4,120,11,139,1,low,some concerns",
    "Birch 2003,6,306,29,303,2,low,high",
    "Cedar 2004,3,231,11,220,2.5,,",
    "Elm 2007,62,1350,240,1280,4,high,high",
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return path


def test_one_figure_in_three_forms(tamis: Tamis, table: Path) -> None:
    files = [table.with_name(f"out.{suffix}") for suffix in ("pdf", "svg", "png")]
    asked = [part for path in files for part in ("--plot", path)]
    done = tamis("meta", table, "--measure", "RR", *asked, "--favours", "drug|placebo")
    assert done.code == 0, done.err
    assert [path.read_bytes()[:4] for path in files] == [b"%PDF", b"<svg", b"\x89PNG"]
    drawn = files[1].read_text("utf-8")
    assert "← drug" in drawn
    assert "Elm 2007, D1: high" in drawn
    assert "not appraised" in drawn
    assert done.out.splitlines()[-1] == f"wrote {files[2]}"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("funnel", ()), ("baujat", ()), ("cumulative", ()), ("leave-one-out", ()),
        ("influence", ()), ("labbe", ()), ("radial", ()), ("bubble", ("--moderators", "dose")),
    ],
)  # fmt: skip
def test_every_kind(tamis: Tamis, table: Path, kind: str, more: tuple[str, ...]) -> None:
    path = table.with_name("out.svg")
    done = tamis("meta", table, "--measure", "RR", "--plot", path, "--plot-kind", kind, *more)
    assert done.code == 0, done.err
    assert path.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--plot", "out.gif"), "ends in .svg, .pdf or .png"),
        (("--plot", "out"), "ends in .svg, .pdf or .png"),
        (("--plot", "out.svg", "--plot-kind", "pie"), "use one of forest, funnel"),
        (("--plot", "out.svg", "--plot-kind", "bubble"), "needs a meta-regression"),
        (("--plot", "out.svg", "--plot", "out.gif"), "ends in .svg"),
        (("--plot", "out.svg", "--plot", "out.svg"), "named twice"),
        (("--plot", "out.svg", "--favours", "drug"), "two sides"),
        (("--plot-kind", "funnel"), "add --plot FILE.pdf"),
        (("--favours", "a|b"), "add --plot FILE.pdf"),
    ],
)
def test_what_cannot_be_drawn_is_one_error_and_no_file(
    tamis: Tamis, table: Path, options: tuple[str, ...], said: str
) -> None:
    folder = table.parent
    placed = [str(folder / one) if one.startswith("out") else one for one in options]
    done = tamis("meta", table, "--measure", "RR", *placed, "--r", folder / "out.R")
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert [path.name for path in folder.iterdir()] == ["trials.csv"]


def test_a_wrong_table_writes_no_figure(tamis: Tamis, table: Path) -> None:
    table.write_text("\n".join([*ROWS, "Fir 2010,9,3,1,9,1,,"]) + "\n", encoding="utf-8")
    path = table.with_name("out.pdf")
    done = tamis("meta", table, "--measure", "RR", "--plot", path)
    assert done.code == 2
    assert ":6" in done.err
    assert not path.exists()


def test_an_unknown_judgement_is_named(tamis: Tamis, table: Path) -> None:
    table.write_text(table.read_text("utf-8").replace("some concerns", "purple"), encoding="utf-8")
    done = tamis("meta", table, "--measure", "RR", "--plot", table.with_name("out.svg"))
    assert done.code == 2
    assert "Ash 2001: 'purple' is no judgement" in done.err


def test_json_stays_one_object(tamis: Tamis, table: Path) -> None:
    path = table.with_name("out.svg")
    done = tamis("meta", table, "--measure", "RR", "--plot", path, "--json")
    assert done.json["k"] == 4
    assert path.is_file()
