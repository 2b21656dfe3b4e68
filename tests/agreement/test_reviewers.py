"""Agreement in screening: which votes are compared, and which are not."""

from __future__ import annotations

import pytest

from tamis.agreement import changed_later, screening_agreement
from tamis.domain.decisions import Vote
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster

TITLES, TEXTS = "title-abstract", "full-text"


def vote(number: int, who: str, decision: str, *records: str, stage: str = TITLES) -> Vote:
    return Vote(
        event=f"p-{who}.00000001/{number}", stage=stage, records=records, reviewer=f"p-{who}",
        decision=decision,
    )  # fmt: skip


def reports(*groups: str) -> list[Cluster]:
    return [Cluster(records=tuple(f"x:{letter}" for letter in group)) for group in groups]


def figures(votes: list[Vote], clusters: list[Cluster], **options: str) -> list[tuple[object, ...]]:
    found = screening_agreement(votes, clusters, stage=options.pop("stage", TITLES), **options)
    return [(r.rater_1, r.rater_2, r.n, r.percent) for r in found]


def test_every_two_reviewers_with_a_report_in_common() -> None:
    votes = [
        vote(1, "c", "include", "x:a"),
        vote(1, "a", "include", "x:a"),
        vote(1, "b", "exclude", "x:a"),
        vote(2, "a", "exclude", "x:b"),
        vote(2, "b", "exclude", "x:b"),
        vote(3, "d", "exclude", "x:c"),
    ]
    assert figures(votes, reports("a", "b", "c")) == [
        ("p-a", "p-b", 2, 0.5),
        ("p-a", "p-c", 1, 1.0),
        ("p-b", "p-c", 1, 0.0),
    ]


def test_one_reviewer_alone_has_no_agreement() -> None:
    assert figures([vote(1, "a", "include", "x:a")], reports("a")) == []


def test_the_last_vote_before_the_votes_were_unsealed_counts() -> None:
    votes = [
        vote(1, "a", "maybe", "x:a"),
        vote(2, "a", "include", "x:a"),
        vote(1, "b", "exclude", "x:a"),
        vote(3, "a", "exclude", "x:a"),
    ]
    found = screening_agreement(votes, reports("a"), stage=TITLES)
    assert [(r.n, r.percent) for r in found] == [(1, 0.0)]
    assert found[0].inputs == ("p-a.00000001/2", "p-b.00000001/1")
    assert changed_later(votes, reports("a"), TITLES) == 1
    third = [*votes, vote(1, "c", "exclude", "x:a"), vote(2, "c", "include", "x:a")]
    assert figures(third, reports("a"))[1:] == [("p-a", "p-c", 1, 0.0), ("p-b", "p-c", 1, 1.0)]


def test_maybe_is_include_or_a_class_of_its_own() -> None:
    votes = [vote(1, "a", "include", "x:a"), vote(1, "b", "maybe", "x:a")]
    assert figures(votes, reports("a")) == [("p-a", "p-b", 1, 1.0)]
    own = screening_agreement(votes, reports("a"), stage=TITLES, maybe_counts_as="own-class")
    assert own[0].percent == 0.0
    assert ("include", "maybe", 1) in own[0].table
    assert len(own[0].table) == 9


def test_duplicates_are_one_thing_rated() -> None:
    votes = [vote(1, "a", "include", "x:a"), vote(1, "b", "include", "x:b", "x:c")]
    assert figures(votes, reports("abc")) == [("p-a", "p-b", 1, 1.0)]


def test_stages_are_compared_apart() -> None:
    votes = [
        vote(1, "a", "include", "x:a"),
        vote(1, "b", "include", "x:a"),
        vote(2, "a", "include", "x:a", stage=TEXTS),
        vote(2, "b", "exclude", "x:a", stage=TEXTS),
    ]
    assert figures(votes, reports("a")) == [("p-a", "p-b", 1, 1.0)]
    assert figures(votes, reports("a"), stage=TEXTS) == [("p-a", "p-b", 1, 0.0)]


def test_not_retrieved_judges_nothing() -> None:
    votes = [
        vote(1, "a", "not-retrieved", "x:a", stage=TEXTS),
        vote(1, "b", "exclude", "x:a", stage=TEXTS),
        vote(2, "a", "include", "x:b", stage=TEXTS),
        vote(2, "b", "include", "x:b", stage=TEXTS),
    ]
    assert figures(votes, reports("a", "b"), stage=TEXTS) == [("p-a", "p-b", 1, 1.0)]


def test_a_vote_on_a_report_that_was_split_judges_no_one_report() -> None:
    votes = [
        vote(1, "a", "include", "x:a"),
        vote(1, "b", "include", "x:a"),
        vote(2, "b", "exclude", "x:a", "x:b"),
    ]
    assert figures(votes[:1] + votes[2:], reports("ab")) == [("p-a", "p-b", 1, 0.0)]
    assert figures(votes[:1] + votes[2:], reports("a", "b")) == []
    assert figures(votes, reports("a", "b")) == [("p-a", "p-b", 1, 1.0)]


def test_a_vote_on_an_unknown_record_is_not_compared() -> None:
    votes = [vote(1, "a", "include", "x:z"), vote(1, "b", "include", "x:z")]
    assert figures(votes, reports("a")) == []


def test_an_unknown_reading_of_maybe_is_refused() -> None:
    with pytest.raises(BadInput, match="include or own-class"):
        screening_agreement([], [], stage=TITLES, maybe_counts_as="exclude")
