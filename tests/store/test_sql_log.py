"""What the database promises: rows are only appended, whoever tries what."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, text, update
from sqlalchemy.exc import DBAPIError
from tests.store.making import REPLICAS, TickingClock, created, note, vote

from tamis.domain.errors import BadInput, ChainBroken, StorageFailed
from tamis.store import SqlLog
from tamis.store.dialects import writing
from tamis.store.schema import events as table

COLUMNS = "log, chain, seq, hash, prev, header, body, redacted"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLog]:
    url = f"sqlite:///{tmp_path / 'log.sqlite'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with SqlLog(url, replica=REPLICAS[0], clock=TickingClock(), name=str(tmp_path)) as log:
        log.append([created(), vote(1), vote(2), note("a name")])
        yield log


@contextmanager
def unguarded(log: SqlLog) -> Iterator[Engine]:
    """Whoever has the password and another program, with that program's own settings."""
    engine = create_engine(log.engine.url)
    try:
        yield engine
    finally:
        engine.dispose()


CHANGES = {
    "update": "UPDATE events SET header = 'x'",
    "update the hash": "UPDATE events SET hash = 'x' WHERE seq = 1",
    "update the body": "UPDATE events SET body = '{}' WHERE seq = 1",
    "move": "UPDATE events SET seq = seq + 100",
    "empty the body without a reason": "UPDATE events SET body = NULL",
    "redact and change": "UPDATE events SET body = NULL, redacted = 'why', header = 'x'",
    "delete": "DELETE FROM events",
    "delete the last": "DELETE FROM events WHERE seq = 3",
    "insert again": f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events",
    "insert behind a gap": f"INSERT INTO events ({COLUMNS}) SELECT log, chain, seq + 7, hash, prev,"
    " header, body, redacted FROM events",
    "insert with a wrong link": f"INSERT INTO events ({COLUMNS}) SELECT log, chain, 4, hash, 'x',"
    " header, body, redacted FROM events WHERE seq = 3",
    "start a chain anywhere": f"INSERT INTO events ({COLUMNS}) SELECT log, 'p-x.00000001', 2, hash,"
    " prev, header, body, redacted FROM events WHERE seq = 2",
}

BY_DIALECT = {
    "sqlite": {
        "replace": f"INSERT OR REPLACE INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events",
        "replace into": f"REPLACE INTO events ({COLUMNS}) SELECT log, chain, seq, 'x', prev,"
        " header, body, redacted FROM events",
        "ignore": f"INSERT OR IGNORE INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events",
        "upsert": f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events WHERE true"
        " ON CONFLICT DO UPDATE SET header = 'x'",
        "update or replace": "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 2",
    },
    "postgresql": {
        "truncate": "TRUNCATE events",
        "upsert": f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events"
        " ON CONFLICT (log, chain, seq) DO UPDATE SET header = 'x'",
        "past the triggers": "SET LOCAL session_replication_role = replica; DELETE FROM events",
        "merge": "MERGE INTO events USING (SELECT 1) AS one ON seq = 1 WHEN MATCHED THEN DELETE",
    },
}


def refuse(log: SqlLog, statement: str) -> None:
    before = [event.line for event in log.read()]
    with unguarded(log) as engine, engine.connect() as connection:
        with pytest.raises(DBAPIError, match=r"events are|UNIQUE|duplicate"):
            connection.execute(text(statement))
        connection.rollback()
    assert [event.line for event in log.read()] == before
    assert log.verify() == ()


@pytest.mark.parametrize("change", CHANGES)
def test_no_statement_changes_what_was_written(log: SqlLog, change: str) -> None:
    refuse(log, CHANGES[change])


def test_no_statement_of_this_database_does_either(log: SqlLog) -> None:
    for statement in BY_DIALECT[log.engine.dialect.name].values():
        refuse(log, statement)


def test_the_narrow_path_of_a_redaction(log: SqlLog) -> None:
    """Body away, reason given, all else the same; and verification asks who said so."""
    with unguarded(log) as engine, engine.begin() as connection:
        connection.execute(
            update(table)
            .where(table.c.log == log.name, table.c.seq == 3)
            .values(body=None, redacted='"why"')
        )
    assert [event.redacted for event in log.read() if event.body is None] == ["why"]
    assert [finding.rule for finding in log.verify()] == ["redacted-without-event"]


