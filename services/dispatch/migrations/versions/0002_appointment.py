"""Work orders by when the visit begins, agreed or else offered."""

import sqlalchemy as sa
from alembic import op

revision = "dispatch_0002"
down_revision = "dispatch_0001"

APPOINTMENT = sa.text("coalesce(agreed_start, offered_start, 'infinity'::timestamptz)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("work_order_by_agreed_start", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "work_order_by_agreed_start",
            "work_order",
            (APPOINTMENT, "id"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.drop_index("work_order_engineer_id_by_agreed_start", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "work_order_engineer_id_by_agreed_start",
            "work_order",
            ("engineer_id", APPOINTMENT, "id"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.drop_index("work_order_open_by_agreed_start", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "work_order_open_by_agreed_start",
            "work_order",
            (APPOINTMENT, "id"),
            postgresql_where=sa.text("status IN ('created', 'assigned', 'travelling', 'on_site')"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("work_order_by_agreed_start", postgresql_concurrently=True)
        op.drop_index("work_order_engineer_id_by_agreed_start", postgresql_concurrently=True)
        op.drop_index("work_order_open_by_agreed_start", postgresql_concurrently=True)
