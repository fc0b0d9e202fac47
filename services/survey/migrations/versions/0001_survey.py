"""The list of callbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "survey_0001"
down_revision = None
branch_labels = ("survey",)
depends_on = "kernel_0001"

NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
        sa.Column("version", sa.Integer, nullable=False, comment="of intake's row: the newer wins"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phones", JSONB, nullable=False),
    )
    op.execute(
        "CREATE TRIGGER erase_contact AFTER INSERT OR UPDATE ON erasure "
        "FOR EACH ROW EXECUTE FUNCTION erase_from('contact', 'id')"
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("work_order_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_outcome", sa.Text),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("score", sa.Integer, comment="1 to 5, 5 best"),
        sa.Column("comment_id", sa.Text, comment="a text: the last comment"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("callback_opened_at", "callback", NEWEST_FIRST)
    for column in ("ticket_id", "status"):
        op.create_index(f"callback_{column}", "callback", (column, *NEWEST_FIRST))


def downgrade() -> None:
    op.execute("DROP TRIGGER erase_contact ON erasure")
    op.drop_table("contact")
    op.drop_table("callback")
