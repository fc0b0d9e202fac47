"""Views: read tables, and how events change their rows. Pure: rows in, rows out.

A `View` folds a row from the events of one stream; a `Count` adds up what events of any number of streams give.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import inspect
from msgspec.structs import fields, replace

from libs.events.catalogue import Catalogue
from libs.events.decider import Decider
from libs.events.message import AnyRecorded

R = TypeVar("R", bound=msgspec.Struct)
V = TypeVar("V", bound=msgspec.Struct)

_PLAIN = (
    inspect.StrType,
    inspect.IntType,
    inspect.BoolType,
    inspect.DateTimeType,
    inspect.LiteralType,
    inspect.NoneType,
)


Keyed = list[tuple[str, AnyRecorded]]
"""Events, each with the key of the row that it is about."""


class ManyStreams(Exception):
    """A row of a view has events of more than one stream, so it would hold the last one's only. A `Count` may."""

    def __init__(self, table: str, key: str, *streams: str) -> None:
        super().__init__(f"row {key!r} of {table} has events of {' and of '.join(streams)}: it has to be a Count")


class _Table(Generic[R]):
    """A read table, whose primary key is one text column; `row` is a Struct whose fields are its columns."""

    table: sa.Table
    row: type[R]

    @cached_property
    def id(self) -> str:
        """The name of the primary key's column."""
        (column,) = self.table.primary_key.columns
        return str(column.name)

    @cached_property
    def is_plain(self) -> bool:
        """Whether a row's fields are just what the database answers: nothing to convert."""
        return all(isinstance(part, _PLAIN) for field in fields(self.row) for part in _types(field))


@dataclass(frozen=True)
class View(_Table[R]):
    """One read table of rows that are each folded from one stream.

    `key(recorded)` names the one row that an event is about (None: no row of this view); `apply(before, recorded)` is
    that row afterwards (None: no row). All events of a row come from one stream of this service: `of` sees to that, and
    with a key of its own the append and the rebuild do. In a view that `hears` other services they have one Kafka key.
    A rebuild leaves a `lasting` one alone: its rows are a ledger.
    """

    table: sa.Table
    row: type[R]
    key: Callable[[AnyRecorded], str | None]
    apply: Callable[[R | None, AnyRecorded], R | None]
    hears: Catalogue = field(default_factory=Catalogue)
    lasting: bool = False
    decider: str | None = None
    """Whose streams have a row each; None: `key` says."""

    @classmethod
    def of(
        cls,
        decider: Decider[Any, Any, Any],
        table: sa.Table,
        row: type[R],
        apply: Callable[[R | None, AnyRecorded], R | None],
    ) -> Self:
        """A view with a row for each of the decider's streams, whose key is the aggregate's id."""
        prefix = decider.stream("")

        def key(recorded: AnyRecorded) -> str | None:
            return recorded.stream[len(prefix) :] if recorded.stream.startswith(prefix) else None

        return cls(table, row, key, apply, decider=decider.name)

    @property
    def is_checked(self) -> bool:
        """Whether it has to be seen that a row's events come from one stream: its key does not say so."""
        return self.decider is None and not self.lasting

    def fold(self, history: Iterable[AnyRecorded], before: Mapping[str, R | None] | None = None) -> dict[str, R | None]:
        """The rows that `history` touches, by key, starting from the rows `before`."""
        rows, key_of, apply = dict(before or {}), self.key, self.apply
        for recorded in history:
            if (key := key_of(recorded)) is not None:
                rows[key] = apply(rows.get(key), recorded)
        return rows

    def keyed(self, history: Iterable[AnyRecorded]) -> Keyed:
        """The events that are about a row, each with its key."""
        return [(key, recorded) for recorded in history if (key := self.key(recorded)) is not None]

    def fold_keyed(self, keyed: Keyed, before: Mapping[str, R | None]) -> dict[str, R | None]:
        """The same of events whose keys are known."""
        rows = dict(before)
        for key, recorded in keyed:
            rows[key] = self.apply(rows.get(key), recorded)
        return rows

    def fold_heard(self, keyed: Keyed, before: Mapping[str, R | None]) -> dict[str, R | None]:
        """The same of events of other services. Raises ManyStreams for a row that events of other lanes could touch."""
        for key, recorded in keyed if not self.lasting else ():
            if key != recorded.key and key != recorded.id and not key.startswith(lane := recorded.key or ""):
                raise ManyStreams(self.table.name, key, f"the Kafka key {lane!r}", "others")
        return self.fold_keyed(keyed, before)


