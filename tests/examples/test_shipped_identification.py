"""The shipped reviews' imports go through formats and de-duplication, and their reports tell it."""

from __future__ import annotations

import csv
import io
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import tamis.examples
from tamis.app.building.assemble import assemble
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import open_review
from tamis.report import Report, account, build_report

EXAMPLES = Path(tamis.examples.__file__).parent


@cache
def report(name: str) -> Report:
    with TemporaryDirectory() as folder:
        root = Path(folder) / name
        shutil.copytree(EXAMPLES / name / "review", root)
        review = open_review(root)
        content = assemble(review, read_protocol(review), write=False).content
    return build_report(content)


def table(name: str, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report(name).bundle[file].decode())))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "files"), [("worked", 4), ("practice", 3)])
def test_what_the_tables_count_is_what_the_flow_counts(name: str, files: int) -> None:
    made = report(name)
    assert not made.findings
    identified, removed = made.flow.box("identified").n, made.flow.box("duplicates").n
    imports, sources = table(name, "imports.csv"), table(name, "duplicates.csv")
    assert len(imports) == files
    assert sum(int(row["records"]) for row in imports) == identified
    assert sum(int(row["records"]) for row in sources) == identified
    assert sum(int(row["removed"]) for row in sources) == removed
    assert sum(int(row["left"]) for row in sources) == identified - removed
    printed = {
        part: int(str(made.quantities[f"overlap:all/{part}#n"]))
        for part in ("records", "within", "across", "standing")
    }
    assert printed["records"] == identified
    assert printed["within"] + printed["across"] == removed
    assert printed["standing"] == identified - removed
    assert not account(made.html, made)


@pytest.mark.slow
def test_the_practice_set_says_that_an_erratum_bears_on_an_included_report() -> None:
    (link,) = table("practice", "related.csv")
    assert (link["kind"], link["directed"], link["rules"]) == ("erratum", "yes", "erratum-once")
    assert link["one_title"].startswith("Erratum")
    assert b"bears on an included report" in report("practice").html
    (notice,) = [row for row in table("practice", "trust.csv") if row["rule"] == "notice.corrected"]
    assert notice["subject"] == "birch2020"


@pytest.mark.slow
def test_the_worked_review_tells_what_a_person_joined_against_a_rule_in_doubt() -> None:
    rules = {(r["by"], r["decision"]): int(r["pairs"]) for r in table("worked", "dedupe-rules.csv")
             if r["by"] == "person"}  # fmt: skip
    assert rules == {("person", "same"): 2}
    assert report("worked").quantities["dedupe:unsure#pairs"].value == 0, "both are settled"
    assert report("worked").quantities["dedupe:overruled#pairs"].value == 2
