"""Behind PgBouncer in transaction mode a service works as without it: commands, relay and reactions."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from deploy.check.needs import Lacking, install_packages
from deploy.devstack.databases import Database
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import Process, clean_environment, free_port
from libs.events.database.connections import SETTINGS, Address, Pool, connect
from libs.events.inbox.consumer import Consumer
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.transport.relay import Relay
from tests.conftest import Topics
from tests.libs.conftest import Desk, NewKernel, Post, make_inbox
from tests.libs.parcel import Move, moved_at, parcel_list, parcels
from tests.servers import Servers

CLIENTS = 10
SERVERS = 2
"""PgBouncer's connections to PostgreSQL for each database."""

PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"


WRITTEN = """
SELECT s.xmin::text FROM pg_db_role_setting AS s JOIN pg_database AS d ON d.oid = s.setdatabase
WHERE d.datname = current_database()
"""


@pytest.fixture(scope="session")
def programme() -> str:
    """PgBouncer's, installed where that is possible and allowed."""
    if (found := shutil.which("pgbouncer", path=PATH)) is None and os.geteuid() == 0:
        with suppress(Lacking):
            install_packages({"pgbouncer": "pgbouncer"})
        found = shutil.which("pgbouncer", path=PATH)
    return found or pytest.skip("pgbouncer is not here, and not to be installed")


class PgBouncer(Process):
    """In transaction mode, before the server of a database, for whoever knows its app role's password."""

    def __init__(self, programme: str, path: Path, database: Database) -> None:
        self.programme = programme
        self.data = path / "pgbouncer"
        super().__init__("pgbouncer", RunFolder(path), signal.SIGINT, unroot=self.data)
        self.port = free_port()
        self.server = urlsplit(database.url)

    def begin(self) -> None:
        """Start it; returns before it listens."""
        self.data.mkdir()
        (self.data / "users").write_text(f'"{self.server.username}" "{self.server.password}"\n')
        (self.data / "ini").write_text(
            f"[databases]\n* = host={self.server.hostname} port={self.server.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"pool_mode = transaction\ndefault_pool_size = {SERVERS}\n"
            f"auth_type = scram-sha-256\nauth_file = {self.data / 'users'}\n"
        )
        self.spawn([self.programme, str(self.data / "ini")], clean_environment())

    def address(self, database: Database) -> Address:
        """The database by way of this, and past it."""
        server = urlsplit(database.url)
        return Address(
            database.url.replace(f"{server.hostname}:{server.port}", f"127.0.0.1:{self.port}"), direct_url=database.url
        )


async def joined(address: Address, size: int) -> Pool:
    """A pool, as soon as PgBouncer listens."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await connect(address, size)
            except OSError:
                await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Pooled:
    """A database, its address by way of PgBouncer, and a pool there."""

    database: Database
    address: Address
    pool: Pool


@pytest.fixture
async def new_pooled(
    programme: str, tmp_path: Path, new_kernel: NewKernel
) -> AsyncIterator[Callable[[], Awaitable[Pooled]]]:
    """Gives databases with the kernel's tables, each behind a PgBouncer of its own."""
    async with AsyncExitStack() as stack:

        async def make() -> Pooled:
            database = await new_kernel()
            bouncer = PgBouncer(programme, tmp_path / database.name, database)
            bouncer.begin()
            stack.callback(bouncer.end)
            address = bouncer.address(database)
            pool = await joined(address, CLIENTS)
            stack.callback(pool.terminate)
            return Pooled(database, address, pool)

        yield make


NewPooled = Callable[[], Awaitable[Pooled]]


async def test_every_session_has_the_settings_that_a_pooler_does_not_pass_on(new_pooled: NewPooled) -> None:
    made = await new_pooled()
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "jit"):
        assert await made.pool.fetchval("SELECT current_setting($1)", name) == SETTINGS[name]


async def test_settings_that_stand_are_not_written_again(new_pooled: NewPooled) -> None:
    made = await new_pooled()
    written = await made.pool.fetch(WRITTEN)
    assert len(written) == 1
    await (await connect(made.address, 1)).close()
    assert await made.pool.fetch(WRITTEN) == written


async def test_many_connections_share_few_sessions(new_pooled: NewPooled) -> None:
    pool = (await new_pooled()).pool
    together = asyncio.Barrier(CLIENTS)

    async def backend() -> int:
        async with pool.acquire() as connection:
            await together.wait()
            return int(await connection.fetchval("SELECT pg_backend_pid() FROM pg_sleep(0.01)"))

    assert 0 < len(set(await asyncio.gather(*(backend() for _ in range(CLIENTS))))) <= SERVERS


async def test_commands_their_publication_and_their_reactions(
    new_pooled: NewPooled, stack: Servers, topics: Topics
) -> None:
    name = f"post_{uuid4().hex[:10]}"
    await topics(name)
    moved, source, hearer = moved_at(name), await new_pooled(), await new_pooled()
    post = Post(source.database, Store(source.pool, name, parcels(moved).events, [parcel_list]))
    relay = Relay(source.pool, source.address, name, stack.kafka)
    inbox = make_inbox(hearer.pool, moved)
    inbox.store.name = f"desk_{name}"
    desk = Desk(hearer.database, inbox)
    ids = [uuid4().hex for _ in range(32)]
    await asyncio.gather(*(post.store.run(parcels(moved).on(id, Move(3)), Intent()) for id in ids))
    works = [asyncio.create_task(relay.run()), asyncio.create_task(Consumer(inbox, stack.kafka, post).run())]
    async with asyncio.timeout(90):
        for id in ids:
            while len(await desk.book(id)) < 3:
                assert not any(work.done() for work in works), works
                await asyncio.sleep(0.05)
    assert [await desk.book(id) for id in ids] == [[1, 2, 3]] * len(ids)
    assert [await desk.tally(id) for id in ids] == [3] * len(ids)
    assert relay.leads
    for work in works:
        work.cancel()
    await asyncio.wait(works)
    await relay.stop()
