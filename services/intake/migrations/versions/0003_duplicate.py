"""Which ticket goes on for a duplicate."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0003"
down_revision = "intake_0002"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("duplicate_of", sa.Text, comment="the ticket that goes on for this one"))


def downgrade() -> None:
    op.drop_column("ticket", "duplicate_of")
