"""Evidence over HTTP: phones that are ahead, times that contradict each other, and what was recorded long after."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.caller import Caller, actor_id
from tests.dispatch.story import AUTHORISED, W1
from tests.dispatch.test_http import BOARD, POSITION, SIGNED, engineer, said

DAY = timedelta(days=1)


def ago(span: timedelta) -> str:
    return (datetime.now(UTC) - span).isoformat()


@pytest.fixture
async def path(caller: Caller) -> str:
    """An assigned visit of a ticket that was opened thirty days ago."""
    opened_at = datetime.now(UTC) - 30 * DAY
    await caller.hears(msgspec.structs.replace(AUTHORISED, opened_at=opened_at))
    path = f"{BOARD}/{W1}"
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    return path


async def test_a_phone_that_is_a_little_ahead_means_now_and_one_far_ahead_is_told_our_time(
    caller: Caller, path: str
) -> None:
    answer = await caller.post(f"{path}/departure", {"occurred_at": ago(timedelta(minutes=-20))})
    assert (answer.status_code, answer.json()["code"]) == (422, "future-instant")
    assert answer.json()["errors"] == [{"field": "body.occurred_at", "detail": "lies in the future"}]
    server_time = datetime.fromisoformat(answer.json()["server_time"])
    assert abs(server_time - datetime.now(UTC)) < timedelta(minutes=1)
    await said(caller, path, ("departure", {"occurred_at": ago(timedelta(minutes=-4))}))


async def test_what_contradicts_what_was_recorded_is_refused(caller: Caller, path: str) -> None:
    for at, code in (("1970-01-01T00:00:00Z", "before-ticket"), (ago(31 * DAY), "before-ticket")):
        answer = await caller.post(f"{path}/arrival", {**POSITION, "occurred_at": at})
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    await said(
        caller, path, ("departure", {"occurred_at": ago(2 * DAY)}), ("arrival", {**POSITION, "occurred_at": ago(DAY)})
    )
    for step, body in (("completion", {"result": "换电容"}), ("pause", {"reason": "waiting"})):
        answer = await caller.post(f"{path}/{step}", {**body, "occurred_at": ago(2 * DAY)})
        assert (answer.status_code, answer.json()["code"]) == (409, "before-previous-step")
    await said(caller, path, ("completion", {"result": "换电容"}))
    answer = await caller.post(f"{path}/acceptance", {**SIGNED, "occurred_at": ago(DAY / 2)})
    assert (answer.status_code, answer.json()["code"]) == (409, "before-previous-step")


async def test_what_was_recorded_long_after_waits_for_a_manager_who_did_not_record_it(
    caller: Caller, path: str
) -> None:
    caller.as_person("li-qiang", "dispatcher", "manager")
    await said(
        caller,
        path,
        ("departure", {"occurred_at": ago(4 * DAY)}),
        ("arrival", {**POSITION, "occurred_at": ago(2 * DAY)}),
    )
    (late,) = (await caller.get("/v1/evidence", status="pending")).json()["items"]
    assert (late["type"], late["actor"], late["status"]) == (
        "dispatch.EngineerDeparted",
        actor_id("li-qiang"),
        "pending",
    )
    answer = await caller.post(f"/v1/evidence/{late['id']}/acceptance")
    assert (answer.status_code, answer.json()["code"]) == (409, "own-evidence")
    caller.as_person("director", "manager")
    answer = await caller.post(f"/v1/evidence/{late['id']}/acceptance")
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    answer = await caller.post(f"/v1/evidence/{late['id']}/refusal", {"reason": "与门禁记录不符"})
    assert (answer.status_code, answer.json()["code"]) == (409, "evidence-accepted")
    assert (await caller.get("/v1/evidence", status="pending")).json()["items"] == []
    (ruled,) = (await caller.get("/v1/evidence", ticket_id=late["ticket_id"])).json()["items"]
    assert (ruled["status"], ruled["ruled_by"], ruled["reason"]) == ("accepted", actor_id("director"), None)


async def test_a_refusal_keeps_its_reason_beside_the_log(caller: Caller, path: str) -> None:
    caller.as_person("li-qiang", "dispatcher")
    await said(caller, path, ("departure", {"occurred_at": ago(4 * DAY)}))
    caller.as_person("director", "manager")
    (late,) = (await caller.get("/v1/evidence")).json()["items"]
    reason = {"reason": "与门禁记录不符"}
    assert (await caller.post(f"/v1/evidence/{late['id']}/refusal", reason)).status_code == 200
    (ruled,) = (await caller.get("/v1/evidence", status="refused")).json()["items"]
    assert ruled["reason"] == reason["reason"]
    log = str([one.event for one in await caller.inbox.store.read(f"evidence-{late['id']}")])
    assert reason["reason"] not in log


async def test_only_late_evidence_can_be_decided_about_and_only_by_managers(caller: Caller, path: str) -> None:
    await said(caller, path, ("departure", {}))
    (departed,) = [e for e in await caller.inbox.store.read(f"work_order-{W1}") if e.version == 3]
    caller.as_role("manager")
    assert (await caller.post(f"/v1/evidence/{departed.id}/acceptance")).status_code == 404
    for role in ("engineer", "dispatcher", "agent", "auditor"):
        caller.as_role(role)
        assert (await caller.post(f"/v1/evidence/{departed.id}/acceptance")).status_code == 403
