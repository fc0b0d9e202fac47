"""Queries of read tables, in SQLAlchemy Core: one row, and lists by filters. What is empty or None asks for nothing."""

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


def fitting(table: sa.Table, filters: Mapping[str, Values]) -> sa.Select[Any]:
    """All rows that fit every filter, column by column."""
    return sa.select(table).where(*fits(table, filters))


def by_id(table: sa.Table, id: object) -> sa.Select[Any]:
    """The row of this id, by the primary key."""
    (key,) = table.primary_key.columns
    return sa.select(table).where(key == str(id))


def equal(column: sa.ColumnElement[Any], value: Any | None) -> list[sa.ColumnElement[bool]]:
    """That the column holds this; None: any."""
    return [] if value is None else [column == value]


def between(
    column: sa.ColumnElement[Any], start: Any | None = None, end: Any | None = None
) -> list[sa.ColumnElement[bool]]:
    """That the column is in [start, end); None: no bound."""
    since = [] if start is None else [column >= start]
    return since if end is None else [*since, column < end]
