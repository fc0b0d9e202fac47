"""Counts over many streams: whoever adds at the same time, and however often it is tried, the sum is right."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from libs.events import AnyRecorded, Catalogue, Recorded, Story
from libs.events.database.connections import connect, transact
from libs.events.inbox import parking
from libs.events.inbox.inbox import Inbox
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.store import Store
from libs.events.projection.rebuild import rebuild, rebuild_heard
from libs.events.view import Count, ManyStreams, View
from tests.libs.conftest import Desk, Post, make_inbox
from tests.libs.parcel import (
    Move,
    NoteRow,
    ParcelMoved,
    ParcelRow,
    Seal,
    Weigh,
    note_count,
    note_table,
    noted,
    notes_heard,
    parcel,
    parcel_list,
    parcel_row,
    parcel_table,
    smudged,
    tally,
    tally_table,
    weight_count,
)
from tests.locks import is_held_up

WRITERS, MOVES = 32, 10


@pytest.fixture
def counting(post: Post) -> Store:
    """The post's store with counts of notes and of weights."""
    return replace(post.store, views=[parcel_list, note_count, weight_count])


@pytest.fixture
async def owner(post: Post, counting: Store) -> AsyncIterator[Store]:
    pool = await connect(post.database.owner_url, 3)
    yield replace(counting, pool=pool)
    pool.terminate()


async def moves(store: Store, note: str = "") -> int:
    return int(await store.pool.fetchval("SELECT coalesce(sum(moves), 0) FROM note WHERE id = $1", note))


async def weighed(store: Store) -> dict[str, tuple[int, int]]:
    return {row["id"]: (row["parcels"], row["grams"]) for row in await store.pool.fetch("SELECT * FROM weight")}


async def test_of_32_writers_on_one_row_nobody_is_lost(counting: Store) -> None:
    async def write(writer: int) -> None:
        for _ in range(MOVES):
            await counting.run(parcel.on(str(writer), Move()), Intent())

    await asyncio.gather(*map(write, range(WRITERS)))
    row = await counting.pool.fetchrow("SELECT * FROM note")
    assert tuple(row or ()) == ("", WRITERS * MOVES, WRITERS * sum(range(1, MOVES + 1)))


async def test_what_is_tried_again_after_a_lost_race_counts_once(counting: Store) -> None:
    await asyncio.gather(*(counting.run(parcel.on("a", Move(2)), Intent()) for _ in range(8)))
    assert await moves(counting) == len(await counting.read("parcel-a")) == 16


async def test_a_unit_that_is_appended_again_counts_once(counting: Store) -> None:
    unit = await counting.unit(["parcel-a"], counting.pool)
    await unit.decide(parcel.on("a", Move(3)), Intent())
    async with counting.pool.acquire() as connection:
        given_up = connection.transaction()
        await given_up.start()
        await counting.append(unit, connection)
        await given_up.rollback()
    await counting.append(unit, counting.pool)
    assert await moves(counting) == 3


async def test_a_repeated_command_counts_once(counting: Store) -> None:
    for _ in range(3):
        intent = Intent(idempotency=Idempotency(scope="test", key="k", request_hash="move"))
        await counting.run(parcel.on("a", Move()), intent, lambda decided: Answer(status=200, body="{}"))
    assert await moves(counting) == 1


def both(one: str, other: str) -> Story:
    yield parcel.on(one, Move(note="n"))
    yield parcel.on(other, Move(note="n"))


async def test_two_streams_of_one_story_add_to_one_row(counting: Store) -> None:
    await counting.run(partial(both, "a", "b"), Intent())
    assert await moves(counting, "n") == 2


async def test_rows_are_locked_in_one_order_whatever_the_order_of_the_story(counting: Store) -> None:
    """Who waits for the first row holds none of those behind it: no two lock each other out."""

    def story(*notes: str) -> Story:
        for note in notes:
            yield parcel.on(f"{note}-{len(notes)}", Move(note=note))

    await counting.run(partial(story, "x", "y"), Intent())
    async with transact(counting.pool) as connection:
        await connection.execute("SELECT FROM note WHERE id = 'x' FOR UPDATE")
        behind = asyncio.create_task(counting.run(partial(story, "y", "x", "z"), Intent()))
        assert await is_held_up(behind, counting.pool, connection.get_server_pid())
        await connection.execute("SELECT FROM note WHERE id = 'y' FOR UPDATE NOWAIT")
    await behind
    assert [await moves(counting, note) for note in "xyz"] == [2, 2, 1]


