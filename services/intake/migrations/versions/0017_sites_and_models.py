"""A ticket's site, the customer's sites beside their contact for dispatch, and product models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0017"
down_revision = "intake_0016"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("site_id", sa.Text, comment="the customer's site that it names"))
    op.add_column("contact", sa.Column("sites", JSONB, comment="name and address by the site's id"))
    op.create_table(
        "model",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("maker", sa.Text),
        sa.Column("components", sa.Integer, nullable=False, comment="how many an asset of it has to begin with"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when it was put on file"),
    )
    op.create_index("model_opened_at", "model", (sa.text("opened_at DESC"), sa.text("id DESC")))
    op.create_index(
        "model_name",
        "model",
        [sa.literal_column("lower(name)").label("begins")],
        postgresql_ops={"begins": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_table("model")
    op.drop_column("contact", "sites")
    op.drop_column("ticket", "site_id")
