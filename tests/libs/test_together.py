"""Appends that are asked for at once: written together, and each as if it were alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from libs.events.database.connections import SETTINGS, UNREACHABLE, connect, transact
from libs.events.log import together
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.rows import Rows
from libs.events.log.store import Conflict, EventTooLarge, Store
from libs.events.log.unit import Unit
from tests.libs.conftest import Post
from tests.libs.parcel import Move, note_count, parcel, parcel_list

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
    done = await asyncio.gather(*(counting.append(unit, counting.pool) for unit in units), return_exceptions=True)
    assert {n: type(error) for n, error in enumerate(done) if error} == {10: Conflict, 20: EventTooLarge}
    assert await count(counting, "event") == COMMANDS - 1


async def test_a_statement_that_waits_for_a_lock_keeps_nobody_else_waiting(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "lock_timeout", "60s")
    monkeypatch.setitem(SETTINGS, "statement_timeout", "60s")
    pool = await connect(post.database.url, command_timeout=60)
    store, blocked = replace(post.store, pool=pool), [f"blocked-{n}" for n in range(together.AT_ONCE)]
    await asyncio.gather(*(move(store, id) for id in blocked))
    async with transact(pool) as connection:
        await connection.execute("SELECT FROM parcel FOR UPDATE")
        waiting = [asyncio.create_task(move(store, id, "again")) for id in blocked]
        async with asyncio.timeout(30):
            await asyncio.gather(*(move(store, str(n)) for n in range(COMMANDS)))
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)
    assert await count(store, "event") == COMMANDS + 2 * len(blocked)
    await pool.close()


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
        for _ in range(50):
            try:
                await move(counting, str(n))
                return
            except UNREACHABLE:
                await asyncio.sleep(0.01)
        raise AssertionError(f"{n} was never answered")

    cutting = asyncio.create_task(cut())
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
