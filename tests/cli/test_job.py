"""The job end to end by commands: from an empty folder to a report that verifies."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import VALUES, Tamis, record_ids, snapshot


def test_the_small_review_builds_and_verifies(tamis: Tamis, small: Path) -> None:
    built = tamis("build", small, "--json")
    assert built.code == 0, built.err
    assert Path(built.json["report"]["html"]).is_file()
    assert built.json["ok"] is True
    checked = tamis("verify", small, "--json")
    assert checked.code == 0, checked.out
    assert checked.json["quantities"] == built.json["quantities"]
    assert checked.json["orphans"] == []


def test_status_always_says_the_next_step(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    done = tamis("status", small, "--json").json
    assert done["stage"] == "report"
    assert done["next"][0]["command"] == "tamis build"
    assert done["counts"]["records"] == 2
    tamis("build", small, "--only", "html")
    assert tamis("status", small, "--json").json["stage"] == "done"
    empty = tmp_path / "empty"
    assert tamis("init", empty, "--title", "A new question").code == 0
    fresh = tamis("status", empty, "--json").json
    assert fresh["stage"] == "question"
    assert fresh["next"][0]["command"] == "edit review.toml"


def test_status_changes_nothing(tamis: Tamis, small: Path) -> None:
    before = snapshot(small)
    tamis("status", small)
    assert snapshot(small) == before


def test_importing_the_same_file_again_changes_nothing(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    before = snapshot(small)
    export = tmp_path / "tables" / "2026-01-31-pubmed.ris"
    again = tamis("import", export, "--review", small, "--json")
    assert again.code == 0
    assert again.json["files"][0]["new"] is False
    assert snapshot(small) == before


def test_recording_a_table_again_changes_nothing(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    before = snapshot(small)
    for table in ("votes", "links", "values"):
        again = tamis("record", table, tmp_path / "tables" / f"{table}.csv", small, "--json")
        assert again.json["recorded"] == 0
    assert snapshot(small) == before


def test_a_changed_row_corrects_the_value_and_keeps_its_id(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    from tamis.app.review import open_review

    table = tmp_path / "values.csv"
    table.write_text(VALUES.replace(",9,", ",8,"), encoding="utf-8")
    done = tamis("record", "values", table, small, "--json")
    assert (done.json["recorded"], done.json["already"]) == (1, 3)
    state = open_review(small).state
    found = [v for v in state.values.values() if v.id.endswith("m6/drug/events")]
    assert [v.printed for v in found] == ["8"]
    assert len(state.superseded) == 1


def test_a_second_reading_of_a_cell_stands_beside_the_first(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    from tamis.app.review import open_review

    table = tmp_path / "values.csv"
    other = VALUES.replace("Table 2", "abstract").replace(",9,", ",8,")
    table.write_text("\n".join(other.splitlines()[:3]) + "\n", encoding="utf-8")
    assert tamis("record", "values", table, small, "--json").json["recorded"] == 2
    ids = {v.id for v in open_review(small).state.values.values()}
    cell = "v:writer2020/remission/m6/drug"
    assert {f"{cell}/events", f"{cell}/events#2", f"{cell}/n", f"{cell}/n#2"} <= ids


def test_a_changed_protocol_is_recorded_and_listed_as_a_deviation(
    tamis: Tamis, small: Path
) -> None:
    tamis("build", small, "--only", "html")
    toml = small / "review.toml"
    toml.write_text(toml.read_text().replace("Does the drug help?", "Does the drug harm?"))
    found = tamis("verify", small, "--json")
    assert found.code == 1
    assert "protocol-not-adopted" in {f["rule"] for f in found.json["findings"]}
    assert tamis("build", small, "--only", "html").code == 0
    assert tamis("verify", small).code == 0
    assert "Does the drug harm?" in (small / "report" / "report.html").read_text()


def test_pack_and_unpack_give_the_same_review(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    tamis("build", small, "--only", "html")
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert tamis("pack", small, "--to", one).code == 0
    assert tamis("pack", small, "--to", two).code == 0
    assert one.read_bytes() == two.read_bytes()
    copy = tmp_path / "copy"
    assert tamis("unpack", one, copy).code == 0
    assert tamis("build", copy, "--only", "html").code == 0
    report = "report/report.html"
    assert (copy / report).read_bytes() == (small / report).read_bytes()


def test_a_seal_shows_rewritten_history(tamis: Tamis, small: Path) -> None:
    heads = tamis("seal", small, "--deposit", "manuscript", "--json").json["heads"]
    (chain,) = [c for c in heads if c.startswith("p-tester")]
    assert tamis("build", small, "--only", "html").code == 0
    assert tamis("verify", small).code == 0
    (log,) = (small / "log").glob("p-tester.*.jsonl")
    lines = log.read_text().splitlines()
    kept = [json.loads(line)["kind"] for line in lines]
    log.write_text("\n".join(lines[: kept.index("value_recorded.v1")]) + "\n")
    found = tamis("verify", small, "--json")
    assert found.code in (1, 2)
    assert chain


def test_deposited_heads_are_compared(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    assert tamis("build", small, "--only", "html").code == 0
    deposited = tmp_path / "deposited.txt"
    deposited.write_text(tamis("seal", small).out, "utf-8")
    held = tamis("verify", small, "--sealed", deposited)
    assert held.code == 0
    assert "deposited heads are in this log" in held.out
    text = deposited.read_text("utf-8")
    digest = re.search(r"[0-9a-f]{64}", text)
    assert digest is not None
    deposited.write_text(text.replace(digest[0], digest[0][::-1]), "utf-8")
    broken = tamis("verify", small, "--sealed", deposited, "--json")
    assert broken.code == 1
    assert [f["rule"] for f in broken.json["findings"] if f["severity"] == "error"] == [
        "seal-broken"
    ]
    deposited.write_text("something else\n", "utf-8")
    refused = tamis("verify", small, "--sealed", deposited)
    assert refused.code == 2
    assert f"{deposited}:1: this line is no head of a chain" in refused.err


def test_a_seal_leaves_the_report_as_it_is(tamis: Tamis, small: Path) -> None:
    assert tamis("build", small, "--only", "html").code == 0
    before = (small / "report" / "report.html").read_bytes()
    assert tamis("seal", small).code == 0
    assert tamis("verify", small).code == 0
    assert tamis("status", small, "--json").json["stage"] == "done"
    assert tamis("build", small, "--only", "html").code == 0
    assert (small / "report" / "report.html").read_bytes() == before


def test_a_redacted_event_keeps_the_chain(tamis: Tamis, small: Path) -> None:
    from tamis.app.review import open_review

    review = open_review(small)
    event = next(e for e in review.events() if e.kind == "value_recorded.v1")
    assert tamis("redact", event.id, small, "--why", "personal data").code == 0
    after = open_review(small)
    assert after.state.redacted == {event.id: "personal data"}
    assert tamis("build", small, "--only", "html").code == 0
    assert tamis("verify", small).code == 0


def test_votes_name_the_records_the_reviewer_saw(tamis: Tamis, small: Path) -> None:
    from tamis.app.review import open_review

    votes = open_review(small).state.votes.values()
    assert {record for vote in votes for record in vote.records} == set(record_ids(small))


def test_version_and_help(tamis: Tamis) -> None:
    assert tamis("--version").out.startswith("tamis 0.")
    assert "demo" in tamis("--help").out


def test_whose_votes_were_entered_by_whom_is_said_and_recorded(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    table = tmp_path / "votes.csv"
    table.write_text(
        "stage,record_id,reviewer,decision,reason\n"
        f"title-abstract,{record_ids(small)[0]},p-ben,include,\n"
        f"title-abstract,{record_ids(small)[1]},p-ben,exclude,population\n"
    )
    dry = tamis("record", "votes", table, small, "--by", "p-ann")
    assert "2 rows recorded as said by p-ben, entered by p-ann" in dry.out
    again = tamis("record", "votes", table, small, "--by", "p-ann")
    assert "0 recorded" in again.out
    assert "entered by" not in again.out
    notes = [
        line for path in (small / "log").glob("p-ann.*") for line in path.read_text().splitlines()
    ]
    assert any("recorded-for" in line and "p-ben" in line for line in notes)
    own = tamis("record", "votes", tmp_path / "tables" / "votes.csv", small)
    assert "entered by" not in own.out
