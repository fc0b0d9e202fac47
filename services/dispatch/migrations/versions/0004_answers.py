"""What engineers say to a visit: taken or declined, the customer rung, conduct kept, ended without completion."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "dispatch_0004"
down_revision = "dispatch_0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "work_order",
        sa.Column("crew_confirmed_at", INSTANT, comment="when the engineer took the visit"),
    )
    op.add_column("work_order", sa.Column("decline_reason", sa.Text))
    op.add_column("work_order", sa.Column("decline_note_id", sa.Text, comment="a text"))
    op.add_column(
        "work_order",
        sa.Column("called_at", INSTANT, comment="when the engineer last rang the customer"),
    )
    op.add_column("work_order", sa.Column("call_outcome", sa.Text))
    op.add_column("work_order", sa.Column("call_note_id", sa.Text, comment="a text"))
    op.add_column("work_order", sa.Column("failure_reason", sa.Text))
    op.add_column("work_order", sa.Column("next_step", sa.Text))
    op.add_column("work_order", sa.Column("failure_note_id", sa.Text, comment="a text"))
    op.add_column("work_order", sa.Column("next_work_order_id", sa.Text))
    op.add_column("work_order", sa.Column("conduct", JSONB, comment="what of the code of conduct was kept"))
    op.add_column("work_order", sa.Column("follows", sa.Text, comment="the failed visit before it"))
    op.add_column("work_order", sa.Column("awaits", sa.Text, comment="what that one said was next"))


def downgrade() -> None:
    for column in (
        "awaits",
        "follows",
        "conduct",
        "next_work_order_id",
        "failure_note_id",
        "next_step",
        "failure_reason",
        "call_note_id",
        "call_outcome",
        "called_at",
        "decline_note_id",
        "decline_reason",
        "crew_confirmed_at",
    ):
        op.drop_column("work_order", column)
