"""Each of the twelve rules: where it fires, where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certainty.claims.invented import review

from tamis.certainty.claims import RULES, ClaimEvidence, check_text
from tamis.domain.claims import CheckedText
from tamis.domain.decisions import Note
from tamis.domain.results import Finding
from tamis.domain.summaries import AppraisalSummary, BiasDomain, BiasWord

EVIDENCE = review()


def check(text: str, evidence: ClaimEvidence = EVIDENCE, lang: str | None = None) -> CheckedText:
    return check_text(text, name="a text", evidence=evidence, lang=lang)


def fired(text: str, evidence: ClaimEvidence = EVIDENCE) -> dict[str, str]:
    """Return rule -> severity of what was found in the sentences of a text."""
    return {f.rule: f.severity for c in check(text, evidence).claims for f in c.findings}


def missing(text: str, evidence: ClaimEvidence = EVIDENCE) -> set[tuple[str, str]]:
    return {(f.subject, f.rule) for f in check(text, evidence).text_findings}


def test_the_table_has_twelve_rules_in_order() -> None:
    assert [rule.number for rule in RULES.values()] == list(range(1, 13))
    assert all(rule.sentence.endswith(".") for rule in RULES.values())


# ------------------------------------------------------------------------------ 1 verb-too-strong
@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Velatrin reduces pain.", "error"),
        ("Velatrin likely reduces pain.", None),
        ("Velatrin proves its benefit for relapse.", "error"),
        ("Velatrin reduces relapse.", None),
        ("Results: Velatrin reduces pain.", None),
        ("Methods: Velatrin reduces pain.", None),
        ("Velatrin reduces pain (high certainty, ⊕⊕⊕⊕).", "error"),
        ("Velatrin likely reduces pain (high certainty, ⊕⊕⊕⊕).", "error"),
    ],
)
def test_verb_too_strong(text: str, severity: str | None) -> None:
    assert fired(text).get("verb-too-strong") == severity


def test_the_ceiling_of_an_unrated_outcome_is_the_lowest() -> None:
    done = check("Velatrin improves quality of life.")
    assert done.claims[0].ceiling == 1
    assert "verb-too-strong" in {f.rule for f in done.findings}


def test_a_study_that_reports_no_difference_is_reported_faithfully() -> None:
    own = fired("Birch 2018\nConclusion: There was no difference in walking distance.")
    assert own == {"interval-disagrees": "note"}
    ours = fired("Conclusion: There was no difference in walking distance with velatrin.")
    assert ours["verb-too-strong"] == "error"
    assert ours["interval-disagrees"] == "warning"


# --------------------------------------------------------------------------- 2 interval-disagrees
@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Velatrin increases walking distance.", "error"),
        ("Velatrin may increase walking distance.", None),  # paid for by imprecision
        ("Velatrin may increase death.", None),
        ("Velatrin may reduce death.", "error"),  # the estimate points the other way
        ("Velatrin reduces relapse.", None),
        ("Velatrin makes no difference to relapse: there was no effect on relapse.", "error"),
    ],
)
def test_interval_disagrees(text: str, severity: str | None) -> None:
    assert fired(text).get("interval-disagrees") == severity


# ---------------------------------------------------------------------------------- 4 scope-wider
@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Velatrin reduces relapse in inflammatory joint disease.", True),
        ("Velatrin reduces relapse in Merrow disease.", False),
        ("Ion channel blockers reduce relapse.", True),
        ("Velatrin reduces relapse in severe Merrow disease.", True),
        ("Velatrin reduces relapse for up to 10 years.", True),
        ("Velatrin reduces relapse within 12 months.", False),
        ("Inflammatory joint disease is common.", False),
    ],
)
def test_scope_wider(text: str, fires: bool) -> None:
    assert ("scope-wider" in fired(text)) is fires


# ------------------------------------------------------------------------------- 5 no-comparator
def test_no_comparator() -> None:
    assert fired("Corley 2020: velatrin improves clinical remission.")["no-comparator"] == "error"
    assert fired("Velatrin improves clinical remission.")["no-comparator"] == "error"
    assert "no-comparator" not in fired("Velatrin reduces relapse.")
    assert "no-comparator" not in fired("Results: In Corley 2020 clinical remission improved.")


# ------------------------------------------------------------------- 6, 7: groups and advice
def test_subgroup_headline() -> None:
    text = "Velatrin reduces relapse, especially in severe Merrow disease."
    assert fired(text)["subgroup-headline"] == "error"
    assert "subgroup-headline" not in fired("Relapse was counted, especially at month 12.")


def test_recommendation() -> None:
    assert fired("Doctors should prescribe velatrin.")["recommendation"] == "error"
    assert "recommendation" not in fired("More trials should be done.")
    assert "recommendation" not in fired("Disclaimer: you should ask a doctor.")


# ------------------------------------------------------------------------------ 8 caveat-missing
def test_very_low_certainty_must_be_said() -> None:
    assert fired("Velatrin may increase death.")["caveat-missing"] == "warning"
    assert fired("Velatrin may increase death, but the evidence is very uncertain.") == {}
    two = "Velatrin may increase death. The evidence is very uncertain."
    assert "caveat-missing" in fired(two), "a hedge needs its clause in the same sentence"


def test_high_risk_of_bias_must_be_said() -> None:
    word = BiasWord(id="high", label="high", symbol="-", rank=2, tone="worst")
    poor = AppraisalSummary(
        tool="t", tool_name="T", version="1", url="", study="birch2018",
        result="birch2018/relapse/m12", assessor="p-a",
        overall=BiasDomain(id="overall", label="overall", judgement=word),
    )  # fmt: skip
    evidence = replace(EVIDENCE, appraisals=(poor,))
    assert fired("Velatrin reduces relapse.", evidence)["caveat-missing"] == "warning"
    said = "Velatrin reduces relapse; the trials have a high risk of bias."
    assert "caveat-missing" not in fired(said, evidence)
    stated = "Velatrin reduces relapse (high certainty, ⊕⊕⊕⊕)."
    assert fired(stated, evidence) == {}, "the certainty counts the bias in"


# ----------------------------------------------------------------------------------- 9 surrogate
def test_surrogate() -> None:
    assert fired("Velatrin effectively improves C-reactive protein.")["surrogate"] == "warning"
    assert "surrogate" not in fired("Velatrin lowers C-reactive protein.")
    assert "surrogate" not in fired("Velatrin is effective: it improves relapse and CRP.")


# ------------------------------------------------------------------------------ 10 number-differs
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Birch 2018 enrolled 200 people.", "faithful"),
        ("Birch 2018 enrolled 210 people.", "contradicted"),
        ("In Corley 2020 30 of 50 reached clinical remission.", "faithful"),
        ("In Corley 2020 31 of 50 reached clinical remission.", "contradicted"),
        ("In Corley 2020 60.0% reached clinical remission.", "faithful"),
        ("In Corley 2020 33% had headaches.", "cannot-tell"),
        ("The risk ratio for relapse was 0.6.", "faithful"),
        ("The risk ratio for relapse was 0.7.", "contradicted"),
        ("Two trials were included.", "faithful"),
        ("Nothing is counted here.", "none"),
    ],
)
def test_answers_about_numbers(text: str, answer: str) -> None:
    done = check(text)
    assert done.claims[0].number == answer
    found = {f.rule for f in done.claims[0].findings}
    assert ("number-differs" in found) is (answer == "contradicted")


def test_all_studies() -> None:
    assert fired("All studies prove that velatrin reduces relapse.")["number-differs"] == "error"
    assert "number-differs" not in fired("All studies reported relapse.")


# ------------------------------------------------------------------------- 12 unit-or-notation-lost
def test_notation() -> None:
    lost = check("Velatrin was given at 2×10 8 units.").claims
    assert [f.severity for c in lost for f in c.findings] == ["warning"]
    assert fired("Velatrin was given at 2×10⁸ units.") == {}
    where = next(c for c in lost if c.findings)
    assert where.text == "2×10 8"


# ------------------------------------------------------------------------------ 11 citation-differs
REPORTS = """Ashdown 2015
Background: Ashdown 2015 was published in Annals of Invented Medicine in 2015.
Results: 120 people took part.

