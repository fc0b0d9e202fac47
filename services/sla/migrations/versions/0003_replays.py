"""Replays, and the tickets that they go through, by when they were opened."""

import sqlalchemy as sa
from alembic import op

revision = "sla_0003"
down_revision = "sla_0002"

NEWEST_FIRST = (sa.text("requested_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ticket_opened_at", "ticket", ("opened_at", "id"))
    op.create_table(
        "replay",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False, comment="why it failed"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("policies", sa.Text, nullable=False, comment="what tickets would go by, by name"),
        sa.Column("calendars", sa.Text, nullable=False),
        sa.Column("opened_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_to", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("replay_requested_at", "replay", NEWEST_FIRST)
    op.create_index("replay_status", "replay", ("status", *NEWEST_FIRST))


def downgrade() -> None:
    for table in ("replay", "ticket"):
        op.drop_table(table)
