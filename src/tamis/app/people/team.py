"""A team's server: its accounts opened, with what people do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tamis.app.people.passwords import Passwords
from tamis.app.people.people import People
from tamis.app.people.sign_in import SignIn
from tamis.store import Accounts

__all__ = ["Team", "open_team"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The people of a server and its door; close it when the server stops."""

    people: People
    sign_in: SignIn
    accounts: Accounts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.accounts.close()


def open_team(database: str) -> Team:
    """Open the accounts in a database (SQLite or PostgreSQL); missing tables are made."""
    accounts = Accounts(database)
    passwords = Passwords()
    return Team(
        people=People(accounts, passwords=passwords),
        sign_in=SignIn(accounts, passwords=passwords),
        accounts=accounts,
    )
