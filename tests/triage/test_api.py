"""Triage over HTTP: the list, and what is found out and decided about a case."""

from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.events.contracts.intake.tickets import TicketCancelled, TicketClosed, TicketMarkedDuplicate, TicketOpened
from tests.caller import Caller

CLASSIFICATION = {"level": 2, "maintenance_type": "corrective"}
AUTHORISATION = {"job_type": "repair", "payable": False, "skills": ["hvac"]}
COMMANDS: dict[str, dict[str, Any]] = {
    "classification": CLASSIFICATION,
    "remote-support": {"outcome": "started", "note": "电话指导重启"},
    "cause": {"cause": "normal_wear", "explanation": "压缩机轴承磨损"},
    "authorisation": AUTHORISATION,
}


def ticket(id: str) -> TicketOpened:
    return TicketOpened(
        ticket_id=id,
        number="WX20260302-0001",
        customer_id=str(uuid4()),
        channel="phone",
        kind="repair",
        urgency="high",
        summary_id=str(uuid4()),
    )


async def started(caller: Caller) -> str:
    id = str(uuid4())
    await caller.hears(ticket(id))
    return id


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]


@pytest.mark.requirement("R008", "R048", "R057", "R058")
async def test_a_case_goes_from_the_list_to_the_authorisation(caller: Caller) -> None:
    id = await started(caller)
    for path, status in (
        ("classification", "classified"),
        ("remote-support", "remote_support"),
        ("cause", "remote_support"),
        ("authorisation", "authorised"),
    ):
        response = await caller.post(f"/v1/cases/{id}/{path}", COMMANDS[path])
        assert (response.status_code, response.json()["status"]) == (200, status), response.text
    case = (await caller.get(f"/v1/cases/{id}", min_version=5)).json()
    (listed,) = (await caller.get("/v1/cases", ticket_id=id, min_version=5)).json()["items"]
    assert (listed["id"], listed["version"]) == (id, 5)
    shown = {k: case[k] for k in ("ticket_id", "status", "level", "maintenance_type", "remote_support", "version")}
    assert shown == {
        "ticket_id": id,
        "status": "authorised",
        "level": 2,
        "maintenance_type": "corrective",
        "remote_support": "started",
        "version": 5,
    }
    assert (case["job_type"], case["payable"], case["skills"]) == ("repair", False, ["hvac"])
    assert (case["explanation"], case["remote_note"]) == ("压缩机轴承磨损", "电话指导重启")


async def test_the_list_filters_and_pages(caller: Caller) -> None:
    ids = [await started(caller) for _ in range(3)]
    await caller.post(f"/v1/cases/{ids[0]}/classification", CLASSIFICATION)
    for wanted in ({"status": "classified"}, {"level": 2}, {"ticket_id": ids[0]}):
        items = (await caller.get("/v1/cases", **wanted)).json()["items"]
        assert [item["ticket_id"] for item in items] == [ids[0]], wanted
    some = (await caller.get("/v1/cases", ticket_id=ids[:2])).json()["items"]
    assert sorted(item["ticket_id"] for item in some) == sorted(ids[:2])
    page = (await caller.get("/v1/cases", limit=2)).json()
    rest = (await caller.get("/v1/cases", limit=2, cursor=page["next_cursor"])).json()
    assert sorted(item["ticket_id"] for item in page["items"] + rest["items"]) == sorted(ids)


async def test_people_s_words_are_not_in_the_log(caller: Caller) -> None:
    id = await started(caller)
    for path in ("remote-support", "cause"):
        await caller.post(f"/v1/cases/{id}/{path}", COMMANDS[path])
    log = await caller.inbox.store.pool.fetchval("SELECT string_agg(data::text, ' ') FROM event")
    assert "重启" not in log
    assert "磨损" not in log


async def test_the_same_level_again_says_nothing(caller: Caller) -> None:
    id = await started(caller)
    first = await caller.post(f"/v1/cases/{id}/classification", CLASSIFICATION)
    again = await caller.post(f"/v1/cases/{id}/classification", CLASSIFICATION)
    changed = await caller.post(f"/v1/cases/{id}/classification", CLASSIFICATION | {"level": 1})
    assert [response.json()["version"] for response in (first, again, changed)] == [2, 2, 3]


