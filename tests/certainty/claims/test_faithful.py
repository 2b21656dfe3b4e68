"""A true sentence is faithful; with one facet made wrong it never is (law of rule 10).

Sentences are made from the facts of an invented review with two trials, two arms and three visits,
in several wordings of both languages. One facet at a time is then made wrong: arm, visit, count,
sign, end of the interval, study.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.certainty.claims.invented import review

from tamis.certainty.claims import ClaimEvidence, check_text
from tamis.domain.question import Visit
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value

STUDIES = {"ashdown2015": "Ashdown 2015", "birch2018": "Birch 2018"}
ARMS = {"velatrin": ("velatrin", "维拉曲林"), "placebo": ("placebo", "安慰剂")}
MONTHS = ("3", "6", "12")
PEOPLE = 80

#: Events of relapse among 80: study -> arm -> by month; no two are alike.
EVENTS = {
    "ashdown2015": {"velatrin": (7, 13, 19), "placebo": (23, 29, 37)},
    "birch2018": {"velatrin": (5, 11, 17), "placebo": (31, 41, 53)},
}

COUNTED = {
    "en": (
        "In {study}, {x} of {n} patients given {arm} had a relapse at {m} months.",
        "At month {m}, relapse had occurred in {x}/{n} of the {arm} group in {study}.",
        "{study} reported relapses in {p}% of patients given {arm} at {m} months.",
        "After {m} months {p}% of those on {arm} had a relapse ({study}).",
        "Relapse at {m} months in {study}: {x} of {n} ({p}%) with {arm}.",
        "In the {arm} group of {study}, {x} patients had a relapse at {m} months.",
        "In {study}, relapse at {m} months was seen in {x} of {n} with {arm} and in {y} of {n} with"
        " {other}.",
        "With {arm} {p}% and with {other} {q}% had a relapse at {m} months in {study}.",
    ),
    "zh": (
        "在 {study} 中，{m} 个月时{arm}组 {n} 人中 {x} 人复发。",
        "{study} 报告，第 {m} 个月{arm}组复发率为 {p}%。",
        "{study}：{m} 个月时，{arm}组 {x}/{n}（{p}%）复发。",
        "{study} 中 {m} 个月时{arm}组有 {x} 名患者复发。",
        "在 {study} 中，{m} 个月时{arm}组 {n} 人中 {x} 人、{other}组 {n} 人中 {y} 人复发。",
        "{study} 中 {m} 个月时{arm}组 {p}%、{other}组 {q}% 复发。",
    ),
}
#: Pain: mean difference -12 (-18 to -6); walking: 20 (-5 to 45).
MEASURED = {
    "en": (
        "The mean difference in {o} was {d} (95% CI {l} to {h}).",
        "{o}: MD {d} (95% CI {l} to {h}).",
        "For {o} the mean difference between velatrin and placebo was {d}, 95% confidence interval"
        " {l} to {h}.",
    ),
    "zh": (
        "{o}的均数差为 {d}（95% CI {l} 至 {h}）。",
        "{o}：MD {d}（95% CI {l} 到 {h}）。",
    ),
}
RESULTS = {
    ("pain scores", "疼痛评分"): (-12, -18, -6),
    ("walking distance", "步行距离"): (20, -5, 45),
}
RATIOS = {
    "en": ("Relapse: RR {d} (95% CI {l} to {h}).",
           "The risk ratio of relapse was {d} (95% confidence interval {l} to {h})."),
    "zh": ("复发 RR {d}（95% CI {l} 至 {h}）。", "复发的风险比为 {d}（95% 置信区间 {l} 至 {h}）。"),
}  # fmt: skip


def evidence() -> ClaimEvidence:
    """Return the invented review with counts of both trials at three visits."""
    plain = review()
    values = [v for v in plain.extraction.values if v.cell.outcome != "relapse"]
    for study, arms in EVENTS.items():
        for arm, row in arms.items():
            for month, events in zip(MONTHS, row, strict=True):
                values += [value(study, arm, month, "events", events),
                           value(study, arm, month, "n", PEOPLE)]  # fmt: skip
    visits = (Visit(id="baseline", label="baseline", months="0"),
              *(Visit(id=f"m{m}", label=f"month {m}", months=m) for m in MONTHS))  # fmt: skip
    syntheses = tuple(replace(s, rows=()) for s in plain.syntheses)
    return replace(plain, extraction=Extraction(values=tuple(values)), syntheses=syntheses,
                   protocol=replace(plain.protocol, visits=visits))  # fmt: skip


def value(study: str, arm: str, month: str, statistic: str, number: int) -> Value:
    return Value(
        id=f"v:{study}/relapse/m{month}/{arm}/{statistic}",
        cell=Cell(study=study, outcome="relapse", visit=f"m{month}", arm=arm, estimand="point"),
        statistic=statistic, printed=str(number), number=Decimal(number), unit="patients",
        source=CitationAnchor(citation="invented", location="Table 1",
                              status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


EVIDENCE = evidence()


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says: indices of study, arm and month, and how much is added to the count."""

    study: str
    arm: str
    month: int
    more: int = 0
    claimed_study: str = ""
    claimed_arm: str = ""
    claimed_month: int = -1

    def words(self, template: str, lang: str) -> str:
        """Return the sentence: the true values of a cell, told of the one that is claimed."""
        arm = self.claimed_arm or self.arm
        other = next(a for a in ARMS if a != arm)
        told = next(a for a in ARMS if a != self.arm)
        x = EVENTS[self.study][self.arm][self.month] + self.more
        y = EVENTS[self.study][told][self.month]
        nth = lang == "zh"
        month = self.month if self.claimed_month < 0 else self.claimed_month
        return template.format(
            study=STUDIES[self.claimed_study or self.study], arm=ARMS[arm][nth],
            other=ARMS[other][nth], m=MONTHS[month], x=x, y=y, n=PEOPLE,
            p=share(x), q=share(y),
        )  # fmt: skip


