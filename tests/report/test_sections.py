"""What the parts of a report say, read from the finished page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.report.pages import page_of, part, sample_page, sample_report, words
from tests.report.sample import RECORDS, WHO, A, event, sample

from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster
from tamis.domain.results import Finding, Refusal, ScreenState, Synthesis
from tamis.report import ReportContent, build_report
from tamis.report.book import Book
from tamis.report.phrase import plain

PAGE = sample_page()
TEXT = words(PAGE)


def test_the_sentence_of_one_trial() -> None:
    said = (
        "One trial, 18 people: 9 of 12 given DQ and 5 of 6 given placebo; risk difference (DQ "
        "minus placebo) −8 percentage points (95 % CI −40 to 34), an interval that includes both "
        "fewer and more with DQ."
    )
    assert said in part(PAGE, "abstract")
    assert said in part(PAGE, "results-controlled")


def test_nothing_is_stronger_than_the_evidence() -> None:
    for phrase in ("no difference", "no effect", "no added", "significant", "proves", "effective"):
        assert phrase not in TEXT
    assert "Whether DQ adds anything is very uncertain" in part(PAGE, "discussion")
    assert (
        "The certainty of the evidence on death has not been judged to the end; no conclusion is "
        "drawn." in part(PAGE, "discussion")
    )


def test_means_and_pools_have_their_sentences() -> None:
    results = part(PAGE, "results-controlled")
    assert (
        "One trial, 18 people: mean difference (DQ minus placebo) −0.7 g/24h (95 % CI −2.2 to "
        "0.8), an interval that includes both lower and higher values with DQ." in results
    )
    assert "2 studies, 99 people: risk ratio (DQ over placebo) 0.66 (95 % CI" in results
    assert "random effects, REML" in results
    assert "Heterogeneity: τ² 0.000, I² 0 %" in results
    assert "With k = 2 studies (Trial 2017, Second 2021) tau2 is not known." in results
    assert "Not in this synthesis: One Arm 2014" in results


def test_controlled_and_single_arm_results_stand_apart() -> None:
    with_one, without = part(PAGE, "results-controlled"), part(PAGE, "results-observed")
    assert "One Arm 2014 (no comparator)" in without
    assert "49/81" in without
    assert "49/81" not in with_one
    assert "Trial 2017" not in without
    assert "says nothing certain about an effect" in without
    (last,) = PAGE.xpath('//h3[@id="results-plausibility"]')
    shared = [
        table
        for table in PAGE.xpath('//h3[@id="results-controlled"]/following::table')
        if last in table.xpath("following::h3")
        and {"Trial 2017", "One Arm 2014"} <= {words(cell) for cell in table.xpath(".//th")}
    ]
    assert shared == [], "no table of results holds both"


def test_the_wider_set_is_labelled_and_last() -> None:
    assert "Wider 2013" in part(PAGE, "results-wider")
    assert "Wider 2013" not in part(PAGE, "results-observed")
    assert "28 (unverified)/68 (unverified)" in words(
        PAGE.get_element_by_id("appendix-c").getparent()
    )


def test_definition_and_estimand_stand_beside_each_count() -> None:
    table = part(PAGE, "results-definitions")
    assert "protein below 0.3 g/24 h best by month 6 9/12" in table
    assert "definition not stated ever by month 12 49/81" in table
    assert "45 % (secondary source)" in table


def test_the_course_shows_points_and_words_and_joins_nothing() -> None:
    course = part(PAGE, "results-course")
    assert "fell within 3 months" in course
    assert "not reported where read" in course
    assert "3.1 (derived)" in course
    (plot,) = PAGE.xpath("//figure[contains(@class, 'plot')]/svg")
    assert len(plot.xpath(".//circle")) == 2
    assert not plot.xpath(".//polyline | .//line | .//marker")
    assert not re.search(r"\bp\s*[=<]", course)


def test_the_published_flow_stands_apart_and_unknown_is_never_zero() -> None:
    theirs = part(PAGE, "results-published-flow")
    assert "Records identified: 1 397 (lay article)" in theirs
    assert "Records screened: not reported" in theirs
    assert "looked for in abstract and 3 tables" in theirs
    assert "not looked for" in theirs
    assert "Studies included in the review: 4 (abstract or table read)" in theirs
    assert "1 397" not in part(PAGE, "results-selection")
    assert not re.search(r": 0\b", theirs)


def test_our_flow_says_its_numbers_in_a_sentence_and_a_table() -> None:
    ours = part(PAGE, "results-selection")
    assert "The searches gave 8 records; 1 of them repeated another." in ours
    assert "Included: 3 reports of 3 studies." in ours
    assert "of these: fewer than 80 % of people have nephritis 1 reports" in ours


def test_methods_come_from_protocol_and_log() -> None:
    text = part(PAGE, "methods")
    assert (
        "The protocol was adopted on 20 November 2025 (hash 888888888888). Changes since: 1" in text
    )
    assert (
        "Title and abstract: 14 verdicts by Ada Reviewer and Bo 李明 (2 people, blinded per record "
        "as the protocol says)." in text
    )
    assert "Full text: 6 verdicts by Ada Reviewer (one person alone" in text
    assert "not estimable" in text, "kappa of perfect agreement is no number"
    assert "Pairs judged the same: 1 (doi-1); pairs undecided and kept apart: 1." in text
    assert "“rendered not run” were not run as they stand" in text
    assert "No language model was used." in text


def test_one_reviewer_means_no_agreement() -> None:
    content = sample()
    alone = replace(
        content,
        votes=tuple(v for v in content.votes if v.reviewer == WHO),
        agreement=(),
        appraisal_agreement=(),
    )
    text = words(page_of(alone))
    assert "there was no second reviewer and no agreement can be given" in text
    assert "Kappa" not in text


def test_a_language_model_would_be_named() -> None:
    content = sample()
    run = replace(content.engine_runs[0], engine="writer", settings=(("kind", "language model"),))
    text = words(page_of(replace(content, engine_runs=(run,))))
    assert "A language model was used: writer." in text
    assert "No language model was used." not in text


def test_deviations_list_themselves() -> None:
    text = part(PAGE, "other-deviations")
    assert "20 November 2025: searched again after 30 days (2 lines changed)." in text
    assert 'removed as_of = "2025-10-01"' in text
    assert 'added as_of = "2025-10-31"' in text


def test_characteristics_say_what_is_unknown_and_how() -> None:
    text = part(PAGE, "results-studies")
    assert "randomised 2:1, blind" in text
    assert "not reported where read" in text
    assert "not recorded" in text
    assert "DQ: 12; placebo: 6" in text
    assert "60 000 000 cells (derived)" in part(PAGE, "results-interventions")


def test_appraisals_and_ratings_keep_unanswered_apart() -> None:
    assert "consecutive inclusion not answered" in part(PAGE, "results-bias")
    assert "page 2 lists 4 criteria" in words(PAGE.get_element_by_id("appendix-d").getparent())
    rated = part(PAGE, "results-certainty")
    assert "risk of bias: down by 1. stopped after 18 people" in rated
    assert "very low ⊕◯◯◯" in rated
    assert "in progress" in rated
    assert "Renal remission single-arm very low no change recorded not judged" in rated


def test_mechanism_claims_carry_kind_and_status() -> None:
    text = part(PAGE, "results-mechanisms")
    assert "M01" in text or "m01" in text
    assert "in vitro, 3 donors (supports)" in text
    assert "secondary source" in text
    assert "A mechanism is no evidence of an effect in patients." in text


def test_appendices_are_complete() -> None:
    assert "3 #1 AND #2" in words(PAGE.get_element_by_id("appendix-a").getparent())
    excluded = words(PAGE.get_element_by_id("appendix-b").getparent())
    assert "A review of drug Q" in excluded
    assert "Ada Reviewer, 20 November 2025" in excluded
    for name in RECORDS:
        assert name in excluded
    assert "Reports not retrieved" in excluded
    assert "min_title = 0.92" in words(PAGE.get_element_by_id("appendix-g").getparent())


def entry(name: str) -> str:
    (number,) = PAGE.xpath(f'//div[@class="t"]/p[@class="t-n"]/b[@data-q="{name}"]')
    return words(number.getparent().getparent())


def test_a_trail_leads_to_the_quote_on_its_page() -> None:
    text = entry("v:trial2017/remission/m6.best-by/dq/events#printed")
    assert "“Remission was reached by 9 of 12 patients (75 %)”" in text
    assert "Document: documents/trial-2017.pdf" not in text
    assert "Document" in text
    assert "documents/trial-2017.pdf" in text
    assert re.search(r"Page\s*3", text)
    assert "passage read" in text
    assert event(50) in text
    result = entry("syn:remission-rct/rd#estimate")
    assert "Remission was reached by 9 of 12 patients" in result, "the quote is one step away"
    assert "risk difference" in result


def test_a_derivation_shows_its_formula_and_its_inputs() -> None:
    text = entry("v:trial2017/proteinuria/baseline/dq/mean#printed")
    assert "1.0 + 2.1" in text
    assert "Rests on" in text
    assert "−2.1" in text


def test_every_quantity_has_one_entry_and_every_link_a_target() -> None:
    report = sample_report()
    entries = PAGE.xpath('//div[@class="t"]/p[@class="t-n"]/b/@data-q')
    assert sorted(entries) == sorted(report.quantities)
    ids = PAGE.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in PAGE.xpath("//a/@href") if href.startswith("#")}
    assert targets <= set(ids)


def test_the_page_asks_nothing_of_the_network() -> None:
    html = sample_report().html.decode()
    assert "default-src 'none'" in html
    assert not re.search(r"""(src|action|poster|data)=["']?https?:""", html)
    assert not re.search(r"@import|url\(\s*['\"]?https?:", html)
    assert {a.get("rel") for a in PAGE.xpath("//link")} == {"icon"}
    outside = {a.get("class") for a in PAGE.xpath("//a[starts-with(@href, 'http')]")}
    assert outside <= {"x"}


