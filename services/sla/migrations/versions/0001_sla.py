"""The list of clocks. Their timers are a table of the kernel."""

import sqlalchemy as sa
from alembic import op

revision = "sla_0001"
down_revision = None
branch_labels = ("sla",)
depends_on = "kernel_0001"

NEWEST_FIRST = (sa.text("started_at DESC"), sa.text("id DESC"))
LEFT = sa.text("(target_seconds - counted_seconds)")
OPEN = sa.text("state IN ('running', 'paused')")
AHEAD = sa.text("state IN ('running', 'paused') AND NOT breached")


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False, comment="id/version; the strictest that applies"),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("target_seconds", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_seconds", sa.Double, nullable=False, comment="working time up to state_since"),
        sa.Column("due_at", sa.DateTime(timezone=True), comment="null while paused"),
        sa.Column("no_deadline", sa.Text, comment="why the calendar never comes to one, if so"),
        sa.Column("provisional", sa.Boolean, nullable=False, comment="holidays up to due_at are not all known"),
        sa.Column("breached", sa.Boolean, nullable=False),
        sa.Column("breached_then", sa.Boolean, nullable=False, comment="a breach was told, as things were known then"),
        sa.Column("by_change", sa.Boolean, nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False, comment="of the ticket's clocks"),
        sa.Column("breach_at", sa.DateTime(timezone=True), comment="when a running clock breaches if nothing is heard"),
    )
    op.create_index("clock_started_at", "clock", NEWEST_FIRST)
    for column in ("ticket_id", "state", "metric"):
        op.create_index(f"clock_{column}", "clock", (column, *NEWEST_FIRST))
    op.create_index("clock_due_at", "clock", ("state", "due_at"))
    op.create_index("clock_open", "clock", ("ticket_id",), postgresql_where=OPEN)
    op.create_index("clock_next_breach", "clock", ["breach_at", LEFT, "id"], postgresql_where=AHEAD)


def downgrade() -> None:
    op.drop_table("clock")
