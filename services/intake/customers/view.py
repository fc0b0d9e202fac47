"""How to reach a customer: name, phones, address, sites. Rows beside the log: erasing a person deletes one row."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSQUERY

from libs.events.filters import Values, fits
from services.intake.tables import metadata

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the customer's id"),
    sa.Column("version", sa.Integer, nullable=False, comment="counts the changes of this row, from 1"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phones", JSONB, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("sites", JSONB, comment="name and address by the site's id"),
)


BEGINS = sa.func.lower(contact.c.name).label("begins")
sa.Index("contact_name", BEGINS, postgresql_ops={"begins": "text_pattern_ops"})
_WITH_E164 = "jsonb_path_query_array(phones, '$[*].e164')::text"
_LOCAL = "jsonb_path_query_array(phones, '$[*]?(@.e164 == null).typed')::text"
_DIGITS = f"regexp_replace(({_WITH_E164} || ',') || {_LOCAL}, '[^0-9,]', '', 'g')"
NUMBERS: sa.ColumnElement[Any] = sa.literal_column(f"to_tsvector('simple'::regconfig, reverse({_DIGITS}))")
"""The digits of each number, backwards: that it ends so is that this begins so, which an index can find.

In PostgreSQL's own brackets, by which `make migration` sees that the index is there.
"""
sa.Index("contact_phones", NUMBERS, postgresql_using="gin", _table=contact)

WHOLE = 10
"""So many digits are no end of a number but all of it, perhaps with zeros for long distance that E.164 has not."""


def found(ids: Values = (), name: str | None = None, digits: str | None = None) -> sa.Select[Any]:
    """The ids of customers whose name begins so, whatever its case, and who have a phone that ends so."""
    wanted = fits(contact, {"id": ids})
    if name is not None:
        pattern = re.sub(r"([\\%_])", r"\\\1", name) + "%"
        wanted.append(BEGINS.element.like(sa.func.lower(pattern)))
    if digits is None:
        return sa.select(contact.c.id).where(*wanted)
    ends = (digits.lstrip("0") or digits) if len(digits) >= WHOLE else digits
    wanted.append(NUMBERS.op("@@")(sa.cast(sa.literal(f"{ends[::-1]}:*"), TSQUERY)))
    # PostgreSQL takes such an end for commoner than it is, and would go through all customers in the list's order.
    few = sa.select(contact.c.id).where(*wanted).cte().prefix_with("MATERIALIZED")
    return sa.select(few.c.id)


def of_customer(customer_id: str) -> sa.Select[Any]:
    """The contact of one customer; no row if there is none (any more)."""
    return sa.select(contact).where(contact.c.id == customer_id)
