"""Membership, replacement, consensus, reasons, stages."""

from __future__ import annotations

import pytest
from tests.screening.making import TEXTS, TITLES, Ballots, clusters, run, settle, state

from tamis.domain.errors import BadInput


# ---------------------------------------------------------------- one person, one verdict
def test_a_later_vote_of_the_same_person_replaces_the_earlier() -> None:
    ballots = Ballots()
    ballots.cast("a", "I")
    ballots.cast("b", "E")
    later = ballots.cast("a", "E")
    found = state(run(clusters("a"), ballots.votes))
    assert (found.state, found.votes) == ("out", 2)
    assert later in found.events
    assert len(found.events) == 2


def test_with_one_reviewer_the_first_person_decides_and_may_change() -> None:
    ballots = Ballots()
    ballots.cast("a", "E")
    extra = ballots.cast("b", "I")
    found = run(clusters("a"), ballots.votes, n=1)
    assert state(found).state == "out"
    assert found.extra == (extra,)
    ballots.cast("a", "I")
    assert state(run(clusters("a"), ballots.votes, n=1)).state == "in"


def test_votes_beyond_the_needed_are_kept_and_not_counted() -> None:
    ballots = Ballots()
    for who, word in zip("abc", "IIE", strict=True):
        last = ballots.cast(who, word)
    found = run(clusters("a"), ballots.votes)
    assert (state(found).state, state(found).votes) == ("in", 2)
    assert found.extra == (last,)
    assert last not in state(found).events


def test_changing_a_vote_does_not_cost_ones_place() -> None:
    ballots = Ballots()
    for who, word in (("a", "I"), ("b", "I"), ("c", "E"), ("a", "E")):
        ballots.cast(who, word)
    assert state(run(clusters("a"), ballots.votes)).state == "conflict"


# ---------------------------------------------------------------- stages
def test_the_full_text_stage_holds_only_what_is_in_at_titles() -> None:
    ballots = Ballots()
    for report, words in (("a", "II"), ("b", "EE"), ("c", "IE"), ("d", "I")):
        for who, word in zip("pq", words, strict=False):
            ballots.cast(who, word, report)
    found = run(clusters("a", "b", "c", "d", "e"), ballots.votes)
    assert [(s.cluster, s.state) for s in found.at(TITLES)] == [
        ("x:a", "in"), ("x:b", "out"), ("x:c", "conflict"), ("x:d", "awaiting"),
        ("x:e", "awaiting"),
    ]  # fmt: skip
    assert [(s.cluster, s.state, s.votes) for s in found.at(TEXTS)] == [("x:a", "awaiting", 0)]
    assert found.state("x:b", TEXTS) is None
    assert found.included() == ()


def test_only_what_is_in_at_full_text_is_included() -> None:
    ballots = Ballots()
    for report, words in (("a", "II"), ("b", "EE"), ("c", "RR"), ("d", "IE")):
        for who, word in zip("pq", words, strict=True):
            ballots.cast(who, "I", report)
            ballots.cast(who, word, report, stage=TEXTS, reason="design" if word == "E" else "")
    found = run(clusters("a", "b", "c", "d"), ballots.votes)
    assert found.included() == ("x:a",)
    assert [s.cluster for s in found.conflicts()] == ["x:d"]
    assert state(found, "c", TEXTS).state == "not-retrieved"
    assert state(found, "c", TEXTS).reason == ""


def test_full_text_votes_of_a_report_that_left_the_stage_are_named_as_idle() -> None:
    ballots = Ballots()
    ballots.cast("a", "I")
    idle = ballots.cast("a", "I", stage=TEXTS)
    ballots.cast("a", "E")
    found = run(clusters("a"), ballots.votes, n=1)
    assert found.state("x:a", TEXTS) is None
    assert found.idle == (idle,)


def test_votes_on_records_nobody_knows_are_named_and_count_nowhere() -> None:
    ballots = Ballots()
    lost = ballots.cast("a", "I", "z")
    lost_too = settle(1, "I", [lost], "z")
    found = run(clusters("a"), ballots.votes, [lost_too])
    assert found.unattached == (lost, lost_too.event)
    assert state(found).state == "awaiting"


