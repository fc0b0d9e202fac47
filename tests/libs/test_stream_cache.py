"""Memory: a stream that was written lately is not read again, and nothing that only memory says is believed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from libs.events import Event, Refused
from libs.events.database.connections import Source, clock_now, transact
from libs.events.log.clock import Clock
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.log.stream_cache import CachedStream, StreamCache
from libs.events.log.unit import StaleVersion
from libs.events.metrics import CONFLICTS, FORGOTTEN
from tests.libs.conftest import Post
from tests.libs.counted import moves
from tests.libs.parcel import Command, Move, Parcel, Ring, Seal, SetAlarm, Weigh, alarm, parcel

NO_INTENT = Intent()
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Counting(Store):
    """A store that counts what it reads of its log."""

    loads = 0

    async def load(self, streams: Sequence[str], source: Source) -> Any:
        self.loads += bool(streams)
        return await super().load(streams, source)


def other(store: Store, kind: type[Store] = Store) -> Store:
    """The same service in another process: the same database, and a memory of its own."""
    return kind(store.pool, store.name, store.catalogue, store.views)


async def test_a_stream_that_was_written_is_not_read_again(store: Store) -> None:
    counting = other(store, Counting)
    assert isinstance(counting, Counting)
    await counting.run(parcel.create("a", Move(2)), NO_INTENT)
    with moves(FORGOTTEN, by=0):
        await counting.run(parcel.on("a", Weigh(30)), NO_INTENT)
        outcome = await counting.run(parcel.on("a", Move(2)), NO_INTENT)
    assert (counting.loads, outcome.first.version, outcome.first.state.steps) == (0, 5, 4)


async def test_views_go_on_from_the_rows_that_are_remembered(store: Store) -> None:
    for command in (Move(), Weigh(30), Move(2)):
        await store.run(parcel.on("a", command), NO_INTENT)
    row = await store.pool.fetchrow("SELECT steps, grams FROM parcel")
    assert row is not None
    assert (row["steps"], row["grams"]) == (3, 30)
    await store.run(parcel.on("a", Seal()), NO_INTENT)
    assert await store.pool.fetchval("SELECT count(*) FROM parcel") == 0


async def test_what_another_process_wrote_meanwhile_is_read_and_decided_upon(store: Store) -> None:
    await store.run(parcel.on("a", Move()), NO_INTENT)
    await other(store).run(parcel.on("a", Move(3)), NO_INTENT)
    with moves(FORGOTTEN, by=1), moves(CONFLICTS, by=0):
        outcome = await store.run(parcel.on("a", Move()), NO_INTENT)
    assert (outcome.first.version, outcome.first.state.steps) == (5, 5)
    with moves(FORGOTTEN, by=0):
        await store.run(parcel.on("a", Move()), NO_INTENT)


async def test_processes_that_remember_lose_nothing_on_one_stream(store: Store) -> None:
    stores = [store, other(store), other(store)]
    with moves(FORGOTTEN):
        for _ in range(5):
            await asyncio.gather(*(one.run(parcel.on("a", Move()), NO_INTENT) for one in stores))
    assert [recorded.event.step for recorded in await store.read("parcel-a")] == list(range(1, 16))
    assert await store.pool.fetchval("SELECT steps FROM parcel") == 15


async def test_a_refusal_that_only_memory_knows_is_decided_again(store: Store) -> None:
    def patient(command: Command, state: Parcel, at: datetime) -> Sequence[Event]:
        if isinstance(command, Seal) and state.steps < 2:
            raise Refused("not-yet", "The parcel has not moved twice.")
        return parcel.decide(command, state, at)

    late = replace(parcel, decide=patient)
    await store.run(late.on("a", Move()), NO_INTENT)
    await other(store).run(late.on("a", Move()), NO_INTENT)
    with moves(FORGOTTEN, by=1):
        assert (await store.run(late.on("a", Seal()), NO_INTENT)).first.version == 3


async def test_a_version_that_only_memory_finds_stale_is_looked_at_again(store: Store) -> None:
    await store.run(parcel.on("a", Move()), NO_INTENT)
    await other(store).run(parcel.on("a", Move()), NO_INTENT)
    with moves(FORGOTTEN, by=1):
        assert (await store.run(parcel.on("a", Move()), Intent(expected={2}))).first.version == 3
    with moves(FORGOTTEN, by=1), pytest.raises(StaleVersion) as stale:
        await store.run(parcel.on("a", Move()), Intent(expected={2}))
    assert stale.value.actual == 3


async def test_nothing_to_say_to_what_is_only_remembered_is_decided_again(store: Store) -> None:
    later = MONDAY + timedelta(hours=1)
    await store.run(alarm.on("a", SetAlarm(MONDAY)), NO_INTENT)
    await other(store).run(alarm.on("a", SetAlarm(later)), NO_INTENT)
    with moves(FORGOTTEN, by=1):
        assert len((await store.run(alarm.on("a", Ring(later)), NO_INTENT)).first.events) == 1


async def test_another_event_at_the_remembered_version_is_not_what_was_decided_upon(post: Post) -> None:
    """As after a restore that lost commits, when others have gone on from an older version."""
    store = post.store
    await store.run(parcel.on("a", Move(5)), NO_INTENT)
    owner = await asyncpg.connect(post.database.owner_url)
    await owner.execute("DELETE FROM outbox; DELETE FROM event; DELETE FROM parcel")
    await owner.close()
    for command in (Move(), Weigh(1), Weigh(2), Weigh(3), Weigh(4)):
        await other(store).run(parcel.on("a", command), NO_INTENT)
    with moves(FORGOTTEN, by=1):
        outcome = await store.run(parcel.on("a", Move()), NO_INTENT)
    assert outcome.first.state.steps == 2


async def test_what_is_rolled_back_is_not_remembered(store: Store) -> None:
    class Undone(Exception):
        pass

    await store.run(parcel.on("a", Move()), NO_INTENT)
    with suppress(Undone):
        async with transact(store.pool) as connection:
            unit = await store.unit(["parcel-a"], connection)
            await unit.decide(parcel.on("a", Move()), NO_INTENT)
            await store.append(unit, connection)
            raise Undone
    with moves(FORGOTTEN, by=0):
        assert (await store.run(parcel.on("a", Move()), NO_INTENT)).first.version == 2


def test_memory_holds_the_streams_that_were_used_last_and_their_newest_version() -> None:
    memory = StreamCache(streams=2)
    first, second = CachedStream.of(1, "x", 1), CachedStream.of(2, "y", 2)
    memory.remember({"a": second, "b": first})
    memory.remember({"a": first})
    assert memory.lookup("a") is second
    memory.remember({"c": first})
    assert memory.lookup("b") is None
    memory.forget({"a": first})
    assert memory.lookup("a") is second
    memory.forget({"a": second})
    assert memory.lookup("a") is None


def test_memory_holds_no_more_than_it_may_weigh_and_lets_go_of_what_was_used_longest_ago() -> None:
    small, large = CachedStream.of(1, "x", "s" * 100), CachedStream.of(1, "y", "l" * 900)
    memory = StreamCache(most=1000)
    memory.remember({"a": small, "b": small})
    memory.remember({"c": large})
    assert (memory.lookup("a"), memory.lookup("b"), memory.lookup("c")) == (None, None, large)
    assert memory.weight == large.weight
    memory.remember({"a": small})
    assert (memory.lookup("a"), memory.lookup("c")) == (small, None)
    memory.drop(["a"])
    assert memory.weight == 0


def test_a_stream_that_outweighs_the_memory_is_not_remembered_and_pushes_nothing_out() -> None:
    small, heavy = CachedStream.of(1, "x", "s" * 100), CachedStream.of(2, "y", "h" * 2000)
    memory = StreamCache(most=1000)
    memory.remember({"a": small, "b": small})
    memory.remember({"b": heavy})
    assert (memory.lookup("a"), memory.lookup("b")) == (small, None)
    assert memory.weight == small.weight


def test_the_rows_of_views_weigh_too_and_so_does_what_messagepack_does_not_know() -> None:
    state, rows = {"about": MONDAY, "kept": {timedelta(1), 3 + 4j}}, ({"a": {"steps": 3}},)
    assert 0 < CachedStream.of(1, "x", state).weight < CachedStream.of(1, "x", state, rows).weight


async def test_a_large_state_is_answered_each_time_and_held_by_nobody(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr("libs.events.log.store.LOOKED_AT_BYTES", 10)
    reader = other(store)
    await store.run(parcel.on("a", Move(2)), NO_INTENT)
    await store.run(parcel.on("a", Weigh(30)), NO_INTENT)
    first, again = await reader.state(parcel, "a"), await reader.state(parcel, "a")
    assert first == again == (Parcel(2), 3)
    assert first[0] is not again[0]


async def test_who_asks_for_the_time_together_gets_one_reading_that_began_after_they_asked(store: Store) -> None:
    clock = Clock(store.pool)
    before = await clock_now(store.pool)
    told = await asyncio.gather(*(clock.now() for _ in range(20)))
    assert before < told[0]
    assert len(set(told)) == 1
    assert await clock.now() > told[0]


async def test_whoever_asks_a_clock_out_of_reach_is_told(store: Store) -> None:
    clock = Clock(store.pool)
    store.pool.terminate()
    told = await asyncio.gather(*(clock.now() for _ in range(3)), return_exceptions=True)
    assert {type(one) for one in told} == {asyncpg.InterfaceError}
