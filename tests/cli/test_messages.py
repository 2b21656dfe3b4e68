"""What commands say: the right form of a noun, the words a stage allows, and where to read on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Tamis, record_ids

from tamis.app.protocol.protocol import parse_protocol


def test_one_of_a_thing_is_not_many(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    done = tamis("pack", small, "--to", tmp_path / "a.zip")
    assert not re.search(r"\b1 files\b", done.out), done.out
    text = tmp_path / "text.txt"
    text.write_text("The drug cures everybody.\n", encoding="utf-8")
    sums = tamis("check", small, "--text", text).out.splitlines()[-1]
    assert sums.strip().startswith("1 claim: ")
    assert not re.search(r"\b1 (claims|errors|warnings|notes)\b", sums), sums


def test_only_says_that_it_takes_html(tamis: Tamis) -> None:
    shown = " ".join(tamis("build", "--help").out.split())
    assert re.search(r"--only \[?html\]? html: leave Word file, PDF and figures out", shown), shown


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [
        ("title-abstract", "at title-abstract use include, exclude, maybe."),
        ("full-text", "at full-text use include, exclude, maybe, not-retrieved."),
    ],
)
def test_a_mistyped_verdict_gets_the_words_of_its_stage(
    tamis: Tamis, small: Path, tmp_path: Path, stage: str, allowed: str
) -> None:
    table = tmp_path / "votes.csv"
    table.write_text(
        f"stage,record_id,reviewer,decision\n{stage},{record_ids(small)[0]},p-bob,inclde\n"
    )
    refused = tamis("record", "votes", table, small)
    assert refused.code == 2
    assert "'inclde' is no decision" in refused.err
    assert allowed in refused.err


def test_a_mistyped_consensus_is_refused_and_nothing_is_lost(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    table = tmp_path / "consensus.csv"
    table.write_text(
        "stage,record_id,decision,reason,by\n"
        f"title-abstract,{record_ids(small)[0]},inclde,a slip,p-cat\n"
    )
    refused = tamis("record", "consensus", table, small)
    assert refused.code == 2
    assert "consensus.csv:2" in refused.err
    assert "use include, exclude or maybe" in refused.err
    assert tamis("status", small).code == 0


# ------------------------------------------------------------------ init
def started(tamis: Tamis, tmp_path: Path) -> str:
    folder = tmp_path / "new"
    assert tamis("init", folder, "--title", "A question").code == 0
    return (folder / "review.toml").read_text("utf-8")


def test_the_first_protocol_names_nothing_that_is_not_there(tamis: Tamis, tmp_path: Path) -> None:
    text = started(tamis, tmp_path)
    assert "docs/" not in text
    for name in ("team", "criterion", "source", "visit", "outcome", "outcome.threshold", "concept",
                 "synthesis", "body"):  # fmt: skip
        assert f"# [[{name}]]" in text
    assert "# [tools]" in text


def test_the_examples_of_the_first_protocol_are_a_protocol(tamis: Tamis, tmp_path: Path) -> None:
    text = started(tamis, tmp_path)
    used = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.M)
    protocol = parse_protocol(used, name="review.toml")
    (outcome,) = protocol.outcomes
    assert [one.size for one in outcome.thresholds] == ["small", "moderate", "large"]
    assert [plan.id for plan in protocol.syntheses] == [body.synthesis for body in protocol.bodies]
    assert dict(protocol.tools) == {"randomised": "rob2:assignment"}
    assert {c.id for c in protocol.concepts} == set(dict(protocol.question.concepts).values())
    assert protocol.team[0].name


# ------------------------------------------------------------------ unpack
def test_unpack_says_that_the_report_is_to_be_built(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    archive, copy = tmp_path / "one.zip", tmp_path / "copy"
    assert tamis("pack", small, "--to", archive).code == 0
    done = tamis("unpack", archive, copy)
    assert f"next: tamis build {copy}" in done.out
    assert tamis("unpack", archive, tmp_path / "other", "--json").json["next"] == [
        {"command": f"tamis build {tmp_path / 'other'}", "why": "an archive holds no report"}
    ]
