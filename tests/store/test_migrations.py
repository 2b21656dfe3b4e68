"""Migrations: what they make is what the schema says, and an unrecorded change does not pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    text,
)
from tests.postgres_server import fresh_schema
from tests.store.making import REPLICAS, TickingClock

from tamis.domain.errors import BadInput
from tamis.store import Index, SqlLog, migrate
from tamis.store.account_tables import ACCOUNT_TABLES
from tamis.store.dialects import append_only_v1, file_engine, writing
from tamis.store.projections import PROJECTIONS
from tamis.store.schema import INDEX_TABLES, LOG_TABLES

TABLES = {"log": LOG_TABLES, "index": INDEX_TABLES, "accounts": ACCOUNT_TABLES}
BY_HAND = ("corpus_text", "tamis_")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine for an empty database."""
    if request.param == "sqlite":
        yield file_engine(tmp_path / "x.sqlite")
        return
    engine = create_engine(fresh_schema(request.getfixturevalue("postgres_url")))
    yield engine
    engine.dispose()


def differences(connection: Connection, tables: MetaData) -> list[object]:
    def asked(_: object, name: str | None, kind: str, *rest: object) -> bool:
        return not str(name).startswith(BY_HAND)

    options = {"include_object": asked}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables))


@pytest.mark.parametrize("line", TABLES)
def test_the_migrations_make_what_the_schema_says(engine: Engine, line: str) -> None:
    with writing(engine, "test") as connection:
        assert migrate.current(connection, line) is None
        assert [*migrate.upgrade(connection, line)][-1] == migrate.LINES[line]
        assert differences(connection, TABLES[line]) == []
        assert migrate.current(connection, line) == migrate.LINES[line]
        assert migrate.upgrade(connection, line) == ()


@pytest.mark.parametrize("line", TABLES)
def test_a_change_without_a_migration_does_not_pass(engine: Engine, line: str) -> None:
    """The comparison above would have seen it."""
    changed = MetaData()
    for table in TABLES[line].sorted_tables:
        table.to_metadata(changed)
    first = changed.sorted_tables[0]
    first.append_column(Column("forgotten", Text))
    Table("forgotten", changed, Column("id", Text, primary_key=True))
    with writing(engine, "test") as connection:
        migrate.upgrade(connection, line)
        found = [change[0] for change in differences(connection, changed)]  # type: ignore[index]
    assert sorted(found) == ["add_column", "add_table"]


@pytest.mark.parametrize("line", TABLES)
def test_on_sqlite_even_the_constraints_are_the_same(tmp_path: Path, line: str) -> None:
    def made(path: Path, make: bool) -> dict[str, str]:
        with writing(file_engine(path), "test") as connection:
            if make:
                TABLES[line].create_all(connection)
            else:
                migrate.upgrade(connection, line)
            query = text("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')")
            found = {str(name): str(sql) for name, sql in connection.execute(query)}
        return {
            name: " ".join(sql.replace('"', "").split())
            for name, sql in found.items()
            if not name.startswith((*BY_HAND, "sqlite_"))
        }

    assert made(tmp_path / "a", make=True) == made(tmp_path / "b", make=False)


def test_the_triggers_are_those_of_the_newest_migration(engine: Engine) -> None:
    with writing(engine, "test") as connection:
        migrate.upgrade(connection, "log")
        if engine.dialect.name == "sqlite":
            query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
            found = tuple(connection.execute(text(query)).scalars())
            assert found == append_only_v1("sqlite")
        else:
            query = (
                "SELECT tgname, tgenabled FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid = to_regclass('events')"
            )
            found = {name: bytes(on) if isinstance(on, bytes) else on
                     for name, on in connection.execute(text(query))}  # fmt: skip
            assert {name: str(on).strip("b'") for name, on in found.items()} == {
                "events_rows": "A",
                "events_whole": "A",
            }


@pytest.mark.parametrize("line", TABLES)
def test_the_newest_revision_is_the_one_the_program_knows(line: str) -> None:
    here = Path(migrate.__file__).parent / "migrations"
    scripts = ScriptDirectory(here, version_locations=[str(here / line)])
    assert scripts.get_heads() == [migrate.LINES[line]]


def test_a_log_of_a_newer_program_is_refused(engine: Engine) -> None:
    SqlLog(engine, replica=REPLICAS[0], clock=TickingClock())
    with writing(engine, "test") as connection:
        connection.execute(text("UPDATE tamis_log_version SET version_num = 'log9999'"))
    with pytest.raises(BadInput, match="newer than this program") as caught:
        SqlLog(engine, replica=REPLICAS[0], clock=TickingClock())
    assert "pip install --upgrade" in caught.value.remedy


def test_an_index_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with Index(tmp_path) as index, writing(index.engine, "test") as connection:
        connection.execute(text("UPDATE tamis_index_version SET version_num = 'index9999'"))
    with pytest.raises(BadInput, match="newer than this program"):
        Index(tmp_path)


def test_every_projection_has_its_table_in_the_schema() -> None:
    assert all(projection.table.metadata is INDEX_TABLES for projection in PROJECTIONS)
