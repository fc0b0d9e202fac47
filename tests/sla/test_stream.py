"""What is told of clocks as server-sent events: resumed without loss or doubling, whoever is slow, cut or late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from itertools import pairwise
from typing import Any, get_args
from uuid import uuid4

import msgspec
import pytest

from libs.chassis.http.health import Vitals
from libs.chassis.problems import Problem
from libs.chassis.streaming import broadcast as broadcast_module
from libs.chassis.streaming.broadcast import Broadcast
from libs.events.contracts.dispatch.work_orders import WorkPaused
from libs.events.contracts.sla import clocks as sla
from libs.events.contracts.sla.clocks import AboutClock
from libs.events.transport import tail
from libs.events.transport.epoch import begin_epoch
from libs.events.transport.tail import EventNotice, Malformed, StreamPosition
from services.sla.clocks.api.stream import WordType
from tests.caller import Caller
from tests.sla.test_http import opened

PATIENCE = 60


async def tell(caller: Caller, count: int = 1, *more: str) -> list[str]:
    """So many tickets are opened (three clocks start on each), and what is told of them is sealed."""
    tickets = [*more, *(str(uuid4()) for _ in range(count))]
    await caller.hears(*map(opened, tickets))
    await seal(caller)
    return tickets


async def seal(caller: Caller) -> None:
    await caller.inbox.store.pool.fetchval("SELECT seal_outbox(2000)")


async def published(caller: Caller) -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in await caller.inbox.store.pool.fetch("SELECT lane, seq FROM published")}


def blocks(text: str) -> list[dict[str, str]]:
    """The events of a stream, comments and the rest left out."""
    parsed = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.split("\n\n") if block]
    return [block for block in parsed if "data" in block]


async def asked(caller: Caller, last: str | None = None, **filters: str) -> list[dict[str, str]]:
    headers = {"Last-Event-ID": last} if last else {}
    answer = await caller.http.get("/v1/clocks/stream", params={"seconds": "0", **filters}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert answer.text.startswith("retry: 1000\n\n")
    return blocks(answer.text)


@pytest.fixture
async def radio(caller: Caller) -> AsyncIterator[Broadcast]:
    """The broadcast of a process, which stops at the end."""
    own = Broadcast(caller.inbox.store, Vitals())
    yield own
    own.vitals.stopping = True


async def until(true: Callable[[], bool]) -> None:
    """Other tasks get their turns until it is true."""
    for _ in range(PATIENCE * 100):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


async def heard(radio: Broadcast, place: StreamPosition, most: int) -> list[tuple[StreamPosition, EventNotice]]:
    """The first so many events after a place."""
    found: list[tuple[StreamPosition, EventNotice]] = []
    async with asyncio.timeout(PATIENCE), aclosing(radio.follow(place, PATIENCE)) as following:
        async for at, told in following:
            if told is not None:
                found.append((at, told))
            if len(found) == most:
                break
    return found


async def test_everything_from_the_beginning_and_then_on_from_where_one_was(caller: Caller) -> None:
    await tell(caller, 5)
    everything = await asked(caller, "0")
    assert len(everything) == len({block["id"] for block in everything}) == 15
    for number in (0, 4, 9, 14):
        assert await asked(caller, everything[number]["id"]) == everything[number + 1 :]
        assert await asked(caller, after=everything[number]["id"]) == everything[number + 1 :]
    assert await asked(caller) == []


async def test_an_event_is_a_cloud_event(caller: Caller) -> None:
    (ticket,) = await tell(caller)
    block = (await asked(caller, "0", metric="fix"))[0]
    event = msgspec.json.decode(block["data"])
    assert block["event"] == event["type"] == "sla.ClockStarted"
    assert (event["specversion"], event["source"], event["subject"]) == ("1.0", "/aftercare/sla/1", ticket)
    assert (event["data"]["ticket_id"], event["data"]["metric"]) == (ticket, "fix")


async def test_only_what_was_asked_for(caller: Caller) -> None:
    first, _ = await tell(caller, 2)
    await caller.hears(WorkPaused(ticket_id=first, work_order_id=first, reason="waiting_parts"))
    await seal(caller)
    told = await asked(caller, "0", ticket_id=first)
    assert [block["event"] for block in told] == ["sla.ClockStarted"] * 3 + ["sla.ClockPaused"]
    assert len(await asked(caller, "0", metric="on_site")) == 2
    assert [block["event"] for block in await asked(caller, "0", type="sla.ClockPaused")] == ["sla.ClockPaused"]
    assert len(await asked(caller, "0", limit="2")) == 2


async def test_a_follower_hears_what_is_told_from_now_on(caller: Caller, radio: Broadcast) -> None:
    await tell(caller, 2)
    following = asyncio.create_task(heard(radio, await radio.begin(None), 3))
    await until(lambda: radio.followers == 1)
    (ticket,) = await tell(caller)
    assert {told.key for _, told in await following} == {ticket}


def pollers() -> set["asyncio.Task[Any]"]:
    """Of all broadcasts that there are: one of another test may not have ended yet."""
    return {task for task in asyncio.all_tasks() if task.get_name() == "broadcast"}


async def test_one_poller_serves_all_and_ends_with_the_last(caller: Caller, radio: Broadcast) -> None:
    others = pollers()
    place = await radio.begin(None)
    crowd = [asyncio.create_task(heard(radio, place, 3)) for _ in range(20)]
    await until(lambda: radio.followers == 20)
    (poller,) = pollers() - others
    await tell(caller)
    stories = await asyncio.gather(*crowd)
    assert all(story == stories[0] for story in stories)
    async with asyncio.timeout(PATIENCE):
        await poller
    assert radio.followers == 0


async def test_who_is_cut_again_and_again_misses_and_doubles_nothing(caller: Caller, radio: Broadcast) -> None:
    """While tickets are opened and sealed, followers come, take a few, are cut, and come back with their last id."""
    rounds, each = 12, 4

    async def open_tickets() -> None:
        for _ in range(rounds):
            await tell(caller, each)

    async def come_and_go(most: int) -> list[tuple[int, int]]:
        place, seen = StreamPosition.parse("0"), list[tuple[int, int]]()
        while len(seen) < rounds * each * 3:
            resumed = await radio.begin(StreamPosition.parse(str(place)))
            for at, told in await heard(radio, resumed, min(most, rounds * each * 3 - len(seen))):
                place = at
                seen.append((told.lane, told.seq))
        return seen

    opening = asyncio.create_task(open_tickets())
    async with asyncio.timeout(180):
        stories = await asyncio.gather(*(come_and_go(most) for most in (1, 5, 17, 1000)))
    await opening
    for seen in stories:
        assert len(seen) == len(set(seen))
        assert set(seen) == await published(caller)
        for lane in range(16):
            seqs = [seq for of, seq in seen if of == lane]
            assert all(other == one + 1 for one, other in pairwise(seqs))


async def test_who_does_not_keep_up_is_let_go_and_comes_back(
    caller: Caller, radio: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_module, "WAITING", 4)
    start, seen = await radio.begin(None), list[tuple[StreamPosition, EventNotice]]()
    async with asyncio.timeout(PATIENCE):
        following = radio.follow(start, PATIENCE)
        first = asyncio.ensure_future(anext(following))
        await until(lambda: radio.followers == 1)
        await tell(caller, 1)
        seen.append(_told(await first))
        await tell(caller, 5)
        await until(lambda: radio.followers == 0)
        seen += [_told(news) async for news in following]
        assert len(seen) < 18
        seen += await heard(radio, await radio.begin(seen[-1][0]), 18 - len(seen))
    assert {(told.lane, told.seq) for _, told in seen} == await published(caller)


def _told(news: Any) -> tuple[StreamPosition, EventNotice]:
    place, told = news
    assert told is not None
    return place, told


async def test_who_still_reads_up_from_the_store_is_counted_too(
    caller: Caller, radio: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_module, "FOLLOWERS", 2)
    await tell(caller, 2)
    begun = [radio.follow(await radio.begin(StreamPosition.parse("0")), PATIENCE) for _ in range(2)]
    assert [_told(await anext(following))[1].seq for following in begun] == [1, 1]
    assert radio.followers == 0
    with pytest.raises(Problem) as refused:
        await radio.begin(StreamPosition.parse("0"))
    assert (refused.value.status, refused.value.code) == (503, "too-many-streams")
    for following in begun:
        await following.aclose()
    radio.leave()
    await radio.begin(None)


async def test_a_stream_that_is_over_makes_room_for_the_next(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "FOLLOWERS", 1)
    await tell(caller)
    for _ in range(3):
        assert len(await asked(caller, "0")) == 3


async def test_a_crowd_that_comes_back_reads_up_two_at_a_time(
    caller: Caller, radio: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they take of the pool is what requests do not get."""
    await tell(caller, 5)
    reading, most = 0, 0
    read = tail.read

    async def counted(*arguments: Any) -> list[EventNotice]:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        try:
            return await read(*arguments)
        finally:
            reading -= 1

    monkeypatch.setattr(tail, "read", counted)
    stories = await asyncio.gather(*(heard(radio, StreamPosition.parse("0"), 15) for _ in range(12)))
    assert {len(story) for story in stories} == {15}
    assert most == 2


