"""Rows as data, and the SQL that writes them: few as VALUES, many as one JSON array, in one statement either way.

Measured: a JSON array costs as much as the insert of one row itself, and a VALUES list of many rows is a new statement
to plan for every number of them. So a handful goes as VALUES and a batch as JSON. The text of a statement depends on
the `form` of what it writes alone, so it is put together once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from typing import Any, Literal, NamedTuple

import asyncpg
import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from libs.events.view import Count, View

Row = dict[str, Any] | msgspec.Struct
Columns = tuple[tuple[str, str], ...]
"""Names and SQL types."""

FEW = 4
MANY = FEW + 1


def form(rows: Sized, several: bool = False) -> int:
    """How many rows a statement is made for: each few have one of their own, all that are more share one.

    So do those of `several` units, for there would be a statement for each of their numbers.
    """
    return min(len(rows), MANY) if not several or not rows else MANY


def width(columns: Columns, form: int) -> int:
    """How many parameters a relation of this form has."""
    return 1 if form == MANY else form * len(columns)


def relation(columns: Columns, form: int, first: int) -> str:
    """Rows of this form as a FROM item with these columns, its parameters numbered from `first`."""
    if form == MANY:
        return f"jsonb_to_recordset(${first}::jsonb) AS r ({', '.join(f'{name} {kind}' for name, kind in columns)})"
    numbers = iter(range(first, first + width(columns, form)))
    rows = [f"({', '.join(f'${next(numbers)}::{kind}' for _, kind in columns)})" for _ in range(form)]
    return f"(VALUES {', '.join(rows)}) AS r ({', '.join(name for name, _ in columns)})"


def arguments(columns: Columns, rows: Sequence[Sequence[Any]], several: bool = False) -> list[Any]:
    """The arguments of a relation of these rows. A value of a jsonb column is JSON as text, or None."""
    if form(rows, several) <= FEW:
        return list(chain.from_iterable(rows))
    documents = [
        {name: _raw(value) if kind == "jsonb" else value for (name, kind), value in zip(columns, row, strict=True)}
        for row in rows
    ]
    return [msgspec.json.encode(documents).decode()]


def columns_of(table: sa.Table) -> Columns:
    """The columns of a table, in order."""
    return _columns_of(table)


def upsert(
    table: sa.Table, rows: Sequence[Row], target: str | None = None, sums: tuple[str, ...] = ()
) -> tuple[str, list[Any]]:
    """INSERT … ON CONFLICT DO UPDATE of rows into `target`, or the table itself, and the arguments.

    With `sums` these columns are added to what stands there, and the others stay.
    """
    return _upsert(table, form(rows), 1, target or table.name, sums), _values(table, rows)


def array_literal(texts: Iterable[str]) -> str:
    """A text[] as PostgreSQL writes it. Of each element of a list asyncpg asks twice whether it is a list itself."""
    together = "".join(texts := list(texts))
    if texts and '"' not in together and "\\" not in together:
        return '{"' + '","'.join(texts) + '"}'
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def read(view: View[Any], record: asyncpg.Record) -> msgspec.Struct:
    """A record of a view's table as the view's row."""
    values = dict(record.items())
    for name in _documents(view.table):
        values[name] = None if values[name] is None else msgspec.json.decode(values[name])
    row: msgspec.Struct = view.row(**values) if view.is_plain else msgspec.convert(values, view.row)
    return row


class Write(NamedTuple):
    """What is written to one table in one way: so many rows, in their `form`."""

    table: sa.Table
    form: int
    way: Literal["make", "put", "drop"] = "put"
    sums: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many parameters its statement has."""
        return 1 if self.way == "drop" else width(_columns_of(self.table), self.form)

    def statement(self, first: int) -> str:
        """Its statement, its parameters numbered from `first`."""
        if self.way == "drop":
            return _delete(self.table, first)
        if self.way == "make":
            return _insert(self.table, self.form, first)
        return _upsert(self.table, self.form, first, self.table.name, self.sums)


@dataclass
class _Changes:
    """What is to change in one table: rows by key, None where none is to stand, which of them are new, and sums."""

    rows: dict[str, Row | None] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    sums: tuple[str, ...] = ()

    def join(self, other: "_Changes") -> None:
        """Take the other's in, which have rows in common with these only where they are sums."""
        both = self.rows.keys() & other.rows.keys()
        sums = {key: _sum(self.rows[key], other.rows[key], self.sums) for key in both}
        self.rows |= other.rows
        self.rows |= sums
        self.new |= other.new

    def writes(self, table: sa.Table, several: bool) -> Iterator[tuple[Write, list[Any]]]:
        """Its writes with their arguments. Keys in order: fewer deadlocks."""
        keys = sorted(self.rows)
        made = [row for key in keys if (row := self.rows[key]) is not None and key in self.new]
        kept = [row for key in keys if (row := self.rows[key]) is not None and key not in self.new]
        if made:
            yield Write(table, form(made, several), "make"), _values(table, made, several)
        if kept:
            yield Write(table, form(kept, several), sums=self.sums), _values(table, kept, several)
        if gone := [key for key in keys if self.rows[key] is None]:
            yield Write(table, 1, "drop"), [gone]


