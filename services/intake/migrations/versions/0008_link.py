"""Customers' links, found by the hash of their tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0008"
down_revision = "intake_0007"

NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, comment="what it answers, of the service that asks"),
        sa.Column("token_hash", sa.Text, nullable=False, comment="SHA-256 of the token, in hex"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_left", sa.Integer),
        sa.Column("answers", JSONB, nullable=False, comment="ids of the answers that it took"),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("link_opened_at", "link", NEWEST_FIRST)
    op.create_index("link_ticket_id", "link", ("ticket_id", *NEWEST_FIRST))
    op.create_index("link_token_hash", "link", ["token_hash"], unique=True)


def downgrade() -> None:
    op.drop_table("link")