async def test_a_row_that_changes_counts_elsewhere_and_one_that_goes_counts_no_more(counting: Store) -> None:
    await counting.run(parcel.on("a", Weigh(50)), Intent())
    await counting.run(parcel.on("b", Weigh(70)), Intent())
    assert await weighed(counting) == {"light": (2, 120)}
    await counting.run(parcel.on("a", Weigh(500)), Intent())
    await counting.run(parcel.on("a", Move()), Intent())
    assert await weighed(counting) == {"light": (1, 70), "heavy": (1, 500)}
    await counting.run(parcel.on("a", Seal()), Intent())
    assert await weighed(counting) == {"light": (1, 70), "heavy": (0, 0)}


async def test_what_changes_nothing_that_counts_writes_nothing(counting: Store) -> None:
    await counting.run(parcel.on("a", Weigh(50)), Intent())
    versions = "SELECT xmin FROM weight"
    before = await counting.pool.fetchval(versions)
    await counting.run(parcel.on("a", Move()), Intent())
    assert await counting.pool.fetchval(versions) == before


async def keep_working(store: Store, worker: int, stop: asyncio.Event) -> None:
    done = 0
    while not stop.is_set():
        command = (Move(note="n"), Weigh(done * 20), Move(2), Weigh(90), Seal())[done % 5]
        await store.run(parcel.on(f"{worker}-{done // 5}", command), Intent())
        done += 1


@pytest.mark.parametrize("count", [note_count, weight_count], ids=["events", "rows"])
async def test_the_proof_of_a_count_holds_while_its_service_writes(
    counting: Store, owner: Store, count: Count[msgspec.Struct]
) -> None:
    stop = asyncio.Event()
    writers = [asyncio.create_task(keep_working(counting, worker, stop)) for worker in range(4)]
    async with asyncio.timeout(60):
        while len(await weighed(counting)) < 2 or not await moves(counting):  # noqa: ASYNC110  # it is the database's
            await asyncio.sleep(0.01)
    for swap in (False, True, True):
        proof = await rebuild(owner, count, swap)
        assert proof.holds, proof
    stop.set()
    await asyncio.gather(*writers)
    proof = await rebuild(owner, count, swap=False)
    assert proof.holds
    assert proof.rebuilt.rows == 2


async def test_a_count_that_is_wrong_shows_in_the_proof_and_is_right_after_the_swap(
    counting: Store, owner: Store
) -> None:
    for id in "abc":
        await counting.run(parcel.on(id, Move(2)), Intent())
    await counting.pool.execute("UPDATE note SET moves = moves + 1")
    assert not (await rebuild(owner, note_count)).holds
    assert await moves(counting) == 6
    await counting.run(parcel.on("a", Move()), Intent())
    assert (await rebuild(owner, note_count, swap=False)).holds


@pytest.fixture
async def hearing(desk: Desk) -> Inbox:
    """The desk's inbox with a count of notes beside its tally."""
    inbox = make_inbox(desk.pool)
    inbox.views = [*inbox.views, notes_heard(ParcelMoved)]
    return inbox


async def test_a_count_of_what_others_say_is_right_over_all_lanes(hearing: Inbox, post: Post) -> None:
    for id in range(20):
        await post.move(str(id), times=2, note="n")
    messages = await post.said()
    lanes = {message.lane for message in messages}
    assert len(lanes) > 4
    await asyncio.gather(*(hearing.take([m for m in messages if m.lane == lane]) for lane in lanes for _ in range(2)))
    await hearing.take(messages)
    assert await moves(hearing.store, "n") == 40


async def test_a_count_of_what_others_say_is_rebuilt_from_their_feeds(desk: Desk, hearing: Inbox, post: Post) -> None:
    for id in range(20):
        await post.move(str(id), times=2, note="smudge" if id == 3 else "n")
    smudged.add("smudge")
    await hearing.take(await post.said())
    smudged.clear()
    assert (await moves(hearing.store, "n"), await moves(hearing.store, "smudge")) == (38, 0)
    count = hearing.views[-1]
    pool = await connect(desk.database.owner_url, 3)
    owning = replace(hearing, store=replace(hearing.store, pool=pool))
    assert (await rebuild_heard(owning, count, post)).holds
    for parked in await parking.listed(desk.pool):
        async with transact(desk.pool) as connection:
            if parked.id in {one.id for one in await parking.listed(connection)}:
                await hearing.retry(connection, parked)
    assert await moves(hearing.store, "smudge") == 2
    assert (await rebuild_heard(owning, count, post, swap=False)).holds
    pool.terminate()


