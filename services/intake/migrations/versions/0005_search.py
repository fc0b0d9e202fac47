"""Customers by how their name begins and how a phone of theirs ends."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0005"
down_revision = "intake_0004"

WITH_E164 = "jsonb_path_query_array(phones, '$[*].e164')::text"
LOCAL = """jsonb_path_query_array(phones, '$[*]?(@.e164 == null).typed')::text"""
NUMBERS = (
    f"to_tsvector('simple'::regconfig, reverse(regexp_replace({WITH_E164} || ',' || {LOCAL}, '[^0-9,]', '', 'g')))"
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("contact_name", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "contact_name",
            "contact",
            [sa.text("lower(name) text_pattern_ops")],
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.drop_index("contact_phones", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "contact_phones",
            "contact",
            [sa.text(NUMBERS)],
            postgresql_using="gin",
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("contact_phones", postgresql_concurrently=True)
        op.drop_index("contact_name", postgresql_concurrently=True)
