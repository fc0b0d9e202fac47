"""Whom tickets wait for, and teams, over HTTP: who says so, and which lists show them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.caller import Caller
from tests.intake.test_api import opened, problem
from tests.intake.test_erasure import erased
from tests.intake.test_lists import COUNTS, listed

SOON, LATER = (datetime.now(UTC) + timedelta(days=days) for days in (1, 3))
WHY = "等厂家寄出压缩机"


def wait(whom: str = "supplier", look_again_at: datetime = SOON) -> dict[str, Any]:
    return {"waits_for": whom, "reason": WHY, "look_again_at": look_again_at.isoformat()}


async def test_a_dispatcher_says_whom_a_ticket_waits_for_and_an_agent_lets_it_go_on(caller: Caller) -> None:
    path = f"/v1/tickets/{(await opened(caller))['id']}"
    caller.as_person("dora", "dispatcher")
    answer = await caller.post(f"{path}/wait", wait())
    assert (answer.status_code, answer.json()["waits_for"]) == (200, "supplier")
    caller.as_person("eva", "engineer")
    row = (await caller.get(path)).json()
    assert (row["waits_for"], row["wait_reason"]) == ("supplier", WHY)
    assert datetime.fromisoformat(row["look_again_at"]) == SOON
    (note,) = (await caller.get(f"{path}/notes")).json()["items"]
    assert (note["text"], note["audience"]) == (WHY, "internal")
    assert problem(await caller.post(f"{path}/wait/end")) == (403, "forbidden")
    caller.as_person("anna", "agent")
    assert (await caller.post(f"{path}/wait/end")).json()["waits_for"] is None
    row = (await caller.get(path)).json()
    assert (row["waits_for"], row["wait_reason"], row["look_again_at"]) == (None, None, None)


async def test_a_wait_without_a_reason_or_without_an_end_in_sight_is_none(caller: Caller) -> None:
    path = f"/v1/tickets/{(await opened(caller))['id']}/wait"
    for missing in ("reason", "look_again_at"):
        assert problem(await caller.post(path, wait() | {missing: None})) == (422, "malformed")
    assert problem(await caller.post(path, wait() | {"waits_for": "godot"})) == (422, "malformed")
    past = datetime.now(UTC) - timedelta(days=1)
    assert problem(await caller.post(path, wait(look_again_at=past))) == (409, "look-again-past")


async def test_the_day_of_the_next_look_lies_ahead_whatever_day_it_is_said_to_have_been_named_on(
    caller: Caller,
) -> None:
    ticket = await opened(caller, occurred_at=(datetime.now(UTC) - timedelta(days=9)).isoformat())
    path = f"/v1/tickets/{ticket['id']}/wait"
    asked, past = [(datetime.now(UTC) - timedelta(days=days)) for days in (3, 1)]
    backdated = wait(look_again_at=past) | {"occurred_at": asked.isoformat()}
    assert problem(await caller.post(path, backdated)) == (409, "look-again-past")
    assert (await caller.post(path, wait() | {"occurred_at": asked.isoformat()})).status_code == 200


async def test_lists_and_counts_are_of_those_that_wait_and_of_a_team(caller: Caller) -> None:
    tickets = [(await opened(caller))["id"] for _ in range(3)]
    parts, supplier, free = tickets
    await caller.post(f"/v1/tickets/{parts}/wait", wait("parts"))
    await caller.post(f"/v1/tickets/{supplier}/wait", wait(look_again_at=LATER))
    for id in (supplier, free):
        answer = await caller.post(f"/v1/tickets/{id}/team", {"team": "技术支持一组"})
        assert (answer.status_code, answer.json()["team"]) == (200, "技术支持一组")
    for filters, expected in (
        ({"waits_for": "parts"}, [parts]),
        ({"waits_for": ["parts", "supplier"]}, [supplier, parts]),
        ({"look_again_to": (SOON + timedelta(hours=1)).isoformat()}, [parts]),
        ({"team": "技术支持一组"}, [free, supplier]),
        ({"team": "技术支持一组", "waits_for": "supplier"}, [supplier]),
    ):
        assert await listed(caller, **filters) == expected
        assert (await caller.get(COUNTS, group_by="waits_for", **filters)).json()["total"] == len(expected)
    counted = (await caller.get(COUNTS, group_by="team")).json()["items"]
    assert {each["value"]: each["count"] for each in counted} == {"技术支持一组": 2, None: 1}


@pytest.mark.requirement("R051")
async def test_a_team_is_given_a_ticket_by_the_desk_alone(caller: Caller) -> None:
    path = f"/v1/tickets/{(await opened(caller))['id']}"
    await caller.post(f"{path}/team", {"team": "技术支持一组"})
    assert (await caller.get(path)).json()["team"] == "技术支持一组"
    assert (await caller.post(f"{path}/team", {"team": None})).json()["team"] is None
    caller.as_person("eva", "engineer")
    assert problem(await caller.post(f"{path}/team", {"team": "别组"})) == (403, "forbidden")


async def test_why_a_ticket_waits_is_erased_with_its_customer(caller: Caller) -> None:
    ticket = await opened(caller)
    path = f"/v1/tickets/{ticket['id']}"
    await caller.post(f"{path}/wait", wait())
    caller.as_person("director", "manager")
    await erased(caller, ticket["customer_id"])
    row = (await caller.get(path)).json()
    assert (row["waits_for"], row["wait_reason"]) == ("supplier", None)
