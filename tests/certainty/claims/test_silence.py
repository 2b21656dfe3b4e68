"""True and harmless sentences about counts, times, comparators and works: nothing is found."""

from __future__ import annotations

import pytest
from tests.certainty.claims.invented_trials import review

from tamis.certainty.claims import check_text

EVIDENCE = review()
RULES = {"citation-differs", "number-differs", "scope-wider", "subgroup-headline"}


@pytest.mark.parametrize(
    "text",
    [
        "All patients gave consent; flares were recorded.",
        "Most patients had a history of flare.",
        "Most patients in both groups reached remission.",
        "Some studies showed that tolmarin lowers fatigue.",
        "Tolmarin lowers fatigue better than expected.",
        "Fatigue was lower with tolmarin than at baseline.",
        "Tolmarin lowers fatigue, but long-term safety is unknown.",
        "Tolmarin lowers fatigue; longer trials of 5 years are needed.",
        "Long-term studies of tolmarin are needed to see whether it lowers fatigue.",
        "Conclusion: In the two trials 40 of 160 people on tolmarin and 58 of 160 on usual care"
        " flared.",
        "Conclusion: Tolmarin likely increases remission (RR 1.5, 95% CI 1.15 to 1.95).",
        "Remission ranged from 45% to 55% with tolmarin.",
        "In Lindqvist 2016 and Okafor 2019, 18 of 40 and 66 of 120 given tolmarin reached"
        " remission.",
        "Results: Sixteen of 40 in the control group and 10 of 40 in the tolmarin group flared.",
        "Results: At month 12, 30 of 118 completers given tolmarin had flared.",
        "According to Lindqvist (2016) and Okafor (2019), flares were rarer.",
        "大多数患者为女性，部分患者有发作史。",
        "托马林优于预期。",
        "部分研究显示托马林降低疲劳评分。",
        "与治疗前相比，疲劳评分下降。",
        "结果：对照组 40 人中 16 人发作，托马林组 40 人中 10 人发作。",
        "缓解率在 45% 至 55% 之间。",
        "没有研究报告长期疗效。",
        "没有证据表明托马林优于其他药物。",
        "需要更长期的试验来确定托马林能否降低疲劳。",
    ],
)
def test_nothing_is_found(text: str) -> None:
    done = check_text(text, name="a text", evidence=EVIDENCE)
    assert not [f.message for f in done.findings if f.rule in RULES and f.severity != "note"]
