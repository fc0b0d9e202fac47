"""Load, decide, append on a stream of 20 events, against two bare round trips: a select and an insert."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import TakeNote, job, own_view
from bench.world import CONNECTIONS, World
from libs.events.log.intent import Intent
from libs.events.log.store import Store

COMMANDS = 1600
EVENTS = 20

SELECT = "SELECT version, data FROM event WHERE stream = $1 ORDER BY version"
INSERT = """
INSERT INTO event (id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor)
VALUES ($1, $2, $3, 'bench.NoteTaken', 1, $4, $5, $6, $6, 'bench')
"""


async def stream(world: World) -> AsyncIterator[Row]:
    """The row of a stream of 20 events."""
    async with world.store("bench_stream", [own_view]) as (store, _):
        names = count()

        async def ours() -> Measured:
            return await _side(store, names, lambda job_id: store.run(job.on(job_id, TakeNote(job_id)), Intent()))

        async def peer() -> Measured:
            return await _side(store, names, lambda job_id: _two_round_trips(store, job_id))

        comparison = Comparison("load, decide, append on a 20-event stream", "bare two round trips", 0.8, 1.6)
        yield await comparison.run(ours, peer)


async def _side(store: Store, names: Iterator[int], one: Callable[[str], Awaitable[object]]) -> Measured:
    """So many commands, each on a stream of its own that holds 20 events; the filling is not measured."""
    ids = [f"{next(names)}-{uuid7()}" for _ in range(COMMANDS)]
    for start in range(0, COMMANDS, CONNECTIONS):
        batch = ids[start : start + CONNECTIONS]
        await asyncio.gather(*(store.run(job.create(id, TakeNote(id, times=EVENTS)), Intent()) for id in batch))

    async def worker(mine: list[str]) -> None:
        for id in mine:
            await one(id)

    measured = await timed(COMMANDS, asyncio.gather(*(worker(ids[n::CONNECTIONS]) for n in range(CONNECTIONS))))
    await _check(store, ids)
    return measured


async def _two_round_trips(store: Store, id: str) -> None:
    """What one would write by hand: read the stream, parse it, count, and insert the next event."""
    name = job.stream(id)
    notes = [json.loads(row["data"]) for row in await store.pool.fetch(SELECT, name)]
    note = {**notes[-1], "number": len(notes) + 1}
    await store.pool.execute(INSERT, str(uuid7()), name, len(notes) + 1, json.dumps(note), id, datetime.now(UTC))


async def _check(store: Store, ids: list[str]) -> None:
    lengths = await store.pool.fetch(
        "SELECT count(*) AS events FROM event WHERE stream = ANY($1) GROUP BY stream", [job.stream(id) for id in ids]
    )
    if [row["events"] for row in lengths] != [EVENTS + 1] * COMMANDS:
        raise AssertionError("a stream has not one event more")