Birch 2018
Background: Birch 2018 was published in Annals of Invented Medicine in 2018.
Results: 200 people took part.

References
Ashdown A. Velatrin for Merrow disease: a randomised trial. Annals of Invented Medicine 2015.
"""


def test_journals_titles_and_missing_works() -> None:
    done = check(REPORTS)
    journals = {c.text: c.number for c in done.claims if c.text.startswith("published in")}
    assert journals == {"published in Annals of Invented Medicine": "contradicted"} or set(
        journals.values()
    ) == {"faithful", "contradicted"}
    rules = [(f.subject, f.rule, f.severity) for f in done.text_findings]
    assert ("birch2018", "citation-differs", "error") in rules
    assert ("ashdown2015", "citation-differs", "error") not in rules
    altered = REPORTS.replace("a randomised trial.", "a large randomized study.")
    assert ("ashdown2015", "citation-differs") in missing(altered)
    same = REPORTS.replace("randomised", "randomized")
    assert ("ashdown2015", "citation-differs") not in missing(same)


def test_spelling_case_and_punctuation_do_not_make_a_title_differ() -> None:
    shouted = REPORTS.replace(
        "Velatrin for Merrow disease: a randomised trial",
        "VELATRIN FOR MERROW DISEASE - A RANDOMISED TRIAL",
    )
    assert ("ashdown2015", "citation-differs") not in missing(shouted)


def test_search_date_of_our_own_sources() -> None:
    from tamis.domain.question import Source

    source = Source(id="s", database="S", platform="S", searched_on="2022-05-31")
    evidence = replace(EVIDENCE, protocol=replace(EVIDENCE.protocol, sources=(source,)))
    assert fired("We searched until April 2023.", evidence)["citation-differs"] == "error"
    assert fired("We searched until May 2022.", evidence) == {}
    assert fired("We searched until May 2022.") == {}


# ------------------------------------------------------------------------- 3, 8, 10 on whole texts
SECTION = """Birch 2018
Results: 200 people were randomised. Relapse was less frequent with velatrin.
Conclusion: Velatrin likely reduces pain.
"""


def test_harms_left_out_of_the_section_of_a_study() -> None:
    assert ("birch2018", "selective-outcomes") in missing(SECTION)
    told = SECTION.replace("Relapse was", "There were 3 deaths and 18 relapses. Relapse was")
    assert ("birch2018", "selective-outcomes") not in missing(told)


def test_ever_not_said_beside_lower_values() -> None:
    text = "Corley 2020\nResults: 60% of 50 patients reached clinical remission within a year.\n"
    assert ("corley2020", "number-differs") in missing(text)
    said = text.replace("reached", "ever reached")
    assert ("corley2020", "number-differs") not in missing(said)


def test_what_sources_say_against_themselves_must_be_said() -> None:
    stopped = Finding(rule="stopped.early", severity="warning", subject="birch2018",
                      message="stopped after the first look")  # fmt: skip
    registry = Finding(rule="registry.size", severity="warning", subject="birch2018",
                       message="registered with 400")  # fmt: skip
    overlap = Note(event="e", topic="overlap", subject="o", fields=(("studies", "birch2018; x"),),
                   by="p-a", at="")  # fmt: skip
    evidence = replace(EVIDENCE, trust_findings=(stopped, registry), notes=(overlap,))
    done = check(SECTION, evidence)
    caveats = [f.message for f in done.text_findings if f.rule == "caveat-missing"]
    assert len(caveats) == 3
    said = (
        SECTION + "It was stopped early, differs from its registration, and may overlap with x.\n"
    )
    told = check(said, evidence)
    assert not [f for f in told.text_findings if f.rule == "caveat-missing"]


def test_a_conclusion_of_benefit_without_any_harm() -> None:
    text = "Velatrin reduces relapse. Velatrin likely reduces pain. The review has two trials.\n"
    assert ("review", "selective-outcomes") in missing(text)
    balanced = text + "The effect on death is very uncertain.\n"
    assert ("review", "selective-outcomes") not in missing(balanced)


# -------------------------------------------------------------------------------------- suggestions
@pytest.mark.parametrize(
    ("text", "word"), [("Velatrin reduces pain.", "likely"), ("维拉曲林降低疼痛评分。", "很可能")]
)
def test_the_suggestion_is_the_statement_in_the_language_of_the_claim(text: str, word: str) -> None:
    finding = next(f for f in check(text).findings if f.rule == "verb-too-strong")
    assert word in finding.suggestion


def test_same_input_same_answer_in_the_same_order() -> None:
    text = REPORTS + SECTION
    assert check(text) == check(text)


def test_every_rule_that_speaks_is_in_the_table_and_every_finding_has_its_reason() -> None:
    text = REPORTS + SECTION + "All studies prove that velatrin cures inflammatory joint disease.\n"
    for finding in check(text).findings:
        assert finding.rule in RULES
        assert finding.message
        assert finding.subject
        assert finding.suggestion
