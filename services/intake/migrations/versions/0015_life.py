"""When a ticket was closed, and which one it follows."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0015"
down_revision = "intake_0014"


def upgrade() -> None:
    follows = "the customer's ticket that ended before and that this one follows"
    op.add_column("ticket", sa.Column("follows", sa.Text, comment=follows))
    op.add_column("ticket", sa.Column("closed_at", sa.DateTime(timezone=True), comment="while it is closed"))


def downgrade() -> None:
    op.drop_column("ticket", "closed_at")
    op.drop_column("ticket", "follows")
