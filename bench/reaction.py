"""Reaction: from a command's commit to the commit of what another service made of it, against produce and consume."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from statistics import median
from time import perf_counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from uuid_utils import uuid7

from bench.append import DATA
from bench.comparison import Comparison, Measured, Row, cpu_seconds
from bench.domain import TakeNote, job
from bench.world import World
from libs.events import AnyRecorded, Story
from libs.events.inbox.consumer import Consumer
from libs.events.inbox.inbox import Inbox
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.transport.feed import Feed, Head
from libs.events.transport.kafka import ensure_topics, topic
from libs.events.transport.relay import Relay
from libs.events.transport.wire import Message

MESSAGES = 150
EVERY_SECONDS = 0.01


class NoFeed(Feed):
    """Kafka brings everything here."""

    async def heads(self, service: str) -> dict[int, Head]:
        return {}

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        return []


async def reaction(world: World) -> AsyncIterator[Row]:
    """The row of the reaction's delay."""
    bootstrap = world.stack.kafka_bootstrap
    await ensure_topics(world.stack.kafka_cluster, ["bench", "bare"])
    async with world.store("bench_from") as (source, database), world.store("bench_to") as (target, _):
        relay = Relay(source.pool, database.url, "bench", world.stack.kafka_cluster)
        source.on_commit = relay.wake
        heard = asyncio.Queue[float]()
        inbox = Inbox(target, job.events, {next(iter(job.events)): _react})
        target.on_commit = lambda: heard.put_nowait(perf_counter())
        consumer = Consumer(inbox, world.stack.kafka_cluster, NoFeed())
        tasks = [asyncio.create_task(relay.run()), asyncio.create_task(consumer.run())]
        async with Bare(bootstrap) as bare:
            comparison = Comparison("command to reaction, both committed, p50", "raw produce to consume", 0.17, 0.33)
            await _first(source, heard)
            yield await comparison.run(lambda: _ours(source, heard), bare.round)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await relay.stop()


def _react(recorded: AnyRecorded) -> Story:
    yield job.create(f"copy-{recorded.id}", TakeNote(recorded.event.ticket_id))


async def _first(source: Store, heard: asyncio.Queue[float]) -> None:
    """Wait until both ends are joined up."""
    id = str(uuid7())
    await source.run(job.create(id, TakeNote(id)), Intent())
    await asyncio.wait_for(heard.get(), 60)


async def _ours(source: Store, heard: asyncio.Queue[float]) -> Measured:
    delays, cpu = [], cpu_seconds()
    for _ in range(MESSAGES):
        id = str(uuid7())
        await source.run(job.create(id, TakeNote(id)), Intent())
        committed = perf_counter()
        delays.append(await asyncio.wait_for(heard.get(), 30) - committed)
        await asyncio.sleep(EVERY_SECONDS)
    return Measured(1, median(delays), (cpu_seconds() - cpu) / MESSAGES)


class Bare:
    """A producer and a consumer with nothing between them."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
        self._consumer = AIOKafkaConsumer(topic("bare"), bootstrap_servers=bootstrap, auto_offset_reset="latest")

    async def __aenter__(self) -> "Bare":
        await self._producer.start()
        await self._consumer.start()
        await self._consumer.seek_to_end()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._consumer.stop()

    async def round(self) -> Measured:
        delays = []
        for _ in range(MESSAGES):
            begun = perf_counter()
            await self._producer.send_and_wait(topic("bare"), DATA.encode(), key=b"key")
            await self._consumer.getone()
            delays.append(perf_counter() - begun)
            await asyncio.sleep(EVERY_SECONDS)
        return Measured(1, median(delays))
