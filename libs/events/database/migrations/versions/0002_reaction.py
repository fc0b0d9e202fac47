"""Where each reaction began to hear its type, so that what happened before can be heard again."""

import sqlalchemy as sa
from alembic import op

revision = "kernel_0002"
down_revision = "kernel_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaction",
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, primary_key=True),
        sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.Integer, nullable=False, comment="of the position at which it began to hear the type"),
        sa.Column("since", sa.BigInteger, nullable=False, comment="seq of that position"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column(
            "reheard", sa.BigInteger, nullable=False, server_default="0", comment="its past was heard up to here"
        ),
        if_not_exists=True,  # kernel_0001 makes what the release that runs it declares
    )


def downgrade() -> None:
    op.drop_table("reaction")