# ---------------------------------------------------------------- membership
def test_a_report_of_several_records_is_screened_once() -> None:
    ballots = Ballots()
    ballots.cast("a", "I", "a")
    ballots.cast("b", "I", "ab")
    assert state(run(clusters("ab"), ballots.votes)).state == "in"


def test_a_record_that_joins_later_joins_silently() -> None:
    ballots = Ballots()
    for who in "ab":
        ballots.cast(who, "E", "b")
    found = run(clusters("abc"), ballots.votes)
    assert [(s.cluster, s.state) for s in found.states] == [("x:a", "out")]


def test_a_vote_whose_report_was_split_asks_for_a_second_look_on_both_sides() -> None:
    ballots = Ballots()
    for who in "ab":
        ballots.cast(who, "I", "ab")
    found = run(clusters("a", "b"), ballots.votes)
    assert [(s.cluster, s.state, len(s.events)) for s in found.states] == [
        ("x:a", "second-look", 2), ("x:b", "second-look", 2),
    ]  # fmt: skip
    assert found.second_looks() == found.states
    assert found.conflicts() == ()


def test_even_one_split_vote_of_two_asks_for_a_second_look() -> None:
    ballots = Ballots()
    ballots.cast("a", "I", "ab")
    assert state(run(clusters("a", "b"), ballots.votes)).state == "second-look"


def test_voting_again_on_one_side_clears_that_side_only() -> None:
    ballots = Ballots()
    for who in "ab":
        ballots.cast(who, "I", "ab")
    for who in "ab":
        ballots.cast(who, "E", "a")
    found = run(clusters("a", "b"), ballots.votes)
    assert state(found, "a").state == "out"
    assert state(found, "b").state == "second-look"


def test_a_consensus_on_one_side_settles_that_side_only() -> None:
    ballots = Ballots()
    both = [ballots.cast(who, "I", "ab") for who in "ab"]
    found = run(clusters("a", "b"), ballots.votes, [settle(1, "E", both, "a", reason="design")])
    assert (state(found, "a").state, state(found, "a").reason) == ("out", "design")
    assert state(found, "b").state == "second-look"


def test_a_consensus_whose_report_was_split_asks_for_a_second_look() -> None:
    ballots = Ballots()
    both = [ballots.cast(who, word, "ab") for who, word in zip("ab", "IE", strict=True)]
    found = run(clusters("a", "b"), ballots.votes, [settle(1, "I", both, "ab")])
    assert [s.state for s in found.at(TITLES)] == ["second-look", "second-look"]


def test_two_screened_reports_that_merge_keep_all_votes_and_show_a_difference() -> None:
    ballots = Ballots()
    for who in "pq":
        ballots.cast(who, "I", "a")
    for who in "pr":
        ballots.cast(who, "E", "b", reason="design")
    apart = run(clusters("a", "b"), ballots.votes)
    assert [s.state for s in apart.at(TITLES)] == ["in", "out"]
    merged = state(run(clusters("ab"), ballots.votes))
    assert (merged.state, len(merged.events), merged.votes) == ("conflict", 4, 3)


def test_two_screened_reports_that_merge_and_agree_stay_as_they_were() -> None:
    ballots = Ballots()
    for who, report in (("p", "a"), ("q", "a"), ("r", "b"), ("s", "b")):
        ballots.cast(who, "E", report)
    found = run(clusters("ab"), ballots.votes)
    assert (state(found).state, state(found).votes, found.extra) == ("out", 4, ())


def test_half_screened_reports_that_merge_complete_each_other() -> None:
    ballots = Ballots()
    ballots.cast("p", "I", "a")
    ballots.cast("q", "I", "b")
    assert state(run(clusters("ab"), ballots.votes)).state == "in"


