"""A view over another service's events: batched and duplicate-proof, against an upsert alone and FastStream."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import msgspec
from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import WORDS, JobRow, NoteTaken, heard_view, job, jobs
from bench.world import World
from deploy.devstack.kafka import one_broker
from libs.events.inbox.inbox import Inbox
from libs.events.log import rows
from libs.events.log.store import Store
from libs.events.transport import wire
from libs.events.transport.kafka import ensure_topics, topic
from libs.events.transport.wire import Message, message

MESSAGES = 10_000
SINGLE = 400
TICKETS = 2_000
BATCH = 500

UPSERT_ONE = """
INSERT INTO jobs (id, notes, author, touched_at) VALUES ($1, 1, $2, $3)
ON CONFLICT (id) DO UPDATE SET notes = jobs.notes + 1, author = excluded.author, touched_at = excluded.touched_at
"""

UPSERT_MANY = """
INSERT INTO jobs (id, notes, author, touched_at)
SELECT id, count(*), max(author), max(at)
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS n (id, author, at) GROUP BY id
ON CONFLICT (id) DO UPDATE SET notes = jobs.notes + excluded.notes, author = excluded.author,
    touched_at = excluded.touched_at
"""


async def views(world: World) -> AsyncIterator[Row]:
    """The three rows of a cross-service view."""
    async with world.store("bench_view", [heard_view]) as (store, _):
        inbox = Inbox(store, job.events, views=[heard_view])
        await inbox.open()
        lanes = Lanes()

        async def ours() -> Measured:
            messages = lanes.messages(MESSAGES)
            measured = await timed(MESSAGES, _take(inbox, messages))
            await inbox.take(messages[-BATCH:])
            await _check(store, lanes.said)
            return measured

        async def upsert_only() -> Measured:
            batches = [_folded(lanes.ids) for _ in range(MESSAGES // BATCH)]
            return await timed(MESSAGES, _upsert(store, batches))

        yield await Comparison("cross-service view", "upsert only", 0.4, 0.7).run(ours, upsert_only)
        await ensure_topics(world.stack.kafka_cluster, ["bare"])
        async with world.store("bench_faststream") as (other, _):
            stream = FastStreamPeer(world.stack.kafka_bootstrap, other)
            comparison = Comparison("cross-service view", "FastStream, one transaction a message", 20, 60)
            yield await comparison.run(ours, stream.one_by_one)
            yield await Comparison("cross-service view", "FastStream, batch", 1.3, 2).run(ours, stream.in_batches)


class Lanes:
    """Another service's messages, each lane with its own seq, about the same tickets again and again."""

    def __init__(self) -> None:
        self.ids = [str(uuid7()) for _ in range(TICKETS)]
        self.said = 0
        self._seqs = dict.fromkeys(range(16), 0)

    def messages(self, count: int) -> list[Message]:
        """The next so many, as they come from Kafka."""
        return [self._message(self.ids[n % TICKETS]) for n in range(count)]

    def _message(self, ticket_id: str) -> Message:
        lane = crc32(ticket_id.encode()) % 16
        self._seqs[lane] += 1
        self.said += 1
        now = datetime.now(UTC)
        row: dict[str, Any] = {
            "id": str(uuid7()), "epoch": 1, "type": NoteTaken.type_name, "occurred_at": now, "recorded_at": now,
            "key": ticket_id, "schema_version": 1, "lane": lane, "seq": self._seqs[lane],
            "correlation_id": None, "causation_id": None, "traceparent": None,
        }  # fmt: skip
        headers = {name: value.decode() for name, value in wire.headers("bench", row)}
        return message(headers, _data(ticket_id))


def _data(ticket_id: str) -> bytes:
    return msgspec.json.encode(NoteTaken(ticket_id=ticket_id, number=1, author="bench", words=WORDS))


async def _take(inbox: Inbox, messages: Sequence[Message]) -> None:
    for start in range(0, len(messages), BATCH):
        await inbox.take(messages[start : start + BATCH])


async def _check(store: Store, said: int) -> None:
    counted = await store.pool.fetchval("SELECT sum(notes) FROM jobs WHERE author = 'bench'")
    if counted != said:
        raise AssertionError(f"{said} notes were said, the view counts {counted}")


def _folded(ids: Sequence[str]) -> list[JobRow]:
    """What a batch comes to: the same rows as ours writes, ready in memory."""
    return [JobRow(f"peer-{id}", 1, "peer", datetime.now(UTC)) for id in ids[:BATCH]]


async def _upsert(store: Store, batches: Sequence[Sequence[JobRow]]) -> None:
    for batch in batches:
        sql, arguments = rows.upsert(jobs, batch)
        await store.pool.execute(sql, *arguments)


class FastStreamPeer:
    """FastStream's subscribers on a topic that is filled beforehand; measured from the first that was handled on."""

    def __init__(self, bootstrap: str, store: Store) -> None:
        self._bootstrap = bootstrap
        self._store = store
        self._ids = [str(uuid7()) for _ in range(TICKETS)]

    async def one_by_one(self) -> Measured:
        """A transaction a message."""
        done = _Countdown(SINGLE)

        async def handle(body: dict[str, Any]) -> None:
            async with self._store.pool.acquire() as connection, connection.transaction():
                await connection.execute(UPSERT_ONE, body["ticket_id"], body["author"], datetime.now(UTC))
            done.count(1)

        return await self._consume(handle, SINGLE, done)

    async def in_batches(self) -> Measured:
        """A transaction a batch."""
        done = _Countdown(MESSAGES)

        async def handle(bodies: list[dict[str, Any]]) -> None:
            now = datetime.now(UTC)
            async with self._store.pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    UPSERT_MANY,
                    [body["ticket_id"] for body in bodies],
                    [body["author"] for body in bodies],
                    [now] * len(bodies),
                )
            done.count(len(bodies))

        return await self._consume(handle, MESSAGES, done, batch=True, max_records=BATCH)

    async def _consume(self, handle: Any, count: int, done: "_Countdown", **options: Any) -> Measured:
        service = f"bare-{uuid7()}"
        await ensure_topics(one_broker(self._bootstrap), [service])
        await self._fill(topic(service), count)
        broker = KafkaBroker(self._bootstrap, logger=None)
        broker.subscriber(topic(service), group_id=service, auto_offset_reset="earliest", **options)(handle)
        await broker.start()
        try:
            left = await done.begun()
            return await timed(left, done.finished())
        finally:
            await broker.stop()

    async def _fill(self, name: str, count: int) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, linger_ms=5)
        await producer.start()
        for number in range(count):
            ticket_id = self._ids[number % TICKETS]
            await producer.send(name, _data(ticket_id), key=ticket_id.encode())
        await producer.stop()


class _Countdown:
    """Counts what was handled: the first tells that the subscriber has joined, the last that it is done."""

    def __init__(self, total: int) -> None:
        self._left = total
        self._begun, self._done = asyncio.Event(), asyncio.Event()

    def count(self, handled: int) -> None:
        """So many more were handled."""
        self._left -= handled
        self._begun.set()
        if self._left <= 0:
            self._done.set()

    async def begun(self) -> int:
        """Wait for the first; how many are left."""
        await asyncio.wait_for(self._begun.wait(), 60)
        return self._left

    async def finished(self) -> None:
        """Wait for the last."""
        await asyncio.wait_for(self._done.wait(), 120)
