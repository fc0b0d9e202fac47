"""The board of work orders, the list of engineers and their workload."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "dispatch_0001"
down_revision = None
branch_labels = ("dispatch",)
depends_on = "kernel_0001"

NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
        sa.Column("version", sa.Integer, nullable=False, comment="of intake's row: the newer wins"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phones", JSONB, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.execute(
        "CREATE TRIGGER erase_contact AFTER INSERT OR UPDATE ON erasure "
        "FOR EACH ROW EXECUTE FUNCTION erase_from('contact', 'id')"
    )
    op.create_table(
        "engineer",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name_id", sa.Text, nullable=False, comment="a text"),
        sa.Column("skills", JSONB, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Text, comment="pseudonym of the login that is theirs"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when registered"),
    )
    op.create_index("engineer_opened_at", "engineer", NEWEST_FIRST)
    op.create_index("engineer_region", "engineer", ("region", *NEWEST_FIRST))
    op.create_index("engineer_actor_id", "engineer", ["actor_id"])
    op.create_table(
        "work_order",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("visit", sa.Integer, nullable=False, comment="counts from 1 on the ticket"),
        sa.Column("job_type", sa.Text, nullable=False),
        sa.Column("skills", JSONB, nullable=False),
        sa.Column("rework_of", sa.Text),
        sa.Column("rework_work_order_id", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("engineer_id", sa.Text),
        sa.Column("agreed_start", sa.DateTime(timezone=True)),
        sa.Column("agreed_end", sa.DateTime(timezone=True)),
        sa.Column("offered_start", sa.DateTime(timezone=True)),
        sa.Column("offered_end", sa.DateTime(timezone=True)),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("pause_reason", sa.Text),
        sa.Column("pause_note_id", sa.Text, comment="a text"),
        sa.Column("result_id", sa.Text, comment="a text"),
        sa.Column("signed_by_id", sa.Text, comment="a text"),
        sa.Column("reasons_id", sa.Text, comment="a text, a JSON list"),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("work_order_opened_at", "work_order", NEWEST_FIRST)
    for column in ("ticket_id", "status", "engineer_id"):
        op.create_index(f"work_order_{column}", "work_order", (column, *NEWEST_FIRST))
    op.create_table(
        "workload",
        sa.Column("id", sa.Text, primary_key=True, comment="day/engineer"),
        sa.Column("engineer_id", sa.Text, nullable=False),
        sa.Column(
            "day", sa.Text, nullable=False, comment="the department's date on which a visit's agreed time begins"
        ),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
    )
    op.create_index("workload_engineer_id", "workload", ["engineer_id", "id"])
    op.create_index("workload_day", "workload", ["day", "id"])


def downgrade() -> None:
    op.execute("DROP TRIGGER erase_contact ON erasure")
    op.drop_table("contact")
    op.drop_table("workload")
    op.drop_table("work_order")
    op.drop_table("engineer")
