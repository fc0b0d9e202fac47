"""How to reach a customer: name, phones, address. Rows beside the log: erasing a person deletes one row."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.intake.tables import metadata

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
    sa.Column("version", sa.Integer, nullable=False, comment="counts the changes of this row, from 1"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phones", JSONB, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
)


def of_customer(customer_id: str) -> sa.Select[Any]:
    """The contact of one customer; no row if there is none (any more)."""
    return sa.select(contact).where(contact.c.id == customer_id)
