"""The tickets that were merged into one."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0014"
down_revision = "intake_0013"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_duplicate_of", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_duplicate_of",
            "ticket",
            ["duplicate_of"],
            postgresql_where=sa.text("duplicate_of IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_duplicate_of", postgresql_concurrently=True)
