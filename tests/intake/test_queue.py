"""The queue: what is heard of a ticket, as a row and as a line of the list."""

import random
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from libs.events import Event
from libs.events.contracts.dispatch.work_orders import CrewAssigned, CrewUnassigned, VisitFailed, WorkOrderCancelled
from libs.events.contracts.sla import clocks as sla
from libs.events.contracts.triage.cases import FaultClassified
from services.intake.tickets.view.queue import QueueRow, queue_view
from services.intake.tickets.view.queue_clock import open_clocks
from services.intake.tickets.view.queue_visit import current
from tests.caller import Caller
from tests.intake.story import DISPATCH, SURVEY, TRIAGE, T, recorded
from tests.intake.test_api import about, opened
from tests.intake.test_lists import COUNTS, listed
from tests.spec import MONDAY

HOUR = timedelta(hours=1)


def started(metric: str, due: datetime = MONDAY + HOUR, cycle: int = 1) -> sla.ClockStarted:
    return sla.ClockStarted(
        **of(metric), policy="demo/1", calendar="office", target_seconds=3600, deadline=due, cycle=cycle
    )


def of(metric: str) -> dict[str, Any]:
    return {"ticket_id": T, "clock_id": f"c-{metric}", "metric": metric, "at": MONDAY}


def missed(metric: str, due: datetime = MONDAY + HOUR) -> sla.DeadlineBreached:
    return sla.DeadlineBreached(**of(metric), deadline=due)


def warned(metric: str) -> sla.DeadlineApproaching:
    return sla.DeadlineApproaching(**of(metric), deadline=MONDAY + HOUR)


def moved(metric: str, due: datetime, target_seconds: int) -> sla.DeadlineMoved:
    return sla.DeadlineMoved(
        **of(metric),
        policy="demo/1",
        old_deadline=MONDAY + HOUR,
        deadline=due,
        target_seconds=target_seconds,
        because="level 1",
        by="e1",
    )


CLOCKS: list[Event] = [
    started("on_site"),
    started("resolution", MONDAY + 3 * HOUR),
    warned("on_site"),
    missed("on_site"),
    sla.ClockMet(**of("on_site"), counted_seconds=4000, late=True),
    sla.ClockPaused(**of("resolution"), reason="waiting_customer", counted_seconds=60),
]


def row(*events: Event) -> QueueRow:
    found = queue_view.fold([recorded(event, version, "heard") for version, event in enumerate(events, 1)])[T]
    assert found is not None
    return found


def test_the_next_deadline_is_of_the_open_clocks_that_run() -> None:
    both = row(started("resolution", MONDAY + 3 * HOUR), started("on_site"))
    assert (both.due_at, [clock.metric for clock in open_clocks(both.clocks)]) == (
        MONDAY + HOUR,
        ["on_site", "resolution"],
    )
    assert row(*CLOCKS[:5]).due_at == MONDAY + 3 * HOUR
    assert row(*CLOCKS).due_at is None


@pytest.mark.parametrize(
    ("events", "stage", "breached"),
    [
        ([TRIAGE[0]], "none", False),
        (CLOCKS[:2], "running", False),
        (CLOCKS[:3], "warned", False),
        (CLOCKS[:4], "breached", True),
        (CLOCKS[:5], "running", True),
        (CLOCKS, "paused", True),
        ([*CLOCKS, sla.ClockCancelled(**of("resolution"))], "none", True),
        ([*CLOCKS[:4], sla.ClockCancelled(**of("on_site"))], "running", False),
        ([*CLOCKS[:3], sla.ClockPaused(**of("on_site"), reason="x", counted_seconds=1)], "running", False),
    ],
)
def test_the_stage_is_that_of_the_worst_open_clock(events: list[Event], stage: str, breached: bool) -> None:
    found = row(*events)
    assert (found.stage, found.breached) == (stage, breached)


def test_a_clock_that_goes_on_has_its_new_deadline_and_was_warned_of_before() -> None:
    paused = [started("on_site"), warned("on_site"), sla.ClockPaused(**of("on_site"), reason="x", counted_seconds=1)]
    on = row(*paused, sla.ClockResumed(**of("on_site"), deadline=MONDAY + 2 * HOUR))
    assert (on.due_at, on.stage) == (MONDAY + 2 * HOUR, "warned")


def test_half_and_three_quarters_are_of_what_was_heard_last_and_none_while_it_is_paused() -> None:
    begun = replace(started("on_site"), soon_at=MONDAY + HOUR / 2, urgent_at=MONDAY + HOUR * 3 / 4)
    paused = sla.ClockPaused(**of("on_site"), reason="x", counted_seconds=1)
    ahead: dict[str, Any] = {
        "deadline": MONDAY + 4 * HOUR,
        "soon_at": MONDAY + 2 * HOUR,
        "urgent_at": MONDAY + 3 * HOUR,
    }
    resumed, changed = sla.ClockResumed(**of("on_site"), **ahead), replace(moved("on_site", MONDAY, 7200), **ahead)
    assert shares(begun) == (MONDAY + HOUR / 2, MONDAY + HOUR * 3 / 4)
    assert shares(begun, paused) == shares(begun, paused, changed) == (None, None)
    assert shares(begun, paused, resumed) == shares(begun, changed) == (MONDAY + 2 * HOUR, MONDAY + 3 * HOUR)


