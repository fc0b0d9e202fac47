"""Contracts and assets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0009"
down_revision = "intake_0008"

NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, comment="none: a maker's commitment to whoever has the product"),
        sa.Column("extends", sa.Text, comment="the contract that this one goes on from"),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when it was put on file"),
    )
    op.create_index("contract_opened_at", "contract", NEWEST_FIRST)
    op.create_index("contract_number", "contract", ("number", *NEWEST_FIRST))
    op.create_index("contract_customer_id", "contract", ("customer_id", *NEWEST_FIRST))
    op.create_index("contract_kind", "contract", ("kind", *NEWEST_FIRST))
    op.create_table(
        "asset",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("serial", sa.Text),
        sa.Column("lot", sa.Text),
        sa.Column("maker", sa.Text),
        sa.Column("region", sa.Text, comment="of the site where it stands now"),
        sa.Column("card_number", sa.Text),
        sa.Column("contracts", JSONB, nullable=False, comment="ids of the contracts that it is under"),
        sa.Column("moved_at", sa.DateTime(timezone=True), comment="since when it stands there, if it was moved"),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when it was put on file"),
    )
    op.create_index("asset_opened_at", "asset", NEWEST_FIRST)
    op.create_index("asset_customer_id", "asset", ("customer_id", *NEWEST_FIRST))
    op.create_index("asset_model", "asset", ("model", *NEWEST_FIRST))
    op.create_index("asset_serial", "asset", [sa.text("lower(serial) text_pattern_ops")])
    op.create_index("asset_card_number", "asset", [sa.text("lower(card_number) text_pattern_ops")])
    op.create_index("asset_contracts", "asset", ["contracts"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("asset")
    op.drop_table("contract")
