"""Copies of compacted topics: a table that follows another service's rows, newest version first, tombstones obeyed.

Every worker reads every partition; how far a copy is stands beside it and moves with it, so that no two apply the same.
`python -m libs.events.transport.copies dispatch` empties the copies of a service; its workers read them anew.
"""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

import asyncpg
import msgspec
import structlog
import typer

from libs.events.database.connections import Address, Connection, Pool, connect, savepoint, transact
from libs.events.database.outage import Outage, plainly
from libs.events.errors import described
from libs.events.transport.broker import Kafka
from libs.events.transport.compacted import Compacted
from libs.events.transport.kafka import KAFKA_ERRORS, Snapshot, Version, ensure_compacted

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0

OPEN = """
INSERT INTO copied (topic, partition, next_offset) SELECT $1, p, 0 FROM unnest($2::int[], $3::bigint[]) AS e (p, last)
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = 0
WHERE copied.next_offset > (SELECT last FROM unnest($2::int[], $3::bigint[]) AS e (p, last) WHERE p = copied.partition)
"""
"""A copy that is further than its topic was made from another one: it begins again."""

WHERE = "SELECT next_offset FROM copied WHERE topic = $1 AND partition = $2 FOR UPDATE"
MOVE = "UPDATE copied SET next_offset = $3 WHERE topic = $1 AND partition = $2"


UNFIT = (ValueError, msgspec.MsgspecError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""What says that a record is no row of this table."""


class Rewound(Exception):
    """The copy is to be read again from an earlier record."""


class Head(msgspec.Struct):
    """What every row has."""

    id: str
    version: int


class Receiver:
    """Keeps one copy: `copy.table` has `id`, `version`, and those of the shown columns that are wanted here."""

    def __init__(self, pool: Pool, kafka: Kafka, copy: Compacted) -> None:
        self.pool, self.kafka, self.copy = pool, kafka, copy
        self._put = _upsert(copy)

    async def run(self) -> None:
        """For ever, with pauses while PostgreSQL or Kafka is out of reach."""
        outage = Outage("copy out of reach", topic=self.copy.topic)
        while True:
            async with outage.ridden_out(*KAFKA_ERRORS):
                snapshot = Snapshot(self.kafka, self.copy.topic)
                try:
                    await self._follow(snapshot, outage)
                except Rewound:
                    log.info("copy begins again", topic=self.copy.topic)
                finally:
                    await snapshot.stop()

    async def _follow(self, snapshot: Snapshot, outage: Outage) -> None:
        """Apply what comes, until the snapshot is out of date. Raises Rewound."""
        await ensure_compacted(self.kafka, self.copy.topic)
        await self.open(snapshot)
        outage.over()
        while snapshot.current:
            await self.take(await snapshot.poll(POLL_SECONDS))
            await self._check(snapshot)

    async def open(self, snapshot: Snapshot) -> None:
        """Go on where the copy is."""
        ends = await snapshot.start()
        await self.pool.execute(OPEN, self.copy.topic, list(ends), list(ends.values()))
        snapshot.seek({partition: at for partition, at in (await self._positions()).items() if partition in ends})

    async def _positions(self) -> dict[int, int]:
        rows = await self.pool.fetch("SELECT partition, next_offset FROM copied WHERE topic = $1", self.copy.topic)
        return {row["partition"]: row["next_offset"] for row in rows}

    async def _check(self, snapshot: Snapshot) -> None:
        """Raises Rewound when somebody set the copy back."""
        stored = await self._positions()
        if any(stored.get(partition, 0) < at for partition, at in snapshot.positions.items()):
            raise Rewound

    async def take(self, versions: Sequence[Version]) -> None:
        """Apply what came, a transaction for each partition. Raises Rewound."""
        for partition, group in groupby(versions, key=lambda version: version.partition):
            async with transact(self.pool) as connection:
                await self._apply(connection, partition, list(group))

    async def _apply(self, connection: Connection, partition: int, versions: Sequence[Version]) -> None:
        at = await connection.fetchval(WHERE, self.copy.topic, partition)
        if at is None or at < versions[0].after:
            raise Rewound
        for version in versions:
            if version.offset >= at:
                await self._one(connection, version)
        await connection.execute(MOVE, self.copy.topic, partition, max(at, versions[-1].offset + 1))

    async def _one(self, connection: Connection, version: Version) -> None:
        if version.value is None:
            await connection.execute(f"DELETE FROM {self.copy.table.name} WHERE id = $1", version.key)
            return
        try:
            head = msgspec.json.decode(version.value, type=Head)
            if head.id != version.key:
                raise ValueError("its id is not its key")
            async with savepoint(connection):
                await connection.execute(self._put, version.value.decode())
        except UNFIT as error:
            log.warning("no row of ours", topic=self.copy.topic, offset=version.offset, error=described(error))


def _upsert(copy: Compacted) -> str:
    """The newer version wins, and nobody who was erased comes back."""
    table = copy.table.name
    changes = ", ".join(f"{c.name} = excluded.{c.name}" for c in copy.table.columns if c.name != "id")
    return (
        f"INSERT INTO {table} SELECT r.* FROM jsonb_populate_record(NULL::{table}, $1::jsonb) AS r "
        "WHERE NOT EXISTS (SELECT FROM erasure AS e WHERE e.subject_id = r.id) "
        f"ON CONFLICT (id) DO UPDATE SET {changes} WHERE {table}.version < excluded.version"
    )


async def begin_again(pool: Pool, copy: Compacted) -> None:
    """Empty a copy; the workers read the topic from its beginning."""
    async with transact(pool) as connection:
        await connection.execute("UPDATE copied SET next_offset = 0 WHERE topic = $1", copy.topic)
        await connection.execute(f"DELETE FROM {copy.table.name}")


async def _main(service: str, copies: Sequence[Compacted]) -> None:
    pool = await connect(Address.of(f"{service.upper()}_DATABASE"), size=1)
    for copy in copies:
        await begin_again(pool, copy)
    await pool.close()


def main(service: str) -> None:
    """Read a service's copies of compacted topics again, while it runs."""
    app: Any = import_module(f"services.{service}.app").service
    with plainly(service):
        asyncio.run(_main(service, app.copies))
    print(f"{service}: {', '.join(copy.topic for copy in app.copies) or 'nothing'} is read from the beginning")


if __name__ == "__main__":
    typer.run(main)
