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

from tamis.app.clusters import log_pairs, pairs_seen
from tamis.app.desk.ranked import order_of
from tamis.app.imports import Library, load_library
from tamis.app.protocol.amend import adopt, read_protocol
from tamis.app.review import Review, Watcher, open_review
from tamis.dedupe import Clustering
from tamis.domain.errors import NotFound
from tamis.domain.events import Draft, Event
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, PairDecision
from tamis.domain.state import ReviewState
from tamis.store import stamp_of

__all__ = ["LiveReview"]

Part = TypeVar("Part")

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
        self._grouping = 0
        self._protocol: tuple[str, Protocol] | None = None
        self._parts: dict[object, Any] = {}
        self._library: Library | None = None
        self._pairs: tuple[PairDecision, ...] = ()
        self._logged = True
        self._clustering: tuple[str, Clustering] | None = None
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
        """Write drafts that the process allows; when this returns they are on the disk.

        What people decide on is recorded before it: the engine's pairs, where they were only seen.
        """
        with self._lock:
            self.log_pairs()
            return self.review.record(drafts)

    def log_pairs(self) -> None:
        """Record the engine's pairs of records that people have seen, if the log has them not."""
        with self._lock:
            if self._clustering is not None and not self._logged:
                log_pairs(self.review, self.protocol, self._pairs)
                self._logged = True

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
        path = self.root / "review.toml"
        stamp = stamp_of(path.stat(), path.read_bytes)
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
        return self._clustered().clusters

    def _clustered(self) -> Clustering:
        policy = self.protocol.dedupe_policy
        if self._clustering is None or self._clustering[0] != policy:
            self._pairs, self._logged = pairs_seen(self.review, self.protocol, self.library)
            decided = self.state.pairs.values()
            self._clustering = policy, Clustering(self.library.records, self._pairs, decided)
            self._grouping += 1
        return self._clustering[1]

    @property
    def grouping(self) -> int:
        """Grows whenever the reports, or what the engine says of pairs, are others."""
        self._clustered()
        return self._grouping

    @property
    def pairs(self) -> tuple[PairDecision, ...]:
        """The engine's decisions on pairs of records."""
        return self._pairs if self.clusters else ()

    @property
    def ranked(self) -> tuple[str, ...]:
        """The newest order by relevance; empty where nothing was ranked."""
        return order_of(self.review)

    @property
    def cluster_of(self) -> Mapping[str, Cluster]:
        """Record id to the report that it belongs to."""
        return self._clustered().of

    def took(self, events: Sequence[Event]) -> None:
        """Learn of new events (see ``Watcher``)."""
        self.version += 1
        kinds = {event.kind for event in events}
        if "batch_imported.v1" in kinds:
            self._forget()
        elif self._logged and any(map(_is_about_pairs, events)):
            self._clustering = None
        elif "pair_decided.v1" in kinds and self._clustering is not None:
            self._follow(events)

    def _follow(self, events: Sequence[Event]) -> None:
        """Follow decisions about pairs: what they do not touch stays as it is."""
        said = [event.body for event in events if event.kind == "pair_decided.v1" and event.body]
        names = ("|".join(sorted((str(body["a"]), str(body["b"])))) for body in said)
        decided = [self.state.pairs[name] for name in dict.fromkeys(names)]
        if self._clustering is not None:
            try:
                self._grouping += self._clustering[1].take(decided)
            except NotFound:  # a record that is not here yet: whoever asks next is told
                self._clustering = None

    def refolded(self) -> None:
        """Learn that the state was made anew (see ``Watcher``)."""
        self.version += 1
        self._forget()

    def _forget(self) -> None:
        self._library = self._clustering = None


def _is_about_pairs(event: Event) -> bool:
    """Tell whether after an event what the engine said of pairs may be another table."""
    if event.kind == "engine_ran.v1" and event.body is not None:
        return bool(event.body["stage"] == "dedupe")
    return event.kind == "reparsed.v1"
