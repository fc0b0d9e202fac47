"""Rows as data, and the SQL that writes them: few as VALUES, many as one JSON array, in one statement either way.

Measured: a JSON array costs as much as the insert of one row itself, and a VALUES list of many rows is a new statement
to plan for every number of them. So a handful goes as VALUES and a batch as JSON.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from libs.events.view import AnyView

Row = Mapping[str, Any] | msgspec.Struct
Columns = tuple[tuple[str, str], ...]
"""Names and SQL types."""

FEW = 4


def relation(columns: Columns, rows: Sequence[Sequence[Any]], first: int) -> tuple[str, list[Any]]:
    """These rows as a FROM item with these columns, its parameters numbered from `first`, and the arguments.

    A value of a jsonb column is JSON as bytes, or None.
    """
    if len(rows) <= FEW:
        return _values(columns, len(rows), first), [_text(value) for row in rows for value in row]
    names = [name for name, _ in columns]
    documents = [dict(zip(names, map(_raw, row), strict=True)) for row in rows]
    return _recordset(columns, first), [msgspec.json.encode(documents).decode()]


def columns_of(table: sa.Table) -> Columns:
    """The columns of a table, in order."""
    return _columns_of(table)


def upsert(table: sa.Table, rows: Sequence[Row], first: int, target: str | None = None) -> tuple[str, list[Any]]:
    """INSERT … ON CONFLICT DO UPDATE of rows into `target`, or the table itself, and the arguments."""
    columns = _columns_of(table)
    source, arguments = relation(columns, [_cells(columns, row) for row in rows], first)
    return f"{_into(table, target or table.name)} FROM {source} {_on_conflict(table)}", arguments


def read(view: AnyView, record: asyncpg.Record) -> msgspec.Struct:
    """A record of a view's table as the view's row."""
    values = {
        name: msgspec.json.decode(value) if kind == "JSONB" and (value := record[name]) is not None else record[name]
        for name, kind in _columns_of(view.table)
    }
    row: msgspec.Struct = msgspec.convert(values, view.row)
    return row


class Rows:
    """What is to stand in read tables afterwards: by table and key, a row, or None where none is to stand."""

    def __init__(self) -> None:
        self._tables: dict[sa.Table, dict[str, Row | None]] = {}

    def put(self, table: sa.Table, key: str, row: Row | None) -> None:
        """The row of this key is to be `row`."""
        self._tables.setdefault(table, {})[key] = row

    def keys(self, table: sa.Table) -> list[str]:
        """The keys of the rows of `table` that are to change."""
        return sorted(self._tables.get(table, {}))

    def writes(self, first: int) -> tuple[list[str], list[Any]]:
        """The statements, their parameters numbered from `first`, and the arguments. Keys in order: fewer deadlocks."""
        statements: list[str] = []
        arguments: list[Any] = []
        for table, rows in self._tables.items():
            kept = [row for key in sorted(rows) if (row := rows[key]) is not None]
            gone = [key for key in sorted(rows) if rows[key] is None]
            if kept:
                statement, more = upsert(table, kept, first + len(arguments))
                statements.append(statement)
                arguments.extend(more)
            if gone:
                statements.append(_delete(table, first + len(arguments)))
                arguments.append(gone)
        return statements, arguments


def _cells(columns: Columns, row: Row) -> list[Any]:
    values = msgspec.structs.asdict(row) if isinstance(row, msgspec.Struct) else row
    return [_document(values[name]) if kind == "JSONB" else values[name] for name, kind in columns]


def _document(value: Any) -> bytes | None:
    return None if value is None else msgspec.json.encode(value)


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _raw(value: Any) -> Any:
    return msgspec.Raw(value) if isinstance(value, bytes) else value


@lru_cache
def _columns_of(table: sa.Table) -> Columns:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    return tuple(
        (str(column.name), "JSONB" if isinstance(column.type, JSONB) else column.type.compile(dialect))
        for column in table.columns
    )


@lru_cache
def _values(columns: Columns, count: int, first: int) -> str:
    numbers = iter(range(first, first + count * len(columns)))
    rows = [f"({', '.join(f'${next(numbers)}::{kind}' for _, kind in columns)})" for _ in range(count)]
    return f"(VALUES {', '.join(rows)}) AS r ({', '.join(name for name, _ in columns)})"


@lru_cache
def _recordset(columns: Columns, first: int) -> str:
    return f"jsonb_to_recordset(${first}::jsonb) AS r ({', '.join(f'{name} {kind}' for name, kind in columns)})"


@lru_cache
def _into(table: sa.Table, target: str) -> str:
    names = ", ".join(column.name for column in table.columns)
    return f"INSERT INTO {target} ({names}) SELECT {names}"


@lru_cache
def _on_conflict(table: sa.Table) -> str:
    keys = [column.name for column in table.primary_key.columns]
    changes = [f"{c.name} = excluded.{c.name}" for c in table.columns if c.name not in keys]
    return f"ON CONFLICT ({', '.join(keys)}) DO " + (f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING")


@lru_cache
def _delete(table: sa.Table, parameter: int) -> str:
    (key,) = table.primary_key.columns
    return f"DELETE FROM {table.name} WHERE {key.name} = ANY(${parameter})"
