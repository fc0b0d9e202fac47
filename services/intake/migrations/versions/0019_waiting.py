"""Whom a ticket waits for, and its team."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0019"
down_revision = "intake_0018"


def upgrade() -> None:
    looks = "when somebody looks at a ticket that waits"
    op.add_column("ticket", sa.Column("team", sa.Text, comment="by its name"))
    op.add_column("ticket", sa.Column("waits_for", sa.Text))
    op.add_column("ticket", sa.Column("wait_reason_id", sa.Text, comment="a text: why it waits"))
    op.add_column("ticket", sa.Column("look_again_at", sa.DateTime(timezone=True), comment=looks))


def downgrade() -> None:
    for name in ("look_again_at", "wait_reason_id", "waits_for", "team"):
        op.drop_column("ticket", name)
