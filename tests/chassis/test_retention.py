"""What is past its time goes, batch by batch, whoever else is at work; the rest stays."""

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client import REGISTRY

from deploy.devstack.databases import Database
from libs.chassis.running.retention import KEYS, Retention
from libs.chassis.running.settings import Common
from libs.events.database.connections import Pool, transact
from tests.chassis.conftest import Caller
from tests.chassis.running import Start

KEPT = timedelta(hours=72)
LOOKS_KEPT = timedelta(days=1095)
MANY_PAGES = 10_000

FILL = """
INSERT INTO idempotency (scope, key, request_hash, status, body, created_at)
SELECT 's', n::text, '', 200, repeat('b', 400), now() - make_interval(hours => n % 2 * 100)
FROM generate_series(1, $1::int) AS n
"""
LOOKED = """
INSERT INTO viewed (id, subject_id, actor, fields, route, viewed_at)
SELECT n::text, 'c', 'a', '[]', 'read_ticket', now() - make_interval(days => $2) FROM generate_series($3, $1::int) AS n
"""


def retention(pool: Pool) -> Retention:
    return Retention(pool, KEPT, LOOKS_KEPT)


def told(name: str, table: str) -> float:
    return REGISTRY.get_sample_value(name, {"table": table}) or 0.0


async def count(pool: Pool, table: str) -> int:
    return int(await pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_old_keys_are_forgotten_and_no_others(anna: Caller, pool: Pool) -> None:
    before = told("aftercare_retention_deleted_rows_total", "idempotency")
    await anna.opened()
    await pool.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
    await anna.opened()
    await retention(pool).step()
    assert await count(pool, "idempotency") == 1
    assert told("aftercare_retention_deleted_rows_total", "idempotency") == before + 1
    assert told("aftercare_retention_overdue_seconds", "idempotency") == pytest.approx(3600, abs=60)
    assert told("aftercare_table_bytes", "event") == await pool.fetchval("SELECT pg_total_relation_size('event')")
    await retention(pool).step()
    assert told("aftercare_retention_overdue_seconds", "idempotency") == 0


async def test_a_sweep_walks_over_the_whole_table_page_by_page_and_begins_again(pool: Pool) -> None:
    await pool.execute(FILL, 400)
    plan = await pool.fetch(f"EXPLAIN {KEYS}", KEPT, 0, 5)
    assert any("Tid Range Scan" in line["QUERY PLAN"] for line in plan)
    sweep = retention(pool)
    gone = [await sweep.forget_keys(pages=5) for _ in range(10)]
    assert sum(gone) == 200
    assert 0 < gone[0] < 60
    await pool.execute("UPDATE idempotency SET created_at = now() - interval '100 hours'")
    assert sum([await sweep.forget_keys(pages=5) for _ in range(20)]) == 200


async def test_an_empty_table_costs_no_statement(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def note(self: Retention, table: str, *_: object) -> int:
        asked.append(table)
        return 0

    monkeypatch.setattr(Retention, "_delete", note)
    assert await retention(pool).forget_keys() == 0
    assert asked == []


async def test_a_table_that_is_dropped_meanwhile_is_no_defect(database: Database, pool: Pool) -> None:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("CREATE TABLE shadow (id int)")
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("DROP TABLE shadow")
    step = asyncio.create_task(retention(pool).step())
    await asyncio.wait([step], timeout=0.3)
    assert not step.done()
    await transaction.commit()
    await step
    await owner.close()


async def test_workers_share_what_is_to_be_deleted_and_none_waits_for_another(pool: Pool) -> None:
    await pool.execute(FILL, 20_000)
    others = [retention(pool).forget_keys(MANY_PAGES) for _ in range(4)]
    async with transact(pool) as connection:
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await connection.execute("SELECT FROM idempotency WHERE key = '1' FOR UPDATE")
        assert sum(await asyncio.wait_for(asyncio.gather(*others), 40)) == 9_999
    assert await retention(pool).forget_keys(MANY_PAGES) == 1
    assert await count(pool, "idempotency") == 10_000


async def test_a_sweep_that_is_killed_keeps_what_its_batches_have_done(pool: Pool) -> None:
    await pool.execute(LOOKED, 4000, 1100, 1)
    sweep = asyncio.create_task(retention(pool).forget_looks())
    while await count(pool, "viewed") == 4000:  # noqa: ASYNC110  # it is the database's
        await asyncio.sleep(0)
    sweep.cancel()
    await asyncio.wait([sweep])
    assert await count(pool, "viewed") in range(0, 4000, 1000)
    await retention(pool).forget_looks()
    assert await count(pool, "viewed") == 0


async def test_looks_at_contacts_are_kept_for_their_time(pool: Pool) -> None:
    await pool.execute(LOOKED, 2500, 1096, 1)
    await pool.execute(LOOKED, 2600, 1094, 2501)
    assert [await retention(pool).forget_looks(batches=1) for _ in range(4)] == [1000, 1000, 500, 0]
    assert await count(pool, "viewed") == 100


async def test_a_key_that_comes_again_while_it_is_forgotten_is_a_new_command(anna: Caller, pool: Pool) -> None:
    key = str(uuid4())
    first = await anna.post("/v1/jobs", {"note": "x"}, key)
    await pool.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
    again = await anna.post("/v1/jobs", {"note": "x"}, key)
    assert (again.headers["idempotency-replayed"], again.json()) == ("true", first.json())
    async with transact(pool) as connection:
        assert await connection.fetchval(KEYS, KEPT, 0, MANY_PAGES) == 1
        late = asyncio.create_task(anna.post("/v1/jobs", {"note": "x"}, key))
        await asyncio.wait([late], timeout=0.2)
    answer = await late
    if "idempotency-replayed" in answer.headers:  # it was read before the deletion was committed
        answer = await anna.post("/v1/jobs", {"note": "x"}, key)
    assert answer.status_code == 201
    assert answer.json()["id"] != first.json()["id"]
    assert await count(pool, "idempotency") == 1


async def test_a_key_that_is_used_while_it_is_forgotten_makes_one_thing_more(anna: Caller, pool: Pool) -> None:
    key = str(uuid4())
    made = [{(await anna.post("/v1/jobs", {"note": "x"}, key)).json()["id"]}]
    for _ in range(10):
        await pool.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
        posts = [anna.post("/v1/jobs", {"note": "x"}, key) for _ in range(4)]
        sweep = asyncio.create_task(retention(pool).forget_keys())
        answers = await asyncio.gather(*posts)
        await sweep
        assert {answer.status_code for answer in answers} <= {201, 409}  # 409: one with this key is being carried out
        made.append({answer.json()["id"] for answer in answers if answer.status_code == 201})
    assert max(map(len, made)) <= 2  # the one that was forgotten, and the one after it


async def test_a_worker_deletes_what_is_past_its_time(database: Database, start: Start) -> None:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(FILL, 20)
    await owner.execute(LOOKED, 5, 1100, 1)
    await owner.close()
    running = start()
    gone = [f'aftercare_retention_deleted_rows_total{{table="{t}"}}' for t in ("idempotency", "viewed")]
    deadline = time.monotonic() + 40
    while (text := running.until("/metrics", 200).text) and not all(series in text for series in gone):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    assert f"{gone[0]} 10.0" in text
    assert f"{gone[1]} 5.0" in text


@pytest.mark.parametrize(("keys", "offline", "kept"), [("72", "72", 72), ("24", "96", 96), ("240", "72", 240)])
def test_keys_outlive_a_phones_time_offline(
    monkeypatch: pytest.MonkeyPatch, keys: str, offline: str, kept: int
) -> None:
    monkeypatch.setenv("IDEMPOTENCY_HOURS", keys)
    monkeypatch.setenv("OFFLINE_HOURS", offline)
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1")
    assert Common().keys_kept == timedelta(hours=kept)  # type: ignore[call-arg]  # the environment gives the fields


def test_no_setting_makes_keys_live_shorter_than_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDEMPOTENCY_HOURS", "23")
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1")
    with pytest.raises(ValueError, match="greater than or equal to 24"):
        Common()  # type: ignore[call-arg]  # as above
