"""The inbox: whatever the network does to messages, each has exactly one effect, in order, or waits to be looked at."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from libs.events import event
from libs.events.background.operations import NotRetriable
from libs.events.database.connections import UNREACHABLE, connect, transact
from libs.events.inbox import parking
from libs.events.inbox.consumer import Consumer
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import Gap, lane_of
from libs.events.inbox.stop import Kind, Stop
from libs.events.log.intent import Intent
from libs.events.log.store import NewerLog, Store
from libs.events.log.unit import Unit
from libs.events.metrics import DUPLICATES, GAPS, HALVED, HEARD, REPAIRED
from libs.events.transport.broker import Kafka
from libs.events.transport.epoch import begin_epoch
from libs.events.transport.wire import Message, Stranger, Undecodable, message
from tests.libs.conftest import Desk, Post, make_inbox, rewrite
from tests.libs.counted import moves
from tests.libs.parcel import Enter, Move, ParcelMoved, book, parcel, smudged
from tests.locks import WAITING


async def parked(desk: Desk) -> list[parking.Parked]:
    return await parking.listed(desk.pool)


def newer(moved: type[ParcelMoved]) -> type[ParcelMoved]:
    """The next version of a move, which an older release cannot read."""

    @event(moved.type_name, version=2)
    class Newer(moved, frozen=True, kw_only=True):  # type: ignore[valid-type,misc,call-arg]  # some class
        pass

    return Newer


def changed(one: Message, **fields: Any) -> Message:
    return msgspec.structs.replace(one, **fields)


async def keys_of_one_lane(post: Post, count: int) -> list[str]:
    """Parcels whose moves travel on one lane."""
    found = []
    for number in range(1000):
        if await post.store.pool.fetchval("SELECT lane_of($1)", parcel.stream(str(number))) == 3:
            found.append(str(number))
        if len(found) == count:
            return found
    raise AssertionError


def repairing(desk: Desk, post: Post) -> Consumer:
    return Consumer(desk.inbox, Kafka("nowhere:1"), post)


async def hear(desk: Desk, post: Post, messages: Sequence[Message]) -> None:
    """What a consumer does with a batch: take it, and fetch from the source what is missing."""
    consumer = repairing(desk, post)
    consumer.repairs.note(await desk.inbox.take(messages))
    await consumer.repairs.settle()


async def test_what_is_heard_in_order_is_entered_in_order_and_counted(desk: Desk, post: Post) -> None:
    for id in ("a", "b", "c"):
        await post.move(id, times=3)
    with moves(HEARD, by=9):
        assert await desk.inbox.take(await post.said()) == []
    for id in ("a", "b", "c"):
        assert await desk.book(id) == [1, 2, 3]
        assert await desk.tally(id) == 3


async def test_an_effect_names_its_cause_and_happened_when_its_cause_did(desk: Desk, post: Post) -> None:
    intent = Intent(correlation_id="c-1", traceparent="00-ab-cd-01")
    moved = (await post.store.run(parcel.on("a", Move()), intent)).first.events[0]
    await desk.inbox.take(await post.said())
    (entered,) = await desk.inbox.store.read("book-parcel-a")
    assert (entered.causation_id, entered.correlation_id) == (moved.id, "c-1")
    assert (entered.actor, entered.traceparent) == ("service:desk", "00-ab-cd-01")
    assert entered.occurred_at == moved.occurred_at


async def test_redelivery_changes_nothing(desk: Desk, post: Post) -> None:
    await post.move("a", times=3)
    said = await post.said()
    await desk.inbox.take(said)
    with moves(DUPLICATES, by=3):
        await desk.inbox.take(said)
    with moves(DUPLICATES, by=3):
        await desk.inbox.take([*said[:2], said[0]])
    assert (await desk.book("a"), await desk.tally("a")) == ([1, 2, 3], 3)


@pytest.mark.parametrize("seed", range(5))
async def test_disorder_doubles_and_losses_come_to_the_same(desk: Desk, post: Post, seed: int) -> None:
    for id in range(6):
        await post.move(str(id), times=5)
    said = await post.said()
    chance = random.Random(seed)
    jumbled = chance.choices(said, k=40)
    for begin in range(0, 40, 10):
        await hear(desk, post, jumbled[begin : begin + 10])
    await hear(desk, post, said)
    for id in range(6):
        assert (await desk.book(str(id)), await desk.tally(str(id))) == ([1, 2, 3, 4, 5], 5)


async def test_a_gap_is_filled_from_the_sources_feed(desk: Desk, post: Post) -> None:
    await post.move("a", times=5)
    first, _, _, fourth, fifth = await post.said()
    with moves(GAPS, by=1), moves(REPAIRED, by=4):
        await hear(desk, post, [first, fourth, fifth])
    assert await desk.book("a") == [1, 2, 3, 4, 5]


async def test_the_rows_of_positions_are_made_though_no_client_of_kafka_can_be(
    desk: Desk, post: Post, tmp_path: Path
) -> None:
    await desk.pool.execute("DELETE FROM position")
    secret = Kafka("nowhere:1", protocol="SASL_PLAINTEXT", username="desk", password_file=tmp_path / "missing")
    consumer = Consumer(desk.inbox, secret, post)
    running = asyncio.create_task(consumer.run())
    async with asyncio.timeout(40):
        while not await desk.inbox.positions():  # noqa: ASYNC110  # it is the database's
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.wait([running])


async def test_a_look_before_there_are_positions_asks_for_nothing_and_the_next_ones_do(desk: Desk, post: Post) -> None:
    await post.move("a", times=2)
    await post.seal()
    await desk.pool.execute("DELETE FROM position")
    consumer = repairing(desk, post)
    await consumer.catch_up()
    assert (await desk.inbox.positions(), await desk.book("a")) == ({}, [])
    await desk.inbox.open()
    for _ in range(2):
        await consumer.catch_up()
    assert await desk.book("a") == [1, 2]


async def test_a_gap_stays_a_gap_while_the_feed_is_out_of_reach(desk: Desk, post: Post) -> None:
    class Unreachable(Post):
        async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
            raise ConnectionRefusedError

    await post.move("a", times=3)
    said = await post.said()
    await hear(desk, Unreachable(post.database, post.store), said[1:])
    assert await desk.book("a") == []
    await hear(desk, post, said[2:])
    assert await desk.book("a") == [1, 2, 3]


async def test_poison_parks_its_key_and_what_comes_behind_it_while_others_go_on(desk: Desk, post: Post) -> None:
    bad, good = await keys_of_one_lane(post, 2)
    await post.move(bad)
    await post.move(bad, note="smudge")
    await post.move(good)
    await post.move(bad, note="behind it")
    smudged.add("smudge")
    said = await post.said()
    with moves(HALVED):
        await desk.inbox.take(said)
    poison, behind = await parked(desk)
    assert (poison.seq, poison.key, poison.type) == (said[1].seq, parcel.stream(bad), "post.ParcelMoved")
    assert poison.error == "Smudge: smudge"
    assert (behind.event_id, behind.error) == (said[3].id, None)
    assert (await desk.book(bad), await desk.tally(bad)) == ([1], 1)
    assert (await desk.book(good), await desk.tally(good)) == ([1], 1)
    await post.move(bad)
    await desk.inbox.take(await post.said(bad))
    assert [one.seq for one in await parked(desk)] == [said[1].seq, said[3].seq, said[3].seq + 1]


async def test_a_retry_tells_all_of_the_key_in_order_and_leaves_nothing_parked(desk: Desk, post: Post) -> None:
    smudged.add("smudge")
    await post.move("a", note="smudge")
    await post.move("a", times=2)
    await desk.inbox.take(await post.said())
    assert len(await parked(desk)) == 3
    behind = (await parked(desk))[1].id
    with pytest.raises(Exception, match="smudge"):
        await desk.retry(behind)
    assert (len(await parked(desk)), await desk.book("a")) == (3, [])
    smudged.clear()
    both = await asyncio.gather(desk.retry(behind), desk.retry(behind), return_exceptions=True)
    assert [type(one) for one in both if one != 3] in ([parking.Unknown], [int])
    assert (await parked(desk), await desk.book("a"), await desk.tally("a")) == ([], [1, 2, 3], 3)
    await post.move("a")
    await desk.inbox.take(await post.said())
    assert await desk.book("a") == [1, 2, 3, 4]


async def test_a_retry_of_what_has_its_effect_already_removes_it_and_applies_the_others(desk: Desk, post: Post) -> None:
    await post.move("a", times=2)
    await desk.inbox.take(await post.said())
    smudged.add("smudge")
    await post.move("a", note="smudge")
    await desk.inbox.take(await post.said())
    await desk.pool.execute("DELETE FROM position")
    await desk.inbox.open()
    await desk.inbox.take(await post.said())
    assert sorted(one.seq or 0 for one in await parked(desk)) == [1, 2, 3]
    smudged.clear()
    assert await desk.retry((await parked(desk))[0].id) == 1
    assert (await parked(desk), await desk.book("a"), await desk.tally("a")) == ([], [1, 2, 3], 3)


async def test_a_retry_of_nothing_but_what_has_its_effect_leaves_nothing_parked(desk: Desk, post: Post) -> None:
    await post.move("a")
    (said,) = await post.said()
    await desk.inbox.take([said])
    async with transact(desk.pool) as connection:
        await parking.park(connection, desk.inbox.consumer, [said], None)
    assert await desk.retry((await parked(desk))[0].id) == 0
    assert (await parked(desk), await desk.book("a"), await desk.tally("a")) == ([], [1], 1)


async def test_a_discarded_event_has_no_effect_and_unblocks_its_key(desk: Desk, post: Post) -> None:
    smudged.add("smudge")
    await post.move("a", note="smudge")
    await desk.inbox.take(await post.said())
    (poison,) = await parked(desk)
    await desk.discard(poison.id)
    with pytest.raises(parking.Unknown):
        await desk.discard(poison.id)
    await post.move("a")
    await desk.inbox.take(await post.said())
    assert await desk.book("a") == [2]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"value": b"not JSON"},
        {"value": b'{"step": "one"}'},
        {"value": b"\xff\xfe"},
        {"value": b'{"step": 1099511627776}'},
        {"value": b'{"step": 1, "note": "\\u0000"}'},
    ],
    ids=["no JSON", "another type", "no UTF-8", "a number too large for its column", "a NUL that no database takes"],
)
async def test_a_value_that_cannot_be_read_is_parked(desk: Desk, post: Post, spoilt: dict[str, Any]) -> None:
    await post.move("a")
    (said,) = await post.said()
    inbox = desk.inbox
    await inbox.take([changed(said, **spoilt)])
    if b"u0000" not in spoilt["value"]:
        assert len(await parked(desk)) == 1
    assert (await desk.at(lane_of(said)))[1] == 1
    await post.move("b")
    await inbox.take(await post.said("b"))
    assert await desk.book("b") == [1]


ENVELOPE = {
    "ce_specversion": "1.0",
    "ce_id": "01920000-0000-7000-8000-000000000001",
    "ce_source": "/aftercare/post/1",
    "ce_type": "post.ParcelMoved",
    "ce_dataschema": "/aftercare/schemas/post.ParcelMoved/1",
    "ce_time": "2026-03-02T09:00:00+08:00",
    "ce_recordedtime": "2026-03-02T09:00:00+08:00",
    "ce_partitionkey": "parcel-a",
    "ce_lane": "3",
    "ce_sequence": "00000000000000000001",
}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {name: value for name, value in ENVELOPE.items() if name != "ce_id"},
        ENVELOPE | {"ce_source": "/elsewhere/post/1"},
        ENVELOPE | {"ce_source": "/aftercare/post"},
        ENVELOPE | {"ce_type": "other.ParcelMoved"},
        ENVELOPE | {"ce_sequence": "many"},
        ENVELOPE | {"ce_dataschema": "none"},
        ENVELOPE | {"ce_id": "no uuid"},
        ENVELOPE | {"ce_partitionkey": "parcel\x00a"},
        ENVELOPE | {"ce_subject": "parcel\x00a"},
    ],
)
def test_what_has_no_envelope_of_ours_is_not_one_of_our_events(headers: dict[str, str]) -> None:
    with pytest.raises(Undecodable):
        message(headers, b"{}")
    assert message(ENVELOPE, b"{}").lane == 3


async def test_a_stranger_is_parked_once_and_can_only_be_discarded(desk: Desk) -> None:
    for _ in range(2):
        await parking.park_stranger(desk.pool, "desk", Stranger("post.events/0/7", [("x", b"\x00")], b"\xff"))
    (stranger,) = await parked(desk)
    with pytest.raises(NotRetriable):
        await desk.retry(stranger.id)
    await desk.discard(stranger.id)
    assert await parked(desk) == []


async def test_what_nobody_here_heeds_is_passed_over(desk: Desk, post: Post) -> None:
    await post.move("a", times=2)
    first, second = await post.said()
    elsewhere = changed(first, source="elsewhere")
    unheard = changed(first, type="post.Unheard", value=b"anything")
    assert await desk.inbox.take([elsewhere, unheard, second]) == []
    assert await desk.book("a") == [2]


async def test_a_newer_schema_stops_its_lane_and_a_newer_release_goes_on(desk: Desk, post: Post) -> None:
    await post.move("a", times=3)
    first, second, third = await post.said()
    await desk.inbox.take([first, changed(second, version=2), third])
    assert await desk.at(lane_of(first)) == (1, 1, "newer_schema")
    assert await desk.why() == ["post.ParcelMoved version 2; this release knows up to 1"]
    await desk.inbox.open()
    await desk.inbox.lift_known()
    await desk.inbox.take([second, third])
    assert await desk.book("a") == [1]
    upgraded = make_inbox(desk.pool, newer(ParcelMoved))
    await upgraded.open()
    await upgraded.lift_known()
    await upgraded.take([second, third])
    assert await desk.book("a") == [1, 2, 3]
    assert await parked(desk) == []


async def test_the_same_seq_with_another_id_stops_the_lane(desk: Desk, post: Post) -> None:
    await post.move("a", times=2)
    first, second = await post.said()
    await desk.inbox.take([first])
    await desk.inbox.take([changed(first, id="01920000-0000-7000-8000-000000000001"), second])
    assert await desk.at(lane_of(first)) == (1, 1, "diverged")
    assert "the source lost commits" in (await desk.why())[0]
    await desk.inbox.take([second])
    assert await desk.book("a") == [1]


@pytest.mark.parametrize("kind", ["diverged", "lost_commits", "epidemic"])
async def test_no_new_subscription_and_no_new_process_lifts_a_stop(desk: Desk, post: Post, kind: Kind) -> None:
    await post.move("a", times=2)
    first, second = await post.said()
    await desk.inbox.take([first])
    await desk.inbox.stop(lane_of(first), Stop(kind, "the first reason"))
    await desk.inbox.stop(lane_of(first), Stop("epidemic", "a later one"))
    for inbox in (desk.inbox, make_inbox(desk.pool)):
        await inbox.open()
        await inbox.lift_known()
        await inbox.take([second])
    assert (await desk.at(lane_of(first)), await desk.why()) == ((1, 1, kind), ["the first reason"])


async def test_a_running_newer_release_lifts_what_an_older_one_beside_it_stopped(desk: Desk, post: Post) -> None:
    """While releases run side by side, the older one may meet the type after the newer one has started."""
    await post.move("a", times=3)
    first, second, third = await post.said()
    consumer = Consumer(make_inbox(desk.pool, newer(ParcelMoved)), Kafka("nowhere:1"), post)
    await consumer.catch_up()
    await desk.inbox.take([first, changed(second, version=2), third])
    assert await desk.at(lane_of(first)) == (1, 1, "newer_schema")
    for _ in range(2):
        await consumer.catch_up()
    assert await desk.at(lane_of(first)) == (1, 3, None)
    assert await desk.book("a") == [1, 2, 3]


async def test_many_keys_parked_by_one_error_stop_the_lane_instead(desk: Desk, post: Post) -> None:
    smudged.add("smudge")
    ids = await keys_of_one_lane(post, parking.EPIDEMIC + 3)
    for id in ids:
        await post.move(id, note="smudge")
    said = await post.said()
    await desk.inbox.take(said)
    assert len(await parked(desk)) == parking.EPIDEMIC
    assert await desk.at(lane_of(said[0])) == (1, parking.EPIDEMIC, "epidemic")
    assert (await desk.why())[0].startswith("many keys")


async def test_one_defect_stops_the_lane_though_each_error_has_a_text_of_its_own(desk: Desk, post: Post) -> None:
    ids = await keys_of_one_lane(post, parking.EPIDEMIC + 3)
    smudged.update(ids)
    for id in ids:
        await post.move(id, note=id)
    await desk.inbox.take(await post.said())
    found = await parked(desk)
    assert len({one.error for one in found}) == len(found) == parking.EPIDEMIC
    assert len({one.defect for one in found}) == 1
    assert [kind for _, _, kind in [await desk.at(("post", 3))]] == ["epidemic"]


@pytest.mark.parametrize("change", ["schema_version = 2", "type = 'desk.SomethingNew'"])
async def test_an_own_log_that_a_newer_release_writes_parks_and_stops_nothing(
    desk: Desk, post: Post, change: str
) -> None:
    await post.move("a", times=2)
    first, second = await post.said()
    await desk.inbox.take([first])
    await rewrite(desk.database, change, "book-parcel-a")
    for _ in range(2):
        with pytest.raises(NewerLog):
            await desk.inbox.take([second])
    assert (await desk.at(lane_of(first)), await parked(desk)) == ((1, 1, None), [])
    assert desk.inbox.store.outdated is not None
    await rewrite(desk.database, "schema_version = 1, type = 'desk.MoveEntered'", "book-parcel-a")
    await desk.inbox.take([second])
    assert await desk.book("a") == [1, 2]


async def test_a_diverged_lane_goes_on_from_where_an_operator_says(desk: Desk, post: Post) -> None:
    """The source lost its second event, and its history from there on is another one."""
    await post.move("a", times=4)
    said = await post.said()
    lost = changed(said[1], id="01920000-0000-7000-8000-000000000001", value=b'{"step": 9}')
    await desk.inbox.take([said[0], lost])
    await desk.inbox.take(said[1:])
    assert await desk.at(lane_of(lost)) == (1, 2, "diverged")
    consumer = repairing(desk, post)
    await consumer.catch_up()
    await desk.resume(lane_of(lost), after=1)
    await consumer.catch_up()
    assert await desk.at(lane_of(lost)) == (1, 4, None)
    assert await desk.book("a") == [1, 9, 2, 3, 4]


Spoil = Callable[[str], Awaitable[None]]


async def spoil_tally(desk: Desk, body: str) -> None:
    """Whoever writes to the tally meets this."""
    owner = await asyncpg.connect(desk.database.owner_url)
    await owner.execute("CREATE SEQUENCE IF NOT EXISTS tries; GRANT USAGE ON SEQUENCE tries TO PUBLIC")
    await owner.execute(
        f"CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"
    )
    await owner.execute("CREATE OR REPLACE TRIGGER spoil BEFORE INSERT OR UPDATE ON tally EXECUTE FUNCTION spoil()")
    await owner.close()


@pytest.fixture
async def spoilt(desk: Desk) -> AsyncIterator[Spoil]:
    yield lambda body: spoil_tally(desk, body)
    owner = await asyncpg.connect(desk.database.owner_url)
    await owner.execute(
        "DROP TRIGGER IF EXISTS spoil ON tally; DROP FUNCTION IF EXISTS spoil; DROP SEQUENCE IF EXISTS tries"
    )
    await owner.close()


async def test_a_database_that_goes_away_in_mid_batch_parks_nothing(desk: Desk, post: Post, spoilt: Spoil) -> None:
    await post.move("a", times=5)
    said = await post.said()
    killer = await asyncpg.connect(desk.database.url)
    await spoilt("PERFORM pg_sleep(CASE WHEN nextval('tries') <= 3 THEN 30 ELSE 0 END);")
    for _ in range(3):
        batch = asyncio.create_task(desk.inbox.take(said))
        query = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE wait_event = 'PgSleep' AND datname = $1"
        )
        while not await killer.fetchval(query, desk.database.name):  # noqa: ASYNC110  # it is the database's event
            await asyncio.sleep(0.01)
        with pytest.raises(UNREACHABLE):
            await batch
        assert (await desk.book("a"), await parked(desk), (await desk.at(lane_of(said[0])))[1]) == ([], [], 0)
    await desk.inbox.take(said)
    await killer.close()
    assert (await desk.book("a"), await desk.tally("a")) == ([1, 2, 3, 4, 5], 5)


@pytest.mark.parametrize("state", ["53100", "53200", "53300", "58030", "25006", "57P01", "57P03"])
async def test_a_database_in_trouble_parks_nothing(desk: Desk, post: Post, spoilt: Spoil, state: str) -> None:
    """A full disk, no memory, too many connections, a read error, a standby, a shutdown, a start."""
    await post.move("a")
    await spoilt(f"RAISE EXCEPTION 'trouble' USING ERRCODE = '{state}';")
    with pytest.raises(UNREACHABLE):
        await desk.inbox.take(await post.said())
    assert await parked(desk) == []


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57014"])
async def test_others_in_the_way_are_never_poison(desk: Desk, post: Post, spoilt: Spoil, state: str) -> None:
    """A serialisation failure, a deadlock, a lock not to be had, a time-out: halve, and try again for ever."""
    for id in ("a", "b"):
        await post.move(id, times=2)
    await spoilt(f"IF nextval('tries') <= 12 THEN RAISE EXCEPTION 'busy' USING ERRCODE = '{state}'; END IF;")
    with moves(HALVED):
        await desk.inbox.take(await post.said())
    assert await parked(desk) == []
    assert [await desk.book(id) for id in ("a", "b")] == [[1, 2], [1, 2]]


async def test_a_batch_that_the_server_ended_because_it_took_so_long_is_halved_until_it_is_in_time(
    desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.move("a", times=4)
    said, apply, sizes = await post.said(), desk.inbox._apply, list[int]()

    async def in_time(messages: Sequence[Message]) -> list[Gap]:
        sizes.append(len(messages))
        if len(messages) > 1:
            raise asyncpg.IdleInTransactionSessionTimeoutError
        return await apply(messages)

    monkeypatch.setattr(desk.inbox, "_apply", in_time)
    with pytest.raises(UNREACHABLE):
        await desk.inbox.take(said)
    assert sizes == [4]  # lost at once: the server is out of reach, whatever its size
    monkeypatch.setattr("libs.events.inbox.inbox.LONG_SECONDS", 0.0)
    for _ in range(2):
        with pytest.raises(UNREACHABLE):
            await desk.inbox.take(said)
    await desk.inbox.take(said)
    assert (sizes, await desk.book("a")) == ([4, 4, 2, 1, 1, 1, 1], [1, 2, 3, 4])


async def test_what_is_parked_already_is_not_parked_again(desk: Desk, post: Post) -> None:
    await post.move("a")
    said = await post.said()
    async with transact(desk.pool) as connection:
        for text in ("first", "again"):
            await parking.park(connection, desk.inbox.consumer, said, parking.Failure(text, text))
    assert [one.error for one in await parked(desk)] == ["first"]


async def test_a_conflict_with_a_writer_of_the_same_stream_is_decided_again(desk: Desk, post: Post) -> None:
    """Three times running, somebody else writes to the stream between the batch's decision and its append."""
    await post.move("a", times=20)
    said = await post.said()
    store = desk.inbox.store
    append, beside, left = store.append, Store(store.pool, store.name, store.catalogue, store.views), 3

    async def append_late(unit: Unit, source: Any) -> None:
        nonlocal left
        if left > 0:
            left -= 1
            await beside.run(book.on("parcel-a", Enter(0, "")), Intent())
        await append(unit, source)

    with pytest.MonkeyPatch.context() as patch, moves(HALVED, by=3):
        patch.setattr(store, "append", append_late)
        await desk.inbox.take(said)
    entered = await desk.book("a")
    assert [step for step in entered if step] == list(range(1, 21))
    assert entered.count(0) == 3
    assert await parked(desk) == []


