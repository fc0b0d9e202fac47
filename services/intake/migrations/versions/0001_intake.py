"""Customers' contacts, the register of tickets, and the other services' history of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "intake_0001"
down_revision = None
branch_labels = ("intake",)
depends_on = "kernel_0001"

FILTERS = ("status", "customer_id", "channel", "kind", "urgency")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE ticket_serial")
    op.create_table(
        "contact",
        sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
        sa.Column("version", sa.Integer, nullable=False, comment="counts the changes of this row, from 1"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phones", JSONB, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.execute(
        "CREATE TRIGGER erase_contact AFTER INSERT OR UPDATE ON erasure "
        "FOR EACH ROW EXECUTE FUNCTION erase_from('contact', 'id')"
    )
    op.execute(
        "CREATE TRIGGER contact_changed AFTER INSERT OR UPDATE OR DELETE ON contact "
        "FOR EACH ROW EXECUTE FUNCTION note_change('intake.contacts')"
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("summary_id", sa.Text, nullable=False, comment="a text"),
        sa.Column("requirements_id", sa.Text, comment="a text"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("desk", sa.Text, nullable=False, comment="how far triage's news alone bring it"),
        sa.Column("visit", sa.Text, comment="how far dispatch's news alone bring it"),
        sa.Column("called_back", sa.Boolean, nullable=False, comment="by survey's news"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    place = [sa.text("opened_at DESC"), sa.text("id DESC")]
    op.create_index("ticket_opened_at", "ticket", place)
    op.create_index("ticket_number", "ticket", ["number"], unique=True)
    for column in FILTERS:
        op.create_index(f"ticket_{column}", "ticket", [column, *place])
    op.create_table(
        "history",
        sa.Column("id", sa.Text, primary_key=True, comment="the event's id"),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="by the service that said it"),
        sa.Column("version", sa.Integer, nullable=False, comment="of the type, which the fields follow"),
        sa.Column("fields", JSONB, nullable=False),
    )
    op.create_index("history_ticket_id", "history", ["ticket_id"])


def downgrade() -> None:
    op.execute("DROP TRIGGER erase_contact ON erasure")
    for table in ("history", "ticket", "contact"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE ticket_serial")
