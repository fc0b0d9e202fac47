"""Races at the store: nothing is lost, nothing is out of order, whoever writes at the same time."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from zlib import crc32

import asyncpg
import pytest

from deploy.devstack.databases import with_database
from libs.events import Story
from libs.events.database.connections import TRANSIENT, transact
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict, Store
from libs.events.log.unit import Unit
from libs.events.metrics import CONFLICTS, SEALED
from libs.events.transport.broker import Kafka
from libs.events.transport.relay import Relay
from tests.libs.conftest import Post
from tests.libs.counted import moves
from tests.libs.parcel import CheckOpen, Move, Seal, parcel
from tests.locks import is_held_up
from tests.servers import Servers

WRITERS, STREAMS, SECONDS = 32, 40, 10.0


async def write_blindly(store: Store, stream: str, chance: random.Random) -> int:
    """One append that was decided a while ago, in a slow transaction that may come to nothing: events committed."""
    unit = await store.unit([stream], store.pool)
    times = chance.randint(1, 2)
    await unit.decide(parcel.on(stream.removeprefix("parcel-"), Move(times)), Intent())
    async with transact(store.pool) as connection:
        await store.append(unit, connection)
        await asyncio.sleep(chance.uniform(0, 0.02))
        if chance.random() < 0.05:
            raise Rollback
    return times


class Rollback(Exception):
    """This transaction is to come to nothing."""


async def keep_writing(store: Store, seed: int, until: float, tally: dict[str, int]) -> None:
    chance = random.Random(seed)
    while asyncio.get_running_loop().time() < until:
        stream = f"parcel-{min(chance.randrange(STREAMS), chance.randrange(STREAMS))}"
        try:
            committed = await write_blindly(store, stream, chance)
            tally["committed"] += committed
        except Rollback:
            tally["rolled back"] += 1
        except (Conflict, *TRANSIENT):
            CONFLICTS.inc()
            tally["conflicts"] += 1


async def keep_sealing(relay: Relay, stop: asyncio.Event) -> None:
    while not stop.is_set():
        sealed = 0
        with suppress(*TRANSIENT):  # as `run` bears with them: the other one had the row for long
            sealed = await relay.seal()
        if not sealed:
            await asyncio.sleep(0.002)


async def hold_a_neighbour(stack: Servers, stop: asyncio.Event) -> None:
    """A transaction that writes in another database of the same server and stays open."""
    connection = await asyncpg.connect(with_database(stack.database_url, "postgres"))
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("CREATE TEMP TABLE neighbour AS SELECT 1 AS one")
    await connection.fetchval("SELECT pg_current_xact_id()::text")
    await stop.wait()
    await transaction.rollback()
    await connection.close()


async def sealed_order(store: Store) -> list[asyncpg.Record]:
    return await store.pool.fetch(
        "SELECT p.lane, p.seq, e.stream, e.version FROM published AS p JOIN event AS e USING (position) "
        "ORDER BY p.lane, p.seq"
    )


def assert_gapless(rows: list[asyncpg.Record]) -> None:
    """Per lane seq is 1, 2, 3 …, and each stream's versions come in order."""
    lanes, streams = defaultdict(list), defaultdict(list)
    for row in rows:
        lanes[row["lane"]].append(row["seq"])
        streams[row["stream"]].append(row["version"])
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in lanes.values())
    assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())


async def test_writers_on_hot_streams_lose_nothing_and_break_no_order(
    new_post: Callable[[int], Any], stack: Servers
) -> None:
    post: Post = await new_post(WRITERS + 4)
    relay = Relay(post.store.pool, post.database.url, "post", stack.kafka)
    tally: dict[str, int] = defaultdict(int)
    stop = asyncio.Event()
    until = asyncio.get_running_loop().time() + SECONDS
    with moves(CONFLICTS), moves(SEALED):
        sealers = [asyncio.create_task(keep_sealing(relay, stop)) for _ in range(2)]
        neighbour = asyncio.create_task(hold_a_neighbour(stack, stop))
        await asyncio.gather(*(keep_writing(post.store, seed, until, tally) for seed in range(WRITERS)))
        sealed_beside_the_neighbour = await post.store.pool.fetchval("SELECT count(*) FROM published")
        stop.set()
        await asyncio.gather(*sealers, neighbour)
    await post.seal()
    rows = await sealed_order(post.store)
    stored = await post.store.pool.fetch(
        "SELECT stream, count(*) AS events, max(version) AS version FROM event GROUP BY stream"
    )
    assert len(rows) == tally["committed"] == sum(row["events"] for row in stored)
    assert all(row["events"] == row["version"] for row in stored)
    assert_gapless(rows)
    assert sealed_beside_the_neighbour > 0.5 * tally["committed"]
    assert tally["committed"] > 100
    assert min(tally["rolled back"], tally["conflicts"]) > 0


