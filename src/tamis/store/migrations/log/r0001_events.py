"""The event log: one row an event, appended and never changed but for a redaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tamis.store.dialects import append_only_v1

revision = "log0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and what guards it."""
    op.create_table(
        "events",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("prev", sa.Text, nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("redacted", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("seq > 0", name="events_seq"),
        sa.CheckConstraint("(body IS NULL) = (redacted <> '')", name="events_redacted"),
    )
    connection = op.get_bind()
    for statement in append_only_v1(connection.dialect.name):
        connection.exec_driver_sql(statement)
