"""The tickets about an asset, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0011"
down_revision = "intake_0010"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_asset_id", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_asset_id",
            "ticket",
            ["asset_id", sa.text("opened_at DESC"), sa.text("id DESC")],
            postgresql_where=sa.text("asset_id IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_asset_id", postgresql_concurrently=True)
