"""Filters of the queue that colleagues of a role see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0018"
down_revision = "intake_0017"

NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "shared_filter",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, nullable=False, comment="pseudonym of who keeps it"),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("name_id", sa.Text, nullable=False, comment="a text about who keeps it"),
        sa.Column("filter", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when it was saved last"),
    )
    op.create_index("shared_filter_opened_at", "shared_filter", NEWEST_FIRST)
    op.create_index("shared_filter_role", "shared_filter", ("role", *NEWEST_FIRST))


def downgrade() -> None:
    op.drop_table("shared_filter")
