"""What an engineer says to a visit over HTTP: taken or declined, the customer rung, ended without completion."""

from typing import Any

import pytest

from libs.events.contracts.intake.customers import CustomerErased
from tests.caller import Caller, actor_id
from tests.dispatch.story import CANCELLED, W1, W2
from tests.dispatch.test_crew import DECLINE, FAILURE, assigned
from tests.dispatch.test_http import BOARD, POSITION, SLOT, said
from tests.dispatch.test_live import told


async def sheet(caller: Caller, id: str = W1) -> dict[str, Any]:
    caller.as_person("anna", "dispatcher")
    answer = await caller.get(f"{BOARD}/{id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_visit_that_is_declined_goes_back_to_those_that_wait(caller: Caller) -> None:
    path = await assigned(caller)
    caller.as_person("anna", "dispatcher")
    await said(caller, path, ("appointment", SLOT))
    caller.as_person("lea", "engineer")
    first, declined = await said(caller, path, ("confirmation", {}), DECLINE)
    assert (first["status"], declined["status"]) == ("assigned", "created")
    assert (await caller.get(BOARD)).json()["items"] == []
    shown = await sheet(caller)
    assert (shown["engineer_id"], shown["crew_confirmed_at"], shown["appointment"]) == (None, None, SLOT)
    assert (shown["decline_reason"], shown["decline_note"]) == ("no_time", DECLINE[1]["note"])
    assert [item["id"] for item in (await caller.get(BOARD, unassigned="true")).json()["items"]] == [W1]
    assert (await caller.get("/v1/workload")).json()["items"] == []


async def test_who_declined_and_the_office_are_told(caller: Caller) -> None:
    await said(caller, await assigned(caller), DECLINE)
    entries = {entry["type"]: entry["audience"] for entry in await told(caller)}
    assert "dispatcher" in entries["dispatch.AssignmentDeclined"]["roles"]
    assert entries["dispatch.CrewUnassigned"]["actors"] == [actor_id("lea")]


async def test_a_visit_is_taken_once_and_who_is_given_it_next_has_not_taken_it(caller: Caller) -> None:
    path = await assigned(caller)
    first, again = await said(caller, path, ("confirmation", {}), ("confirmation", {}))
    assert first["version"] == again["version"]
    assert (await sheet(caller))["crew_confirmed_at"]
    (other,) = [one["id"] for one in (await caller.get("/v1/engineers")).json()["items"] if one["name"] == "max"]
    await said(caller, path, ("assignment", {"engineer_id": other}))
    assert (await sheet(caller))["crew_confirmed_at"] is None


@pytest.mark.requirement("R020")
async def test_the_last_call_to_the_customer_is_on_the_sheet(caller: Caller) -> None:
    path = await assigned(caller)
    calls = [("customer-call", {"outcome": "no_answer"}), ("customer-call", {"outcome": "reached", "note": "下午在家"})]
    await said(caller, path, *calls)
    shown = await sheet(caller)
    assert (shown["status"], shown["call_outcome"], shown["call_note"]) == ("assigned", "reached", "下午在家")
    assert shown["called_at"]


async def test_a_visit_that_cannot_be_completed_has_another_one_ordered(caller: Caller) -> None:
    path = await assigned(caller)
    answers = await said(caller, path, ("arrival", POSITION), ("pause", {"reason": "waiting_parts"}), FAILURE)
    assert (answers[-1]["status"], answers[-1]["next_work_order_id"]) == ("failed", W2)
    first, second = await sheet(caller), await sheet(caller, W2)
    assert (first["failure_reason"], first["next_step"], first["paused"]) == ("part_missing", "await_parts", False)
    assert (first["failure_note"], first["next_work_order_id"]) == (FAILURE[1]["note"], W2)
    assert (second["status"], second["visit"], second["rework_of"]) == ("created", 2, None)
    assert (second["follows"], second["awaits"]) == (W1, "await_parts")
    assert [item["id"] for item in (await caller.get(BOARD, unassigned="true")).json()["items"]] == [W2]
    types = [entry["type"] for entry in await told(caller) if entry["ids"].get("work_order_id") == W1]
    assert types[-2:] == ["dispatch.WorkResumed", "dispatch.VisitFailed"]


async def test_its_engineer_is_free_for_others_and_the_next_visit_is_planned_as_any(caller: Caller) -> None:
    path = await assigned(caller)
    await said(caller, path, ("departure", {}), FAILURE)
    engineer_id = (await sheet(caller))["engineer_id"]
    await said(caller, f"{BOARD}/{W2}", ("plan", SLOT | {"engineer_id": engineer_id}), ("arrival", POSITION))
    assert (await sheet(caller, W2))["status"] == "on_site"


async def test_a_ticket_that_is_withdrawn_takes_the_visit_along_that_was_to_follow(caller: Caller) -> None:
    await said(caller, await assigned(caller), ("departure", {}), FAILURE)
    await caller.hears(CANCELLED)
    assert ((await sheet(caller))["status"], (await sheet(caller, W2))["status"]) == ("failed", "cancelled")


async def test_words_of_all_three_go_with_their_customer(caller: Caller) -> None:
    path = await assigned(caller)
    await said(
        caller, path, ("customer-call", {"outcome": "later", "note": "王芳下午在家"}), ("departure", {}), FAILURE
    )
    await caller.hears(CustomerErased(customer_id="c1"))
    shown = await sheet(caller)
    assert (shown["call_outcome"], shown["call_note"], shown["failure_note"]) == ("later", None, None)


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("failure", {"reason": "part_missing"}),
        ("failure", {"reason": "bored", "next_step": "another_visit"}),
        ("decline", {}),
        ("customer-call", {"outcome": "by_link"}),
    ],
)
async def test_codes_come_from_their_lists(caller: Caller, step: str, body: dict[str, Any]) -> None:
    answer = await caller.post(f"{await assigned(caller)}/{step}", body)
    assert answer.status_code == 422
