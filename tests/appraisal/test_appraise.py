"""From recorded answers to an appraisal: nothing invented, the person's judgement kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (answer("1", "probably"), "use yes, no, unclear, not applicable, no information"),
        (answer("1", "yes", version="2017"), "edition '2017'"),
        (judgement("low", question="items-x"), "use items, overall"),
        (judgement("low", reason=" "), "without a reason"),
    ],
)
def test_bad_rows_are_refused_with_what_is_allowed(row: AppraisalAnswer, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        appraise("jbi-case-series", [row])


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(BadInput, match="use one of jbi-case-series"):
        appraise("jbi", [])


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
