"""When a customer is to be called again."""

import sqlalchemy as sa
from alembic import op

revision = "survey_0002"
down_revision = "survey_0001"


def upgrade() -> None:
    op.add_column(
        "callback",
        sa.Column("again_at", sa.DateTime(timezone=True), comment="when to call again, as agreed at the last call"),
    )


def downgrade() -> None:
    op.drop_column("callback", "again_at")
