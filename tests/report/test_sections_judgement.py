"""Summary of findings, statements, harms, comparison, checklists, automation, plain language."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.report.pages import page_of, part, sample_page, sample_report, words
from tests.report.sample import findings_rows, sample

from tamis.domain.decisions import EngineRun, Note
from tamis.domain.grading import FindingsRow
from tamis.domain.results import Interval
from tamis.report import account, build_flow, build_report
from tamis.report.book import Book
from tamis.report.phrase import plain
from tamis.report.sections.abstract import in_sentence
from tamis.report.sections.checklists import CHECKLISTS, checklists
from tamis.report.sections.conclusion import conclusion
from tamis.report.sections.harms import harm_outcomes
from tamis.report.sections.headline import headline
from tamis.report.sections.summary_of_findings import ROWS, chosen

PAGE = sample_page()


def table(name: str) -> list[list[str]]:
    """Return the cells of a table, found by the start of its caption."""
    for found in PAGE.iter("table"):
        if words(found.find("caption")).startswith(name):
            return [[words(cell) for cell in row] for row in found.iter("tr")]
    raise AssertionError(name)


def test_the_summary_of_findings_has_its_columns_and_its_numbers() -> None:
    head, first, second, third = table("Summary of findings: DQ compared with placebo")
    assert len(head) == 7
    assert first[0].startswith("Renal remission")
    assert "critical, best by month 6" in first[0]
    assert first[1] == "181 studyrandomised"
    assert first[2] == "RR 0.90(0.55 to 1.46; Koopman score)"
    assert "833 per 1,000" in first[3]
    assert "this trial only" in first[3]
    assert "83 fewer per 1,000" in first[4]
    assert "(397 fewer to 345 more; Newcombe hybrid score)" in first[4]
    assert "(433 fewer to 378 more; Miettinen-Nurminen score)" in first[4]
    assert first[5] == "⊕◯◯◯ very low [a, b]"
    assert "very uncertain about the effect of DQ on renal remission (very low" in first[6]
    assert "size:" not in first[6], "at very low certainty nothing is said of a size"
    assert second[0].startswith("Death")
    assert second[5] == "in progress"
    assert "not estimable" in second[4]
    assert third[0].startswith("Serious infection")
    assert third[1:6] == ["not reported"] * 4 + ["–"]
    assert third[6] == "We found no evidence on serious infection."


def test_reasons_are_footnotes_and_warnings_stand_below() -> None:
    text = part(PAGE, "summary-of-findings")
    assert "a. risk of bias: down by 1. stopped after 18 people" in text
    assert "b. imprecision: down by 2. the interval reaches from −40 to 34 points" in text
    assert "The risk rests on 6 people with the comparator." in text


def test_single_arms_stand_apart_with_what_was_observed_and_what_is_only_proposed() -> None:
    (_, row) = table("Observed without a comparison group")
    assert "In one single-arm study (81 participants), 49 of them had renal remission" in row[2]
    assert row[2].endswith("(very low certainty, ⊕◯◯◯) (proposed, not confirmed).")
    assert row[3] == "⊕◯◯◯ very low (proposed, not confirmed)"
    assert "proposed by rules and confirmed by nobody yet" in part(PAGE, "summary-of-findings")
    compared = " ".join(" ".join(cells) for cells in table("Summary of findings"))
    assert "49" not in compared


def test_at_most_seven_rows_and_no_harm_is_left_out_for_a_benefit() -> None:
    def rows(kind: str, number: int, *, harm: bool = False) -> list[FindingsRow]:
        return [
            FindingsRow(outcome=f"{kind}-{n}", importance=kind, harm=harm) for n in range(number)
        ]

    many = (*rows("important", 9), *rows("critical", 4), *rows("important", 2, harm=True))
    kept = chosen(many)
    assert len(kept) == ROWS
    assert [r.importance for r in kept[:4]] == ["critical"] * 4
    assert sum(r.harm for r in kept) == 2
    assert chosen(many[:3]) == many[:3]


def test_the_profile_shows_proposal_rule_decision_and_override() -> None:
    text = words(PAGE.get_element_by_id("appendix-e").getparent())
    assert "The interval of Trial 2017 crosses 2 thresholds. [rule A5.2]" in text
    assert "down by 3" in text
    assert "down by 2 (differs from the proposal)" in text
    assert "a person decides" in text


def test_the_conclusion_tells_the_trial_and_the_harms() -> None:
    text = part(PAGE, "discussion-interpretation")
    assert (
        "One trial, 18 people: renal remission in 9 of 12 given DQ and in 5 of 6 given placebo "
        "(this trial only). Whether DQ adds anything is very uncertain (very low certainty, "
        "⊕◯◯◯)." in text
    )
    assert "Death: Second 2021, 2 of 40 given DQ and 4 of 41 given placebo" in text
    assert "Trial 2017, 1 of 12 given DQ and 0 of 6 given placebo (ever by month 12)" in text
    assert "no count reported where read in One Arm 2014" in text
    assert "We found no evidence on serious infection." in text


def test_several_outcomes_share_one_sentence_of_very_low_certainty() -> None:
    first = findings_rows()[0]
    second = replace(first, outcome="proteinuria", body="", importance="important")
    third = replace(first, outcome="death", body="", harm=True)
    content = replace(sample(), findings_rows=(first, second, third), ratings=())
    lines = [plain(line) for line in conclusion(Book(content))]
    assert (
        "The evidence is very uncertain about the effect of DQ on 24-h proteinuria and death "
        "(very low certainty, ⊕◯◯◯)." in lines
    )


def test_the_abstract_reads_as_one_sentence_and_names_harms_that_were_not_pooled() -> None:
    text = part(PAGE, "abstract")
    assert (
        "To assess the effects of DQ, compared with placebo, in nephritis of type 2, on renal "
        "remission, death and serious infection." in text
    )
    assert "Serious infection: not recorded for One Arm 2014, Second 2021 and Trial 2017." in text
    headings = [words(h) for h in PAGE.xpath('//*[@id="abstract"]/..//h3')]
    assert headings == [
        "Objective", "Eligibility criteria", "Information sources", "Risk of bias",
        "Synthesis of results", "Included studies", "Results", "Harms",
        "Limitations of the evidence", "Interpretation", "Funding", "Registration",
    ]  # fmt: skip


def test_a_capital_that_began_a_line_does_not_stand_inside_a_sentence() -> None:
    content = sample()
    question = replace(content.protocol.question, population="Adults with SLE (assumed).",
                       intervention="MSC, any dose", comparator="Placebo for 12 weeks")  # fmt: skip
    content = replace(content, protocol=replace(content.protocol, question=question))
    book = Book(content)
    assert plain(in_sentence(book, question.population)) == "adults with SLE"
    assert plain(in_sentence(book, question.intervention)) == "MSC, any dose"
    assert plain(in_sentence(book, question.comparator)) == "placebo for 12 weeks"
    build_report(content)


def test_a_pool_of_two_prints_both_its_intervals() -> None:
    content = sample()
    pool = next(s for s in content.syntheses if s.pooled is not None)
    assert pool.pooled is not None
    wald = Interval(low=0.157, high=2.75, method="Wald")
    pool = replace(pool, pooled=replace(pool.pooled, alternatives=(wald,)))
    said = plain(headline(Book(content), pool)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "0.000060 to 7 183, Hartung-Knapp with floor; 0.16 to 2.75, Wald" in said
    assert "intervals that include both fewer and more with DQ" in said
    one = replace(pool, pooled=replace(pool.pooled, ci_low=0.2, ci_high=0.9))
    told = plain(headline(Book(content), one))
    assert "the methods differ: with DQ, the Hartung-Knapp with floor interval lies on" in told
    assert "wholly" not in told
    assert "and the Wald interval includes both fewer and more." in told


def test_every_harm_is_listed_by_study_and_arm() -> None:
    book = Book(sample())
    assert harm_outcomes(book) == ("death", "serious-infection")
    compared = table("Harms in studies with a comparator")
    assert ["Death", "Second 2021", "DQ", "definition not stated; ever by month 12", "2/40"] in [
        row[:5] for row in compared
    ]
    alone = table("Harms in studies without a comparator")
    assert any("not reported where read" in row for row in alone)
    assert any("nobody has recorded a search for it" in row for row in alone)


def test_a_protocol_that_marks_no_harm_is_read_by_its_words() -> None:
    content = sample()
    outcomes = tuple(replace(o, harm=False) for o in content.protocol.outcomes)
    book = Book(replace(content, protocol=replace(content.protocol, outcomes=outcomes)))
    assert harm_outcomes(book) == ("death", "serious-infection")


def test_other_texts_are_compared_claim_by_claim() -> None:
    text = part(PAGE, "comparison")
    assert "A web page for lay people" in text
    assert "3 claims were checked" in text
    assert "1 flagged, 1 could not be told, 1 passed" in text
    assert "Where the flagged claims went wrong: 1 in the lay text." in text
    assert "company that sells drug Q since 2019" in text
    row = table("A web page for lay people: claims with a finding")[1]
    assert "“药物Q使95%的患者缓解”" in row[0]
    assert "Trial 2017" in row[0]
    assert "number contradictedreading flagged" in row[1]
    assert "The text says 95 %, the study 9 of 12 (Trial 2017). (error, number-differs)" in row[2]
    assert "Accepted: accepted in 2025: a quotation." in row[2]
    assert row[3].count("证据非常不确定") == 1, "a sentence that two findings suggest stands once"
    assert row[3].startswith("请去掉证明类动词：关于")
    assert row[4] == "in the lay text"
    missing = table("What the text leaves out")[1]
    assert missing[0] == "Trial 2017"
    assert "1 death of 12 is left out." in missing[1]


def test_without_other_texts_there_is_no_comparison() -> None:
    page = page_of(replace(sample(), claims=()))
    assert not page.xpath('//*[@id="comparison"]')
    assert "Check of claims" not in words(page)


def test_checklists_are_whole_and_each_item_has_a_place() -> None:
    rows = checklists(Book(sample()))
    counts = {name: sum(1 for r in rows if r.checklist == name) for name in CHECKLISTS}
    assert counts == {"prisma-2020": 42, "prisma-s": 16, "swim": 10}
    assert len({(r.checklist, r.item) for r in rows}) == len(rows)
    ids = set(PAGE.xpath("//@id"))
    assert {r.anchor for r in rows} <= ids
    for r in rows:
        assert r.status in ("complete", "partial", "absent", "not applicable")
        assert bool(r.why) == (r.status != "complete"), r
    linked = {a.get("href") for a in PAGE.xpath('//*[@id="appendix-f"]/..//a')}
    assert {f"#{r.anchor}" for r in rows} == linked


def test_each_checklist_is_a_table_of_the_bundle() -> None:
    for name in CHECKLISTS:
        lines = sample_report().bundle[f"checklist-{name}.csv"].decode().splitlines()
        assert lines[0] == "item,name,filled_by,status,why,place,anchor"
    prisma = sample_report().bundle["checklist-prisma-2020.csv"].decode().splitlines()
    assert len(prisma) == 1 + 42
    assert prisma[1].startswith("1,title names it a systematic review,D,absent,")


def test_an_item_is_complete_only_if_its_part_had_data() -> None:
    content = sample()
    empty = replace(
        content, votes=(), ratings=(), appraisals=(), amendments=(), strategies=(), states=(),
        findings_rows=(), agreement=(), engine_runs=(), pairs=(),
    )  # fmt: skip
    full = {(r.checklist, r.item): r for r in checklists(Book(content))}
    bare = {(r.checklist, r.item): r for r in checklists(Book(empty))}
    for item in ("8", "16b", "18", "22", "24b", "14"):
        assert bare["prisma-2020", item].status == "absent", item
    assert full["prisma-2020", "24b"].status == "complete"
    assert full["prisma-2020", "7"].status == "partial", "one strategy was rendered and not run"
    assert full["prisma-2020", "22"].status == "partial", "a body is not rated to the end"
    assert full["prisma-2020", "23d"].status == "absent", "nobody wrote implications"
    assert bare["prisma-s", "16"].status == "absent"
    assert full["prisma-s", "14"].why == "the log does not say whether anyone reviewed the " \
        "strategies"  # fmt: skip


def test_what_was_not_done_can_be_declared() -> None:
    content = sample()
    said = Note(event="p-rev-a.9f3c12ab/71", topic="checklist", subject="prisma-s-14",
                fields=(("text", "not done: nobody was free in 2025"),), by="p-rev-a",
                at=content.date)  # fmt: skip
    content = replace(content, notes=(*content.notes, said))
    (row,) = [r for r in checklists(Book(content)) if (r.checklist, r.item) == ("prisma-s", "14")]
    assert (row.status, row.why) == ("not done", "not done: nobody was free in 2025")
    said_there = words(page_of(content))
    assert "not done: nobody was free in 2025" in said_there
    assert "not done: not done" not in said_there


def test_swim_does_not_apply_where_everything_is_pooled() -> None:
    content = sample()
    pooled = tuple(s for s in content.syntheses if s.pooled is not None)
    rows = checklists(Book(replace(content, syntheses=pooled)))
    assert {r.status for r in rows if r.checklist == "swim"} == {"not applicable"}


def test_the_statement_of_automation_answers_every_question_for_every_engine() -> None:
    text = words(PAGE.get_element_by_id("appendix-g").getparent())
    for asked in ("Tool and version", "Developer", "Kind", "Where it ran", "Dates", "Stage", "Task",
                  "Role", "What it was given", "Rules or prompts", "Learnt from",
                  "Evidence that it works", "Human oversight", "Accepted, changed, rejected",
                  "Effect on the flow", "Limits", "Conflicts of interest", "Code"):  # fmt: skip
        assert asked in text
    assert "pairs decided by a person: 1" in text
    content = sample()
    unknown = EngineRun(event=content.engine_runs[0].event, engine="oracle", version="9",
                        settings=(), inputs=(), output="", stage="screening", at="")  # fmt: skip
    page = page_of(replace(content, engine_runs=(unknown,)))
    text = words(page.get_element_by_id("appendix-g").getparent())
    assert "Use of oracle 9" in text
    assert "Tasknot stated" in text.replace("Task not", "Tasknot")


def test_the_plain_summary_stands_in_both_languages_with_sources_and_disclaimer() -> None:
    (english,) = PAGE.xpath('//div[@class="lay"][@lang="en"]')
    (chinese,) = PAGE.xpath('//div[@class="lay"][@lang="zh"]')
    assert "renal remission in 9 of 12 given DQ and in 5 of 6 given placebo" in words(english)
    assert "Drug Q against placebo in 18 people" in words(english)
    assert "gives no advice on the treatment" in words(english)
    text = words(chinese)
    assert "一项试验，共 18 人。肾脏缓解：" in text
    assert "12 人中 9 人" in text
    assert "是否带来额外作用，证据非常不确定（极低确定性，⊕◯◯◯）。" in text
    assert "（拟定，尚未确认）。" in text
    assert "未发现关于“严重感染”的证据。" in text
    assert "尚待母语方法学专家审定并签字" in text
    assert "不构成任何诊断或治疗建议" in text
    for banned in ("或许", "也许", "显著", "有效"):
        assert banned not in text
    numbers = chinese.xpath(".//a[@data-q]")
    assert len(numbers) > 8, "numbers are quantities in Chinese too"


def test_a_review_without_rows_says_so_and_claims_nothing() -> None:
    content = replace(sample(), findings_rows=(), claims=())
    page = page_of(content)
    assert "No summary of findings was computed" in part(page, "summary-of-findings")
    said = part(page, "discussion-interpretation")
    assert "The evidence is very uncertain about the effect of the intervention" in said


def test_the_list_of_references_says_why_it_is_longer_than_the_flow() -> None:
    text = part(PAGE, "references")
    assert "The list has 4 reports of 3 studies. 1 of them" in text
    assert "not among the 3 reports of the flow" in text
    assert ".." not in re.sub(r"\.\.\.", "", text)


def test_words_are_explained_once() -> None:
    text = part(PAGE, "glossary")
    for term in ("Cluster", "best-by", "Estimand", "CI"):
        assert term in text
    assert "best-by (the best state reached by then), month 6" in part(PAGE, "results-controlled")


def test_every_digit_of_it_is_accounted_for() -> None:
    report = sample_report()
    assert account(report.html, report) == ()
    assert build_flow(sample()).findings == ()
