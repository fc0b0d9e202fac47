"""What the services refuse, and how they say so: each a problem with a code, and nothing stored."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from libs.chassis.identity.auth import ROLES
from libs.services import EVENT_SERVICES
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.journeys.people import People
from tests.journeys.story import CUSTOMER, Story

CONTACT = {"channel": "phone", "kind": "repair", "customer": CUSTOMER, "summary": "空调不制冷"}


COUNT = "SELECT count(*) FROM {} AS t WHERE t::text LIKE '%' || $1 || '%'"


async def stored(people: People, service: str, about: str) -> dict[str, int]:
    """How many rows that name it each table holds that a command writes to; others work here at the same time."""
    connection = await asyncpg.connect(people.product.database_url(service))
    try:
        tables = ("event", "text", "idempotency")
        return {table: await connection.fetchval(COUNT.format(table), about) for table in tables}
    finally:
        await connection.close()


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that the answer is."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    return problem


async def test_a_command_sent_again_with_its_key_is_answered_again_and_not_done_again(people: People) -> None:
    key = str(uuid4())
    first = await people.send("agent", "intake", "/v1/customers", CUSTOMER, key)
    again = await people.send("agent", "intake", "/v1/customers", CUSTOMER, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = await people.send("agent", "intake", "/v1/customers", {**CUSTOMER, "name": "张伟"}, key)
    assert told(other, 422)["code"] == "idempotency-key-reused"


async def test_a_command_without_a_key_is_not_taken(people: People) -> None:
    answer = await people.http.post(
        people.product.url("intake") + "/v1/customers", json=CUSTOMER, headers=people.headers("agent")
    )
    assert told(answer, 400)["code"] == "idempotency-key-missing"


async def test_a_command_meant_for_an_older_version_is_not_done(people: People) -> None:
    story = await Story.begin(people)
    etag = (await people.ask("triage", story.case)).headers["etag"]
    await story.classify()
    body = {"level": 1, "maintenance_type": "corrective"}
    path = f"{story.case}/classification"
    stale = await people.send("triage", "triage", path, body, **{"If-Match": etag})
    assert told(stale, 412)["code"] == "stale-version"
    now = (await people.ask("triage", story.case)).headers["etag"]
    assert (await people.send("triage", "triage", path, body, **{"If-Match": now})).status_code == 200


@pytest.mark.requirement("R057", "R065", "R140")
async def test_steps_in_the_wrong_order_are_refused_and_leave_no_trace(people: People) -> None:
    story = await Story.begin(people)
    plain = {"job_type": "repair", "payable": False, "skills": []}
    early = await people.send("triage", "triage", f"{story.case}/authorisation", plain)
    assert told(early, 409)["code"] == "classification-required"
    await story.classify()
    paid = await people.send("triage", "triage", f"{story.case}/authorisation", {**plain, "payable": True})
    assert told(paid, 409)["code"] == "consent-required"
    await story.authorise()
    before = await stored(people, "dispatch", story.visit.rpartition("/")[2])
    for step, body in {
        "departure": {},
        "arrival": {"latitude": 26.08, "longitude": 119.3, "accuracy_m": 5.0},
        "pause": {"reason": "waiting_parts"},
        "resumption": {},
        "completion": {"result": "更换电容"},
        "acceptance": {"signed_by": "王芳", "signature": SCRAWL},
        "rejection": {"reasons": ["仍有异响"]},
    }.items():
        told(await people.send("manager", "dispatch", f"{story.visit}/{step}", body), 409)
    assert await stored(people, "dispatch", story.visit.rpartition("/")[2]) == before
    told(await people.send("agent", "intake", f"{story.ticket}/closure"), 409)


@pytest.mark.requirement("R065")
async def test_a_customer_signs_once(people: People) -> None:
    story = await Story.begin(people)
    await story.classify()
    await story.authorise()
    await story.repair()
    await story.sign()
    before = await stored(people, "dispatch", story.visit.rpartition("/")[2])
    second = await people.send(
        story.engineer, "dispatch", f"{story.visit}/acceptance", {"signed_by": "张伟", "signature": SCRAWL}
    )
    assert told(second, 409)["code"]
    assert await stored(people, "dispatch", story.visit.rpartition("/")[2]) == before


async def test_half_filled_input_is_told_field_by_field(people: People) -> None:
    mark = uuid4().hex
    half = {"channel": "pigeon", "customer": {"name": " ", "phones": []}, "requirements": mark, "status": "closed"}
    problem = told(await people.send("agent", "intake", "/v1/tickets", half), 422)
    assert {error["field"] for error in problem["errors"]} == {
        "body.channel",
        "body.kind",
        "body.summary",
        "body.customer.name",
        "body.customer.phones",
        "body.customer.address",
        "body.status",
    }
    assert set((await stored(people, "intake", mark)).values()) == {0}


async def test_who_calls_counts_and_what_is_asked_for_exists(people: People) -> None:
    url = people.product.url("intake")
    told(await people.http.get(f"{url}/v1/tickets"), 401)
    told(await people.http.get(f"{url}/v1/tickets", headers={"Authorization": "Bearer x.y.z"}), 401)
    told(await people.send("engineer", "intake", "/v1/tickets", CONTACT), 403)
    told(await people.ask("intake", f"/v1/tickets/{uuid4()}"), 404)
    told(await people.send("agent", "intake", f"/v1/tickets/{uuid4()}/closure"), 404)
    told(await people.ask("intake", "/v1/tickets/7"), 422)
    told(await people.ask("intake", "/v1/nothing"), 404)


async def test_a_body_over_1_mib_is_not_read(people: People) -> None:
    told(await people.send("agent", "intake", "/v1/customers", {**CUSTOMER, "name": "王" * 400_000}), 413)


async def test_a_ticket_can_be_seen_as_it_was_known_before(people: People) -> None:
    story = await Story.begin(people)
    await story.status("in_triage")
    then = datetime.now(UTC).isoformat()
    await people.do("agent", "intake", f"{story.ticket}/cancellation")
    assert (await people.see("intake", story.ticket, as_of=then))["status"] == "in_triage"
    assert (await people.see("intake", story.ticket))["status"] == "cancelled"
    told(await people.ask("intake", story.ticket, as_of="2020-01-01T00:00:00+08:00"), 404)


async def test_a_read_waits_for_the_version_that_it_needs(people: People) -> None:
    story = await Story.begin(people)
    version = (await story.classify())["version"]
    assert (await people.see("triage", story.case, min_version=version))["version"] >= version
    late = await people.ask("triage", story.case, min_version=version + 100)
    assert told(late, 409)["code"] == "version-not-reached"
    assert late.headers["retry-after"] == "1"


@pytest.mark.parametrize("service", EVENT_SERVICES)
async def test_what_services_ask_of_each_other_is_for_services_and_auditors(people: People, service: str) -> None:
    for role in sorted(ROLES):
        for what in ("heads", "lanes", "positions", "events"):
            asked = {"lane": 0, "after": 0, "limit": 5} if what == "events" else {}
            answer = await people.ask(service, f"/internal/{what}", role, **asked)
            assert answer.status_code == (200 if role in ("service", "auditor") else 403), (role, what)


@pytest.mark.parametrize("service", EVENT_SERVICES)
async def test_metrics_are_exposed_by_their_names(people: People, service: str) -> None:
    text = (await people.http.get(people.product.address(service, "/metrics"))).text
    for name in (
        "aftercare_outbox_age_seconds",
        "aftercare_relay_lag_events",
        "aftercare_parked_events",
        "aftercare_gaps_total",
        "aftercare_duplicates_total",
        "aftercare_append_conflicts_total",
        "aftercare_timer_lateness_seconds",
        "aftercare_http_requests_total",
    ):
        assert f"# HELP {name}" in text, name
