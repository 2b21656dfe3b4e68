"""Rows of accounts: what goes in comes out, changes are whole or not at all, one at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.postgres_server import postgres_url
from tests.store.accounts import accounts

from tamis.domain.errors import BadInput, Conflict
from tamis.store import (
    Accounts,
    ApiToken,
    Attempt,
    Invitation,
    Membership,
    Person,
    SessionRow,
    SqlLog,
)
from tamis.store.account_tables import KEYS

__all__ = ["accounts", "postgres_url"]  # fixtures

AT = "2026-11-22T10:00:00.000Z"

#: What a database can hold as a text: no NUL, no lone surrogate.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def person(slug: str = "p-a", **more: str) -> Person:
    return Person(**{"slug": slug, "name": "A", "password": "", "created": AT, **more})


def row_of(kind: type, word: str) -> object:
    values = {
        each.name: 7 if each.type == "int" else f"{word} {each.name}" for each in fields(kind)
    }
    return kind(**values)


@pytest.mark.parametrize("kind", KEYS)
def test_every_kind_of_row_comes_back_as_it_went_in(accounts: Accounts, kind: type) -> None:
    first, second = row_of(kind, "a"), row_of(kind, "b")
    with accounts.change() as rows:
        rows.add(second)
        rows.add(first)
    key = [getattr(first, name) for name in KEYS[kind][1]]
    with accounts.read() as rows:
        assert rows.get(kind, *key) == first
        assert rows.all(kind) == (first, second)
        assert rows.count(kind) == 2
        assert rows.get(kind, *("absent" for _ in key)) is None


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(name=TEXTS, slug=TEXTS)
def test_any_text_is_a_value_and_never_sql(accounts: Accounts, name: str, slug: str) -> None:
    row = person(slug, name=name)
    with accounts.change() as rows:
        rows.put(row)
        assert rows.all(Person, slug=slug, name=name) == (row,)
        assert rows.remove(Person, slug=slug) == 1
        assert rows.get(Person, slug) is None


@pytest.mark.parametrize("evil", ["' OR '1'='1", "p-a'; DROP TABLE account_people; --", "%", "_"])
def test_sql_in_a_key_finds_nothing_and_breaks_nothing(accounts: Accounts, evil: str) -> None:
    with accounts.change() as rows:
        rows.add(person())
        assert rows.all(Person, slug=evil) == ()
        assert rows.remove(Person, slug=evil) == 0
    with accounts.read() as rows:
        assert rows.get(Person, "p-a") == person()


def test_put_replaces_and_add_refuses(accounts: Accounts) -> None:
    with accounts.change() as rows:
        rows.add(person())
        rows.put(person(name="B"))
    with pytest.raises(Conflict), accounts.change() as rows:
        rows.add(person(name="C"))
    with accounts.read() as rows:
        assert rows.all(Person) == (person(name="B"),)


def test_an_error_undoes_the_whole_change(accounts: Accounts) -> None:
    def half() -> None:
        with accounts.change() as rows:
            rows.add(person())
            raise BadInput("no", "no")

    with pytest.raises(BadInput):
        half()
    with accounts.read() as rows:
        assert rows.count(Person) == 0


def test_rows_are_removed_by_value_and_by_age(accounts: Accounts) -> None:
    later = "2026-11-22T11:00:00.000Z"
    with accounts.change() as rows:
        rows.add(Attempt(subject="a", failures=1, last=AT))
        rows.add(Attempt(subject="b", failures=1, last=later))
        rows.add(Membership(person="p-a", review="r", role="owner", since=AT))
        rows.add(Membership(person="p-a", review="s", role="guest", since=AT))
        assert rows.remove_before(Attempt, "last", AT) == 0
        assert rows.remove_before(Attempt, "last", later) == 1
        assert rows.remove(Membership, person="p-a", role="owner") == 1
        assert rows.count(Membership, person="p-a") == 1
        with pytest.raises(ValueError, match="at least one column"):
            rows.remove(Membership)


def test_two_changes_never_run_at_once(accounts: Accounts) -> None:
    """Many count up one row by reading and writing it: none of them is lost."""
    ready = threading.Barrier(8)

    def count_up(_: int) -> None:
        ready.wait()
        for _ in range(5):
            with accounts.change() as rows:
                found = rows.get(Attempt, "x")
                rows.put(
                    Attempt(subject="x", failures=(found.failures if found else 0) + 1, last=AT)
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    with accounts.read() as rows:
        assert rows.get(Attempt, "x") == Attempt(subject="x", failures=40, last=AT)


def test_accounts_and_logs_share_a_database(accounts: Accounts) -> None:
    class Clock:
        def now(self) -> str:
            return AT

    SqlLog(accounts.engine, replica="9f3c12ab", clock=Clock())
    again = Accounts(accounts.engine)
    with again.change() as rows:
        rows.add(person())
    with accounts.read() as rows:
        assert rows.count(Person) == 1


def test_accounts_of_a_newer_program_are_refused(accounts: Accounts) -> None:
    with accounts.engine.begin() as connection:
        connection.execute(text("UPDATE tamis_accounts_version SET version_num = 'accounts9999'"))
    with pytest.raises(BadInput, match="newer than this program"):
        Accounts(accounts.engine)


@pytest.mark.parametrize("kind", [Person, Invitation, SessionRow, ApiToken])
def test_no_row_shows_its_secret_part(kind: type) -> None:
    shown = repr(row_of(kind, "secret"))
    secret = {"password", "token"} & {each.name for each in fields(kind)}
    assert secret
    assert not [name for name in secret if f"secret {name}" in shown]
