"""Deadlines: claim what is due and record what it means, in batches, against one by one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import TakeNote, alarms, job
from bench.world import World
from libs.events import Story
from libs.events.background.timers import MOST, Timers
from libs.events.log.intent import Intent
from libs.events.log.store import Store

BURST = 5_000
SINGLE = 200


async def deadlines(world: World) -> AsyncIterator[Row]:
    """The row of the deadlines."""
    async with world.store("bench_deadlines", [alarms]) as (store, _):
        timers = Timers(store, fall_due)
        comparison = Comparison("deadlines: claim and fire, batch", "one by one", 10, 30)
        yield await comparison.run(partial(_side, timers, BURST, MOST), partial(_side, timers, SINGLE, 1))


def fall_due(timer_id: str, stream_id: str, due_at: datetime) -> Story:
    """A job's alarm fell due: it is noted, and set no more."""
    yield job.on(stream_id, TakeNote(stream_id))


async def _side(timers: Timers, count: int, most: int) -> Measured:
    await _arm(timers.store, count)
    before = await timers.store.pool.fetchval("SELECT count(*) FROM event")
    measured = await timed(count, _drain(timers, most))
    after = await timers.store.pool.fetchval("SELECT count(*) FROM event")
    if after - before != count or await timers.store.pool.fetchval("SELECT count(*) FROM timer"):
        raise AssertionError(f"{count} were due, {after - before} fired")
    return measured


async def _arm(store: Store, count: int) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    unit = await store.unit([], store.pool)
    for _ in range(count):
        id = str(uuid7())
        await unit.decide(job.create(id, TakeNote(id, due_at=due)), Intent())
    await store.append(unit, store.pool)


async def _drain(timers: Timers, most: int) -> None:
    while await timers.fire(most):
        pass
