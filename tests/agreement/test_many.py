"""Fleiss' kappa and agreement by criterion."""

from __future__ import annotations

import pytest

from tamis.agreement import criterion_agreement, fleiss_kappa
from tamis.domain.decisions import Vote
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster

#: The worked example that is commonly reproduced for Fleiss' kappa (10 things, 14 raters, 5
#: categories; kappa 0.210). By hand: mean agreement 0.378, expected 0.213.
COUNTS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def test_the_common_worked_example() -> None:
    things = [[c for c, n in zip("abcde", row, strict=True) for _ in range(n)] for row in COUNTS]
    assert fleiss_kappa(things) == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize("ratings", [[], [("in", "in"), ("in", "in")]])
def test_it_may_not_be_estimable(ratings: list[tuple[str, str]]) -> None:
    assert fleiss_kappa(ratings) is None


@pytest.mark.parametrize("ratings", [[("in",)], [("in", "in"), ("in", "in", "out")]])
def test_different_numbers_of_raters_are_refused(ratings: list[tuple[str, ...]]) -> None:
    with pytest.raises(BadInput):
        fleiss_kappa(ratings)


def vote(number: int, who: str, record: str, **answers: str) -> Vote:
    return Vote(
        event=f"p-{who}.00000001/{number}", stage="title-abstract", records=(record,),
        reviewer=f"p-{who}", decision="include",
        criteria=tuple((k.replace("_", "-"), v) for k, v in answers.items()),
    )  # fmt: skip


def test_agreement_is_told_by_criterion_and_pair() -> None:
    votes = [
        vote(1, "a", "x:a", design="met", population="met"),
        vote(1, "b", "x:a", design="not met", population="met"),
        vote(2, "a", "x:b", design="met"),
        vote(2, "b", "x:b", design="met", population="unclear"),
    ]
    clusters = [Cluster(records=("x:a",)), Cluster(records=("x:b",))]
    found = criterion_agreement(votes, clusters, stage="title-abstract")
    assert [(r.subject, r.rater_1, r.rater_2, r.n, r.percent) for r in found] == [
        ("design", "p-a", "p-b", 2, 0.5),
        ("population", "p-a", "p-b", 1, 1.0),
    ]
    assert criterion_agreement(votes, clusters, stage="full-text") == ()