async def test_an_effect_and_its_position_are_one_transaction(desk: Desk, post: Post) -> None:
    """The last thing before the commit fails: there is no effect, no view row and no step of the position."""
    await post.move("a")
    said = await post.said()
    whole = desk.inbox._move

    async def fail(connection: Any, positions: Any) -> None:
        await whole(connection, positions)
        raise ConnectionResetError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.inbox, "_move", fail)
        with pytest.raises(ConnectionResetError):
            await desk.inbox.take(said)
    assert (await desk.book("a"), await desk.tally("a"), (await desk.at(lane_of(said[0])))[1]) == ([], 0, 0)
    await desk.inbox.take(said)
    assert (await desk.book("a"), await desk.tally("a"), (await desk.at(lane_of(said[0])))[1]) == ([1], 1, 1)


async def test_two_processes_of_one_consumer_have_each_effect_once(desk: Desk, post: Post) -> None:
    """A zombie goes on with its batch while its successor takes the same: the lock of the position parts them."""
    for id in range(10):
        await post.move(str(id), times=10)
    said = await post.said()
    pool = await connect(desk.database.url, 3)
    inboxes = [desk.inbox, make_inbox(pool)]

    async def take_all(inbox: Inbox, size: int) -> None:
        for begin in range(0, len(said), size):
            await inbox.take(said[begin : begin + size])

    with moves(DUPLICATES, by=100), moves(HEARD, by=100):
        await asyncio.gather(take_all(inboxes[0], 7), take_all(inboxes[1], 5))
    pool.terminate()
    for id in range(10):
        assert (await desk.book(str(id)), await desk.tally(str(id))) == (list(range(1, 11)), 10)