async def test_sealers_at_once_give_no_seq_twice_and_leave_none_out(post: Post) -> None:
    for id in range(20):
        await post.move(str(id), times=20)
    with moves(SEALED, by=400):
        relays = [Relay(post.store.pool, post.database.url, "post", Kafka("nowhere:1")) for _ in range(4)]
        await asyncio.gather(*(seal_in_small_steps(relay) for relay in relays))
    rows = await sealed_order(post.store)
    assert len(rows) == 400
    assert_gapless(rows)


async def seal_in_small_steps(relay: Relay) -> None:
    while sealed := await relay.pool.fetchval("SELECT seal_outbox(7)"):
        SEALED.inc(sealed)


async def test_a_sealer_waits_for_the_one_before_it_and_then_sees_what_that_one_sealed(post: Post) -> None:
    """With a lock taken in the statement that reads, or rows skipped, an event would overtake an older one."""
    await post.seal()  # the first sealing of all notes where it is, and would hold its row for that alone
    await post.move("a")
    async with transact(post.store.pool) as connection:
        assert await connection.fetchval("SELECT seal_outbox(100)") == 1
        await post.move("a")
        other = asyncio.create_task(post.store.pool.fetchval("SELECT seal_outbox(100)"))
        assert await is_held_up(other, post.store.pool, connection.get_server_pid())
    assert await other == 1
    assert_gapless(await sealed_order(post.store))


async def test_an_event_that_commits_late_is_sealed_late_and_not_lost(post: Post) -> None:
    """Its position is lower than that of what was sealed before it: a cursor over position would have passed it by."""
    async with transact(post.store.pool) as connection:
        unit = await post.store.unit(["parcel-late"], connection)
        await unit.decide(parcel.on("late", Move()), Intent())
        await post.store.append(unit, connection)
        await post.move("early")
        await post.seal()
    await post.seal()
    positions = {row["stream"]: row["position"] for row in await post.store.pool.fetch("SELECT * FROM event")}
    assert positions["parcel-late"] < positions["parcel-early"]
    assert len(await sealed_order(post.store)) == 2


@pytest.mark.parametrize("key", ["parcel-a", "工单-1", ""])
async def test_the_lane_of_a_key_is_its_crc32_modulo_16(post: Post, key: str) -> None:
    assert await post.store.pool.fetchval("SELECT lane_of($1)", key) == crc32(key.encode()) % 16


def seal_if_open(mine: str, other: str) -> Story:
    """Seal a parcel if another one is open: reads one stream, and writes another."""
    yield parcel.on(other, CheckOpen())
    yield parcel.on(mine, Seal())


async def sealing(store: Store, mine: str, other: str) -> Unit:
    unit = await store.unit([], store.pool)
    await unit.decide(partial(seal_if_open, mine, other), Intent())
    return unit


@pytest.mark.parametrize("begun", [True, False])
async def test_what_a_story_only_read_is_as_it_was_when_the_story_commits(store: Store, begun: bool) -> None:
    """Also a stream that had not begun."""
    if begun:
        await store.run(parcel.on("b", Move()), Intent())
    story = await sealing(store, "a", "b")
    await store.run(parcel.on("b", Move()), Intent())
    with pytest.raises(Conflict, match="only read"):
        await store.append(story, store.pool)
    assert await store.read("parcel-a") == []


async def test_of_two_stories_that_read_what_the_other_writes_one_waits_and_fails(store: Store) -> None:
    first, second = await sealing(store, "a", "b"), await sealing(store, "b", "a")
    async with transact(store.pool) as connection:
        await store.append(first, connection)
        waiting = asyncio.create_task(store.append(second, store.pool))
        assert await is_held_up(waiting, store.pool, connection.get_server_pid())
    with pytest.raises(Conflict, match="only read"):
        await waiting
    assert await store.read("parcel-b") == []


async def test_of_many_such_races_none_leaves_both_sealed(store: Store) -> None:
    pairs = [(f"{n}-a", f"{n}-b") for n in range(20)]
    stories = [partial(seal_if_open, *one) for pair in pairs for one in (pair, pair[::-1])]
    await asyncio.gather(*(store.run(story, Intent()) for story in stories), return_exceptions=True)
    for a, b in pairs:
        sealed = [len(await store.read(parcel.stream(id))) for id in (a, b)]
        assert sorted(sealed) == [0, 1]
