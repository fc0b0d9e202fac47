"""A shadow: a view's table built anew beside the live one, in a schema of its own, and what is proved and swapped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from libs.events.database import Connection
from libs.events.rows import upsert
from libs.events.view import AnyView

SCHEMA = "rebuild"

GRANTEES = """
SELECT DISTINCT grantee::regrole::text AS role FROM pg_class, aclexplode(relacl) WHERE oid = $1::regclass
"""

HASH = "SELECT count(*) AS rows, coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0)::text AS hash FROM {} AS t"


@dataclass(frozen=True, slots=True)
class Proof:
    """A view as it stands and as its history says, under one lock: number of rows, and a hash over all of them."""

    view: str
    events: int
    live: tuple[int, str]
    rebuilt: tuple[int, str]

    @property
    def holds(self) -> bool:
        """Whether the live rows are exactly the fold of the history."""
        return self.live == self.rebuilt


class Shadow:
    """The shadow of one view."""

    def __init__(self, view: AnyView) -> None:
        self.view = view
        self.live = f"public.{view.table.name}"
        self.name = f"{SCHEMA}.{view.table.name}"

    async def create(self, connection: Connection) -> None:
        """An empty table like the live one, with its indices and rights."""
        table = self.view.table.to_metadata(sa.MetaData(), schema=SCHEMA)
        statements: list[ExecutableDDLElement] = [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        await connection.execute(f"DROP TABLE IF EXISTS {self.name}")
        for statement in statements:
            await connection.execute(str(statement.compile(dialect=dialect)))
        for grantee in await connection.fetch(GRANTEES, self.live):
            await connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {self.name} TO {grantee['role']}")

    async def write(self, connection: Connection, rows: Iterable[msgspec.Struct]) -> None:
        """Put these rows, whatever stood under their keys."""
        if some := list(rows):
            statement, arguments = upsert(self.view.table, some, self.name)
            await connection.execute(statement, *arguments)

    async def remove(self, connection: Connection, keys: Sequence[str]) -> None:
        """Take the rows of these keys out."""
        await connection.execute(f"DELETE FROM {self.name} WHERE {self.view.id} = ANY($1)", keys)

    async def prove(self, connection: Connection, events: int) -> Proof:
        """Both tables' rows and hashes; the caller holds the lock under which neither can change."""
        live, rebuilt = [await _hash(connection, table) for table in (self.live, self.name)]
        return Proof(self.view.table.name, events, live, rebuilt)

    async def swap(self, connection: Connection) -> None:
        """Put the shadow in the live table's place."""
        await connection.execute(f"DROP TABLE {self.live}")
        await connection.execute(f"ALTER TABLE {self.name} SET SCHEMA public")

    async def drop(self, connection: Connection) -> None:
        """The shadow is not needed any more."""
        await connection.execute(f"DROP TABLE {self.name}")


async def _hash(connection: Connection, table: str) -> tuple[int, str]:
    row: Any = await connection.fetchrow(HASH.format(table))
    return row["rows"], row["hash"]