PATIENTLY = "PERFORM set_config('lock_timeout', '0', true);"


async def test_a_batch_waits_for_the_one_that_holds_its_lane(desk: Desk, post: Post, spoilt: Spoil) -> None:
    """A view alone, which no version of a stream protects: the slow batch must not take the position back."""
    first, second = await keys_of_one_lane(post, 2)
    await post.move(first)
    await post.move(second)
    said = await post.said()
    desk.inbox.reactions = {}
    await spoilt(f"IF nextval('tries') = 1 THEN {PATIENTLY} PERFORM pg_advisory_xact_lock(7); END IF;")
    async with transact(desk.pool) as holding:
        await holding.execute("SELECT pg_advisory_xact_lock(7)")
        slow = asyncio.create_task(desk.inbox.take(said[:1]))
        while not slow.done() and await desk.pool.fetchval(WAITING) < 1:  # noqa: ASYNC110  # it is the database's event
            await asyncio.sleep(0.01)
        assert not slow.done()
        late = asyncio.create_task(desk.inbox.take(said))
        while not late.done() and await desk.pool.fetchval(WAITING) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asyncio.gather(slow, late)
    with moves(DUPLICATES, by=2):
        await desk.inbox.take(said)
    assert (await desk.tally(first), await desk.tally(second)) == (1, 1)


