"""Where a ticket's work is to be done: region, contract, time zone."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0002"
down_revision = "intake_0001"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("region", sa.Text))
    op.add_column("ticket", sa.Column("contract", sa.Text, comment="its number as the customer has it"))
    op.add_column("ticket", sa.Column("timezone", sa.Text, comment="the site's IANA zone"))


def downgrade() -> None:
    for column in ("timezone", "contract", "region"):
        op.drop_column("ticket", column)
