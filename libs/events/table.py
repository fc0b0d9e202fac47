"""The SQLAlchemy table of a view's rows: a column for each field of the row's Struct, its primary key the first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec
import sqlalchemy as sa
from msgspec import inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

Indexes = Callable[[sa.Table], object]
"""Puts indexes on a table."""

_TYPES: dict[type[inspect.Type], TypeEngine[Any]] = {
    inspect.StrType: sa.Text(),
    inspect.LiteralType: sa.Text(),
    inspect.IntType: sa.Integer(),
    inspect.FloatType: sa.Double(),
    inspect.BoolType: sa.Boolean(),
    inspect.DateTimeType: sa.DateTime(timezone=True),
}


@dataclass(frozen=True, slots=True)
class Note:
    """The comment of a column, `Annotated[str, Note("a text")]`."""

    comment: str


def table(name: str, row: type[msgspec.Struct], metadata: sa.MetaData, *indexes: Indexes) -> sa.Table:
    """The table of these rows.

    Texts, numbers, booleans and instants are columns of their own, everything else is JSON; what may be None may be
    null. `Annotated` adds a Note, or a type of SQLAlchemy where another than the usual one is wanted.
    """
    made = sa.Table(name, metadata, *_columns(row))
    for index in indexes:
        index(made)
    return made


def _columns(row: type[msgspec.Struct]) -> Iterator[sa.Column[Any]]:
    hints = get_type_hints(row, include_extras=True)
    for number, name in enumerate(row.__struct_fields__):
        type, nullable = _type(inspect.type_info(hints[name]))
        extras = getattr(hints[name], "__metadata__", ())
        type = next((extra for extra in extras if isinstance(extra, TypeEngine)), type)
        comment = next((extra.comment for extra in extras if isinstance(extra, Note)), None)
        yield sa.Column(name, type, primary_key=number == 0, nullable=nullable, comment=comment)


def _type(info: inspect.Type) -> tuple[TypeEngine[Any], bool]:
    """A column's type, and whether it may be null."""
    parts = info.types if isinstance(info, inspect.UnionType) else (info,)
    some = [part for part in parts if not isinstance(part, inspect.NoneType)]
    types = {_TYPES[type(part)] if type(part) in _TYPES else JSONB() for part in some}
    return types.pop() if len(types) == 1 else JSONB(), len(some) < len(parts)


def newest_first(*filters: str, by: str = "opened_at") -> Indexes:
    """The indexes of a list that is paged from the newest row on, and may be filtered by each of these columns."""

    def put(made: sa.Table) -> None:
        (key,) = made.primary_key.columns
        order = (made.c[by].desc(), key.desc())
        sa.Index(f"{made.name}_{by}", *order)
        for name in filters:
            sa.Index(f"{made.name}_{name}", made.c[name], *order)

    return put


def by_key(*filters: str) -> Indexes:
    """The indexes of a list that is paged by its key, as a count's is, and may be filtered by each of these columns."""

    def put(made: sa.Table) -> None:
        (key,) = made.primary_key.columns
        for name in filters:
            sa.Index(f"{made.name}_{name}", made.c[name], key)

    return put
