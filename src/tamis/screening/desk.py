"""Votes and settlements become states: one state for each report at each stage it has reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.errors import BadInput
from tamis.domain.question import Criterion, ScreeningRules
from tamis.domain.records import Cluster
from tamis.domain.results import ScreenState
from tamis.screening.ballots import Ballot, Membership, ballot_of, standing
from tamis.screening.reasons import Rank, order_of, ordered, reasons_of
from tamis.screening.states import MAYBE_COUNTS_AS, NEEDED, SETTLED_AS, Tally, state_of

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
    _check(rules, settlements)
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
        self._rules = rules
        self._rank = rank
        self._by_event = {vote.event: vote for vote in votes}
        self._ballots = {
            key: ballot_of(found, rules.reviewers_per_record)
            for key, found in self._membership.attach(votes).items()
        }
        self._settled = self._membership.attach_settlements(settlements)

    def state(self, cluster: str, stage: str) -> ScreenState:
        empty = Ballot(attached=(), live=(), counted=(), extra=())
        ballot = self._ballots.get((cluster, stage), empty)
        settled = standing(self._settled.get((cluster, stage), ()))
        found = self._from_votes(cluster, stage, ballot)
        return self._settle(found, ballot, settled) if settled else found

    def _from_votes(self, cluster: str, stage: str, ballot: Ballot) -> ScreenState:
        needed = self._rules.reviewers_per_record
        row = state_of(
            Tally(
                stage=stage,
                people=ballot.people,
                needed=needed,
                decisions=frozenset(vote.decision for vote in ballot.counted),
                maybe_counts_as=self._rules.maybe_counts_as,
            )
        )
        reasons = reasons_of(ballot.counted, self._rank)
        split = any(self._is_split(vote) for vote in ballot.counted)
        return ScreenState(
            cluster=cluster,
            stage=stage,
            state="second-look" if split else row.state,
            reason=reasons[0] if reasons and row.state == "out" and not split else "",
            reasons=reasons,
            votes=ballot.people,
            needed=needed,
            events=tuple(vote.event for vote in ballot.counted),
            light=row.light and not split,
        )

    def _settle(
        self, found: ScreenState, ballot: Ballot, settled: Sequence[Settlement]
    ) -> ScreenState:
        events = (*found.events, *(s.event for s in settled))
        last = settled[-1]
        state = SETTLED_AS[last.decision]
        found = replace(found, events=events, light=False, reason="")
        if any(self._is_split(settlement) for settlement in settled):
            return replace(found, state="second-look")
        if not self._holds(settled, ballot):
            return replace(found, state="conflict", reopened=True)
        found = replace(found, state=state, settled_by=last.event)
        if state != "out":
            return found
        reasons = ordered([*(s.reason for s in settled), *found.reasons], self._rank)
        primary = last.reason.strip() or (reasons[0] if reasons else "")
        return replace(found, reason=primary, reasons=reasons)

    def _holds(self, settled: Sequence[Settlement], ballot: Ballot) -> bool:
        """Tell whether the settlements agree, what they name stands, and nothing else objects."""
        outcome = {SETTLED_AS[s.decision] for s in settled}
        named = {name for settlement in settled for name in settlement.settles}
        stands = all(self._stands(name, ballot) for name in named)
        return len(outcome) == 1 and stands and not self._objections(named, outcome, ballot)

    def _stands(self, name: str, ballot: Ballot) -> bool:
        """Tell whether a named vote is live, or its reviewer said the same again."""
        vote = self._by_event.get(name)
        if vote is None or vote not in ballot.attached:
            return False
        again = [now for now in ballot.live if _again(vote, now)]
        return bool(again) and all(_same_verdict(vote, now) for now in again)

    def _objections(self, named: set[str], outcome: set[str], ballot: Ballot) -> bool:
        spoken = [self._by_event[name] for name in named if name in self._by_event]
        unnamed = (v for v in ballot.counted if not any(_again(old, v) for old in spoken))
        return any(SETTLED_AS[vote.decision] not in outcome for vote in unnamed)

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


def _again(vote: Vote, now: Vote) -> bool:
    """Tell whether ``now`` is the same person's word on what ``vote`` was about."""
    return vote.reviewer == now.reviewer and not set(vote.records).isdisjoint(now.records)


def _same_verdict(vote: Vote, now: Vote) -> bool:
    return (vote.decision, vote.reason.strip()) == (now.decision, now.reason.strip())


def _sorted(events: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(events)))


def _check(rules: ScreeningRules, settlements: Sequence[Settlement]) -> None:
    if rules.reviewers_per_record not in NEEDED:
        raise BadInput(
            f"{rules.reviewers_per_record} reviewers per record cannot be counted",
            f"set [screening] reviewers_per_record to {', '.join(map(str, NEEDED))}",
        )
    if rules.maybe_counts_as not in MAYBE_COUNTS_AS:
        raise BadInput(
            f"maybe cannot count as {rules.maybe_counts_as!r}",
            f"set [screening] maybe_counts_as to {' or '.join(MAYBE_COUNTS_AS)}",
        )
    for settlement in settlements:
        if settlement.decision not in SETTLED_AS:
            raise BadInput(
                f"the consensus {settlement.event} decides {settlement.decision!r}",
                f"use {', '.join(SETTLED_AS)}",
            )
