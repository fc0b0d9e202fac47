"""Cases by fault level, those without one at the end."""

import sqlalchemy as sa
from alembic import op

revision = "triage_0002"
down_revision = "triage_0001"

LEVEL = sa.text("coalesce(level, 2147483647)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("triage_case_by_level", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "triage_case_by_level", "triage_case", (LEVEL, "id"), if_not_exists=True, postgresql_concurrently=True
        )
        op.drop_index("triage_case_open_by_level", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "triage_case_open_by_level",
            "triage_case",
            (LEVEL, "id"),
            postgresql_where=sa.text("status IN ('open', 'classified', 'remote_support')"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("triage_case_by_level", postgresql_concurrently=True)
        op.drop_index("triage_case_open_by_level", postgresql_concurrently=True)
