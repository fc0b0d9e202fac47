"""Policies and shared calendars as published versions, and the orders to work open tickets out again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "sla_0002"
down_revision = "sla_0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))
NEWEST_JOB_FIRST = (sa.text("requested_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "rule",
        sa.Column("id", sa.Text, primary_key=True, comment="kind/id"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False, comment="the id within its kind"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", JSONB, comment="of the draft, or of what was published last; null: of what ships"),
        sa.Column("number", sa.Integer, nullable=False, comment="published last; 0: none since what ships"),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("draft", JSONB),
        sa.Column("drafted_by", sa.Text),
        sa.Column("drafted_at", INSTANT),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", INSTANT),
        sa.Column("published_by", sa.Text),
        sa.Column("published_at", INSTANT),
        sa.Column("retired_by", sa.Text),
        sa.Column("retired_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False, comment="of the stream"),
        sa.Column("opened_at", INSTANT, nullable=False),
    )
    op.create_index("rule_kind", "rule", ("kind", *NEWEST_FIRST))
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Text, primary_key=True, comment="kind/id/number"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False, comment="id/number, as clocks name it"),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
    )
    op.create_index("rule_version_rule", "rule_version", ("kind", "rule", "number"))
    op.create_table(
        "reassessment",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("reason", sa.Text, nullable=False, comment="why it failed"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False, comment="whom the deadlines that move name"),
        sa.Column("metric", sa.Text, comment="only tickets with an open clock of it; null: of any"),
        sa.Column("ticket_ids", JSONB, comment="only these; null: any"),
    )
    op.create_index("reassessment_requested_at", "reassessment", NEWEST_JOB_FIRST)
    op.create_index("reassessment_status", "reassessment", ("status", *NEWEST_JOB_FIRST))


def downgrade() -> None:
    for table in ("reassessment", "rule_version", "rule"):
        op.drop_table(table)
