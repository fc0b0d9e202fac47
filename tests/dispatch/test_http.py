"""Dispatch over HTTP on a real database: a visit from board to verdict, and every way to get it wrong."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.jobs.domain import work_order_id_of
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.caller import Caller
from tests.dispatch.story import AUTHORISED, CANCELLED, DUPLICATE, UNMERGED, W1, W2

BOARD = "/v1/work-orders"
POSITION = {"latitude": 39.9087, "longitude": 116.397, "accuracy_m": 12.5}
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
SIGNED = {"signed_by": "王芳", "signature": SCRAWL}
TOMORROW = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def slot(begins: timedelta = timedelta(), lasts: timedelta = timedelta(hours=2)) -> dict[str, Any]:
    """An agreed time, from so long after tomorrow's first hour."""
    start, end = TOMORROW + begins, TOMORROW + begins + lasts
    return {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}", "confirmed": True}


SLOT = slot()


async def engineer(caller: Caller, name: str = "李强") -> str:
    answer = await caller.post("/v1/engineers", {"name": name, "skills": ["hvac"], "region": "north"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def authorised(caller: Caller) -> str:
    """The board after triage authorised work on a ticket: the work order's path."""
    await caller.hears(AUTHORISED)
    return f"{BOARD}/{W1}"


async def said(caller: Caller, path: str, *steps: tuple[str, Any]) -> list[dict[str, Any]]:
    """What each of these commands is answered; all are obeyed."""
    answers = []
    for step, body in steps:
        answer = await caller.post(f"{path}/{step}", body)
        assert answer.status_code == 200, (step, answer.text)
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
        answers.append(answer.json())
    return answers


async def completed(caller: Caller) -> str:
    """The path of a work order that is completed."""
    path = await authorised(caller)
    assignment = {"engineer_id": await engineer(caller)}
    await said(caller, path, ("assignment", assignment), ("arrival", POSITION), ("completion", {"result": "换电容"}))
    return path


@pytest.mark.requirement("R010", "R019", "R029", "R061", "R065", "R067", "R327")
async def test_a_visit_goes_from_board_to_signature(caller: Caller) -> None:
    path, engineer_id = await authorised(caller), await engineer(caller)
    answers = await said(
        caller,
        path,
        ("assignment", {"engineer_id": engineer_id}),
        ("appointment", SLOT),
        ("departure", {}),
        ("arrival", POSITION),
        ("pause", {"reason": "waiting_parts"}),
        ("resumption", {}),
        ("completion", {"result": "更换电容"}),
        ("acceptance", SIGNED),
    )
    statuses = ["assigned", "assigned", "travelling", "on_site", "on_site", "on_site", "completed", "accepted"]
    assert [(answer["status"], answer["version"]) for answer in answers] == list(
        zip(statuses, range(2, 10), strict=True)
    )
    sheet = (await caller.get(path, min_version=9)).json()
    assert (sheet["result"], sheet["signed_by"], sheet["engineer_id"]) == ("更换电容", "王芳", engineer_id)
    assert sheet["appointment"] == SLOT


async def test_words_about_a_visit_are_shown_to_those_whose_work_needs_them(caller: Caller) -> None:
    path = await completed(caller)
    await said(caller, path, ("rejection", {"reasons": ["漏水"]}))
    for role, reasons in (("dispatcher", ["漏水"]), ("agent", ["漏水"]), ("triage", ["漏水"]), ("auditor", None)):
        caller.as_person(role, role)
        assert (await caller.get(path)).json()["rejection_reasons"] == reasons
        (listed,) = (await caller.get(BOARD, id=W1)).json()["items"]
        assert listed["rejection_reasons"] == reasons


@pytest.mark.parametrize(("role", "name"), [("agent", "王芳"), ("triage", None), ("auditor", None), ("operator", None)])
async def test_who_signed_is_shown_to_those_who_see_the_signature(caller: Caller, role: str, name: str | None) -> None:
    path = await completed(caller)
    await said(caller, path, ("acceptance", SIGNED))
    caller.as_person(role, role)
    assert (await caller.get(path)).json()["signed_by"] == name


async def test_departure_and_resumption_need_no_body(caller: Caller) -> None:
    path = await authorised(caller)
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    for step in ("departure", "resumption"):
        if step == "resumption":
            await said(caller, path, ("arrival", POSITION), ("pause", {"reason": "waiting"}))
        answer = await caller.http.post(f"{path}/{step}", headers={"Idempotency-Key": step})
        assert answer.status_code == 200, answer.text


async def test_words_for_a_pause_stand_beside_its_code_and_the_log(caller: Caller) -> None:
    path = await authorised(caller)
    words = "业主不在家，等物业开门"
    await said(
        caller,
        path,
        ("assignment", {"engineer_id": await engineer(caller)}),
        ("arrival", POSITION),
        ("pause", {"reason": "waiting_access", "note": words}),
    )
    sheet = (await caller.get(path)).json()
    assert (sheet["status"], sheet["paused"]) == ("on_site", True)
    assert (sheet["pause_reason"], sheet["pause_note"]) == ("waiting_access", words)
    log = str([one.event for one in await caller.inbox.store.read(f"work_order-{W1}")])
    assert words not in log
    assert "116.397" not in log


@pytest.mark.requirement("R065")
async def test_a_rejection_orders_another_visit_in_the_same_breath(caller: Caller) -> None:
    path = await completed(caller)
    (answer,) = await said(caller, path, ("rejection", {"reasons": ["仍有异响", "漏水"]}))
    assert (answer["status"], answer["rework_work_order_id"]) == ("rejected", W2)
    first, second = [(await caller.get(f"{BOARD}/{id}")).json() for id in (W1, W2)]
    assert first["rejection_reasons"] == ["仍有异响", "漏水"]
    assert (second["status"], second["visit"], second["rework_of"]) == ("created", 2, W1)
    assert (first["rework_work_order_id"], second["skills"]) == (W2, ["hvac"])


async def test_a_second_verdict_is_refused(caller: Caller) -> None:
    path = await completed(caller)
    await said(caller, path, ("acceptance", SIGNED))
    for step, body in (("acceptance", SIGNED), ("rejection", {"reasons": ["no"]})):
        answer = await caller.post(f"{path}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "already-accepted")


async def test_the_same_key_is_answered_again_and_done_once(caller: Caller) -> None:
    path, key = await completed(caller), str(uuid4())
    first = await caller.post(f"{path}/rejection", {"reasons": ["no"]}, key=key)
    again = await caller.post(f"{path}/rejection", {"reasons": ["no"]}, key=key)
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    assert len((await caller.get(BOARD)).json()["items"]) == 2


@pytest.mark.parametrize(
    ("step", "body", "code"),
    [
        ("arrival", POSITION, "not-assigned"),
        ("departure", {}, "not-assigned"),
        ("completion", {"result": "done"}, "not-assigned"),
        ("acceptance", SIGNED, "not-completed"),
    ],
)
async def test_a_step_out_of_order_is_a_conflict_and_stores_nothing(
    caller: Caller, step: str, body: Any, code: str
) -> None:
    path = await authorised(caller)
    answer = await caller.post(f"{path}/{step}", body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM text") == 0
    assert (await caller.get(path)).json()["version"] == 1


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("assignment", {}, "body.engineer_id"),
        ("assignment", {"engineer_id": "nobody"}, "body.engineer_id"),
        ("assignment", {"engineer_id": str(uuid4())}, "body.engineer_id"),
        ("appointment", {**SLOT, "end": SLOT["start"]}, "body.end"),
        ("appointment", {**SLOT, "start": SLOT["start"].removesuffix("Z")}, "body.start"),
        ("appointment", {**SLOT, "end": "2101-01-01T00:00:00Z"}, "body.end"),
        ("appointment", {**SLOT, "start": SLOT["start"].replace("Z", "+23:59")}, "body.start"),
        ("appointment", {**SLOT, "start": SLOT["start"].replace("Z", "+14:01")}, "body.start"),
        ("appointment", slot(lasts=timedelta(days=14, seconds=1)), "body.end"),
        ("appointment", {**SLOT, "confirmed": "yes"}, "body.confirmed"),
        ("departure", {"speed": 3}, "body.speed"),
        ("arrival", {**POSITION, "latitude": 90.1}, "body.latitude"),
        ("arrival", {**POSITION, "longitude": "116"}, "body.longitude"),
        ("arrival", {**POSITION, "accuracy_m": -1}, "body.accuracy_m"),
        ("pause", {"reason": "waiting-parts"}, "body.reason"),
        ("pause", {"reason": "等物业开门"}, "body.reason"),
        ("pause", {"note": "等物业开门"}, "body.reason"),
        ("pause", {"reason": "waiting", "note": "\u200b"}, "body.note"),
        ("completion", {"result": ""}, "body.result"),
        ("acceptance", {"signed_by": "x"}, "body.signature"),
        ("acceptance", {"signed_by": " ", "signature": SCRAWL}, "body.signed_by"),
        ("acceptance", {"signed_by": "x", "signature": "%%%"}, "body.signature"),
        ("acceptance", {"signed_by": "x", "signature": base64.b64encode(b"no picture").decode()}, "body.signature"),
        ("acceptance", {"signed_by": "x", "signature": SCRAWL[:-8]}, "body.signature"),
        ("rejection", {"reasons": []}, "body.reasons"),
        ("completion", {"result": "done", "occurred_at": "2099-01-01T00:00:00Z"}, "body.occurred_at"),
    ],
)
async def test_half_filled_input_is_told_field_by_field(caller: Caller, step: str, body: Any, field: str) -> None:
    path = await authorised(caller)
    answer = await caller.post(f"{path}/{step}", body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM text") == 0


async def test_a_picture_without_a_signature_is_none(caller: Caller) -> None:
    path = await completed(caller)
    answer = await caller.post(f"{path}/acceptance", {"signed_by": "王芳", "signature": DOT})
    assert (answer.status_code, answer.json()["code"]) == (422, "signature-empty")
    assert [error["field"] for error in answer.json()["errors"]] == ["body.signature"]
    assert (await caller.get(path)).json()["status"] == "completed"


async def test_an_appointment_is_measured_against_when_it_was_made(caller: Caller) -> None:
    path = await authorised(caller)
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    slot = {"start": "2026-04-23T08:00:00Z", "end": "2026-04-23T10:00:00Z", "confirmed": True}
    answer = await caller.post(f"{path}/appointment", slot)
    assert (answer.status_code, answer.json()["code"]) == (409, "appointment-in-the-past")
    await said(caller, path, ("appointment", {**slot, "occurred_at": "2026-04-23T07:00:00Z"}))


async def test_nobody_is_promised_a_visit_years_ahead(caller: Caller) -> None:
    path = await authorised(caller)
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    answer = await caller.post(f"{path}/appointment", slot(timedelta(days=2 * 366 + 1)))
    assert (answer.status_code, answer.json()["code"]) == (409, "appointment-too-far-ahead")
    await said(caller, path, ("appointment", slot(timedelta(days=2 * 365), timedelta(days=14))))


async def test_a_cancelled_ticket_closes_its_work_order(caller: Caller) -> None:
    path = await authorised(caller)
    await caller.hears(CANCELLED)
    assert (await caller.get(path)).json()["status"] == "cancelled"
    answer = await caller.post(f"{path}/arrival", POSITION)
    assert (answer.status_code, answer.json()["code"]) == (409, "work-order-cancelled")


async def test_a_merge_that_is_taken_back_puts_another_visit_on_the_board_in_place_of_the_one_it_called_off(
    caller: Caller,
) -> None:
    path = await authorised(caller)
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    await caller.hears(DUPLICATE, UNMERGED)
    assert (await caller.get(path)).json()["status"] == "cancelled"
    again = (await caller.get(f"{BOARD}/{W2}")).json()
    assert (again["status"], again["visit"], again["engineer_id"]) == ("created", 2, None)
    await said(caller, f"{BOARD}/{W2}", ("assignment", {"engineer_id": await engineer(caller, "王强")}))


async def test_there_is_no_such_work_order(caller: Caller) -> None:
    path = f"{BOARD}/{uuid4()}"
    for answer in (await caller.get(path), await caller.post(f"{path}/departure", {})):
        assert answer.status_code == 404


async def test_the_board_is_filtered_and_paged(caller: Caller) -> None:
    tickets = [str(uuid4()) for _ in range(3)]
    for ticket in tickets:
        await caller.hears(
            WorkAuthorised(ticket_id=ticket, customer_id="c1", job_type="repair", payable=False, skills=[])
        )
    engineer_id, mine = await engineer(caller), work_order_id_of(tickets[0], 1)
    await said(caller, f"{BOARD}/{mine}", ("assignment", {"engineer_id": engineer_id}))
    for wanted in ({"ticket_id": tickets[0]}, {"status": "assigned"}, {"engineer_id": engineer_id}):
        page = (await caller.get(BOARD, **wanted)).json()
        assert [item["id"] for item in page["items"]] == [mine]
    first = (await caller.get(BOARD, limit=2)).json()
    rest = (await caller.get(BOARD, limit=2, cursor=first["next_cursor"])).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert {item["ticket_id"] for item in first["items"] + rest["items"]} == set(tickets)


async def test_a_work_order_is_read_as_it_was_known(caller: Caller) -> None:
    path = await authorised(caller)
    before = (await caller.inbox.store.read(f"work_order-{W1}"))[0].recorded_at.isoformat()
    await said(caller, path, ("assignment", {"engineer_id": await engineer(caller)}))
    then = await caller.get(path, as_of=before)
    assert (then.json()["status"], then.json()["engineer_id"], then.headers["etag"][:3]) == ("created", None, '"1-')


async def test_engineers_are_listed_by_region_and_lose_their_name_when_it_is_erased(caller: Caller) -> None:
    id = await engineer(caller)
    listed = (await caller.get("/v1/engineers", region="north")).json()["items"]
    assert [(one["id"], one["name"], one["skills"]) for one in listed] == [(id, "李强", ["hvac"])]
    assert (await caller.get("/v1/engineers", region="south")).json()["items"] == []
    await caller.inbox.store.pool.execute("DELETE FROM text WHERE subject_id = $1", id)
    assert (await caller.get(f"/v1/engineers/{id}")).json()["name"] is None


async def test_an_engineer_needs_a_name_and_a_region(caller: Caller) -> None:
    answer = await caller.post("/v1/engineers", {"name": " ", "skills": [""]})
    fields = {error["field"] for error in answer.json()["errors"]}
    assert (answer.status_code, fields) == (422, {"body.name", "body.skills.0", "body.region"})


async def test_a_follower_hears_of_visits_and_of_no_engineers(caller: Caller) -> None:
    path = await completed(caller)
    told = await caller.follows(f"{BOARD}/stream")
    assert [event["type"].partition(".")[2] for event in told] == [
        *("WorkOrderCreated", "CrewAssigned", "OnSiteArrived", "RepairCompleted"),
    ]
    assert {f"{BOARD}/{event['data']['work_order_id']}" for event in told} == {path}
    assert str(POSITION["latitude"]) not in str(told)
