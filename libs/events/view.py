"""A view: a read table, and how events change its rows. Pure: rows in, rows out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import inspect

from libs.events.catalogue import Catalogue
from libs.events.message import AnyRecorded

R = TypeVar("R", bound=msgspec.Struct)

_PLAIN = (
    inspect.StrType,
    inspect.IntType,
    inspect.BoolType,
    inspect.DateTimeType,
    inspect.LiteralType,
    inspect.NoneType,
)


@dataclass(frozen=True)
class View(Generic[R]):
    """One read table.

    `row` is a Struct whose fields are the table's columns; the table's primary key is one text column. `key(recorded)`
    names the one row that an event is about (None: no row of this view); `apply(before, recorded)` is that row
    afterwards (None: no row). All events of a row come from one stream of this service, or, for a view that `hears`
    other services, from its lane of each topic. A rebuild leaves a `lasting` one alone: its rows are a ledger.
    """

    table: sa.Table
    row: type[R]
    key: Callable[[AnyRecorded], str | None]
    apply: Callable[[R | None, AnyRecorded], R | None]
    hears: Catalogue = field(default_factory=Catalogue)
    lasting: bool = False

    @cached_property
    def id(self) -> str:
        """The name of the primary key's column."""
        (column,) = self.table.primary_key.columns
        return str(column.name)

    @cached_property
    def is_plain(self) -> bool:
        """Whether a row's fields are just what the database answers: nothing to convert."""
        types = [inspect.type_info(field.type) for field in msgspec.structs.fields(self.row)]
        parts = [part for type in types for part in (type.types if isinstance(type, inspect.UnionType) else (type,))]
        return all(isinstance(part, _PLAIN) for part in parts)

    def fold(self, history: Iterable[AnyRecorded], before: dict[str, R | None] | None = None) -> dict[str, R | None]:
        """The rows that `history` touches, by key, starting from the rows `before`."""
        rows = dict(before or {})
        for recorded in history:
            key = self.key(recorded)
            if key is not None:
                rows[key] = self.apply(rows.get(key), recorded)
        return rows


AnyView = View[Any]
