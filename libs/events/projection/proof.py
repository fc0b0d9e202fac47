"""The proof of a rebuilt view: that its rows are those of the live one, by a hash that needs no long lock.

A hash is the sum of its rows' hashes. So the two tables are summed in one snapshot, for as long as that takes; under
the lock only the rows that changed since are looked at again, before and after.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, Self

from libs.events.database.connections import Connection, Pool, transact
from libs.events.projection.shadow import Shadow

SUM = """
SELECT count(*) AS rows, coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)::numeric), 0)::text AS hash
FROM (SELECT {columns} FROM {table}) AS t {where}
"""
"""Of the columns that this release knows: a newer one may have more."""


class Sum(NamedTuple):
    """How many rows, and the sum of their hashes."""

    rows: int
    hash: int

    def changed(self, before: "Sum", after: "Sum") -> "Sum":
        """This sum after the part of it that was `before` became `after`."""
        return Sum(self.rows - before.rows + after.rows, self.hash - before.hash + after.hash)


@dataclass(frozen=True, slots=True)
class Proof:
    """A view as it stands and as its history says, in one moment, after `events` of history."""

    view: str
    events: int
    live: Sum
    rebuilt: Sum

    @property
    def holds(self) -> bool:
        """Whether the live rows are exactly the fold of the history."""
        return self.live == self.rebuilt


class Snapshot:
    """Both tables in one moment that has passed, summed there."""

    def __init__(self, connection: Connection, shadow: Shadow, live: Sum, rebuilt: Sum) -> None:
        self._connection, self._shadow, self._live, self._rebuilt = connection, shadow, live, rebuilt

    @classmethod
    async def of(cls, connection: Connection, shadow: Shadow) -> Self:
        """Sum both tables whole, in this connection's transaction."""
        live, rebuilt = [await _sum(connection, shadow, table) for table in (shadow.live, shadow.name)]
        return cls(connection, shadow, live, rebuilt)

    async def proof(self, now: Connection, keys: Collection[str], events: int) -> Proof:
        """The proof at the moment of `now`, which holds the locks: since the snapshot only rows of `keys` changed."""
        shadow = self._shadow
        live = self._live.changed(*await self._parts(now, shadow.live, keys))
        rebuilt = self._rebuilt.changed(*await self._parts(now, shadow.name, keys))
        return Proof(shadow.view.table.name, events, live, rebuilt)

    async def _parts(self, now: Connection, table: str, keys: Collection[str]) -> tuple[Sum, Sum]:
        where, chosen = f"WHERE {self._shadow.view.id} = ANY($1)", list(keys)
        before = await _sum(self._connection, self._shadow, table, where, chosen)
        return before, await _sum(now, self._shadow, table, where, chosen)


@asynccontextmanager
async def snapshot(pool: Pool, shadow: Shadow) -> AsyncIterator[Snapshot]:
    """A snapshot of both tables, on a connection of its own. It keeps the tables from being dropped while it lasts."""
    async with transact(pool, "repeatable_read") as connection:
        await connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        yield await Snapshot.of(connection, shadow)


async def _sum(connection: Connection, shadow: Shadow, table: str, where: str = "", *arguments: object) -> Sum:
    statement = SUM.format(columns=", ".join(shadow.columns), table=table, where=where)
    row = await connection.fetchrow(statement, *arguments)
    assert row is not None  # an aggregate always gives a row
    return Sum(row["rows"], int(row["hash"]))