def test_bounds_dates_and_chinese_are_printed_as_such() -> None:
    assert "p value <0.001" in TEXT
    (title,) = PAGE.xpath('//td[@data-lit] | //*[@lang="zh"][contains(., "12例")]')[:1]
    assert title.get("data-lit") == "citation"
    assert PAGE.get("lang") == "en"
    assert "需要12周观察" in part(PAGE, "rationale")


def test_remarks_on_values_have_numbers_with_trails() -> None:
    text = part(PAGE, "results-plausibility")
    assert (
        "44 % of 81 is 35.64, no whole number; 36 people would be 44.4 %. Look at One Arm 2014 "
        "again." in text
    )
    assert "v:arm2014/remission/m12/all/percent" not in text
    said = [n for n in sample_report().quantities if n.startswith("said:finding")]
    assert len(said) == 5


def bare(content: ReportContent) -> ReportContent:
    return ReportContent(protocol=content.protocol, date=content.date)


def test_a_review_that_has_only_a_protocol_is_printed() -> None:
    text = words(page_of(bare(sample())))
    assert "No study is included." in text
    assert "0 records" in text
    assert "No language model was used." in text


def test_an_interim_review_says_so_at_its_head() -> None:
    content = sample()
    page = page_of(replace(content, states=content.states[:-1]))
    assert "Interim: screening or assessment is not finished" in words(page.xpath("//header")[0])


