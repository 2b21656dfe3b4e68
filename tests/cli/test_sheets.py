"""A sheet for every table: what waits for a person, filled in and taken back by ``tamis record``.

And ``tamis status``, which names what no sheet has been filled in for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import PROTOCOL, Tamis

from tamis.app.review import open_review
from tamis.app.sheet.sheet import SHEETS
from tamis.app.tables import TABLES

TRIALS = """\
TY  - JOUR
TI  - The drug in the north
AU  - Abel, Jane
PY  - 2018
JO  - Journal of Examples
VL  - 3
SP  - 10
DO  - 10.9999/example.1
ER  - 

TY  - JOUR
TI  - The drug in the North.
AU  - Abel J
PY  - 2018
JO  - Journal of Examples
VL  - 3
SP  - 10
DO  - 10.9999/example.1
ER  - 

TY  - JOUR
TI  - The drug in the south, with blinding
AU  - Müller, Kai
PY  - 2020
JO  - Journal of Examples
VL  - 5
SP  - 77
DO  - 10.9999/example.2
ER  - 
"""  # noqa: W291

BODY = """
[tools]
randomised = "rob2:assignment"

[[body]]
id = "remission"
outcome = "remission"
designs = ["randomised"]
start_level = 4
synthesis = "remission"

[[team]]
id = "p-ann"
name = "Ann"

