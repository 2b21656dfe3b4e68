"""The one canonical order of a set of events.

Order is decided by ``supersedes``, then by what an event had ``seen``, and only then by time
(``at``, actor, replica, sequence).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tamis.domain.errors import ChainBroken
from tamis.domain.events import Event

__all__ = ["all_behind", "in_order"]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return the events in the one canonical order of their set.

    Raises
    ------
    ChainBroken
        When two different events have the same id: a chain was forked.
    """
    by_id: dict[str, Event] = {}
    for event in events:
        name = event.id
        known = by_id.get(name)
        by_id[name] = event if known is None else _same(known, event)
    waiting: dict[str, int] = {}
    unlocks: dict[str, list[str]] = defaultdict(list)
    for name, event in by_id.items():
        needs = {need for need in _needs(event) if need in by_id and need != name}
        waiting[name] = len(needs)
        for need in needs:
            unlocks[need].append(name)
    ready = [_key(by_id[name]) for name, left in waiting.items() if left == 0]
    heapq.heapify(ready)
    ordered: list[Event] = []
    while ready:
        name = heapq.heappop(ready)[-1]
        ordered.append(by_id[name])
        for other in unlocks[name]:
            waiting[other] -= 1
            if waiting[other] == 0:
                heapq.heappush(ready, _key(by_id[other]))
    if len(ordered) != len(by_id):  # a forged circle of 'seen': fall back to time, keep everything
        done = {event.id for event in ordered}
        ordered += sorted((e for e in by_id.values() if e.id not in done), key=_key)
    return ordered


def all_behind(heads: Mapping[str, tuple[int, str]], events: Iterable[Event]) -> bool:
    """Tell whether new events have seen all that is known: ``heads``, chain to (seq, hash).

    Of each chain the first new event is asked: the others follow it.
    """
    asked: set[str] = set()
    for event in events:
        if event.chain in asked:
            continue
        asked.add(event.chain)
        for chain, (seq, _) in heads.items():
            if chain != event.chain and event.seen.get(chain, (0, ""))[0] < seq:
                return False
    return True


def _same(known: Event, other: Event) -> Event:
    """Return one of two copies of an event: the redacted one, wherever it was redacted."""
    if known.hash != other.hash:
        raise ChainBroken(
            f"two different events are called {known.id}: the chain {known.chain} was forked",
            "keep the copy whose head was sealed; record the other's decisions again",
        )
    return min(known, other, key=lambda event: (event.body is not None, event.line))


def _needs(event: Event) -> Iterable[str]:
    if event.seq > 1:
        yield f"{event.chain}/{event.seq - 1}"
    for chain, (seq, _) in event.seen.items():
        yield f"{chain}/{seq}"
    yield from event.supersedes


def _key(event: Event) -> tuple[str, str, str, int, str]:
    return event.at, event.actor, event.replica, event.seq, event.id
