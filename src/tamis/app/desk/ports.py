"""What the desk needs of an open review; ``app.live.LiveReview`` is one, tests have another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tamis.app.imports import Library
from tamis.app.review import Watcher
from tamis.domain.events import Draft, Event
from tamis.domain.question import Protocol as Plan
from tamis.domain.records import Cluster, PairDecision
from tamis.domain.state import ReviewState

__all__ = ["Live", "Standing"]


class Standing(Protocol):
    """A review as it stands."""

    @property
    def state(self) -> ReviewState:
        """What the events so far say."""
        ...

    @property
    def protocol(self) -> Plan:
        """The protocol as it stands."""
        ...

    @property
    def library(self) -> Library:
        """The imported records by id."""
        ...

    @property
    def clusters(self) -> Mapping[str, Cluster]:
        """The reports by id."""
        ...

    @property
    def cluster_of(self) -> Mapping[str, Cluster]:
        """Record id to its report."""
        ...

    @property
    def ranked(self) -> tuple[str, ...]:
        """The newest order by relevance; empty where nothing was ranked."""
        ...


class Live(Standing, Protocol):
    """A review that stays open while people work on it."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the review for one reading or writing; the same thread may hold it twice."""
        ...

    def record(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Write drafts that the process allows; they are on disk when this returns."""
        ...

    def watch(self, watcher: Watcher) -> None:
        """Tell a watcher of new events, and when the state was made anew."""
        ...

    @property
    def pairs(self) -> tuple[PairDecision, ...]:
        """The engine's decisions on pairs of records."""
        ...

    @property
    def version(self) -> int:
        """Grows whenever anything changes."""
        ...
