"""The index of a review: a cache of what the log holds, and the state as tables.

It is never the truth. It may be deleted at any time, and is made again from the log. But while it
is there it remembers: an event that it has read and that is gone or altered is ``ChainBroken``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, delete, insert, select

from tamis.domain.errors import ChainBroken, Place
from tamis.domain.events import Event
from tamis.domain.state import ReviewState, fold
from tamis.store import migrate
from tamis.store.dialects import (
    file_engine,
    is_damaged,
    memory_engine,
    open_engine,
    reading,
    writing,
)
from tamis.store.extending import bring_up_to_date, known_events
from tamis.store.following import Followed, Fresh, Mark
from tamis.store.forging import Head
from tamis.store.machine import uncollected
from tamis.store.projections import PROJECTIONS, Projection
from tamis.store.schema import awaited, lines, marks, projected

__all__ = ["Index", "Ingested"]

_BATCH = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one look at the log brought: new events, and bodies that were redacted since."""

    events: int = 0
    redacted: int = 0


class Index:
    """The cache of one review folder, in ``.tamis/index.sqlite``.

    Parameters
    ----------
    folder
        The review folder. Where it cannot be written, the index lives in memory.

    Raises
    ------
    BadInput
        When a newer program made the index.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".tamis" / "index.sqlite"
        self.engine = self._file() if _writable(self.path) else _made(memory_engine())

    @classmethod
    def at(cls, url: str | URL | Engine) -> Self:
        """Keep the index in a database instead, one review a database (or schema)."""
        index = cls.__new__(cls)
        index.path = Path()
        index.engine = _made(open_engine(url))
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def ingest(self, log: Followed, *, thorough: bool = False) -> Ingested:
        """Take in what the log has that the index has not.

        Parameters
        ----------
        log
            The log of this review.
        thorough
            Read every byte again, instead of trusting that a file of unchanged size and time is
            unchanged.

        Raises
        ------
        ChainBroken
            When something that was read before is gone or altered, with file and line.
        """
        events = redacted = 0
        with uncollected(), writing(self.engine, "index") as connection:
            for fresh in log.since(self._marks(connection), thorough=thorough):
                if fresh.whole:
                    redacted += self._compare(connection, fresh)
                events += self._take(connection, fresh)
            if redacted:
                _forget(connection)
        return Ingested(events=events, redacted=redacted)

    def events(self, after: Mapping[str, int] | None = None) -> Iterator[Event]:
        """Yield the events behind ``after[chain]``, or all, chain by chain.

        They were proven when they were taken in.
        """
        with reading(self.engine) as connection:
            yield from known_events(connection, after)

    def state(self) -> ReviewState:
        """Fold the events into the state of the review."""
        with uncollected():
            return fold(self.events())

    def heads(self) -> dict[str, Head]:
        """Return chain to (seq, hash) as far as the log was read."""
        with reading(self.engine) as connection:
            found = self._marks(connection)
        return {chain: (mark.seq, mark.hash) for chain, mark in sorted(found.items())}

    def rows(self, projection: str) -> list[dict[str, Any]]:
        """Return the rows of a projection, sorted by key, brought up to date first."""
        self.project()
        with reading(self.engine) as connection:
            return next(_rows(connection, p) for p in PROJECTIONS if p.table.name == projection)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of every projection by its name, as they are at one moment."""
        self.project()
        with reading(self.engine) as connection:
            return {p.table.name: _rows(connection, p) for p in PROJECTIONS}

    def project(self) -> None:
        """Bring the projections up to date."""
        with uncollected(), writing(self.engine, "index") as connection:
            heads = {chain: mark.seq for chain, mark in self._marks(connection).items()}
            bring_up_to_date(connection, heads)

    def rebuild(self) -> None:
        """Drop every projection and make it again."""
        with writing(self.engine, "index") as connection:
            for projection in PROJECTIONS:
                projection.table.drop(connection)
                projection.table.create(connection)
            _forget(connection)
        self.project()

    def _file(self) -> Engine:
        """Open the file; one that is damaged is put aside, because it can be made again."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return _made(file_engine(self.path))
        except OSError:
            return _made(memory_engine())
        except ChainBroken as error:
            if not is_damaged(error):
                raise
            self.path.replace(self.path.with_suffix(".damaged"))
            return _made(file_engine(self.path))

    def _marks(self, connection: Connection) -> dict[str, Mark]:
        return {
            row["chain"]: Mark(**{k: v for k, v in row.items() if k != "chain"})
            for row in connection.execute(select(marks)).mappings()
        }

    def _take(self, connection: Connection, fresh: Fresh) -> int:
        known = 0
        if fresh.whole:
            there = select(lines.c.seq).where(lines.c.chain == fresh.chain)
            known = max(connection.execute(there).scalars(), default=0)
        rows = [
            {"chain": event.chain, "seq": event.seq, "hash": event.hash, "line": event.line}
            for event in fresh.events
            if event.seq > known
        ]
        for start in range(0, len(rows), _BATCH):
            connection.execute(insert(lines), rows[start : start + _BATCH])
        mark = {
            "chain": fresh.chain,
            "seq": fresh.mark.seq,
            "hash": fresh.mark.hash,
            "length": fresh.mark.length,
            "prefix": fresh.mark.prefix,
            "stamp": fresh.mark.stamp,
        }
        connection.execute(delete(marks).where(marks.c.chain == fresh.chain))
        connection.execute(insert(marks), mark)
        return len(rows)

    def _compare(self, connection: Connection, fresh: Fresh) -> int:
        """Hold a chain that was read whole against what was known; returns what was redacted."""
        now = {event.seq: event for event in fresh.events}
        query = select(lines.c.seq, lines.c.hash, lines.c.line).order_by(lines.c.seq)
        known = connection.execute(query.where(lines.c.chain == fresh.chain)).all()
        changed: list[Event] = []
        for seq, digest, line in known:
            event = now.get(seq)
            if event is None or event.hash != digest:
                raise _altered(fresh.chain, seq, event)
            if event.line != line:
                changed.append(_redaction(event))
        for event in changed:
            place = (lines.c.chain == event.chain, lines.c.seq == event.seq)
            connection.execute(lines.update().where(*place).values(line=event.line))
        return len(changed)


def _rows(connection: Connection, projection: Projection) -> list[dict[str, Any]]:
    found = connection.execute(select(projection.table)).mappings()
    return sorted((dict(row) for row in found), key=itemgetter(*projection.keys))


def _forget(connection: Connection) -> None:
    """Have the next ``project`` make everything anew."""
    connection.execute(delete(projected))
    connection.execute(delete(awaited))


def _made(engine: Engine) -> Engine:
    try:
        with writing(engine, "index") as connection:
            migrate.upgrade(connection, "index")
    except BaseException:
        engine.dispose()
        raise
    return engine


def _writable(path: Path) -> bool:
    """Tell whether the file, or the nearest folder that is there, may be written."""
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    return os.access(there, os.W_OK)


def _altered(chain: str, seq: int, event: Event | None) -> ChainBroken:
    what = "is gone" if event is None else "is another one now"
    return ChainBroken(
        f"event {seq} of {chain} was read before and {what}",
        "restore this file from a copy of the review, or run 'tamis verify' to see all of it",
        where=Place(file=f"log/{chain}.jsonl", line=seq),
    )


def _redaction(event: Event) -> Event:
    """Accept a line that differs only by its body having gone; the hash says so."""
    if event.body is not None:
        raise ChainBroken(
            f"the body of {event.id} had been redacted and is back",
            "restore this file from a copy of the review after the redaction",
            where=Place(file=f"log/{event.chain}.jsonl", line=event.seq),
        )
    return event
