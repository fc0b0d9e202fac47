"""Imports: jobs, the file while its rows are at work, and what came of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0013"
down_revision = "intake_0012"

NEWEST_FIRST = (sa.text("requested_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False, comment="why it failed"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("dry_run", sa.Boolean, nullable=False),
    )
    op.create_index("import_requested_at", "import", NEWEST_FIRST)
    op.create_index("import_status", "import", ("status", *NEWEST_FIRST))
    op.create_table(
        "import_file",
        sa.Column("id", sa.Text, primary_key=True, comment="the import's id"),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="as it came: deleted once the import has ended"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
    op.create_table(
        "import_outcome",
        sa.Column("import_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, comment="which part of the rows, from 0"),
        sa.Column("outcomes", JSONB, nullable=False),
        sa.Column("wrong", sa.Boolean, nullable=False, comment="whether a row of them is"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )


def downgrade() -> None:
    for table in ("import_outcome", "import_file", "import"):
        op.drop_table(table)
