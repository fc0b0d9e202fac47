"""Whose a ticket is, and what other services say about it that decides who looks at it next."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0006"
down_revision = "intake_0005"


def upgrade() -> None:
    op.add_column(
        "ticket",
        sa.Column("owner_id", sa.Text, comment="pseudonym of the one person whom the customer deals with"),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.Text, primary_key=True, comment="the ticket's id"),
        sa.Column("level", sa.Integer),
        sa.Column("clocks", JSONB, nullable=False),
        sa.Column("visits", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), comment="the next deadline of a running clock"),
        sa.Column("breached", sa.Boolean, nullable=False, comment="a deadline of its was missed, and that stands"),
        sa.Column("engineer_id", sa.Text, comment="of the visit that is to come or goes on"),
        sa.Column("last_type", sa.Text, comment="of the event that happened last"),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("last_id", sa.Text),
    )
    op.create_index("queue_engineer_id", "queue", ["engineer_id"], postgresql_where=sa.text("engineer_id IS NOT NULL"))
    op.create_index("queue_stage", "queue", ["stage"], postgresql_where=sa.text("stage IN ('warned', 'breached')"))


def downgrade() -> None:
    op.drop_table("queue")
    op.drop_column("ticket", "owner_id")
