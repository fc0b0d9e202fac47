"""An event is parked once for a consumer."""

from alembic import op

revision = "kernel_0003"
down_revision = "kernel_0002"
branch_labels = None
depends_on = None

DOUBLES = """
DELETE FROM parked AS again USING parked AS first
WHERE again.consumer = first.consumer AND again.event_id = first.event_id AND again.id > first.id
"""


def upgrade() -> None:
    op.execute(DOUBLES)
    with op.get_context().autocommit_block():
        op.drop_index("parked_consumer_event_id", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "parked_consumer_event_id",
            "parked",
            ["consumer", "event_id"],
            unique=True,
            if_not_exists=True,  # kernel_0001 makes what the release that runs it declares
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("parked_consumer_event_id", if_exists=True, postgresql_concurrently=True)
