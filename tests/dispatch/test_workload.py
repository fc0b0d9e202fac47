"""The workload: visits per engineer and day, over all work orders."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.devstack.databases import Database
from libs.events import Event
from libs.events.contracts.dispatch.work_orders import (
    AppointmentConfirmed,
    AppointmentMoved,
    CrewAssigned,
    CrewUnassigned,
    WorkOrderCancelled,
)
from services.dispatch.app import service
from services.dispatch.workload.view import WorkloadRow, workload
from tests.caller import Caller, calling
from tests.dispatch.story import ACCEPTED, ARRIVED, ASSIGNED, COMPLETED, CREATED, REJECTED, W1, T, recorded
from tests.dispatch.test_http import POSITION, TOMORROW, engineer, said
from tests.dispatch.test_schedule import visit

LATE, NEXT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC), datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
AGREED = AppointmentConfirmed(ticket_id=T, work_order_id=W1, start=LATE, end=LATE)
MOVED = AppointmentMoved(ticket_id=T, work_order_id=W1, start=NEXT, end=NEXT)
OTHER = CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e2")
NOBODYS = CrewUnassigned(ticket_id=T, work_order_id=W1, engineer_id="e1")
GONE = WorkOrderCancelled(ticket_id=T, work_order_id=W1)
OPEN = [CREATED, ASSIGNED, AGREED]

THIRD, FOURTH, ELSEWHERE = "2026-03-03/e1", "2026-03-04/e1", "2026-03-04/e2"


def added(*events: Event) -> dict[str, tuple[int, int]]:
    """Open and done by key, after these events of one work order."""
    history = [recorded(event, n, f"work_order-{W1}") for n, event in enumerate(events, 1)]
    rows = workload(ZoneInfo("Asia/Shanghai")).added(history)
    return {key: (row.open, row.done) for key, row in rows.items()}


@pytest.mark.parametrize(
    ("events", "counted"),
    [
        ([CREATED, ASSIGNED], {}),
        ([CREATED, AGREED], {}),
        (OPEN, {THIRD: (1, 0)}),
        ([*OPEN, ARRIVED], {THIRD: (1, 0)}),
        ([*OPEN, MOVED], {THIRD: (0, 0), FOURTH: (1, 0)}),
        ([*OPEN, MOVED, OTHER], {THIRD: (0, 0), FOURTH: (0, 0), ELSEWHERE: (1, 0)}),
        ([*OPEN, ARRIVED, COMPLETED], {THIRD: (0, 1)}),
        ([*OPEN, ARRIVED, COMPLETED, ACCEPTED], {THIRD: (0, 1)}),
        ([*OPEN, ARRIVED, COMPLETED, REJECTED], {THIRD: (0, 1)}),
        ([*OPEN, GONE], {THIRD: (0, 0)}),
        ([*OPEN, NOBODYS], {THIRD: (0, 0)}),
    ],
)
def test_a_visit_counts_on_its_day_by_the_departments_clock(
    events: list[Event], counted: dict[str, tuple[int, int]]
) -> None:
    assert added(*events) == counted


def test_a_row_says_what_is_counted() -> None:
    history = [recorded(event, n, f"work_order-{W1}") for n, event in enumerate(OPEN, 1)]
    assert workload(ZoneInfo("UTC")).added(history) == {
        "2026-03-02/e1": WorkloadRow(id="2026-03-02/e1", engineer_id="e1", day="2026-03-02", open=1, done=0)
    }


async def seen(caller: Caller, **filters: str) -> list[tuple[str, int, int]]:
    """Engineer, open and done, in the order of the list, page by page."""
    items: list[tuple[str, int, int]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await caller.get("/v1/workload", limit="1", **filters, **cursor)).json()
        items += [(item["engineer_id"], item["open"], item["done"]) for item in page["items"]]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


def at(hour: int) -> dict[str, object]:
    """An agreed hour of the day after tomorrow, by the clock in Shanghai."""
    day = TOMORROW.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    return {"start": f"{day}T{hour:02}:00:00+08:00", "end": f"{day}T{hour + 1:02}:00:00+08:00", "confirmed": True}


async def test_the_office_sees_who_has_how_many_visits(caller: Caller) -> None:
    lea, max = sorted([await engineer(caller), await engineer(caller)])
    paths = [await visit(caller) for _ in range(3)]
    for path, hour in zip(paths, (9, 11, 13), strict=True):
        await said(caller, path, ("assignment", {"engineer_id": lea}), ("appointment", at(hour)))
    assert await seen(caller) == [(lea, 3, 0)]
    await said(caller, paths[0], ("arrival", POSITION), ("completion", {"result": "换电容"}))
    await said(caller, paths[1], ("assignment", {"engineer_id": max}))
    day = str(at(9)["start"])[:10]
    assert await seen(caller, day=day) == [(lea, 1, 1), (max, 1, 0)]
    assert await seen(caller, engineer_id=max) == [(max, 1, 0)]
    assert await seen(caller, day="2026-03-02") == []


@pytest.mark.parametrize("role", ["engineer", "agent", "triage", "auditor"])
async def test_others_do_not_see_it(caller: Caller, database: Database, role: str) -> None:
    async with calling(service, database.url, role) as other:
        answer = await other.get("/v1/workload")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