def test_voting_again_on_the_merged_report_hides_nobodys_disagreement() -> None:
    ballots = Ballots()
    for who, word, report in (("p", "I", "a"), ("q", "I", "a"), ("p", "E", "b"), ("r", "E", "b")):
        ballots.cast(who, word, report)
    ballots.cast("p", "I", "ab")
    found = run(clusters("ab"), ballots.votes)
    assert (state(found).state, state(found).votes, found.extra) == ("conflict", 3, ())


# ---------------------------------------------------------------- consensus
def conflict() -> tuple[Ballots, list[str]]:
    ballots = Ballots()
    return ballots, [ballots.cast("a", "I"), ballots.cast("b", "E", reason="design")]


@pytest.mark.parametrize(
    ("word", "wanted"), [("I", "in"), ("M", "in"), ("E", "out")]
)  # fmt: skip
def test_a_consensus_decides_a_conflict(word: str, wanted: str) -> None:
    ballots, both = conflict()
    found = state(run(clusters("a"), ballots.votes, [settle(1, word, both)]))
    assert (found.state, found.settled_by, found.reopened) == (wanted, "p-c.00000001/1", False)
    assert found.events == (*both, "p-c.00000001/1")


def test_a_consensus_may_find_a_full_text_not_retrieved() -> None:
    ballots = Ballots()
    for who in "ab":
        ballots.cast(who, "I")
    both = [ballots.cast("a", "R", stage=TEXTS), ballots.cast("b", "I", stage=TEXTS)]
    found = run(clusters("a"), ballots.votes, [settle(1, "R", both, stage=TEXTS)])
    assert state(found, stage=TEXTS).state == "not-retrieved"
    assert found.included() == ()


def test_a_consensus_reopens_when_a_named_vote_changes() -> None:
    ballots, both = conflict()
    ballots.cast("a", "E")
    found = state(run(clusters("a"), ballots.votes, [settle(1, "I", both)]))
    assert (found.state, found.reopened, found.settled_by) == ("conflict", True, "")


def test_a_consensus_reopens_when_only_the_reason_changes() -> None:
    ballots, both = conflict()
    ballots.cast("b", "E", reason="population")
    assert state(run(clusters("a"), ballots.votes, [settle(1, "E", both)])).reopened


def test_saying_the_same_again_does_not_reopen() -> None:
    ballots, both = conflict()
    ballots.cast("b", "E", reason="design")
    found = state(run(clusters("a"), ballots.votes, [settle(1, "I", both)]))
    assert (found.state, found.reopened) == ("in", False)


def test_changing_back_stands_again() -> None:
    ballots, both = conflict()
    ballots.cast("a", "E")
    ballots.cast("a", "I")
    assert state(run(clusters("a"), ballots.votes, [settle(1, "I", both)])).state == "in"


def test_a_new_consensus_settles_what_reopened() -> None:
    ballots, both = conflict()
    changed = ballots.cast("a", "E")
    settlements = [settle(1, "I", both), settle(2, "E", [changed, both[1]], reason="design")]
    found = state(run(clusters("a"), ballots.votes, settlements))
    assert (found.state, found.settled_by) == ("out", "p-c.00000001/2")


def test_a_later_consensus_replaces_the_earlier() -> None:
    ballots, both = conflict()
    found = run(clusters("a"), ballots.votes, [settle(1, "I", both), settle(2, "E", both)])
    assert state(found).state == "out"


def test_a_consensus_that_names_a_vote_nobody_cast_does_not_hold() -> None:
    ballots, both = conflict()
    found = state(run(clusters("a"), ballots.votes, [settle(1, "I", [*both, "p-z.00000001/9"])]))
    assert (found.state, found.reopened) == ("conflict", True)


def test_an_extra_vote_does_not_reopen_a_consensus() -> None:
    ballots, both = conflict()
    ballots.cast("c", "E")
    assert state(run(clusters("a"), ballots.votes, [settle(1, "I", both)])).state == "in"


