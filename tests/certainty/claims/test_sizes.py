"""Sizes, significance, other intervals, risk of bias and safety, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certainty.claims.invented_sizes import FEV1, review

from tamis.certainty.claims import check_text
from tamis.certainty.claims.naming import short_form
from tamis.domain.claims import CheckedText

PLAIN, HARMS = review(), review(harms=True)
UNAPPRAISED = replace(PLAIN, appraisals=PLAIN.appraisals[:1])


def check(text: str, evidence: object = PLAIN) -> CheckedText:
    assert isinstance(evidence, type(PLAIN))
    return check_text(text, name="a text", evidence=evidence)


def answer(text: str, evidence: object = PLAIN) -> str:
    given = {claim.number for claim in check(text, evidence).claims}
    return next((a for a in ("contradicted", "cannot-tell", "faithful") if a in given), "none")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Results: FEV1 rose by 140 mL.", "faithful"),
        ("Results: FEV1 rose by 240 mL.", "contradicted"),
        ("Results: FEV1 rose by up to 0.9 L.", "cannot-tell"),
        ("Results: FEV1 fell by 0.14 L.", "contradicted"),
        ("Results: FEV1 was 0.14 L higher with serolimab than with placebo.", "faithful"),
        ("Results: FEV1 was 0.14 L higher with placebo than with serolimab.", "contradicted"),
        ("Results: FEV1 was 0.14 L lower with placebo than with serolimab.", "faithful"),
        ("Results: FEV1 increased by 0.24 L in patients given serolimab.", "cannot-tell"),
        ("Results: In the serolimab group symptoms fell by 2 points from baseline.",
         "contradicted"),
        ("Results: Avery 2017 found that serolimab raised FEV1 by 0.12 L.", "faithful"),
        ("Results: Avery 2017 found that serolimab raised FEV1 by 0.33 L.", "contradicted"),
        ("Results: A difference of 0.10 L in FEV1 is the smallest that matters.", "cannot-tell"),
        ("Serolimab cuts night wakings by half.", "faithful"),
        ("Serolimab cuts night wakings by a quarter.", "contradicted"),
        ("Results: Serolimab reduced night wakings by 10 percentage points.", "faithful"),
        ("Results: Symptom scores differed by 4 points (p < 0.01).", "faithful"),
        ("Results: Symptom scores differed by 4 points (p > 0.05).", "contradicted"),
        ("Results: Night wakings were fewer (interaction, p = 0.9).", "cannot-tell"),
    ],
)  # fmt: skip
def test_sizes_are_held_against_differences(text: str, told: str) -> None:
    assert answer(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("All trials were at low risk of bias.", "contradicted"),
        ("Most trials were at low risk of bias.", "contradicted"),
        ("One of three trials was at low risk of bias.", "faithful"),
        ("Not all is told: Crane 2021 was at high risk of bias.", "faithful"),
        ("Crane 2021 was at low risk of bias.", "contradicted"),
        ("The effect was smaller in trials at low risk of bias.", "none"),
        ("Is it true that all trials were at low risk of bias?", "none"),
        ("The quality of the evidence was low.", "none"),
    ],
)
def test_risk_of_bias_is_held_against_the_appraisals(text: str, told: str) -> None:
    assert answer(text) == told


def test_without_appraisals_nobody_can_tell() -> None:
    assert answer("All trials were at low risk of bias.", UNAPPRAISED) == "cannot-tell"
    assert answer("所有试验均为低偏倚风险。", UNAPPRAISED) == "cannot-tell"
    assert answer("At most one matters: Avery 2017 was at low risk of bias.", UNAPPRAISED) == (
        "faithful"
    )


def test_another_interval_is_known_and_named() -> None:
    done = check("Results: The risk ratio for asthma attacks was 0.68 (95% CI 0.52 to 0.88).")
    (note,) = done.findings
    assert (note.severity, note.rule) == ("note", "number-differs")
    assert "Wald interval" in note.message
    assert "0.38 to 1.20" in note.message


def test_a_fixed_effect_result_is_known_and_named() -> None:
    pooled = PLAIN.syntheses[0].pooled
    assert pooled is not None
    alone = replace(PLAIN.syntheses[0], pooled=replace(pooled, alternatives=()))
    evidence = replace(PLAIN, syntheses=(alone, *PLAIN.syntheses[1:]))
    done = check("Results: For asthma attacks 95% CI 0.52 to 0.88 was found.", evidence)
    assert {claim.number for claim in done.claims} == {"faithful"}
    assert any("fixed-effect" in f.message for f in done.findings)


@pytest.mark.parametrize(
    "text", ["Serolimab is safe and well tolerated.", "Serolimab 安全性良好。"]
)
def test_safety_is_about_harms(text: str) -> None:
    without, with_harms = check(text), check(text, HARMS)
    assert [f.rule for f in without.findings] == ["verb-too-strong"]
    assert "nothing on harms" in without.findings[0].message
    assert not any(w in without.findings[0].suggestion for w in ("attack", "发作"))
    (finding,) = with_harms.findings
    assert "serious adverse events" in finding.message
    assert any(w in finding.suggestion for w in ("serious adverse events", "严重不良事件"))


@pytest.mark.parametrize("text", ["Serolimab should be used.", "应当使用 Serolimab。"])
def test_a_recommendation_is_never_answered_by_efficacy_alone(text: str) -> None:
    told = [f.suggestion for f in check(text).findings if f.rule == "recommendation"]
    assert told
    assert "nothing on harms" in told[0] or "没有关于危害的资料" in told[0]
    told = [f.suggestion for f in check(text, HARMS).findings if f.rule == "recommendation"]
    assert "serious adverse events" in told[0] or "严重不良事件" in told[0]


def test_the_words_of_the_question_name_the_intervention() -> None:
    bare = replace(PLAIN, findings_rows=())
    for text in ("Serolimab reduces FEV1.", "Serolimab 降低 FEV1。"):
        told = [f.suggestion for f in check(text, bare).findings if f.suggestion]
        assert told
        assert all("Serolimab" in one and "any dose" not in one for one in told)
    assert short_form("x" * 60, "en") == ""
    assert short_form("维拉曲林（任何剂量）", "zh") == "维拉曲林"
    assert short_form("维拉曲林", "en") == ""


def test_a_digit_in_the_name_of_an_outcome_counts_nothing() -> None:
    assert FEV1.name == "FEV1"
    assert answer("Results: FEV1 was measured.") == "none"
