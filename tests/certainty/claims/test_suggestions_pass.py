"""Law: what the check suggests passes the check, whatever certainty, size, side and language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certainty.claims.invented_sizes import ATTACK, BODIES, SYMPTOMS, Row, review

from tamis.certainty.claims import ClaimEvidence, check_text
from tamis.certainty.wording import COLUMNS

TEXTS = {
    "en": (
        "It is proven that serolimab reduces asthma attacks.",
        "Serolimab reduces symptom scores by 99 points (p = 0.9).",
        "Serolimab increases asthma attacks and cuts symptom scores.",
        "Serolimab has no effect on asthma attacks.",
        "Serolimab likely reduces asthma attacks.",
        "Asthma attacks were significantly rarer (p<0.00001).",
        "Serolimab significantly reduces symptom scores, especially in women.",
        "Serolimab is safe and well tolerated.",
        "Serolimab is safe and effective, and should be offered to all adults.",
        "The results confirm serolimab as a potential treatment.",
        "All trials showed fewer asthma attacks, and all trials were at low risk of bias.",
        "Results: Asthma attacks occurred in 50 of 280 versus 120 of 280.",
        "Serolimab permanently prevents asthma attacks for 20 years.",
        "The risk ratio for asthma attacks was 0.99 (95% CI 0.98 to 0.995).",
        "The risk ratio for asthma attacks was 0.68 (95% CI 0.52 to 0.88).",
    ),
    "zh": (
        "研究证实 Serolimab 降低哮喘发作。",
        "Serolimab 使症状评分降低 99 分（P = 0.9）。",
        "Serolimab 增加哮喘发作，降低症状评分。",
        "Serolimab 对哮喘发作没有影响。",
        "Serolimab 很可能减少哮喘发作。",
        "哮喘发作显著减少（P<0.00001）。",
        "Serolimab 显著降低症状评分，尤其是女性患者。",
        "Serolimab 安全性良好。",
        "Serolimab 安全有效，应当使用。",
        "结果证实 Serolimab 可作为潜在治疗方法。",
        "所有试验均显示哮喘发作减少，所有试验的偏倚风险均为低。",
        "结果：哮喘发作为 50/280 对 120/280。",
        "Serolimab 永久预防哮喘发作达 20 年。",
        "哮喘发作的风险比为 0.99（95% CI 0.98 至 0.995）。",
        "哮喘发作的风险比为 0.68（95% CI 0.52 至 0.88）。",
    ),
}


def loud(evidence: ClaimEvidence, lang: str, text: str) -> list[str]:
    """Return suggestions for a text that have an error or a warning of their own."""
    done = check_text(text, name="one", evidence=evidence, lang=lang)
    said = {f.suggestion for f in done.findings} | {
        one.whole for claim in done.claims for one in claim.suggestions
    }
    found = []
    for suggestion in sorted(filter(None, said)):
        again = check_text(suggestion, name="suggestion", evidence=evidence, lang=lang)
        found += [f"{suggestion} -> {f.rule}: {f.message}" for f in again.findings
                  if f.severity != "note"]  # fmt: skip
    return found


RATIOS = ((0.6, 0.4, 0.8), (0.6, 0.3, 1.2), (1.6, 1.2, 2.1), (1.6, 0.8, 3.2), (1.0, 0.98, 1.02))
MEANS = ((-4.0, -6.0, -2.0), (-4.0, -9.0, 1.0), (4.0, 2.0, 6.0), (4.0, -1.0, 9.0), (0.1, -1.0, 1.2))


@st.composite
def reviews(draw: st.DrawFn) -> ClaimEvidence:
    """Draw a review: certainty, imprecision, side of the interval, size, thresholds, harms."""
    bodies: list[Row] = []
    for of, measure, shapes, studies in (
        (ATTACK, "RR", RATIOS, BODIES[0][-1]),
        (SYMPTOMS, "MD", MEANS, BODIES[2][-1]),
    ):
        estimate, low, high = draw(st.sampled_from(shapes))
        outcome = of if draw(st.booleans()) else replace(of, thresholds=())
        level = draw(st.integers(1, 4))
        imprecision = draw(st.sampled_from((0, -1) if level < 4 else (0,)))
        bodies.append((outcome, level, imprecision, measure, estimate, (low, high),
                       (low + 0.01, high - 0.01), 0.04, studies))  # fmt: skip
    size = draw(st.sampled_from(COLUMNS[:-1]))
    return review(harms=draw(st.booleans()), bodies=tuple(bodies), size=size)


@pytest.mark.parametrize("lang", ["en", "zh"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_suggestion_passes_the_check(lang: str, data: st.DataObject) -> None:
    evidence = data.draw(reviews())
    if data.draw(st.booleans()):  # without rows the statement is made from level and interval
        evidence = replace(evidence, findings_rows=())
    text = data.draw(st.sampled_from(TEXTS[lang]))
    assert loud(evidence, lang, text) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_texts_do_bring_suggestions(lang: str) -> None:
    evidence = review()
    for text in TEXTS[lang]:
        done = check_text(text, name="one", evidence=evidence, lang=lang)
        assert any(f.suggestion for f in done.findings), text


def test_a_finding_on_the_interval_suggests_to_name_it() -> None:
    for text, words in (("Serolimab reduces asthma attacks.", "includes no effect"),
                        ("Serolimab 减少哮喘发作。", "包含无效应")):  # fmt: skip
        done = check_text(text, name="one", evidence=review())
        told = [f for f in done.findings if f.rule == "interval-disagrees"]
        assert told
        assert all(words in f.suggestion and "0.38" in f.suggestion for f in told)


def test_without_imprecision_rated_down_the_finding_says_so() -> None:
    row = BODIES[0]
    bodies = ((row[0], 3, 0, *row[3:]),)
    done = check_text("Serolimab may reduce asthma attacks.", name="one",
                      evidence=review(bodies=bodies))  # fmt: skip
    told = [f.message for f in done.findings if f.rule == "interval-disagrees"]
    assert told
    assert "imprecision was not rated down" in told[0]