async def test_an_effect_is_not_repeated_when_positions_are_lost(desk: Desk, post: Post) -> None:
    await post.move("a", times=3)
    said = await post.said()
    await desk.inbox.take(said)
    await desk.pool.execute("DELETE FROM position")
    await desk.inbox.open()
    with moves(DUPLICATES, by=3):
        await desk.inbox.take(said)
    assert (await desk.book("a"), await desk.tally("a")) == ([1, 2, 3], 3)
    assert (await desk.at(lane_of(said[0])))[1] == 3


async def restore(post: Post, events: int) -> None:
    """The source comes back from a backup with no more than its first events, and an operator bumps its epoch."""
    await post.seal()
    owner = await asyncpg.connect(post.database.owner_url)
    async with owner.transaction():
        await owner.execute("DELETE FROM published WHERE seq > $1", events)
        await owner.execute("DELETE FROM event WHERE version > $1", events)
        await begin_epoch(owner)
    await owner.close()


async def test_a_source_that_lost_commits_goes_on_in_a_new_epoch(desk: Desk, post: Post) -> None:
    """What was heard and then lost there stays heard here; what happened anew under the same numbers is new."""
    await post.move("a", times=5)
    await desk.inbox.take(await post.said())
    await restore(post, events=3)
    await post.move("a", times=3)
    said = await post.said()
    with moves(GAPS):
        await hear(desk, post, said[3:])
    assert await desk.book("a") == [1, 2, 3, 4, 5, 4, 5, 6]
    assert await desk.at(lane_of(said[0])) == (2, 6, None)
    await hear(desk, post, said)
    assert len(await desk.book("a")) == 8


async def test_a_new_epoch_is_noticed_at_the_heads_though_its_numbers_are_lower(desk: Desk, post: Post) -> None:
    await post.move("a", times=5)
    await desk.inbox.take(await post.said())
    await restore(post, events=2)
    await post.move("a", times=2)
    await post.seal()
    consumer = repairing(desk, post)
    for _ in range(2):
        await consumer.catch_up()
    assert await desk.book("a") == [1, 2, 3, 4, 5, 3, 4]


@pytest.mark.parametrize("heard", [0, 1, 3])
async def test_what_is_left_of_an_older_epoch_is_heard_before_the_new_one(desk: Desk, post: Post, heard: int) -> None:
    await post.move("a", times=3)
    await desk.inbox.take((await post.said())[:heard])
    await restore(post, events=3)
    await post.move("a", times=2)
    await restore(post, events=4)
    await post.move("a", times=2)
    await hear(desk, post, (await post.said())[-1:])
    assert await desk.book("a") == [1, 2, 3, 4, 5, 6]
