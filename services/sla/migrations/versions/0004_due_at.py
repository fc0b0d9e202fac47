"""Clocks by deadline, those without one at the end; what the index by state and deadline was for, these do."""

import sqlalchemy as sa
from alembic import op

revision = "sla_0004"
down_revision = "sla_0003"

DUE = sa.text("coalesce(due_at, 'infinity'::timestamptz)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("clock_by_due_at", if_exists=True, postgresql_concurrently=True)
        op.create_index("clock_by_due_at", "clock", (DUE, "id"), if_not_exists=True, postgresql_concurrently=True)
        op.drop_index("clock_open_by_due_at", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "clock_open_by_due_at",
            "clock",
            (DUE, "id"),
            postgresql_where=sa.text("state IN ('running', 'paused')"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.drop_index("clock_due_at", if_exists=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("clock_due_at", "clock", ["state", "due_at"], postgresql_concurrently=True)
        op.drop_index("clock_by_due_at", postgresql_concurrently=True)
        op.drop_index("clock_open_by_due_at", postgresql_concurrently=True)
