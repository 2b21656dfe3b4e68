"""Screening that goes on: votes and settlements come and go one by one, states follow.

``Running`` says at every moment what ``screen`` would say of the votes and settlements it holds,
and computes only the reports that the last one touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.question import Criterion, ScreeningRules
from tamis.domain.records import Cluster
from tamis.domain.results import ScreenState
from tamis.screening.ballots import Ballot, Membership, ballot_of
from tamis.screening.desk import Screening
from tamis.screening.judging import EMPTY, Judge, check_rules, check_settlement
from tamis.screening.reasons import order_of

__all__ = ["Running"]

Key = tuple[str, str]

TITLES, TEXTS = STAGES

#: What a report is until somebody votes on it.
UNTOUCHED = "awaiting"


class Running:
    """Where every report stands, kept while people vote.

    Parameters
    ----------
    clusters
        The reports; when they change, a new ``Running`` is made.
    rules, criteria
        As in ``screen``.

    Notes
    -----
    ``take`` and ``drop`` return the ids of the clusters that were touched. The cost of one is that
    of the votes on these clusters, whatever the size of the review.

    Examples
    --------
    >>> running = Running([Cluster(records=("x:0",))], rules=ScreeningRules(), criteria=[])
    >>> vote = Vote(event="p-a.00000001/1", stage="title-abstract", records=("x:0",),
    ...             reviewer="p-a", decision="include")
    >>> running.take(vote), running.counts("title-abstract"), running.by_votes("title-abstract")
    (('x:0',), {'awaiting': 1}, {1: 1})
    >>> running.drop(vote.event), running.by_votes("title-abstract")
    (('x:0',), {0: 1})
    """

    def __init__(
        self,
        clusters: Iterable[Cluster],
        *,
        rules: ScreeningRules,
        criteria: Sequence[Criterion],
    ) -> None:
        check_rules(rules)
        held = tuple(clusters)
        self._ids = frozenset(cluster.id for cluster in held)
        self._membership = Membership(held)
        self._rules = rules
        self._judge = Judge(rules=rules, rank=order_of(criteria), is_split=self.is_split)
        self._items: dict[str, Vote | Settlement] = {}
        self._votes: dict[Key, list[Vote]] = defaultdict(list)
        self._settled: dict[Key, list[Settlement]] = defaultdict(list)
        self._ballots: dict[Key, Ballot] = {}
        self._states: dict[Key, ScreenState] = {}
        self._reached: set[str] = set()
        self._conflicts: dict[str, set[str]] = {stage: set() for stage in STAGES}
        self._counts: dict[str, dict[str, int]] = {stage: {} for stage in STAGES}
        self._by_votes: dict[str, dict[int, int]] = {stage: {} for stage in STAGES}
        if held:
            self._counts[TITLES] = {UNTOUCHED: len(self._ids)}
            self._by_votes[TITLES] = {0: len(self._ids)}

    def take(self, item: Vote | Settlement) -> tuple[str, ...]:
        """Take one more vote or settlement; it follows all those held.

        Raises
        ------
        BadInput
            For a settlement whose decision is none of the declared words.
        """
        touched = self._hold(item)
        for cluster in touched:
            self._follow((cluster, item.stage))
        return touched

    def take_all(self, items: Iterable[Vote | Settlement]) -> None:
        """Take many, in order; each report they touch is computed once."""
        touched: dict[Key, None] = {}
        for item in items:
            for cluster in self._hold(item):
                touched[cluster, item.stage] = None
        for key in sorted(touched, key=lambda key: STAGES.index(key[1])):
            self._follow(key)

    def drop(self, event: str) -> tuple[str, ...]:
        """Forget a vote or settlement that was superseded; nothing happens if it is not held."""
        item = self._items.pop(event, None)
        if item is None:
            return ()
        touched = self._membership.clusters(item.records)
        for cluster in touched:
            key = cluster, item.stage
            if isinstance(item, Vote):
                self._votes[key].remove(item)
            else:
                self._settled[key].remove(item)
            self._follow(key)
        return touched

    def state(self, cluster_id: str, stage: str) -> ScreenState | None:
        """Return the state of a cluster at a stage, ``None`` if it has not reached the stage."""
        found = self._states.get((cluster_id, stage))
        if found is not None or cluster_id not in self.reached(stage):
            return found
        return self._judge.state(cluster_id, stage, EMPTY, ())

    def ballot(self, cluster_id: str, stage: str) -> Ballot:
        """Return the votes on a cluster at a stage, sorted into those that count and others."""
        return self._ballots.get((cluster_id, stage), EMPTY)

    def settlements(self, cluster_id: str, stage: str) -> tuple[Settlement, ...]:
        """Return the settlements on a cluster at a stage, in order."""
        return tuple(self._settled.get((cluster_id, stage), ()))

    def reached(self, stage: str) -> Collection[str]:
        """Return the clusters that have reached a stage."""
        return self._ids if stage == TITLES else self._reached

    def touched(self, stage: str) -> tuple[str, ...]:
        """Return the clusters of a stage that somebody has voted on or settled."""
        return tuple(cluster for cluster, at in self._states if at == stage)

    def conflicts(self, stage: str) -> Collection[str]:
        """Return the clusters of a stage that wait for a consensus."""
        return self._conflicts[stage]

    def counts(self, stage: str) -> Mapping[str, int]:
        """Return how many clusters of a stage are in each state; absent states have none."""
        return dict(self._counts[stage])

    def by_votes(self, stage: str) -> Mapping[int, int]:
        """Return how many clusters of a stage have the counted votes of 0, 1, 2 … people."""
        return dict(self._by_votes[stage])

    def is_split(self, item: Vote | Settlement) -> bool:
        """Tell whether the records of a vote or settlement stand in two clusters now."""
        return len(self._membership.clusters(item.records)) > 1

    def screening(self) -> Screening:
        """Return everything at once, as ``screen`` does; its cost is that of the whole review."""
        reached = {(cluster, stage) for stage in STAGES for cluster in self.reached(stage)}
        states = (
            state
            for stage in STAGES
            for cluster in sorted(self.reached(stage))
            if (state := self.state(cluster, stage)) is not None
        )
        extra = {vote.event for ballot in self._ballots.values() for vote in ballot.extra}
        idle = {
            vote.event
            for key, ballot in self._ballots.items()
            if key not in reached
            for vote in ballot.attached
        }
        return Screening(
            states=tuple(states),
            extra=tuple(sorted(extra)),
            idle=tuple(sorted(idle)),
            unattached=tuple(
                sorted(
                    event
                    for event, item in self._items.items()
                    if not self._membership.clusters(item.records)
                )
            ),
        )

    def _hold(self, item: Vote | Settlement) -> tuple[str, ...]:
        """Lay a vote or settlement on the reports it is about."""
        if isinstance(item, Settlement):
            check_settlement(item)
        self._items[item.event] = item
        touched = self._membership.clusters(item.records)
        for cluster in touched:
            key = cluster, item.stage
            if isinstance(item, Vote):
                self._votes[key].append(item)
            else:
                self._settled[key].append(item)
        return touched

    def _follow(self, key: Key) -> None:
        """Compute one report again at one stage, and let the next stage open or shut."""
        votes = self._votes.get(key, ())
        if votes:
            self._ballots[key] = ballot_of(votes, self._rules.reviewers_per_record)
        else:
            self._ballots.pop(key, None)
            self._votes.pop(key, None)
        cluster, stage = key
        if cluster not in self.reached(stage):
            return
        before = self.state(cluster, stage)
        self._count(before, -1)
        now = self._judged(key)
        self._count(now, 1)
        if stage == TITLES and (before is None or before.state != now.state):
            self._open_or_shut(cluster, opens=now.state == "in")

    def _judged(self, key: Key) -> ScreenState:
        settled = self._settled.get(key, ())
        now = self._judge.state(*key, self._ballots.get(key, EMPTY), settled)
        if key in self._ballots or settled:
            self._states[key] = now
        else:
            self._states.pop(key, None)
        return now

    def _open_or_shut(self, cluster: str, *, opens: bool) -> None:
        key = cluster, TEXTS
        if opens and cluster not in self._reached:
            self._reached.add(cluster)
            self._count(self._judged(key), 1)
        elif not opens and cluster in self._reached:
            self._count(self.state(*key), -1)
            self._reached.discard(cluster)
            self._states.pop(key, None)

    def _count(self, state: ScreenState | None, step: int) -> None:
        if state is None:
            return
        _add(self._counts[state.stage], state.state, step)
        if state.state == "conflict" and step > 0:
            self._conflicts[state.stage].add(state.cluster)
        elif state.state == "conflict":
            self._conflicts[state.stage].discard(state.cluster)
        _add(self._by_votes[state.stage], state.votes, step)


def _add(counts: dict[Any, int], what: str | int, step: int) -> None:
    counts[what] = counts.get(what, 0) + step
    if not counts[what]:
        del counts[what]
