"""The tickets of an owner, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0007"
down_revision = "intake_0006"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_owner_id", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_owner_id",
            "ticket",
            ["owner_id", sa.text("opened_at DESC"), sa.text("id DESC")],
            postgresql_where=sa.text("owner_id IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_owner_id", postgresql_concurrently=True)
