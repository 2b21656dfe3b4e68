"""Families of overstatement, and what only looks like one, in English and Chinese.

``wording.csv`` holds sentences of press releases, abstracts and advice with the rules that must all
fire; a row without rules must pass without an error or a warning.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from tests.certainty.claims.invented import review

from tamis.certainty.claims import ClaimEvidence, check_text
from tamis.domain.claims import ClaimFinding

EVIDENCE = review()
ONE_TRIAL = replace(
    EVIDENCE, studies=tuple(s for s in EVIDENCE.studies if s.id in ("birch2018", "corley2020"))
)


def rows() -> list[dict[str, str]]:
    with Path(__file__).with_name("wording.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def found(text: str, evidence: ClaimEvidence = EVIDENCE) -> list[ClaimFinding]:
    done = check_text(text, name="a text", evidence=evidence)
    return [f for claim in done.claims for f in claim.findings]


def loud(text: str, evidence: ClaimEvidence = EVIDENCE) -> set[str]:
    return {f.rule for f in found(text, evidence) if f.severity != "note"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["sentence"])
def test_wording(row: dict[str, str]) -> None:
    fired, wanted = loud(row["sentence"]), set(filter(None, row["rules"].split(";")))
    assert wanted <= fired if wanted else not fired


def test_both_languages_flag_and_pass() -> None:
    for lang in ("en", "zh"):
        flagged = [bool(row["rules"]) for row in rows() if row["lang"] == lang]
        assert sum(flagged) >= 25
        assert len(flagged) - sum(flagged) >= 15


# ------------------------------------------------------------- outcomes that the review lacks
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Velatrin may reduce hair loss.", "hair loss"),
        ("Blood pressure fell with velatrin.", "Blood pressure"),
        ("维拉曲林可能减少脱发。", "脱发"),
        ("维拉曲林治疗后血压降低。", "血压"),
    ],
)
def test_an_outcome_of_no_body_borrows_no_statement(text: str, words: str) -> None:
    findings = found(text)
    assert findings
    assert all(words in f.suggestion for f in findings)
    assert not any("⊕" in f.suggestion for f in findings), "a statement about another outcome"
    assert any(words in f.message for f in findings if f.rule == "scope-wider")


@pytest.mark.parametrize(
    "text",
    [
        "Velatrin may reduce symptoms of Merrow disease.",
        "Velatrin may improve the health of patients.",
        "Velatrin may reduce relapse and pain.",
        "Velatrin may increase pneumonia and other serious adverse events.",
        "维拉曲林可能改善病情。",
        "维拉曲林可能减少复发。",
    ],
)
def test_what_is_meant_in_general_is_no_outcome_of_its_own(text: str) -> None:
    assert not any("no outcome of this review" in f.message for f in found(text))


# ------------------------------------------------------------------------- voices of studies
@pytest.mark.parametrize(
    "text",
    [
        "Birch and colleagues concluded that velatrin made no difference to walking distance.",
        "Birch et al. reported no difference in walking distance.",
        "The trial was stopped early and found no difference in walking distance.",
        "In the only randomised trial there was no difference in walking distance.",
        "Birch 等人报告步行距离没有差异。",
        "该试验提前终止，两组步行距离无差异。",
    ],
)
def test_a_study_tells_its_own_result(text: str) -> None:
    assert loud(text, ONE_TRIAL) == set()
    claims = check_text(text, name="a text", evidence=ONE_TRIAL).claims
    assert [(c.voice, c.subject) for c in claims] == [("study", "birch2018")]


@pytest.mark.parametrize(
    "text",
    [
        "The trial found no difference in walking distance.",
        "Velatrin makes no difference to walking distance.",
        "该试验的步行距离没有差异。",
    ],
)
def test_the_trial_is_nobody_where_there_are_two(text: str) -> None:
    assert "verb-too-strong" in loud(text)


def test_what_a_study_proves_is_still_too_strong() -> None:
    text = "Birch et al. proved that velatrin is ineffective for walking distance."
    assert "verb-too-strong" in loud(text, ONE_TRIAL)


# ------------------------------------------------------------------------------- suggestions
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ion channel blockers reduce relapse.", "Name the treatment that was studied (velatrin)"),
        ("离子通道阻滞剂减少复发。", "请写明所研究的干预（维拉曲林）"),
        ("Velatrin reduces relapse in inflammatory joint disease.", "Name who was studied"),
        ("Velatrin was superior to methotrexate for relapse.", "Name what it was compared with"),
    ],
)
def test_a_wider_scope_is_answered_in_its_own_dimension(text: str, says: str) -> None:
    wider = [f for f in found(text) if f.rule == "scope-wider"]
    assert [f.suggestion.startswith(says) for f in wider] == [True]


# ------------------------------------------------------------------- comparisons with before
@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Velatrin lowers pain compared with before treatment.", True),
        ("Velatrin reduced pain from baseline more than placebo.", False),
        ("维拉曲林组的疼痛评分较基线降低，幅度大于安慰剂组。", False),
        ("维拉曲林使疼痛评分较基线降低。", True),
        ("Results: pain fell from 60 to 40 points after velatrin.", False),
    ],
)
def test_an_earlier_time_is_no_comparison_group(text: str, fires: bool) -> None:
    assert ("no-comparator" in loud(text)) is fires
