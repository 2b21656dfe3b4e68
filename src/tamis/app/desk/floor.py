"""Where everything stands while people screen, and who may see what of it.

The floor follows the review event by event. Every question that has a viewer is answered from
what that person may know: ``is_open`` says whether others' votes on a report are unsealed, ``seen``
gives the state that may be shown. All other modules of the desk ask here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from tamis.app.desk.notes import NoteBook, Remark, Round, Tag
from tamis.app.desk.ports import Standing
from tamis.app.desk.team import idle, team_of
from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Event, chain_of
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, Record
from tamis.domain.results import ScreenState
from tamis.screening import Allocation, Placed, Running, arrange, screeners

__all__ = ["COORDINATORS", "Floor", "is_coordinator"]

#: Roles that see figures of the whole stage while it runs. They see no sealed vote either.
COORDINATORS = frozenset({"owner", "methodologist"})

#: Kinds of events that are votes or settle them.
_VOTES = ("screened.v1", "conflict_settled.v1")

#: States in which more votes are wanted.
UNFINISHED = ("awaiting", "second-look")


Records = tuple[str, ...]


def is_coordinator(roles: Sequence[str] | frozenset[str]) -> bool:
    """Tell whether somebody with these roles coordinates the review."""
    return not COORDINATORS.isdisjoint(roles)


class Floor:
    """The votes, rules and notes of a review as they stand; made anew when reports change."""

    def __init__(self, live: Standing) -> None:
        self.protocol: Protocol = live.protocol
        self.clusters: Mapping[str, Cluster] = live.clusters
        self.cluster_of: Mapping[str, Cluster] = live.cluster_of
        self.records: Mapping[str, Record] = live.library.records
        self.rules = self.protocol.screening
        self.state = live.state
        self.members = dict(live.state.members)
        self.team = team_of(self.protocol.team, self.members)
        self.allocation = Allocation(rules=self.rules, team=screeners(self.team))
        self._idle = idle(self.protocol.team)
        self._drawn: dict[str, tuple[str, ...]] = {}
        self.is_ranked = self.rules.order == "ranked" and bool(live.ranked)
        self.order = self._arranged(live)
        self.position = {cluster: at for at, cluster in enumerate(self.order)}
        self.running = Running(
            self.clusters.values(), rules=self.rules, criteria=self.protocol.criteria
        )
        self.own: dict[str, dict[str, Vote]] = defaultdict(dict)
        self._screened: dict[tuple[str, str], Counter[Records]] = defaultdict(Counter)
        for vote in live.state.votes.values():
            self._own(vote)
        self.running.take_all(chain(live.state.votes.values(), live.state.settlements.values()))
        self.notes = NoteBook.of(live.state.notes.values())

    def _arranged(self, live: Standing) -> tuple[str, ...]:
        imported = {record: at for at, record in enumerate(self.records)}
        placed = [
            Placed(
                cluster=cluster.id,
                imported=imported.get(cluster.primary, len(imported)),
                year=next((y for r in cluster.records if (y := self._year(r))), None),
            )
            for cluster in self.clusters.values()
        ]
        order = arrange(placed, self.rules.order, seed=self.rules.seed)
        if self.rules.order != "ranked":
            return order
        first = dict.fromkeys(name for name in live.ranked if name in self.clusters)
        return tuple(first | dict.fromkeys(order))

    def _year(self, record: str) -> int | None:
        found = self.records.get(record)
        return found.year if found else None

    def fits(self, live: Standing) -> bool:
        """Tell whether reports and rules are still those of the review, and take over its protocol.

        The votes are followed event by event and are no part of this question.
        """
        if live.clusters is not self.clusters:
            if dict(live.clusters) != dict(self.clusters):
                return False
            self.clusters, self.cluster_of = live.clusters, live.cluster_of
        plan = live.protocol
        if plan is not self.protocol:
            if _rules(plan) != _rules(self.protocol):
                return False
            self.protocol = plan
        return live.state is self.state and live.state.members == self.members

    # ------------------------------------------------------------ following the log
    def took(self, event: Event) -> tuple[str, ...]:
        """Take one event that the state has taken; return the clusters it touches."""
        touched: list[str] = []
        for name in event.supersedes:
            self._disown(name)
            touched += self.running.drop(name)
        if event.kind in _VOTES:
            item: Vote | Settlement | None = self.state.votes.get(
                event.id
            ) or self.state.settlements.get(event.id)
            touched += self._take(item) if item is not None else ()
        elif event.kind == "note_added.v1":
            note = self.state.notes.get(event.id)
            if note is not None and self.notes.take(note):
                found = self.cluster_of.get(note.subject)
                touched += [found.id] if found else []
        return tuple(dict.fromkeys(touched))

    def _take(self, item: Vote | Settlement) -> tuple[str, ...]:
        if isinstance(item, Vote):
            self._own(item)
        return self.running.take(item)

    def _own(self, vote: Vote) -> None:
        self.own[vote.reviewer][vote.event] = vote
        self._screened[vote.reviewer, vote.stage][vote.records] += 1

    def _disown(self, name: str) -> None:
        vote = self.own[chain_of(name)[0].rpartition(".")[0]].pop(name, None)
        if vote is not None:
            held = self._screened[vote.reviewer, vote.stage]
            held[vote.records] -= 1
            if not held[vote.records]:
                del held[vote.records]

    def screened(self, person: str, stage: str) -> Collection[Records]:
        """Return the records of each report that a person has a standing vote on."""
        return self._screened.get((person, stage), Counter[Records]()).keys()

    # ------------------------------------------------------------ reports
    def cluster(self, cluster_id: str) -> Cluster:
        """Return a report; the id of any of its records will do."""
        found = self.clusters.get(cluster_id) or self.cluster_of.get(cluster_id)
        if found is None:
            raise NotFound(
                f"there is no record {cluster_id} in this review", "go back to the list of records"
            )
        return found

    def state_of(self, cluster: str, stage: str) -> ScreenState:
        """Return the state of a report that has reached a stage."""
        found = self.running.state(cluster, stage)
        if found is None:
            raise NotFound(
                f"the record {cluster} is not at the stage {stage}",
                "go back to the list of records",
            )
        return found

    def at_stage(self, viewer: str, cluster: str, stage: str) -> bool:
        """Tell whether the viewer may know that a report has reached a stage."""
        if stage not in STAGES:
            raise BadInput(f"{stage!r} is no screening stage", f"use {' or '.join(STAGES)}")
        before = STAGES[: STAGES.index(stage)]
        return cluster in self.running.reached(stage) and all(
            self.is_open(viewer, cluster, earlier) for earlier in before
        )

    def listed(self, viewer: str, stage: str) -> list[str]:
        """Return the reports of a stage as the viewer may know them, in order."""
        if stage == STAGES[0]:
            return list(self.order)
        reached = sorted(self.running.reached(stage), key=self.position.__getitem__)
        return [cluster for cluster in reached if self.at_stage(viewer, cluster, stage)]

    # ------------------------------------------------------------ who voted, who may
    def voters(self, cluster: str, stage: str) -> tuple[str, ...]:
        """Return who has a standing vote on this very report."""
        live = self.running.ballot(cluster, stage).live
        return tuple(dict.fromkeys(v.reviewer for v in live if not self.running.is_split(v)))

    def vote_of(self, viewer: str, cluster: str, stage: str) -> Vote | None:
        """Return the last standing vote of one person on a report."""
        live = self.running.ballot(cluster, stage).live
        mine = [vote for vote in live if vote.reviewer == viewer]
        return mine[-1] if mine else None

    def places(self, viewer: str, cluster: str, stage: str) -> int:
        """Return how many people may look at a report at once, the viewer among them."""
        others = [who for who in self.voters(cluster, stage) if who != viewer]
        if self._everybody(cluster, stage) or not self.allocation.is_open:
            return len(self.clusters)
        return self.allocation.needed - len(others)

    def _everybody(self, cluster: str, stage: str) -> bool:
        return self.rules.allocation == "all" or self.notes.round_of(cluster, stage) is not None

    def owes(self, viewer: str, cluster: str, stage: str) -> bool:
        """Tell whether a report waits for the viewer's vote."""
        voters = self.voters(cluster, stage)
        if viewer in voters:
            return False
        round_ = self.notes.round_of(cluster, stage)
        if round_ is not None:
            return viewer in round_.people
        if viewer in self._idle:
            return False
        if self.state_of(cluster, stage).state not in UNFINISHED:
            return self.rules.allocation == "all" and viewer in self.allocation.team
        if self.allocation.is_open:
            return self.rules.allocation == "all" or len(voters) < self.allocation.needed
        return self.allocation.may_vote(viewer, cluster, voters)

    def may_vote(self, viewer: str, cluster: str, stage: str) -> bool:
        """Tell whether a vote of the viewer is taken: theirs to screen, or to change."""
        voted = self.vote_of(viewer, cluster, stage) is not None
        return voted or self.owes(viewer, cluster, stage)

    def drawn(self, cluster: str) -> tuple[str, ...]:
        """Return who was drawn for a report before anybody voted on it."""
        found = self._drawn.get(cluster)
        if found is None:
            found = self._drawn[cluster] = self.allocation.people(cluster)
        return found

    def left(self, stage: str, among: Collection[str] | None = None) -> Mapping[str, int]:
        """Return how many reports wait for each person, where people are drawn for reports.

        ``among``: only of these reports.
        """
        touched = set(self.running.touched(stage))
        left: Counter[str] = Counter()
        for cluster in self.running.reached(stage):
            if among is not None and cluster not in among:
                continue
            round_ = self.notes.round_of(cluster, stage)
            if round_ is not None:
                left.update(set(round_.people) - set(self.voters(cluster, stage)))
            elif cluster not in touched:
                left.update(self.drawn(cluster))
            elif self.state_of(cluster, stage).state in UNFINISHED:
                voters = self.voters(cluster, stage)
                left.update(set(self.allocation.people(cluster, voters)) - set(voters))
        return left

    # ------------------------------------------------------------ what is sealed
    def is_closed(self, stage: str) -> bool:
        """Tell whether a stage has ended: a coordinator said so, or no report waits for votes."""
        if stage in self.notes.closed:
            return True
        upto = STAGES[: STAGES.index(stage) + 1]
        return all(
            not self.running.counts(at).get(word) for at in upto for word in UNFINISHED
        ) and bool(self.clusters)

    def is_complete(self, cluster: str, stage: str) -> bool:
        """Tell whether enough people voted on a report."""
        found = self.running.state(cluster, stage)
        return found is not None and (found.state not in UNFINISHED or found.votes >= found.needed)

    def is_open(self, viewer: str, cluster: str, stage: str) -> bool:
        """Tell whether others' votes, tags and notes on a report are unsealed for the viewer."""
        if self.rules.blinding == "none":
            return True
        if self.rules.blinding == "per-stage" and not self.is_closed(stage):
            return False
        round_ = self.notes.round_of(cluster, stage)
        if round_ is not None:
            return set(round_.people) <= set(self.voters(cluster, stage))
        if not self.is_complete(cluster, stage):
            return False
        return not (self.rules.allocation == "all" and self.owes(viewer, cluster, stage))

    def seen(
        self, viewer: str, cluster: str, stage: str, *, roles: frozenset[str] = frozenset()
    ) -> str:
        """Return the state of a report as the viewer may know it (see ``Card.state``)."""
        voted = viewer in self.voters(cluster, stage)
        if self.is_open(viewer, cluster, stage) and self.is_complete(cluster, stage):
            involved = voted or self.vote_of(viewer, cluster, stage) is not None
            if involved or is_coordinator(roles) or self.rules.blinding == "none":
                return self.state_of(cluster, stage).state
            return "closed"
        if voted:
            return "waiting"
        if self.notes.round_of(cluster, stage) is None and not self.allocation.is_open:
            return "to-do" if viewer in self.drawn(cluster) else "others"
        return "to-do"

    def has_opened(self, viewer: str, cluster: str, stage: str) -> bool:
        """Tell whether the viewer opened the sides of a conflict."""
        records = self.clusters[cluster].records
        return any((viewer, record, stage) in self.notes.opened for record in records)

    def others(
        self, viewer: str, cluster: str, stage: str, *, roles: frozenset[str] = frozenset()
    ) -> tuple[Vote, ...]:
        """Return the standing votes of others that the viewer may see, with names.

        Those of a conflict that waits for its consensus stay hidden: the conflict page shows them
        without names once they are opened. Coordinators see them.
        """
        if not self.is_open(viewer, cluster, stage):
            return ()
        disputed = self.state_of(cluster, stage).state == "conflict"
        if disputed and self.rules.blinding != "none" and not is_coordinator(roles):
            return ()
        live = self.running.ballot(cluster, stage).live
        return tuple(vote for vote in live if vote.reviewer != viewer)

    def may_see(self, viewer: str, item: Tag | Remark) -> bool:
        """Tell whether the viewer may see a tag or a note."""
        if item.by == viewer or item.scope == "team":
            return True
        found = self.cluster_of.get(item.subject)
        stage = item.stage if item.stage in STAGES else STAGES[0]
        return (
            item.scope == "after-vote"
            and found is not None
            and found.id in self.running.reached(stage)
            and self.is_open(viewer, found.id, stage)
        )

    def tags(self, viewer: str, cluster: str) -> tuple[Tag, ...]:
        """Return the tags on a report that the viewer may see."""
        found = (t for r in self.clusters[cluster].records for t in self.notes.tags.get(r, ()))
        return tuple(tag for tag in found if self.may_see(viewer, tag))

    def remarks(self, viewer: str, cluster: str) -> tuple[Remark, ...]:
        """Return the notes on a report that the viewer may see."""
        found = (n for r in self.clusters[cluster].records for n in self.notes.remarks.get(r, ()))
        return tuple(note for note in found if self.may_see(viewer, note))

    def open_rounds(self, viewer: str, stage: str) -> tuple[Round, ...]:
        """Return the open rounds in which the viewer takes part."""
        return tuple(
            r
            for r in self.notes.rounds.values()
            if r.open and r.stage == stage and viewer in r.people
        )


def _rules(protocol: Protocol) -> tuple[object, ...]:
    return protocol.screening, protocol.criteria, protocol.team
