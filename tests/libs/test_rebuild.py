"""Rebuilding a view: beside the live one, proved under a lock, swapped in while the service runs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from libs.events.database.connections import Connection, connect
from libs.events.inbox import parking
from libs.events.inbox.inbox import Inbox
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.projection.own_history import OwnHistory
from libs.events.projection.proof import Snapshot
from libs.events.projection.rebuild import FEW, rebuild, rebuild_heard
from libs.events.projection.shadow import NewerView, Shadow
from tests.conftest import NewDatabase
from tests.libs.conftest import Desk, Post, make_inbox
from tests.libs.parcel import Move, Seal, Weigh, parcel, parcel_list, smudged
from tests.locks import WAITING_FOR


@pytest.fixture
async def owner(post: Post) -> AsyncIterator[Store]:
    """The post's store as an operator works in it."""
    pool = await connect(post.database.owner_url, 3)
    yield Store(pool, "post", post.store.catalogue, post.store.views)
    pool.terminate()


@pytest.fixture
async def desk_owner(desk: Desk) -> AsyncIterator[Inbox]:
    pool = await connect(desk.database.owner_url, 3)
    yield make_inbox(pool)
    pool.terminate()


async def fill(post: Post) -> None:
    for id in range(30):
        await post.store.run(parcel.on(str(id), Move(3)), Intent())
    for id in range(10):
        await post.store.run(parcel.on(str(id), Weigh(id)), Intent())
    await post.store.run(parcel.on("0", Seal()), Intent())


async def keep_moving(store: Store, worker: int, stop: asyncio.Event) -> int:
    """A running service: moves, weighs and seals parcels, old and new, until it is told; how many commands."""
    done = 0
    while not stop.is_set():
        id = f"{worker}-{done // 7}"
        command = Seal() if done % 7 == 6 else Move()
        await store.run(parcel.on(id, command), Intent())
        done += 1
    return done


async def test_the_proof_of_a_view_holds_while_its_service_writes(post: Post, owner: Store) -> None:
    await fill(post)
    stop = asyncio.Event()
    writers = [asyncio.create_task(keep_moving(post.store, worker, stop)) for worker in range(4)]
    await asyncio.sleep(0.2)
    for swap in (False, True, True):
        proof = await rebuild(owner, parcel_list, swap)
        assert proof.holds, proof
        assert proof.events >= 101
        assert proof.rebuilt[0] >= 29
    stop.set()
    assert min(await asyncio.gather(*writers)) > 0
    assert (await rebuild(owner, parcel_list, swap=False)).holds


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE parcel SET steps = steps + 1 WHERE id = 'parcel-7'",
        "DELETE FROM parcel WHERE id = 'parcel-7'",
        "INSERT INTO parcel VALUES ('parcel-ghost', 1, NULL, now())",
        "UPDATE parcel SET grams = NULL WHERE id = 'parcel-7'",
    ],
)
async def test_a_damaged_row_shows_in_the_proof_and_is_repaired_by_the_swap(
    post: Post, owner: Store, damage: str
) -> None:
    await fill(post)
    await post.store.pool.execute(damage)
    assert not (await rebuild(owner, parcel_list, swap=False)).holds
    found = await rebuild(owner, parcel_list)
    assert (found.holds, found.rebuilt[0], found.events) == (False, 29, 101)
    assert (await rebuild(owner, parcel_list, swap=False)).holds


async def test_a_table_that_a_newer_release_widened_is_compared_and_left_as_it_is(post: Post, owner: Store) -> None:
    await fill(post)
    await owner.pool.execute("ALTER TABLE parcel ADD COLUMN hue text; UPDATE parcel SET hue = 'red'")
    await owner.pool.execute("CREATE INDEX parcel_hue ON parcel (hue)")
    try:
        assert (await rebuild(owner, parcel_list, swap=False)).holds
        with pytest.raises(NewerView, match="parcel has hue, parcel_hue of a newer release"):
            await rebuild(owner, parcel_list)
        assert await owner.pool.fetchval("SELECT count(*) FROM parcel WHERE hue = 'red'") == 29
    finally:
        await owner.pool.execute("ALTER TABLE parcel DROP COLUMN hue")


async def test_rights_and_indices_outlive_the_swap(post: Post, owner: Store) -> None:
    indices = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'parcel' ORDER BY 1"
    await fill(post)
    before = [tuple(row) for row in await owner.pool.fetch(indices)]
    await rebuild(owner, parcel_list)
    assert [tuple(row) for row in await owner.pool.fetch(indices)] == before
    await post.store.run(parcel.on("5", Move()), Intent())
    await post.store.run(parcel.on("5", Seal()), Intent())
    assert await post.store.pool.fetchval("SELECT count(*) FROM parcel") == 28
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await post.store.pool.execute("DROP TABLE parcel")


async def test_a_running_services_statements_go_on_after_the_swap(post: Post, owner: Store) -> None:
    """Prepared statements of its pool were planned on the table that is no more."""
    query = "SELECT * FROM parcel WHERE id = $1"
    await fill(post)
    for _ in range(3):
        assert await post.store.pool.fetchrow(query, "parcel-5")
        await rebuild(owner, parcel_list)
        await post.store.run(parcel.on("5", Move()), Intent())
        row = await post.store.pool.fetchrow(query, "parcel-5")
        assert row is not None
        assert row["steps"] == len(await post.store.read("parcel-5")) - 1


