"""The bundle: tables that others can read, and a script that says nothing of its own."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields, replace

import pytest
from tests.report.multiverse_sample import with_multiverse
from tests.report.pages import sample_report
from tests.report.sample import RECORDS, sample

from tamis.domain.errors import TamisError
from tamis.domain.value_rows import ANCHOR_KINDS
from tamis.report import build_report
from tamis.report.bundle import VALUE_COLUMNS


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sample_report().bundle[name].decode())))


def test_every_file_is_named_in_the_readme() -> None:
    bundle = sample_report().bundle
    readme = bundle["README.txt"].decode()
    assert set(re.findall(r"^(\S+\.csv)", readme, re.MULTILINE)) == {
        name for name in bundle if name.endswith(".csv")
    }
    assert all(b"\r" not in data for data in bundle.values())


def test_every_record_stands_once_with_its_end() -> None:
    rows = table("records.csv")
    assert sorted(row["record_id"] for row in rows) == sorted(RECORDS)
    ends = {row["record_id"]: row["ended_as"] for row in rows}
    assert ends == dict(sample_report().flow.ends)
    assert {row["source"] for row in rows} == {"pubmed", "ctgov"}


def test_values_have_the_columns_in_which_they_are_recorded() -> None:
    rows = table("values.csv")
    extraction = sample().extraction
    assert len(rows) == len(extraction.values) + len(extraction.looked_for)
    assert tuple(rows[0]) == VALUE_COLUMNS
    assert {row["anchor_kind"] for row in rows} == set(ANCHOR_KINDS)
    quoted = next(r for r in rows if r["anchor_kind"] == "passage")
    assert (quoted["page"], quoted["start"], quoted["end"]) == ("3", "10", "60")
    sought = next(r for r in rows if r["anchor_kind"] == "looked-for")
    assert sought["number"] == ""


def test_quantities_keep_text_precision_and_inputs() -> None:
    rows = {row["id"]: row for row in table("quantities.csv")}
    report = sample_report()
    assert rows.keys() == report.quantities.keys()
    row = rows["syn:remission-rct/rd#estimate"]
    assert row["text"] == "−8"
    assert float(row["value"]) == pytest.approx(-100 / 12)
    assert json.loads(row["settings"]) == {"level": "0.95"}
    assert row["inputs"].split(";")[0] == "v:trial2017/remission/m6.best-by/dq/events"
    assert rows["agreement:1#kappa"]["value"] == "", "unknown is an empty cell"


def test_effects_list_studies_summaries_and_other_intervals() -> None:
    rows = table("effects.csv")
    kinds = {(row["synthesis"], row["row"]) for row in rows}
    assert ("death-pool", "summary") in kinds
    assert ("remission-rct", "one study") in kinds
    rd = [r for r in rows if r["synthesis"] == "remission-rct" and r["measure"] == "RD"]
    assert {r["interval"] for r in rd} == {"Newcombe hybrid score", "Miettinen-Nurminen score"}


def test_decisions_hold_votes_states_and_pairs() -> None:
    rows = table("decisions.csv")
    assert {row["kind"] for row in rows} == {"vote", "state", "pair"}
    assert sum(row["kind"] == "vote" for row in rows) == len(sample().votes)


def test_metafor_gets_every_row_under_the_names_of_escalc() -> None:
    rows = table("metafor.csv")
    assert len(rows) == sum(len(s.rows) for s in sample().syntheses)
    first = rows[0]
    assert [first[c] for c in ("ai", "n1i", "ci", "n2i")] == ["9", "12", "5", "6"]
    assert first["yi"] == ""
    means = next(r for r in rows if r["measure"] == "MD")
    assert means["m1i"] == "-2.1"
    arm = next(r for r in rows if r["kind"] == "single-arm")
    assert (arm["xi"], arm["ni"]) == ("49", "81")
    assert next(r for r in rows if r["synthesis"] == "death-pool")["test"] == "adhoc"


def test_the_script_reads_its_columns_and_holds_no_datum() -> None:
    script = sample_report().bundle["metafor.R"].decode()
    columns = set(table("metafor.csv")[0])
    used = set(re.findall(r"d\$(\w+)", script)) | set(re.findall(r"=\s*(\w+i)\b", script))
    assert used <= columns
    code = "\n".join(line.partition("#")[0] for line in script.splitlines())
    code = code.replace("UTF-8", "")
    numbers = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code))
    assert numbers <= {"1", "100"}, "first row, and level as a percentage"


def test_the_same_content_gives_the_same_bytes() -> None:
    content = sample()
    turned = replace(
        content,
        records=dict(reversed(list(content.records.items()))),
        events=dict(reversed(list(content.events.items()))),
        versions=dict(reversed(list(content.versions.items()))),
        syntheses=tuple(
            replace(
                s,
                settings=dict(reversed(list(s.settings.items()))),
                single=tuple(
                    replace(one, p=dict(reversed(list(one.p.items())))) for one in s.single
                ),
            )
            for s in content.syntheses
        ),
    )
    first, again, other = build_report(content), build_report(sample()), build_report(turned)
    assert first.html == again.html == other.html
    assert dict(first.bundle) == dict(again.bundle) == dict(other.bundle)
    assert first.quantities == other.quantities
    assert first.literals == other.literals


@pytest.mark.slow
def test_nothing_of_the_content_is_left_unused_by_mistake() -> None:
    """Each field of the content changes the page when it is emptied: nothing is ignored."""
    content = with_multiverse()
    html = build_report(content).html
    for field in fields(content):
        if field.name in ("protocol", "date", "event_count"):
            continue
        whole = getattr(content, field.name)
        empty = type(whole)() if field.name != "extraction" else replace(whole, looked_for=())
        try:
            changed = build_report(replace(content, **{field.name: empty})).html
        except TamisError:  # a trail that ends nowhere now: the field is used
            continue
        assert changed != html, field.name
