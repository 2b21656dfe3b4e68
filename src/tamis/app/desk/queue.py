"""Whose turn a report is: the next one of each person, and leases so that work is not doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from tamis.app.desk.floor import Floor
from tamis.domain.decisions import STAGES
from tamis.screening import Leases

__all__ = ["PREFETCHED", "Queue"]

#: How many further reports a card names, to be fetched ahead.
PREFETCHED = 5

Key = tuple[str, str]


class Queue:
    """The order of one floor as each person still has to go through it.

    For each person and stage it keeps the place before which nothing waits for them, so that the
    next report is found without looking at those behind.
    """

    def __init__(self, floor: Floor, *, now: Callable[[], float], leases: Leases) -> None:
        self._floor = floor
        self._now = now
        self.leases = leases
        self._first: dict[Key, int] = {}

    def touched(self, clusters: Iterable[str]) -> None:
        """Move people back to reports that wait for them again."""
        floor = self._floor
        for cluster in clusters:
            place = floor.position.get(cluster)
            if place is None:
                continue
            for (viewer, stage), first in self._first.items():
                if place < first and self._waits(viewer, stage, cluster):
                    self._first[viewer, stage] = place

    def restart(self) -> None:
        """Begin everybody's queue anew: a round was opened or closed."""
        self._first.clear()

    def next(self, viewer: str, stage: str, *, after: str = "") -> str | None:
        """Return the next report that waits for the viewer and has a free place, and lease it."""
        now = self._now()
        for cluster in self._waiting(viewer, stage, after):
            key = stage, cluster
            places = self._floor.places(viewer, cluster, stage)
            if self.leases.offer(viewer, key, places=places, now=now):
                self.leases.release_all(viewer, but=key)
                return cluster
        return None

    def upcoming(self, viewer: str, stage: str, *, after: str) -> tuple[str, ...]:
        """Return the reports that will probably come next; no place is taken."""
        now, found = self._now(), list[str]()
        for cluster in self._waiting(viewer, stage, after):
            places = self._floor.places(viewer, cluster, stage)
            free = self.leases.is_free(viewer, (stage, cluster), places=places, now=now)
            if cluster != after and free:
                found.append(cluster)
            if len(found) == PREFETCHED:
                break
        return tuple(found)

    def look(self, viewer: str, stage: str, cluster: str) -> None:
        """Lease a report that somebody opened by hand, if it waits for them and a place is free."""
        if self._floor.owes(viewer, cluster, stage):
            places = self._floor.places(viewer, cluster, stage)
            key = stage, cluster
            if self.leases.offer(viewer, key, places=places, now=self._now()):
                self.leases.release_all(viewer, but=key)

    def has_room(self, viewer: str, stage: str, cluster: str) -> bool:
        """Tell whether a vote of the viewer takes nobody's place who is reading the report now.

        Somebody who voted before only changes their vote.
        """
        floor = self._floor
        if floor.vote_of(viewer, cluster, stage) is not None:
            return True
        places = floor.places(viewer, cluster, stage)
        return self.leases.is_free(viewer, (stage, cluster), places=places, now=self._now())

    def voted(self, viewer: str, stage: str, cluster: str) -> None:
        """Give the place back that a vote has taken now."""
        self.leases.release(viewer, (stage, cluster))

    def _waits(self, viewer: str, stage: str, cluster: str) -> bool:
        floor = self._floor
        return floor.at_stage(viewer, cluster, stage) and floor.owes(viewer, cluster, stage)

    def _waiting(self, viewer: str, stage: str, after: str) -> Iterator[str]:
        """Yield what waits for the viewer: rounds first, then the order from a place, then on."""
        rounds = (c for r in self._floor.open_rounds(viewer, stage) for c in r.clusters)
        seen: set[str] = set()
        for cluster in chain(rounds, self._ordered(viewer, stage, after)):
            if cluster in seen or cluster not in self._floor.position:
                continue
            if self._waits(viewer, stage, cluster):
                seen.add(cluster)
                yield cluster

    def _ordered(self, viewer: str, stage: str, after: str) -> Iterator[str]:
        floor = self._floor
        start = floor.position.get(after, -1) + 1
        if stage != STAGES[0]:
            listed = floor.listed(viewer, stage)
            behind = [c for c in listed if floor.position[c] >= start]
            yield from chain(behind, (c for c in listed if floor.position[c] < start))
            return
        first = self._begin(viewer, stage)
        begin = max(start, first)
        yield from (floor.order[at] for at in range(begin, len(floor.order)))
        yield from (floor.order[at] for at in range(first, begin))

    def _begin(self, viewer: str, stage: str) -> int:
        """Return the first place that can wait for the viewer, and remember it."""
        floor, at = self._floor, self._first.get((viewer, stage), 0)
        while at < len(floor.order) and not self._waits(viewer, stage, floor.order[at]):
            at += 1
        self._first[viewer, stage] = at
        return at
