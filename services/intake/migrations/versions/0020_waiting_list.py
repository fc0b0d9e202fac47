"""The tickets of a team and those that wait, newest first, and when those that are closed were."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0020"
down_revision = "intake_0019"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name in ("team", "waits_for"):
            op.drop_index(f"ticket_{name}", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                f"ticket_{name}",
                "ticket",
                [name, sa.text("opened_at DESC"), sa.text("id DESC")],
                postgresql_where=sa.text(f"{name} IS NOT NULL"),
                if_not_exists=True,
                postgresql_concurrently=True,
            )
        op.drop_index("ticket_closed_at", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ticket_closed_at",
            "ticket",
            ["closed_at"],
            postgresql_where=sa.text("status = 'closed'"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ticket_closed_at", postgresql_concurrently=True)
        for name in ("team", "waits_for"):
            op.drop_index(f"ticket_{name}", postgresql_concurrently=True)
