"""Each distinct suggestion once a claim; comparators and counts where nothing is declared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certainty.claims.invented_trials import review

from tamis.certainty.claims import check_text
from tamis.domain.claims import CheckedText, ClaimFinding, suggestions_of

EVIDENCE = review()


def check(text: str) -> CheckedText:
    return check_text(text, name="a text", evidence=EVIDENCE)


def finding(rule: str, suggestion: str) -> ClaimFinding:
    return ClaimFinding(rule=rule, severity="error", message="m", suggestion=suggestion,
                        because=(rule,))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Tolmarin is superior to all existing drugs and permanently cures fatigue.",
        "托马林永久改善疲劳，应当使用托马林，其效果优于所有现有疗法。",
    ],
)
def test_each_sentence_is_suggested_once_a_claim(text: str) -> None:
    claim = check(text).claims[0]
    suggested = claim.suggestions
    assert len(claim.findings) > len(suggested)
    assert sum(len(s.findings) for s in suggested) == len(claim.findings)
    texts = [s.text for s in suggested]
    assert len(set(texts)) == len(texts)
    assert not any(a != b and a.endswith(b) for a in texts for b in texts)


def test_advice_stands_once_before_the_sentence_it_shares() -> None:
    told = suggestions_of([
        finding("a", "Name who: One trial, 18 people: it fell."),
        finding("b", "Drop the word: One trial, 18 people: it fell."),
        finding("c", "One trial, 18 people: it fell."),
        finding("d", "Say what harms were seen: death."),
        finding("e", ""),
    ])  # fmt: skip
    assert [s.whole for s in told] == [
        "Name who; Drop the word: One trial, 18 people: it fell.",
        "Say what harms were seen: death.",
    ]
    assert told[0].because == ("a", "b", "c")


def test_without_a_declared_comparator_nothing_is_said_of_comparators() -> None:
    question = replace(EVIDENCE.protocol.question, concepts=(("intervention", "tolmarin"),))
    silent = replace(EVIDENCE, protocol=replace(EVIDENCE.protocol, question=question))
    text = "Tolmarin lowers fatigue compared with placebo."
    assert "scope-wider" in {f.rule for f in check(text).findings}
    done = check_text(text, name="a text", evidence=silent)
    assert "scope-wider" not in {f.rule for f in done.findings}


def test_what_every_arm_was_given_is_no_comparator_but_may_be_named_alone() -> None:
    bodies = tuple(replace(b, background=(("en", "standard drugs"),))
                   for b in EVIDENCE.protocol.bodies)  # fmt: skip
    question = replace(
        EVIDENCE.protocol.question,
        concepts=(("intervention", "tolmarin"), ("comparator", "placebo")),
    )
    protocol = replace(EVIDENCE.protocol, bodies=bodies, question=question)
    evidence = replace(EVIDENCE, protocol=protocol)

    def fires(text: str) -> bool:
        done = check_text(text, name="a text", evidence=evidence)
        return "scope-wider" in {f.rule for f in done.findings}

    assert fires("Tolmarin lowers fatigue more than standard drugs.")
    assert not fires("Tolmarin lowers fatigue more than standard drugs alone.")
    assert not fires("Tolmarin added to standard drugs lowers fatigue more than placebo.")


def test_without_visits_nothing_is_said_of_time() -> None:
    protocol = replace(EVIDENCE.protocol, visits=())
    done = check_text("Tolmarin lastingly improves fatigue.", name="a text",
                      evidence=replace(EVIDENCE, protocol=protocol))  # fmt: skip
    assert "scope-wider" not in {f.rule for f in done.findings}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Results: Flares: 30 of 120 with tolmarin, 42 of 120 with usual care.", "faithful"),
        ("Results: Flares: 42 of 120 with tolmarin, 30 of 120 with usual care.", "contradicted"),
        ("Results: 31 of 120 flared.", "cannot-tell"),
        ("Results: Compared with usual care (42 of 120), flares were rarer with tolmarin (30 of"
         " 120).", "faithful"),
        ("Results: Compared with usual care, flares were rarer with tolmarin (30 of 120 versus 42"
         " of 120).", "faithful"),
        ("Results: Flares fell by 45% with tolmarin.", "cannot-tell"),
        ("Results: At 6 months 31 of 120 given tolmarin had flared.", "cannot-tell"),
    ],
)  # fmt: skip
def test_counts_are_contradicted_only_where_arm_and_outcome_are_plain(
    text: str, answer: str
) -> None:
    given = {c.number for c in check(text).claims}
    assert next(a for a in ("contradicted", "cannot-tell", "faithful") if a in given) == answer
