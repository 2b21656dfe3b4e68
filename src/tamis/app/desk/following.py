"""The desk's own picture of a review, kept up with the log event by event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tamis.app.desk.floor import Floor
from tamis.app.desk.listing import Listing
from tamis.app.desk.ports import Live
from tamis.app.desk.queue import Queue
from tamis.app.desk.ranked import is_ranking
from tamis.app.desk.text import Texts
from tamis.domain.events import Event
from tamis.screening import Leases
from tamis.store.machine import uncollected

__all__ = ["Following"]

#: Kinds after which the records may be others; other clusters and rules are seen by ``Floor.fits``.
_RESTART = frozenset({"batch_imported.v1", "reparsed.v1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What is made anew together when reports or rules change."""

    floor: Floor
    listing: Listing
    queue: Queue


class Following:
    """Floor, list, queue and searchable texts of a live review; the review is locked for all."""

    def __init__(self, live: Live, *, now: Callable[[], float]) -> None:
        self._live = live
        self._now = now
        self._leases = Leases()
        self._texts: Texts | None = None
        self._made: _Parts | None = None
        live.watch(self)

    def took(self, events: Sequence[Event]) -> None:
        """Follow new events of the log."""
        if self._made is None:
            return
        for event in events:
            if event.kind in _RESTART or is_ranking(event):
                self.refolded()
                return
            touched = self._made.floor.took(event)
            self._made.listing.touched(touched)
            self._made.queue.touched(touched)
            if event.kind == "note_added.v1" and _is_round(event):
                self._made.queue.restart()

    def refolded(self) -> None:
        """Forget everything: the state was made anew."""
        self._made = None

    def _parts(self) -> _Parts:
        """Return floor, list and queue as they are now; the review is locked."""
        made = self._made
        if made is None or not made.floor.fits(self._live):
            with uncollected():
                floor = Floor(self._live)
            queue = Queue(floor, now=self._now, leases=self._leases)
            listing = Listing(floor, texts=lambda: self._searched(floor))
            made = self._made = _Parts(floor=floor, listing=listing, queue=queue)
        return made

    def _searched(self, floor: Floor) -> Texts:
        """Return the searchable texts; they outlive a floor, as merging changes no record."""
        texts = self._texts
        if texts is None or (
            texts.records is not floor.records and dict(texts.records) != dict(floor.records)
        ):
            with uncollected():
                texts = self._texts = Texts(floor.records)
        return texts

    def _floor(self) -> Floor:
        return self._parts().floor

    def prepare(self) -> None:
        """Make now what the first viewer would otherwise wait for."""
        with self._live.locked():
            parts = self._parts()
            parts.listing.prepare()
            self._searched(parts.floor)


def _is_round(event: Event) -> bool:
    return event.body is not None and event.body["topic"] == "calibration"
