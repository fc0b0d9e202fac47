"""How long the work waits for each migration: the longest append beside it, on a log of so many events.

Every migration of every service runs on a database that has its predecessors and a full log, while another connection
appends to that log all the time. What is compared is a quarter of a second, which nobody notices; FULL=1 is the log of
years.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import asyncpg
from alembic.script import ScriptDirectory

from bench.comparison import Row
from bench.domain import WORDS
from bench.rebuild import FILL
from bench.world import World
from deploy.devstack.databases import Database, copy_database, drop_database, make_databases
from libs.events.database import migrate
from libs.services import EVENT_SERVICES

EVENTS = 10_000_000 if os.environ.get("FULL") else 100_000
A_STREAM = 20
UNNOTICED_SECONDS = 0.25
KERNEL = "filled"
APPEND = """
INSERT INTO event (id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor)
VALUES (uuidv7(), 'beside', $1, 'bench.NoteTaken', 1, '{}', 'beside', now(), now(), 'bench')
"""


async def migrations(world: World) -> AsyncIterator[Row]:
    """A row for each migration."""
    async with _filled(world) as filled:
        for service in EVENT_SERVICES:
            name = f"migrated_{service}"
            database = await copy_database(world.stack.database_url, filled, name)
            for revision in _revisions(service):
                longest = await _longest_beside(database, service, revision)
                path = f"longest append beside {revision}, {EVENTS:,} events"
                ratio, parts = UNNOTICED_SECONDS / longest, {"longest": longest * 1000}
                yield Row(path, "a quarter of a second", ratio, 1, 4, 1, 0.0, parts, "ms")
            await drop_database(world.stack.database_url, name)


@asynccontextmanager
async def _filled(world: World) -> AsyncIterator[Database]:
    """A database with the kernel's tables and so many events, which others are copied from."""
    database = (await make_databases(world.stack.database_url, [KERNEL], world.folder.secret))[KERNEL]
    await migrate.migrate(None, database.owner_url, f"{KERNEL}_app")
    connection = await asyncpg.connect(database.owner_url)
    for begin in range(1, EVENTS // A_STREAM + 1, 50_000):
        end = min(begin + 49_999, EVENTS // A_STREAM)
        await connection.execute(FILL, WORDS, A_STREAM, begin, end)
    await connection.execute("ANALYZE event")
    await connection.close()
    yield database
    await drop_database(world.stack.database_url, KERNEL)


def _revisions(service: str) -> list[str]:
    """The service's own, the oldest first; the kernel's are there."""
    known = ScriptDirectory.from_config(migrate.configuration(service)).walk_revisions()
    return [script.revision for script in known if script.revision.startswith(f"{service}_")][::-1]


async def _longest_beside(database: Database, service: str, revision: str) -> float:
    """The longest append while the migration runs, in seconds."""
    over, began = asyncio.Event(), asyncio.Event()
    appending = asyncio.create_task(_append(database, began, over))
    await began.wait()
    await migrate.upgrade(service, database.owner_url, revision)
    over.set()
    return await appending


async def _append(database: Database, began: asyncio.Event, over: asyncio.Event) -> float:
    connection = await asyncpg.connect(database.owner_url)
    version = await connection.fetchval("SELECT count(*) FROM event WHERE stream = 'beside'")
    longest = 0.0
    while not over.is_set():
        begin, version = perf_counter(), version + 1
        await connection.execute(APPEND, version)
        longest = max(longest, perf_counter() - begin) if began.is_set() else 0.0
        began.set()
    await connection.close()
    return longest
