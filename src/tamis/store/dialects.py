"""Everything that SQLite and PostgreSQL do differently: transactions, locks, triggers, errors.

The other modules of this room speak SQLAlchemy Core and ask here for the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, TextClause, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, StaticPool

from tamis.domain.errors import (
    BadInput,
    ChainBroken,
    Conflict,
    MissingExtra,
    StorageFailed,
    TamisError,
)
from tamis.store.words import Term

__all__ = [
    "add_texts",
    "append_only_v1",
    "clear_texts",
    "explain",
    "file_engine",
    "find_texts",
    "is_damaged",
    "keep_private",
    "memory_engine",
    "open_engine",
    "reading",
    "text_index_v1",
    "writing",
]

#: How long a writer waits for another one before it says so (milliseconds).
PATIENCE = 30_000

#: Read aloud: setting of an SQLite connection, and why.
_PRAGMAS: Mapping[str, str] = {
    "busy_timeout": str(PATIENCE),
    "journal_mode": "WAL",  # readers never wait for the writer
    "synchronous": "FULL",  # in WAL the default may lose acknowledged commits in a power cut
    "recursive_triggers": "ON",  # else INSERT OR REPLACE deletes rows past the triggers
    "secure_delete": "ON",  # a redacted body must not stay in the file
}


def open_engine(url: str | URL | Engine) -> Engine:
    """Return an engine for a database, set up as the log needs it.

    Raises
    ------
    BadInput
        When the address is none, or names another database than SQLite or PostgreSQL.
    MissingExtra
        When the driver for PostgreSQL is not installed.
    """
    if isinstance(url, Engine):
        return _prepare(url)
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in _KNOWN:
            raise _stranger(parsed.get_backend_name())
        return _prepare(create_engine(parsed))
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadInput(
            "this is no address of a database",
            "write postgresql://user@host/name or sqlite:///file",
        ) from error
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"the driver for this database ({error.name}) is not installed",
            "pip install 'tamis[pg]'",
        ) from error


def keep_private(engine: Engine) -> None:
    """Let nobody else on this machine read the file of a database: it holds hashes of passwords."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and name != ":memory:":
        path = Path(name)
        path.touch(mode=0o600)
        path.chmod(0o600)


def file_engine(path: Path) -> Engine:
    """Return an engine for an SQLite file that keeps no connection open."""
    return _prepare(create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool))


