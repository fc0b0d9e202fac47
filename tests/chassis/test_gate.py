"""More requests than there are turns: refused at once, the others in time, and nobody else's work is touched."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from deploy.devstack.databases import Database
from libs.chassis.http import gate
from libs.chassis.identity.auth import Tokens
from libs.events.database.connections import SETTINGS, connect
from libs.events.database.pool import Crowded
from tests.chassis import workshop
from tests.chassis.conftest import Caller, LiveIssuer, Ports
from tests.locks import WAITING_FOR

SIZE = 2
TURNS = SIZE * gate.TURNS_A_CONNECTION

Opened = Callable[[float], Awaitable[Caller]]


@pytest.fixture
async def opened(
    tokens: Tokens, issuer: LiveIssuer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Opened]:
    """The workshop on a pool of two connections, which are waited for so many seconds."""
    monkeypatch.setitem(SETTINGS, "lock_timeout", "60s")
    monkeypatch.setitem(SETTINGS, "statement_timeout", "60s")
    service, closing = workshop.service(), list[Callable[[], Awaitable[None]]]()

    async def begin(patience: float) -> Caller:
        pool = await connect(database.url, SIZE, patience=patience)
        app = Ports.of(service, tokens)
        service.attach(app.app, service.store(pool))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://workshop", timeout=30)
        closing.extend([http.aclose, pool.close])
        return Caller(http, {"Authorization": f"Bearer {issuer.token('agent', 'auditor')}"})

    yield begin
    for close in closing:
        await close()


@asynccontextmanager
async def slow(database: Database) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """While this is open, statements over jobs wait; what it gives waits until so many do."""
    owner, watcher = [await asyncpg.connect(database.owner_url) for _ in range(2)]

    async def until(waiting: int) -> None:
        while await watcher.fetchval(WAITING_FOR, "workshop_jobs") < waiting:  # noqa: ASYNC110  # it is PostgreSQL's
            await asyncio.sleep(0.005)

    try:
        async with owner.transaction():
            await owner.execute("LOCK TABLE workshop_jobs IN ACCESS EXCLUSIVE MODE")
            yield until
    finally:
        await owner.close()
        await watcher.close()


async def test_a_request_beyond_the_turns_is_refused_at_once_and_the_others_go_on(
    opened: Opened, database: Database
) -> None:
    anna = await opened(30)
    async with slow(database) as until:
        most = [asyncio.create_task(anna.get("/v1/jobs")) for _ in range(TURNS)]
        await until(SIZE)
        took = []
        for _ in range(3):
            began = time.monotonic()
            answer = await anna.get("/v1/jobs")
            took.append(time.monotonic() - began)
            assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"] == "1"
        assert min(took) < 0.1
        assert not any(task.done() for task in most)
        assert (await anna.get("/health/live")).status_code == 200
        assert (await anna.get("/metrics")).status_code == 200
        assert (await anna.http.get("/v1/jobs")).status_code == 401  # who is not admitted takes nobody's turn
        assert (await anna.get("/internal/heads")).json()["code"] == "overloaded"
    assert [(await task).status_code for task in most] == [200] * TURNS
    answers = await asyncio.gather(*(anna.get("/v1/jobs") for _ in range(TURNS)))
    assert [answer.status_code for answer in answers] == [200] * TURNS


async def test_a_request_waits_a_moment_for_its_turn(
    opened: Opened, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "WAIT_SECONDS", 30)
    anna = await opened(30)
    async with slow(database) as until:
        requests = [asyncio.create_task(anna.get("/v1/jobs")) for _ in range(TURNS)]
        await until(SIZE)
        requests.append(asyncio.create_task(anna.get("/v1/jobs")))
        await asyncio.sleep(0.2)
        assert not any(request.done() for request in requests)
    assert [(await request).status_code for request in requests] == [200] * (TURNS + 1)


async def test_a_request_without_a_connection_is_refused_in_time_and_nobody_else(
    opened: Opened, database: Database
) -> None:
    anna = await opened(0.2)
    own = await connect(database.url, 1)
    async with slow(database) as until:
        two = [asyncio.create_task(anna.get("/v1/jobs")) for _ in range(SIZE)]
        await until(SIZE)
        refused = await anna.get("/v1/jobs")
        assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "busy", "1")
        refused = await anna.post("/v1/jobs", {"note": "x"})
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert (await anna.get("/health/ready")).status_code == 200
        assert await own.fetchval("SELECT 1") == 1  # as relay, consumer and timers have their own
        late = asyncio.create_task(own.fetchval("SELECT count(*) FROM workshop_jobs"))
        crowd = asyncio.create_task(own.fetchval("SELECT 2"))
        await until(SIZE + 1)
        await asyncio.sleep(0.4)
    assert [(await task).status_code for task in two] == [200] * SIZE
    assert (await late, await crowd) == (0, 2)
    await own.close()


async def test_who_only_waits_for_a_version_takes_nobody_s_turn(opened: Opened) -> None:
    anna = await opened(30)
    id = await anna.opened()
    waiting = [asyncio.create_task(anna.get(f"/v1/jobs/{id}", params={"min_version": 9})) for _ in range(3 * TURNS)]
    await asyncio.sleep(0.3)
    assert (await anna.get("/v1/jobs")).status_code == 200
    assert {(await task).status_code for task in waiting} <= {409, 503}


async def test_a_database_out_of_reach_is_not_mistaken_for_a_crowd(database: Database) -> None:
    pool = await connect(database.url, SIZE, patience=0.2)
    async with pool.acquire(), pool.acquire():
        with pytest.raises(Crowded):
            await pool.fetchval("SELECT 1")
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()
