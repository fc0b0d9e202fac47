"""Whom a customer knows: work orders by customer."""

from alembic import op

revision = "dispatch_0003"
down_revision = "dispatch_0002"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("work_order_customer_id", "work_order", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "work_order_customer_id", "work_order", ["customer_id"], if_not_exists=True, postgresql_concurrently=True
        )


def downgrade() -> None:
    op.drop_index("work_order_customer_id", "work_order")
