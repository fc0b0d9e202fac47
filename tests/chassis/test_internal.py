"""What services ask of each other: heads, positions, the feed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.devstack.plain_http import PLAIN
from libs.chassis import tracing
from libs.chassis.identity.oidc import Issuer, ServiceTokens
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.running.service import Service
from libs.chassis.running.watch import of_inbox
from libs.events import Catalogue
from libs.events.contracts.triage.cases import TriageStarted
from libs.events.database.connections import Pool
from libs.events.decider import Decider
from libs.events.inbox.inbox import Inbox
from libs.events.log.intent import Intent
from libs.events.transport.broker import Kafka
from libs.events.transport.feed import Head
from libs.events.transport.relay import Relay
from tests.chassis.conftest import As, Caller, LiveIssuer
from tests.tracer import Kept

TICKET = "0197a2b4-11d2-7c5e-8000-0123456789ab"


def publishing() -> Decider[str, None, TriageStarted]:
    """Says TriageStarted about whatever ticket it is asked for."""
    return Decider(
        "case",
        Catalogue(TriageStarted),
        None,
        lambda ticket_id, state, at: [TriageStarted(ticket_id=ticket_id, customer_id="c1")],
        lambda state, event: None,
        lambda state: "started",
    )


async def publish(pool: Pool, count: int) -> int:
    """Record and seal `count` published events of one ticket; their lane."""
    case = publishing()
    store = Service("triage", streams=[case]).store(pool)
    for _ in range(count):
        await store.run(case.on(TICKET, TICKET), Intent())
    await Relay(pool, "", "triage", Kafka("")).seal()
    return int(await pool.fetchval("SELECT min(lane) FROM published"))


async def test_heads_tell_the_newest_seq_of_every_lane(caller: As, pool: Pool) -> None:
    lane = await publish(pool, 3)
    heads = (await caller("auditor").get("/internal/heads")).json()
    assert heads == {str(number): 3 if number == lane else 0 for number in range(16)}
    lanes = (await caller("auditor").get("/internal/lanes")).json()
    assert lanes == {number: {"epoch": 1, "seq": seq, "current": 1} for number, seq in heads.items()}


async def test_the_feed_gives_a_lane_in_order_and_in_pages(caller: As, pool: Pool) -> None:
    lane = await publish(pool, 5)
    told: list[dict[str, Any]] = []
    after = 0
    while items := (
        await caller("service").get("/internal/events", params={"lane": lane, "after": after, "limit": 2})
    ).json()["items"]:
        told += items
        after = int(items[-1]["headers"]["ce_sequence"])
    assert [int(entry["headers"]["ce_sequence"]) for entry in told] == [1, 2, 3, 4, 5]
    assert {entry["data"]["ticket_id"] for entry in told} == {TICKET}
    assert {entry["headers"]["ce_type"] for entry in told} == {"triage.TriageStarted"}


@pytest.mark.parametrize("query", ["", "lane=16", "lane=-1", "lane=0&after=-1", "lane=0&after=x", "lane=0&limit=501"])
async def test_a_malformed_question_to_the_feed_is_422(query: str, caller: As) -> None:
    assert (await caller("service").get(f"/internal/events?{query}")).status_code == 422


@pytest.fixture
async def feed(anna: Caller, issuer: LiveIssuer) -> AsyncIterator[HttpFeed]:
    async with httpx.AsyncClient(**PLAIN) as http:
        own = ServiceTokens(Issuer(issuer.url, http), "intake", issuer.state / "clients" / "intake")
        yield HttpFeed({"triage": "http://workshop"}, anna.http, own)


async def test_a_consumer_reads_the_feed_over_http(feed: HttpFeed, pool: Pool) -> None:
    lane = await publish(pool, 2)
    assert (await feed.heads("triage"))[lane] == Head(epoch=1, seq=2, current=1)
    messages = await feed.events("triage", lane, 1, 1)
    assert [(message.source, message.lane, message.seq, message.key) for message in messages] == [
        ("triage", lane, 2, TICKET)
    ]


async def test_an_answer_about_another_lane_is_a_feed_out_of_reach(
    feed: HttpFeed, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = await publish(pool, 2)
    ask = feed._get

    async def mixed_up(service: str, path: str, asked: Mapping[str, Any]) -> bytes:
        return await ask(service, path, {**asked, "lane": lane})

    monkeypatch.setattr(feed, "_get", mixed_up)
    with pytest.raises(ConnectionError, match="another lane"):
        await feed.events("triage", (lane + 1) % 16, 1, 1)


async def test_a_feed_that_does_not_answer_is_an_os_error(feed: HttpFeed) -> None:
    for source in ("dispatch", "nobody"):
        with pytest.raises(OSError, match="_INTERNAL_URL is not set"):
            await feed.heads(source)


HEAD = {"epoch": 1, "seq": 1, "current": 1}
ANSWERS = {
    "a page": b"<html>Who are you?</html>",
    "nothing": b"",
    "no text": b'{"items": [{"headers": {"a": "\xff"}, "data": {}}]}',
    "another shape": b'{"error": "no"}',
    "a list": b"[1]",
    "no envelope": b'{"items": [{"headers": {"ce_id": "1"}, "data": {}}]}',
    "a lane beyond ours": msgspec.json.encode({"16": HEAD}),
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_that_is_no_feeds_is_a_feed_out_of_reach(body: bytes, feed: HttpFeed) -> None:
    async def proxy(request: Request) -> Response:
        return Response(body)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=[Route("/{any:path}", proxy)]))
    ) as http:
        between = HttpFeed({"triage": "http://proxy"}, http, feed._tokens)
        with pytest.raises(ConnectionError, match="feed of triage"):
            await between.heads("triage")
        with pytest.raises(ConnectionError, match="feed of triage"):
            await between.events("triage", 0, 0, 1)


async def test_a_call_of_a_feed_is_a_trace_from_who_asks_to_who_answers(
    feed: HttpFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "tracer", kept := Kept())
    await feed.heads("triage")
    answered, asked = kept.spans
    assert (asked.name, asked.kind, asked.at.parent_id) == ("GET /internal/lanes", "client", None)
    assert asked.attributes == {
        "http.request.method": "GET",
        "url.template": "/internal/lanes",
        "aftercare.source": "triage",
        "http.response.status_code": 200,
    }
    assert (answered.name, answered.kind, answered.failed) == ("GET /internal/lanes", "server", False)
    assert (answered.at.trace_id, answered.at.parent_id) == (asked.at.trace_id, asked.at.span_id)


async def test_a_call_of_a_feed_out_of_reach_is_a_span_that_failed(
    feed: HttpFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "tracer", kept := Kept())
    async with httpx.AsyncClient(**PLAIN) as http:
        with pytest.raises(ConnectionError):
            await HttpFeed({"triage": "nonsense"}, http, feed._tokens).heads("triage")
    (asked,) = kept.spans
    assert (asked.failed, "http.response.status_code" in asked.attributes) == (True, False)


async def test_calls_of_a_feed_in_traces_that_nobody_wants_are_no_spans(
    feed: HttpFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "tracer", kept := Kept(wanted=False))
    await feed.heads("triage")
    assert kept.spans == []


@pytest.mark.parametrize("url", ["http://[::1", "http://a:port", "http://\x00", "nonsense"])
async def test_a_feed_at_no_url_is_out_of_reach(url: str, feed: HttpFeed) -> None:
    async with httpx.AsyncClient(**PLAIN) as http:
        with pytest.raises(ConnectionError, match="feed of triage"):
            await HttpFeed({"triage": url}, http, feed._tokens).heads("triage")


async def test_a_watch_over_an_inbox_without_positions_sees_work_and_no_error(feed: HttpFeed, pool: Pool) -> None:
    await publish(pool, 1)
    inbox = Inbox(Service("intake", streams=[]).store(pool), Catalogue(TriageStarted))
    assert await of_inbox(inbox, feed)() == (0, True)


async def test_positions_tell_how_far_every_lane_is(caller: As, pool: Pool) -> None:
    await pool.execute("INSERT INTO position (consumer, source, lane, epoch, seq) VALUES ('triage', 'intake', 3, 1, 7)")
    told = (await caller("service").get("/internal/positions")).json()
    assert told == {"intake": {"3": {"epoch": 1, "seq": 7, "stopped": None}}}
