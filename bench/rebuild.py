"""Rebuild of a view from one million events, against the same rebuild with the events parsed by pydantic."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

import asyncpg
from pydantic import BaseModel, ConfigDict

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import WORDS, JobRow, NoteTaken, job, jobs
from bench.world import World, pool
from libs.events import AnyRecorded, Event
from libs.events.catalogue import Catalogue
from libs.events.log.store import Store
from libs.events.projection.rebuild import rebuild as rebuild_view
from libs.events.view import View

EVENTS = 1_000_000
STREAMS = 50_000
ROUNDS = 7

FILL = """
INSERT INTO event (id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor)
SELECT uuidv7(), 'job-' || s, v, 'bench.NoteTaken', 1,
       jsonb_build_object('ticket_id', s::text, 'number', v, 'author', 'bench', 'words', $1::text, 'due_at', null),
       s::text, now(), now(), 'bench'
FROM generate_series(1, $2) AS v, generate_series($3::int, $4::int) AS s
"""


class NoteModel(BaseModel):
    """The peer's event: the same fields, parsed and checked by pydantic."""

    model_config = ConfigDict(frozen=True)

    ticket_id: str
    number: int
    author: str
    words: str
    due_at: datetime | None = None


class PydanticCatalogue(Catalogue):
    """Reads every event with pydantic."""

    def decode(self, type_name: str, version: int, data: bytes | str) -> Event:
        return NoteModel.model_validate_json(data)  # type: ignore[return-value]  # the peer's event is no Event


def apply(before: JobRow | None, recorded: AnyRecorded) -> JobRow | None:
    """The job's row after one more note, of whichever side."""
    note = recorded.event
    return JobRow(note.ticket_id, (before.notes if before else 0) + 1, note.author, recorded.occurred_at)


view = View.of(job, jobs, JobRow, apply)


async def rebuild(world: World) -> AsyncIterator[Row]:
    """The row of the rebuild."""
    async with world.database("bench_rebuild") as database, pool(database.owner_url, 2) as connections:
        await _fill(database.owner_url)
        ours = Store(connections, "bench", job.events, [view])
        peer = Store(connections, "bench", PydanticCatalogue(NoteTaken), [view])
        await rebuild_view(ours, view)
        comparison = Comparison("rebuild of a view, one million events", "the same with pydantic parsing", 1.25, 2)
        yield await comparison.run(partial(_side, ours), partial(_side, peer), ROUNDS)


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("SET statement_timeout = 0")
    for start in range(1, STREAMS, STREAMS // 10):
        await connection.execute(FILL, WORDS, EVENTS // STREAMS, start, start + STREAMS // 10 - 1)
    await connection.execute("ANALYZE event")
    await connection.close()


async def _side(store: Store) -> Measured:
    proofs = []

    async def work() -> None:
        proofs.append(await rebuild_view(store, view, swap=False))

    measured = await timed(EVENTS, asyncio.ensure_future(work()))
    if not proofs[0].holds or proofs[0].events != EVENTS:
        raise AssertionError(f"the proof does not hold: {proofs[0]}")
    return measured
