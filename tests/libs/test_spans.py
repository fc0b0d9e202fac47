"""Spans: an event's publication and each reaction to it are found again by its id, and only sampled traces have any."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils import uuid7

from libs.events.background.jobs import Jobs
from libs.events.background.timers import Timers
from libs.events.database.connections import clock_now
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.spans import publication
from libs.events.trace import Trace
from libs.events.transport.kafka import topic
from libs.events.transport.relay import Relay, republish
from tests.conftest import Topics
from tests.libs.conftest import Desk, Post
from tests.libs.parcel import Move, SetAlarm, alarm, fall_due, parcel, parcel_list, smudged
from tests.libs.weighing import Weighing, WeighingRequested, weighing_view, weighings
from tests.servers import Servers
from tests.tracer import Kept

REQUEST = Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "01")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def move(post: Post, at: Trace = REQUEST, note: str = "") -> Any:
    """A parcel is moved within a trace; its event."""
    outcome = await post.store.run(parcel.on("a", Move(1, note)), Intent(traceparent=at.traceparent))
    return outcome.first.events[0]


async def entered(desk: Desk) -> Trace | None:
    """The trace that the desk's own event carries."""
    (own,) = await desk.inbox.store.read("book-parcel-a")
    return Trace.parse(own.traceparent)


@pytest.mark.parametrize(
    "traceparent", [None, "", "00-ab-cd-01", REQUEST._replace(flags="00").traceparent, REQUEST.traceparent + "\n-x"]
)
def test_what_is_not_sampled_or_no_trace_at_all_has_no_span(traceparent: str | None) -> None:
    row = {"traceparent": traceparent, "id": str(uuid7()), "recorded_at": AT, "type": "post.ParcelMoved", "lane": 3}
    assert publication("post.events", row, time.time_ns()) is None


def test_an_event_recorded_by_a_clock_ahead_of_ours_was_under_way_for_no_time() -> None:
    row = {"traceparent": REQUEST.traceparent, "id": str(uuid7()), "recorded_at": AT, "type": "a.B", "lane": 3}
    before = int((AT - timedelta(seconds=1)).timestamp()) * 10**9
    span = publication("a.events", row, before)
    assert span is not None
    assert (span.began, span.ended) == (before, before)


async def test_what_is_sent_again_is_the_same_span_again(post: Post, stack: Servers, topics: Topics) -> None:
    name, kept = f"post_{uuid7().hex[-10:]}", Kept()
    await topics(name)
    relay = Relay(post.store.pool, post.database.url, name, stack.kafka, kept)
    moved = await move(post)
    for _ in range(2):
        relay.owner = "me"
        await post.store.pool.execute("UPDATE cursor SET owner = 'me'")
        while await relay.step():
            pass
        await republish(post.store.pool)
    await relay.stop()
    first, again = kept.spans
    assert first.at == again.at == REQUEST.child(UUID(moved.id).hex[-16:])
    assert (first.name, first.kind) == (f"send {topic(name)}", "producer")
    assert first.began == again.began <= first.ended < again.ended


async def test_a_reaction_is_a_child_of_the_publication_and_its_events_are_its_own(desk: Desk, post: Post) -> None:
    desk.inbox.tracer = kept = Kept()
    moved = await move(post)
    await desk.inbox.take([*await post.said(), *await post.said()])
    (span,) = kept.spans
    assert (span.kind, span.at.parent_id) == ("consumer", UUID(moved.id).hex[-16:])
    assert await entered(desk) == span.at._replace(parent_id=None)
    assert span.attributes["cloudevents.event_type"] == moved.event.type_name


async def test_a_reaction_outside_every_sampled_trace_goes_on_in_its_cause_s(desk: Desk, post: Post) -> None:
    desk.inbox.tracer = kept = Kept()
    await move(post, silent := REQUEST._replace(flags="00"))
    await desk.inbox.take(await post.said())
    assert (await entered(desk), kept.spans) == (silent, [])


async def test_a_parked_event_has_its_span_when_its_retry_succeeds(desk: Desk, post: Post) -> None:
    desk.inbox.tracer = kept = Kept()
    smudged.add("smudge")
    await move(post, note="smudge")
    await desk.inbox.take(await post.said())
    assert kept.spans == []
    smudged.clear()
    await desk.retry(await desk.pool.fetchval("SELECT id FROM parked"))
    assert [span.at._replace(parent_id=None) for span in kept.spans] == [await entered(desk)]


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_timer_begins_a_trace_that_its_events_carry(store: Store, wanted: bool) -> None:
    kept = Kept(wanted)
    due_at = await clock_now(store.pool) - timedelta(minutes=1)
    await store.run(alarm.on("a", SetAlarm(due_at)), Intent())
    assert await Timers(store, fall_due, kept).fire() == 1
    ring = Trace.parse((await store.read("alarm-a"))[-1].traceparent)
    assert ring is not None
    assert ring.sampled == wanted
    assert [span.at for span in kept.spans] == [ring] * wanted


async def test_who_records_no_traces_begins_none(store: Store) -> None:
    due_at = await clock_now(store.pool) - timedelta(minutes=1)
    await store.run(alarm.on("a", SetAlarm(due_at)), Intent())
    await Timers(store, fall_due).fire()
    assert (await store.read("alarm-a"))[-1].traceparent is None


async def asked(post: Post) -> Store:
    """A post office in which somebody wants three parcels weighed, within a trace; two are a step."""
    store = Store(post.store.pool, "post", parcel.events | weighings.events, [parcel_list, weighing_view])
    for number in range(3):
        await store.run(parcel.on(f"w{number}", Move()), Intent())
    await store.run(weighings.create("w", WeighingRequested(id="w")), Intent(traceparent=REQUEST.traceparent))
    return store


async def carried(store: Store, stream: str) -> str | None:
    """The trace of the newest event of a stream."""
    return (await store.read(stream))[-1].traceparent


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_step_of_a_job_begins_a_trace_that_its_events_carry(post: Post, wanted: bool) -> None:
    store, kept = await asked(post), Kept(wanted)
    worker = Jobs(store, Weighing(), kept)
    while await worker.step():
        pass
    weighed = [Trace.parse(await carried(store, f"parcel-w{number}")) for number in range(3)]
    assert weighed[0] == weighed[1] != weighed[2] == Trace.parse(await carried(store, "weighing-w"))
    assert [at and at.sampled for at in weighed] == [wanted] * 3
    assert [span.at for span in kept.spans] == [weighed[0], weighed[2]] * wanted


async def test_a_step_of_a_job_leads_to_the_work_that_asked_for_it(post: Post) -> None:
    worker = Jobs(await asked(post), Weighing(), kept := Kept())
    await worker.step()
    (span,) = kept.spans
    assert (span.name, span.kind, span.at.parent_id, span.link) == ("step weighing", "internal", None, REQUEST)
    assert span.attributes == {"aftercare.job.kind": "weighing", "aftercare.job.id": "w"}
    assert 0 < span.began <= span.ended


async def test_a_job_begins_no_trace_where_nobody_records_any(post: Post) -> None:
    store = await asked(post)
    await Jobs(store, Weighing()).step()
    assert await carried(store, "parcel-w0") is None