def test_a_flow_that_does_not_add_up_names_the_box() -> None:
    content = sample()
    page = page_of(replace(content, batches=content.batches[:1]))
    assert "The flow does not add up" in words(page)
    assert "flow-sources" in words(page)


def test_a_trail_that_ends_in_the_air_stops_the_report() -> None:
    content = sample()
    first = content.syntheses[0]
    effect = replace(first.effects[0], inputs=("v:nowhere/x/y/z/n",))
    broken: Synthesis = replace(first, effects=(effect,))
    with pytest.raises(BadInput, match="nowhere in the review"):
        build_report(replace(content, syntheses=(broken,)))


def test_a_refused_synthesis_says_why() -> None:
    content = sample()
    first = replace(
        content.syntheses[0],
        effects=(),
        single=(),
        refusal=Refusal(rule="no-data", message="no study gives 2 arms"),
    )
    text = words(page_of(replace(content, syntheses=(first,))))
    assert "No estimate. No study gives 2 arms." in text


def test_findings_of_unknown_values_are_printed_too() -> None:
    content = sample()
    odd = Finding(rule="r.1", severity="note", subject="trial2017", message="see table 4?")
    text = words(page_of(replace(content, value_findings=(odd,))))
    assert "See table 4?" in text


def test_names_use_the_protocols_own_capitals() -> None:
    names = Book(sample()).names
    assert plain(names.arm("dq-vs-placebo")) == "DQ versus placebo"
    assert plain(names.arm("all")) == "all participants"


def test_a_large_review_keeps_its_page_small() -> None:
    content = sample()
    sha = content.batches[0].sha256
    more = {
        name: replace(RECORDS[f"{A}:200"], id=name, title=f"Paper {n}", abstract="x " * 500)
        for n in range(2500)
        if (name := f"{sha[:12]}:{1000 + n}")
    }
    clusters = (*content.clusters, *(Cluster(records=(name,)) for name in more))
    states = tuple(
        ScreenState(cluster=name, stage="title-abstract", state="out", reason="wrong-design")
        for name in more
    )
    large = replace(
        content,
        batches=(replace(content.batches[0], records=6 + len(more)), content.batches[1]),
        records={**content.records, **more},
        clusters=clusters,
        states=(*content.states, *states),
    )
    report = build_report(large)
    assert report.findings == ()
    assert len(report.html) < 2_500_000
    assert b"they are listed in quantities.csv" in report.html
    assert report.quantities["flow:excluded#n"].value == 2501
    listed = report.bundle["quantities.csv"].decode()
    assert f"{sha[:12]}:3499" in listed
