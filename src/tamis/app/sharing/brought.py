"""What a copy brings back is checked as if it had been written here, event by event.

A copy is in its carrier's hands, and so is every line of its log. Each new event must be the
carrier's own, of the kinds that one takes along, touch nothing of others, be allowed by the
process as it stood in the copy, and lie in the past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from tamis.app.desk.team import team_of
from tamis.app.live import LiveReview
from tamis.app.words import check_reason
from tamis.domain import process
from tamis.domain.errors import RuleBroken
from tamis.domain.events import Draft, Event, chain_of
from tamis.domain.ordering import in_order
from tamis.domain.state import advance, fold
from tamis.screening import Allocation, screeners

__all__ = ["BROUGHT", "check_brought"]

#: What a person without the right to the whole log brings back: kind, and topics of notes.
BROUGHT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "screened.v1": frozenset(),
        "vote_withdrawn.v1": frozenset(),
        "note_added.v1": frozenset({"tag", "tag-word", "note", "highlight", "filter"}),
    }
)

#: How far the clock of another machine may go ahead of ours.
_AHEAD = timedelta(minutes=10)


def check_brought(
    live: LiveReview, known: Iterable[Event], new: Iterable[Event], viewer: str
) -> None:
    """Refuse what the carrier of a copy could not have done in it.

    Parameters
    ----------
    live
        The review here.
    known
        The events of the copy that are here too, as they stand here.
    new
        The others.
    viewer
        Who brings them.

    Raises
    ------
    RuleBroken
        Naming the rule of the process, ``own-work``, ``in-the-past`` or ``allocated-to-others``.
    BadInput
        For a body that says nothing readable, or a reason that is none here.
    """
    latest = datetime.fromisoformat(live.review.clock.now()) + _AHEAD
    state = fold(known)
    team = team_of(live.protocol.team, live.state.members)
    allocation = Allocation(rules=live.protocol.screening, team=screeners(team))
    for event in in_order(new):
        _check_own(event, viewer)
        _check_time(event, latest)
        draft = Draft(
            actor=event.actor, kind=event.kind, subject=event.subject, body=dict(event.body or {}),
            supersedes=event.supersedes, at=event.at,
        )  # fmt: skip
        process.check(state, draft)
        if event.kind == "screened.v1":
            _check_vote(live, allocation, draft)
        advance(state, event)


def _check_own(event: Event, viewer: str) -> None:
    """Refuse what is not the viewer's own work of the kinds that one takes along."""
    if event.actor != viewer:
        raise RuleBroken(
            f"this copy holds work of {event.actor}",
            "have everybody bring back their own copy",
            rule="own-work",
        )
    topic = str((event.body or {}).get("topic", ""))
    allowed = BROUGHT.get(event.kind)
    if allowed is None or event.body is None or (allowed and topic not in allowed):
        raise RuleBroken(
            "this copy holds more than verdicts, tags and notes",
            "ask an owner to merge it on the command line: tamis merge",
            rule="own-work",
        )
    if any(chain_of(name)[0].rpartition(".")[0] != viewer for name in event.supersedes):
        raise RuleBroken(
            "this copy would replace work of others",
            "everybody corrects their own; where two differ, settle it",
            rule="corrects-own",
        )


def _check_time(event: Event, latest: datetime) -> None:
    try:
        late = datetime.fromisoformat(event.at) > latest
    except (ValueError, TypeError):
        late = True
    if late:
        raise RuleBroken(
            f"this copy holds work of a time that has not come: {event.at}",
            "set the clock of that machine, and record the work again",
            rule="in-the-past",
        )


def _check_vote(live: LiveReview, allocation: Allocation, draft: Draft) -> None:
    body = draft.body
    unknown = [name for name in body["records"] if name not in live.library.records]
    if unknown:
        raise RuleBroken(
            f"this copy holds a verdict on {unknown[0]}, which is no record of this review",
            "bring back a copy of this review as it was taken along",
            rule="record-known",
        )
    check_reason(live.protocol, str(body["decision"]), str(body.get("reason", "")))
    if allocation.is_open:
        return
    names = {live.cluster_of[name].id for name in body["records"]}
    votes = live.state.votes.values()
    before = any(v.reviewer == draft.actor and not names.isdisjoint(_named(live, v.records))
                 for v in votes)  # fmt: skip
    if not before and not any(allocation.may_vote(draft.actor, name) for name in names):
        raise RuleBroken(
            "this copy holds a verdict on a report that others were drawn for",
            "ask an owner to merge it on the command line: tamis merge",
            rule="allocated-to-others",
        )


def _named(live: LiveReview, records: Iterable[str]) -> set[str]:
    return {live.cluster_of[name].id for name in records if name in live.cluster_of}
