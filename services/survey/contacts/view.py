"""A copy of intake's contacts: name and phones, for the callback. It follows the topic `intake.contacts`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.survey.tables import metadata

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
    sa.Column("version", sa.Integer, nullable=False, comment="of intake's row: the newer wins"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phones", JSONB, nullable=False),
)
