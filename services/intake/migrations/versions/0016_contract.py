"""The tickets that name a contract by its number, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0016"
down_revision = "intake_0015"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_contract", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_contract",
            "ticket",
            ["contract", sa.text("opened_at DESC"), sa.text("id DESC")],
            postgresql_where=sa.text("contract IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_contract", postgresql_concurrently=True)
