"""The judgement tables of the bundle: as people may hand them in, unknown empty, JSON whole."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from tests.report.pages import sample_report
from tests.report.sample import sample

from tamis.domain.claims import CheckedClaim, CheckedText, ClaimFinding
from tamis.domain.grading import AbsoluteEffect, FindingsRow, Statement, StatementNumber
from tamis.domain.results import Finding, Interval
from tamis.report import ReportContent
from tamis.report.bundle_tables import APPRAISAL_COLUMNS, judgement_files
from tamis.report.read_in import places_of

ROW = FindingsRow(
    outcome="death", body="death-rct", studies=("trial2017", "second2021"), participants=99,
    measure="RR", estimate=0.66, interval=Interval(low=0.00006, high=float("inf"), method="HK"),
    level=1, label="very low", symbols="⊕◯◯◯", harm=True,
    absolutes=(
        AbsoluteEffect(label="low risk", source="a registry, 2019", baseline=0.02,
                       intervention=None, difference=None),
        AbsoluteEffect(label="this trial only", source="control arm", baseline=0.1, controls=6,
                       only="this trial only", intervention=0.2, difference=0.1,
                       intervals=(Interval(low=-0.1, high=0.3, method="Newcombe"),)),
    ),
    statements=(Statement(lang="en", pattern="{n} of those who got it died", strength=1,
                          size="unsized", column="none", level=1,
                          numbers=(StatementNumber(slot="n", value=3.0, digits=0, inputs=("v",),
                                                   rule="sum"),)),),
)  # fmt: skip

FLAG = ClaimFinding(rule="verb-too-strong", severity="error", message="very low certainty",
                    because=("death-rct",))  # fmt: skip

TEXT = CheckedText(
    name="lay article", lang="en",
    claims=(
        CheckedClaim(id="c1", text="It works", start=0, end=8, lang="en", strength=5,
                     number="none", reading="flag",
                     findings=(FLAG,)),
        CheckedClaim(text="A whole sentence of somebody else", start=9, end=40, lang="en",
                     strength=2, number="none", reading="ok"),
    ),
    text_findings=(ClaimFinding(rule="caveat-missing", severity="warning", message="stopped early",
                                subject="trial2017"),),
)  # fmt: skip


def content() -> ReportContent:
    silent = FindingsRow(outcome="remission", reported=False)
    return replace(sample(), findings_rows=(ROW, silent), claims=(TEXT,))


def read(name: str) -> list[dict[str, str]]:
    data = judgement_files(content())[name]()
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_findings_have_a_row_for_each_absolute_effect() -> None:
    low, own, silent = read("findings.csv")
    assert (low["baseline"], own["baseline"]) == ("low risk", "this trial only")
    assert (own["difference"], own["difference_low"]) == ("0.1", "-0.1")
    assert low["difference"] == "", "unknown is an empty cell"
    assert low["studies"] == "trial2017;second2021"
    assert low["statement_en"] == "3 of those who got it died"
    assert (low["name"], low["harm"], low["certainty"]) == ("death", "yes", "very low")
    assert silent["reported"] == "no"
    assert silent["estimate"] == ""


def test_json_is_nested_and_has_no_number_that_json_has_not() -> None:
    made = judgement_files(content())
    first, silent = json.loads(made["findings.json"]())
    assert first["absolutes"][1]["intervals"][0]["method"] == "Newcombe"
    assert first["interval"]["high"] is None, "an open limit is no number"
    assert first["statements"][0]["text"] == "3 of those who got it died"
    assert silent["estimate"] is None
    profile = json.loads(made["profile.json"]())
    bodies = {row["rating"]["body"]: row["finding"] for row in profile}
    assert bodies["death-rct"]["participants"] == 99
    assert bodies["remission-rct"] is None
    assert made["findings.json"]().endswith(b"\n")


def test_the_profile_keeps_proposal_and_decision() -> None:
    rows = read("profile.csv")
    assert len(rows) == sum(len(r.domains) for r in content().ratings)
    undecided = next(r for r in rows if r["body"] == "death-rct")
    assert undecided["decision"] == "", "not decided is not zero"
    assert undecided["status"] == "in progress"


def test_claims_give_words_only_where_somebody_declared_the_claim() -> None:
    declared, found, whole = read("claims.csv")
    assert (declared["words"], declared["rule"]) == ("It works", "verb-too-strong")
    assert (found["words"], found["start"], found["rule"]) == ("", "9", "")
    assert (whole["rule"], whole["subject"], whole["claim"]) == ("caveat-missing", "trial2017", "")
    data = judgement_files(content())["claims.csv"]()
    assert b"whole sentence of somebody else" not in data


def test_appraisals_have_the_columns_in_which_they_are_recorded() -> None:
    rows = read("appraisals.csv")
    assert tuple(rows[0]) == APPRAISAL_COLUMNS
    assert [(r["question"], r["answer"]) for r in rows] == [("1", "yes")]


def test_every_file_is_in_the_bundle_of_a_report() -> None:
    assert judgement_files(sample()).keys() <= sample_report().bundle.keys()


def test_a_remark_on_a_source_says_where_its_reasons_were_read() -> None:
    content = sample()
    place = places_of(content)
    value = content.extraction.values[0]
    assert place(value.id)
    assert place("nobody") == ""
    remark = Finding(
        rule="overlap.noted",
        severity="note",
        subject="s",
        message="m",
        because=(value.id, "nobody"),
    )
    made = judgement_files(replace(content, trust_findings=(remark,)))["trust.csv"]()
    (row,) = csv.DictReader(made.decode("utf-8-sig").splitlines())
    assert row["read_in"] == place(value.id)
    assert row["because"] == f"{value.id};nobody"
