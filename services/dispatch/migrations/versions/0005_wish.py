"""What a customer wishes instead of the planned time."""

import sqlalchemy as sa
from alembic import op

revision = "dispatch_0005"
down_revision = "dispatch_0004"


def upgrade() -> None:
    op.add_column("work_order", sa.Column("wished_start", sa.DateTime(timezone=True)))
    op.add_column("work_order", sa.Column("wished_end", sa.DateTime(timezone=True)))
    op.add_column("work_order", sa.Column("wish_note_id", sa.Text, comment="a text"))


def downgrade() -> None:
    for name in ("wished_start", "wished_end", "wish_note_id"):
        op.drop_column("work_order", name)
