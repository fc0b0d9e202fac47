"""When each running clock breaches if nothing is heard before, and the order in which open clocks will."""

import sqlalchemy as sa
from alembic import op

revision = "sla_0004"
down_revision = "sla_0003"
branch_labels = None
depends_on = None

LEFT = sa.text("(target_seconds - counted_seconds)")
AHEAD = sa.text("state IN ('running', 'paused') AND NOT breached")


def upgrade() -> None:
    comment = "when a running clock breaches if nothing is heard"
    op.add_column("clock", sa.Column("breach_at", sa.DateTime(timezone=True), comment=comment))
    op.create_index("clock_next_breach", "clock", ["breach_at", LEFT, "id"], postgresql_where=AHEAD)


def downgrade() -> None:
    op.drop_index("clock_next_breach", "clock")
    op.drop_column("clock", "breach_at")
