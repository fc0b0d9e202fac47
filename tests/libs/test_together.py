"""Appends that are asked for at once: written together, and each as if it were alone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from libs.events.database.connections import SETTINGS, UNREACHABLE, connect, transact
from libs.events.log import together
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.rows import Rows
from libs.events.log.store import Conflict, EventTooLarge, KeyInFlight, Store
from libs.events.log.unit import Unit
from tests.libs.conftest import Post
from tests.libs.parcel import Move, note_count, parcel, parcel_list
from tests.locks import WAITING

COMMANDS = 40


@pytest.fixture
def counting(post: Post) -> Store:
    """The post's store, which counts the moves of each note."""
    return replace(post.store, views=[parcel_list, note_count])


@pytest.fixture
def statements(counting: Store) -> list[int]:
    """How many units each statement of the store wrote."""
    written: list[int] = []
    write = counting._together._write

    async def noted(units: Sequence[Unit], rows: Rows) -> None:
        written.append(len(units))
        await write(units, rows)

    counting._together._write = noted
    return written


async def move(store: Store, id: str, note: str = "") -> Any:
    """One move, kept under a key of its own."""
    intent = Intent(idempotency=Idempotency(scope="test", key=f"{id} {note}", request_hash="move"))
    return await store.run(parcel.on(id, Move(note=note)), intent, lambda decided: Answer(status=200, body="{}"))


