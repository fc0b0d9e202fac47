"""A service's own log as the history of a view: whole streams, folded anew where something came since.

To a count is added what came since, and no more.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from libs.events.database.connections import Connection, Source, transact
from libs.events.log.store import COLUMNS, Store
from libs.events.message import AnyRecorded
from libs.events.projection.shadow import Shadow
from libs.events.view import Count

BATCH = 5000

ALL = f"SELECT {COLUMNS} FROM event WHERE position <= $1 ORDER BY stream, version"

LATE = f"""
SELECT {COLUMNS} FROM event
WHERE position <= $1 AND stream IN (SELECT stream FROM event WHERE position > $2 AND position <= $1)
ORDER BY stream, version
"""


class OwnHistory:
    """The log up to `until`, a position below which nobody was writing."""

    LOCK = "event"

    def __init__(self, store: Store, shadow: Shadow) -> None:
        self._store, self._shadow = store, shadow
        self._until = self._folded = self.events = 0

    async def begin(self) -> None:
        """Make the shadow, and fold the log into it."""
        until = await self._settled()
        async with transact(self._store.pool) as connection:
            await connection.execute("SET LOCAL statement_timeout = 0")
            await self._shadow.create(connection)
            await self._fold(connection, ALL, until)
        self._until, self._folded = until, await _count(self._store.pool, 0, until)

    async def behind(self) -> int:
        """How many events came since."""
        return await _count(self._store.pool, self._until, 2**63 - 1)

    async def follow(self) -> set[str]:
        """Fold anew the streams that were written to since."""
        until = await self._settled()
        async with transact(self._store.pool) as connection:
            await connection.execute("SET LOCAL statement_timeout = 0")
            keys = await self._fold(connection, LATE, until, self._until)
            number = await _count(connection, self._until, until)
        self._until, self._folded = until, self._folded + number
        return keys

    async def finish(self, connection: Connection) -> set[str]:
        """The same under the lock, where the log is complete. Nothing of it is remembered: it may be rolled back."""
        until: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM event")
        keys = await self._fold(connection, LATE, until, self._until)
        self.events = self._folded + await _count(connection, self._until, until)
        return keys

    async def _settled(self) -> int:
        """A position up to which the log is complete: seen under a lock that waits for whoever is writing."""
        async with transact(self._store.pool) as connection:
            await connection.execute("LOCK TABLE event IN SHARE MODE")
            until: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM event")
            return until

    async def _fold(self, connection: Connection, query: str, until: int, *since: int) -> set[str]:
        """Fold whole streams, of which everything up to `since` is in the shadow; the keys. Raises ManyStreams."""
        keys: set[str] = set()
        async for history in self._streams(connection, query, until, *since):
            rows = self._rows(history, *since)
            await self._shadow.own(connection, history)
            await self._shadow.put(connection, rows)
            keys |= rows.keys()
        return keys

    def _rows(self, history: Sequence[AnyRecorded], since: int = 0) -> dict[str, Any]:
        """The rows of these streams, or what their events after `since` add to a count."""
        view = self._shadow.view
        if not isinstance(view, Count):
            return view.fold(history)
        known = [recorded for recorded in history if recorded.position <= since]
        return view.added((recorded for recorded in history if recorded.position > since), view.fold(known))

    async def _streams(self, connection: Connection, query: str, *bounds: int) -> AsyncIterator[list[AnyRecorded]]:
        """Whole streams, many at a time, in order."""
        held: list[AnyRecorded] = []
        cursor = await connection.cursor(query, *bounds)
        while rows := await cursor.fetch(BATCH):  # row by row, asking would take as long as reading
            held += map(self._store.recorded, rows)
            if whole := _before_last_stream(held):
                yield held[:whole]
                del held[:whole]
        yield held


def _before_last_stream(history: Sequence[AnyRecorded]) -> int:
    """How many events stand before those of the last stream, which may go on."""
    number, last = len(history), history[-1].stream
    if history[0].stream == last:
        return 0
    while history[number - 1].stream == last:
        number -= 1
    return number


async def _count(source: Source, after: int, until: int) -> int:
    query = "SELECT count(*) FROM event WHERE position > $1 AND position <= $2"
    count: int = await source.fetchval(query, after, until)
    return count
