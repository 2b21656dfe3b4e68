"""Votes and settlements become states: one state for each report at each stage it has reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.question import Criterion, ScreeningRules
from tamis.domain.records import Cluster
from tamis.domain.results import ScreenState
from tamis.screening.ballots import Membership, ballot_of
from tamis.screening.judging import EMPTY, Judge, check_rules, check_settlement
from tamis.screening.reasons import Rank, order_of

__all__ = ["Screening", "screen"]


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Where every report stands.

    ``states`` are sorted by stage, then cluster. Every cluster has one state at title and
    abstract; those that are ``in`` there have one at full text. Votes that decide nothing now are
    named, never lost: ``extra`` (beyond the number of people needed), ``idle`` (full-text votes on
    reports that are not in at title and abstract) and ``unattached`` (votes and settlements that
    name no known record).
    """

    states: tuple[ScreenState, ...]
    extra: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    unattached: tuple[str, ...] = ()

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], ScreenState]:
        return {(state.cluster, state.stage): state for state in self.states}

    def state(self, cluster_id: str, stage: str) -> ScreenState | None:
        """Return the state of a cluster at a stage, ``None`` if it has not reached the stage."""
        return self._by_key.get((cluster_id, stage))

    def at(self, stage: str) -> tuple[ScreenState, ...]:
        """Return the states at one stage, sorted by cluster."""
        return tuple(state for state in self.states if state.stage == stage)

    def included(self) -> tuple[str, ...]:
        """Return the ids of the clusters that are in at full text, sorted."""
        return tuple(s.cluster for s in self.at(STAGES[-1]) if s.state == "in")

    def conflicts(self) -> tuple[ScreenState, ...]:
        """Return the states that wait for a consensus; the light ones say so."""
        return tuple(state for state in self.states if state.state == "conflict")

    def second_looks(self) -> tuple[ScreenState, ...]:
        """Return the states whose votes were cast on records that stand in two clusters now."""
        return tuple(state for state in self.states if state.state == "second-look")


def screen(
    clusters: Sequence[Cluster],
    votes: Sequence[Vote],
    settlements: Sequence[Settlement],
    *,
    rules: ScreeningRules,
    criteria: Sequence[Criterion],
) -> Screening:
    """Fold votes and settlements over the clusters.

    Parameters
    ----------
    clusters
        The reports as de-duplication sees them now.
    votes, settlements
        In canonical order (``ReviewState`` keeps them so): later replaces earlier.
    rules
        ``reviewers_per_record`` 1, 2 or 3; ``maybe_counts_as`` ``include`` or ``own-class``.
        ``reason_conflicts`` makes different reasons of all who exclude a light conflict.
        Blinding and allocation do not change states.
    criteria
        Their ``order`` ranks reasons.

    Returns
    -------
    Screening
        The same for any order of ``clusters``, and for any interleaving of votes that keeps each
        reviewer's own order and, where more vote than are needed, the order of first votes.

    Raises
    ------
    BadInput
        For rules or a settlement's decision that are none of the declared words.

    Notes
    -----
    A settlement stands while every vote it names stands and no counted vote that it does not name
    contradicts it; else the report is a conflict again, and ``reopened`` says why it is one.
    A named vote that was replaced by one with the same decision and reason stands.

    Examples
    --------
    >>> vote = Vote(event="p-a.00000001/1", stage="title-abstract", records=("x:0",),
    ...             reviewer="p-a", decision="include")
    >>> found = screen([Cluster(records=("x:0",))], [vote], [],
    ...                rules=ScreeningRules(reviewers_per_record=1), criteria=[])
    >>> found.state("x:0", "title-abstract").state, found.state("x:0", "full-text").state
    ('in', 'awaiting')
    """
    check_rules(rules)
    for settlement in settlements:
        check_settlement(settlement)
    desk = _Desk(clusters, votes, settlements, rules=rules, rank=order_of(criteria))
    ids = sorted(cluster.id for cluster in clusters)
    states: list[ScreenState] = []
    for stage in STAGES:
        here = [desk.state(cluster, stage) for cluster in ids]
        states += here
        ids = [state.cluster for state in here if state.state == "in"]
    reached = {(state.cluster, state.stage) for state in states}
    return Screening(
        states=tuple(states),
        extra=desk.extra(),
        idle=desk.idle(reached),
        unattached=desk.unattached(),
    )


class _Desk:
    """Votes and settlements laid out by cluster and stage."""

    def __init__(
        self,
        clusters: Sequence[Cluster],
        votes: Sequence[Vote],
        settlements: Sequence[Settlement],
        *,
        rules: ScreeningRules,
        rank: Rank,
    ) -> None:
        self._membership = Membership(clusters)
        self._all: tuple[Vote | Settlement, ...] = (*votes, *settlements)
        self._judge = Judge(rules=rules, rank=rank, is_split=self._is_split)
        self._ballots = {
            key: ballot_of(found, rules.reviewers_per_record)
            for key, found in self._membership.attach(votes).items()
        }
        self._settled = self._membership.attach_settlements(settlements)

    def state(self, cluster: str, stage: str) -> ScreenState:
        key = cluster, stage
        return self._judge.state(
            cluster, stage, self._ballots.get(key, EMPTY), self._settled.get(key, ())
        )

    def _is_split(self, item: Vote | Settlement) -> bool:
        return len(self._membership.clusters(item.records)) > 1

    def extra(self) -> tuple[str, ...]:
        return _sorted(vote.event for ballot in self._ballots.values() for vote in ballot.extra)

    def idle(self, reached: set[tuple[str, str]]) -> tuple[str, ...]:
        ballots = (ballot for key, ballot in self._ballots.items() if key not in reached)
        return _sorted(vote.event for ballot in ballots for vote in ballot.attached)

    def unattached(self) -> tuple[str, ...]:
        return _sorted(
            item.event for item in self._all if not self._membership.clusters(item.records)
        )


def _sorted(events: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(events)))