def share(events: int) -> str:
    return f"{100 * events / PEOPLE:.1f}"


def answer(text: str, lang: str) -> str:
    done = check_text(text, name="one", evidence=EVIDENCE, lang=lang)
    (claim,) = done.claims
    return claim.number


cells = st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(sorted(ARMS)), st.integers(0, 2))
counted = st.sampled_from([(lang, t) for lang, rows in COUNTED.items() for t in rows])
FACETS = ("arm", "visit", "count", "study")


@settings(max_examples=120, deadline=None)
@given(cells, counted)
def test_a_true_count_is_faithful(cell: tuple[str, str, int], said: tuple[str, str]) -> None:
    lang, template = said
    text = Said(*cell).words(template, lang)
    assert answer(text, lang) == "faithful", text


@settings(max_examples=300, deadline=None)
@given(cells, counted, st.sampled_from(FACETS), st.integers(-4, 20), st.integers(1, 2))
def test_a_count_with_one_facet_wrong_is_not(
    cell: tuple[str, str, int], said: tuple[str, str], facet: str, more: int, later: int
) -> None:
    lang, template = said
    true = Said(*cell)
    study, arm, month = cell
    match facet:
        case "arm":
            wrong = replace(true, claimed_arm=next(a for a in ARMS if a != arm))
        case "visit":
            wrong = replace(true, claimed_month=(month + later) % 3)
        case "study":
            wrong = replace(true, claimed_study=next(s for s in STUDIES if s != study))
        case _:
            assume(more != 0)
            wrong = replace(true, more=more)
    text = wrong.words(template, lang)
    assert answer(text, lang) != "faithful", text


@pytest.mark.parametrize(
    ("lang", "template"), [(lang, t) for lang, rows in MEASURED.items() for t in rows]
)
@pytest.mark.parametrize("outcome", sorted(RESULTS))
def test_a_difference_is_faithful_only_with_its_sign_and_limits(
    outcome: tuple[str, str], template: str, lang: str
) -> None:
    d, low, high = RESULTS[outcome]

    def told(d: int, low: int, high: int) -> str:
        words = template.format(o=outcome[lang == "zh"], d=d, l=low, h=high).replace("-", "−")
        return answer(words, lang)

    assert told(d, low, high) == "faithful"
    for wrong in (
        (-d, low, high), (d + 1, low, high), (d, -low, high), (d, low, -high), (d, low - 2, high),
        (d, low, high + 2), (d, high, low), (-d, low, -high),
    ):  # fmt: skip
        assert told(*wrong) != "faithful", wrong


@pytest.mark.parametrize(
    ("lang", "template"), [(lang, t) for lang, rows in RATIOS.items() for t in rows]
)
def test_a_ratio_is_faithful_only_with_its_limits(template: str, lang: str) -> None:
    def told(d: str, low: str, high: str) -> str:
        return answer(template.format(d=d, l=low, h=high), lang)

    assert told("0.60", "0.45", "0.80") == "faithful"
    for wrong in (
        ("0.61", "0.45", "0.80"), ("1.60", "0.45", "0.80"), ("0.60", "0.44", "0.80"),
        ("0.60", "0.45", "0.85"), ("0.60", "0.80", "0.45"), ("0.60", "−0.45", "0.80"),
    ):  # fmt: skip
        assert told(*wrong) != "faithful", wrong


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sentence_is_one_claim_whatever_parts_it_has(lang: str) -> None:
    text = {
        "en": "In Ashdown 2015, 7 of 80 given velatrin had a relapse at 3 months and 12 fell ill.",
        "zh": "Ashdown 2015 中 3 个月时维拉曲林组 80 人中 7 人复发，另有 12 人不适。",
    }[lang]
    done = check_text(text, name="one", evidence=EVIDENCE, lang=lang)
    (whole,) = done.sentences
    assert whole.text == text
    assert {part.part_of for part in done.claims if part is not whole} <= {whole.id}
