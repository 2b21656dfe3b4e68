"""From recorded answers to an appraisal: nothing invented, the person's judgement kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.appraisal.making import LOW, row, rows

from tamis.appraisal import NO_INFORMATION, NOT_ANSWERED, OVERALL, TOOLS, Appraisal, appraise
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import BadInput

JBI = TOOLS["jbi-case-series"]


def answer(question: str, said: str, *, at: int = 1, **changed: str) -> AppraisalAnswer:
    base = {
        "event": f"p-a.00000001/{at}",
        "tool": "jbi-case-series",
        "version": "2020",
        "result": "gu2014/remission/m12",
        "assessor": "p-a",
        "question": question,
        "answer": said,
        "support": "page one",
    }
    return AppraisalAnswer(**(base | changed))


def judgement(word: str, reason: str = "because", **changed: str) -> AppraisalAnswer:
    return answer(changed.pop("question", OVERALL), "", judgement=word, reason=reason, **changed)


def only(*rows: AppraisalAnswer) -> Appraisal:
    (found,) = appraise("jbi-case-series", rows)
    return found


def test_the_tool_is_ten_items_with_four_answers_and_no_score() -> None:
    assert [question.id for question in JBI.questions] == [str(n) for n in range(1, 11)]
    assert tuple(JBI.answers) == ("yes", "no", "unclear", "not applicable")
    assert JBI.judgements == ()
    assert JBI.domains[0].parts == ()
    assert JBI.version == "2020"
    assert JBI.url.startswith("https://jbi.global/")
    assert JBI.status == "verified"


def test_every_question_is_there_and_unanswered_is_not_no_information() -> None:
    found = only(answer("4", "unclear"), answer("5", NO_INFORMATION))
    states = {item.question.id: item.state for item in found.questions}
    assert states["4"] == "answered"
    assert states["5"] == NO_INFORMATION
    assert states["1"] == NOT_ANSWERED
    assert [item.answer for item in found.questions if item.state == NOT_ANSWERED] == [""] * 8
    assert not found.complete
    assert found.questions[3].support == "page one"


def test_a_checklist_without_an_algorithm_proposes_nothing() -> None:
    rows = [answer(question.id, "no") for question in JBI.questions]
    found = only(*rows)
    assert found.complete
    assert found.proposal is None
    assert found.domains[0].proposal is None
    assert found.judgement == ""


def test_the_judgement_of_a_person_is_kept_with_its_reason() -> None:
    found = only(answer("1", "yes"), judgement("some concerns", "no comparator"))
    assert (found.judgement, found.reason) == ("some concerns", "no comparator")
    assert found.proposal is None


def test_a_later_answer_counts() -> None:
    found = only(answer("1", "no", at=1), answer("1", "yes", at=2))
    assert found.questions[0].answer == "yes"
    assert found.questions[0].event == "p-a.00000001/2"


def test_results_and_assessors_are_kept_apart_in_the_order_they_were_begun() -> None:
    rows = [
        answer("1", "yes", result="gu2014/remission/m12"),
        answer("1", "no", result="gu2014/remission/m12", assessor="p-b"),
        answer("1", "no", result="barbado2018/remission/m9"),
        answer("2", "no", result="gu2014/remission/m12"),
    ]
    found = appraise("jbi-case-series", rows)
    assert [(one.study, one.assessor) for one in found] == [
        ("gu2014", "p-a"),
        ("gu2014", "p-b"),
        ("barbado2018", "p-a"),
    ]


def test_answers_of_another_tool_are_left_alone() -> None:
    assert appraise("jbi-case-series", [answer("1", "yes", tool="rob2")]) == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (answer("11", "yes"), "no question '11'"),
        (answer("1", "qqq"), "use yes, no, unclear, not applicable, no information"),
        (answer("1", "yes", version="2017"), "edition '2017'"),
        (judgement("low", question="items-x"), "use items, overall"),
        (answer("1", "Yes"), "did you mean 'yes'"),
        (judgement("low", reason=" "), "without a reason"),
    ],
)
def test_bad_rows_are_refused_with_what_is_allowed(row: AppraisalAnswer, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        appraise("jbi-case-series", [row])


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(BadInput, match=r"did you mean|use jbi-case-series"):
        appraise("jbi", [])


# ------------------------------------------------------------------ a tool with an algorithm
def finished(**judged: str) -> list[AppraisalAnswer]:
    more = [
        row(place, judgement=word, reason="why", at=n)
        for n, (place, word) in enumerate(judged.items(), 50)
    ]
    return [*rows(LOW), *more]


def rob2(*found: AppraisalAnswer) -> Appraisal:
    (done,) = appraise("rob2:assignment", found)
    return done


def test_proposal_and_judgement_are_both_kept() -> None:
    done = rob2(*finished(D4="S", overall="S"))
    domain = done.domains[3]
    assert (domain.proposal.judgement, domain.judgement, domain.overridden) == ("L", "S", True)
    assert (done.proposal.judgement, done.judgement, done.overridden) == ("S", "S", False)
    assert [d.overridden for d in done.domains] == [False, False, False, True, False]


def test_the_whole_follows_the_persons_domains_where_there_are_any() -> None:
    assert rob2(*finished()).proposal.judgement == "L"
    assert rob2(*finished(D1="H")).proposal.judgement == "H"


def test_an_unfinished_set_proposes_nothing_and_lists_what_is_missing() -> None:
    done = rob2(*rows({k: v for k, v in LOW.items() if k not in ("3.1", "5.2")}))
    assert done.proposal is None
    assert done.missing == ("3.1", "5.2")
    assert not done.complete
    assert [d.domain.id for d in done.domains if d.proposal is None] == ["D3", "D5"]
    assert done.domains[2].missing == ("3.1",)


def test_an_answer_that_is_no_longer_reached_is_set_aside_and_kept() -> None:
    found = [*rows(LOW | {"3.1": "N", "3.2": "N", "3.3": "N"}), row("3.1", "Y", at=60)]
    done = rob2(*found)
    states = {q.question.id: (q.state, q.answer) for q in done.questions}
    assert states["3.2"] == ("set aside", "")
    assert states["3.4"] == ("not reached", "")
    assert done.complete
    assert done.domains[2].proposal.judgement == "L"


def test_several_concerns_become_high_only_by_a_person_with_a_reason() -> None:
    some = finished(D1="S", D4="S")
    tick = row("several-some-concerns", "yes", at=70, reason="together they are too many")
    assert rob2(*some).proposal.judgement == "S"
    done = rob2(*some, tick)
    assert (done.proposal.judgement, done.ticks) == ("H", ("several-some-concerns",))
    assert rob2(*finished(), tick).proposal.judgement == "L", "there is nothing to raise"
    with pytest.raises(BadInput, match="without a reason"):
        rob2(*some, replace(tick, reason=""))
    with pytest.raises(BadInput, match="with the reason, or leave the row out"):
        rob2(*some, replace(tick, answer="no"))


def test_no_information_is_the_tools_own_answer_where_it_has_one() -> None:
    assert rob2(*rows(LOW | {"1.1": "NI"})).complete
    with pytest.raises(BadInput, match="did you mean 'NI'"):
        rob2(*rows(LOW | {"1.1": NO_INFORMATION}))


def test_the_whole_says_which_domain_leaves_it_undecided() -> None:
    base = {"tool": "ocebm-2011:common-harm", "result": "gu2014"}
    (done,) = appraise(base["tool"], [row("design", "dramatic-observation", **base)])
    assert (done.proposal.judgement, done.judgement) == ("", "")
    assert "levels 1 and 2: the assessor decides" in done.proposal.undecided
    assert not done.overridden
    judged = row("overall", judgement="2", reason="one dramatic series", at=2, **base)
    (done,) = appraise(base["tool"], [row("design", "dramatic-observation", **base), judged])
    assert (done.judgement, done.overridden) == ("2", False)


def test_a_star_that_could_not_be_read_leaves_no_sum() -> None:
    tool = TOOLS["nos-cohort"]
    base = {"tool": "nos-cohort", "result": "gu2014"}
    found = [row(q.id, "star", at=n, **base) for n, q in enumerate(tool.questions, 1)]
    (done,) = appraise("nos-cohort", found)
    assert [total.points for total in done.totals] == [4, 2, 3]
    assert done.proposal.judgement == "good"
    assert done.study == "gu2014"
    (less,) = appraise("nos-cohort", [*found, row("S2", NO_INFORMATION, at=60, **base)])
    assert [total.points for total in less.totals] == [None, 2, 3]
    assert (less.proposal, less.complete) == (None, True)


words = st.sampled_from([*JBI.answers, NO_INFORMATION])


@given(st.dictionaries(st.sampled_from([question.id for question in JBI.questions]), words))
def test_what_was_said_is_what_is_shown(said: dict[str, str]) -> None:
    found = appraise("jbi-case-series", [answer(name, word) for name, word in said.items()])
    if not said:
        assert found == ()
        return
    shown = {item.question.id: item.answer for item in found[0].questions}
    assert shown == {question.id: said.get(question.id, "") for question in JBI.questions}
    assert found[0].complete == (len(said) == 10)
