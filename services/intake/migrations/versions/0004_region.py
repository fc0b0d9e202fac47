"""Tickets by region, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0004"
down_revision = "intake_0003"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_region", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_region",
            "ticket",
            ("region", sa.text("opened_at DESC"), sa.text("id DESC")),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_region", postgresql_concurrently=True)