def test_a_clock_whose_news_are_from_before_them_has_no_shares() -> None:
    assert shares(started("on_site"), moved("on_site", MONDAY + 2 * HOUR, 7200)) == (None, None)


def shares(*events: Event) -> tuple[datetime | None, datetime | None]:
    (clock,) = row(*events).clocks
    return clock.soon_at, clock.urgent_at


def test_another_target_is_warned_of_anew() -> None:
    before = [started("on_site"), warned("on_site")]
    same, other = [row(*before, moved("on_site", MONDAY + 2 * HOUR, seconds)) for seconds in (3600, 7200)]
    assert (same.due_at, other.due_at) == (MONDAY + 2 * HOUR, MONDAY + 2 * HOUR)
    assert (same.stage, other.stage) == ("warned", "running")


def test_a_breach_that_is_withdrawn_is_none_and_another_cycle_begins_without() -> None:
    late = [started("on_site"), missed("on_site")]
    withdrawn: dict[str, Any] = {"counted_seconds": 60, "target_seconds": 3600, "because": "level 3", "by": "e1"}
    for deadline, breached in ((MONDAY + HOUR, False), (MONDAY, True)):
        assert row(*late, sla.BreachWithdrawn(**of("on_site"), deadline=deadline, **withdrawn)).breached is breached
    assert row(*late, started("on_site")).breached
    assert not row(*late, started("on_site", cycle=2)).breached


def test_the_visit_is_the_newest_that_has_not_ended() -> None:
    failed = VisitFailed(
        ticket_id=T,
        work_order_id="w1",
        engineer_id="e1",
        reason="customer_absent",
        next_step="another_visit",
        next_work_order_id="w2",
    )
    upto = {event.type_name: number for number, event in enumerate(DISPATCH, 1)}
    first = row(*DISPATCH[:5])
    visit = current(first.visits)
    assert visit is not None
    assert (first.engineer_id, visit.start, visit.end, visit.confirmed) == ("e1", MONDAY, MONDAY + 3 * HOUR, True)
    offered = current(row(*DISPATCH[:3]).visits)
    assert offered is not None
    assert not offered.confirmed
    assert row(*DISPATCH[: upto["dispatch.ReworkOrdered"]]).engineer_id is None
    assert row(*DISPATCH[:13]).engineer_id == "e2"
    assert row(*DISPATCH).engineer_id is None
    assert row(*DISPATCH[:5], failed).engineer_id is None
    assert row(*DISPATCH[:2], WorkOrderCancelled(ticket_id=T, work_order_id="w1")).engineer_id is None


def test_a_visit_without_an_engineer_keeps_its_time() -> None:
    free = row(*DISPATCH[:5], CrewUnassigned(ticket_id=T, work_order_id="w1", engineer_id="e1"))
    visit = current(free.visits)
    assert visit is not None
    assert (free.engineer_id, visit.start) == (None, MONDAY)


def test_whatever_order_the_services_come_in_the_row_is_the_same() -> None:
    told = [
        [recorded(event, version, source) for version, event in enumerate(events, 1)]
        for source, events in (("a", TRIAGE), ("b", DISPATCH), ("c", SURVEY), ("d", CLOCKS))
    ]
    expected = queue_view.fold([event for events in told for event in events])
    for order in permutations(told):
        assert queue_view.fold([event for events in order for event in events]) == expected
    generator = random.Random(7)
    for _ in range(50):
        left, mixed = [list(events) for events in told], []
        while some := [events for events in left if events]:
            mixed.append(generator.choice(some).pop(0))
        assert queue_view.fold(mixed) == expected


def test_what_happened_last_is_told_whichever_was_heard_last() -> None:
    events = [recorded(event, version, "heard") for version, event in enumerate(CLOCKS, 1)]
    for order in (events, events[::-1]):
        found = queue_view.fold(order)[T]
        assert found is not None
        assert (found.last_type, found.last_at) == ("sla.ClockPaused", events[-1].occurred_at)


async def heard(caller: Caller, *events: Any) -> str:
    id: str = (await opened(caller))["id"]
    await caller.hears(*about(id, *events))
    return id


