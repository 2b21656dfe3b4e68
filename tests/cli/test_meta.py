"""``tamis meta`` on plain tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Tamis

TWO = "study,events1,n1,events2,n2\na,9,12,5,6\nb,20,40,10,40\n"


def test_one_study_is_never_pooled(tamis: Tamis, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text("study,events1,n1,events2,n2\nDeng 2017,9,12,5,6\n")
    done = tamis("meta", table, "--measure", "RD", "--json")
    assert done.code == 0, done.err
    assert done.json["k"] == 1
    assert done.json["method"] == "one-study"
    assert done.json["tau2"] is None
    assert done.json["ci_low"] == pytest.approx(-0.396957, abs=1e-6)
    assert done.json["ci_high"] == pytest.approx(0.344941, abs=1e-6)


def test_two_studies_are_pooled_and_both_scales_are_named(tamis: Tamis, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text(TWO)
    done = tamis("meta", table, "--measure", "RR", "--json")
    assert {"estimate", "log_estimate", "tau2", "i2", "weights"} <= done.json.keys()
    assert sum(done.json["weights"]) == pytest.approx(100)
    assert "pooled" in tamis("meta", table, "--measure", "RR").out


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("study,events1,n1,events2\na,9,12,5\n", 1),
        (TWO.replace("9,12", "13,12"), 2),
        (TWO.replace("9,12", "x,12"), 2),
        (TWO.replace("20,40,10,40", "20,40,10"), 3),
    ],
)
def test_a_wrong_table_names_its_line(tamis: Tamis, tmp_path: Path, text: str, line: int) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text(text)
    done = tamis("meta", table, "--measure", "RR")
    assert done.code == 2
    assert f"wrong.csv:{line}" in done.err


def test_all_wrong_rows_are_told_in_one_go(tamis: Tamis, tmp_path: Path) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text("study,events1,n1,events2,n2\na,19,12,5,6\nb,2,40,1,40\nc,x,40,1,40\n")
    done = tamis("meta", table, "--measure", "RR")
    assert done.code == 2
    assert [line.split(": ")[1].split("wrong.csv")[1] for line in done.err.splitlines()] == [
        ":2 [events1]",
        ":4 [events1]",
    ]
    told = tamis("meta", table, "--measure", "RR", "--json")
    assert told.code == 2
    assert [one["where"].split("wrong.csv")[1] for one in told.json["errors"]] == [
        ":2 [events1]",
        ":4 [events1]",
    ]


def test_what_is_asked_for_beside_the_pool(tamis: Tamis, tmp_path: Path) -> None:
    table, script = tmp_path / "five.csv", tmp_path / "five.R"
    rows = ["study,yi,vi,dose,design"]
    rows += [f"s{at},0.{at},0.0{at},{at},{'ab'[at % 2]}" for at in range(1, 7)]
    table.write_text("\n".join(rows) + "\n")
    asked = ["--subgroup", "design", "--formula", "~ dose", "--leave-one-out", "--cumulative",
             "--influence", "--asymmetry", "--bayes", "--r", script]  # fmt: skip
    done = tamis("meta", table, "--measure", "OR", *asked)
    assert done.code == 0, done.err
    for said in ("subgroups by design", "regression", "without each study", "study by study",
                 "influence of each", "asymmetry", "Bayesian"):  # fmt: skip
        assert said in done.out
    assert "mods = ~ `dose`" in script.read_text()
    both = tamis("meta", table, "--measure", "OR", "--formula", "~ dose", "--moderators", "dose")
    assert both.code == 2


def test_measures_of_heterogeneity_prediction_and_models(tamis: Tamis, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("study,events1,n1,events2,n2\na,4,123,11,139\nb,6,306,29,303\n"
                     "c,3,231,11,220\nd,62,1359,24,1286\n", "utf-8")  # fmt: skip
    done = tamis("meta", table, "--measure", "OR", "--heterogeneity", "--bootstrap")
    assert done.code == 0
    for words in ("tau2:", "I2 from tau2", "I2 from Q", "profile likelihood", "a new study:"):
        assert words in done.out
    exact = tamis(
        "meta", table, "--measure", "OR", "--method", "GLMM", "--model", "CM.EL", "--json"
    )
    assert exact.json["settings"]["model"] == "CM.EL"
    refused = tamis("meta", table, "--measure", "OR", "--model", "CM.EL")
    assert refused.code == 2
    assert "--method GLMM" in refused.err
