"""A compacted topic: the newest version of each row of a table by its id, for the copies that other services keep.

It stands beside the events: rows are personal data, so they travel without lane and seq, the newer version wins, and a
row that is gone is a tombstone. A trigger on the table notes the ids of what changed; the row is read when it is sent.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from zlib import crc32

import sqlalchemy as sa

from libs.events.database import lease
from libs.events.database.connections import Address, Connection, Pool
from libs.events.database.outage import Outage
from libs.events.database.schema import LANES
from libs.events.transport.broker import Kafka
from libs.events.transport.kafka import KAFKA_ERRORS, Producer, Record, end_offsets, ensure_compacted

MOST = 200
POLL_SECONDS = 0.5
SENDER_LOCK = 4_711_002
"""The advisory lock, in the service's own database, of the one process that sends."""

PENDING = "SELECT key, change FROM changed WHERE topic = $1 ORDER BY change LIMIT $2"

SENT = """
WITH sent AS (
    DELETE FROM changed USING unnest($2::text[], $3::uuid[]) AS s (key, change)
    WHERE topic = $1 AND changed.key = s.key AND changed.change = s.change RETURNING changed.key
)
INSERT INTO changed (topic, key)
SELECT $1, key FROM unnest($2::text[]) AS s (key) WHERE key NOT IN (SELECT key FROM sent)
ON CONFLICT DO NOTHING
"""
"""What changed meanwhile stays noted. What somebody else has sent meanwhile is sent again: ours may have come later."""

ERASED = "INSERT INTO changed (topic, key) SELECT $1, subject_id FROM erasure ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Compacted:
    """A table and the topic of its rows. The table's columns are `id`, `version` (from 1), and what is shown."""

    topic: str
    table: sa.Table


async def show_all(source: Pool, shown: Compacted) -> None:
    """Note every row as changed, and everybody who was erased: the whole topic is sent once more."""
    await source.execute(
        f"INSERT INTO changed (topic, key) SELECT $1, id FROM {shown.table.name} ON CONFLICT DO NOTHING", shown.topic
    )
    await source.execute(ERASED, shown.topic)


class Sender:
    """Sends what is noted of one table; one process of a service does at a time."""

    def __init__(self, pool: Pool, database: Address | str, kafka: Kafka, shown: Compacted) -> None:
        self.pool, self.database, self.kafka, self.shown = pool, database, kafka, shown
        self._producer: Producer | None = None
        self._partitions = 1

    async def run(self) -> None:
        """For ever, with pauses while PostgreSQL or Kafka is out of reach."""
        outage = Outage("sender out of reach", topic=self.shown.topic)
        while True:
            async with outage.ridden_out(*KAFKA_ERRORS):
                try:
                    await lease.held(self.database, SENDER_LOCK, self._lead)
                finally:
                    await self.stop()

    async def _lead(self, _connection: Connection) -> None:
        await self.open()
        while self._producer is not None and self._producer.current:
            if not await self.step():
                await asyncio.sleep(POLL_SECONDS)

    async def open(self) -> None:
        """Reach Kafka. An empty topic gets everything, whoever made it; every erasure is shown again in any case."""
        await ensure_compacted(self.kafka, self.shown.topic)
        self._producer = producer = Producer(self.kafka, self.shown.topic)
        self._partitions = await producer.start()
        ends = await end_offsets(self.kafka, self.shown.topic, range(self._partitions))
        if not any(ends.values()):
            await show_all(self.pool, self.shown)
        else:
            await self.pool.execute(ERASED, self.shown.topic)

    async def step(self) -> int:
        """Send what is noted, at most MOST rows: how many."""
        assert self._producer is not None
        noted = await self.pool.fetch(PENDING, self.shown.topic, MOST)
        if not noted:
            return 0
        keys = [row["key"] for row in noted]
        for partition, records in (await self._records(keys)).items():
            await self._producer.send(partition, records)
        await self.pool.execute(SENT, self.shown.topic, keys, [row["change"] for row in noted])
        return len(noted)

    async def _records(self, keys: Sequence[str]) -> dict[int, list[Record]]:
        found = await self.pool.fetch(
            f"SELECT id, to_jsonb(t)::text AS row FROM {self.shown.table.name} AS t WHERE id = ANY($1)", keys
        )
        rows = {row["id"]: row["row"].encode() for row in found}
        records: dict[int, list[Record]] = defaultdict(list)
        for key in keys:
            headers = [("content-type", b"application/json")] if key in rows else []
            records[partition(key, self._partitions)].append((key.encode(), rows.get(key), headers))
        return records

    async def stop(self) -> None:
        """Let go of Kafka."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(*KAFKA_ERRORS):
                await producer.stop()


def partition(key: str, partitions: int) -> int:
    """The partition of a key: its lane's, as for events."""
    return crc32(key.encode()) % LANES % partitions
