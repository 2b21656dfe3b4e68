"""Filling projections from all events, and extending them by new ones where that is the same.

New events extend a state when the canonical order puts all of them behind the known ones. It does
when each is later (by time, actor, replica, number) than every known one, and no known event names
one that is new. Then the rows of the new events are the rows of folding them alone, put over what
is there; and a row whose event they supersede goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select

from tamis.domain.canonical import canonical
from tamis.domain.events import Event, chain_of
from tamis.domain.state import ReviewState, fold
from tamis.store.lines import known_line
from tamis.store.projections import Projection, rows_of
from tamis.store.schema import awaited, lines, projected

__all__ = ["ALWAYS", "bring_up_to_date", "known_events"]

_FEW = 200
_BATCH = 5000

#: With more new events than this, making the tables anew is the faster way too.
_MANY = 10_000

#: Tables in which an event leaves a row whether or not it is superseded.
ALWAYS = frozenset({"heads", "redactions", "superseded"})

Key = tuple[Any, ...]
Moment = tuple[str, str, str, int]


def bring_up_to_date(connection: Connection, heads: Mapping[str, int]) -> None:
    """Bring every projection to the events of ``lines``; ``heads`` says how many a chain has."""
    done = _done(connection)
    if done == heads:
        return
    count = sum(heads.values()) - sum(done.values())
    new = list(known_events(connection, done)) if done and count <= _MANY else []
    if new and _extend(connection, new):
        _remember(connection, new)
        return
    events = list(known_events(connection))
    for projection, rows in rows_of(fold(events)):
        connection.execute(delete(projection.table))
        _insert(connection, projection.table, rows)
    connection.execute(delete(awaited))
    connection.execute(delete(projected))
    _remember(connection, events)


def known_events(connection: Connection, after: Mapping[str, int] | None = None) -> Iterator[Event]:
    """Yield the events of ``lines``, chain by chain, those beyond ``after`` only."""
    query = select(lines.c.line).order_by(lines.c.chain, lines.c.seq)
    for chain, seq in (after or {}).items():
        query = query.where(or_(lines.c.chain != chain, lines.c.seq > seq))
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as found:
        yield from map(known_line, found.scalars())


def _extend(connection: Connection, new: Sequence[Event]) -> bool:
    if not _all_behind(connection, new):
        return False
    state = fold(new)
    if state.exists:  # of several 'created' events the first one counts, and it may be known
        return False
    rows = list(rows_of(state))
    gone = _gone(connection, state, rows)
    if gone is None:
        return False
    for projection, some in rows:
        _remove(connection, projection, [*_keys(projection, some), *gone[projection.table.name]])
        _insert(connection, projection.table, some)
    return True


def _all_behind(connection: Connection, new: Sequence[Event]) -> bool:
    told = connection.execute(select(projected.c.latest)).scalars()
    last = max(tuple(json.loads(moment)) for moment in told)
    names = {event.id for event in new}
    wanted = set(connection.execute(select(awaited.c.event)).scalars())
    return all(_moment(event) > last for event in new) and not names & wanted


def _moment(event: Event) -> Moment:
    return event.at, event.actor, event.replica, event.seq


def _gone(
    connection: Connection, state: ReviewState, rows: Iterable[tuple[Projection, Sequence[Any]]]
) -> Mapping[str, Sequence[Key]] | None:
    """Return the rows that go because their event is superseded, by table.

    ``None`` when a row would go whose key an older event may have held before: only folding
    everything again can tell which one stands then.
    """
    now = {projection.table.name: _keys(projection, some) for projection, some in rows}
    gone: dict[str, list[Key]] = {name: [] for name in now}
    for event in _named(connection, state.superseded):
        for projection, some in rows_of(fold([event])):
            name = projection.table.name
            if name in ALWAYS:
                continue
            keys = _keys(projection, some)
            if projection.keys == ("event",):
                gone[name] += keys
            elif keys - now[name]:
                return None
    return gone


def _named(connection: Connection, names: Iterable[str]) -> Iterator[Event]:
    places = sorted(chain_of(name) for name in names)
    for some in _slices(places, _FEW):
        which = [and_(lines.c.chain == chain, lines.c.seq == seq) for chain, seq in some]
        for line in connection.execute(select(lines.c.line).where(or_(*which))).scalars():
            yield known_line(line)


def _remember(connection: Connection, new: Sequence[Event]) -> None:
    """Note how far the projections are, how late, and which events were named and not there."""
    latest: dict[str, tuple[int, Moment]] = {}
    named: set[str] = set()
    for event in new:
        seq, moment = latest.get(event.chain, (0, ("", "", "", 0)))
        latest[event.chain] = (max(seq, event.seq), max(moment, _moment(event)))
        named.update(event.supersedes)
        named.update(f"{chain}/{seq}" for chain, (seq, _) in event.seen.items())
    for chain, (seq, moment) in latest.items():
        where = projected.c.chain == chain
        before = connection.execute(select(projected.c.latest).where(where)).scalar()
        last = moment if before is None else max(moment, tuple(json.loads(before)))
        connection.execute(delete(projected).where(where))
        row = {"chain": chain, "seq": seq, "latest": canonical(last).decode()}
        connection.execute(insert(projected).values(row))
    _await(connection, named - {event.id for event in new})


def _await(connection: Connection, named: set[str]) -> None:
    heads = _done(connection)
    absent = set()
    for name in named:
        chain, seq = chain_of(name)
        if heads.get(chain, 0) < seq:
            absent.add(name)
    absent -= set(connection.execute(select(awaited.c.event)).scalars())
    _insert(connection, awaited, [{"event": name} for name in sorted(absent)])


def _done(connection: Connection) -> dict[str, int]:
    return {row.chain: row.seq for row in connection.execute(select(projected))}


def _keys(projection: Projection, rows: Iterable[Mapping[str, Any]]) -> set[Key]:
    return {tuple(row[name] for name in projection.keys) for row in rows}


def _remove(connection: Connection, projection: Projection, keys: Sequence[Key]) -> None:
    columns = list(projection.table.primary_key)
    for some in _slices(keys, _FEW):
        which = [and_(*(c == part for c, part in zip(columns, key, strict=True))) for key in some]
        connection.execute(delete(projection.table).where(or_(*which)))


def _insert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for some in _slices(rows, _BATCH):
        connection.execute(insert(table), some)


def _slices(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