class Rows:
    """What is to change in read tables."""

    def __init__(self) -> None:
        self._tables: dict[sa.Table, _Changes] = {}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def copy(self) -> "Rows":
        """The same, to go on with."""
        other = Rows()
        for table, changes in self._tables.items():
            other._tables[table] = _Changes(dict(changes.rows), set(changes.new), changes.sums)
        return other

    def put(self, table: sa.Table, key: str, row: Row | None, is_new: bool = False) -> None:
        """The row of this key is to be `row`, or there is to be none. A new one must not stand there already."""
        changes = self._tables.setdefault(table, _Changes())
        changes.rows[key] = row
        if is_new and row is not None:
            changes.new.add(key)

    def put_all(self, table: sa.Table, rows: Mapping[str, Row | None]) -> None:
        """The rows of these keys are to be these, or none."""
        if rows:
            self._tables.setdefault(table, _Changes()).rows.update(rows)

    def add(self, count: Count[Any], rows: Iterable[Any]) -> None:
        """These rows are to be added to those of the count."""
        for row in rows:
            changes = self._tables.setdefault(count.table, _Changes(sums=count.sums))
            count.add(changes.rows, row)

    def join(self, other: "Rows") -> bool:
        """Take the changes of others in, unless both change one row that is no sum."""
        for table, theirs in other._tables.items():
            ours = self._tables.get(table)
            if ours is not None and not ours.sums and not ours.rows.keys().isdisjoint(theirs.rows):
                return False
        for table, theirs in other._tables.items():
            self._tables.setdefault(table, _Changes(sums=theirs.sums)).join(theirs)
        return True

    def keys(self, table: sa.Table) -> list[str]:
        """The keys of the rows of `table` that are to change."""
        return sorted(self._tables[table].rows) if table in self._tables else []

    def writes(self, several: bool = False) -> tuple[tuple[Write, ...], list[Any]]:
        """What is written to each table, in an order that all appends keep, and all the arguments."""
        writes: list[Write] = []
        values: list[Any] = []
        for table in sorted(self._tables, key=_name):
            for write, given in self._tables[table].writes(table, several):
                writes.append(write)
                values.extend(given)
        return tuple(writes), values


def _name(table: sa.Table) -> str:
    return table.name


def _sum(row: Any, other: Any, names: Sequence[str]) -> Row:
    """A row of a count with what another one adds to it."""
    total: Row = replace(row, **{name: getattr(row, name) + getattr(other, name) for name in names})
    return total


def _values(table: sa.Table, rows: Sequence[Row], several: bool = False) -> list[Any]:
    """The arguments of a relation of a table's rows."""
    if form(rows, several) <= FEW:
        columns = _columns_of(table)
        return [cell for row in rows for cell in _cells(columns, row)]
    return [msgspec.json.encode(rows).decode()]


def _cells(columns: Columns, row: Row) -> list[Any]:
    value = row.__getitem__ if isinstance(row, dict) else partial(getattr, row)
    return [_document(value(name)) if kind == "jsonb" else value(name) for name, kind in columns]


def _document(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _raw(value: str | None) -> msgspec.Raw | None:
    return None if value is None else msgspec.Raw(value)


@lru_cache
def _columns_of(table: sa.Table) -> Columns:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    return tuple(
        (str(column.name), "jsonb" if isinstance(column.type, JSONB) else column.type.compile(dialect))
        for column in table.columns
    )


@lru_cache
def _documents(table: sa.Table) -> tuple[str, ...]:
    """The columns that hold JSON."""
    return tuple(name for name, kind in _columns_of(table) if kind == "jsonb")


@lru_cache
def _insert(table: sa.Table, form: int, first: int, target: str | None = None) -> str:
    columns = _columns_of(table)
    names = ", ".join(name for name, _ in columns)
    source = relation(columns, form, first)
    return f"INSERT INTO {target or table.name} AS standing ({names}) SELECT {names} FROM {source}"


@lru_cache
def _upsert(table: sa.Table, form: int, first: int, target: str, sums: tuple[str, ...] = ()) -> str:
    keys = [column.name for column in table.primary_key.columns]
    changes = [f"{name} = excluded.{name}" for name, _ in _columns_of(table) if name not in keys]
    if sums:
        changes = [f"{name} = standing.{name} + excluded.{name}" for name in sums]
    then = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
    return f"{_insert(table, form, first, target)} ON CONFLICT ({', '.join(keys)}) DO {then}"


def _delete(table: sa.Table, parameter: int) -> str:
    (key,) = table.primary_key.columns
    return f"DELETE FROM {table.name} WHERE {key.name} = ANY(${parameter})"
