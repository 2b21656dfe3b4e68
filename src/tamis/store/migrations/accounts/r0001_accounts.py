"""People, their roles, invitations, sessions, tokens, and failed attempts to log in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "accounts0001"
down_revision = None
branch_labels = None
depends_on = None

#: Read aloud: table, its columns (``!`` marks the key, ``#`` a whole number, ``?`` an index).
TABLES = {
    "account_people": "slug! name password created disabled",
    "account_memberships": "person! review!? role since",
    "account_invitations": "token! review role person by created expires used used_by",
    "account_sessions": "token! person? created seen expires agent",
    "account_tokens": "token! person? name created expires used scopes",
    "account_attempts": "subject! failures# last",
}


def upgrade() -> None:
    """Make the tables."""
    for table, told in TABLES.items():
        columns = [_column(name) for name in told.split()]
        op.create_table(table, *columns)
        for name in told.split():
            if "?" in name:
                column = name.rstrip("!#?")
                op.create_index(f"ix_{table}_{column}", table, [column])


def _column(told: str) -> sa.Column[object]:
    return sa.Column(
        told.rstrip("!#?"),
        sa.Integer if "#" in told else sa.Text,
        primary_key="!" in told,
        nullable=False,
        autoincrement=False,
    )