@pytest.mark.requirement("R057", "R140")
async def test_wrong_steps_are_conflicts(caller: Caller) -> None:
    id = await started(caller)
    for path, body, code in (
        ("authorisation", AUTHORISATION, "classification-required"),
        ("remote-support", {"outcome": "succeeded"}, "remote-support-not-started"),
        ("classification", CLASSIFICATION, None),
        ("authorisation", AUTHORISATION | {"payable": True}, "consent-required"),
        ("authorisation", AUTHORISATION, None),
        ("authorisation", AUTHORISATION, "work-authorised"),
    ):
        response = await caller.post(f"/v1/cases/{id}/{path}", body)
        assert response.status_code == 200 if code is None else problem(response) == (409, code), path


@pytest.mark.parametrize("event", [TicketCancelled, TicketClosed, partial(TicketMarkedDuplicate, of="t2")])
@pytest.mark.parametrize("path", COMMANDS)
async def test_nothing_happens_on_an_ended_case(caller: Caller, event: Any, path: str) -> None:
    id, late = await started(caller), str(uuid4())
    await caller.hears(event(ticket_id=id), event(ticket_id=late), ticket(late))
    for ended in (id, late):
        assert problem(await caller.post(f"/v1/cases/{ended}/{path}", COMMANDS[path])) == (409, "case-ended")
    assert (await caller.get(f"/v1/cases/{id}")).json()["status"] == "ended"
    assert problem(await caller.get(f"/v1/cases/{late}")) == (404, "not-found")


@pytest.mark.requirement("R048", "R398")
@pytest.mark.parametrize(
    ("path", "change", "field"),
    [
        ("classification", {"level": 0}, "body.level"),
        ("classification", {"level": 5}, "body.level"),
        ("classification", {"maintenance_type": None}, "body.maintenance_type"),
        ("remote-support", {"outcome": "maybe"}, "body.outcome"),
        ("cause", {"explanation": " "}, "body.explanation"),
        ("authorisation", {"payable": "yes"}, "body.payable"),
        ("authorisation", {"skills": ["\u2800"]}, "body.skills.0"),
        ("authorisation", {"colour": "red"}, "body.colour"),
    ],
)
async def test_a_half_filled_form_is_refused_and_nothing_is_stored(
    caller: Caller, path: str, change: dict[str, Any], field: str
) -> None:
    id = await started(caller)
    response = await caller.post(f"/v1/cases/{id}/{path}", COMMANDS[path] | change)
    assert response.status_code == 422
    assert field in [error["field"] for error in response.json()["errors"]]
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM event") == 1
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM text") == 0


@pytest.mark.parametrize("path", COMMANDS)
async def test_an_unknown_case_is_not_found(caller: Caller, path: str) -> None:
    assert problem(await caller.post(f"/v1/cases/{uuid4()}/{path}", COMMANDS[path])) == (404, "not-found")
    assert problem(await caller.get(f"/v1/cases/{uuid4()}")) == (404, "not-found")


@pytest.mark.requirement("R227")
async def test_only_triage_decides_but_all_staff_read(caller: Caller) -> None:
    id = await started(caller)
    caller.as_role("dispatcher")
    for path, body in COMMANDS.items():
        assert problem(await caller.post(f"/v1/cases/{id}/{path}", body)) == (403, "forbidden")
    assert (await caller.get(f"/v1/cases/{id}")).status_code == 200


async def test_a_follower_hears_what_is_decided_of_the_cases_asked_for(caller: Caller) -> None:
    one, _ = await started(caller), await started(caller)
    await caller.post(f"/v1/cases/{one}/classification", CLASSIFICATION)
    told = await caller.follows("/v1/cases/stream", ticket_id=one)
    assert [event["type"] for event in told] == ["triage.TriageStarted", "triage.FaultClassified"]
    assert {event["subject"] for event in told} == {one}
    assert len(await caller.follows("/v1/cases/stream", type="triage.TriageStarted")) == 2
