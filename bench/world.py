"""The servers and databases of a run of benchmarks: durable, thrown away afterwards, the same for all sides."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.domain import job, metadata
from deploy.devstack.databases import Database, drop_database, make_databases
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from libs.events.database import migrate
from libs.events.database.connections import Pool, connect
from libs.events.log import rows
from libs.events.log.store import Store
from libs.events.view import AnyView

CONNECTIONS = 16


@dataclass
class World:
    """The servers, and fresh databases with the kernel's tables for whoever asks."""

    stack: Stack
    folder: RunFolder

    @asynccontextmanager
    async def database(self, name: str, service: str | None = None) -> AsyncIterator[Database]:
        """A fresh database, migrated; dropped in the end."""
        await drop_database(self.stack.database_url, name)
        made = (await make_databases(self.stack.database_url, [name], self.folder.secret))[name]
        await migrate.migrate(service, made.owner_url, f"{name}_app")
        if service is None:
            await _add_tables(made, f"{name}_app")
        yield made
        await drop_database(self.stack.database_url, name)

    @asynccontextmanager
    async def store(self, name: str, views: Sequence[AnyView] = ()) -> AsyncIterator[tuple[Store, Database]]:
        """A store of the benchmarks' jobs on a fresh database, over a pool as the services have it."""
        async with self.database(name) as database, pool(database.url) as connections:
            yield Store(connections, "bench", job.events, views), database


@asynccontextmanager
async def pool(url: str, size: int = CONNECTIONS) -> AsyncIterator[Pool]:
    """The pool that every side gets: `size` connections, all open, no reset on release."""
    connections = await connect(url, size)
    held = [await connections.acquire() for _ in range(size)]
    for connection in held:
        await connections.release(connection)
    yield connections
    await connections.close()


async def _add_tables(database: Database, app_role: str) -> None:
    """The view's table, and a bare one for the peers."""
    columns = ", ".join(f"{name} {kind}" for name, kind in rows.columns_of(metadata.tables["jobs"]))
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(
        f"CREATE TABLE jobs ({columns}, PRIMARY KEY (id));"
        "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data jsonb NOT NULL);"
        f"GRANT ALL ON jobs, bare TO {app_role}"
    )
    await connection.close()


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    """Start the servers, durable, with nothing in them."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as path:
        folder = RunFolder(Path(path))
        with Stack(folder, environment={}) as stack:
            yield World(stack, folder)
