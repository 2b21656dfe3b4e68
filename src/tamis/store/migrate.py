"""Bring a database to the newest revision; refuse one that a newer program made."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select

from tamis.domain.errors import BadInput
from tamis.store.account_tables import ACCOUNTS_REVISION
from tamis.store.schema import INDEX_REVISION, LOG_REVISION

__all__ = ["LINES", "current", "upgrade"]

#: The lines of migrations: name to newest revision.
LINES = {"log": LOG_REVISION, "index": INDEX_REVISION, "accounts": ACCOUNTS_REVISION}

_HERE = Path(__file__).parent / "migrations"


def current(connection: Connection, line: str) -> str | None:
    """Return the revision of a database, or ``None`` when it holds no such tables."""
    version = Table(_version_table(line), MetaData(), Column("version_num", Text))
    if not inspect(connection).has_table(version.name):
        return None
    revision: str | None = connection.execute(select(version.c.version_num)).scalar()
    return revision


def upgrade(connection: Connection, line: str) -> Collection[str]:
    """Run the migrations that a database lacks, in the caller's transaction; returns their names.

    Raises
    ------
    BadInput
        When the database was made by a newer program.
    """
    revision = current(connection, line)
    if revision == LINES[line]:
        return ()
    return _upgrade(connection, line, revision)


def _upgrade(connection: Connection, line: str, revision: str | None) -> Collection[str]:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(_HERE, version_locations=[str(_HERE / line)])
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in known:
        raise BadInput(
            f"this database has the schema {revision}, which is newer than this program",
            "update Tamis: pip install --upgrade tamis",
        )
    context = MigrationContext.configure(connection, opts={"version_table": _version_table(line)})
    missing = list(scripts.iterate_revisions("heads", revision or "base"))[::-1]
    with Operations.context(context):
        for script in missing:
            script.module.upgrade()
            context.stamp(scripts, script.revision)
    return [script.revision for script in missing]


def _version_table(line: str) -> str:
    return f"tamis_{line}_version"
