"""Which votes and which settlements count for one report: membership, replacement, extra votes.

A vote names the records that its reviewer saw as one report. It attaches to every cluster that
holds one of them now. Votes (and settlements) that share a record speak of one report *as it was
seen*, a strand; a cluster that merged two screened reports has two strands and keeps both.

Within a cluster and stage:

- a later vote of the same reviewer that shares a record with an earlier one replaces it;
- of each strand the first *n* reviewers count, in the order of their first vote, with their last
  vote each; further reviewers are extra: kept, shown, not counted. Who counted before two strands
  met counts afterwards too, so that a merge never hides a disagreement;
- a vote whose records stand in two clusters is split: both clusters need a second look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.decisions import Settlement, Vote
from tamis.domain.records import Cluster

__all__ = ["Ballot", "Membership", "ballot_of", "standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The votes on one report at one stage, in canonical order.

    ``attached`` are all, ``live`` those that nothing replaced, ``counted`` the live votes of the
    first reviewers, ``extra`` the live votes of the others.
    """

    attached: tuple[Vote, ...]
    live: tuple[Vote, ...]
    counted: tuple[Vote, ...]
    extra: tuple[Vote, ...]

    @property
    def people(self) -> int:
        """How many persons cast the counted votes."""
        return len({vote.reviewer for vote in self.counted})


class Membership:
    """Which cluster holds a record."""

    def __init__(self, clusters: Iterable[Cluster]) -> None:
        self._of = {record: cluster.id for cluster in clusters for record in cluster.records}

    def clusters(self, records: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the clusters that hold these records, sorted."""
        return tuple(sorted({self._of[record] for record in records if record in self._of}))

    def attach(self, items: Iterable[Vote]) -> Mapping[tuple[str, str], list[Vote]]:
        """Return the votes by cluster and stage, each list in the order given."""
        found: dict[tuple[str, str], list[Vote]] = defaultdict(list)
        for item in items:
            for cluster in self.clusters(item.records):
                found[cluster, item.stage].append(item)
        return found

    def attach_settlements(
        self, items: Iterable[Settlement]
    ) -> Mapping[tuple[str, str], list[Settlement]]:
        """Return the settlements by cluster and stage, each list in the order given."""
        found: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
        for item in items:
            for cluster in self.clusters(item.records):
                found[cluster, item.stage].append(item)
        return found


def ballot_of(votes: Sequence[Vote], needed: int) -> Ballot:
    """Sort the votes on one report at one stage into those that count and those that do not.

    Parameters
    ----------
    votes
        In canonical order.
    needed
        How many reviewers count in each strand.
    """
    live = tuple(
        vote
        for place, vote in enumerate(votes)
        if not any(_replaces(later, vote) for later in votes[place + 1 :])
    )
    strands = _strands(votes, needed)
    counted = tuple(v for v in live if v.reviewer in _strand_of(v, strands).reviewers)
    extra = tuple(v for v in live if v.reviewer not in _strand_of(v, strands).reviewers)
    return Ballot(attached=tuple(votes), live=live, counted=counted, extra=extra)


def standing(settlements: Sequence[Settlement]) -> tuple[Settlement, ...]:
    """Return the settlements that no later one on the same report, as seen, replaces."""
    return tuple(
        settlement
        for place, settlement in enumerate(settlements)
        if not any(_meet(later.records, settlement.records) for later in settlements[place + 1 :])
    )


def _replaces(later: Vote, vote: Vote) -> bool:
    return later.reviewer == vote.reviewer and _meet(later.records, vote.records)


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    return not set(some).isdisjoint(others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strand:
    """One report as it was seen, and the reviewers who count for it."""

    records: frozenset[str]
    reviewers: frozenset[str]


def _strands(votes: Sequence[Vote], needed: int) -> tuple[_Strand, ...]:
    """Walk the votes in order; who once counted goes on counting when two strands meet."""
    strands: tuple[_Strand, ...] = ()
    for vote in votes:
        touched = [s for s in strands if _meet(s.records, vote.records)]
        records = frozenset(vote.records).union(*(s.records for s in touched))
        reviewers = frozenset[str]().union(*(s.reviewers for s in touched))
        if len(reviewers) < needed:
            reviewers |= {vote.reviewer}
        rest = tuple(s for s in strands if s not in touched)
        strands = (*rest, _Strand(records=records, reviewers=reviewers))
    return strands


def _strand_of(vote: Vote, strands: Sequence[_Strand]) -> _Strand:
    return next(strand for strand in strands if _meet(strand.records, vote.records))
