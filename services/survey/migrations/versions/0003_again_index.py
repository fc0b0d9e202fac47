"""Callbacks by when to call."""

import sqlalchemy as sa
from alembic import op

revision = "survey_0003"
down_revision = "survey_0002"

NAME, TABLE = "callback_status_by_again_at", "callback"
DUE = sa.text("coalesce(again_at, opened_at)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, TABLE, if_exists=True, postgresql_concurrently=True)
        op.create_index(NAME, TABLE, ("status", DUE, "id"), if_not_exists=True, postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
