"""Traces: one goes from a request through outbox and Kafka to the others' reactions, and on to what these publish."""

import asyncio
import time
from typing import Any
from uuid import uuid4

from tests.journeys.people import PATIENCE_SECONDS, People
from tests.journeys.story import CUSTOMER

CALLER = "00f067aa0ba902b7"
CONTACT = {"channel": "phone", "kind": "repair", "customer": CUSTOMER, "summary": "空调不制冷"}

Span = dict[str, Any]


async def open_ticket(people: People, flags: str = "01") -> str:
    """A caller whose own span is recorded opens a ticket; the id of its trace."""
    trace_id = uuid4().hex
    answer = await people.send("agent", "intake", "/v1/tickets", CONTACT, traceparent=f"00-{trace_id}-{CALLER}-{flags}")
    assert (answer.status_code, answer.headers["trace-id"]) == (201, trace_id)
    return trace_id


async def received(people: People, trace_id: str) -> list[Span]:
    """The trace's spans that have come so far."""
    url = people.product.settings["OTEL_EXPORTER_OTLP_ENDPOINT"]
    spans: list[Span] = (await people.http.get(f"{url}/traces/{trace_id}")).json()
    return spans


async def whole(people: People, trace_id: str) -> list[Span]:
    """The trace's spans, as soon as triage's own publication and every parent are there: each process sends its own."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        spans = await received(people, trace_id)
        known = {CALLER, *(span["id"] for span in spans)}
        if any(span["name"] == "send triage.events" for span in spans) and known >= {s["parent_id"] for s in spans}:
            return spans
        assert time.monotonic() < deadline, spans
        await asyncio.sleep(0.05)


def only(spans: list[Span], parent: str, name: str, type: str | None = None) -> Span:
    """The one span of this name, and about this type of event, under that parent."""
    of_type = [span for span in spans if type is None or span["attributes"]["cloudevents.event_type"] == type]
    (found,) = [span for span in of_type if (span["parent_id"], span["name"]) == (parent, name)]
    return found


async def test_one_trace_goes_from_a_request_through_kafka_to_a_reaction_and_what_it_publishes(people: People) -> None:
    spans = await whole(people, await open_ticket(people))
    request = only(spans, CALLER, "POST /v1/tickets")
    events = [span for span in spans if span["parent_id"] == request["id"]]
    sent = only(events, request["id"], "send intake.events", "intake.TicketOpened")
    reaction = only(
        [span for span in spans if span["resource"]["service.name"] == "triage"], sent["id"], "process intake.events"
    )
    published = only(spans, reaction["id"], "send triage.events")
    path = [request, sent, reaction, published]
    assert [span["kind"] for span in path] == ["server", "producer", "consumer", "producer"]
    assert [span["resource"]["service.name"] for span in path] == ["intake", "intake", "triage", "triage"]
    assert request["attributes"] == {
        "http.request.method": "POST",
        "http.route": "/v1/tickets",
        "http.response.status_code": 201,
    }
    assert sent["attributes"]["messaging.destination.name"] == "intake.events"
    assert reaction["attributes"]["messaging.consumer.group.name"] == "aftercare.triage"
    assert request["began"] < sent["began"] <= sent["ended"]
    assert sent["began"] < reaction["began"] < reaction["ended"] <= published["ended"]
    assert len({span["id"] for span in spans}) == len(spans)


async def test_what_a_caller_does_not_record_nobody_records(people: People) -> None:
    silent = await open_ticket(people, flags="00")
    await whole(people, await open_ticket(people))
    assert await received(people, silent) == []
