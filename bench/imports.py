"""An import of customers: 5,000 rows, with FULL=1 100,000, from the file to the last row on file.

Against COPY of the same rows into the same table of contacts, which checks nothing and records nothing. Beside it
stands the time that 100,000 rows would take, against five minutes; with FULL=1 it is the time that they took.
"""

import csv
import io
import os
from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter

import msgspec

from bench.comparison import Comparison, Measured, Row, timed
from bench.world import World, pool
from libs.chassis.http import new_id
from libs.events.background.jobs import Jobs
from libs.events.database.connections import Pool
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from services.intake.app import service
from services.intake.imports.domain.intake_import import ImportRequested, imports
from services.intake.imports.worker.importer import importing

ROWS = 100_000 if os.environ.get("FULL") else 5_000
ALL, LIMIT_SECONDS = 100_000, 300
ROUNDS = 1 if os.environ.get("FULL") else 3
KEEP = "INSERT INTO import_file (id, content) VALUES ($1, $2)"
COLUMNS = ("id", "version", "name", "phones", "address")


async def imported(world: World) -> AsyncIterator[Row]:
    """The rows of an import: against COPY, and against the time that it may take."""
    async with world.database("imports", "intake") as intake, pool(intake.url) as connections:
        store, content, taken = service.store(connections), file(ROWS), list[float]()

        async def ours() -> Measured:
            begun = perf_counter()
            measured = await timed(ROWS, imported_as(store, "customers", content, ROWS))
            taken.append(perf_counter() - begun)
            return measured

        async def copied() -> Measured:
            return await timed(ROWS, _copy(connections, content))

        path = f"import of {ROWS:,} customers"
        yield await Comparison(path, "COPY of the contacts", 0.1, 0.25).run(ours, copied, ROUNDS)
        seconds = median(taken) * ALL / ROWS
        limit = f"{LIMIT_SECONDS} s for {ALL:,}"
        yield Row(path, limit, LIMIT_SECONDS / seconds, 1, 3, ROUNDS, 0.0, {"seconds": seconds}, "s")


def file(rows: int) -> bytes:
    """A CSV file of so many customers."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(("name", "phones", "address"))
    for number in range(rows):
        lines.writerow((f"客户{number}", f"138{number:08}", f"北京市朝阳区建国路{number}号"))
    return written.getvalue().encode()


async def imported_as(store: Store, kind: str, content: bytes, rows: int) -> None:
    """All rows of a file on file, by one worker."""
    id = new_id()
    await store.pool.execute(KEEP, id, content)
    await store.run(imports.create(id, ImportRequested(id=id, kind=kind)), Intent())
    worker = Jobs(store, importing)
    while await worker.step():
        pass
    done = imports.replay(await store.read(imports.stream(id))).completed
    assert done is not None
    assert (done.created, done.wrong) == (rows, 0)


async def _copy(connections: Pool, content: bytes) -> None:
    read = csv.DictReader(io.StringIO(content.decode(), newline=""))
    rows = [
        (new_id(), 1, row["name"], msgspec.json.encode([{"typed": row["phones"]}]).decode(), row["address"])
        for row in read
    ]
    async with connections.acquire() as connection:
        await connection.copy_records_to_table("contact", records=rows, columns=COLUMNS)
