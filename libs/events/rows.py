"""Rows of read tables as data, and the SQL that writes them: many rows of a table in one statement, as JSON."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

Row = Mapping[str, Any] | msgspec.Struct


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
            kept = [rows[key] for key in sorted(rows) if rows[key] is not None]
            gone = [key for key in sorted(rows) if rows[key] is None]
            if kept:
                statements.append(upsert(table, first + len(arguments)))
                arguments.append(msgspec.json.encode(kept).decode())
            if gone:
                statements.append(delete(table, first + len(arguments)))
                arguments.append(gone)
        return statements, arguments


@lru_cache
def upsert(table: sa.Table, parameter: int, target: str | None = None) -> str:
    """INSERT … ON CONFLICT DO UPDATE of rows that come as one JSON array, into `target` or the table itself."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    columns = ", ".join(names)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    action = f"UPDATE SET {changes}" if changes else "NOTHING"
    return (
        f"INSERT INTO {target or table.name} ({columns}) "
        f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table.name}, ${parameter}) "
        f"ON CONFLICT ({', '.join(keys)}) DO {action}"
    )


@lru_cache
def delete(table: sa.Table, parameter: int) -> str:
    """DELETE of the rows with these keys."""
    (key,) = table.primary_key.columns
    return f"DELETE FROM {table.name} WHERE {key.name} = ANY(${parameter})"