@dataclass(frozen=True)
class Count(_Table[R]):
    """One read table of sums: rows to which events of any number of streams add.

    `adds(recorded)` are rows whose integers are added to those of the row with their key, which begins with zeros;
    their other fields are what is counted, and follow from the key. Rows stay when they come down to zeros. `hears` as
    in a View.
    """

    table: sa.Table
    row: type[R]
    adds: Callable[[AnyRecorded], Iterable[R]]
    hears: Catalogue = field(default_factory=Catalogue)
    lasting: bool = False
    view: View[Any] | None = None
    counts: Callable[[Any], Collection[R]] | None = None

    @classmethod
    def of(cls, view: View[V], table: sa.Table, row: type[R], counts: Callable[[V], Collection[R]]) -> Self:
        """A count of what each row of one of the service's own views counts for as it stands.

        An event that changes such a row takes away what it counted for, and adds what it counts for now.
        """
        if view.hears.sources:
            raise ValueError(f"{table.name} counts rows of {view.table.name}, which hears other services")
        return cls(table, row, lambda recorded: (), view=view, counts=counts)

    def __post_init__(self) -> None:
        numbers = [field for field in fields(self.row) if any(isinstance(part, _NUMBERS) for part in _types(field))]
        wrong = [field.name for field in numbers if not isinstance(inspect.type_info(field.type), inspect.IntType)]
        wrong += [name for name in self.sums if self.table.c[name].nullable or self.table.c[name].primary_key]
        if wrong or not self.sums:
            wrong = wrong or ["there are none"]
            raise ValueError(f"{self.table.name} adds up integers, never null, under a key that is a text: see {wrong}")

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """The columns that are added up."""
        return tuple(f.name for f in fields(self.row) if isinstance(inspect.type_info(f.type), inspect.IntType))

    def fold(self, history: Iterable[AnyRecorded], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The rows of the view that is counted, by their keys, after `history`."""
        return self.view.fold(history, before) if self.view is not None else {}

    def added(self, history: Iterable[AnyRecorded], before: Mapping[str, Any] | None = None) -> dict[str, R]:
        """What these events add, by key, where `before` are the rows of the view that is counted."""
        rows, sums = dict(before or {}), dict[str, R]()
        for recorded in history:
            for row in self.adds(recorded):
                self.add(sums, row)
            if self.view is not None and (key := self.view.key(recorded)) is not None:
                old, rows[key] = rows.get(key), self.view.apply(rows.get(key), recorded)
                self._change(sums, self._counted(old), self._counted(rows[key]))
        return sums

    def _counted(self, row: Any) -> Collection[R]:
        return self.counts(row) if self.counts is not None and row is not None else ()

    def _change(self, sums: dict[str, R], old: Collection[R], new: Collection[R]) -> None:
        if old != new:
            for row in old:
                self.add(sums, row, -1)
            for row in new:
                self.add(sums, row)

    def add(self, sums: dict[str, R], row: R, times: int = 1) -> None:
        """Add a row to that of its key in `sums`."""
        key = getattr(row, self.id)
        before = sums.get(key)
        total = {name: getattr(before, name, 0) + times * getattr(row, name) for name in self.sums}
        sums[key] = replace(row, **total)


_NUMBERS = (inspect.IntType, inspect.FloatType, inspect.DecimalType)


def _types(field: Any) -> Sequence[inspect.Type]:
    found = inspect.type_info(field.type)
    return found.types if isinstance(found, inspect.UnionType) else (found,)


AnyView = View[Any] | Count[Any]
