"""Accounts in their two homes: a file of SQLite, a schema in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.postgres_server import fresh_schema

from tamis.store import Accounts

__all__ = ["accounts", "everything_in"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Accounts]:
    """Give accounts without anybody."""
    url = f"sqlite:///{tmp_path / 'accounts.sqlite'}"
    if request.param == "postgres":
        made = fresh_schema(request.getfixturevalue("postgres_url"))
        with Accounts(made) as opened:
            yield opened
        return
    with Accounts(url) as opened:
        yield opened


def everything_in(accounts: Accounts) -> str:
    """Return every cell of every table, as somebody who stole the database reads them."""
    names = ("people", "memberships", "invitations", "sessions", "tokens", "attempts")
    with accounts.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for name in names
            for row in connection.execute(text(f"SELECT * FROM account_{name}"))
        ]
    return "\n".join(rows)
