"""What the engine does with any tool: reach, refusals, parts, steps, counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.appraisal.making import LOW, OWN, domain_of

from tamis.appraisal import (
    TOOLS,
    check_answers,
    missing,
    overall,
    paths,
    propose,
    reached,
    read_tool,
    scores,
)
from tamis.domain.errors import BadInput

ROB2 = TOOLS["rob2:assignment"]
(SITE,) = read_tool(OWN.encode(), name="site.toml").forms()


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"3.1": "Y", "3.2": "N"}, "3.2 of rob2:assignment is answered and not reached"),
        ({"3.1": "N", "3.2": "Y", "3.4": "N"}, r"asked if 3\.3 is yes or NI"),
        ({"3.2": "NI"}, "did you mean"),
        ({"3.1": "yes"}, "did you mean 'Y'"),
        ({"3.1": "probably no"}, "did you mean 'PN'"),
        ({"3.1": "no information"}, "did you mean 'NI'"),
        ({"3.1": "NA"}, "use Y, PY, PN, N, NI|did you mean"),
        ({"3.11": "Y"}, r"no question '3\.11'.*did you mean '3\.1'"),
    ],
)
def test_answers_that_cannot_be_are_refused_with_the_nearest(answers: dict, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check_answers(ROB2, answers)


def test_one_question_can_be_looked_at_alone() -> None:
    said = {"3.1": "Y", "3.2": "N", "1.1": "Y"}
    check_answers(ROB2, said, only="1.1")
    with pytest.raises(BadInput, match="not reached"):
        check_answers(ROB2, said, only="3.2")


def test_what_is_not_reached_counts_for_nothing() -> None:
    domain = domain_of(ROB2, "D3")
    stale = {"3.1": "Y", "3.2": "N", "3.3": "Y", "3.4": "Y"}
    assert propose(ROB2, domain, stale).judgement == "L"
    assert reached(ROB2, stale) & {"3.1", "3.2", "3.3", "3.4"} == {"3.1"}


def test_a_whole_set_of_answers_is_low_throughout() -> None:
    check_answers(ROB2, LOW)
    judged = {d.id: propose(ROB2, d, LOW).judgement for d in ROB2.domains}
    assert set(judged.values()) == {"L"}
    assert overall(ROB2, judged).because == tuple(judged.items())
    assert all(missing(ROB2, d, LOW) == () for d in ROB2.domains)
    assert scores(ROB2, LOW) == ()


def test_a_rule_that_proposes_nothing_says_why() -> None:
    (domain,) = SITE.domains
    found = propose(SITE, domain, {"1": "no"})
    assert (found.judgement, found.undecided, found.because) == (
        "", "nobody looked", (("1", "no"),),
    )  # fmt: skip
    assert overall(SITE, {"site": ""}) is None


def test_a_part_that_is_undecided_leaves_the_domain_undecided() -> None:
    second = 'part = [{ rules = [{ then = "poor" }] }]\n'
    text = OWN.replace("[[domain.part]]", "[[domain.part]]\nrules = [{ then = \"poor\" }]\n\n"
                       "[[domain.part]]")  # fmt: skip
    (tool,) = read_tool(text.encode(), name="site.toml").forms()
    assert second
    assert propose(tool, tool.domains[0], {"1": "no"}).judgement == ""
    assert propose(tool, tool.domains[0], {"1": "yes", "2": "no"}).judgement == "poor"


def test_a_step_is_looked_through_in_the_reasons() -> None:
    tool = TOOLS["robins-i-v2:assignment"]
    found = propose(tool, domain_of(tool, "D2"), {"2.1": "Y", "2.4": "N", "2.5": "N"})
    assert found.judgement == "Low"
    assert [question for question, _ in found.because] == ["2.1", "2.4", "2.5"]


codes = st.sampled_from(["Y", "PY", "PN", "N", "NI"])
everything = st.dictionaries(st.sampled_from(sorted(ROB2.known)), codes)


@given(everything)
def test_reach_and_what_is_missing_partition_the_questions(answers: dict) -> None:
    lead_to = reached(ROB2, answers)
    for domain in ROB2.domains:
        open_ones = missing(ROB2, domain, answers)
        assert set(open_ones) <= lead_to - set(answers)
        assert (propose(ROB2, domain, answers) is None) == bool(open_ones)


@given(everything)
def test_answers_that_are_not_reached_change_nothing(answers: dict) -> None:
    lead_to = reached(ROB2, answers)
    kept = {question: word for question, word in answers.items() if question in lead_to}
    assert reached(ROB2, kept) == lead_to
    for domain in ROB2.domains:
        assert propose(ROB2, domain, kept) == propose(ROB2, domain, answers)


@pytest.mark.parametrize("name", ["D1", "D3", "D4", "D5"])
def test_every_path_is_finished_and_none_comes_twice(name: str) -> None:
    domain = domain_of(ROB2, name)
    found = [tuple(answers.items()) for answers in paths(ROB2, domain)]
    assert len(found) == len(set(found))
    for answers in map(dict, found):
        assert missing(ROB2, domain, answers) == ()
        check_answers(ROB2, answers)
