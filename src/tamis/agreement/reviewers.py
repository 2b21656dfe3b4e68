"""Agreement of reviewers in screening, before any consensus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

from tamis.agreement.two_raters import agree
from tamis.domain.decisions import Vote
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster
from tamis.domain.results import AgreementResult

__all__ = ["CATEGORIES", "last_votes", "screening_agreement"]

#: The categories under each reading of *maybe*; the first is positive.
CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"include": ("include", "exclude"), "own-class": ("include", "maybe", "exclude")}
)

LastVotes = Mapping[str, Mapping[str, Vote]]


def screening_agreement(
    votes: Sequence[Vote],
    clusters: Sequence[Cluster],
    *,
    stage: str,
    maybe_counts_as: str = "include",
) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two reviewers who judged reports in common.

    Parameters
    ----------
    votes
        In canonical order; of one reviewer on one report the last counts.
    clusters
        The reports; a cluster that is one report is one thing rated.
    stage
        The stage whose votes are compared.
    maybe_counts_as
        ``include``: two categories. ``own-class``: three.

    Returns
    -------
    tuple of AgreementResult
        Sorted by reviewers. ``inputs`` are the events of the compared votes.

    Raises
    ------
    BadInput
        For a reading of *maybe* that is not known.

    Notes
    -----
    Consensus plays no part, whatever it decided. Left out are *not retrieved*, which judges no
    eligibility, and votes whose records stand in two clusters now, which judge no one report.
    Pairs of reviewers without a report in common have no row.

    Examples
    --------
    >>> def vote(n, who, decision):
    ...     return Vote(event=f"{who}.00000001/{n}", stage="title-abstract", records=(f"x:{n}",),
    ...                 reviewer=who, decision=decision)
    >>> found = screening_agreement(
    ...     [vote(1, "p-a", "include"), vote(1, "p-b", "maybe"), vote(2, "p-a", "exclude")],
    ...     [Cluster(records=("x:1",)), Cluster(records=("x:2",))], stage="title-abstract")
    >>> [(r.rater_1, r.rater_2, r.n, r.percent) for r in found]
    [('p-a', 'p-b', 1, 1.0)]
    """
    categories = CATEGORIES.get(maybe_counts_as)
    if categories is None:
        raise BadInput(
            f"maybe cannot count as {maybe_counts_as!r}", f"use {' or '.join(CATEGORIES)}"
        )
    last = last_votes(votes, clusters, stage)
    reviewers = sorted({name for by_reviewer in last.values() for name in by_reviewer})
    found: list[AgreementResult] = []
    for one, other in combinations(reviewers, 2):
        shared = [last[c] for c in sorted(last) if one in last[c] and other in last[c]]
        if shared:
            found.append(_compare(shared, one, other, stage, categories))
    return tuple(found)


def last_votes(votes: Sequence[Vote], clusters: Sequence[Cluster], stage: str) -> LastVotes:
    """Return the last vote of each reviewer on each report that judges that one report."""
    cluster_of = {record: cluster.id for cluster in clusters for record in cluster.records}
    last: dict[str, dict[str, tuple[Vote, bool]]] = defaultdict(dict)
    for vote in votes:
        held = {cluster_of[record] for record in vote.records if record in cluster_of}
        for cluster in held if vote.stage == stage else ():
            judges = len(held) == 1 and vote.decision != "not-retrieved"
            last[cluster][vote.reviewer] = (vote, judges)
    return {
        cluster: {name: vote for name, (vote, judges) in by_reviewer.items() if judges}
        for cluster, by_reviewer in last.items()
    }


def _compare(
    shared: Sequence[Mapping[str, Vote]],
    one: str,
    other: str,
    stage: str,
    categories: tuple[str, ...],
) -> AgreementResult:
    return agree(
        [(_category(by[one], categories), _category(by[other], categories)) for by in shared],
        subject=stage,
        rater_1=one,
        rater_2=other,
        categories=categories,
        inputs=tuple(by[name].event for by in shared for name in (one, other)),
    )


def _category(vote: Vote, categories: tuple[str, ...]) -> str:
    return vote.decision if vote.decision in categories else "include"