shared = View(
    parcel_table,
    ParcelRow,
    key=lambda recorded: recorded.event.note if isinstance(recorded.event, ParcelMoved) else None,
    apply=lambda before, recorded: parcel_row(
        before or ParcelRow(recorded.event.note, 0, None, recorded.occurred_at), recorded
    ),
)
"""The obvious view, and a wrong one: its key is a note's, but its events come from the streams of many parcels."""


async def test_a_row_that_another_stream_made_is_refused(post: Post) -> None:
    store = replace(post.store, views=[shared])
    for _ in range(3):
        await store.run(parcel.on("a", Move(note="n")), Intent())
    with pytest.raises(ManyStreams, match=r"row 'n' of parcel .* parcel-b"):
        await store.run(parcel.on("b", Move(note="n")), Intent())
    assert await store.read("parcel-b") == []
    assert await store.pool.fetchval("SELECT steps FROM parcel WHERE id = 'n'") == 3


async def test_a_row_that_two_streams_of_one_story_would_make_is_refused(post: Post) -> None:
    store = replace(post.store, views=[shared])
    with pytest.raises(ManyStreams, match=r"row 'n' of parcel has events of parcel-a and of parcel-b"):
        await store.run(partial(both, "a", "b"), Intent())


async def test_who_begins_a_stream_at_the_same_time_is_no_other_stream(post: Post) -> None:
    await asyncio.gather(*(post.store.run(parcel.on("a", Move()), Intent()) for _ in range(16)))
    assert await post.store.pool.fetchval("SELECT steps FROM parcel") == 16


@pytest.mark.parametrize("swap", [True, False])
async def test_a_rebuild_names_a_row_of_two_streams_and_both(post: Post, owner: Store, swap: bool) -> None:
    for id in "ba":
        await post.store.run(parcel.on(id, Move(note="n")), Intent())
    with pytest.raises(ManyStreams, match=r"row 'n' of parcel has events of parcel-a and of parcel-b"):
        await rebuild(owner, shared, swap)


async def test_a_heard_row_that_other_lanes_could_touch_is_refused(desk: Desk, post: Post) -> None:
    wrong = View(tally_table, tally(ParcelMoved).row, lambda _: "all", tally(ParcelMoved).apply, Catalogue(ParcelMoved))
    inbox = make_inbox(desk.pool)
    inbox.views = [wrong]
    await post.move("a")
    await inbox.take(await post.said())
    (parked,) = await parking.listed(desk.pool)
    assert parked.error is not None
    assert "ManyStreams" in parked.error


def test_a_view_of_a_decider_has_a_row_for_each_of_its_streams() -> None:
    view = View.of(parcel, parcel_table, ParcelRow, parcel_row)
    assert [view.key(note_at(stream)) for stream in ("parcel-a-b", "parcels-a", "book-parcel-a")] == ["a-b", None, None]


def note_at(stream: str) -> AnyRecorded:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Recorded(event=ParcelMoved(step=1), id="1", stream=stream, version=1, occurred_at=at, recorded_at=at)


class Averaged(msgspec.Struct, frozen=True):
    id: str
    moves: float


class Named(msgspec.Struct, frozen=True):
    id: str
    name: str


NULLABLE = sa.Table(
    "nullable",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("moves", sa.Integer),
    sa.Column("steps", sa.Integer, nullable=False),
)


@pytest.mark.parametrize(("table", "row"), [(note_table, Averaged), (note_table, Named), (NULLABLE, NoteRow)])
def test_a_count_adds_up_integers_and_nothing_else(table: sa.Table, row: type[msgspec.Struct]) -> None:
    with pytest.raises(ValueError, match=table.name):
        Count(table, row, noted)


def test_a_count_of_rows_counts_those_of_a_view_of_its_own_service() -> None:
    with pytest.raises(ValueError, match="hears other services"):
        Count.of(tally(ParcelMoved), note_table, NoteRow, lambda row: [])
