"""Imported files, duplicates by source and rule, related reports: every number conserved."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from tests.report.pages import page_of, part, sample_page, sample_report, words
from tests.report.sample import A, B, sample
from tests.report.sample_ids import WHO

from tamis.dedupe import KINDS, REASONS, RULES, VETOES, Link, ReportLink, reads_of
from tamis.domain.records import Batch, Cluster, PairDecision, Record
from tamis.report import ReportContent, account, build_flow, build_report
from tamis.report.book import Book
from tamis.report.flow_check import broken_invariants
from tamis.report.overlap import overlap
from tamis.report.phrase import plain
from tamis.report.sections.duplicates import overlap_table, rules_table, still_open
from tamis.report.sections.imports import imports_table
from tamis.report.sections.related import COUNTED, IS, MOST, related_lead, related_table
from tamis.report.view import Table


def shown(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[plain(cell.piece) for cell in row.cells] for row in table.rows]


def bundled(content: ReportContent, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(build_report(content).bundle[name].decode())))


def table_of(page: lxml_html.HtmlElement, name: str) -> str:
    (found,) = page.xpath(f'//div[@data-name="{name}"]')
    return words(found)


# ------------------------------------------------------------------------------ imports
def test_every_file_has_a_row_with_what_reading_it_found() -> None:
    first, second, total = shown(imports_table(Book(sample())))
    assert first == ["a.nbib (PubMed, NLM)", "nbib, utf-8", "6", "2", "1", "0", "33", "83", "0",
                     "something may be missing: cut off; mended: cut off (1), field again (1); "
                     "set aside: export furniture (1); no record has an abstract"]  # fmt: skip
    assert second[:2] == ["b.csv (ClinicalTrials.gov, NLM)", "csv, gb18030 (guessed)"]
    assert "names CTG itself" in second[-1]
    assert total[:5] == ["All files", "", "8", "3", "1"]


def test_what_reading_a_file_found_may_be_unknown_and_is_then_no_zero() -> None:
    first, *_, total = shown(imports_table(Book(replace(sample(), files=()))))
    assert first[1:5] == ["nbib", "6", "not known", "not known"]
    assert total[3] == "not known"
    unread = build_report(replace(sample(), files=()))
    (row, _) = csv.DictReader(io.StringIO(unread.bundle["imports.csv"].decode()))
    assert row["records"] == "6"
    assert row["repaired"] == row["encoding"] == ""


def test_copies_are_counted_within_their_file_only() -> None:
    base = sample()
    same = (("TI", "One"),)
    records = {n: replace(r, raw=same) for n, r in base.records.items()}
    rows = shown(imports_table(Book(replace(base, records=records))))
    assert [row[8] for row in rows] == ["5", "1", "6"]


def test_a_share_is_rounded_down_and_leads_back_to_its_records() -> None:
    report = sample_report()
    share = report.quantities[f"import:{A}/year#percent"]
    assert (str(share), share.inputs) == ("83", (f"import:{A}/year#n", f"import:{A}/records#n"))
    page = sample_page()
    for name in share.inputs:
        assert page.xpath(f'//*[@data-q="{name}"]'), "its inputs have entries of their own"


def test_nothing_imported_says_so_without_a_table() -> None:
    empty = replace(
        sample(), batches=(), files=(), records={}, clusters=(), states=(), votes=(), pairs=(),
        pairs_by_hand=(), related=(), studies=(), syntheses=(), trust_findings=(),
    )  # fmt: skip
    book = Book(empty)
    assert imports_table(book) is overlap_table(book) is rules_table(book) is None


# --------------------------------------------------------------------------- duplicates
def test_the_table_of_sources_counts_what_the_flow_counts() -> None:
    pubmed, register, total = shown(overlap_table(Book(sample())))
    assert pubmed == ["PubMed", "6", "0", "0", "6", "6", "5", "1"]
    assert register == ["ClinicalTrials.gov", "2", "0", "1", "1", "2", "1", "1"]
    assert total == ["All sources", "8", "0", "1", "7", "7", "6", "1"]
    rows = bundled(sample(), "duplicates.csv")
    flow = build_flow(sample())
    assert sum(int(r["removed"]) for r in rows) == flow.box("duplicates").n
    assert sum(int(r["left"]) for r in rows) == flow.box("identified").n - flow.box("duplicates").n


def test_another_number_than_the_platform_counted_is_said() -> None:
    base = sample()
    first, *others = base.protocol.sources

    def notes(hits: int | None) -> list[str]:
        sources = (replace(first, hits=hits), *others)
        content = replace(base, protocol=replace(base.protocol, sources=sources))
        table = overlap_table(Book(content))
        return [plain(note) for note in table.notes[1:]] if table else []

    assert notes(None) == notes(6) == []
    assert notes(9) == ["PubMed: the platform counted 9, and 6 came in."]


SOURCES = "abc"


@st.composite
def reviews(draw: st.DrawFn) -> ReportContent:
    """Draw records of three sources in reports of any size, some records in no report."""
    names = [
        f"{source * 12}:{n}" for source in SOURCES for n in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    group = [draw(st.integers(0, 4)) for _ in names]
    clusters = tuple(
        Cluster(records=tuple(n for n, g in zip(names, group, strict=True) if g == k))
        for k in range(4)
        if k in group
    )
    counts = {s: sum(n.startswith(s) for n in names) for s in SOURCES}
    batches = tuple(
        Batch(source=s, file=f"imports/{s}.ris", sha256=s * 64, format="ris", records=counts[s],
              at="", event="")
        for s in SOURCES
    )  # fmt: skip
    base = sample()
    return ReportContent(
        protocol=base.protocol, date=base.date, batches=batches, clusters=clusters,
        records={n: Record(id=n, raw=()) for n in names},
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(reviews())
def test_records_are_conserved_within_each_source_and_in_the_flow(content: ReportContent) -> None:
    found = overlap(content)
    for s in found.shares:
        assert sorted((*s.within, *s.across, *s.standing)) == list(s.records)
        assert sorted((*s.within, *s.only, *s.shared)) == list(s.records)
    flow = build_flow(content)
    removed = [*found.together("within"), *found.together("across")]
    assert sorted(removed) == list(flow.box("duplicates").ids)
    kept = set(flow.box("identified").ids) - set(removed)
    assert list(found.together("standing")) == sorted(kept)
    assert sorted((*found.only, *found.shared)) == sorted(kept)
    assert not flow.findings


@pytest.mark.parametrize("stray", ["duplicates", "identified/pubmed"])
def test_a_box_that_the_table_of_sources_does_not_bear_out_is_named(stray: str) -> None:
    content = sample()
    boxes = {box.id: box.ids for box in build_flow(content).boxes}
    assert not broken_invariants(boxes, content)
    moved = {**boxes, stray: (*boxes[stray], f"{B}:100")}
    assert "flow-overlap" in {f.rule for f in broken_invariants(moved, content)}


def test_rules_and_people_stand_apart_and_a_person_counts() -> None:
    content = replace(
        sample(),
        pairs=(
            PairDecision(a=f"{A}:0", b=f"{B}:0", decision="same", rule="same-pmid"),
            PairDecision(a=f"{A}:200", b=f"{A}:300", decision="unsure", rule="title-alone"),
            PairDecision(a=f"{A}:100", b=f"{A}:300", decision="unsure", rule="title-alone"),
            PairDecision(a=f"{A}:100", b=f"{B}:100", decision="different", rule="other-pmid"),
        ),
        pairs_by_hand=(PairDecision(a=f"{A}:200", b=f"{A}:300", decision="different", rule=WHO),),
    )
    table = rules_table(Book(content))
    assert [row[-3:] for row in shown(table)] == [
        ["same-pmid", reads_of("same-pmid"), "1"],
        ["other-pmid", reads_of("other-pmid"), "1"],
        ["Ada Reviewer", "decided by hand", "1"],
        ["title-alone", reads_of("title-alone"), "2"],
    ]
    assert table is not None
    assert [plain(note) for note in table.notes][1:] == [
        "Of the pairs decided by hand, 1 had another word from a rule."
    ]
    page = page_of(content)
    assert "1\u00a0pair of records is in doubt".replace("\u00a0", " ") in part(
        page, "results-duplicates"
    )
    assert "Decided by hand: 1 pair; a person’s word counts" in part(page, "methods")
    rows = bundled(content, "dedupe-rules.csv")
    assert [(r["decision"], r["by"], r["rule"], r["pairs"]) for r in rows] == [
        ("different", "person", WHO, "1"),
        ("different", "rule", "other-pmid", "1"),
        ("same", "rule", "same-pmid", "1"),
        ("unsure", "rule", "title-alone", "2"),
    ]


def test_what_a_person_left_unsure_is_open_and_what_she_settled_is_not() -> None:
    doubt = PairDecision(a="x:1", b="x:2", decision="unsure", rule="one-part")
    left = PairDecision(a="x:1", b="x:3", decision="unsure", rule="p-a")
    assert still_open([doubt], [left]) == (doubt, left)
    assert still_open([doubt], [replace(doubt, decision="different", rule="p-a")]) == ()


def test_every_rule_is_said_without_a_number() -> None:
    assert {row.name for row in (*RULES, *VETOES)} <= set(REASONS)
    assert not [reads for reads, _ in REASONS.values() if re.search(r"\d", reads)]


# ----------------------------------------------------------------------------- related
def test_a_correction_of_an_included_report_is_said_aloud_and_stands_first() -> None:
    content = replace(sample(), related=tuple(reversed(sample().related)))
    lead, chinese = related_lead(Book(content), build_flow(content))
    assert plain(lead) == (
        "Pairs of reports that are related and kept apart: 2 (correction: 1, comment: 1). "
        "1\u00a0of them bears on an included report: retractions, corrections, expressions of "
        "concern and new publications stand first in the table."
    )
    assert chinese is not None
    assert "其中 1 对涉及已纳入的报告" in plain(chinese)
    first, second = shown(related_table(Book(content), build_flow(content)))
    assert first[1] == "is a correction of (bears on an included report)"
    assert first[3] == "a record states it: “EIN - J Invented Med. 2018;5:1”"
    assert second[1] == "one of the two is a comment on the other"


def test_the_records_of_a_link_lead_to_where_they_ended() -> None:
    page = sample_page()
    (table,) = page.xpath('//div[@data-name="table-related"]')
    targets = {a.get("href")[1:] for a in table.xpath('.//a[@class="x"]')}
    assert len(targets) == 4
    assert all(page.get_element_by_id(target) is not None for target in targets)


def test_no_link_says_so_and_many_are_cut_with_a_word() -> None:
    none = replace(sample(), related=())
    assert "No two reports are known to be related" in part(page_of(none), "results-related")
    one = sample().related[1]
    many = replace(sample(), related=(one,) * (MOST + 5))
    table = related_table(Book(many), build_flow(many))
    assert len(shown(table)) == MOST
    assert "all stand in related.csv" in plain(table.notes[-1] if table else "")
    assert len(bundled(many, "related.csv")) == MOST + 5


def test_two_records_of_one_report_that_state_otherwise_are_shown() -> None:
    link = ReportLink(
        kind="erratum", one=f"{A}:0", other=f"{B}:0", directed=True, merged=True,
        links=(Link(a=f"{A}:0", b=f"{B}:0", kind="erratum", rule="stated"),),
    )  # fmt: skip
    text = table_of(page_of(replace(sample(), related=(link,))), "table-related")
    assert "both stand in one report: look at the pair" in text


def test_every_kind_of_link_has_words() -> None:
    assert set(KINDS) == set(IS) == set(COUNTED)


def test_every_digit_of_these_sections_is_accounted_for() -> None:
    report = sample_report()
    assert not account(report.html, report)
    kinds = {name.partition(":")[0] for name in report.quantities}
    assert {"imports", "import", "overlap", "dedupe", "related"} <= kinds