[[team]]
id = "p-bob"
name = "Bob"
"""

Row = dict[str, str]
Fill = Callable[[Row], Row]


class Desk:
    """A review of two trials and the sheets of the people who work on it."""

    def __init__(self, tamis: Tamis, root: Path) -> None:
        self.tamis, self.root, self.nth = tamis, root, 0

    def sheet(self, table: str, by: str = "p-ann") -> list[Row]:
        self.nth += 1
        self.file = self.root.parent / f"{table}-{self.nth}.csv"
        done = self.tamis("sheet", table, self.root, "--to", self.file, "--by", by, "--json")
        assert done.code == 0, done.err
        text = self.file.read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert done.json["rows"] == len(rows)
        spec = TABLES[table]
        assert text.splitlines()[0].split(",") == [*spec.columns, *spec.passed_over]
        return rows

    def fill(self, table: str, fill: Fill, by: str = "p-ann") -> int:
        """Fill in a sheet and record the very file; return how many rows were recorded."""
        rows = self.sheet(table, by)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **fill(row)} for row in rows)
        self.file.write_text(out.getvalue(), "utf-8-sig", newline="")
        done = self.tamis("record", table, self.file, self.root, "--by", by, "--json")
        assert done.code == 0, done.err
        recorded: int = done.json["recorded"]
        return recorded

    def status(self, by: str = "p-ann") -> dict:
        return self.tamis("status", self.root, "--by", by, "--json").json


@pytest.fixture
def desk(tamis: Tamis, tmp_path: Path) -> Desk:
    root = tmp_path / "review"
    (root / "search").mkdir(parents=True)
    (root / "search" / "pubmed.txt").write_text("drug\n", encoding="utf-8")
    text = PROTOCOL.replace("reviewers_per_record = 1", "reviewers_per_record = 2")
    text = text.replace('"one-study"', '"REML"').replace('"RD"', '"RR"')
    (root / "review.toml").write_text(text + BODY, encoding="utf-8")
    export = tmp_path / "2026-01-31-pubmed.ris"
    export.write_text(TRIALS, encoding="utf-8")
    assert tamis("init", root).code == 0
    done = tamis("import", export, "--review", root, "--json")
    assert done.code == 0, done.err
    return Desk(tamis, root)


def include(_: Row) -> Row:
    return {"decision": "include"}


def screen(desk: Desk) -> None:
    for _ in ("title-abstract", "full-text"):
        for who in ("p-ann", "p-bob"):
            desk.fill("votes", include, by=who)


def link(desk: Desk) -> None:
    assert desk.fill("links", lambda _: {"design": "randomised"}) == 2


#: Study, arm, statistic -> the number of people.
COUNTS = {
    "abel2018": {"drug": (30, 60), "placebo": (18, 60)},
    "muller2020": {"drug": (22, 40), "placebo": (15, 41)},
}


def value(row: Row) -> Row:
    counts = COUNTS[row["study"]].get(row["arm_or_contrast"])
    if row["outcome"] != "remission" or counts is None:
        return {}
    number = counts[row["statistic"] == "n"]
    return {"number": str(number), "location": "Table 2", "status": "abstract or table read"}


#: Answers to RoB 2 under which everything is low.
ANSWERS = dict(zip(
    ("1.1", "1.2", "1.3", "2.1", "2.2", "2.6", "3.1", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3"),
    ("Y", "Y", "N", "N", "N", "Y", "Y", "N", "N", "N", "Y", "N", "N"), strict=True,
))  # fmt: skip


def appraise(**other: str) -> Fill:
    def fill(row: Row) -> Row:
        judgement = {"D1", "D2a", "D3", "D4", "D5", "overall"}
        if row["question"] in judgement:
            said = "S" if other and row["question"] in ("D5", "overall") else "L"
            return {"judgement": said, "reason": "follows from the answers"}
        answer = {**ANSWERS, **other}.get(row["question"], "")
        return {"answer": answer, "support": "Methods" if answer else ""}

    return fill


# ------------------------------------------------------------------ the way through
def test_a_review_from_sheets_alone(desk: Desk) -> None:
    screen(desk)
    link(desk)
    links = open_review(desk.root).state.links
    assert {(one.study, one.label, len(one.records)) for one in links.values()} == {
        ("abel2018", "Abel 2018", 2),
        ("muller2020", "Müller 2020", 1),
    }
    assert desk.status()["next"][0]["command"] == "tamis sheet values --to values.csv"
    assert desk.fill("values", value) == 8
    state = open_review(desk.root).state
    assert len(state.values) == 8
    assert not state.looked_for, "what nobody filled in is not recorded as looked for"

    for who, fill in (("p-ann", appraise()), ("p-bob", appraise(**{"5.1": "NI"}))):
        assert desk.fill("appraisals", fill, by=who) == 2 * (13 + 6)
    waiting = desk.status()
    assert waiting["stage"] == "risk of bias"
    assert waiting["counts"]["appraisals to settle"] == 2
    assert waiting["waiting"] == ["abel2018/remission/m6", "muller2020/remission/m6"]

    rows = desk.sheet("appraisal-consensus", by="p-cat")
    assert {row["question"] for row in rows} == {"5.1", "D5", "overall"}
    assert rows[0]["said"] == "p-ann: Y (Methods); p-bob: NI (Methods)"
    assert len(rows[0]["settles"].split(";")) == 2
    settled = {"5.1": {"answer": "Y"}, "D5": {"judgement": "L"}, "overall": {"judgement": "L"}}
    assert desk.fill(
        "appraisal-consensus", lambda row: {**settled[row["question"]], "reason": "page 3"}, "p-cat"
    ) == 6  # fmt: skip
    waiting = desk.status()
    assert (waiting["stage"], waiting["waiting"]) == ("certainty", ["remission"])

    rows = desk.sheet("grades")
    assert len(rows) == 8
    (imprecision,) = [row for row in rows if row["domain"] == "imprecision"]
    assert imprecision["proposed"].startswith("rate down by ")
    assert imprecision["why"]
    assert {row["decision"] for row in rows} == {""}, "people decide"
    first = {"decision": "0", "reason": "no concern"}
    assert desk.fill("grades", lambda row: first if row["domain"] == "inconsistency" else {}) == 1
    waiting = desk.status()
    assert (waiting["stage"], waiting["counts"]["bodies not rated to the end"]) == ("certainty", 1)
    assert desk.fill("grades", lambda _: first) == 7
    assert desk.status()["stage"] == "report"
    assert desk.status()["next"][0]["command"] == "tamis build"


def test_a_sheet_that_was_not_filled_in_is_no_table(desk: Desk) -> None:
    screen(desk)

    def left_empty(table: str) -> None:
        assert desk.sheet(table, by="p-dan"), table
        refused = desk.tamis("record", table, desk.file, desk.root)
        assert refused.code == 2, table
        assert "no filled-in rows" in refused.err

    left_empty("links")
    link(desk)
    desk.fill("values", value)
    for table in ("documents", "values", "appraisals", "grades"):
        left_empty(table)


# ------------------------------------------------------------------ one sheet after the other
def test_a_conflict_stands_in_its_sheet_with_both_verdicts(desk: Desk) -> None:
    desk.fill("votes", include)
    desk.fill("votes", lambda _: {"decision": "exclude", "reason": "population"}, by="p-bob")
    assert desk.status()["stage"] == "title-abstract conflicts"
    rows = desk.sheet("consensus", by="p-cat")
    assert len(rows) == 2
    assert rows[0]["verdicts"] == "p-ann: include; p-bob: exclude (population)"
    assert rows[0]["title"] == "The drug in the north"
    decided = {"decision": "include", "reason": "the abstract says so"}
    assert desk.fill("consensus", lambda _: decided, by="p-cat") == 2
    assert desk.sheet("consensus", by="p-cat") == []


def test_pairs_stand_in_their_sheet_with_both_records(desk: Desk) -> None:
    (row,) = desk.sheet("pairs")
    assert row["engine"] == "taken for one report"
    assert row["rule"]
    assert row["decision"] == ""
    assert row["record_a"].startswith("The drug in the north | Abel, Jane | 2018 |")
    assert desk.fill("pairs", lambda _: {"decision": "different", "reason": "two papers"}) == 1
    assert desk.sheet("pairs") == []
    assert desk.status()["counts"]["reports"] == 3


def test_a_second_extractor_gets_the_whole_sheet(desk: Desk) -> None:
    screen(desk)
    link(desk)
    whole = len(desk.sheet("values"))
    desk.fill("values", value)
    assert len(desk.sheet("values")) == whole - 8
    other = desk.sheet("values", by="p-bob")
    assert len(other) == whole
    assert {row["number"] for row in other} == {""}, "another's reading stays unseen"


def test_a_value_that_was_looked_for_is_recorded_without_a_number(desk: Desk) -> None:
    screen(desk)
    link(desk)
    missing = {"anchor_kind": "looked-for", "location": "whole paper"}
    assert desk.fill("values", lambda row: missing if row["outcome"] == "funding" else {}) == 2
    assert len(open_review(desk.root).state.looked_for) == 2


def test_questions_say_what_they_take_and_when_they_are_asked(desk: Desk) -> None:
    screen(desk)
    link(desk)
    desk.fill("values", value)
    rows = {row["question"]: row for row in desk.sheet("appraisals")}
    assert rows["1.1"]["takes"].startswith("Y = yes; ")
    assert rows["3.2"]["only_if"] == "3.1 is PN/N/NI"
    assert rows["D1"]["takes"] == "L = low; S = some concerns; H = high"
    assert rows["several-some-concerns"]["takes"] == "yes, with a reason"
    assert "overall" in rows


def test_without_a_tool_the_sheet_says_what_is_missing(desk: Desk) -> None:
    screen(desk)
    link(desk)
    desk.fill("values", value)
    toml = desk.root / "review.toml"
    toml.write_text(toml.read_text("utf-8").replace("[tools]\nrandomised", "[tools]\nreview"))
    refused = desk.tamis("sheet", "appraisals", desk.root, "--to", desk.root.parent / "x.csv")
    assert refused.code == 2
    assert "no appraisal tool for randomised" in refused.err
    assert "[tools]" in refused.err


def test_documents_wait_until_they_are_attached(desk: Desk) -> None:
    screen(desk)
    link(desk)
    rows = desk.sheet("documents")
    assert [row["report"] for row in rows] == ["abel2018-article", "muller2020-article"]
    assert rows[0]["title"] == "The drug in the north"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("grade",), "did you mean 'grades'?"),
        (("notes",), "written freely"),
        (("links", "--stage", "full-text"), "has no stages|have no stages|no stages"),
    ],
)
def test_a_sheet_that_is_none_is_refused(desk: Desk, words: tuple[str, ...], says: str) -> None:
    table, *options = words
    refused = desk.tamis("sheet", table, desk.root, "--to", desk.root.parent / "x.csv", *options)
    assert refused.code == 2
    assert any(part in refused.err for part in says.split("|"))


def test_every_table_but_notes_has_a_sheet() -> None:
    assert set(SHEETS) == set(TABLES) - {"notes"}
    for name in SHEETS:
        assert TABLES[name].fill, name
        assert TABLES[name].passed_over, name


# ------------------------------------------------------------------ status
def test_status_says_that_a_second_reviewer_is_waited_for(desk: Desk) -> None:
    desk.fill("votes", include)
    mine = desk.status()["next"][0]
    assert mine["command"] == "tamis sheet --to votes-of-bob.csv --by p-bob"
    assert mine["why"] == "you have voted on all of them: 2 reports wait for a second reviewer"
    assert desk.status(by="p-bob")["next"][0]["command"] == "tamis sheet --to votes.csv"


def test_status_counts_a_body_that_nobody_has_begun_to_rate(desk: Desk) -> None:
    screen(desk)
    link(desk)
    assert desk.status()["counts"]["bodies not rated to the end"] == 0, "nothing to rate yet"
    desk.fill("values", value)
    found = desk.status()
    assert found["counts"]["bodies not rated to the end"] == 1
    assert found["counts"]["results not appraised"] == 2
    assert found["stage"] == "certainty"
    also = found["next"][1]
    assert also["command"] == "tamis sheet appraisals --to appraisals.csv"
    assert "abel2018/remission/m6, muller2020/remission/m6" in also["why"]
    shown = desk.tamis("status", desk.root).out
    assert "also: tamis sheet appraisals" in shown


def test_assessors_who_agree_wait_for_nobody(desk: Desk) -> None:
    screen(desk)
    link(desk)
    desk.fill("values", value)
    for who in ("p-ann", "p-bob"):
        desk.fill("appraisals", appraise(), by=who)
    found = desk.status()
    assert found["counts"]["appraisals to settle"] == 0
    assert found["counts"]["results not appraised"] == 0
    assert found["stage"] == "certainty"


# ------------------------------------------------------------------ import
#: A talk and perhaps its paper, in another journal: nobody can tell from here.
DOUBTFUL = "\n".join(
    f"""\
