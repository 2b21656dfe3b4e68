"""A review that stays open: a server's threads share it, and it follows the log event by event.

What a command computes once (protocol, records, clusters) is kept here until something it rests on
changes. Everybody who uses it holds ``locked()`` while they read or write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tamis.app.clusters import clusters_of, pairs_of
from tamis.app.imports import Library, load_library
from tamis.app.protocol.amend import adopt, read_protocol
from tamis.app.review import Review, Watcher, open_review
from tamis.domain.events import Draft, Event
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, PairDecision
from tamis.domain.state import ReviewState

__all__ = ["LiveReview"]

Part = TypeVar("Part")

#: Kinds after which records or clusters may be others.
_REPORTS = frozenset({"batch_imported.v1", "pair_decided.v1", "engine_ran.v1", "reparsed.v1"})

#: Seconds that a write waits for a command to end that is writing in the same folder.
PATIENCE = 20.0


class LiveReview:
    """An open review, shared by threads.

    Parameters
    ----------
    root
        The review folder.
    database
        Address of the database that holds its log on a team server; empty where the folder does.
    """

    def __init__(self, root: Path, *, database: str = "") -> None:
        self._lock = threading.RLock()
        self.version = 0
        self._protocol: tuple[object, Protocol] | None = None
        self._parts: dict[object, Any] = {}
        self._library: Library | None = None
        self._pairs: tuple[PairDecision, ...] = ()
        self._clusters: Mapping[str, Cluster] | None = None
        self._cluster_of: Mapping[str, Cluster] | None = None
        self.review: Review = open_review(root, database=database, patience=PATIENCE)
        self.review.watch(self)

    @property
    def root(self) -> Path:
        """The review folder."""
        return self.review.root

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the review, brought up to what other processes wrote, for one reading or writing."""
        with self._lock:
            self.refresh()
            yield

    def refresh(self) -> None:
        """Take in what others wrote; looking costs little when nothing is new."""
        with self._lock:
            self.review.refresh()

    def record(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        """Write drafts that the process allows; when this returns they are on the disk."""
        with self._lock:
            return self.review.record(drafts)

    def part(self, make: Callable[[LiveReview], Part]) -> Part:
        """Return the one part of this review that ``make`` makes, such as its screening desk."""
        with self._lock:
            if make not in self._parts:
                self._parts[make] = make(self)
            found: Part = self._parts[make]
            return found

    def watch(self, watcher: Watcher) -> None:
        """Tell a watcher of new events, and when the state was made anew."""
        self.review.watch(watcher)

    @property
    def state(self) -> ReviewState:
        """What the events so far say."""
        return self.review.state

    @property
    def protocol(self) -> Protocol:
        """``review.toml`` as it stands; read again when the file changed."""
        stat = (self.root / "review.toml").stat()
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if self._protocol is None or self._protocol[0] != stamp:
            self._protocol = (stamp, read_protocol(self.review))
        return self._protocol[1]

    def adopt(self, *, by: str, reason: str = "") -> Protocol:
        """Record the protocol's files as they stand, where they differ from the log."""
        with self._lock:
            return adopt(self.review, by=by, reason=reason)

    @property
    def library(self) -> Library:
        """Every imported file, parsed, and its records by id."""
        if self._library is None:
            self._library = load_library(self.review)
        return self._library

    @property
    def clusters(self) -> Mapping[str, Cluster]:
        """The reports as de-duplication sees them now, by id."""
        if self._clusters is None:
            self._pairs = pairs_of(self.review, self.protocol, self.library)
            found = clusters_of(self.review, self.library, self._pairs)
            self._clusters = {cluster.id: cluster for cluster in found}
        return self._clusters

    @property
    def pairs(self) -> tuple[PairDecision, ...]:
        """The engine's decisions on pairs of records."""
        return self._pairs if self.clusters else ()

    @property
    def cluster_of(self) -> Mapping[str, Cluster]:
        """Record id to the report that it belongs to."""
        if self._cluster_of is None:
            self._cluster_of = {r: c for c in self.clusters.values() for r in c.records}
        return self._cluster_of

    def took(self, events: Sequence[Event]) -> None:
        """Learn of new events (see ``Watcher``)."""
        self.version += 1
        kinds = {event.kind for event in events}
        if "batch_imported.v1" in kinds:
            self._forget()
        elif kinds & _REPORTS:
            self._clusters = self._cluster_of = None

    def refolded(self) -> None:
        """Learn that the state was made anew (see ``Watcher``)."""
        self.version += 1
        self._forget()

    def _forget(self) -> None:
        self._library = self._clusters = self._cluster_of = None
