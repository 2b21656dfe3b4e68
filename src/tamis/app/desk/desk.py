"""The desk: people screen a live review, each seeing what they may see and nothing else.

Every method takes the viewer first. What it returns depends on the viewer's own votes, on votes
that are no longer sealed and on what everybody may know; never on what a sealed vote says. Whether
somebody else has voted at all shows in one place only: where whoever comes first takes a place
(``any-two``), a report whose places are taken is not offered to a further person.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from tamis.app.desk import agreement, conflicts, exports, progress, rounds
from tamis.app.desk.back import sent_back
from tamis.app.desk.cards import make_card, vote_view
from tamis.app.desk.conflicts import ConflictPage
from tamis.app.desk.floor import Floor
from tamis.app.desk.following import Following
from tamis.app.desk.ports import Live
from tamis.app.desk.ranked import is_due
from tamis.app.desk.remarks import Remarks
from tamis.app.desk.secrets import as_known, has_sealed, let_through, tells
from tamis.app.desk.views import (
    UNTOLD,
    AgreementView,
    Card,
    ConflictView,
    Done,
    ListingView,
    Moment,
    ProgressView,
    RoundView,
    VoteView,
)
from tamis.app.desk.votes import (
    check_decision,
    check_shown,
    check_stage,
    vote_draft,
    withdrawal,
)
from tamis.app.screen import Screened
from tamis.domain.decisions import STAGES
from tamis.domain.errors import NotFound, RuleBroken
from tamis.domain.question import TeamMember

__all__ = ["Desk"]

Roles = frozenset[str]

NOBODY: Roles = frozenset()


class Desk(Following):
    """Live screening of one review.

    Parameters
    ----------
    live
        The open review; the desk follows its log.
    now
        A clock in seconds that does not go back, for leases.
    """

    def __init__(self, live: Live, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(live, now=now)
        self._screened: tuple[tuple[int, int], Screened] | None = None
        self.remarks = Remarks(live, self._floor)

    def ranking_is_due(self) -> bool:
        """Tell whether a new ranking would be worth its while (see ``ranked``)."""
        with self._live.locked():
            return is_due(self._floor())

    def team(self) -> tuple[TeamMember, ...]:
        """Return the people of the protocol and those who were invited since."""
        with self._live.locked():
            return self._floor().team

    # ------------------------------------------------------------ one report after the other
    def next(
        self, viewer: str, stage: str, *, after: str = "", roles: Roles = NOBODY
    ) -> Card | None:
        """Return the next report that waits for the viewer's vote, and lease it to them.

        ``after`` leaves out everything up to a report (it comes again at the end). ``None`` means
        that nothing waits.
        """
        with self._live.locked():
            parts = self._parts()
            floor, queue = parts.floor, parts.queue
            check_stage(stage)
            start = floor.cluster(after).id if after else ""
            found = queue.next(viewer, stage, after=start)
            if found is None:
                return None
            coming = queue.upcoming(viewer, stage, after=found)
            return make_card(floor, viewer, stage, found, upcoming=coming, roles=roles)

    def card(self, viewer: str, stage: str, cluster: str, *, roles: Roles = NOBODY) -> Card:
        """Return one report as the viewer may see it; leases it if it waits for their vote.

        Raises
        ------
        NotFound
            When the report is not there, or not (yet) at this stage.
        """
        with self._live.locked():
            parts = self._parts()
            floor, queue = parts.floor, parts.queue
            found = self._at(floor, viewer, stage, cluster)
            queue.look(viewer, stage, found)
            coming = queue.upcoming(viewer, stage, after=found)
            return make_card(floor, viewer, stage, found, upcoming=coming, roles=roles)

    def vote(
        self,
        viewer: str,
        stage: str,
        cluster: str,
        decision: str = "",
        *,
        reason: str = "",
        criteria: Mapping[str, str] | None = None,
        note: str = "",
        moment: Moment = UNTOLD,
    ) -> Done:
        """Record the viewer's vote; the same vote again writes nothing.

        Parameters
        ----------
        decision
            Empty: what follows from the answers to the criteria.
        note
            A note on the report, seen by whom ``moment`` says.

        Raises
        ------
        BadInput
            For a decision, a reason or a criterion that is not known.
        RuleBroken
            When the report is not the viewer's to screen, or others are reading it just now.
        Conflict
            When the report has other records than were shown.
        """
        with self._live.locked():
            parts = self._parts()
            floor, queue = parts.floor, parts.queue
            found = self._at(floor, viewer, stage, cluster)
            check_shown(floor, found, moment.records)
            draft = vote_draft(
                floor, viewer, stage, found, decision=decision, reason=reason,
                answers=criteria or {}, moment=moment,
            )  # fmt: skip
            if not floor.may_vote(viewer, found, stage):
                raise RuleBroken(
                    "this record does not wait for your vote",
                    "go on to the next one; a vote of your own you can change in your history",
                    rule="allocated-to-others",
                )
            if not queue.has_room(viewer, stage, found):
                raise RuleBroken(
                    "others are reading this record at the moment",
                    "go on to the next one; it comes to you if a place stays free",
                    rule="places-taken",
                )
            if draft is not None:
                self._live.record([draft])
            queue.voted(viewer, stage, found)
            if note.strip():
                self.remarks.note(viewer, stage, found, note, scope=moment.scope)
            return self._done(viewer, stage, found)

    def withdraw(self, viewer: str, stage: str, cluster: str, *, reason: str = "") -> str:
        """Take back the viewer's standing vote on a report; return the state they see then.

        An earlier vote of theirs that it had replaced stands again.
        """
        with self._live.locked():
            floor = self._floor()
            found = self._at(floor, viewer, stage, cluster)
            self._live.record([withdrawal(floor, viewer, stage, found, reason=reason)])
            floor = self._floor()
            at_stage = floor.at_stage(viewer, found, stage)
            return floor.seen(viewer, found, stage) if at_stage else ""

    def last_vote(self, viewer: str) -> VoteView | None:
        """Return the viewer's last standing vote, the one that undo takes back."""
        with self._live.locked():
            floor = self._floor()
            mine = floor.own.get(viewer)
            return vote_view(floor, next(reversed(mine.values()))) if mine else None

    def history(
        self, viewer: str, *, limit: int = 100, skip: int = 0, stage: str = ""
    ) -> tuple[VoteView, ...]:
        """Return the viewer's votes, at one stage or at both, the newest first."""
        with self._live.locked():
            floor = self._floor()
            every = list(floor.own.get(viewer, {}).values())[::-1]
            mine = [vote for vote in every if stage in ("", vote.stage)]
            return tuple(vote_view(floor, vote) for vote in mine[skip : skip + limit])

    def before(self, viewer: str, cluster: str) -> VoteView | None:
        """Return the viewer's vote before the one on a report; their last one for any other."""
        with self._live.locked():
            floor = self._floor()
            votes = [vote_view(floor, vote) for vote in floor.own.get(viewer, {}).values()]
        at = next((n for n, vote in enumerate(votes) if vote.cluster == cluster), len(votes))
        return votes[at - 1] if at else None

    # ------------------------------------------------------------ the list
    def listing(
        self,
        viewer: str,
        stage: str,
        *,
        query: str = "",
        facets: Mapping[str, Sequence[str]] | None = None,
        page: int = 1,
        per_page: int = 50,
        sort: str = "order",
        roles: Roles = NOBODY,
    ) -> ListingView:
        """Return a page of the reports of a stage, with the counts of every facet.

        ``sort`` is ``order`` (that of the queue), ``title``, ``author`` or ``newest``.
        """
        with self._live.locked():
            check_stage(stage)
            return self._parts().listing.view(
                viewer, stage, query=query, facets=facets or {}, page=page, per_page=per_page,
                roles=roles, sort=sort,
            )  # fmt: skip

    # ------------------------------------------------------------ conflicts
    def conflicts(self, viewer: str, stage: str = "", *, roles: Roles = NOBODY
                  ) -> tuple[ConflictView, ...]:  # fmt: skip
        """Return the conflicts that concern the viewer: they voted, may settle or coordinate."""
        with self._live.locked():
            check_stage(stage or STAGES[0])
            floor, stages = self._floor(), (stage,) if stage else STAGES
            return tuple(
                view for at in stages for view in conflicts.every(floor, viewer, at, roles)
            )

    def conflict_page(self, viewer: str, stage: str, page: int = 1, *, roles: Roles = NOBODY
                      ) -> ConflictPage:  # fmt: skip
        """Return a page of the conflicts that concern the viewer."""
        with self._live.locked():
            check_stage(stage)
            return conflicts.page_of(self._floor(), viewer, stage, roles, page)

    def first_conflict(
        self, viewer: str, stage: str, fits: Callable[[ConflictView], bool], *, roles: Roles
    ) -> str:
        """Return the report of the first conflict of the viewer's that fits, or an empty text."""
        with self._live.locked():
            views = conflicts.every(self._floor(), viewer, stage, roles)
            return next((view.cluster for view in views if fits(view)), "")

    def conflict(self, viewer: str, stage: str, cluster: str) -> ConflictView:
        """Return one conflict."""
        with self._live.locked():
            floor = self._floor()
            return conflicts.one(floor, viewer, stage, floor.cluster(cluster).id)

    def open_conflict(
        self, viewer: str, stage: str, cluster: str, *, why: str = ""
    ) -> ConflictView:
        """Show the viewer what each side said; that they looked is recorded, and why if told."""
        with self._live.locked():
            floor = self._floor()
            self._live.record([conflicts.opening(floor, viewer, stage, cluster, why)])
            return self.conflict(viewer, stage, cluster)

    def settle(
        self,
        viewer: str,
        stage: str,
        cluster: str,
        decision: str,
        *,
        reason: str = "",
        words: str = "",
        at: str = "",
    ) -> str:
        """Record a consensus on a conflict; return the state of the report then.

        ``reason`` is one of the list, ``words`` are one's own (``conflicts.reason_and_note``).
        """
        with self._live.locked():
            floor = self._floor()
            found = floor.cluster(cluster).id
            why, note = conflicts.reason_and_note(floor, decision, reason, words)
            check_decision(floor, stage, decision, why)
            draft = conflicts.consensus(
                floor, viewer, stage, found, decision=decision, reason=why, at=at
            )
            self._live.record([draft])
            if note:
                self.remarks.note(viewer, stage, found, note)
            return self._floor().state_of(found, stage).state

    def move_back(
        self, viewer: str, stage: str, cluster: str, *, reason: str, roles: Roles
    ) -> None:
        """Send a report back to be screened again; what was said stays in the log."""
        with self._live.locked():
            floor = self._floor()
            found = self._at(floor, viewer, stage, cluster)
            self._live.record([sent_back(floor, viewer, stage, found, reason=reason, roles=roles)])

    # ------------------------------------------------------------ how it goes
    def progress(self, viewer: str, stage: str, *, roles: Roles = NOBODY) -> ProgressView:
        """Return how far a stage is, as the viewer may know it."""
        with self._live.locked():
            check_stage(stage)
            parts = self._parts()
            return progress.progress(parts.floor, parts.listing, viewer, stage, roles)

    def agreement(self, viewer: str, stage: str, *, roles: Roles = NOBODY) -> AgreementView:
        """Return the agreement at a stage; screeners see it when the stage has ended."""
        with self._live.locked():
            check_stage(stage)
            return agreement.agreement(self._floor(), viewer, stage, roles)

    def close_stage(self, viewer: str, stage: str, *, closed: bool = True, roles: Roles) -> None:
        """Close a stage, or open it again: with blinding per stage, closing unseals its votes."""
        with self._live.locked():
            check_stage(stage)
            self._live.record([rounds.closing(viewer, stage, closed=closed, roles=roles)])

    def open_round(
        self, viewer: str, stage: str, people: Sequence[str], *, size: int = 50, seed: int = 1,
        roles: Roles,
    ) -> RoundView:  # fmt: skip
        """Draw a sample, stratified by source, on which all of these people vote."""
        with self._live.locked():
            check_stage(stage)
            floor = self._floor()
            draft = rounds.opening(floor, viewer, stage, people, size=size, seed=seed, roles=roles)
            self._live.record([draft])
            return rounds.view(self._floor(), viewer, draft.subject)

    def close_round(self, viewer: str, round_id: str, *, roles: Roles) -> RoundView:
        """End a calibration round; its votes are unsealed and count like any others."""
        with self._live.locked():
            self._live.record([rounds.ending(self._floor(), viewer, round_id, roles=roles)])
            return rounds.view(self._floor(), viewer, round_id)

    def rounds(self, viewer: str) -> tuple[RoundView, ...]:
        """Return every calibration round as the viewer may see it."""
        with self._live.locked():
            floor = self._floor()
            return tuple(rounds.view(floor, viewer, name) for name in floor.notes.rounds)

    # ------------------------------------------------------------ exports
    def decisions(self, viewer: str, *, form: str = "csv", roles: Roles = NOBODY) -> bytes:
        """Return the decisions the viewer may see, as ``csv`` or ``ris``."""
        with self._live.locked():
            return exports.decisions(self._floor(), viewer, form=form, roles=roles)

    def agreement_table(self, viewer: str, stage: str, *, roles: Roles = NOBODY) -> bytes:
        """Return the agreement of every two people as a CSV of 2 × 2 tables, maybe as include."""
        shown = self.agreement(viewer, stage, roles=roles)
        if shown.hidden:
            raise RuleBroken(
                "agreement is not shown while the stage runs",
                "ask an owner or a methodologist, or wait for its end",
                rule="figures-at-the-end",
            )
        with self._live.locked():
            return exports.agreement_table(agreement.two_way(self._floor(), viewer, stage))

    def screened(self) -> Screened:
        """Return where every report stands, without agreement; it is kept until a vote is cast."""
        with self._live.locked():
            floor = self._floor()
            key = (id(floor), self._live.version)
            if self._screened is None or self._screened[0] != key:
                found = Screened(
                    pairs=self._live.pairs,
                    clusters=tuple(self._live.clusters.values()),
                    screening=floor.running.screening(),
                    agreement=(),
                )
                self._screened = key, found
            return self._screened[1]

    def screened_for(self, viewer: str) -> Screened:
        """Return where every report stands as one person may know it."""
        with self._live.locked():
            found = self.screened()
            return replace(found, screening=as_known(self._floor(), viewer, found.screening))

    def let_through(self) -> tuple[str, ...]:
        """Return the reports at full text, as far as everybody who screens may know of them."""
        with self._live.locked():
            return let_through(self._floor())

    def keeps_secrets(self, viewer: str) -> bool:
        """Tell whether some verdict of others is still sealed from the viewer."""
        with self._live.locked():
            return has_sealed(self._floor(), viewer)

    def tells(
        self, viewer: str, told: Iterable[tuple[str, Sequence[str]]], roles: Roles
    ) -> tuple[bool, ...]:
        """Tell of each stage and its records whether all verdicts there are open to the viewer."""
        with self._live.locked():
            floor = self._floor()
            return tuple(tells(floor, viewer, stage, names, roles) for stage, names in told)

    # ------------------------------------------------------------ inside
    def _at(self, floor: Floor, viewer: str, stage: str, cluster: str) -> str:
        check_stage(stage)
        found = floor.cluster(cluster).id
        if not floor.at_stage(viewer, found, stage):
            raise NotFound(
                f"the record {found} is not at the stage {stage}", "go back to the list of records"
            )
        return found

    def _done(self, viewer: str, stage: str, cluster: str) -> Done:
        floor = self._floor()
        vote = floor.vote_of(viewer, cluster, stage)
        if vote is None:  # another process took it back meanwhile
            raise NotFound("the vote does not stand any more", "look at the record again")
        return Done(vote=vote_view(floor, vote), state=floor.seen(viewer, cluster, stage))
