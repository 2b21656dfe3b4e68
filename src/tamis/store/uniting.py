"""The union of two copies of a log: a set of events, whoever holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tamis.domain.errors import ChainBroken, Conflict, Place
from tamis.domain.events import GENESIS, Draft, Event
from tamis.domain.kinds import KINDS
from tamis.domain.rehearsal import rehearse
from tamis.store.lines import read_line

__all__ = ["Newer", "unite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """What one copy learns from another: events it had not, and bodies that are to go."""

    events: tuple[Event, ...]
    redacted: tuple[Event, ...] = ()


def unite(ours: Iterable[Event], theirs: Iterable[Event], *, ours_at: str = "this log") -> Newer:
    """Compare two copies and return what ours lacks, chain by chain in order.

    Where one copy has redacted a body it is redacted in the union; where both have, and gave
    different reasons, the smaller line stays, so that it does not matter who merges whom.

    Raises
    ------
    Conflict
        When both hold an event at one place of a chain and the two are different.
    BadInput
        When an event of theirs says what no fold can read.
    ChainBroken
        When their events would leave a gap behind ours, or do not follow them.
    """
    known = {event.id: event for event in ours}
    heads: dict[str, tuple[int, str]] = {}
    for event in known.values():
        if event.seq > heads.get(event.chain, (0, ""))[0]:
            heads[event.chain] = (event.seq, event.hash)
    new: dict[str, Event] = {}
    shorter: dict[str, Event] = {}
    for event in sorted(theirs, key=lambda e: (e.chain, e.seq)):
        mine = known.get(event.id) or new.get(event.id)
        if mine is None:
            _follows(event, heads.get(event.chain, (0, GENESIS)))
            heads[event.chain] = (event.seq, event.hash)
            new[event.id] = _proven(event)
        elif mine.hash != event.hash:
            raise Conflict(
                f"{event.id} is two different events: {mine.kind} of {mine.at} in {ours_at} "
                f"({mine.hash[:12]}), and {event.kind} of {event.at} in the other copy "
                f"({event.hash[:12]})",
                "one installation wrote twice under one name; keep the copy whose heads were "
                "sealed or shared, and record again by hand what the other one has",
            )
        elif _shorter(event, mine):
            (new if event.id in new else shorter)[event.id] = _proven(event)
    return Newer(events=tuple(new.values()), redacted=tuple(shorter.values()))


def _proven(event: Event) -> Event:
    """Return an event as its line says; one that no fold could read is taken over by nobody."""
    proven = read_line(event.line, where=Place(file=event.id), strict=True)
    if proven.body is not None and proven.kind in KINDS.by_name:
        draft = Draft(
            actor=proven.actor, kind=proven.kind, subject=proven.subject, body=dict(proven.body),
            supersedes=proven.supersedes, at=proven.at,
        )  # fmt: skip
        KINDS.check(proven.kind, draft.body)
        rehearse(draft)
    return proven


def _follows(event: Event, head: tuple[int, str]) -> None:
    if event.seq != head[0] + 1 or event.prev != head[1]:
        raise ChainBroken(
            f"{event.id} does not follow event {head[0]} of its chain",
            "merge a copy that has the events between",
        )


def _shorter(theirs: Event, mine: Event) -> bool:
    if theirs.body is not None:
        return False
    return mine.body is not None or theirs.line < mine.line