async def count(store: Store, table: str) -> int:
    return int(await store.pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_who_asks_at_once_shares_a_few_statements_and_each_has_its_effect(
    counting: Store, statements: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "SLOW_SECONDS", 60)
    group = counting._together
    write, others = group._write, COMMANDS - together.AT_ONCE

    async def once_all_have_asked(units: Sequence[Unit], rows: Rows) -> None:
        while len(statements) < together.AT_ONCE and len(group._waiting) < others:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        await write(units, rows)

    group._write = once_all_have_asked
    async with asyncio.timeout(40):
        await asyncio.gather(*(move(counting, str(n)) for n in range(COMMANDS)))
    assert sum(statements) == COMMANDS
    assert len(statements) < COMMANDS / 2
    assert [await count(counting, table) for table in ("event", "outbox", "idempotency", "parcel")] == [COMMANDS] * 4
    assert await counting.pool.fetchval("SELECT moves FROM note") == COMMANDS


async def test_who_is_alone_does_not_wait(counting: Store, statements: list[int]) -> None:
    for n in range(3):
        await move(counting, str(n))
    assert statements == [1, 1, 1]


async def test_what_writes_to_one_stream_is_not_written_together(counting: Store) -> None:
    await asyncio.gather(*(move(counting, str(n % 4), str(n)) for n in range(COMMANDS)))
    for id in range(4):
        steps = [recorded.event.step for recorded in await counting.read(f"parcel-{id}")]
        assert steps == list(range(1, COMMANDS // 4 + 1))
    assert await counting.pool.fetchval("SELECT sum(moves) FROM note") == COMMANDS


async def decided(store: Store, id: str, note: str = "") -> Unit:
    """A unit of one move that is yet to be written."""
    unit = await store.unit([f"parcel-{id}"], store.pool)
    await unit.decide(parcel.on(id, Move(note=note)), Intent())
    return unit


async def test_one_that_cannot_be_written_fails_alone(counting: Store) -> None:
    units = [await decided(counting, str(n)) for n in range(COMMANDS)]
    units[10], units[20] = await decided(counting, "stale"), await decided(counting, "large", "x" * 300_000)
    await move(counting, "stale")
    with capture_logs() as told:
        done = await asyncio.gather(*(counting.append(unit, counting.pool) for unit in units), return_exceptions=True)
    assert told == []
    assert [n for n, error in enumerate(done) if error] == [10, 20]
    assert isinstance(done[10], Conflict)
    assert isinstance(done[20], EventTooLarge)
    assert await count(counting, "event") == COMMANDS - 1


async def test_a_defect_of_a_group_alone_is_told_and_one_of_races_is_not(
    counting: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, reason = counting._together._write, iter([KeyError("of a group"), Conflict("a race")])

    async def failing(units: Sequence[Unit], rows: Rows) -> None:
        if len(units) > 1 and (error := next(reason, None)):
            raise error
        await write(units, rows)

    monkeypatch.setattr(together, "SLOW_SECONDS", 60)
    monkeypatch.setattr(counting._together, "_write", failing)
    with capture_logs() as told:
        await asyncio.gather(*(move(counting, str(n)) for n in range(3 * COMMANDS)))
    assert await count(counting, "event") == 3 * COMMANDS
    (one,) = told
    assert one["event"] == "units that cannot be written together"
    assert "KeyError" in one["error"]
    assert next(reason, None) is None


@pytest.fixture
async def patient(post: Post, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """The post's store on connections that wait a minute for a lock."""
    for patience in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        monkeypatch.setitem(SETTINGS, patience, "60s")
    pool = await connect(post.database.url, command_timeout=60)
    yield replace(post.store, pool=pool)
    await pool.close()


@asynccontextmanager
async def waiting_for_a_lock(store: Store, ids: Sequence[str]) -> AsyncIterator[list["asyncio.Task[Any]"]]:
    """While moves of these parcels wait for a lock, each in a statement of its own."""
    for id in ids:
        await move(store, id)
    async with transact(store.pool) as connection:
        await connection.execute("SELECT FROM parcel FOR UPDATE")
        tasks = []
        for number, id in enumerate(ids, 1):
            tasks.append(asyncio.create_task(move(store, id, "again")))
            async with asyncio.timeout(30):
                while await store.pool.fetchval(WAITING) < number:  # noqa: ASYNC110  # it is the database's
                    await asyncio.sleep(0.005)
        yield tasks
    await asyncio.gather(*tasks)


async def test_a_statement_that_waits_for_a_lock_keeps_nobody_else_waiting(patient: Store) -> None:
    blocked = [f"blocked-{n}" for n in range(together.AT_ONCE)]
    async with waiting_for_a_lock(patient, blocked) as waiting, asyncio.timeout(30):
        await asyncio.gather(*(move(patient, str(n)) for n in range(COMMANDS)))
        assert not any(task.done() for task in waiting)
    assert await count(patient, "event") == COMMANDS + 2 * len(blocked)


async def test_one_that_waits_for_a_lock_keeps_none_of_those_waiting_that_it_is_written_with(
    patient: Store,
) -> None:
    async with waiting_for_a_lock(patient, ["blocked"]):
        units = [await decided(patient, str(n)) for n in range(COMMANDS)]
        units[10] = await decided(patient, "blocked")
        tasks = [asyncio.create_task(patient.append(unit, patient.pool)) for unit in units]
        async with asyncio.timeout(30):
            await asyncio.gather(*(task for task in tasks if task is not tasks[10]))
        assert not tasks[10].done()
    with pytest.raises(Conflict):
        await tasks[10]


async def test_a_line_that_is_cut_in_the_middle_loses_and_doubles_nothing(counting: Store, post: Post) -> None:
    owner = await asyncpg.connect(post.database.owner_url)

    async def cut() -> None:
        for _ in range(20):
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%boxed%'"
            )
            await asyncio.sleep(0.005)

    async def insist(n: int) -> None:
        while True:
            try:
                await move(counting, str(n))
                return
            except (*UNREACHABLE, KeyInFlight):  # the server says goodbye before it has let go of the key
                await asyncio.sleep(0.01)

    cutting = asyncio.create_task(cut())
    async with asyncio.timeout(60):
        await asyncio.gather(*(insist(n) for n in range(4 * COMMANDS)))
    await cutting
    await owner.close()
    assert [await count(counting, table) for table in ("event", "idempotency", "parcel")] == [4 * COMMANDS] * 3
    assert await counting.pool.fetchval("SELECT moves FROM note") == 4 * COMMANDS


async def test_one_who_goes_away_takes_nobody_along(counting: Store) -> None:
    tasks = [asyncio.create_task(move(counting, str(n))) for n in range(COMMANDS)]
    await asyncio.sleep(0)
    for task in tasks[::4]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    gone = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)]
    assert set(gone) <= set(range(0, COMMANDS, 4))
    for n in gone:
        await move(counting, str(n))
    assert await count(counting, "event") == COMMANDS