def test_a_row_that_the_owner_of_the_table_altered_is_found(log: SqlLog) -> None:
    """Who owns the table can drop the triggers; the hashes still tell."""
    drop = {
        "sqlite": ["DROP TRIGGER events_redact"],
        "postgresql": ["ALTER TABLE events DISABLE TRIGGER events_rows"],
    }[log.engine.dialect.name]
    mend = {"sqlite": [], "postgresql": ["ALTER TABLE events ENABLE ALWAYS TRIGGER events_rows"]}
    with unguarded(log) as engine, engine.begin() as connection:
        for statement in drop:
            connection.execute(text(statement))
        body = table.c.body
        connection.execute(
            update(table)
            .where(table.c.log == log.name, table.c.seq == 2)
            .where(table.c.chain.like("p-rev-a.%"))
            .values(body=text("replace(body, 'include', 'exclude')"))
        )
        assert body is not None
        for statement in mend[log.engine.dialect.name]:
            connection.execute(text(statement))
    with pytest.raises(ChainBroken, match="body of this event was changed"):
        list(log.read())
    (finding,) = [f for f in log.verify() if f.rule == "chain-broken"]
    assert finding.subject.endswith("p-rev-a.9f3c12ab:2")


def test_what_the_triggers_say_reaches_the_person(log: SqlLog) -> None:
    row = {"log": log.name, "chain": "p-x.00000001", "seq": 9, "hash": "x", "prev": "x"}
    row |= {"header": "{}", "body": "{}", "redacted": ""}

    def write() -> None:
        with writing(log.engine, log.name) as connection:
            connection.execute(insert(table), row)

    with pytest.raises(ChainBroken, match="events are only appended"):
        write()


def test_writers_at_the_same_time_make_one_chain_without_gap(log: SqlLog) -> None:
    errors: list[BaseException] = []

    def write(replica: str) -> None:
        try:
            with SqlLog(
                log.engine.url, replica=replica, clock=TickingClock(), name=log.name
            ) as own:
                for n in range(8):
                    own.append([vote(n, actor="p-rev-b"), vote(n, actor="p-rev-c")])
        except BaseException as error:  # noqa: BLE001 (a thread has nobody to raise it to)
            errors.append(error)

    replicas = [REPLICAS[0], REPLICAS[0], REPLICAS[1]]
    threads = [threading.Thread(target=write, args=[replica]) for replica in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert log.heads()["p-rev-b.9f3c12ab"][0] == 16
    assert log.heads()["p-rev-c.77aa01cd"][0] == 8
    assert log.verify() == ()


def test_reviews_in_one_database_know_nothing_of_each_other(log: SqlLog) -> None:
    other = SqlLog(log.engine, replica=REPLICAS[0], clock=TickingClock(), name=f"{log.name} 2")
    other.append([created()])
    assert [event.id for event in other.read()] == ["p-chair.9f3c12ab/1"]
    assert len(list(log.read())) == 4


def test_addresses_that_are_none() -> None:
    for url in ["nonsense", "mysql://x/y", "nosuch://x/y", "oracle://x"]:
        with pytest.raises(BadInput):
            SqlLog(url, replica=REPLICAS[0], clock=TickingClock())


def test_a_server_that_cannot_be_reached() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"
    with pytest.raises(StorageFailed, match="check that it runs"):
        SqlLog(url, replica=REPLICAS[0], clock=TickingClock())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_bytes(b"not at all " * 200)
    with pytest.raises(ChainBroken, match="no database"):
        SqlLog(f"sqlite:///{path}", replica=REPLICAS[0], clock=TickingClock())
    assert path.read_bytes() == b"not at all " * 200


def test_sqlite_is_set_up_to_keep_its_word(tmp_path: Path) -> None:
    with SqlLog(
        f"sqlite:///{tmp_path / 'log.sqlite'}", replica=REPLICAS[0], clock=TickingClock()
    ) as log:
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "recursive_triggers": 1,
            "secure_delete": 1,
        }
        with log.engine.connect() as connection:
            for pragma, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_redacted_body_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with SqlLog(f"sqlite:///{path}", replica=REPLICAS[0], clock=TickingClock()) as log:
        log.append([note("Dr Unmistakable")])
        log.redact("p-rev-a.9f3c12ab/1", why="names a person", by="p-chair")
        with log.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    found = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert b"Unmistakable" not in found
