"""The projection of settled appraisals; what was projected before is made anew with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "index0002"
down_revision = "index0001"
branch_labels = None
depends_on = None

COLUMNS = (
    "tool", "version", "result", "question", "settles", "by", "answer", "support", "anchor",
    "judgement", "reason", "at",
)  # fmt: skip


def upgrade() -> None:
    """Make the table, and have every projection filled again."""
    columns = (sa.Column(name, sa.Text, nullable=False) for name in COLUMNS)
    op.create_table(
        "appraisal_settlements",
        sa.Column("event", sa.Text, primary_key=True, nullable=False, autoincrement=False),
        *columns,
    )
    op.execute("DELETE FROM projected")
    op.execute("DELETE FROM awaited")
