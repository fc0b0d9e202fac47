"""Two tables beside the log: the file while its rows are at work, and what came of them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


def put_tables(metadata: sa.MetaData) -> None:
    """Declare them among a service's."""
    sa.Table(
        "import_file",
        metadata,
        sa.Column("id", sa.Text, primary_key=True, comment="the import's id"),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="as it came: deleted once the import has ended"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
    sa.Table(
        "import_outcome",
        metadata,
        sa.Column("import_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, comment="which part of the rows, from 0"),
        sa.Column("outcomes", JSONB, nullable=False),
        sa.Column("wrong", sa.Boolean, nullable=False, comment="whether a row of them is"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
