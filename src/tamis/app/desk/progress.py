"""How far a stage is, as one viewer may know it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import islice

from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.listing import Listing
from tamis.app.desk.views import PersonProgress, ProgressView
from tamis.domain.decisions import STAGES
from tamis.screening import pace_of

__all__ = ["progress"]

#: A pace is told from the last votes: people get faster.
_RECENT = 200


def progress(
    floor: Floor, listing: Listing, viewer: str, stage: str, roles: frozenset[str]
) -> ProgressView:
    """Return how far a stage is.

    Everybody sees their own part and the reports whose votes are unsealed. Coordinators also see
    how many votes there are and how far each person is, never what a sealed vote says, and never
    how fast somebody else works.
    """
    mine = dict(listing.counts(viewer, stage, "state", roles))
    coordinates = is_coordinator(roles)
    settled = listing.counts(viewer, stage, "settled", roles).get("yes", 0)
    return ProgressView(
        stage=stage,
        total=sum(mine.values()),
        mine=dict(sorted(mine.items())),
        me=_me(floor, listing, viewer, stage),
        settled=settled,
        votes=_numbered(listing, viewer, stage, roles) if coordinates else None,
        people=_people(floor, viewer, stage) if coordinates else (),
        running=not floor.is_closed(stage),
    )


def _numbered(listing: Listing, viewer: str, stage: str, roles: frozenset[str]) -> dict[int, int]:
    counts = listing.counts(viewer, stage, "votes", roles)
    return {int(number): count for number, count in sorted(counts.items())}


def _me(floor: Floor, listing: Listing, viewer: str, stage: str) -> PersonProgress:
    own = listing.counts(viewer, stage, "mine", frozenset())
    state = listing.counts(viewer, stage, "state", frozenset())
    left = state.get("to-do", 0)
    pace = pace_of(_moments(floor, viewer, stage))
    return PersonProgress(
        person=viewer,
        done=sum(count for decision, count in own.items() if decision != "none"),
        left=left,
        median_seconds=pace.median_seconds if pace else None,
        seconds_left=pace.expected(left) if pace else None,
    )


def _moments(floor: Floor, viewer: str, stage: str) -> list[float]:
    """Return when the viewer cast their last votes at a stage, in seconds."""
    mine = (v for v in reversed(floor.own.get(viewer, {}).values()) if v.stage == stage and v.at)
    return [datetime.fromisoformat(vote.at).timestamp() for vote in islice(mine, _RECENT)]


def _people(floor: Floor, viewer: str, stage: str) -> tuple[PersonProgress, ...]:
    """Return how many reports each person has voted on, and has left where that is decided.

    Of a later stage, the reports count that the viewer may know to be there: a vote at full text
    tells what was said at title and abstract.
    """
    names = sorted({*floor.allocation.team, *(who for who, votes in floor.own.items() if votes)})
    known = None if stage == STAGES[0] else frozenset(floor.listed(viewer, stage))
    done = {who: _counted(floor, floor.screened(who, stage), known) for who in names}
    left = None if floor.allocation.is_open else floor.left(stage, known)
    return tuple(
        PersonProgress(person=who, done=done[who], left=None if left is None else left[who])
        for who in names
    )


def _counted(
    floor: Floor, screened: Collection[tuple[str, ...]], known: frozenset[str] | None
) -> int:
    """Return how many of these reports, told by their records, are among those that count."""
    if known is None:
        return len(screened)
    of = floor.cluster_of
    return sum(any(r in of and of[r].id in known for r in records) for records in screened)
