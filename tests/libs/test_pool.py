"""A pool whose line was cut: connections that died unnoticed cost nobody a command."""

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from deploy.devstack.databases import Database
from libs.events.database import pool as pools
from libs.events.database.connections import Pool, connect
from tests.faults.wire import Wire
from tests.libs.conftest import NewKernel

SIZE = 3


@pytest.fixture
async def wire(new_kernel: NewKernel) -> AsyncIterator[tuple[Wire, str]]:
    """A line to a database, and the address at its other end."""
    database: Database = await new_kernel()
    server = urlsplit(database.url)
    line = Wire(server.hostname or "", server.port or 0)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield line, database.url.replace(f"{server.hostname}:{server.port}", f"127.0.0.1:{port}")


async def used(pool: Pool) -> list[int]:
    """The server's processes behind all connections of the pool."""
    together = asyncio.Barrier(SIZE)

    async def use() -> int:
        async with pool.acquire() as connection:
            await together.wait()
            return int(await connection.fetchval("SELECT pg_backend_pid()"))

    return sorted(await asyncio.gather(*[use() for _ in range(SIZE)]))


async def test_idle_connections_that_died_are_made_anew(
    wire: tuple[Wire, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line, url = wire
    pool = await connect(url, SIZE)
    before = await used(pool)
    assert await used(pool) == before
    line.cut()
    line.mend()
    monkeypatch.setattr(pools, "IDLE_SECONDS", 0.0)
    begin = time.monotonic()
    after = await used(pool)
    assert not set(after) & set(before)
    assert time.monotonic() - begin < 10, "its commands wait 15 s"
    monkeypatch.setattr(pools, "PROOF_SECONDS", 30.0)
    assert await used(pool) == after, "those of a new line stay"
    pool.terminate()


async def test_idle_connections_that_live_are_kept(wire: tuple[Wire, str], monkeypatch: pytest.MonkeyPatch) -> None:
    _, url = wire
    pool = await connect(url, SIZE)
    before = await used(pool)
    monkeypatch.setattr(pools, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(pools, "PROOF_SECONDS", 30.0)
    assert await used(pool) == before
    pool.terminate()


async def test_one_that_is_slow_to_open_is_waited_for_longer_than_one_that_is_at_work(
    wire: tuple[Wire, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "OPENING_SECONDS", 30.0)
    line, url = wire
    pool = await connect(url, 2, patience=0.2)
    async with pool.acquire():
        line.cut()
        opened = asyncio.create_task(pool.fetchval("SELECT 1"))
        await asyncio.sleep(0.5)
        line.mend()
        assert await opened == 1
    pool.terminate()


async def test_a_connection_is_given_back_at_once(wire: tuple[Wire, str]) -> None:
    pool = await connect(wire[1], 1)
    connection = await pool.acquire()
    assert await connection.fetchval("SELECT 1") == 1
    with pytest.raises(StopIteration):
        pool.release(connection).send(None)
    async with asyncio.timeout(30):
        assert await pool.fetchval("SELECT 2") == 2
    pool.terminate()


async def test_one_whose_command_was_cancelled_or_whose_time_is_over_is_given_back_when_that_is_done(
    wire: tuple[Wire, str],
) -> None:
    pool = await connect(wire[1], 1)
    asked = asyncio.create_task(pool.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.1)
    asked.cancel()
    await asyncio.wait([asked])
    async with asyncio.timeout(5):  # the server itself would end it after 10 s
        assert await pool.fetchval("SELECT 1") == 1
        async with pool.acquire() as connection:
            before = await connection.fetchval("SELECT pg_backend_pid()")
            await pool.expire_connections()
        assert await pool.fetchval("SELECT pg_backend_pid()") != before
    pool.terminate()
