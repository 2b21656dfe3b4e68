"""The tables: the event log of a server, and the index of a review folder.

What stands here is what the newest migrations make; a test compares the two. Projections are in
``projections``, beside the code that fills them.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, Text

__all__ = [
    "INDEX_REVISION",
    "INDEX_TABLES",
    "LOG_REVISION",
    "LOG_TABLES",
    "awaited",
    "corpus_files",
    "corpus_records",
    "events",
    "lines",
    "marks",
    "projected",
]

#: The newest revision of each line of migrations (``migrations/log``, ``migrations/index``).
LOG_REVISION = "log0001"
INDEX_REVISION = "index0002"

LOG_TABLES = MetaData()
INDEX_TABLES = MetaData()

#: One row an event. ``header``, ``body`` and ``redacted`` are texts of its line, as JSON writes
#: them; ``body`` is null when it was redacted. Several reviews share a server: ``log`` names one.
events = Table(
    "events",
    LOG_TABLES,
    Column("log", Text, primary_key=True),
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("body", Text),
    Column("redacted", Text, nullable=False, server_default=""),
    CheckConstraint("seq > 0", name="events_seq"),
    CheckConstraint("(body IS NULL) = (redacted <> '')", name="events_redacted"),
)

#: The lines that were read and proven, as the log holds them.
lines = Table(
    "lines",
    INDEX_TABLES,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("line", Text, nullable=False),
)

#: How far each chain was read (``following.Mark``).
marks = Table(
    "marks",
    INDEX_TABLES,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("stamp", Text, nullable=False),
)

#: Import files that were parsed, by which parser, and what it had to mend or refuse.
corpus_files = Table(
    "corpus_files",
    INDEX_TABLES,
    Column("sha256", Text, primary_key=True),
    Column("parser", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("database", Text, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("repaired", Text, nullable=False),
    Column("refused", Text, nullable=False),
)

#: Their records; the index of their words (``corpus_text``) is made by ``dialects``.
corpus_records = Table(
    "corpus_records",
    INDEX_TABLES,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("record", Text, nullable=False),
)

#: How far each chain went into the projections, and the moment of its latest event there.
projected = Table(
    "projected",
    INDEX_TABLES,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("latest", Text, nullable=False),
)

#: Events that others name and that the log has not (yet): a later merge may bring them.
awaited = Table("awaited", INDEX_TABLES, Column("event", Text, primary_key=True))
