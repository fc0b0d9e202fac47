"""Timers: each fires once, not before it is due, the most overdue first, whoever else is at work."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from libs.events import Story
from libs.events.background.operations import Operations
from libs.events.background.timers import KIND, Timers, telling
from libs.events.database.connections import clock_now, transact
from libs.events.inbox import parking
from libs.events.inbox.chore import TRIES
from libs.events.log.intent import Answer, Intent
from libs.events.log.store import Conflict, Store
from libs.events.metrics import FIRED
from tests.libs.conftest import Post, rewrite
from tests.libs.counted import moves
from tests.libs.parcel import AlarmRang, SetAlarm, alarm, fall_due


@pytest.fixture
async def now(store: Store) -> datetime:
    return await clock_now(store.pool)


async def arm(store: Store, id: str, due_at: datetime) -> None:
    await store.run(alarm.on(id, SetAlarm(due_at)), Intent())


async def rang(store: Store) -> list[str]:
    """The alarms that rang, in the order of the log."""
    rows = await store.pool.fetch("SELECT stream FROM event WHERE type = 'post.AlarmRang' ORDER BY position")
    return [row["stream"].removeprefix("alarm-") for row in rows]


async def armed(store: Store) -> int:
    return int(await store.pool.fetchval("SELECT count(*) FROM timer"))


async def test_a_timer_fires_once_and_leaves_the_table_with_its_event(store: Store, now: datetime) -> None:
    await arm(store, "a", now - timedelta(minutes=1))
    timers = Timers(store, fall_due)
    with moves(FIRED, by=1):
        assert [await timers.fire(), await timers.fire()] == [1, 0]
    assert (await rang(store), await armed(store)) == (["a"], 0)
    ring = (await store.read("alarm-a"))[-1]
    assert ring.event == AlarmRang(due_at=now - timedelta(minutes=1))
    assert (ring.actor, ring.occurred_at) == ("timer:post", now - timedelta(minutes=1))


async def test_a_timer_with_nothing_to_say_leaves_the_table_too(store: Store, now: datetime) -> None:
    def say_nothing(timer_id: str, stream_id: str, due_at: datetime) -> Story:
        yield from ()

    await arm(store, "a", now - timedelta(minutes=1))
    assert await Timers(store, say_nothing).fire() == 1
    assert (await rang(store), await armed(store)) == ([], 0)


async def test_nothing_fires_before_it_is_due(store: Store, now: datetime) -> None:
    await arm(store, "a", now + timedelta(seconds=30))
    assert await Timers(store, fall_due).fire() == 0
    assert (await rang(store), await armed(store)) == ([], 1)


async def test_reaching_an_instant_and_letting_its_timers_fire_are_two_steps(post: Post, now: datetime) -> None:
    """The demo's clock arrives first, and releases what is due when its commands are through."""
    await arm(post.store, "a", now - timedelta(minutes=1))
    released = (
        "CREATE OR REPLACE FUNCTION clock_release() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS '{}'"
    )
    owner = await asyncpg.connect(post.database.owner_url)
    try:
        await owner.execute(released.format("SELECT now() - interval ''1 hour''"))
        assert await Timers(post.store, fall_due).fire() == 0
    finally:
        await owner.execute(released.format("SELECT now()"))
        await owner.close()
    assert await Timers(post.store, fall_due).fire() == 1


async def test_two_workers_at_once_fire_each_timer_once(store: Store, now: datetime) -> None:
    for number in range(120):
        await arm(store, str(number), now - timedelta(seconds=number))
    workers = [Timers(store, fall_due), Timers(store, fall_due), Timers(store, fall_due)]

    async def work(timers: Timers) -> None:
        while await timers.fire(most=7):
            pass

    with moves(FIRED, by=120):
        # Whoever has to open a connection first finds some: the others have fired no more than theirs.
        assert await asyncio.gather(*(timers.fire(most=7) for timers in workers)) == [7, 7, 7]
        await asyncio.gather(*map(work, workers))
    assert sorted(await rang(store)) == sorted(map(str, range(120)))
    assert sum(timers.progress for timers in workers) == 120


async def test_a_worker_passes_over_what_another_has_claimed(post: Post, now: datetime) -> None:
    await arm(post.store, "a", now - timedelta(minutes=2))
    await arm(post.store, "b", now - timedelta(minutes=1))
    async with transact(post.store.pool) as connection:
        await connection.execute("DELETE FROM timer WHERE id = 'alarm-a'")
        assert await Timers(post.store, fall_due).fire() == 1
    assert await rang(post.store) == ["b"]


async def test_the_most_overdue_fire_first(store: Store, now: datetime) -> None:
    minutes = [3, 9, 1, 7, 5, 8, 2, 6, 4]
    for number in minutes:
        await arm(store, str(number), now - timedelta(minutes=number))
    timers = Timers(store, fall_due)
    assert await timers.fire(most=5) == 5
    assert await rang(store) == ["9", "8", "7", "6", "5"]
    await timers.fire()
    assert await rang(store) == ["9", "8", "7", "6", "5", "4", "3", "2", "1"]


async def test_a_claim_that_was_rolled_back_is_fired_by_the_next(store: Store, now: datetime) -> None:
    await arm(store, "a", now - timedelta(minutes=1))

    def fail(timer_id: str, stream_id: str, due_at: datetime) -> Any:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await Timers(store, fail).fire()
    assert (await rang(store), await armed(store)) == ([], 1)
    assert await Timers(store, fall_due).fire() == 1
    assert await rang(store) == ["a"]


