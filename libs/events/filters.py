"""Conditions of lists, in SQLAlchemy Core: "or" within one column, "and" between them."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

Values = Collection[Any]


def one_of(column: sa.ColumnElement[Any], values: Values) -> sa.ColumnElement[bool]:
    """That the column holds one of these; without any, nothing is asked of it.

    One value is compared as one, so that an index on the column gives its rows in the list's order.
    """
    if not values:
        return sa.true()
    plain = [str(value) for value in values] if isinstance(column.type, sa.Text) else list(values)
    if len(plain) == 1:
        return column == plain[0]
    return column == sa.any_(sa.literal(plain, ARRAY(column.type)))


def fits(table: sa.FromClause, filters: Mapping[str, Values]) -> list[sa.ColumnElement[bool]]:
    """That a row fits every filter, each by its column's name."""
    return [one_of(table.c[name], values) for name, values in filters.items() if values]
