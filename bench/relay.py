"""Relay: seal, publish and advance the cursor, against sending the same messages with aiokafka."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import TakeNote, job
from bench.world import World
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.log.unit import Unit
from libs.events.message import AnyRecorded
from libs.events.transport import wire
from libs.events.transport.feed import FEED
from libs.events.transport.kafka import ensure_topics, topic
from libs.events.transport.relay import Relay

EVENTS = 10_000
SERVICE = "relayed"
TICKETS = 500


async def relay(world: World) -> AsyncIterator[Row]:
    """The row of the relay."""
    bootstrap = world.stack.kafka_bootstrap
    await ensure_topics(world.stack.kafka_cluster, [SERVICE, "bare"])
    async with world.store("bench_relay") as (store, database):
        working = Relay(store.pool, database.url, SERVICE, world.stack.kafka_cluster)
        await store.pool.execute("UPDATE cursor SET owner = $1", working.owner)
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=5)
        await producer.start()

        async def ours() -> Measured:
            await _fill(store)
            measured = await timed(EVENTS, _drain(working))
            if await store.pool.fetchval("SELECT count(*) FROM outbox"):
                raise AssertionError("the outbox is not empty")
            return measured

        async def peer() -> Measured:
            messages = await _messages(store)
            return await timed(len(messages), _send(producer, messages))

        yield await Comparison("relay: seal, publish, cursor", "raw aiokafka send", 0.7, 1.4).run(ours, peer)
        await producer.stop()
        await working.stop()


async def _fill(store: Store) -> None:
    unit = Unit(datetime.now(UTC), _nothing)
    for _ in range(TICKETS):
        id = str(uuid7())
        await unit.decide(job.create(id, TakeNote(id, times=EVENTS // TICKETS)), Intent())
    await store.append(unit, store.pool)


async def _nothing(stream: str) -> list[AnyRecorded]:
    return []


async def _drain(relay: Relay) -> None:
    while await relay.step():
        pass


async def _messages(store: Store) -> list[tuple[bytes, bytes, list[tuple[str, bytes]]]]:
    """The same events' keys, values and headers, ready in memory: the peer is spared the reading."""
    rows = []
    for lane in range(16):
        rows.extend(await store.pool.fetch(FEED, lane, 0, 0, EVENTS // 16))
    return [(row["key"].encode(), row["data"].encode(), wire.headers(SERVICE, row)) for row in rows]


async def _send(producer: AIOKafkaProducer, messages: list[tuple[bytes, bytes, list[tuple[str, bytes]]]]) -> None:
    futures = [await producer.send(topic("bare"), value, key=key, headers=headers) for key, value, headers in messages]
    for future in futures:
        await future
