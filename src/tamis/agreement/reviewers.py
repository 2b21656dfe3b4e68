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

__all__ = ["CATEGORIES", "blind_votes", "changed_later", "screening_agreement"]

#: The categories under each reading of *maybe*; the first is positive.
CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"include": ("include", "exclude"), "own-class": ("include", "maybe", "exclude")}
)

BlindVotes = Mapping[str, Mapping[str, Vote]]

#: No vote was taken back.
NEVER: Mapping[str, str] = MappingProxyType({})


def screening_agreement(
    votes: Sequence[Vote],
    clusters: Sequence[Cluster],
    *,
    stage: str,
    maybe_counts_as: str = "include",
    needed: int = 2,
    taken_back: Mapping[str, str] = NEVER,
) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two reviewers who judged reports in common.

    Parameters
    ----------
    votes
        In canonical order, those that were taken back among them. Of one reviewer on one report
        the last one counts that was said before the votes were unsealed.
    clusters
        The reports; a cluster that is one report is one thing rated.
    stage
        The stage whose votes are compared.
    maybe_counts_as
        ``include``: two categories. ``own-class``: three.
    needed
        With how many reviewers' votes a report is unsealed.
    taken_back
        Event of a vote -> when its reviewer took it back.

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
    Consensus plays no part, whatever it decided, and a vote that somebody changed or took back
    after seeing the others' counts as it was said. Left out are *not retrieved*, which judges no
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
    last = blind_votes(votes, clusters, stage, needed=needed, taken_back=taken_back)
    reviewers = sorted({name for by_reviewer in last.values() for name in by_reviewer})
    found: list[AgreementResult] = []
    for one, other in combinations(reviewers, 2):
        shared = [last[c] for c in sorted(last) if one in last[c] and other in last[c]]
        if shared:
            found.append(_compare(shared, one, other, stage, categories))
    return tuple(found)


def blind_votes(
    votes: Sequence[Vote],
    clusters: Sequence[Cluster],
    stage: str,
    *,
    needed: int = 2,
    taken_back: Mapping[str, str] = NEVER,
) -> BlindVotes:
    """Return what each reviewer said of each report before its votes were unsealed.

    A vote that judges more than that one report, or no question (*not retrieved*), leaves its
    reviewer out there.

    Examples
    --------
    >>> def vote(n, who, decision):
    ...     return Vote(event=f"{who}.00000001/{n}", stage="title-abstract", records=("x:1",),
    ...                 reviewer=who, decision=decision, at=f"2026-01-0{n}")
    >>> said = [vote(1, "p-a", "include"), vote(2, "p-b", "exclude"), vote(3, "p-a", "exclude")]
    >>> found = blind_votes(said, [Cluster(records=("x:1",))], "title-abstract")
    >>> {who: vote.decision for who, vote in found["x:1"].items()}
    {'p-a': 'include', 'p-b': 'exclude'}
    """
    cluster_of = {record: cluster.id for cluster in clusters for record in cluster.records}
    cast: dict[str, list[tuple[Vote, bool]]] = defaultdict(list)
    for vote in votes:
        held = {cluster_of[record] for record in vote.records if record in cluster_of}
        for cluster in held if vote.stage == stage else ():
            judges = len(held) == 1 and vote.decision != "not-retrieved"
            cast[cluster].append((vote, judges))
    found: dict[str, dict[str, Vote]] = {}
    for cluster, told in cast.items():
        judging = {vote.event for vote, judges in told if judges}
        said = _said_blind([vote for vote, _ in told], needed, taken_back)
        found[cluster] = {who: vote for who, vote in said.items() if vote.event in judging}
    return found


def changed_later(
    votes: Sequence[Vote],
    clusters: Sequence[Cluster],
    stage: str,
    *,
    needed: int = 2,
    taken_back: Mapping[str, str] = NEVER,
) -> int:
    """Return how many verdicts stand otherwise now than before the votes were unsealed."""
    standing = [vote for vote in votes if vote.event not in taken_back]
    now = blind_votes(standing, clusters, stage, needed=len(votes))
    then = blind_votes(votes, clusters, stage, needed=needed, taken_back=taken_back)
    return sum(
        now.get(cluster, {}).get(who, vote).decision != vote.decision
        or who not in now.get(cluster, {})
        for cluster, said in then.items()
        for who, vote in said.items()
    )


def _said_blind(
    votes: Sequence[Vote], needed: int, taken_back: Mapping[str, str]
) -> Mapping[str, Vote]:
    """Return the standing vote of each reviewer when the votes were unsealed; later ones' first."""
    acts = [(vote.at, 0, vote) for vote in votes]
    back = [(taken_back[vote.event], 1, vote) for vote in votes if vote.event in taken_back]
    if back:
        acts = sorted([*acts, *back], key=lambda act: act[:2])
    said: dict[str, list[Vote]] = {}
    unsealed = False
    for _, is_back, vote in acts:
        mine = said.setdefault(vote.reviewer, [])
        if not is_back and (not unsealed or not mine):
            mine.append(vote)
        elif is_back and not unsealed and vote in mine:
            mine.remove(vote)
        unsealed = unsealed or sum(map(bool, said.values())) >= needed
    return {who: mine[-1] for who, mine in said.items() if mine}


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