def memory_engine() -> Engine:
    """Return an engine for a database that lives as long as the engine, in memory."""
    return _prepare(
        create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    )


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """Open a transaction in which nobody else writes to the log of that name.

    It is durable when the block is left without an error.

    Raises
    ------
    Conflict
        When another process does not stop writing.
    StorageFailed
        When the database refuses.
    """
    try:
        with (
            engine.connect().execution_options(tamis_begin="IMMEDIATE") as connection,
            connection.begin(),
        ):
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE}"))
                connection.execute(text("SET LOCAL synchronous_commit = on"))
                key = {"key": _lock_key(name)}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
            yield connection
    except DBAPIError as error:
        raise explain(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees the database as it is at one moment."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise explain(error) from error


def explain(error: DBAPIError) -> TamisError:
    """Return what a database error means to a person, and what to do."""
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    state = str(getattr(error.orig, "sqlstate", "") or "")
    for sign, (kind, problem, remedy) in _MEANINGS.items():
        if sign == state or sign in said:
            return kind(f"{problem} ({said})", remedy)
    if isinstance(error, IntegrityError):
        return Conflict(f"somebody else wrote first ({said})", "run the command again")
    return StorageFailed(
        f"the database refused ({said})", "check that it runs and can be reached, then run again"
    )


#: Read aloud: what the database says (text or SQLSTATE), what it means, what to do.
_MEANINGS: Mapping[str, tuple[type[TamisError], str, str]] = {
    "events are": (ChainBroken, "the log refuses this", "events are never edited or removed"),
    "TA001": (ChainBroken, "the log refuses this", "events are never edited or removed"),
    "database is locked": (
        Conflict, "another process is writing", "wait until it has ended and run again"),
    "55P03": (Conflict, "another process is writing", "wait until it has ended and run again"),
    "40001": (Conflict, "another process wrote at the same time", "run the command again"),
    "disk is full": (StorageFailed, "the disk is full", "free some space and run again"),
    "53100": (StorageFailed, "the server's disk is full", "free some space there and run again"),
    "readonly database": (
        StorageFailed, "the database cannot be written", "copy it to a folder of your own"),
    "25006": (
        StorageFailed, "the database cannot be written", "connect to the primary server"),
    "42501": (
        StorageFailed, "this user may not do that", "ask for the right to insert into 'events'"),
    "not a database": (
        ChainBroken, "this file is no database", "restore it; one under .tamis may be deleted"),
    "malformed": (
        ChainBroken, "this database is damaged", "restore it; one under .tamis may be deleted"),
}  # fmt: skip


def is_damaged(error: TamisError) -> bool:
    """Tell whether an error says that the file is no sound database."""
    return any(sign in str(error.__cause__) for sign in _DAMAGED)


_DAMAGED = ("not a database", "malformed")


def _prepare(engine: Engine) -> Engine:
    name = engine.dialect.name
    if name not in _KNOWN:
        raise _stranger(name)
    if name == "sqlite" and not event.contains(engine, "connect", _on_connect):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        engine.dispose()
    return engine


_KNOWN = ("sqlite", "postgresql")


def _stranger(name: str) -> BadInput:
    return BadInput(f"the database {name} is not known here", "use PostgreSQL or SQLite")


def _on_connect(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transaction: _on_begin does
    cursor = connection.cursor()
    for pragma, value in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {pragma} = {value}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """Begin at once: the driver alone would begin at the first change, behind the first read."""
    mode = connection.get_execution_options().get("tamis_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _lock_key(name: str) -> int:
    digest = hashlib.sha256(f"tamis log {name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def append_only_v1(dialect: str) -> tuple[str, ...]:
    """Return the statements that make ``events`` append-only, as migration ``log0001`` needs them.

    What may happen to a row: it is inserted right behind the newest one of its chain, and later
    its body may go, with a reason. Nothing else.
    """
    return _SQLITE_V1 if dialect == "sqlite" else _POSTGRES_V1


_KEPT = ("log", "chain", "seq", "hash", "prev", "header")
_SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in _KEPT)
_FOLLOWS = """
    NEW.seq = 1 + coalesce(
        (SELECT max(seq) FROM events WHERE log = NEW.log AND chain = NEW.chain), 0)
    AND NEW.prev = coalesce(
        (SELECT hash FROM events
         WHERE log = NEW.log AND chain = NEW.chain AND seq = NEW.seq - 1),
        '0000000000000000000000000000000000000000000000000000000000000000')
"""

_SQLITE_V1 = (
    f"""CREATE TRIGGER events_append BEFORE INSERT ON events WHEN NOT ({_FOLLOWS})
    BEGIN SELECT RAISE(ABORT, 'events are only appended'); END""",
    """CREATE TRIGGER events_keep BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
    f"""CREATE TRIGGER events_redact BEFORE UPDATE ON events
    WHEN NOT (NEW.body IS NULL AND NEW.redacted <> '' AND {_SAME})
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
)

_POSTGRES_V1 = (
    f"""CREATE FUNCTION events_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF {_FOLLOWS} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'events are only appended' USING ERRCODE = 'TA001';
        ELSIF TG_OP = 'UPDATE' THEN
            IF NEW.body IS NULL AND NEW.redacted <> '' AND {_SAME} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'TA001';
        END IF;
        RAISE EXCEPTION 'events are never deleted' USING ERRCODE = 'TA001';
    END $$""",
    """CREATE TRIGGER events_rows BEFORE INSERT OR UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_guard()""",
    """CREATE TRIGGER events_whole BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_guard()""",
    # else a session in replica mode would pass by
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_rows",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_whole",
)


def text_index_v1(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the index of words, as migration ``index0001`` needs them."""
    if dialect == "sqlite":
        return ("CREATE VIRTUAL TABLE corpus_text USING fts5(id UNINDEXED, words)",)
    return (
        "CREATE TABLE corpus_text (id text PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX corpus_text_words ON corpus_text USING gin (words)",
    )


def add_texts(connection: Connection, texts: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Index the words of some records by record id."""
    rows = [{"id": name, "words": _stored(connection, words)} for name, words in texts]
    if rows:
        connection.execute(_by_dialect(connection, _ADD), rows)


def clear_texts(connection: Connection, ids: Sequence[str] | None = None) -> None:
    """Forget the words of some records, or of all."""
    if ids is None:
        connection.execute(text("DELETE FROM corpus_text"))
    elif ids:
        rows = [{"id": name} for name in ids]
        connection.execute(text("DELETE FROM corpus_text WHERE id = :id"), rows)


def find_texts(connection: Connection, terms: Sequence[Term]) -> Iterator[str]:
    """Yield the ids of the records that hold every term."""
    if connection.dialect.name == "sqlite":
        asked = " AND ".join(
            f'"{" ".join(term.words)}"{" *" if term.prefix else ""}' for term in terms
        )
    else:
        asked = " & ".join(
            f"""({" <-> ".join(f"'{word}'" for word in term.words)}{":*" if term.prefix else ""})"""
            for term in terms
        )
    yield from connection.execute(_by_dialect(connection, _FIND), {"asked": asked}).scalars()


def _stored(connection: Connection, words: Sequence[str]) -> str:
    if connection.dialect.name == "sqlite":
        return " ".join(words)
    places = enumerate(words, start=1)
    return " ".join(f"'{word}':{min(place, _LAST_PLACE)}" for place, word in places)


#: PostgreSQL numbers the places of words up to here.
_LAST_PLACE = 16383

_ADD = {
    "sqlite": "INSERT INTO corpus_text (id, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO corpus_text (id, words) VALUES (:id, CAST(:words AS tsvector))",
}
_FIND = {
    "sqlite": "SELECT id FROM corpus_text WHERE corpus_text MATCH :asked",
    "postgresql": "SELECT id FROM corpus_text WHERE words @@ CAST(:asked AS tsquery)",
}


def _by_dialect(connection: Connection, statements: Mapping[str, str]) -> TextClause:
    return text(statements[connection.dialect.name])
