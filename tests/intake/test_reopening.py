"""A closed ticket is opened again over HTTP, and a new one follows it when that is too late."""

from uuid import uuid4

import pytest

from libs.chassis.department import Department
from services.intake.tickets.api import tickets as api
from tests.caller import Caller
from tests.intake.story import DISPATCH, SURVEY, TRIAGE
from tests.intake.test_api import CONTACT, about, opened, problem
from tests.intake.test_erasure import erased

WHY = {"reason": "业主来电：又不制冷了"}


async def closed(caller: Caller) -> dict[str, str]:
    ticket: dict[str, str] = await opened(caller)
    answer = await caller.post(f"/v1/tickets/{ticket['id']}/settlement", {"answer": "滤网每季度清洗一次"})
    assert answer.status_code == 200, answer.text
    return ticket


async def test_a_ticket_that_was_accepted_and_closed_goes_on_under_its_number(caller: Caller) -> None:
    ticket = await opened(caller)
    path = f"/v1/tickets/{ticket['id']}"
    await caller.hears(*about(ticket["id"], *TRIAGE, *DISPATCH, *SURVEY))
    assert (await caller.post(f"{path}/closure")).status_code == 200
    assert (await caller.get(path)).json()["closed_at"] is not None
    answer = await caller.post(f"{path}/reopening", WHY)
    assert (answer.status_code, answer.json()["status"]) == (200, "in_triage")
    row = (await caller.get(path)).json()
    assert (row["number"], row["status"], row["closed_at"]) == (ticket["number"], "in_triage", None)
    told = [item["type"] for item in (await caller.get(f"{path}/history")).json()["items"]]
    assert told[-2:] == ["intake.TicketReopened", "intake.TicketStatusChanged"]
    assert problem(await caller.post(f"{path}/closure")) == (409, "ticket-not-done")


async def test_two_who_open_it_again_at_once_open_it_once_and_why_stands_among_the_notes(caller: Caller) -> None:
    path = f"/v1/tickets/{(await closed(caller))['id']}"
    first, second = [await caller.post(f"{path}/reopening", WHY) for _ in range(2)]
    assert (first.status_code, problem(second)) == (200, (409, "ticket-not-closed"))
    notes = (await caller.get(f"{path}/notes")).json()["items"]
    assert (notes[0]["text"], notes[0]["audience"]) == (WHY["reason"], "internal")


async def test_why_it_was_opened_again_is_erased_with_its_customer(caller: Caller) -> None:
    ticket = await closed(caller)
    path = f"/v1/tickets/{ticket['id']}"
    await caller.post(f"{path}/reopening", WHY)
    caller.as_person("director", "manager")
    await erased(caller, ticket["customer_id"])
    assert [note["text"] for note in (await caller.get(f"{path}/notes")).json()["items"]] == [None, None]


async def test_an_earlier_time_gains_no_day(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/v1/tickets/{(await closed(caller))['id']}"
    closed_at = (await caller.get(path)).json()["closed_at"]
    monkeypatch.setattr(api, "department", lambda: Department(reopen_days=0))
    assert problem(await caller.post(f"{path}/reopening", WHY | {"occurred_at": closed_at})) == (409, "reopening-over")


async def test_later_a_new_ticket_follows_the_old_one(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    old = await closed(caller)
    monkeypatch.setattr(api, "department", lambda: Department(reopen_days=0))
    assert problem(await caller.post(f"/v1/tickets/{old['id']}/reopening", WHY)) == (409, "reopening-over")
    new = {"channel": "phone", "kind": "repair", "summary": "又不制冷了", "follows": old["id"]}
    answer = await caller.post("/v1/tickets", new | {"customer_id": old["customer_id"]})
    assert answer.status_code == 201, answer.text
    assert (await caller.get(f"/v1/tickets/{answer.json()['id']}")).json()["follows"] == old["id"]
    for whose in ({"customer": CONTACT}, {"customer_id": old["customer_id"], "follows": str(uuid4())}):
        assert problem(await caller.post("/v1/tickets", new | whose)) == (422, "unknown-ticket")


async def test_only_the_desk_opens_again_and_says_why(caller: Caller) -> None:
    path = f"/v1/tickets/{(await closed(caller))['id']}/reopening"
    assert problem(await caller.post(path, {"reason": " "})) == (422, "malformed")
    caller.as_person("erik", "engineer")
    assert problem(await caller.post(path, WHY)) == (403, "forbidden")
