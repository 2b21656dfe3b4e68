"""The tables of accounts, and the rows in them: people, roles, invitations, sessions, tokens.

A row's fields are its table's columns. No secret stands here as such: a password is an argon2 hash,
a token its SHA-256. Moments are texts as events have them, ``YYYY-MM-DDTHH:MM:SS.mmmZ``, or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text

__all__ = [
    "ACCOUNTS_REVISION",
    "ACCOUNT_TABLES",
    "KEYS",
    "ApiToken",
    "Attempt",
    "Invitation",
    "Membership",
    "Person",
    "SessionRow",
    "table_of",
]

#: The newest revision of the line of migrations ``migrations/accounts``.
ACCOUNTS_REVISION = "accounts0001"

ACCOUNT_TABLES = MetaData()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account; ``password`` is a hash or empty, ``disabled`` the moment it was closed."""

    slug: str
    name: str
    password: str = field(repr=False)
    created: str
    disabled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The role of a person in a review."""

    person: str
    review: str
    role: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A way in, once; with ``person`` it resets that person's password instead."""

    token: str = field(repr=False)
    review: str
    role: str
    person: str = ""
    by: str
    created: str
    expires: str
    used: str = ""
    used_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A browser in which a person is logged in."""

    token: str = field(repr=False)
    person: str
    created: str
    seen: str
    expires: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A key for programs that act for a person; ``scopes`` are words with blanks between."""

    token: str = field(repr=False)
    person: str
    name: str
    created: str
    expires: str
    used: str = ""
    scopes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How often something failed, and when last."""

    subject: str
    failures: int
    last: str


#: Read aloud: kind of row, its table, its key.
KEYS: Mapping[type, tuple[str, tuple[str, ...]]] = {
    Person: ("account_people", ("slug",)),
    Membership: ("account_memberships", ("person", "review")),
    Invitation: ("account_invitations", ("token",)),
    SessionRow: ("account_sessions", ("token",)),
    ApiToken: ("account_tokens", ("token",)),
    Attempt: ("account_attempts", ("subject",)),
}

#: Columns that rows are looked up by.
_LOOKED_UP = {
    ("account_memberships", "review"), ("account_sessions", "person"),
    ("account_tokens", "person"),
}  # fmt: skip


def _column(table: str, name: str, keys: tuple[str, ...], hint: Any) -> Column[Any]:
    return Column(
        name,
        Integer if hint == "int" else Text,
        primary_key=name in keys,
        nullable=False,
        autoincrement=False,
        index=True if (table, name) in _LOOKED_UP else None,
    )


_TABLES: Mapping[type, Table] = {
    kind: Table(
        table,
        ACCOUNT_TABLES,
        *(_column(table, each.name, keys, each.type) for each in fields(kind)),
    )
    for kind, (table, keys) in KEYS.items()
}


def table_of(kind: type) -> Table:
    """Return the table that holds rows of a kind."""
    return _TABLES[kind]