async def test_a_view_of_what_others_said_is_rebuilt_from_their_feeds(
    desk: Desk, desk_owner: Inbox, post: Post
) -> None:
    for id in range(20):
        await post.move(str(id), times=3)
    await desk.inbox.take(await post.said())
    (view,) = desk_owner.views
    assert (await rebuild_heard(desk_owner, view, post, swap=False)).holds
    await desk.pool.execute("UPDATE tally SET moves = 99 WHERE id = 'parcel-3'")
    assert not (await rebuild_heard(desk_owner, view, post)).holds
    assert await desk.tally("3") == 3
    await post.move("3")
    await desk.inbox.take(await post.said())
    assert await desk.tally("3") == 4
    assert (await rebuild_heard(desk_owner, view, post)).holds


async def test_a_parked_event_that_is_retried_meanwhile_stands_in_the_rebuilt_view(
    desk: Desk, desk_owner: Inbox, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.move("3", note="smudge")
    smudged.add("smudge")
    await desk.inbox.take(await post.said())
    smudged.clear()
    summed, retried = Snapshot.of, 0

    async def summed_after_a_retry(connection: Connection, shadow: Shadow) -> Snapshot:
        nonlocal retried
        for parked in await parking.listed(desk.pool):
            retried += await desk.retry(parked.id)
        return await summed(connection, shadow)

    monkeypatch.setattr(Snapshot, "of", summed_after_a_retry)
    (view,) = desk_owner.views
    assert (await rebuild_heard(desk_owner, view, post)).holds
    assert retried == 1
    assert await desk.tally("3") == 1


async def test_a_discarded_event_is_left_out_of_the_rebuilt_view(desk: Desk, desk_owner: Inbox, post: Post) -> None:
    await post.move("3", note="smudge")
    await post.move("4")
    smudged.add("smudge")
    await desk.inbox.take(await post.said())
    smudged.clear()
    for parked in await parking.listed(desk.pool):
        await desk.discard(parked.id)
    assert (await desk.tally("3"), await desk.tally("4")) == (0, 1)
    (view,) = desk_owner.views
    assert (await rebuild_heard(desk_owner, view, post, swap=False)).holds


async def test_what_came_while_the_tables_were_summed_is_not_folded_under_the_lock(
    post: Post, owner: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(post)
    summed, finish = Snapshot.of, OwnHistory.finish
    late: list[int] = []

    async def summed_slowly(connection: Connection, shadow: Shadow) -> Snapshot:
        found = await summed(connection, shadow)
        for _ in range(3):
            await post.store.run(parcel.on("7", Move(FEW)), Intent())
        return found

    async def finished(history: OwnHistory, connection: Connection) -> set[str]:
        late.append(await history.behind())
        return await finish(history, connection)

    monkeypatch.setattr(Snapshot, "of", summed_slowly)
    monkeypatch.setattr(OwnHistory, "finish", finished)
    proof = await rebuild(owner, parcel_list)
    assert proof.holds
    assert proof.events == 101 + 3 * FEW
    assert late == [0]


async def test_a_reader_in_the_way_of_the_swap_delays_it_and_no_more(post: Post, owner: Store) -> None:
    await fill(post)
    async with post.store.pool.acquire() as reader:
        reading = reader.transaction()
        await reading.start()
        await reader.fetch("SELECT * FROM parcel")
        rebuilding = asyncio.create_task(rebuild(owner, parcel_list))
        await _until_locked_out(owner)
        await reading.rollback()
    assert (await rebuilding).holds


async def _until_locked_out(owner: Store) -> None:
    """Until the swap was refused once: its lock time-out is over."""
    for refusing in (True, False):
        while bool(await owner.pool.fetchval(WAITING_FOR, "parcel")) != refusing:  # noqa: ASYNC110  # only the database knows
            await asyncio.sleep(0.01)


async def test_rights_outlive_the_swap_as_they_are(post: Post, owner: Store) -> None:
    rights = (
        "SELECT unnest(relacl)::text FROM pg_class WHERE oid = 'parcel'::regclass UNION ALL "
        "SELECT unnest(attacl)::text FROM pg_attribute WHERE attrelid = 'parcel'::regclass ORDER BY 1"
    )
    for right in (
        "SELECT ON parcel TO PUBLIC",
        "SELECT ON parcel TO pg_monitor",
        "UPDATE (steps) ON parcel TO pg_monitor WITH GRANT OPTION",
    ):
        await owner.pool.execute(f"GRANT {right}")
    before = await owner.pool.fetch(rights)
    await rebuild(owner, parcel_list)
    assert await owner.pool.fetch(rights) == before
    assert len(before) == 5


async def test_the_exit_status_says_that_a_swap_changed_rows(new_database: NewDatabase) -> None:
    database = await new_database("survey")
    settings = {
        **os.environ,
        "SURVEY_DATABASE_URL": database.url,
        "SURVEY_OWNER_DATABASE_URL": database.owner_url,
    }

    def status(*options: str) -> int:
        command: Sequence[str] = [
            sys.executable,
            "-m",
            "libs.events.projection.rebuild",
            "survey",
            "callback",
            *options,
        ]
        return subprocess.run(command, env=settings, timeout=60).returncode

    assert status() == 0
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(
        "INSERT INTO callback (id, ticket_id, customer_id, work_order_id, status, attempts, version, opened_at) "
        "VALUES ('ghost', 'ghost', 'ghost', 'ghost', 'scheduled', 0, 1, now())"
    )
    await connection.close()
    assert [status("--check"), status(), status()] == [1, 3, 0]


async def test_a_source_that_has_less_than_was_heard_of_it_leaves_a_view_that_differs(
    desk: Desk, desk_owner: Inbox, post: Post
) -> None:
    await post.move("3", times=3)
    await desk.inbox.take(await post.said())
    lost = await asyncpg.connect(post.database.owner_url)
    await lost.execute("DELETE FROM published WHERE seq > 1")
    await lost.close()
    (view,) = desk_owner.views
    proof = await rebuild_heard(desk_owner, view, post, swap=False)
    assert (proof.holds, proof.events) == (False, 1)
