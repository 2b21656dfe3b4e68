"""Harms that are said to be absent: held against every recorded count where no study is named."""

from __future__ import annotations

import pytest
from tests.certainty.claims.invented_sizes import review as without_deaths
from tests.certainty.claims.invented_trials import review

from tamis.certainty.claims import check_text

EVIDENCE = review()


@pytest.mark.parametrize(
    "text",
    [
        "No patient died.",
        "There were no deaths with tolmarin.",
        "No deaths occurred in the trials.",
        "Nobody died.",
        "没有患者死亡。",
        "托马林组未发生死亡。",
    ],
)
def test_a_recorded_event_contradicts_its_absence(text: str) -> None:
    whole = check_text(text, name="t.txt", evidence=EVIDENCE).claims[0]
    assert whole.number == "contradicted"
    assert {(f.rule, f.severity) for f in whole.findings} == {("number-differs", "error")}
    assert any("okafor2019" in finding.message for finding in whole.findings)
    assert all(finding.because for finding in whole.findings)


@pytest.mark.parametrize(
    "text",
    [
        "Patients who died were counted.",
        "Methods: No deaths were excluded from the analysis.",
        "No patient refused.",
        "没有患者拒绝。",
    ],
)
def test_other_sentences_with_no_are_left_alone(text: str) -> None:
    found = [
        f.rule
        for claim in check_text(text, name="t.txt", evidence=EVIDENCE).claims
        for f in claim.findings
    ]
    assert "number-differs" not in found


def test_a_harm_that_nobody_recorded_is_not_called_absent_or_present() -> None:
    (claim,) = check_text(
        "No serious adverse events occurred.", name="t.txt", evidence=without_deaths()
    ).claims
    assert claim.number == "cannot-tell"
