"""Append: one command with everything it writes, against a bare insert, an ORM, and the `eventsourcing` library."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import msgspec
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import WORDS, NoteTaken, TakeNote, job, own_view
from bench.peer_eventsourcing import Notes
from bench.peer_orm import Orm
from bench.world import CONNECTIONS, World
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.store import Store
from libs.events.log.unit import Unit
from libs.events.message import AnyRecorded

COMMANDS = 4800
SLOW_COMMANDS = 960

DATA = msgspec.json.encode(NoteTaken(ticket_id=str(uuid7()), number=1, author="bench", words=WORDS)).decode()


async def append(world: World) -> AsyncIterator[Row]:
    """The three rows of append."""
    async with world.store("bench_append", [own_view]) as (store, database):
        one = partial(append_one, store)
        ours = partial(side, COMMANDS, one)
        yield await Comparison("append", "bare insert", 0.5, 0.8).run(ours, partial(side, COMMANDS, bare(store)))
        await check(store)
        ours = partial(side, SLOW_COMMANDS, one)
        async with Orm(database.url, CONNECTIONS) as orm:
            peer = partial(side, SLOW_COMMANDS, orm.take_note)
            yield await Comparison("append", "SQLAlchemy ORM", 4, 6).run(ours, peer)
        notes = Notes(database.owner_url, CONNECTIONS)
        peer = partial(threaded, SLOW_COMMANDS, notes.take)
        yield await Comparison("append", "eventsourcing library", 6, 10).run(ours, peer)


async def side(commands: int, one: Callable[[], Awaitable[object]]) -> Measured:
    """So many commands by as many workers as there are connections."""

    async def worker() -> None:
        for _ in range(commands // CONNECTIONS):
            await one()

    return await timed(commands, asyncio.gather(*(worker() for _ in range(CONNECTIONS))))


async def threaded(commands: int, one: Callable[[], object]) -> Measured:
    """The same for a peer that blocks: as many threads."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        work = asyncio.gather(*(loop.run_in_executor(threads, one) for _ in range(commands)))
        return await timed(commands, work)


async def append_one(store: Store) -> None:
    """Idempotency row, expected version, event, outbox row and inline view row, in one transaction."""
    id = str(uuid7())
    unit = Unit(datetime.now(UTC), _nothing)
    intent = Intent(idempotency=Idempotency(scope="bench", key=id, request_hash="hash"))
    await unit.decide(job.create(id, TakeNote(id)), intent)
    unit.answers.append((intent, Answer(status=201, body=f'{{"id":"{id}","version":1}}', etag='"1"')))
    await store.append(unit, store.pool)


async def _nothing(stream: str) -> list[AnyRecorded]:
    return []


def bare(store: Store) -> Callable[[], Awaitable[object]]:
    """One asyncpg insert of the same payload."""
    return partial(store.pool.execute, "INSERT INTO bare (data) VALUES ($1)", DATA)


async def check(store: Store) -> None:
    """Every command left one row of each kind."""
    counts = await store.pool.fetchrow(
        "SELECT (SELECT count(*) FROM event) AS event, (SELECT count(*) FROM outbox) AS outbox, "
        "(SELECT count(*) FROM idempotency) AS idempotency, (SELECT count(*) FROM jobs) AS jobs"
    )
    if counts is None or len(set(counts.values())) != 1:
        raise AssertionError(f"rows were lost or doubled: {counts}")
