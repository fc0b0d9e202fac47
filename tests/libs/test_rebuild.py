"""Rebuilding a view: beside the live one, proved under a lock, swapped in while the service runs."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from libs.events.database import connect
from libs.events.inbox import Inbox
from libs.events.intent import Intent
from libs.events.rebuild import rebuild, rebuild_heard
from libs.events.store import Store
from tests.libs.conftest import Desk, Post, make_inbox
from tests.libs.parcel import Move, Seal, Weigh, parcel, parcel_list


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
