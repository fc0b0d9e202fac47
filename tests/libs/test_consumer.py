"""The consumer on real Kafka: what Kafka brings twice, late or never has one effect each, in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from libs.events.database.connections import connect, transact
from libs.events.inbox import consumer as consumers
from libs.events.inbox import parking
from libs.events.inbox.consumer import Consumer
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.metrics import DUPLICATES, GAPS, REPAIRED, TOPICS_ANEW
from libs.events.transport.feed import Head
from libs.events.transport.kafka import topic
from libs.events.transport.relay import Relay
from libs.events.transport.wire import lane
from tests.conftest import Topics
from tests.libs.conftest import Desk, NewKernel, Post, make_inbox
from tests.libs.counted import comes_to_move, moves
from tests.libs.parcel import Move, ParcelMoved, moved_at, parcel_list, parcels
from tests.libs.topic import delete_offsets, delete_records, delete_topic, make_topic, produce, produce_unreadable
from tests.locks import WAITING
from tests.servers import Servers


@dataclass
class Wire:
    """A post office with a topic of its own, its relay, and a desk whose group is its own too."""

    name: str
    moved: type[ParcelMoved]
    post: Post
    relay: Relay
    desk: Desk
    servers: Servers

    @property
    def bootstrap(self) -> str:
        return self.servers.kafka_bootstrap

    async def move(self, id: str, times: int = 1) -> None:
        await self.post.store.run(parcels(self.moved).on(id, Move(times)), Intent())

    async def send(self) -> None:
        """All that was said stands on the topic."""
        await self.post.store.pool.execute("UPDATE cursor SET owner = $1", self.relay.owner)
        while await self.relay.step():
            pass

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[Consumer]:
        """A consumer at work, as one process."""
        pool = await connect(self.desk.database.url, 3)
        inbox = make_inbox(pool, self.moved)
        inbox.store.name = self.desk.inbox.consumer
        consumer = Consumer(inbox, self.servers.kafka, self.post)
        task = asyncio.create_task(consumer.run())
        try:
            yield consumer
            assert not task.done(), task
        finally:
            task.cancel()
            await asyncio.wait([task])
            pool.terminate()

    async def until_entered(self, id: str, moves: int) -> None:
        async with asyncio.timeout(60):
            while len(await self.desk.book(id)) < moves:  # noqa: ASYNC110  # it is the database's
                await asyncio.sleep(0.05)
        assert await self.desk.book(id) == list(range(1, moves + 1))
        assert await self.desk.tally(id) == moves


@pytest.fixture
async def wire(new_kernel: NewKernel, desk: Desk, stack: Servers, topics: Topics) -> AsyncIterator[Wire]:
    name = f"post_{uuid4().hex[:10]}"
    await topics(name)
    moved = moved_at(name)
    database = await new_kernel()
    pool = await connect(database.url, 5)
    post = Post(database, Store(pool, name, parcels(moved).events, [parcel_list]))
    relay = Relay(pool, database.url, name, stack.kafka)
    inbox = make_inbox(desk.pool, moved)
    inbox.store.name = f"desk_{name}"
    yield Wire(name, moved, post, relay, Desk(desk.database, inbox), stack)
    await relay.stop()
    pool.terminate()


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110  # it is a database's or Kafka's
            await asyncio.sleep(0.05)


def has_heard(events: int, *consumers: Consumer) -> Callable[[], Awaitable[bool]]:
    """They heard so many together, by their own account, which comes a moment after that of the database."""

    async def heard() -> bool:
        return sum(consumer.progress for consumer in consumers) >= events

    return heard


async def test_what_is_sent_is_heard_and_heard_on_after_a_restart_with_offsets_lost(wire: Wire) -> None:
    async with wire.hearing():
        await wire.move("a", times=20)
        await wire.send()
        await wire.until_entered("a", 20)
    await delete_offsets(wire.bootstrap, f"aftercare.{wire.desk.inbox.consumer}", topic(wire.name))
    async with wire.hearing(), comes_to_move(DUPLICATES):
        await wire.move("a", times=5)
        await wire.send()
        await wire.until_entered("a", 25)


async def test_two_members_of_a_group_share_the_work_and_one_that_leaves_is_replaced(wire: Wire) -> None:
    async with wire.hearing() as second:
        async with wire.hearing() as first:
            for id in range(12):
                await wire.move(str(id), times=5)
            await wire.send()
            for id in range(12):
                await wire.until_entered(str(id), 5)
            await until(has_heard(60, first, second))
        await wire.move("0", times=5)
        await wire.send()
        await wire.until_entered("0", 10)


async def test_a_topic_made_anew_repeats_nothing_and_loses_nothing(wire: Wire) -> None:
    async with wire.hearing():
        await wire.move("a", times=10)
        await wire.send()
        await wire.until_entered("a", 10)
        await delete_topic(wire.bootstrap, topic(wire.name))
        await make_topic(wire.bootstrap, topic(wire.name), 16)
        await wire.relay.stop()
        await wire.move("a", times=3)
        with moves(TOPICS_ANEW):
            await wire.send()
    async with wire.hearing() as fresh:
        await wire.move("a")
        await wire.send()
        await wire.until_entered("a", 14)
        await until(has_heard(1, fresh))


async def test_what_kafka_lost_is_fetched_from_the_source_when_the_next_comes(wire: Wire) -> None:
    await wire.move("a", times=10)
    await wire.send()
    await delete_records(wire.bootstrap, topic(wire.name), 6)
    async with wire.hearing(), comes_to_move(GAPS), comes_to_move(REPAIRED):
        await wire.until_entered("a", 10)


async def test_what_kafka_never_brings_is_fetched_after_two_looks_at_the_heads(wire: Wire) -> None:
    await wire.move("a", times=10)
    await wire.post.seal()
    consumer = Consumer(wire.desk.inbox, wire.servers.kafka, wire.post)
    await wire.desk.inbox.open()
    await consumer.catch_up()
    assert await wire.desk.book("a") == []
    with moves(REPAIRED, by=10):
        await consumer.catch_up()
    await wire.until_entered("a", 10)


async def test_the_heads_are_looked_at_soon_after_the_start_and_seldom_from_then_on(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "FIRST_HEADS_SECONDS", 0.0)
    monkeypatch.setattr(consumers, "HEADS_SECONDS", 3600.0)
    asked = asyncio.Queue[str]()

    async def heads(source: str) -> dict[int, Head]:
        await asked.put(source)
        return {}

    monkeypatch.setattr(wire.post, "heads", heads)
    watching = asyncio.create_task(Consumer(wire.desk.inbox, wire.servers.kafka, wire.post).watch_heads())
    async with asyncio.timeout(60):
        assert await asked.get() == wire.name
    await asyncio.sleep(0.1)
    assert asked.empty()
    watching.cancel()


async def test_a_consumer_that_is_to_end_finishes_the_batch_in_its_hands(wire: Wire) -> None:
    consumer = Consumer(wire.desk.inbox, wire.servers.kafka, wire.post)
    task = asyncio.create_task(consumer.run())
    await wire.move("a")
    await wire.send()
    await wire.until_entered("a", 1)
    await wire.move("a", times=3)
    async with transact(wire.desk.pool) as connection:
        await connection.execute("SELECT FROM position FOR UPDATE")
        await wire.send()
        await until(lambda: wire.desk.pool.fetchval(WAITING))
        consumer.end()
    await asyncio.wait_for(task, 30)
    assert (await wire.desk.book("a"), await wire.desk.tally("a")) == ([1, 2, 3, 4], 4)


async def test_anything_else_on_the_topic_is_parked_and_stops_nobody(wire: Wire) -> None:
    """A value that is none, headers that are none, a header without a value, a tombstone; names that are no text."""
    name = topic(wire.name)
    rubbish: list[tuple[bytes | None, list[tuple[Any, Any]]]] = [
        (b"\xff", []),
        (b"{}", [("ce_id", b"1")]),
        (b"{}", [("ce_source", None)]),
        (None, [("x", b"\x00\xff")]),
        (b"{}", [("x", rb"{\"x\": \"\u0000\"}")]),
        (b"{}", [("ce_partitionkey", b"k" * 5000)]),
    ]
    for value, headers in rubbish:
        await produce(wire.bootstrap, name, 0, value, headers)
    await produce_unreadable(wire.bootstrap, name, 0)
    async with wire.hearing():
        for id in range(8):
            await wire.move(str(id), times=3)
        await wire.send()
        for value, headers in rubbish:
            await produce(wire.bootstrap, name, 1, value, headers)
        await produce_unreadable(wire.bootstrap, name, 1)
        for id in range(8):
            await wire.move(str(id), times=3)
        await wire.send()
        for id in range(8):
            await wire.until_entered(str(id), 6)

        async def all_parked() -> bool:
            return len(await parking.listed(wire.desk.pool)) == 2 * (len(rubbish) + 3)

        await until(all_parked)


async def test_who_speaks_in_anothers_name_or_on_a_foreign_lane_is_no_event_of_ours(wire: Wire) -> None:
    """Rights are by topic: intake's user may write to intake's topic only, and must not speak as dispatch there."""
    await wire.move("a")
    await wire.post.seal()
    (said,) = await wire.post.events(wire.name, lane("parcel-a"), 0, 1)
    ours = said.headers | {"ce_id": str(uuid4()), "ce_sequence": "2"}
    place = said.lane % 16
    forged = [
        (place, ours | {"ce_source": "/aftercare/another/1", "ce_type": "another.ParcelMoved"}),
        (place, ours | {"ce_partitionkey": "parcel-of-another-lane"}),
        ((place + 1) % 16, ours),
    ]
    for partition, headers in forged:
        pairs = [(name, value.encode()) for name, value in headers.items()]
        await produce(wire.bootstrap, topic(wire.name), partition, said.value, pairs)
    async with wire.hearing():
        await wire.move("a", times=2)
        await wire.send()
        await wire.until_entered("a", 3)

        async def parked() -> bool:
            return len(await parking.listed(wire.desk.pool)) == len(forged)

        await until(parked)