TY  - JOUR
TI  - The drug in the east of the country without blinding
AU  - Miller, Kai
PY  - 2020
JO  - {journal}
ER  - 
"""  # noqa: W291
    for journal in ("Journal of Examples", "Congress Letters")
)


def imported(tamis: Tamis, tmp_path: Path, *more: str) -> tuple[Path, str]:
    """Make a review with the trials and ``more``; return it with what the import said."""
    root = tmp_path / "review"
    (root / "search").mkdir(parents=True)
    (root / "search" / "pubmed.txt").write_text("drug\n", encoding="utf-8")
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    export = tmp_path / "2026-01-31-pubmed.ris"
    export.write_text("\n".join((TRIALS, *more)), encoding="utf-8")
    assert tamis("init", root).code == 0
    done = tamis("import", export, "--review", root)
    assert done.code == 0, done.err
    return root, done.out


def test_an_import_names_what_was_taken_for_one_report(tamis: Tamis, tmp_path: Path) -> None:
    root, shown = imported(tamis, tmp_path)
    (merged,) = [line for line in shown.splitlines() if "taken for one report" in line]
    assert merged.endswith(": The drug in the north")
    assert merged.count(" and ") == 1
    assert "may be one report" not in shown
    assert "tamis sheet pairs" in shown
    export = tmp_path / "2026-01-31-pubmed.ris"
    again = tamis("import", export, "--review", root, "--json").json
    assert (again["merged"], again["doubtful"]) == ([], [])


def test_an_import_names_pairs_that_may_be_one_report(tamis: Tamis, tmp_path: Path) -> None:
    root, shown = imported(tamis, tmp_path, DOUBTFUL)
    (doubtful,) = [line for line in shown.splitlines() if "may be one report" in line]
    assert doubtful.endswith(": The drug in the east of the country without blinding")
    desk = Desk(tamis, root)
    found = desk.status()
    assert found["counts"]["doubtful pairs"] == 1
    assert found["next"][1]["command"] == "tamis sheet pairs --to pairs.csv"
    assert "(1 pair)" in found["next"][1]["why"]
    doubt, merged = desk.sheet("pairs")
    assert doubt["engine"] == "not sure: kept as two reports"
    assert doubt["rule"].startswith("title-and-author: title, author and year agree")
    assert merged["engine"] == "taken for one report"
    same = {"decision": "same", "reason": "one talk"}
    assert desk.fill("pairs", lambda row: same if row["a"] == doubt["a"] else {}) == 1
    assert desk.status()["counts"]["doubtful pairs"] == 0
    assert desk.status()["counts"]["reports"] == 3
