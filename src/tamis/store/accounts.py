"""Accounts of a team server, in SQLite or PostgreSQL: rows in and out, and no policy.

Who may do what, and when a session ends, is decided in ``app``. Here stands only that a change is
made whole or not at all, and that nobody else changes accounts meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any, Self, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    true,
)

from tamis.store import migrate
from tamis.store.account_tables import KEYS, table_of
from tamis.store.dialects import keep_private, open_engine, reading, writing

__all__ = ["AccountRows", "Accounts"]

R = TypeVar("R")


class AccountRows:
    """The rows of accounts within one transaction.

    A row is asked for by its type: ``rows.get(Person, "p-rev-a")``. Every filter is an equality of
    columns with bound values, so that no text of a stranger ever becomes SQL.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, kind: type[R], *key: str) -> R | None:
        """Return the row with a key, or ``None``."""
        named = dict(zip(KEYS[kind][1], key, strict=True))
        return next(iter(self.all(kind, **named)), None)

    def all(self, kind: type[R], **equal: str) -> tuple[R, ...]:
        """Return the rows whose columns have these values, sorted by key."""
        table = table_of(kind)
        query = select(table).where(_where(table, equal)).order_by(*table.primary_key)
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # a row's dataclass
        return tuple(
            kind(**dict(zip(names, row, strict=True))) for row in self._connection.execute(query)
        )

    def count(self, kind: type, **equal: str) -> int:
        """Return how many rows have these values."""
        table = table_of(kind)
        query = select(func.count()).select_from(table).where(_where(table, equal))
        return int(self._connection.execute(query).scalar_one())

    def add(self, row: Any) -> None:
        """Insert a row.

        Raises
        ------
        Conflict
            When there is one with its key.
        """
        self._connection.execute(insert(table_of(type(row))).values(asdict(row)))

    def put(self, row: Any) -> None:
        """Insert a row, or replace the one with its key."""
        self.remove(type(row), **{name: getattr(row, name) for name in KEYS[type(row)][1]})
        self.add(row)

    def remove(self, kind: type, **equal: str) -> int:
        """Delete the rows whose columns have these values; returns how many there were."""
        if not equal:
            raise ValueError("name at least one column")
        table = table_of(kind)
        return self._connection.execute(delete(table).where(_where(table, equal))).rowcount

    def remove_before(self, kind: type, column: str, moment: str) -> int:
        """Delete the rows of which a column is earlier than a moment; returns how many."""
        table = table_of(kind)
        return self._connection.execute(delete(table).where(table.c[column] < moment)).rowcount


class Accounts:
    """The accounts of one server.

    Parameters
    ----------
    url
        Address or engine of PostgreSQL or SQLite; missing tables are made.

    Raises
    ------
    BadInput
        When the address is none, or a newer program made the tables.
    StorageFailed
        When the database cannot be reached.
    """

    def __init__(self, url: str | URL | Engine) -> None:
        self.engine = open_engine(url)
        keep_private(self.engine)
        with writing(self.engine, "migrations") as connection:
            migrate.upgrade(connection, "accounts")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[AccountRows]:
        """Open the accounts as they are at one moment."""
        with reading(self.engine) as connection:
            yield AccountRows(connection)

    @contextmanager
    def change(self) -> Iterator[AccountRows]:
        """Open the accounts for a change, one at a time; an error undoes all of it.

        Raises
        ------
        Conflict
            When another process does not stop writing, or a row is there already.
        StorageFailed
            When the database refuses.
        """
        with writing(self.engine, "accounts") as connection:
            yield AccountRows(connection)


def _where(table: Table, equal: dict[str, str]) -> ColumnElement[bool]:
    return and_(true(), *(table.c[name] == value for name, value in equal.items()))
