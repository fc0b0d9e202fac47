"""Dispatch's document, tried out."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from libs.events import Story
from libs.events.contracts.intake.tickets import TicketCancelled
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.app import service
from services.dispatch.engineers.domain.engineer import RegisterEngineer, engineer
from services.dispatch.imports.domain import ImportRequested, imports
from services.dispatch.jobs.domain import work_order_id_of
from services.dispatch.work_orders.domain.acceptance import Accept
from services.dispatch.work_orders.domain.visit import Arrive, Complete, Depart, Pause
from services.dispatch.work_orders.domain.work_order import Assign, WorkOrderCommand, work_order
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import SeededService, ids

schema = tried(service)
globals().update(trials(schema))

EACH = 100
ASSIGNED: list[WorkOrderCommand] = [Assign("00000000-0000-7000-8000-000000000001")]
THERE = [*ASSIGNED, Arrive("00000000-0000-7000-8000-000000000002", 5.0)]
DONE = [*THERE, Complete("00000000-0000-7000-8000-000000000003")]
BEFORE: dict[str, list[WorkOrderCommand]] = {
    "work_order_id": DONE,
    "assign": [],
    "unassign": ASSIGNED,
    "make_appointment": ASSIGNED,
    "plan_visit": [],
    "confirm_assignment": ASSIGNED,
    "decline_assignment": ASSIGNED,
    "note_call": ASSIGNED,
    "depart": ASSIGNED,
    "arrive": [*ASSIGNED, Depart()],
    "check_conduct": THERE,
    "pause": THERE,
    "resume": [*THERE, Pause("waiting_parts")],
    "complete": THERE,
    "fail_visit": THERE,
    "accept": DONE,
    "reject": DONE,
    "accept_by_link": DONE,
    "reject_by_link": DONE,
    "get_signature": [*DONE, Accept("00000000-0000-7000-8000-000000000004", "00000000-0000-7000-8000-000000000005")],
}
"""What has happened to a work order before each operation may."""


async def seed(seeded: SeededService) -> Known:
    """An engineer, and for every step work orders that wait for it."""
    who = ids(2)
    for id in who:
        await seeded.tell(engineer.create(id, RegisterEngineer(id, id, ("hvac",), "福建")))
    known: dict[str, list[Any]] = {"engineer_id": who, "cancel_engineer_import": ids(EACH)}
    for id in known["cancel_engineer_import"]:
        await seeded.tell(imports.create(id, ImportRequested(id=id, kind="engineers")))
    for read in ("get_engineer_import", "get_engineer_import_flaws", "get_engineer_import_result"):
        known[read] = known["cancel_engineer_import"][:1]
    for operation, steps in BEFORE.items():
        tickets = ids(EACH)
        known[operation] = [work_order_id_of(ticket, 1) for ticket in tickets]
        await seeded.hear(
            *(
                WorkAuthorised(ticket_id=ticket, customer_id=ticket, job_type="repair", payable=False, skills=["hvac"])
                for ticket in tickets
            )
        )
        for id in known[operation] if steps else ():
            await seeded.tell(partial(_steps, id, steps))
    for first, operation in enumerate(("make_appointment", "plan_visit"), 1):
        known[f"{operation}.start"], known[f"{operation}.end"] = slots(first)
    known["check_conduct.items"] = [["uniform"], ["uniform", "badge"], []]
    known["id"] = await seeded.park(*(TicketCancelled(ticket_id=ticket) for ticket in ids(200)))
    return known


def slots(first: int) -> tuple[list[str], list[str]]:
    """Starts and ends of visits that leave each other alone, from so many months ahead."""
    begin = datetime.now(UTC) + timedelta(days=30 * first)
    hours = [f"{begin + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}" for hour in range(EACH * 5 + 1)]
    return hours[:-1], hours[1:]


def _steps(id: str, steps: list[WorkOrderCommand]) -> Story:
    for step in steps:
        yield work_order.on(id, step)


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.25
