"""The log of a team server: one table in PostgreSQL (or SQLite), with the guarantees of the folder.

What the file system cannot promise, the database does: triggers let rows only be appended behind
their chain, and let nothing but a redaction happen to them afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, Row, func, insert, select, update

from tamis.domain.errors import ChainBroken, Place
from tamis.domain.events import GENESIS, Draft, Event, chain_of, redact_line
from tamis.domain.results import Finding
from tamis.store import migrate
from tamis.store.chains import check_link
from tamis.store.dialects import open_engine, reading, writing
from tamis.store.following import Fresh, Mark, refuse_missing
from tamis.store.forging import Clock, Guard, Head, forge_all
from tamis.store.lines import join_line, read_line, reason_text, split_line
from tamis.store.redacting import find_redacted
from tamis.store.schema import events as table
from tamis.store.uniting import unite
from tamis.store.verification import broken_finding, check_events

__all__ = ["Overtaken", "SqlLog"]

_BATCH = 2000

#: What the line of an event is put together from.
_LINE = (table.c.chain, table.c.seq, table.c.header, table.c.body, table.c.redacted)


class Overtaken(Exception):
    """Somebody else wrote since the state was looked at, by which the drafts were judged."""


class SqlLog:
    """The append-only event log of one review in a database.

    Parameters
    ----------
    url
        Address or engine of PostgreSQL or SQLite; missing tables are made.
    replica
        This installation's mark on its chains.
    clock
        Tells the time of events whose draft does not.
    name
        Which review of this database.

    Raises
    ------
    BadInput
        When the address is none, or a newer program made the tables.
    StorageFailed
        When the database cannot be reached.
    """

    def __init__(
        self, url: str | URL | Engine, *, replica: str, clock: Clock, name: str = "review"
    ) -> None:
        self.engine = open_engine(url)
        self.replica = replica
        self.name = name
        self._clock = clock
        self._thread = threading.RLock()
        with writing(self.engine, "migrations") as connection:
            migrate.upgrade(connection, "log")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @contextmanager
    def writing(self, doing: str = "write") -> Iterator[None]:
        """Hold the review for a whole use case, among the threads of this process.

        Other processes are kept apart by the database, for the time of each append.
        """
        del doing
        with self._thread:
            yield

    @property
    def address(self) -> str:
        """The address of the database as it may be shown: without password and settings."""
        url = self.engine.url
        shown = URL.create(url.drivername, url.username, None, url.host, url.port, url.database)
        return shown.render_as_string()

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        guard: Guard | None = None,
        known: Mapping[str, Head] | None = None,
    ) -> tuple[Event, ...]:
        """Write drafts as events, all or none; when this returns they are committed.

        Parameters
        ----------
        drafts
            In their order.
        guard
            Called with each draft while nobody else can write; what it raises ends the call.
        known
            The heads that the guard judges by; empty asks nothing.

        Raises
        ------
        Overtaken
            When the heads are others than the known ones.
        Conflict
            When another process does not stop writing.
        StorageFailed
            When the database refuses; nothing is acknowledged.
        """
        if not drafts:
            return ()
        with writing(self.engine, self.name) as connection:
            if known is not None and self._heads(connection) != known:
                raise Overtaken
            return self._append(connection, drafts, guard)

    def absorb(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Take over events of another copy of this review, as they stand; returns the new ones.

        Raises
        ------
        Conflict
            When the two copies hold different events at the same place of a chain.
        ChainBroken
            When an event would stand behind a gap.
        """
        with writing(self.engine, self.name) as connection:
            newer = unite(self._read(connection, {}), events, ours_at=self.name)
            self._insert(connection, newer.events)
            for event in newer.redacted:
                self._shorten(connection, event)
            return newer.events

    def redact(
        self, event_id: str, *, why: str, by: str, at: str = "", guard: Guard | None = None
    ) -> Event:
        """Remove the body of an event; returns the ``redacted`` event that says so.

        Raises
        ------
        NotFound
            When there is no such event.
        BadInput
            For an empty reason, or an event that itself records a redaction.
        """
        with writing(self.engine, self.name) as connection:
            event, said = find_redacted(self._read(connection, {}), event_id)
            gone = redact_line(event, why=said.body["why"] if said and said.body else why)
            if said is None:
                body = {"event": event_id, "why": why}
                draft = Draft(actor=by, kind="redacted.v1", subject=event_id, body=body, at=at)
                (said,) = self._append(connection, [draft], guard)
            if event.body is not None:
                self._shorten(connection, gone)
            return said

    def read(self, after: Mapping[str, int] | None = None) -> Iterator[Event]:
        """Yield verified events whose seq is beyond ``after[chain]``, chain by chain.

        Raises
        ------
        ChainBroken
            When a hash, a link or a sequence number does not hold.
        """
        with reading(self.engine) as connection:
            yield from self._read(connection, after or {})

    def since(self, known: Mapping[str, Mark], *, thorough: bool = False) -> Iterator[Fresh]:
        """Yield what is new behind the known marks (see ``Followed``).

        A chain whose known head is still in its place is taken as unaltered before it, because
        the triggers let nothing else happen; one that has a redaction among the new events, or
        with ``thorough`` every chain, is read whole.
        """
        with reading(self.engine) as connection:
            heads = self._heads(connection)
            refuse_missing(known, heads, at=f"{self.name}: {{}}")
            fresh = {chain: self._fresh(connection, chain, known.get(chain)) for chain in heads}
            touched = {
                chain_of(str(event.body["event"]))[0]
                for found in fresh.values()
                for event in found
                if event.kind == "redacted.v1" and event.body
            }
            for chain, (seq, digest) in heads.items():
                whole = chain in known and (thorough or chain in touched)
                found = tuple(self._chain(connection, chain, 0)) if whole else fresh[chain]
                if found:
                    mark = Mark(seq=seq, hash=digest)
                    yield Fresh(chain=chain, events=found, mark=mark, whole=whole)

    def heads(self) -> dict[str, Head]:
        """Return chain to (seq, hash) of its newest event."""
        with reading(self.engine) as connection:
            return self._heads(connection)

    def holds(self, heads: Mapping[str, Head]) -> bool:
        """Tell whether these events, and so all before them, are in this log."""
        with reading(self.engine) as connection:
            return all(
                connection.execute(
                    select(table.c.hash).where(
                        table.c.log == self.name, table.c.chain == chain, table.c.seq == seq
                    )
                ).scalar()
                == digest
                for chain, (seq, digest) in heads.items()
            )

    def beginnings(self) -> tuple[Event, ...]:
        """Return the first event of every chain."""
        with reading(self.engine) as connection:
            first: Any = select(*_LINE).where(table.c.log == self.name, table.c.seq == 1)
            return tuple(self._event(row) for row in connection.execute(first))

    def repairs(self) -> tuple[Finding, ...]:
        """Return nothing: a database mends itself after a kill."""
        return ()

    def verify(self) -> tuple[Finding, ...]:
        """Read everything again, as strictly as can be; returns what does not hold."""
        findings: list[Finding] = []
        found: list[Event] = []
        with reading(self.engine) as connection:
            for chain in self._heads(connection):
                try:
                    found += self._chain(connection, chain, 0, strict=True)
                except ChainBroken as error:
                    findings.append(broken_finding(error))
        return (*findings, *check_events(found))

    def _append(
        self, connection: Connection, drafts: Sequence[Draft], guard: Guard | None
    ) -> tuple[Event, ...]:
        events = forge_all(
            drafts,
            replica=self.replica,
            clock=self._clock,
            heads=self._heads(connection),
            guard=guard,
        )
        self._insert(connection, events)
        return events

    def _insert(self, connection: Connection, events: Sequence[Event]) -> None:
        for start in range(0, len(events), _BATCH):
            rows = [self._row(event) for event in events[start : start + _BATCH]]
            connection.execute(insert(table), rows)

    def _row(self, event: Event) -> dict[str, Any]:
        header, body, reason = split_line(event)
        return {
            "log": self.name,
            "chain": event.chain,
            "seq": event.seq,
            "hash": event.hash,
            "prev": event.prev,
            "header": header,
            "body": body,
            "redacted": reason,
        }

    def _shorten(self, connection: Connection, event: Event) -> None:
        connection.execute(
            update(table)
            .where(table.c.log == self.name, table.c.chain == event.chain)
            .where(table.c.seq == event.seq)
            .values(body=None, redacted=reason_text(event))
        )

    def _heads(self, connection: Connection) -> dict[str, Head]:
        """Find each chain's newest row, stepping from chain to chain through the key's index."""
        mine = table.c.log == self.name
        step = select(func.min(table.c.chain).label("chain")).where(mine).cte(recursive=True)
        other = table.alias()
        after = select(func.min(other.c.chain)).where(
            other.c.log == self.name, other.c.chain > step.c.chain
        )
        step = step.union_all(select(after.scalar_subquery()).where(step.c.chain.is_not(None)))
        newest = select(func.max(other.c.seq)).where(
            other.c.log == self.name, other.c.chain == step.c.chain
        )
        query = (
            select(table.c.chain, table.c.seq, table.c.hash)
            .join(step, table.c.chain == step.c.chain)
            .where(mine, table.c.seq == newest.scalar_subquery())
        )
        found = {chain: (seq, digest) for chain, seq, digest in connection.execute(query)}
        return dict(sorted(found.items()))

    def _fresh(self, connection: Connection, chain: str, mark: Mark | None) -> tuple[Event, ...]:
        """Read what stands behind a mark, having counted what stands before it."""
        if mark is None:
            return tuple(self._chain(connection, chain, 0))
        mine = (table.c.log == self.name, table.c.chain == chain)
        query = select(func.count(), func.max(table.c.hash).filter(table.c.seq == mark.seq))
        count, digest = connection.execute(query.where(*mine, table.c.seq <= mark.seq)).one()
        if (count, digest) != (mark.seq, mark.hash):
            raise ChainBroken(
                f"event {mark.seq} of {chain} or one before it is not what was acknowledged",
                "restore the database from a copy",
                where=Place(file=f"{self.name}: {chain}", line=mark.seq),
            )
        return tuple(self._chain(connection, chain, mark.seq))

    def _read(self, connection: Connection, after: Mapping[str, int]) -> Iterator[Event]:
        for chain in self._heads(connection):
            yield from self._chain(connection, chain, after.get(chain, 0))

    def _chain(
        self, connection: Connection, chain: str, after: int, *, strict: bool = False
    ) -> Iterator[Event]:
        """Yield the events of a chain; the one at ``after`` is read to check the link to it."""
        query = self._rows(chain).where(table.c.seq >= after).order_by(table.c.seq)
        head: Head | None = (0, GENESIS) if after == 0 else None
        with connection.execute(query, execution_options={"yield_per": _BATCH}) as result:
            for row in result:
                event = self._event(row, strict=strict)
                where = Place(file=f"{self.name}: {chain}", line=event.seq)
                check_link(event, chain=chain, head=head or (after - 1, event.prev), where=where)
                head = (event.seq, event.hash)
                if event.seq > after:
                    yield event

    def _rows(self, chain: str) -> Any:
        return select(*_LINE).where(table.c.log == self.name, table.c.chain == chain)

    def _event(self, row: Row[Any], *, strict: bool = False) -> Event:
        where = Place(file=f"{self.name}: {row.chain}", line=row.seq)
        return read_line(join_line(row.header, row.body, row.redacted), where=where, strict=strict)