async def test_a_batch_in_conflict_is_fired_one_by_one(store: Store, now: datetime) -> None:
    """One stream is written to in every attempt at the batch: the others must not wait for it."""
    for number in range(6):
        await arm(store, str(number), now - timedelta(minutes=1))
    sizes: list[int] = []
    timers = Timers(store, fall_due)
    whole, act = timers.fire, timers._act

    async def fire(most: int) -> int:
        sizes.append(most)
        return await whole(most)

    async def act_in_conflict(connection: Any, due: Any) -> None:
        if len(due) > 1:
            raise Conflict("somebody else wrote to one of these streams")
        await act(connection, due)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timers, "fire", fire)
        patch.setattr(timers, "_act", act_in_conflict)
        task = asyncio.create_task(timers.run())
        async with asyncio.timeout(60):
            while await armed(store):  # noqa: ASYNC110  # it is the database's
                await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait([task])
    assert sorted(await rang(store)) == list("012345")
    assert (sizes[0] > 1, sizes[1:7]) == (True, [1] * 6)


async def test_a_clock_set_anew_while_it_falls_due_neither_deadlocks_nor_rings_twice(
    store: Store, now: datetime
) -> None:
    """Each instant that was set rings at most once, and what stood last rings."""
    before = await store.pool.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    last = [now - timedelta(hours=1)] * 8
    stop = asyncio.Event()

    async def fire() -> None:
        timers = Timers(store, fall_due)
        while not stop.is_set():
            try:
                await timers.fire(most=3)
            except Conflict:
                continue

    async def postpone(number: int) -> None:
        for step in range(15):
            last[number] = now - timedelta(minutes=30) + timedelta(seconds=step)
            await arm(store, str(number), last[number])

    workers = [asyncio.create_task(fire()) for _ in range(2)]
    await asyncio.gather(*(postpone(number) for number in range(8)))
    async with asyncio.timeout(60):
        while await armed(store):  # noqa: ASYNC110  # it is the database's
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*workers)
    for number in range(8):
        history = [recorded.event for recorded in await store.read(f"alarm-{number}")]
        rings = [event.due_at for event in history if isinstance(event, AlarmRang)]
        assert len(set(rings)) == len(rings)
        assert history[-1] == AlarmRang(due_at=last[number])
    await store.pool.execute("SELECT pg_stat_clear_snapshot()")
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert await store.pool.fetchval(deadlocks) == before


def fails_for(*bad: str) -> Any:
    """Some timers are a defect, each with an error of its own."""

    def tell(timer_id: str, stream_id: str, due_at: datetime) -> Story:
        if stream_id in bad:
            raise KeyError(stream_id)
        yield from fall_due(timer_id, stream_id, due_at)

    return tell


async def test_a_timer_that_fails_alone_is_parked_and_the_others_ring(store: Store, now: datetime) -> None:
    for number in range(9):
        await arm(store, str(number), now - timedelta(minutes=number))
    task = asyncio.create_task(Timers(store, fails_for("8", "3")).run())
    async with asyncio.timeout(60):
        while await armed(store):  # noqa: ASYNC110  # it is the database's
            await asyncio.sleep(0.02)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    assert sorted(await rang(store)) == list("0124567")
    parked = await parking.listed(store.pool)
    assert sorted((one.consumer, one.key) for one in parked) == [("timer:post", "3"), ("timer:post", "8")]
    assert {one.headers["due_at"] for one in parked} == {(now - timedelta(minutes=n)).isoformat() for n in (3, 8)}
    assert {one.defect for one in parked if one.defect and one.defect.startswith("KeyError at tests/libs/")} == {
        parked[0].defect
    }


async def test_a_defect_of_all_timers_parks_ten_and_leaves_the_others_armed(store: Store, now: datetime) -> None:
    names = [f"{number:02}" for number in range(14)]
    for name in names:
        await arm(store, name, now - timedelta(minutes=1))
    task = asyncio.create_task(Timers(store, fails_for(*names)).run())
    async with asyncio.timeout(60):
        while await armed(store) > 4:  # noqa: ASYNC110  # it is the database's
            await asyncio.sleep(0.02)
        await asyncio.sleep(1)  # longer than the next ones would take to be parked
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    assert (await armed(store), len(await parking.listed(store.pool))) == (4, 10)


async def test_a_parked_timer_rings_when_an_operator_retries_it(store: Store, now: datetime) -> None:
    due_at = now - timedelta(minutes=1)
    await arm(store, "a", due_at)
    timers = Timers(store, fails_for("a"))
    for _ in range(TRIES):
        with pytest.raises(KeyError) as error:
            await timers.fire()
        await timers._judge(error.value)
    (parked,) = await parking.listed(store.pool)
    assert (await armed(store), await rang(store)) == (0, [])
    mended = Operations(store, chores={KIND: telling(store.name, fall_due)})
    await mended.retry(parked.id, "mended", Intent(), lambda done: Answer(status=200, body="{}"))
    assert (await parking.listed(store.pool), await rang(store)) == ([], ["a"])
    ring = (await store.read("alarm-a"))[-1]
    assert (ring.actor, ring.occurred_at) == ("timer:post", due_at)


async def test_a_timer_whose_log_a_newer_release_wrote_stays_armed(post: Post, now: datetime) -> None:
    store = post.store
    await arm(store, "a", now - timedelta(minutes=1))
    await rewrite(post.database, "schema_version = 2", "alarm-a")
    task = asyncio.create_task(Timers(store, fall_due).run())
    async with asyncio.timeout(60):
        while store.outdated is None:  # noqa: ASYNC110  # it is set where the log is read
            await asyncio.sleep(0.02)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    assert (await armed(store), await parking.listed(store.pool)) == (1, [])
