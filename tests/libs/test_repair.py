"""A source whose feed accepts connections and never answers: its own lanes wait, and nothing else does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx
import pytest

from libs.chassis.identity.oidc import Issuer, ServiceTokens
from libs.chassis.running import feeds
from libs.chassis.running.feeds import HttpFeed
from libs.events import Catalogue
from libs.events.database.connections import connect
from libs.events.inbox.consumer import Consumer
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import Gap
from libs.events.inbox.repair import Repairs
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.metrics import CONSUMER_LAG
from libs.events.transport import kafka
from libs.events.transport.feed import Head
from libs.events.transport.kafka import topic
from libs.events.transport.relay import Relay
from libs.events.transport.wire import Message, lane
from tests.conftest import Topics
from tests.libs.conftest import Desk, NewKernel, Post
from tests.libs.parcel import Move, ParcelMoved, book, enter_move, moved_at, parcel_list, parcels
from tests.libs.topic import delete_records, members
from tests.servers import Servers


class Silent:
    """A server that accepts connections, reads what it is asked, and says nothing."""

    def __init__(self) -> None:
        self.port = 0
        self.asked_at: list[float] = []
        self.waiting = 0

    async def begin(self) -> asyncio.Server:
        listening = await asyncio.start_server(self._listen, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        return listening

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked_at.append(monotonic())
        self.waiting += 1
        try:
            while await reader.read(4096):
                pass
        finally:
            self.waiting -= 1
            writer.close()


class Token(ServiceTokens):
    """Any token: nobody looks at it."""

    async def bearer(self) -> str:
        return "token"


@dataclass
class Feeds:
    """The post offices' feeds, each straight from its database; of those that are silent, over HTTP."""

    over_http: HttpFeed
    posts: dict[str, Post] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    async def heads(self, service: str) -> dict[int, Head]:
        found = self.over_http if service in self.silent else self.posts[service]
        return await found.heads(service)

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        found = self.over_http if service in self.silent else self.posts[service]
        return await found.events(service, lane, after, epoch)


@dataclass
class Office:
    """A post office with a topic of its own and its relay."""

    name: str
    moved: type[ParcelMoved]
    post: Post
    relay: Relay

    async def move(self, id: str, times: int = 1) -> None:
        await self.post.store.run(parcels(self.moved).on(id, Move(times)), Intent())
        await self.post.seal()

    async def send(self) -> None:
        await self.post.store.pool.execute("UPDATE cursor SET owner = $1", self.relay.owner)
        while await self.relay.step():
            pass


@dataclass
class Town:
    """Two post offices, of which one's feed is silent, and a desk that hears of both."""

    quick: Office
    hung: Office
    desk: Desk
    feeds: Feeds
    server: Silent
    servers: Servers

    @property
    def group(self) -> str:
        return f"aftercare.{self.desk.inbox.consumer}"

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        task = asyncio.create_task(Consumer(self.desk.inbox, self.servers.kafka, self.feeds).run())
        try:
            yield
            assert not task.done(), task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def until_entered(self, id: str, moves: int) -> None:
        await until(lambda: self._entered(id, moves))
        assert await self.desk.book(id) == list(range(1, moves + 1))

    async def _entered(self, id: str, moves: int) -> bool:
        return len(await self.desk.book(id)) >= moves


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110  # it is the database's, or Kafka's
            await asyncio.sleep(0.05)


