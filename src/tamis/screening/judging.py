"""The state of one report at one stage, from the votes and settlements that stand on it.

``screen`` asks it for every report, ``Running`` only for those that something new touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tamis.domain.decisions import Settlement, Vote
from tamis.domain.errors import BadInput
from tamis.domain.question import ScreeningRules
from tamis.domain.results import ScreenState
from tamis.screening.ballots import Ballot, standing
from tamis.screening.reasons import Rank, ordered, reasons_of
from tamis.screening.states import (
    MAYBE_COUNTS_AS,
    NEEDED,
    SETTLED_AS,
    StateRow,
    Tally,
    state_of,
)

__all__ = ["EMPTY", "Judge", "check_rules", "check_settlement"]

#: The ballot of a report on which nobody voted.
EMPTY = Ballot(attached=(), live=(), counted=(), extra=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What a state depends on besides its votes: rules, rank of reasons, who stands in two."""

    rules: ScreeningRules
    rank: Rank
    is_split: Callable[[Vote | Settlement], bool]

    def state(
        self, cluster: str, stage: str, ballot: Ballot, settlements: Sequence[Settlement]
    ) -> ScreenState:
        """Return where a report stands; ``settlements`` are those attached to it, in order."""
        settled = standing(settlements)
        found = self._from_votes(cluster, stage, ballot)
        return self._settle(found, ballot, settled) if settled else found

    def _from_votes(self, cluster: str, stage: str, ballot: Ballot) -> ScreenState:
        needed = self.rules.reviewers_per_record
        row = state_of(
            Tally(
                stage=stage,
                people=ballot.people,
                needed=needed,
                decisions=frozenset(vote.decision for vote in ballot.counted),
                maybe_counts_as=self.rules.maybe_counts_as,
            )
        )
        reasons = reasons_of(ballot.counted, self.rank)
        split = any(self.is_split(vote) for vote in ballot.counted)
        disputed = self._reasons_differ(row, reasons)
        state = "second-look" if split else "conflict" if disputed else row.state
        return ScreenState(
            cluster=cluster,
            stage=stage,
            state=state,
            reason=reasons[0] if reasons and state == "out" else "",
            reasons=reasons,
            votes=ballot.people,
            needed=needed,
            events=tuple(vote.event for vote in ballot.counted),
            light=(row.light or disputed) and not split,
        )

    def _reasons_differ(self, row: StateRow, reasons: Sequence[str]) -> bool:
        """Tell whether all exclude, for different reasons, and the protocol minds."""
        return self.rules.reason_conflicts and row.state == "out" and len(reasons) > 1

    def _settle(
        self, found: ScreenState, ballot: Ballot, settled: Sequence[Settlement]
    ) -> ScreenState:
        events = (*found.events, *(s.event for s in settled))
        last = settled[-1]
        state = SETTLED_AS[last.decision]
        found = replace(found, events=events, light=False, reason="")
        if any(self.is_split(settlement) for settlement in settled):
            return replace(found, state="second-look")
        if not _holds(settled, ballot):
            return replace(found, state="conflict", reopened=True)
        found = replace(found, state=state, settled_by=last.event)
        if state != "out":
            return found
        reasons = ordered([*(s.reason for s in settled), *found.reasons], self.rank)
        primary = last.reason.strip() or (reasons[0] if reasons else "")
        return replace(found, reason=primary, reasons=reasons)


def _holds(settled: Sequence[Settlement], ballot: Ballot) -> bool:
    """Tell whether the settlements agree, what they name stands, and nothing else objects."""
    outcome = {SETTLED_AS[s.decision] for s in settled}
    named = {name for settlement in settled for name in settlement.settles}
    spoken = [vote for vote in ballot.attached if vote.event in named]
    stands = len(spoken) == len(named) and all(_stands(vote, ballot) for vote in spoken)
    return len(outcome) == 1 and stands and not _objections(spoken, outcome, ballot)


def _stands(vote: Vote, ballot: Ballot) -> bool:
    """Tell whether a named vote is live, or its reviewer said the same again."""
    again = [now for now in ballot.live if _again(vote, now)]
    return bool(again) and all(_same_verdict(vote, now) for now in again)


def _objections(spoken: Sequence[Vote], outcome: Iterable[str], ballot: Ballot) -> bool:
    unnamed = (v for v in ballot.counted if not any(_again(old, v) for old in spoken))
    return any(SETTLED_AS[vote.decision] not in outcome for vote in unnamed)


def _again(vote: Vote, now: Vote) -> bool:
    """Tell whether ``now`` is the same person's word on what ``vote`` was about."""
    return vote.reviewer == now.reviewer and not set(vote.records).isdisjoint(now.records)


def _same_verdict(vote: Vote, now: Vote) -> bool:
    return (vote.decision, vote.reason.strip()) == (now.decision, now.reason.strip())


def check_rules(rules: ScreeningRules) -> None:
    """Refuse rules that are none of the declared words."""
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


def check_settlement(settlement: Settlement) -> None:
    """Refuse a consensus that decides nothing known."""
    if settlement.decision not in SETTLED_AS:
        raise BadInput(
            f"the consensus {settlement.event} decides {settlement.decision!r}",
            f"use {', '.join(SETTLED_AS)}",
        )
