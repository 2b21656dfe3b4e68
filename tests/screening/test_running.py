"""``Running`` says at every moment what ``screen`` would say of what it holds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.screening.making import CRITERIA, TEXTS, TITLES, Ballots, clusters, settle
from tests.screening.test_screening_laws import Drawn, reviews

from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.question import ScreeningRules
from tamis.screening import Running, screen


def rules_of(review: Drawn, *, reason_conflicts: bool = False) -> ScreeningRules:
    return ScreeningRules(
        reviewers_per_record=review.n,
        maybe_counts_as=review.maybe,
        reason_conflicts=reason_conflicts,
    )


def agrees(running: Running, review: Drawn, rules: ScreeningRules, held: list[object]) -> None:
    votes = [item for item in held if isinstance(item, Vote)]
    settlements = [item for item in held if isinstance(item, Settlement)]
    wanted = screen(review.clusters, votes, settlements, rules=rules, criteria=CRITERIA)
    assert running.screening() == wanted
    for stage in STAGES:
        at = wanted.at(stage)
        assert running.counts(stage) == Counter(s.state for s in at)
        assert running.by_votes(stage) == Counter(s.votes for s in at)
        assert set(running.reached(stage)) == {s.cluster for s in at}
        assert set(running.conflicts(stage)) == {s.cluster for s in at if s.state == "conflict"}
        for found in at:
            assert running.state(found.cluster, stage) == found


@given(reviews(), st.data())
def test_any_sequence_of_take_and_drop_is_screen_of_the_result(
    review: Drawn, data: st.DataObject
) -> None:
    rules = rules_of(review, reason_conflicts=data.draw(st.booleans()))
    running = Running(review.clusters, rules=rules, criteria=CRITERIA)
    held: list[object] = []
    agrees(running, review, rules, held)
    for item in data.draw(st.permutations([*review.votes, *review.settlements])):
        running.take(item)
        held.append(item)
        if data.draw(st.integers(0, 2)) == 0:
            gone = data.draw(st.sampled_from(held))
            assert isinstance(gone, Vote | Settlement)
            running.drop(gone.event)
            held.remove(gone)
        agrees(running, review, rules, held)


@given(reviews())
def test_many_at_once_are_the_same_as_one_by_one(review: Drawn) -> None:
    rules = rules_of(review)
    running = Running(review.clusters, rules=rules, criteria=CRITERIA)
    held: list[object] = [*review.votes, *review.settlements]
    running.take_all([*review.votes, *review.settlements])
    agrees(running, review, rules, held)


def test_take_and_drop_name_the_clusters_they_touch() -> None:
    ballots = Ballots()
    split, lost = ballots.cast("a", "I", "ab"), ballots.cast("a", "I", "z")
    running = Running(clusters("a", "b", "c"), rules=ScreeningRules(), criteria=CRITERIA)
    assert running.take(ballots.votes[0]) == ("x:a", "x:b")
    assert running.take(ballots.votes[1]) == ()
    assert running.drop(split) == ("x:a", "x:b")
    assert running.drop(lost) == ()
    assert running.drop("p-a.00000001/77") == ()
    assert running.counts(TITLES) == {"awaiting": 3}


def test_a_withdrawn_vote_shuts_the_full_text_stage_again() -> None:
    ballots = Ballots()
    events = [ballots.cast(who, "I") for who in "ab"]
    running = Running(clusters("a"), rules=ScreeningRules(), criteria=CRITERIA)
    for vote in ballots.votes:
        running.take(vote)
    assert running.counts(TEXTS) == {"awaiting": 1}
    running.drop(events[0])
    assert (running.counts(TITLES), running.counts(TEXTS)) == ({"awaiting": 1}, {})
    assert running.state("x:a", TEXTS) is None


def test_different_reasons_are_a_light_conflict_where_the_protocol_minds() -> None:
    ballots = Ballots()
    both = [ballots.cast("a", "E", reason="design"), ballots.cast("b", "E", reason="population")]
    rules = ScreeningRules(reason_conflicts=True)
    found = screen(clusters("a"), ballots.votes, [], rules=rules, criteria=CRITERIA)
    state = found.states[0]
    assert (state.state, state.light, state.reason) == ("conflict", True, "")
    assert state.reasons == ("population", "design")
    settled = settle(1, "E", both, reason="population")
    found = screen(clusters("a"), ballots.votes, [settled], rules=rules, criteria=CRITERIA)
    assert (found.states[0].state, found.states[0].reason) == ("out", "population")


def test_one_reason_and_none_given_is_no_conflict() -> None:
    ballots = Ballots()
    ballots.cast("a", "E", reason="design")
    ballots.cast("b", "E")
    rules = ScreeningRules(reason_conflicts=True)
    found = screen(clusters("a"), ballots.votes, [], rules=rules, criteria=CRITERIA)
    assert (found.states[0].state, found.states[0].reason) == ("out", "design")
