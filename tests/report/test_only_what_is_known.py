"""A report says of people and methods only what the protocol states or the log holds."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.report.bias_sample import HIGH, LOW, rob2
from tests.report.pages import page_of, part
from tests.report.sample import AT, WHO, event, sample

from tamis.domain.decisions import Note
from tamis.domain.grading import AbsoluteEffect
from tamis.domain.records import Report, Study
from tamis.domain.results import AgreementResult, Interval
from tamis.domain.summaries import AppraisalSummary
from tamis.report import ReportContent, account, build_report
from tamis.report.book import Book
from tamis.report.phrase import plain
from tamis.report.sections.checklists import ChecklistRow, checklists
from tamis.report.sections.references import short_reference


def said(content: ReportContent, place: str) -> str:
    return part(page_of(content), place)


def item(content: ReportContent, name: str) -> ChecklistRow:
    rows = {(r.checklist, r.item): r for r in checklists(Book(content))}
    return rows["prisma-2020", name]


def undeclared() -> ReportContent:
    content = sample()
    return replace(content, protocol=replace(content.protocol, stated=frozenset()))


# ------------------------------------------------------------------ defaults are no declarations
def test_blinding_that_only_stands_on_its_default_is_not_stated() -> None:
    assert "blinded per record as the protocol says" in said(sample(), "methods-selection")
    text = said(undeclared(), "methods-selection")
    assert "blinded" not in text
    assert "whether they saw each other’s verdicts is not stated" in text
    assert item(sample(), "8").status == "complete"
    assert (item(undeclared(), "8").status, item(undeclared(), "8").why) == (
        "partial", "whether reviewers saw each other's verdicts is not stated",
    )  # fmt: skip


def test_a_strategy_is_called_as_run_only_where_that_is_declared() -> None:
    assert " as run " in said(sample(), "methods-search")
    text = said(undeclared(), "methods-search")
    assert " as run " not in text
    assert "rendered not run" in text, "what is no default was declared"


# ------------------------------------------------------------------ assessors
def pair(first: AppraisalSummary, *more: AppraisalSummary) -> ReportContent:
    held = [replace(first, role="assessor", assessor=who) for who in (WHO, "p-rev-b")]
    return replace(sample(), appraisals=(*held, *more))


def test_nothing_is_said_of_how_two_assessors_worked_but_what_the_log_holds() -> None:
    one = rob2("trial2017/death/m12", (LOW,) * 5, LOW)
    alike = replace(one, role="consensus", assessor="", agreed=(WHO, "p-rev-b"))
    text = said(pair(one, alike), "methods-bias")
    assert "sealed" not in text
    assert "apart" not in text
    assert "settled" not in text
    assert "Whether assessors saw each other’s answers before they had finished" in text
    assert "What assessors judged alike stands as their judgement." in text


def test_differences_of_assessors_are_settled_by_somebody_who_is_named() -> None:
    one = rob2("trial2017/death/m12", (LOW,) * 5, HIGH)
    third = replace(one, role="consensus", assessor="p-cat", settles=(event(1),))
    text = said(pair(one, third), "methods-bias")
    assert "Differences were settled by p-cat in a record" in text
    assert "by several people: Ada Reviewer and Bo 李明." in text, "who settled did not appraise"
    assert "second assessor" not in text


# ------------------------------------------------------------------ who typed it
def test_rows_that_somebody_else_entered_are_told_in_the_methods() -> None:
    notes = [
        Note(event=event(80 + n), topic="recorded-for", subject=table, by=WHO, at=AT,
             fields=(("people", people), ("rows", "8"), ("table", table)))
        for n, (table, people) in enumerate((("votes", "p-rev-b"), ("votes", "p-cat p-rev-b"),
                                             ("values", "p-cat"), ("appraisals", "p-cat"),
                                             ("grades", "p-cat")))
    ]  # fmt: skip
    content = replace(sample(), notes=tuple(notes))
    for place, words in (
        ("methods-selection", "Verdicts of Bo 李明 and p-cat were entered by Ada Reviewer from a "
                              "table."),
        ("methods-collection", "Values of p-cat were entered by Ada Reviewer from a table."),
        ("methods-bias", "Answers on risk of bias of p-cat were entered"),
        ("methods-certainty", "Decisions on certainty of p-cat were entered"),
    ):  # fmt: skip
        assert words in said(content, place), place
    report = build_report(content)
    assert b"recorded-for" not in report.html
    assert account(report.html, report) == ()


# ------------------------------------------------------------------ disagreements of reviewers
def test_who_settled_disagreements_of_reviewers_is_said() -> None:
    content = sample()
    settled = event(77)
    mark = replace(content.events[event(1)], actor="p-cat")
    states = list(content.states)
    states[0] = replace(states[0], settled_by=settled)
    done = replace(content, states=tuple(states), events={**content.events, settled: mark})
    text = said(done, "methods-selection")
    assert "Disagreements settled: 1, by p-cat, each in a record of its own" in text
    assert "Reviewers disagreed on no report at this stage." in said(content, "methods-selection")
    states[2] = replace(states[2], state="conflict")
    still = replace(done, states=tuple(states))
    assert "Disagreements that nobody has settled: 1." in said(still, "methods-selection")
    assert item(still, "8").why == "a disagreement of reviewers is not settled"
    report = build_report(still)
    assert account(report.html, report) == ()


# ------------------------------------------------------------------ harms
def harmless() -> ReportContent:
    content = sample()
    keep = tuple(replace(o, harm=False) for o in content.protocol.outcomes if o.id == "remission")
    values = tuple(v for v in content.extraction.values if v.cell.outcome == "remission")
    return replace(
        content, findings_rows=(), ratings=(), syntheses=(), trust_findings=(), value_findings=(),
        claims=(), notes=(), protocol=replace(content.protocol, outcomes=keep, syntheses=(),
                                              bodies=()),
        extraction=replace(content.extraction, values=values, looked_for=()),
    )  # fmt: skip


def test_why_nothing_is_said_of_harms_is_one_truth_in_both_languages() -> None:
    page = page_of(harmless())
    assert part(page, "results-harms") == (
        "The protocol names no outcome as a harm, and none was extracted: this review says nothing "
        "about harms."
    )
    plain_words = part(page, "plain-language")
    assert "this review says nothing about harms" in plain_words
    assert "研究方案未将任何结局列为危害" in plain_words
    assert "未报告危害" not in plain_words


# ------------------------------------------------------------------ strategies
def test_nothing_is_called_an_example_that_is_none() -> None:
    report = build_report(sample())
    assert b"for the example" not in report.html
    assert b"for this example" not in report.html


# ------------------------------------------------------------------ checklists
def test_items_of_the_checklist_say_what_is_there() -> None:
    content = sample()
    vague = tuple(replace(o, definition="not-stated") for o in content.protocol.outcomes)
    bare = replace(content, protocol=replace(content.protocol, outcomes=vague))
    assert item(bare, "10a").why == "outcomes are named, and none has a stated definition"
    none = replace(content, protocol=replace(content.protocol, outcomes=()))
    assert item(none, "10a").why == "the protocol names no outcome"
    assert item(content, "23c").status == "partial"
    note = Note(event=event(60), topic="author", subject="limits", by=WHO, at=AT,
                fields=(("text", "One of us wrote a trial."),))  # fmt: skip
    assert item(replace(content, notes=(*content.notes, note)), "23c").status == "complete"
    assert item(content, "24b").status == "complete"
    head = replace(content.protocol.head, registration=" ")
    unregistered = replace(content, protocol=replace(content.protocol, head=head))
    assert item(unregistered, "24b").status == "partial"
    assert item(unregistered, "24c").status == "complete"


# ------------------------------------------------------------------ sources of a study
def test_a_study_is_cited_by_its_article_and_not_by_its_erratum() -> None:
    content = sample()
    full, *_ = content.records.values()
    names = list(content.records)
    erratum = replace(
        full,
        id=names[1],
        title="Erratum: a drug",
        volume="13",
        issue="1",
        pages="60",
        doi="10.0/erratum",
        authors=(*full.authors, "More A", "Most B"),
    )
    article = replace(full, id=names[0], title="A drug", doi="", pmid="", journal="", volume="")
    study = Study(id="trial2017", label="Trial 2017", design="randomised", reports=(
        Report(id="t-erratum", study="trial2017", records=(names[1],), kind="erratum"),
        Report(id="t-article", study="trial2017", records=(names[0],), kind="article"),
    ))  # fmt: skip
    book = Book(replace(content, records={**content.records, names[0]: article, names[1]: erratum}))
    assert "A drug" in plain(short_reference(book, study))
    assert "Erratum" not in plain(short_reference(book, study))
    alone = replace(study, reports=study.reports[:1])
    assert "Erratum" in plain(short_reference(book, alone))


# ------------------------------------------------------------------ how values were read
def test_a_paper_that_was_read_and_not_attached_has_a_status() -> None:
    read = "full text read, not attached"
    content = replace(sample(), documents=())
    values = tuple(replace(v, status=read) if v.status == "abstract or table read" else v
                   for v in content.extraction.values)  # fmt: skip
    text = said(replace(content, extraction=replace(content.extraction, values=values)),
                "discussion-process")  # fmt: skip
    assert read in text
    assert "abstract or table read" not in text
    assert "abstract or table read" in said(content, "discussion-process")


# ------------------------------------------------------------------ names of intervals
def test_the_interval_of_each_study_and_of_the_summary_are_named_apart() -> None:
    text = said(sample(), "results-controlled")
    pooled = next(s for s in sample().syntheses if s.pooled is not None)
    assert f"; of the summary: {pooled.pooled.interval_method}." in text
    assert "Interval: " not in text


# ------------------------------------------------------------------ summary of findings
def of_two_trials(level: int | None = None) -> ReportContent:
    """Return the sample with both intervals of its pool of two, and a row that rests on it."""
    content = sample()
    wald = Interval(low=0.16, high=2.75, method="Wald")
    syntheses = tuple(
        replace(s, pooled=replace(s.pooled, alternatives=(wald,))) if s.pooled else s
        for s in content.syntheses
    )
    pool = next(s.pooled for s in syntheses if s.pooled is not None)
    main = Interval(low=pool.ci_low, high=pool.ci_high, method=pool.interval_method)
    risks = AbsoluteEffect(label="control groups", source="", baseline=0.2, intervention=0.13,
                           difference=-0.07, intervals=(
                               Interval(low=-0.19, high=0.8, method=f"from the RR ({main.method})"),
                           ))  # fmt: skip
    rows = tuple(
        replace(r, interval=main, absolutes=(risks,), level=level, size="large",
                size_source="set for the test", status="confirmed" if level else r.status)
        if r.synthesis == "death-pool" else r
        for r in content.findings_rows
    )  # fmt: skip
    return replace(content, syntheses=syntheses, findings_rows=rows)


def test_of_two_trials_both_intervals_stand_under_their_names() -> None:
    content = of_two_trials()
    table = said(content, "summary-of-findings")
    floor = "Hartung-Knapp with floor"
    assert f"(0.000060 to 7 183; {floor})" in table
    assert "(0.16 to 2.75; Wald)" in table
    assert f"from the RR ({floor}))" in table
    assert "(168 fewer to 350 more; from the RR (Wald))" in table
    report = build_report(content)
    assert account(report.html, report) == ()


def test_no_size_stands_beside_a_certainty_that_is_very_low() -> None:
    def sizes(content: ReportContent) -> list[str]:
        return re.findall(r"size: (\w+)", said(content, "summary-of-findings"))

    assert "large" in sizes(of_two_trials(level=2))
    assert sizes(of_two_trials(level=1)) == []


# ------------------------------------------------------------------ agreement of assessors
def rated(n: int) -> AgreementResult:
    found = sample().agreement[0]
    return replace(found, subject="rob2:assignment/1.1", n=n, kappa=0.5, kappa_ci=(0.1, 0.9),
                   percent=0.75)  # fmt: skip


def test_agreement_of_assessors_stands_in_the_appendix_and_no_kappa_rests_on_few() -> None:
    few = replace(sample(), appraisal_agreement=(rated(3),))
    assert "rob2:assignment/1.1" not in said(few, "methods-bias")
    assert "Agreement of assessors, question by question: appendix D" in said(few, "methods-bias")
    table = said(few, "appendix-d")
    assert "rob2:assignment/1.1" in table
    assert "not given" in table
    assert "0.50" not in table
    assert "No kappa is given where fewer than 10 results" in table
    enough = replace(sample(), appraisal_agreement=(rated(10),))
    assert "0.50" in said(enough, "appendix-d")
    for content in (few, enough):
        report = build_report(content)
        assert account(report.html, report) == ()


# ------------------------------------------------------------------ words a reader understands
def test_intervals_that_differ_are_told_by_their_names() -> None:
    content = of_two_trials()
    far = Interval(low=0.2, high=0.8, method="Wald")
    syntheses = tuple(
        replace(s, pooled=replace(s.pooled, alternatives=(far,))) if s.pooled else s
        for s in content.syntheses
    )
    text = said(replace(content, syntheses=syntheses), "results-controlled")
    assert (
        "; the methods differ: with DQ, the Hartung-Knapp with floor interval includes both fewer "
        "and more, and the Wald interval lies on the side of fewer." in text
    )
    assert "another does not" not in text


def test_a_protocol_that_never_changed_lists_no_changes() -> None:
    content = sample()
    one = replace(content, amendments=content.amendments[:1])
    assert "It was not changed since." in said(one, "methods-protocol")
    assert "under deviations" not in said(one, "methods-protocol")
    assert "Changes since: 1, each listed under deviations." in said(content, "methods-protocol")


def test_a_chinese_summary_stands_only_where_somebody_wants_one() -> None:
    content = sample()
    assert "中文" in said(content, "plain-language")
    question = replace(content.protocol.question, concepts=())
    bare = replace(content, protocol=replace(content.protocol, question=question))
    assert "中文" not in said(bare, "plain-language")
    assert "Chinese" not in said(bare, "methods-certainty")
    head = replace(bare.protocol.head, language="zh")
    wanted = replace(bare, protocol=replace(bare.protocol, head=head))
    assert "中文" in said(wanted, "plain-language")
