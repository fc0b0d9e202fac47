"""Who may know of what dispatch publishes: the office, and of a visit its engineer."""

import json
from typing import Any

import httpx

from services.dispatch.app import service
from tests.caller import Caller, actor_id
from tests.dispatch.story import W1
from tests.dispatch.test_crew import bound
from tests.dispatch.test_http import SLOT, authorised


async def told(caller: Caller) -> list[dict[str, Any]]:
    """All entries of the internal stream, everything being sealed."""
    await caller.inbox.store.pool.fetchval("SELECT seal_outbox(2000)")
    app = service.http()
    service.attach(app, caller.inbox.store)
    app.state.tokens = caller.tokens
    caller.as_person("gateway", "service")
    transport = httpx.ASGITransport(service.internal_http(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://dispatch") as http:
        answer = await http.get("/internal/stream", params={"seconds": 0}, headers={"Last-Event-ID": "0"})
    assert answer.status_code == 200, answer.text
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]


async def test_news_of_a_visit_are_for_the_office_and_its_engineer(caller: Caller) -> None:
    path = await authorised(caller)
    first, second = await bound(caller, "lea"), await bound(caller, "max")
    for verb, body in (("assignment", {"engineer_id": first}), ("assignment", {"engineer_id": second})):
        assert (await caller.post(f"{path}/{verb}", body)).status_code == 200
    assert (await caller.post(f"{path}/appointment", SLOT)).status_code == 200
    visits = [entry for entry in await told(caller) if "work_order_id" in entry["ids"]]
    assert {entry["ids"]["work_order_id"] for entry in visits} == {W1}
    assert all("dispatcher" in entry["audience"]["roles"] for entry in visits)
    assert not any("engineer" in entry["audience"]["roles"] for entry in visits)
    actors = {entry["version"]: set(entry["audience"]["actors"]) for entry in visits}
    both, own = {actor_id("lea"), actor_id("max")}, {actor_id("max")}
    taken_over = {entry["version"] for entry in visits if entry["type"] == "dispatch.CrewAssigned"}
    assert actors == {version: both if version in taken_over else own for version in actors}
    assert len(actors) > len(taken_over) == 2


async def test_whoever_is_taken_from_a_visit_is_told_so(caller: Caller) -> None:
    path = await authorised(caller)
    assert (await caller.post(f"{path}/assignment", {"engineer_id": await bound(caller, "lea")})).status_code == 200
    assert (await caller.post(f"{path}/unassignment", {})).status_code == 200
    actors = {entry["type"]: entry["audience"]["actors"] for entry in await told(caller)}
    assert actors["dispatch.CrewUnassigned"] == [actor_id("lea")]
    assert actors["dispatch.WorkOrderCreated"] == []


async def test_who_is_an_engineer_is_for_everybody_and_nothing_of_a_person_is_told(caller: Caller) -> None:
    await bound(caller, "lea")
    (entry,) = await told(caller)
    assert (entry["type"], entry["ids"]) == ("dispatch.EngineerBound", {})
    assert {"agent", "engineer"} <= set(entry["audience"]["roles"])
    assert entry["audience"]["actors"] == []


async def test_the_stream_is_for_services_alone(caller: Caller) -> None:
    app = service.http()
    service.attach(app, caller.inbox.store)
    app.state.tokens = caller.tokens
    transport = httpx.ASGITransport(service.internal_http(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://dispatch") as http:
        for role in ("dispatcher", "engineer", "auditor", "operator"):
            caller.as_role(role)
            assert (await http.get("/internal/stream", params={"seconds": 0})).status_code == 403
