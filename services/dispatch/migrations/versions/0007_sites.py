"""Where a visit is, if the ticket names a site of the customer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "dispatch_0007"
down_revision = "dispatch_0006"


def upgrade() -> None:
    op.add_column("work_order", sa.Column("site_id", sa.Text, comment="the customer's site that the ticket names"))
    op.add_column("contact", sa.Column("sites", JSONB, comment="name and address by the site's id"))


def downgrade() -> None:
    op.drop_column("contact", "sites")
    op.drop_column("work_order", "site_id")
