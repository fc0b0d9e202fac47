"""A copy of intake's contacts: name, phones, address and sites, for the visit. It follows `intake.contacts`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dispatch.tables import metadata

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
    sa.Column("version", sa.Integer, nullable=False, comment="of intake's row: the newer wins"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phones", JSONB, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("sites", JSONB, comment="name and address by the site's id"),
)
