"""The list of cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "triage_0001"
down_revision = None
branch_labels = ("triage",)
depends_on = "kernel_0001"


def upgrade() -> None:
    op.create_table(
        "triage_case",
        sa.Column("id", sa.Text, primary_key=True, comment="the ticket's id"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, comment="1 critical to 4 minor"),
        sa.Column("maintenance_type", sa.Text),
        sa.Column("remote_support", sa.Text, comment="started, succeeded or failed"),
        sa.Column("remote_note_id", sa.Text, comment="a text: the last note"),
        sa.Column("cause", sa.Text),
        sa.Column("explanation_id", sa.Text, comment="a text"),
        sa.Column("job_type", sa.Text),
        sa.Column("payable", sa.Boolean),
        sa.Column("skills", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    place = [sa.text("opened_at DESC"), sa.text("id DESC")]
    op.create_index("triage_case_opened_at", "triage_case", place)
    op.create_index("triage_case_status", "triage_case", ["status", *place])
    op.create_index("triage_case_level", "triage_case", ["level", *place])


def downgrade() -> None:
    op.drop_table("triage_case")
