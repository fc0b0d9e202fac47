"""An engineer's day over HTTP on a real database: agreed times do not overlap, nobody is at two doors, skills count."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.devstack.databases import Database
from libs.events.contracts.intake.tickets import TicketCancelled
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.app import service
from services.dispatch.jobs.domain import work_order_id_of
from tests.caller import Caller, calling
from tests.dispatch.test_http import BOARD, POSITION, SLOT, engineer, said, slot

RACERS = 32


@pytest.fixture
async def another(database: Database) -> AsyncIterator[Caller]:
    """A second process, as it were: the same database, another pool and another memory."""
    async with calling(service, database.url, "dispatcher") as caller:
        yield caller


async def visit(caller: Caller, skills: list[str] | None = None) -> str:
    """The path of a new work order."""
    ticket_id = str(uuid4())
    needed = ["hvac"] if skills is None else skills
    await caller.hears(
        WorkAuthorised(ticket_id=ticket_id, customer_id="c1", job_type="repair", payable=False, skills=needed)
    )
    return f"{BOARD}/{work_order_id_of(ticket_id, 1)}"


async def planned(caller: Caller, engineer_id: str, when: Any = SLOT) -> str:
    """The path of a visit that this engineer is to make at an agreed time."""
    path = await visit(caller)
    await said(caller, path, ("assignment", {"engineer_id": engineer_id}), ("appointment", when))
    return path


def overlaps(answer: httpx.Response, other: str) -> None:
    """The answer refuses, and names the visit that stands in the way."""
    assert (answer.status_code, answer.json()["code"]) == (409, "overlap"), answer.text
    assert answer.json()["work_order_id"] == other.removeprefix(f"{BOARD}/")
    assert answer.json()["work_order_id"] in answer.json()["detail"]


@pytest.mark.requirement("R010")
async def test_two_visits_are_not_agreed_for_one_time(caller: Caller) -> None:
    lea = await engineer(caller)
    first, second = await planned(caller, lea), await visit(caller)
    await said(caller, second, ("assignment", {"engineer_id": lea}))
    overlaps(await caller.post(f"{second}/appointment", slot(timedelta(hours=1))), first)
    await said(caller, second, ("appointment", slot(timedelta(hours=1)) | {"confirmed": False}))
    await said(caller, second, ("appointment", slot(timedelta(hours=2))))
    overlaps(await caller.post(f"{first}/appointment", slot(timedelta(hours=1))), second)


async def test_a_visit_with_an_agreed_time_goes_to_nobody_who_is_taken_then(caller: Caller) -> None:
    lea, max = await engineer(caller), await engineer(caller)
    first, second = await planned(caller, lea), await planned(caller, max)
    overlaps(await caller.post(f"{second}/assignment", {"engineer_id": lea}), first)
    assert (await caller.get(second)).json()["engineer_id"] == max
    await said(caller, first, ("appointment", slot(timedelta(hours=2))))
    await said(caller, second, ("assignment", {"engineer_id": lea}))
    third = await planned(caller, max)
    overlaps(await caller.post(f"{third}/assignment", {"engineer_id": lea}), second)


@pytest.mark.parametrize("steps", [["departure"], ["arrival"], ["departure", "arrival"]])
@pytest.mark.parametrize("then", ["departure", "arrival"])
async def test_nobody_is_in_a_second_place_at_once(caller: Caller, steps: list[str], then: str) -> None:
    lea = await engineer(caller)
    first, second = await visit(caller), await visit(caller)
    for path in (first, second):
        await said(caller, path, ("assignment", {"engineer_id": lea}))
    await said(caller, first, *((step, POSITION if step == "arrival" else {}) for step in steps))
    overlaps(await caller.post(f"{second}/{then}", POSITION if then == "arrival" else {}), first)
    await said(caller, first, *([("arrival", POSITION)] if "arrival" not in steps else []), ("completion", DONE))
    await said(caller, second, (then, POSITION if then == "arrival" else {}))


DONE = {"result": "换电容"}


async def test_who_waits_for_parts_may_go_elsewhere_and_comes_back_when_that_is_done(caller: Caller) -> None:
    lea = await engineer(caller)
    first, second = await visit(caller), await visit(caller)
    for path in (first, second):
        await said(caller, path, ("assignment", {"engineer_id": lea}))
    await said(caller, first, ("arrival", POSITION), ("pause", {"reason": "waiting_parts"}))
    await said(caller, second, ("arrival", POSITION))
    overlaps(await caller.post(f"{first}/resumption"), second)
    await said(caller, second, ("completion", DONE))
    await said(caller, first, ("resumption", {}), ("completion", DONE))


@pytest.mark.requirement("R298")
async def test_whoever_takes_over_on_site_is_not_somewhere_else(caller: Caller) -> None:
    lea, max = await engineer(caller), await engineer(caller)
    first, second = await visit(caller), await visit(caller)
    await said(caller, first, ("assignment", {"engineer_id": lea}), ("arrival", POSITION))
    await said(caller, second, ("assignment", {"engineer_id": max}), ("arrival", POSITION))
    overlaps(await caller.post(f"{first}/assignment", {"engineer_id": max}), second)
    await said(caller, second, ("completion", DONE))
    await said(caller, first, ("assignment", {"engineer_id": max}))
    third = await visit(caller)
    await said(caller, third, ("assignment", {"engineer_id": lea}), ("arrival", POSITION))


async def test_a_cancelled_ticket_gives_the_time_back(caller: Caller) -> None:
    lea, ticket_id = await engineer(caller), str(uuid4())
    authorised = WorkAuthorised(ticket_id=ticket_id, customer_id="c1", job_type="repair", payable=False, skills=[])
    await caller.hears(authorised)
    first = f"{BOARD}/{work_order_id_of(ticket_id, 1)}"
    await said(caller, first, ("assignment", {"engineer_id": lea}), ("appointment", SLOT), ("departure", {}))
    second = await visit(caller)
    await said(caller, second, ("assignment", {"engineer_id": lea}))
    overlaps(await caller.post(f"{second}/appointment", SLOT), first)
    overlaps(await caller.post(f"{second}/departure"), first)
    await caller.hears(TicketCancelled(ticket_id=ticket_id))
    await said(caller, second, ("appointment", SLOT), ("departure", {}))


@pytest.mark.requirement("R165")
async def test_skills_that_are_missing_are_named(caller: Caller) -> None:
    lea = await engineer(caller)
    path = await visit(caller, ["lifts", "hvac", "boilers"])
    answer = await caller.post(f"{path}/assignment", {"engineer_id": lea})
    assert (answer.status_code, answer.json()["code"]) == (409, "skill-missing")
    assert answer.json()["skills"] == ["lifts", "boilers"]
    assert (await caller.get(path)).json()["engineer_id"] is None
    await caller.post(f"/v1/engineers/{lea}/amendment", {"skills": ["hvac", "boilers", "lifts", "lights"]})
    await said(caller, path, ("assignment", {"engineer_id": lea}))


async def admitted(caller: Caller, path: str, body: Any) -> httpx.Response:
    """The answer of who asks again while the service has too many requests at once."""
    while (answer := await caller.post(path, body)).status_code == 503:  # noqa: ASYNC110
        await asyncio.sleep(0.05)  # a caller of the API is told when by nothing but the clock
    return answer


async def race(callers: list[Caller], paths: list[str], verb: str, body: Any) -> str:
    """The path of the one visit for which the command stands; all others are refused for its sake."""
    sent = [admitted(callers[number % len(callers)], f"{path}/{verb}", body) for number, path in enumerate(paths)]
    answers = dict(zip(paths, await asyncio.gather(*sent), strict=True))
    (won,) = [path for path, answer in answers.items() if answer.status_code == 200]
    for path, answer in answers.items():
        if path != won:
            overlaps(answer, won)
    return won


async def test_of_32_assignments_at_once_for_one_time_one_stands(caller: Caller, another: Caller) -> None:
    lea = await engineer(caller)
    paths = [await planned(caller, await engineer(caller)) for _ in range(RACERS)]
    won = await race([caller, another], paths, "assignment", {"engineer_id": lea})
    board = (await caller.get(BOARD, engineer_id=lea)).json()["items"]
    assert [f"{BOARD}/{one['id']}" for one in board] == [won]
    assert len(await caller.inbox.store.read(f"schedule-{lea}")) == 1


async def test_of_32_agreed_times_at_once_for_one_engineer_one_stands(caller: Caller, another: Caller) -> None:
    lea = await engineer(caller)
    paths = [await visit(caller) for _ in range(RACERS)]
    for path in paths:
        await said(caller, path, ("assignment", {"engineer_id": lea}))
    await race([caller, another], paths, "appointment", SLOT)


async def test_of_32_departures_at_once_of_one_engineer_one_stands(caller: Caller, another: Caller) -> None:
    lea = await engineer(caller)
    paths = [await visit(caller) for _ in range(RACERS)]
    for path in paths:
        await said(caller, path, ("assignment", {"engineer_id": lea}))
    await race([caller, another], paths, "departure", {})
