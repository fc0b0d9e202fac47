"""Questions and what is amended of tickets, over HTTP."""

import pytest

from tests.caller import Caller
from tests.intake.test_api import opened, problem
from tests.intake.test_erasure import erased

WHY = {"reason": "业主更正"}


@pytest.mark.requirement("R168", "R244", "R270")
@pytest.mark.parametrize("kind", ["consultation", "complaint", "suggestion"])
async def test_what_an_answer_is_enough_for_is_registered_found_by_its_kind_and_closed(
    caller: Caller, kind: str
) -> None:
    ticket = await opened(caller, kind=kind, channel="web")
    found = await caller.get("/v1/tickets", kind=kind, customer_id=ticket["customer_id"])
    assert [item["id"] for item in found.json()["items"]] == [ticket["id"]]
    path = f"/v1/tickets/{ticket['id']}"
    assert problem(await caller.post(f"{path}/closure")) == (409, "ticket-not-done")
    assert (await caller.post(f"{path}/settlement", {"answer": "每季度清洗一次"})).json()["status"] == "closed"


async def test_what_is_amended_stands_in_the_register_and_what_was_before_in_the_story(caller: Caller) -> None:
    ticket = await opened(caller, kind="consultation", region="华东")
    path = f"/v1/tickets/{ticket['id']}"
    new = {"kind": "repair", "urgency": "high", "region": "华南", "summary": "空调漏水"}
    assert (await caller.post(f"{path}/amendment", WHY | new)).status_code == 200
    row = (await caller.get(path)).json()
    assert {name: row[name] for name in new} == new
    last = (await caller.get(f"{path}/history")).json()["items"][-1]
    assert last["type"] == "intake.TicketAmended"
    before = last["fields"]["before"]
    assert (before["kind"], before["urgency"], before["region"]) == ("consultation", "normal", "华东")
    assert [(note["text"], note["audience"]) for note in (await caller.get(f"{path}/notes")).json()["items"]] == [
        ("业主更正", "internal")
    ]


async def test_an_amendment_needs_a_reason_and_a_ticket_that_goes_on(caller: Caller) -> None:
    path = f"/v1/tickets/{(await opened(caller))['id']}"
    assert problem(await caller.post(f"{path}/amendment", {"urgency": "low"})) == (422, "malformed")
    assert problem(await caller.post(f"{path}/amendment", WHY | {"kind": "complaint"})) == (409, "kind-stands")
    await caller.post(f"{path}/cancellation")
    assert problem(await caller.post(f"{path}/amendment", WHY | {"urgency": "low"})) == (409, "ticket-cancelled")
    caller.as_person("erik", "engineer")
    assert problem(await caller.post(f"{path}/amendment", WHY | {"urgency": "low"})) == (403, "forbidden")


async def test_why_and_what_was_amended_is_erased_with_its_customer(caller: Caller) -> None:
    ticket = await opened(caller)
    path = f"/v1/tickets/{ticket['id']}"
    await caller.post(f"{path}/amendment", WHY | {"summary": "空调漏水"})
    caller.as_person("director", "manager")
    await erased(caller, ticket["customer_id"])
    assert (await caller.get(path)).json()["summary"] is None
    assert [note["text"] for note in (await caller.get(f"{path}/notes")).json()["items"]] == [None]