def test_a_counted_vote_that_the_consensus_did_not_know_reopens_it_by_disagreeing() -> None:
    ballots = Ballots()
    first = ballots.cast("a", "I")
    settlement = settle(1, "I", [first])
    assert state(run(clusters("a"), ballots.votes, [settlement])).state == "in"
    ballots.cast("b", "I")
    assert state(run(clusters("a"), ballots.votes, [settlement])).state == "in"
    ballots.cast("b", "E")
    assert state(run(clusters("a"), ballots.votes, [settlement])).reopened


@pytest.mark.parametrize(("second", "wanted"), [("I", "in"), ("E", "conflict")])
def test_two_settled_reports_that_merge_must_agree(second: str, wanted: str) -> None:
    ballots = Ballots()
    settlements = []
    for number, (report, word) in enumerate((("a", "I"), ("b", second)), start=1):
        both = [ballots.cast("p", "I", report), ballots.cast("q", "E", report)]
        settlements.append(settle(number, word, both, report))
    found = state(run(clusters("ab"), ballots.votes, settlements))
    assert (found.state, found.reopened) == (wanted, wanted == "conflict")


# ---------------------------------------------------------------- reasons
def test_the_primary_reason_is_the_earliest_of_the_list_and_all_are_kept() -> None:
    ballots = Ballots()
    for who, reason in (("a", "design"), ("b", "outcome"), ("c", "population")):
        ballots.cast(who, "E", reason=reason)
    found = state(run(clusters("a"), ballots.votes, n=3))
    assert (found.state, found.reason) == ("out", "population")
    assert found.reasons == ("population", "outcome", "design")


def test_a_reason_outside_the_list_comes_last_and_is_not_lost() -> None:
    ballots = Ballots()
    ballots.cast("a", "E", reason="written on a napkin")
    ballots.cast("b", "E", reason="design")
    found = state(run(clusters("a"), ballots.votes))
    assert found.reasons == ("design", "written on a napkin")


def test_without_a_reason_the_first_criterion_not_met_speaks() -> None:
    ballots = Ballots()
    answers = (("design", "not met"), ("outcome", "not met"), ("population", "met"))
    for who in "ab":
        ballots.cast(who, "E", criteria=answers)
    found = state(run(clusters("a"), ballots.votes))
    assert (found.reason, found.reasons) == ("outcome", ("outcome",))


def test_no_reason_is_no_reason() -> None:
    ballots = Ballots()
    for who in "ab":
        ballots.cast(who, "E")
    found = state(run(clusters("a"), ballots.votes))
    assert (found.state, found.reason, found.reasons) == ("out", "", ())


def test_only_an_excluded_report_has_a_primary_reason() -> None:
    ballots, both = conflict()
    found = state(run(clusters("a"), ballots.votes))
    assert (found.reason, found.reasons) == ("", ("design",))
    settled = state(run(clusters("a"), ballots.votes, [settle(1, "I", both, reason="talked")]))
    assert settled.reason == ""


def test_the_reason_of_a_consensus_is_primary_and_the_others_are_kept() -> None:
    ballots, both = conflict()
    found = state(run(clusters("a"), ballots.votes, [settle(1, "E", both, reason="outcome")]))
    assert (found.reason, found.reasons) == ("outcome", ("outcome", "design"))
    silent = state(run(clusters("a"), ballots.votes, [settle(1, "E", both)]))
    assert (silent.reason, silent.reasons) == ("design", ("design",))


# ---------------------------------------------------------------- refusals
@pytest.mark.parametrize("n", [0, 4, -1])
def test_a_number_of_reviewers_that_nobody_can_count_is_refused(n: int) -> None:
    with pytest.raises(BadInput, match="reviewers_per_record to 1, 2, 3"):
        run(clusters("a"), [], n=n)


def test_a_reading_of_maybe_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput, match="include or own-class"):
        run(clusters("a"), [], maybe="exclude")


def test_a_consensus_that_decides_nothing_known_is_refused() -> None:
    with pytest.raises(BadInput, match="decides 'shrug'"):
        run(clusters("a"), [], [settle(1, "shrug", [])])