async def test_one_request_tells_all_that_the_queue_shows(caller: Caller) -> None:
    engineer, order = str(uuid4()), str(uuid4())
    ours = [about_order(event, order, engineer) for event in DISPATCH[:5]]
    half = replace(CLOCKS[1], soon_at=MONDAY + HOUR, urgent_at=MONDAY + 2 * HOUR)
    id = await heard(caller, *TRIAGE, *ours, CLOCKS[0], half, *CLOCKS[2:4])
    (item,) = (await caller.get("/v1/tickets")).json()["items"]
    assert (item["id"], item["level"], item["stage"], item["summary"]) == (id, 2, "breached", "空调不制冷")
    assert item["customer"] == {"name": "王芳"}
    assert [(clock["metric"], clock["breached"]) for clock in item["clocks"]] == [
        ("on_site", True),
        ("resolution", False),
    ]
    assert [item["clocks"][1][name] for name in ("soon_at", "urgent_at", "due_at")] == [
        instant(MONDAY + hours * HOUR) for hours in (1, 2, 3)
    ]
    assert item["breach"] == {"metric": "on_site", "due_at": instant(MONDAY + HOUR)}
    assert item["visit"] == {
        "work_order_id": order,
        "engineer_id": engineer,
        "start": instant(MONDAY),
        "end": instant(MONDAY + 3 * HOUR),
        "confirmed": True,
    }
    assert item["last_event"]["type"] in {event.type_name for event in (*TRIAGE, *ours, *CLOCKS)}
    assert await listed(caller, engineer_id=engineer) == [id]
    assert await listed(caller, engineer_id=str(uuid4())) == []


def about_order(event: Event, order: str, engineer: str) -> Event:
    fields = {name: getattr(event, name) for name in event.__struct_fields__} | {"work_order_id": order}
    return type(event)(**fields | ({"engineer_id": engineer} if isinstance(event, CrewAssigned) else {}))


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


async def test_a_ticket_of_which_nothing_is_heard_yet_stands_in_the_queue(caller: Caller) -> None:
    await opened(caller)
    (item,) = (await caller.get("/v1/tickets", stage="none", breached=False, sort="due_at")).json()["items"]
    assert (item["level"], item["stage"], item["clocks"], item["visit"]) == (None, "none", [], None)
    assert item["last_event"] == {"type": "intake.TicketOpened", "occurred_at": item["opened_at"]}


async def test_the_nearest_deadline_comes_first_and_a_page_goes_on_behind_it(caller: Caller) -> None:
    late = await heard(caller, started("on_site", MONDAY + 2 * HOUR))
    none = await heard(caller)
    soon = await heard(caller, started("on_site"))
    assert await listed(caller, sort="due_at") == [soon, late, none]
    assert await listed(caller, sort="-due_at") == [none, late, soon]
    page = (await caller.get("/v1/tickets", sort="due_at", limit=2)).json()
    assert await listed(caller, sort="due_at", cursor=page["next_cursor"]) == [none]


async def test_counts_of_stages_and_levels_equal_the_rows(caller: Caller) -> None:
    missed_one = await heard(caller, *CLOCKS[:4], FaultClassified(ticket_id=T, level=1, maintenance_type="corrective"))
    paused = await heard(caller, *CLOCKS)
    calm = await heard(caller)
    stages = (await caller.get(COUNTS, group_by="stage")).json()["items"]
    assert {item["value"]: item["count"] for item in stages} == {"breached": 1, "paused": 1, "none": 1}
    for filters, expected in (
        ({"stage": ["breached", "warned"]}, [missed_one]),
        ({"stage": ["none", "paused"]}, [calm, paused]),
        ({"level": 1}, [missed_one]),
        ({"breached": True}, [paused, missed_one]),
        ({"breached": False}, [calm]),
    ):
        assert await listed(caller, **filters) == expected, filters
        counted = (await caller.get(COUNTS, group_by="level", **filters)).json()
        assert counted["total"] == len(expected), filters


async def test_a_name_is_for_those_who_need_it_and_gone_with_its_customer(caller: Caller) -> None:
    await opened(caller)
    for role, shown in (("agent", {"name": "王芳"}), ("triage", {"name": "王芳"}), ("engineer", None)):
        caller.as_role(role)
        (item,) = (await caller.get("/v1/tickets")).json()["items"]
        assert item["customer"] == shown
    await caller.inbox.store.pool.execute("DELETE FROM contact")
    caller.as_role("agent")
    (item,) = (await caller.get("/v1/tickets")).json()["items"]
    assert item["customer"] == {"name": None}


async def test_a_look_at_the_queue_is_recorded_once_a_day_for_each_who_looks(caller: Caller) -> None:
    customer = (await opened(caller))["customer_id"]
    for person in ("anna", "anna", "bert"):
        caller.as_person(person, "agent")
        await caller.get("/v1/tickets")
    pool = caller.inbox.store.pool
    assert await pool.fetchval("SELECT count(*) FROM viewed WHERE subject_id = $1", customer) == 2
    await pool.execute("UPDATE viewed SET viewed_at = viewed_at - interval '25 hours'")
    await caller.get("/v1/tickets")
    assert await pool.fetchval("SELECT count(*) FROM viewed") == 3
    looks = await pool.fetch("SELECT fields, route FROM viewed")
    assert {tuple(look) for look in looks} == {('["name"]', "GET /v1/tickets")}
