"""The index: lines that were proven, how far each chain was read, and the first projections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from tamis.store.dialects import text_index_v1

revision = "index0001"
down_revision = None
branch_labels = None
depends_on = None

#: Table to its columns: ``*`` marks a key, ``:int`` a whole number; the rest is text.
TABLES: Mapping[str, str] = {
    "lines": "*chain *seq:int hash line",
    "marks": "*chain seq:int hash length:int prefix stamp",
    "projected": "*chain seq:int latest",
    "corpus_files": "*sha256 parser name format database encoding repaired refused",
    "corpus_records": "*id sha256 position:int record",
    "awaited": "*event",
    "review": "*id title created_at",
    "amendments": "*event file sha256 text reason at",
    "members": "*member roles",
    "searched": "*source body",
    "batches": "source file *sha256 format records:int at event",
    "engine_runs": "*event engine version settings inputs output stage at",
    "pairs": "*a *b decision rule",
    "votes": "*event stage records reviewer decision reason criteria at",
    "settlements": "*event stage records settles decision reason by at",
    "links": "event study *report records label design role kind",
    "documents": "*event report sha256 file pages:int",
    "values": "*event id study outcome visit arm estimand definition n:int statistic extractor"
    " note printed unit denominator status anchor_kind anchor",
    "appraisals": "*event tool version result assessor question answer support anchor judgement"
    " reason",
    "certainty": "event outcome *body *domain change:int reason by at",
    "notes": "*event topic subject fields by at",
    "seals": "*event heads",
    "redactions": "*event why",
    "superseded": "*event",
    "heads": "*chain seq:int hash",
}


def upgrade() -> None:
    """Make the tables."""
    for table, columns in TABLES.items():
        op.create_table(table, *(_column(told) for told in columns.split()))
    op.create_index("ix_corpus_records_sha256", "corpus_records", ["sha256"])
    connection = op.get_bind()
    for statement in text_index_v1(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _column(told: str) -> sa.Column[Any]:
    name, _, whole = told.removeprefix("*").partition(":")
    kind: Any = sa.Integer if whole else sa.Text
    key = told.startswith("*")
    return sa.Column(name, kind, primary_key=key, nullable=False, autoincrement=False)
