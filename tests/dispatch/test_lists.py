"""The board as a list: by appointment, by engineer, by what nobody has taken yet, and its counts."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from libs.events.contracts.intake.tickets import TicketCancelled
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.jobs.domain import work_order_id_of
from tests.caller import Caller
from tests.dispatch.test_crew import bound
from tests.dispatch.test_http import BOARD, TOMORROW, engineer, said, slot

COUNTS = f"{BOARD}/counts"
HOUR = timedelta(hours=1)


async def visit(caller: Caller, *steps: tuple[str, Any]) -> str:
    """The id of a visit of another ticket, after these steps."""
    ticket = str(uuid4())
    work = WorkAuthorised(ticket_id=ticket, customer_id=ticket, job_type="repair", payable=False, skills=["hvac"])
    await caller.hears(work)
    id = work_order_id_of(ticket, 1)
    await said(caller, f"{BOARD}/{id}", *steps)
    return id


async def listed(caller: Caller, **query: Any) -> list[str]:
    answer = await caller.get(BOARD, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def one_by_one(caller: Caller, **query: Any) -> list[str]:
    """The list in pages of one row."""
    found: list[str] = []
    while True:
        page = (await caller.get(BOARD, limit=1, **query)).json()
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def moment(after: timedelta) -> str:
    return (TOMORROW + after).isoformat()


async def test_by_appointment_what_has_none_comes_last_and_the_other_way_first(caller: Caller) -> None:
    assignment = {"engineer_id": await engineer(caller)}
    without = sorted([await visit(caller), await visit(caller)])
    late = await visit(caller, ("assignment", assignment), ("appointment", slot(8 * HOUR)))
    offered = await visit(caller, ("assignment", assignment), ("appointment", slot(5 * HOUR) | {"confirmed": False}))
    early = await visit(caller, ("assignment", assignment), ("appointment", slot(2 * HOUR)))
    order = [early, offered, late, *without]
    assert await listed(caller, sort="appointment") == await one_by_one(caller, sort="appointment") == order
    assert await one_by_one(caller, sort="-appointment") == order[::-1]
    assert await one_by_one(caller, sort="opened_at") == (await one_by_one(caller))[::-1]
    assert await listed(caller, sort="-opened_at") == await listed(caller)


async def test_a_cursor_of_another_sort_is_refused(caller: Caller) -> None:
    for _ in range(2):
        await visit(caller)
    page = (await caller.get(BOARD, limit=1, sort="appointment")).json()
    for sort in ({}, {"sort": "-appointment"}, {"sort": "opened_at"}):
        answer = await caller.get(BOARD, cursor=page["next_cursor"], **sort)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor"), sort
    assert (await caller.get(BOARD, sort="customer")).status_code == 422


async def test_a_window_holds_every_visit_with_a_part_in_it(caller: Caller) -> None:
    assignment = {"engineer_id": await engineer(caller)}
    visits = [
        await visit(caller, ("assignment", assignment), ("appointment", slot(begins * HOUR, lasts * HOUR)))
        for begins, lasts in ((0, 2), (2, 2), (4, 300), (305, 2))
    ]
    await visit(caller)
    spans = {(2, 4): [1], (1, 3): [0, 1], (3, 5): [1, 2], (300, 301): [2], (304, 305): [], (4, 400): [2, 3]}
    for (start, end), expected in spans.items():
        found = await listed(caller, sort="appointment", **{"from": moment(start * HOUR), "to": moment(end * HOUR)})
        assert found == [visits[number] for number in expected], (start, end)
    assert await listed(caller, sort="appointment", **{"from": moment(4 * HOUR)}) == visits[2:]
    assert await listed(caller, sort="appointment", to=moment(2 * HOUR)) == visits[:1]
    wrong = await caller.get(BOARD, **{"from": moment(HOUR), "to": moment(HOUR)})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "empty-range")
    assert [error["field"] for error in wrong.json()["errors"]] == ["query.to"]


async def test_mine_are_those_of_the_engineer_whose_login_calls(caller: Caller) -> None:
    own = {"engineer_id": await bound(caller, "lea")}
    other = {"engineer_id": await engineer(caller)}
    mine = sorted([await visit(caller, ("assignment", own)) for _ in range(2)])
    theirs, free = await visit(caller, ("assignment", other)), await visit(caller)
    assert (await caller.get(BOARD, engineer_id="me")).json()["code"] == "no-engineer"
    caller.as_person("lea", "dispatcher", "engineer")
    assert sorted(await listed(caller, engineer_id="me")) == mine
    assert sorted(await listed(caller, engineer_id=["me", other["engineer_id"]])) == sorted([*mine, theirs])
    assert await listed(caller, unassigned="true") == [free]
    assert sorted(await listed(caller, unassigned="false")) == sorted([*mine, theirs])
    assert await listed(caller, unassigned="true", engineer_id="me") == []
    caller.as_role("dispatcher")
    (ended,) = (await caller.get(BOARD, id=free)).json()["items"]
    await caller.hears(TicketCancelled(ticket_id=ended["ticket_id"]))
    assert await listed(caller, unassigned="true") == []
    assert sorted(await listed(caller, id=[free, theirs, str(uuid4())])) == sorted([free, theirs])


async def test_counts_are_of_the_same_filters(caller: Caller) -> None:
    own = {"engineer_id": await bound(caller, "lea")}
    mine = await visit(caller, ("assignment", own))
    for _ in range(2):
        await visit(caller)
    counted = (await caller.get(COUNTS, group_by="status")).json()
    statuses = [{"value": "assigned", "count": 1}, {"value": "created", "count": 2}]
    assert counted == {"total": 3, "complete": True, "items": statuses}
    by_engineer = (await caller.get(COUNTS, group_by="engineer_id")).json()["items"]
    assert by_engineer == [{"value": own["engineer_id"], "count": 1}, {"value": None, "count": 2}]
    assert (await caller.get(COUNTS, group_by="status", unassigned="true")).json()["total"] == 2
    assert (await caller.get(COUNTS, group_by="status", id=mine)).json()["items"] == statuses[:1]
    assert (await caller.get(COUNTS)).status_code == 422
    assert (await caller.get(COUNTS, group_by="customer_id")).status_code == 422
    caller.as_person("lea", "engineer")
    assert (await caller.get(COUNTS, group_by="status")).json()["items"] == statuses[:1]
