"""Trust checks in the report: shown with the study, each with its anchor, every digit accounted."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from tests.extraction.trust_facts import fact, note
from tests.report.pages import page_of, words
from tests.report.sample import RECORDS, event, sample

from tamis.domain.records import Record
from tamis.domain.results import Finding
from tamis.extraction import check_sources
from tamis.report import ReportContent, account, build_report
from tamis.report.book import Book
from tamis.report.phrase import plain
from tamis.report.sections.trust import missing_table, trust_cell, trust_table

FACTS = (
    fact("trial2017", "stopped-early", "abandoned after 18 patients in 2016"),
    fact("trial2017", "registered-n", "60", statistic="n"),
    fact("trial2017", "funding", "Beta Biotech Ltd"),
    fact("arm2014", "centre", "Nanking"),
    fact("wider2013", "centre", "Nanking", status="unverified"),
    fact("arm2014", "recruitment-start", "2007-03"),
    fact("wider2013", "recruitment-start", "2007-03"),
)


#: End of the caption of the table of included studies.
SAY = "their records and their registrations say"
OTHERWISE = r"a note of this review|looked for in|Nothing noticed|Not recorded"


def content() -> ReportContent:
    base = sample()
    extraction = replace(base.extraction, values=(*base.extraction.values, *FACTS))
    seen = note("known-study", "tang2016", basis="called randomised in 2 meta-analyses",
                status="secondary source")  # fmt: skip
    notes = (*base.notes, replace(seen, event=event(70)))
    name = next(iter(RECORDS))
    records = {**RECORDS, name: retracted(RECORDS[name])}
    found = check_sources(records, base.studies, extraction, notes)
    return replace(base, extraction=extraction, notes=notes, records=records, trust_findings=found)


def retracted(record: Record) -> Record:
    return replace(record, title=f"RETRACTED: {record.title}")


def table_words(made: ReportContent, caption: str) -> list[list[str]]:
    page = page_of(made)
    (table,) = [t for t in page.iter("table") if words(t.find("caption")).endswith(caption)]
    return [[words(cell) for cell in row] for row in table.findall("tbody/tr")]


def test_every_included_study_has_a_row_and_others_a_table_of_their_own() -> None:
    rows = dict(table_words(content(), SAY))
    assert list(rows) == ["One Arm 2014", "Second 2021", "Trial 2017"]
    assert rows["Second 2021"] == (
        "Nothing noticed: notices; patients in common; other remarks.Not recorded, so not "
        "checked: registration; early stopping; who paid; who made what was tested; interests of "
        "the authors; design as its reports state it; centre and time of recruitment."
    )
    trial = rows["Trial 2017"]
    assert trial.startswith("Notices. Error: A report of this study has been retracted: the title")
    assert "Registration. Registered for 60 people and published with 18: 42 fewer" in trial
    assert "Stopped early with 18 people of 60 planned: “abandoned after 18 patients" in trial
    assert "Paid for by companies: “Beta Biotech Ltd”" in trial
    assert "Nothing noticed: patients in common; other remarks.Not recorded" in trial
    assert "who paid;" not in trial
    assert "who made what was tested" in trial, "a maker that nobody recorded was not compared"
    assert "Probably shares patients with Wider 2013" in rows["One Arm 2014"]
    assert [r[0] for r in table_words(content(), "(the wider set)")] == ["Wider 2013"]


def test_each_remark_says_where_it_was_read() -> None:
    page = page_of(content())
    (table,) = [t for t in page.iter("table") if words(t.find("caption")).endswith(SAY)]
    items = table.xpath('.//ul[@class="in"]/li')
    assert len(items) > 5
    for item in items:
        assert item.xpath(".//a") or re.search(OTHERWISE, words(item))
    hrefs = [a.get("href") for a in table.iter("a") if a.get("href", "").startswith("#")]
    assert all(page.get_element_by_id(href[1:]) is not None for href in hrefs)


def test_the_page_with_all_of_it_is_accounted_for() -> None:
    report = build_report(content())
    assert account(report.html, report) == ()


def test_studies_known_and_not_in_have_a_table() -> None:
    ((name, known),) = table_words(content(), "Studies known from other sources and not included")
    assert name == "tang2016"
    assert "May be eligible: “called randomised in 2 meta-analyses” (secondary source)" in known
    assert missing_table(Book(replace(content(), trust_findings=()))) is None


def test_a_status_stands_beside_what_was_not_read_first_hand() -> None:
    made = content()
    stop = fact("trial2017", "stopped-early", "halted", status="secondary source")
    extraction = replace(made.extraction, values=(*sample().extraction.values, stop))
    found = check_sources(made.records, made.studies, extraction, ())
    book = Book(replace(made, extraction=extraction, trust_findings=found))
    cell = trust_cell(book, "trial2017")
    assert any("“halted” (secondary source)" in plain(item) for item in cell.items)


def test_a_finding_of_no_known_kind_or_study_is_not_lost() -> None:
    odd = Finding(rule="new.rule", severity="warning", subject="nowhere", message="seen 3 times",
                  because=("gone",))  # fmt: skip
    made = replace(sample(), trust_findings=(odd,))
    rows = table_words(made, SAY)
    assert rows[-1][0] == "nowhere"
    assert "Seen 3 times" in rows[-1][-1]
    report = build_report(made)
    assert account(report.html, report) == ()


def test_what_nobody_recorded_was_not_checked() -> None:
    base = sample()
    told = (
        fact("second2021", "registration", "NCT00000001"),
        fact("second2021", "funding", "none"),
    )
    extraction = replace(base.extraction, values=(*base.extraction.values, *told))
    book = Book(replace(base, extraction=extraction, trust_findings=()))
    noticed, unknown = (plain(item) for item in trust_cell(book, "second2021").items)
    assert unknown.startswith("Not recorded, so not checked: ")
    assert "registration" in noticed
    assert "who paid" in noticed
    assert "registration" not in unknown
    assert "interests of the authors" in unknown


def test_nothing_to_say_is_no_table() -> None:
    assert trust_table(Book(replace(sample(), studies=(), trust_findings=()))) is None


def test_the_findings_are_also_a_file() -> None:
    report = build_report(content())
    rows = list(csv.DictReader(io.StringIO(report.bundle["trust.csv"].decode())))
    assert len(rows) == len(content().trust_findings)
    assert {r["severity"] for r in rows} >= {"error", "warning"}
    assert all(r["because"] for r in rows)
