"""Risk-of-bias figures: every tool, any number of domains, and what other programs get wrong."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from tests.report.bias_sample import (
    CRITICAL,
    HIGH,
    LOW,
    LX,
    NA,
    NI,
    SERIOUS,
    SOME,
    appraisal,
    appraisals,
    checklist,
    domain,
    overridden,
    quadas,
    rob2,
    robins,
)
from tests.report.pages import page_of, words
from tests.report.sample import sample

from tamis.domain.summaries import AppraisalSummary, BiasWord
from tamis.report import ReportContent, account, build_report
from tamis.report.book import Book
from tamis.report.engine import asset
from tamis.report.phrase import Phrase, plain
from tamis.report.sections.bias_figures import Panel, bias_panels
from tamis.report.sections.bias_lights import lights
from tamis.report.traffic import SIGNS, Head, Light, LightRow, lay_lights
from tamis.report.wrapping import wide, wrapped


def content(*rows: AppraisalSummary) -> ReportContent:
    return replace(sample(), appraisals=rows)


def panels(*rows: AppraisalSummary) -> tuple[Panel, ...]:
    return bias_panels(Book(content(*rows)))


def row_of(panel: Panel, place: int = 0) -> list[str]:
    return [plain(cell.piece) for cell in panel.table.rows[place].cells[1:]]


def bias_part(page: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    found = []
    for element in page.get_element_by_id("results-bias").itersiblings():
        if element.tag == "h3":
            break
        found.append(element)
    return found


# ------------------------------------------------------------------ what others get wrong
def test_no_information_is_a_light_like_any_other() -> None:
    (panel,) = panels(rob2("trial2017/remission/m6", (NI, LOW, NI, LOW, NA), NI))
    assert row_of(panel) == ["no information", "low", "no information", "low", "not applicable",
                             "no information"]  # fmt: skip
    states = [p.light.state for p in panel.figure.light.lights[:6]]
    assert states[4] == "not-applicable"
    assert set(states) == {"judged", "not-applicable"}


@pytest.mark.parametrize("count", [1, 6, 7, 8, 12, 30])
def test_any_number_of_domains(count: int) -> None:
    found = tuple(domain(f"D{n}", f"domain {n}", LOW) for n in range(count))
    (panel,) = panels(appraisal("trial2017/death/m12", found, LOW))
    assert len(row_of(panel)) == count + 1
    width = float(panel.figure.light.width.text)
    places = [float(re.findall(r"\(([\d.]+)", p.at.text)[0]) for p in panel.figure.light.lights]
    drawn = places[: count + 1]
    assert all(b - a >= 2 * 13 for a, b in pairwise(drawn)), "lights overlap"
    assert max(drawn) + 13 <= width


def test_six_domains_are_six_columns() -> None:
    (panel,) = panels(robins())
    assert [plain(c.piece).partition(":")[0] for c in panel.table.columns[1:]] == [
        "D1", "D2", "D3", "D4", "D5", "D6", "Overall",
    ]  # fmt: skip
    assert any("Provisional" in plain(note) for note in panel.notes)


def test_long_labels_wrap_and_rows_grow() -> None:
    label = "deviations from the intended interventions that arose because of the trial context"
    heads = [Head(id="D1", head="D", label=label)]
    light = Light(state="judged", tone="good", sign="+")
    short = lay_lights(heads, [LightRow(label="Trial", lights=(light,))], [])
    long = lay_lights(heads, [LightRow(label=f"{label} {label}", lights=(light,))], [])
    height = [float(made.view.text.split()[3]) for made in (short, long)]
    assert height[1] > height[0]
    for made in (short, long):
        right = float(made.width.text)
        for text in made.texts:
            end = float(text.x.text) + 7.2 * wide(plain(text.piece)) * (text.anchor == "start")
            assert end <= right + 1, plain(text.piece)


def test_lines_of_text_never_lie_on_each_other() -> None:
    (panel, *_) = panels(overridden(), rob2("trial2017/death/m12", (LOW,) * 5, LOW))
    texts = [t for t in panel.figure.light.texts if t.anchor == "start"]
    for a, b in combinations(texts, 2):
        if a.x.text == b.x.text:
            assert abs(float(a.y.text) - float(b.y.text)) >= 15


def test_applicability_stands_apart_and_enters_no_bar() -> None:
    second = replace(quadas(), result="trial2017/remission/m6", study="trial2017")
    (panel,) = panels(quadas(), second)
    assert [plain(c.piece) for c in panel.table.columns[5:]] == [
        "A1: applicability: patients", "A2: applicability: index test",
        "A3: applicability: reference standard",
    ]  # fmt: skip
    (bars,) = panel.bars
    assert not [r for r in bars.table.rows if "applicability" in plain(r.cells[0].piece)]
    assert len(bars.table.rows) == 4, "QUADAS-2 has no overall judgement"


def test_one_panel_a_tool_and_checklists_as_tables() -> None:
    made = panels(*appraisals())
    assert [p.id for p in made] == ["panel-quadas-2-2011", "panel-rob2-2019-08-22-assignment",
                                    "panel-robins-i-v2-2025-11-20"]  # fmt: skip
    part = bias_part(page_of(content(*appraisals())))
    figures = [e for e in part if e.tag == "figure"]
    assert len(figures) == 3 + 2, "three panels; bars unweighted and weighted for the trials"
    tables = " ".join(words(e) for e in part if e.tag == "div")
    assert "JBI checklist (2020): answers by result" in tables
    assert "not answered" in tables
    assert "RoB 2" not in tables


def test_two_variants_of_a_tool_are_two_panels() -> None:
    one = rob2("trial2017/remission/m6", (LOW,) * 5, LOW)
    two = replace(one, variant="adherence", result="trial2017/death/m12")
    assert len(panels(one, two)) == 2


def test_a_tool_whose_domains_differ_between_results_leaves_a_gap() -> None:
    one = appraisal("trial2017/remission/m6", (domain("D1A", "confounding", LOW),), LOW)
    two = appraisal("second2021/death/m12", (domain("D1B", "confounding", HIGH),), HIGH)
    (panel,) = panels(one, two)
    assert [plain(c.piece) for c in panel.table.columns[1:]][:2] == [
        "D1A: confounding", "D1B: confounding",
    ]  # fmt: skip
    assert row_of(panel, 0) == ["not a domain here", "high", "high"]
    assert row_of(panel, 1) == ["low", "not a domain here", "low"]


def test_ids_too_long_for_a_head_become_letters() -> None:
    found = (domain("confounding", "confounding", LOW), domain("selection", "selection", LOW))
    (panel,) = panels(appraisal("trial2017/death/m12", found))
    assert [plain(c.piece) for c in panel.table.columns[1:]] == ["A: confounding", "B: selection"]


# ------------------------------------------------------------------ judgement and proposal
def test_a_proposal_never_takes_the_place_of_a_judgement() -> None:
    (panel,) = panels(overridden())
    assert row_of(panel) == [
        "high (the rules propose some concerns)",
        "not judged; the rules propose some concerns",
        "no information", "not judged", "not applicable", "high",
    ]  # fmt: skip
    placed = panel.figure.light.lights[:6]
    assert [p.light.state for p in placed] == [
        "judged", "proposed", "judged", "open", "not-applicable", "judged",
    ]  # fmt: skip
    assert [p.light.overridden for p in placed] == [True, *[False] * 5]
    said = " ".join(plain(note) for note in panel.notes)
    assert "the rules propose some concerns, judged high: the list lay open for 3 weeks" in said
    keys = " ".join(plain(t.piece) for t in panel.figure.light.texts)
    assert "proposed by the rules, not judged" in keys
    assert "judged otherwise than the rules propose" in keys


def test_a_consensus_stands_for_what_it_settles() -> None:
    first = rob2("trial2017/death/m12", (LOW,) * 5, LOW, role="assessor")
    second = rob2("trial2017/death/m12", (HIGH,) * 5, HIGH, role="assessor", assessor="p-rev-b")
    (open_panel,) = panels(first, second)
    assert len(open_panel.table.rows) == 2
    assert "Bo 李明" in " ".join(plain(r.cells[0].piece) for r in open_panel.table.rows)
    agreed = replace(first, role="consensus", settles=("a", "b"))
    (panel,) = panels(first, second, agreed)
    assert len(panel.table.rows) == 1
    assert row_of(panel) == ["low"] * 6


# ------------------------------------------------------------------ bars
def test_bars_count_results_and_weigh_them_by_a_named_synthesis() -> None:
    (panel,) = panels(
        rob2("trial2017/death/m12", (LOW, LOW, LOW, LOW, LOW), LOW),
        rob2("second2021/death/m12", (HIGH, LOW, LOW, LOW, LOW), HIGH),
    )
    unweighted, weighted = panel.bars
    assert "every result counts once, unweighted (n\xa0=\xa02)" in plain(unweighted.caption)
    assert "weighted by the weights of the synthesis death-pool (REML)" in plain(weighted.caption)
    first = [plain(c.piece) for c in weighted.table.rows[0].cells]
    assert first == ["D1: randomisation process", "22\xa0%", "78\xa0%", "–"]
    widths = [float(s.width.text) for s in weighted.bars.segments[:2]]
    assert widths[0] / sum(widths) == pytest.approx(0.224)


def test_a_study_nobody_appraised_is_part_of_the_bar() -> None:
    (panel,) = panels(rob2("trial2017/death/m12", (LOW,) * 5, LOW))
    (weighted,) = panel.bars
    assert [plain(c.piece) for c in weighted.table.rows[0].cells][1:] == ["22\xa0%", "78\xa0%"]
    assert plain(weighted.table.columns[-1].piece) == "not judged"


def test_one_result_has_no_bars_of_its_own() -> None:
    (panel,) = panels(rob2("trial2017/remission/m6", (LOW,) * 5, LOW))
    assert panel.bars == ()


# ------------------------------------------------------------------ beside the forest plot
def test_lights_stand_in_the_row_of_their_study() -> None:
    page = page_of(content(*appraisals()))
    (table,) = [t for t in page.iter("table") if "Death: DQ" in words(t.find("caption"))]
    heads = [words(h) for h in table.findall("thead/tr/th")]
    assert heads[-2:] == ["Risk of bias", "Estimate and interval"]
    rows = table.findall("tbody/tr")
    said = [row.xpath('string(.//svg[@class="lights"]/@aria-label)') for row in rows]
    assert said[0].startswith("Risk of bias. randomisation process: low; ")
    assert "the rules propose some concerns" in said[1]
    assert said[2] == "", "the summary has no lights"
    assert len(rows[0].xpath('.//svg[@class="lights"]/g')) == 6
    assert {len(row) for row in rows} == {len(heads)}
    note = table.getparent().find_class("notes")[0]
    assert "Risk of bias (RoB 2), from left to right: randomisation process" in words(note)


def test_a_result_of_another_outcome_lends_no_lights() -> None:
    made = content(rob2("trial2017/remission/m6", (LOW,) * 5, LOW))
    book = Book(made)
    death = next(s for s in made.syntheses if s.plan.id == "death-pool")
    assert lights(book, "trial2017", death).piece == "not appraised"
    page = page_of(made)
    (table,) = [t for t in page.iter("table") if "Death: DQ" in words(t.find("caption"))]
    assert "Risk of bias" not in words(table)


# ------------------------------------------------------------------ the page
def test_the_page_with_every_kind_of_figure_is_accounted_for() -> None:
    report = build_report(content(*appraisals()))
    assert account(report.html, report) == ()
    page = lxml_html.document_fromstring(report.html)
    for figure in page.find_class("traffic"):
        (svg,) = figure.iter("svg")
        ids = svg.get("aria-labelledby").split()
        assert all(page.get_element_by_id(name) is not None for name in ids)
        nodes = page.xpath("//@id")
    assert len(nodes) == len(set(nodes)), "ids of the page are unique"


def test_the_table_of_lights_is_also_a_file() -> None:
    report = build_report(content(*appraisals()))
    rows = list(csv.DictReader(io.StringIO(report.bundle["bias.csv"].decode())))
    assert len(rows) == 6 + 6 + 6 + 7 + 7
    marked = [r for r in rows if r["overridden"] == "yes"]
    assert [(r["domain"], r["proposal"], r["judgement"]) for r in marked] == [
        ("D1", "some concerns", "high")
    ]
    assert {r["status"] for r in rows if r["tool"] == "robins-i-v2"} == {"provisional"}
    answers = list(csv.DictReader(io.StringIO(report.bundle["appraisals.csv"].decode())))
    assert {r["question"] for r in answers if r["tool"] == "jbi"} == {"1"}, "no answer, no row"
    assert all(bool(r["answer"]) != bool(r["judgement"]) for r in answers)


# ------------------------------------------------------------------ signs and colours
def test_signs_tell_the_judgements_apart_without_colour() -> None:
    for scale in ((LOW, SOME, HIGH, NI), (LOW, LX, SOME, SERIOUS, CRITICAL, NI)):
        assert len({SIGNS[word.symbol] for word in scale}) == len(scale)


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour: str) -> float:
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


#: Machado, Oliveira & Fernandes 2009 (IEEE TVCG 15:1291), severity 1.
BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
               (0.004733, 0.691367, 0.303900)),
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}  # fmt: skip


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    r, g, b = linear(colour)
    seen = [max(0.0, x * r + y * g + z * b) for x, y, z in BLIND[sight]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * s for m, s in zip(row, seen, strict=True)) for row in to_xyz]
    f = [(v / w) ** (1 / 3) if v / w > 0.008856 else 7.787 * v / w + 16 / 116
         for v, w in zip(xyz, (0.9505, 1.0, 1.089), strict=True)]  # fmt: skip
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def colours() -> dict[str, str]:
    sheet = asset("bias.css")
    found = re.findall(
        r"^\.(good|fair|poor|worst|unknown) \{ fill: (#[0-9a-f]{6}); \}", sheet, re.M
    )
    assert len(found) == 5
    return dict(found)


@pytest.mark.parametrize("sight", BLIND)
def test_tones_stay_apart_for_people_who_see_fewer_colours(sight: str) -> None:
    for (_, a), (_, b) in combinations(colours().items(), 2):
        one, two = lab(a, sight), lab(b, sight)
        distance = sum((x - y) ** 2 for x, y in zip(one, two, strict=True)) ** 0.5
        assert distance > 15, (a, b, sight, distance)


def test_signs_can_be_read_on_their_lights() -> None:
    for tone, colour in colours().items():
        sign = "#1b1b1a" if tone in ("fair", "unknown") else "#ffffff"
        assert contrast(colour, sign) >= 4.5, tone


# ------------------------------------------------------------------ any tool at all
WORDS = st.builds(
    BiasWord,
    id=st.text("abcXYZ0123456789-", min_size=1, max_size=8),
    label=st.text(min_size=1, max_size=40).filter(lambda t: bool(t.strip())),
    symbol=st.one_of(st.sampled_from(["+", "–", "×", "!", "?", "(+)", ""]), st.text(max_size=3)),
    rank=st.integers(-1, 4),
    tone=st.sampled_from(["good", "fair", "poor", "worst", "unknown"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=60).filter(str.strip), st.none() | WORDS,
                          st.none() | WORDS), min_size=1, max_size=9))  # fmt: skip
def test_whatever_a_tool_is_called_the_page_is_written_and_accounted_for(rows: list) -> None:
    found = tuple(domain(f"x{n}", label, word, proposal)
                  for n, (label, word, proposal) in enumerate(rows))  # fmt: skip
    made = content(appraisal("trial2017/death/m12", found, rows[0][1]))
    report = build_report(made)
    assert account(report.html, report) == ()


@given(st.text(max_size=80), st.integers(2, 30))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text: str, columns: int) -> None:
    lines = [plain(line) for line in wrapped(text, columns)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(wide(line) <= columns + 2 for line in lines if len(line.split()) <= 1)


def test_names_with_numbers_are_not_torn_apart() -> None:
    book = Book(sample())
    label = [book.names.study("trial2017"), ", ", book.names.outcome("remission")]
    lines = [plain(line) for line in wrapped(Phrase(tuple(label)), 12)]
    assert lines == ["Trial 2017,", "renal", "remission"]


# ------------------------------------------------------------------ two assessors
def two(result: str, *words: BiasWord) -> tuple[AppraisalSummary, ...]:
    """Return what two assessors judged of a result, and their consensus where they agree."""
    held = [rob2(result, (LOW, LOW, word, LOW, LOW), word, role="assessor", assessor=who)
            for word, who in zip(words, ("p-rev-a", "p-rev-b"), strict=True)]  # fmt: skip
    if len(set(words)) > 1:
        return tuple(held)
    return (*held, replace(held[0], role="consensus", assessor="", agreed=("p-rev-a", "p-rev-b")))


def test_assessors_who_agree_count_as_one_judgement_everywhere() -> None:
    agreed, apart = two("trial2017/death/m12", HIGH, HIGH), two("second2021/death/m12", LOW, SOME)
    made = content(*agreed, *apart)
    (panel,) = bias_panels(Book(made))
    names = [plain(r.cells[0].piece) for r in panel.table.rows]
    assert len(names) == 3
    assert [n.rpartition(" (")[2] for n in names[:2]] == ["Ada Reviewer)", "Bo 李明)"]
    assert "(" not in names[2]
    whole = panel.bars[0].table.rows[-1]
    assert [plain(c.piece) for c in whole.cells] == ["Overall", "–", "1", "1"]
    page = page_of(made)
    abstract = words(page.get_element_by_id("abstract").getparent())
    assert "Judged high: Trial 2017, death" in abstract
    assert "Not settled between the assessors: Second 2021, death" in abstract
    (table,) = [t for t in page.iter("table") if "Death: DQ" in words(t.find("caption"))]
    rows = table.findall("tbody/tr")
    assert rows[0].xpath('string(.//svg[@class="lights"]/@aria-label)')
    assert "assessors not settled" in words(rows[1])
    captions = [words(c) for c in page.iter("caption")]
    assert len([c for c in captions if c.endswith(": judgements")]) == 4
    assert account(build_report(made).html, build_report(made)) == ()


def test_an_agreed_set_hands_on_no_row_that_nobody_typed() -> None:
    made = content(*two("trial2017/death/m12", HIGH, HIGH))
    bundle = build_report(made).bundle
    typed = list(csv.DictReader(io.StringIO(bundle["appraisals.csv"].decode())))
    assert {r["assessor"] for r in typed} == {"p-rev-a", "p-rev-b"}
    drawn = list(csv.DictReader(io.StringIO(bundle["bias.csv"].decode())))
    assert {r["assessor"] for r in drawn if r["role"] == "consensus"} == {"p-rev-a;p-rev-b"}


def test_a_checklist_alone_has_no_panel() -> None:
    assert panels(checklist()) == ()