async def test_a_sign_of_life_carries_a_place(radio: Broadcast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "HEARTBEAT_SECONDS", 0.01)
    async with aclosing(radio.follow(await radio.begin(None), PATIENCE)) as following:
        assert await anext(following) == (StreamPosition(1, (0,) * 16), None)


async def test_a_stream_ends_when_the_process_stops(radio: Broadcast) -> None:
    following = asyncio.create_task(heard(radio, await radio.begin(None), 1))
    await until(lambda: radio.followers == 1)
    radio.vitals.stopping = True
    async with asyncio.timeout(40):
        assert await following == []


async def test_after_a_restore_that_lost_events_their_numbers_are_read_anew(caller: Caller) -> None:
    await tell(caller, 6)
    pool = caller.inbox.store.pool
    old = await tail.end(pool)
    lost = max(range(16), key=lambda lane: old.seqs[lane])
    await pool.execute("DELETE FROM published WHERE lane = $1", lost)
    await begin_epoch(pool)
    await tell(caller, 6)
    resumed = await tail.resume(pool, old)
    found = [(told.lane, told.epoch) for told in await tail.read(pool, "sla", resumed, 1000)]
    assert {epoch for _, epoch in found} == {2}
    assert len(found) == await pool.fetchval("SELECT count(*) FROM published WHERE epoch = 2")
    assert (await tail.resume(pool, StreamPosition(2, (10**17,) * 16))) == await tail.end(pool)


async def test_what_was_sealed_later_comes_later_though_it_was_written_earlier(caller: Caller) -> None:
    await tell(caller, 10)
    pool = caller.inbox.store.pool
    (row,) = await pool.fetch("SELECT lane, min(position), max(position) FROM published GROUP BY lane LIMIT 1")
    lane, first, last = row
    swap = "UPDATE published SET position = $3 WHERE lane = $1 AND position = $2"
    for old, new in ((first, 0), (last, first), (0, last)):
        await pool.execute(swap, lane, old, new)
    page = await tail.read(pool, "sla", StreamPosition.parse("0"), 1000)
    assert len(page) == 30
    for each in range(16):
        seqs = [told.seq for told in page if told.lane == each]
        assert seqs == sorted(seqs)


@pytest.mark.parametrize("text", ["", "1", "1:", "1:2", "x:" + ".".join("0" * 16), "1:" + ".".join(["-1"] * 16)])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        StreamPosition.parse(text)


def test_every_word_of_a_clock_can_be_asked_for() -> None:
    notices = {cls.type_name for cls in vars(sla).values() if isinstance(cls, type) and issubclass(cls, AboutClock)}
    assert set(get_args(WordType)) == {name for name in notices if name}