@pytest.fixture
async def town(new_kernel: NewKernel, desk: Desk, stack: Servers, topics: Topics) -> AsyncIterator[Town]:
    offices: list[Office] = []
    for name in (f"quick_{uuid4().hex[:10]}", f"hung_{uuid4().hex[:10]}"):
        await topics(name)
        database, moved = await new_kernel(), moved_at(name)
        pool = await connect(database.url, 3)
        post = Post(database, Store(pool, name, parcels(moved).events, [parcel_list]))
        offices.append(Office(name, moved, post, Relay(pool, database.url, name, stack.kafka)))
    quick, hung = offices
    types = Catalogue(
        quick.moved, hung.moved, upcasters={(moved.type_name, 1): dict for moved in (quick.moved, hung.moved)}
    )
    store = Store(desk.pool, f"desk_{quick.name}", book.events)
    inbox = Inbox(store, types, {quick.moved: enter_move, hung.moved: enter_move})
    await inbox.open()
    server = Silent()
    listening = await server.begin()
    async with httpx.AsyncClient(trust_env=False) as http:
        token = Token(Issuer("http://nowhere", http), "desk", Path("none"))
        over_http = HttpFeed({hung.name: f"http://127.0.0.1:{server.port}"}, http, token)
        found = Feeds(over_http, {office.name: office.post for office in offices}, {hung.name})
        yield Town(quick, hung, Desk(desk.database, inbox), found, server, stack)
    listening.close()
    for office in offices:
        await office.relay.stop()
        office.post.store.pool.terminate()


async def test_a_feed_that_never_answers_delays_no_other_source_and_leaves_the_member_in_its_group(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ANSWER_SECONDS", 300)
    monkeypatch.setattr(kafka, "MOST_BETWEEN_POLLS", 6)
    await town.hung.move("h", times=10)
    await town.hung.send()
    await delete_records(town.servers.kafka_bootstrap, topic(town.hung.name), 6)
    async with town.hearing():
        await until(is_asked(town.server))
        before = await members(town.servers.kafka_bootstrap, town.group)
        for moves in range(1, 6):
            await town.quick.move("q")
            await town.quick.send()
            await town.until_entered("q", moves)
        await until(for_longer(town.server, kafka.MOST_BETWEEN_POLLS + 2))
        assert len(before) == 1
        assert await members(town.servers.kafka_bootstrap, town.group) == before
        await town.quick.move("q")
        await town.quick.send()
        await town.until_entered("q", 6)
        assert (len(town.server.asked_at), town.server.waiting) == (1, 1)
    assert await town.desk.book("h") == []


async def test_a_feed_that_never_answers_is_asked_less_and_less_until_it_does(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ANSWER_SECONDS", 0.1)
    ids = ["h", "i", "j", "k"]
    for id in ids:
        await town.hung.move(id, times=3)
    await town.quick.move("q", times=5)
    repairs = Repairs(town.desk.inbox, town.feeds)
    gaps = [Gap(town.hung.name, lane(f"parcel-{id}"), 0, 1) for id in ids]
    repairs.note([*gaps, Gap(town.quick.name, lane("parcel-q"), 0, 1)])
    task = asyncio.create_task(repairs.run())
    try:
        await town.until_entered("q", 5)
        await until(is_asked(town.server, times=3))
        pauses = [later - earlier for earlier, later in pairwise(town.server.asked_at[:3])]
        assert [pause > least for pause, least in zip(pauses, (1, 2), strict=True)] == [True, True]
        town.feeds.silent.clear()
        for id in ids:
            await town.until_entered(id, 3)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_heads_that_never_come_delay_no_other_sources_look(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ANSWER_SECONDS", 60)
    await town.quick.move("q", times=5)
    look = asyncio.create_task(Consumer(town.desk.inbox, town.servers.kafka, town.feeds).look())

    async def seen() -> bool:
        return bool(CONSUMER_LAG.labels(town.quick.name)._value.get() == 5)

    await until(seen)
    await until(is_asked(town.server))
    assert not look.done()
    look.cancel()
    await asyncio.wait([look])


async def test_a_source_that_is_out_of_reach_is_as_far_behind_as_was_known(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ANSWER_SECONDS", 0.1)
    CONSUMER_LAG.labels(town.hung.name).set(7)
    await town.quick.move("q", times=5)
    await Consumer(town.desk.inbox, town.servers.kafka, town.feeds).look()
    assert [CONSUMER_LAG.labels(office.name)._value.get() for office in (town.quick, town.hung)] == [5, 7]


def is_asked(server: Silent, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return len(server.asked_at) >= times

    return asked


def for_longer(server: Silent, seconds: float) -> Callable[[], Awaitable[bool]]:
    async def longer() -> bool:
        return monotonic() - server.asked_at[0] > seconds

    return longer
