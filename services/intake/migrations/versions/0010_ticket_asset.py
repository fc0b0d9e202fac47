"""The asset that a ticket is about."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0010"
down_revision = "intake_0009"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("asset_id", sa.Text, comment="the asset that it is about, if one was named"))
    op.add_column("ticket", sa.Column("part_id", sa.Text, comment="the component of the asset"))


def downgrade() -> None:
    op.drop_column("ticket", "part_id")
    op.drop_column("ticket", "asset_id")
