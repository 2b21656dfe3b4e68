"""Consensus: a third record that names what it settles, and reopens when an answer changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.appraisal.making import LOW, row, rows

from tamis.appraisal import TOOLS, Appraisal, appraise, compare, settle
from tamis.domain.decisions import AppraisalAnswer, AppraisalSettlement
from tamis.domain.errors import BadInput

KEY = "rob2:assignment"
DOMAINS = [domain.id for domain in TOOLS[KEY].domains]


def judged(word: str, who: str, start: int) -> list[AppraisalAnswer]:
    return [
        row(place, judgement=word, reason="as the rules say", who=who, at=n)
        for n, place in enumerate([*DOMAINS, "overall"], start)
    ]


def both(**changes: str) -> list[AppraisalAnswer]:
    """Return two full records; the second assessor differs in ``changes``."""
    other = LOW | {name.replace("q", "", 1).replace("_", "."): a for name, a in changes.items()}
    return [
        *rows(LOW), *judged("L", "p-a", 50), *rows(other, who="p-b"), *judged("L", "p-b", 50),
    ]  # fmt: skip


def said(found: list[AppraisalAnswer], question: str) -> tuple[str, ...]:
    last = {r.assessor: r.event for r in found if r.question == question}
    return tuple(sorted(last.values()))


def third(
    found: list[AppraisalAnswer], question: str, word: str = "", *, at: int = 1, **more: object
) -> AppraisalSettlement:
    base = AppraisalSettlement(
        event=f"p-c.00000001/{at}", tool=KEY, version=TOOLS[KEY].version,
        result="deng2017/death/m6.ever", question=question, settles=said(found, question),
        by="p-c", answer=word, reason="the paper says so",
    )  # fmt: skip
    return replace(base, **more)


def only(found: list[AppraisalAnswer], *thirds: AppraisalSettlement) -> Appraisal:
    (done,) = settle(KEY, found, thirds)
    return done


def test_what_both_said_is_taken_over_and_what_differs_is_settled() -> None:
    found = both(q1_1="NI")
    done = only(found, third(found, "1.1", "PY"))
    assert done.role == "consensus"
    assert done.assessor == "p-c"
    assert (done.open, done.reopened, done.missing) == ((), (), ())
    answers = {q.question.id: q.answer for q in done.questions if q.answer}
    assert answers == LOW | {"1.1": "PY"}
    assert done.settles == said(found, "1.1")
    assert done.judgement == "L"
    assert {d.judgement for d in done.domains} == {"L"}


def test_the_assessors_own_records_stay_as_they_were() -> None:
    found = both(q1_1="NI")
    first, second = appraise(KEY, found)
    assert (first.role, second.role) == ("assessor", "assessor")
    assert first.questions[0].answer == "Y"
    assert second.questions[0].answer == "NI"


def test_assessors_who_judged_alike_agree_and_nobody_has_to_settle() -> None:
    (done,) = settle(KEY, both(), [])
    assert (done.role, done.agreed, done.assessor) == ("consensus", ("p-a", "p-b"), "")
    assert (done.judgement, done.open, done.settles) == ("L", (), ())
    assert {d.judgement for d in done.domains} == {"L"}
    assert done.event in {row.event for row in both()}


def test_the_same_judgements_on_other_answers_agree_and_the_answer_stays_open() -> None:
    (done,) = settle(KEY, both(q1_1="NI"), [])
    assert (done.agreed, done.judgement, done.open) == (("p-a", "p-b"), "L", ("1.1",))


def test_without_a_settlement_a_difference_is_no_consensus() -> None:
    whole = row("overall", judgement="S", reason="open label", who="p-b", at=90)
    part = row("D4", judgement="S", reason="open label", who="p-b", at=90)
    for changed in (whole, part):
        assert settle(KEY, [*both(), changed], []) == ()
    unfinished = [r for r in both() if (r.assessor, r.question) != ("p-b", "overall")]
    assert settle(KEY, unfinished, []) == ()
    assert settle(KEY, [*rows(LOW), *rows(LOW | {"1.1": "NI"}, who="p-b")], []) == ()
    assert settle(KEY, rows(LOW), []) == ()
    assert appraise(KEY, rows(LOW))[0].role == "single"


def test_one_settlement_leaves_the_results_that_agree() -> None:
    """Two results: one differs and is settled, the other is alike and nobody touched it."""
    other = [replace(r, result="gu2014/death/m6.ever", event=f"{r.event}1") for r in both()]
    found = both(q1_1="NI")
    first, second = settle(KEY, [*found, *other], [third(found, "1.1", "PY")])
    assert (first.agreed, first.assessor) == ((), "p-c")
    assert (second.result, second.agreed) == ("gu2014/death/m6.ever", ("p-a", "p-b"))


def test_a_checklist_without_judgements_agrees_on_every_answer() -> None:
    key = "jbi-case-series"
    one = [row("4", "yes", tool=key, version="2020"),
           row("4", "yes", tool=key, who="p-b", version="2020")]  # fmt: skip
    (done,) = settle(key, one, [])
    assert done.agreed == ("p-a", "p-b")
    assert settle(key, [*one, row("5", "no", tool=key, who="p-b", at=2)], []) == ()


def test_a_difference_that_nobody_settled_is_open() -> None:
    found = both(q1_1="NI", q5_1="N")
    done = only(found, third(found, "1.1", "Y"))
    assert done.open == ("5.1",)
    assert done.reopened == ()
    assert done.missing == ("5.1",)
    assert done.domains[-1].proposal is None, "an unfinished domain proposes nothing"


def test_a_changed_answer_reopens_what_was_settled() -> None:
    found = both(q1_1="NI")
    settled = third(found, "1.1", "PY")
    changed = [*found, row("1.1", "N", who="p-b", at=90)]
    done = only(changed, settled)
    assert (done.open, done.reopened) == (("1.1",), ("1.1",))
    assert done.settles == ()
    assert done.questions[0].answer == ""
    again = only(changed, settled, third(changed, "1.1", "PN", at=2))
    assert again.reopened == ()
    assert again.questions[0].answer == "PN"


def test_the_same_answer_with_other_support_reopens_nothing() -> None:
    found = both(q1_1="NI")
    settled = third(found, "1.1", "PY")
    told = [*found, row("1.1", "NI", who="p-b", at=90, support="page two")]
    assert only(told, settled).reopened == ()


def test_a_third_assessor_reopens_too() -> None:
    found = both(q1_1="NI")
    settled = third(found, "1.1", "PY")
    assert "1.1" in only([*found, row("1.1", "N", who="p-d")], settled).reopened


def test_an_agreement_reached_later_needs_no_settlement() -> None:
    found = both(q1_1="NI")
    settled = third(found, "1.1", "PY")
    done = only([*found, row("1.1", "Y", who="p-b", at=90)], settled)
    assert done.open == ()
    assert done.questions[0].answer == "Y"


def test_a_question_that_only_the_consensus_comes_to_can_be_answered() -> None:
    """One says high by the method, the other by the measurement; the third says neither."""
    one = {k: v for k, v in LOW.items() if k not in ("4.1", "4.3")} | {"4.1": "Y"}
    other = {k: v for k, v in LOW.items() if k not in ("4.2", "4.3")} | {"4.2": "Y"}
    found = [*rows(one), *rows(other, who="p-b")]
    thirds = [third(found, "4.1", "N"), third(found, "4.2", "N", at=2)]
    assert only(found, *thirds).missing == ("4.3",)
    done = only(found, *thirds, third(found, "4.3", "N", at=3))
    assert said(found, "4.3") == ()
    assert (done.missing, done.open) == ((), ())
    assert done.domains[3].proposal.judgement == "L"


def test_a_judgement_is_settled_like_an_answer_and_the_proposal_stays_beside_it() -> None:
    found = [*both(), row("D4", judgement="S", reason="open label", who="p-b", at=90)]
    done = only(found, third(found, "D4", judgement="S", answer=""))
    domain = done.domains[3]
    assert (domain.judgement, domain.proposal.judgement) == ("S", "L")
    assert domain.overridden
    assert done.proposal.judgement == "S"
    assert done.judgement == "L", "both had judged the whole low before"
    assert done.overridden


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer": "perhaps"}, "no answer"),
        ({"question": "9.9"}, "no question"),
        ({"answer": "", "judgement": "M", "question": "D1"}, "no judgement"),
        ({"answer": "", "judgement": "S", "question": "D1", "reason": " "}, "without a reason"),
        ({"version": "2016"}, "edition"),
    ],
)
def test_what_the_tool_cannot_have_is_refused(changes: dict, says: str) -> None:
    found = both(q1_1="NI")
    bad = third(found, changes.get("question", "1.1"), "PY", settles=said(found, "1.1"))
    places = replace(bad, **changes, settles=said(found, changes.get("question", "1.1")))
    with pytest.raises(BadInput, match=says):
        settle(KEY, found, [places])


# ------------------------------------------------------------------ comparing two assessors
def test_two_assessors_are_compared_place_by_place() -> None:
    found = both(q1_1="NI")
    compared = compare(KEY, found)
    assert len(compared) == len(LOW) + len(DOMAINS) + 1
    assert [c.place for c in compared if not c.same] == ["1.1"]
    assert compared[0].words == ("Y", "NI")
    assert compared[0].events == said(found, "1.1")


def test_a_question_that_one_did_not_come_to_is_an_empty_word() -> None:
    one = LOW | {"3.1": "N", "3.2": "Y"}
    compared = {c.place: c for c in compare(KEY, [*rows(one), *rows(LOW, who="p-b")])}
    assert compared["3.2"].words == ("Y", "")
    assert not compared["3.2"].same
    assert "3.3" not in compared


answers = st.dictionaries(st.sampled_from(sorted(LOW)), st.sampled_from(["Y", "PY", "N", "NI"]))


@given(answers, answers, st.sampled_from(sorted(LOW)))
def test_a_consensus_never_invents_an_answer(one: dict, other: dict, question: str) -> None:
    found = [*rows(one), *rows(other, who="p-b")]
    settled = third(found, question, "PN")
    for done in settle(KEY, found, [settled]):
        for item in done.questions:
            name = item.question.id
            if item.answer:
                agreed = one.get(name) == other.get(name) == item.answer
                assert agreed or (name, item.answer) == (question, "PN")
        assert set(done.reopened) <= set(done.open)
        assert not set(done.open) & {i.question.id for i in done.questions if i.answer}
