"""Orders of lists: what a read table's rows may be sorted by, and the index that gives them in that order."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

_LAST: Mapping[type[Any], str] = {sa.DateTime: "'infinity'::timestamptz", sa.Integer: "2147483647"}


class Order:
    """By the first of some columns that is not null, all of one type: instants, or numbers of 32 bits.

    Rows that have none of them count as the latest or greatest, so the index of one expression serves both directions.
    """

    def __init__(self, *columns: sa.Column[Any]) -> None:
        self._columns = columns
        self.type = columns[0].type
        self._last = next(text for type, text in _LAST.items() if isinstance(self.type, type))
        whole = all(column.nullable for column in columns)
        terms = [*columns, sa.literal_column(self._last, self.type)] if whole else [*columns]
        self.by: sa.ColumnElement[Any] = sa.func.coalesce(*terms) if len(terms) > 1 else columns[0]

    def value(self, row: Mapping[str, Any]) -> Any | None:
        """What a row is sorted by."""
        return next((row[column.name] for column in self._columns if row[column.name] is not None), None)

    def bound(self, value: Any | None) -> sa.ColumnElement[Any]:
        """The value of a row, to compare `by` with."""
        return sa.literal_column(self._last, self.type) if value is None else sa.literal(value, self.type)

    def index(self, *filters: str, where: str | None = None) -> None:
        """Put an index for it on the table, perhaps behind columns that the list is narrowed by, perhaps of few rows.

        Where a list is narrowed to few rows by more than one value, only an index `where` gives these in their order.
        """
        made: sa.Table = self._columns[0].table
        (key,) = made.primary_key.columns
        name = "_".join([made.name, *(["open"] if where else []), *filters, "by", self._columns[0].name])
        only = None if where is None else sa.text(where)
        sa.Index(name, *(made.c[filter] for filter in filters), self.by, key, postgresql_where=only)
