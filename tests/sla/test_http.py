"""Clocks over HTTP, on a real database: heard, listed, fallen due."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from libs.chassis.identity.auth import ROLES
from libs.events.background.timers import Timers
from libs.events.contracts.dispatch.work_orders import OnSiteArrived, WorkPaused
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.contracts.triage.cases import FaultClassified
from services.sla.clocks.domain.clocks import clocks
from services.sla.timers import fall_due
from tests.caller import Caller

OPENED: dict[str, Any] = {
    "number": "WX20260302-0001",
    "customer_id": str(uuid4()),
    "channel": "phone",
    "kind": "repair",
    "urgency": "normal",
    "summary_id": str(uuid4()),
}


def opened(ticket_id: str) -> TicketOpened:
    return TicketOpened(ticket_id=ticket_id, **OPENED)


def paused(ticket_id: str) -> WorkPaused:
    return WorkPaused(ticket_id=ticket_id, work_order_id=str(uuid4()), reason="waiting_parts")


async def of(caller: Caller, ticket_id: str) -> dict[str, dict[str, Any]]:
    """The clocks of a ticket, by metric."""
    answer = await caller.get("/v1/clocks", ticket_id=ticket_id)
    assert answer.status_code == 200, answer.text
    return {clock["metric"]: clock for clock in answer.json()["items"]}


async def test_an_opened_ticket_has_three_clocks(caller: Caller) -> None:
    ticket = str(uuid4())
    await caller.hears(opened(ticket))
    running = await of(caller, ticket)
    assert {metric: clock["due_at"] for metric, clock in running.items()} == {
        "response": "2026-03-02T13:00:00Z",
        "on_site": "2026-03-03T15:00:00Z",
        "fix": "2026-03-06T09:00:00Z",
    }
    one = await caller.get(f"/v1/clocks/{running['fix']['id']}")
    assert one.json().items() <= running["fix"].items()
    assert one.headers["etag"].startswith(f'"{running["fix"]["version"]}-')


async def test_the_list_can_be_asked_for_what_is_due(caller: Caller) -> None:
    first, second = str(uuid4()), str(uuid4())
    await caller.hears(opened(first), opened(second), paused(second))

    async def asked(**filters: Any) -> set[tuple[str, str]]:
        page = (await caller.get("/v1/clocks", **filters)).json()
        return {(clock["ticket_id"], clock["metric"]) for clock in page["items"]}

    assert await asked(status="paused") == {(second, "fix")}
    assert await asked(status="running", due_before="2026-03-02T14:00:00+00:00") == {
        (first, "response"),
        (second, "response"),
    }
    assert await asked(metric="fix", status="running") == {(first, "fix")}
    assert await asked(breached="true") == set()
    assert await asked(level="3", metric="fix") == {(first, "fix"), (second, "fix")}
    assert await asked(level="1") == set()
    ids = [clock["id"] for clock in (await of(caller, first)).values()]
    assert {ticket for ticket, _ in await asked(id=ids)} == {first}


async def test_the_list_goes_by_deadline_and_a_paused_clock_comes_last(caller: Caller) -> None:
    ticket = str(uuid4())
    await caller.hears(opened(ticket), paused(ticket))
    metrics: list[str] = []
    cursor: dict[str, str] = {}
    while cursor.get("cursor", "") is not None:
        page = (await caller.get("/v1/clocks", sort="due_at", limit="1", **cursor)).json()
        metrics += [clock["metric"] for clock in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert metrics == ["response", "on_site", "fix"]
    down = (await caller.get("/v1/clocks", sort="-due_at", status=["running", "met"])).json()["items"]
    assert [clock["metric"] for clock in down] == ["on_site", "response"]
    counted = (await caller.get("/v1/clocks/counts", group_by="status", ticket_id=ticket)).json()
    assert counted["items"] == [{"value": "paused", "count": 1}, {"value": "running", "count": 2}]
    late = (await caller.get("/v1/clocks/counts", group_by="breached")).json()
    assert late["items"] == [{"value": "false", "count": 3}]


async def test_a_line_says_when_half_and_three_quarters_are_used_up(caller: Caller) -> None:
    ticket = str(uuid4())
    await caller.hears(opened(ticket))
    running = await of(caller, ticket)
    assert {metric: (clock["soon_at"], clock["urgent_at"]) for metric, clock in running.items()} == {
        "response": ("2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z"),
        "on_site": ("2026-03-02T17:00:00Z", "2026-03-03T11:00:00Z"),
        "fix": ("2026-03-04T09:00:00Z", "2026-03-05T09:00:00Z"),
    }
    assert all(clock["remaining_seconds"] < 0 for clock in running.values()), "all of them ran out in that week"
    caller.mail.at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    await caller.hears(FaultClassified(ticket_id=ticket, level=3, maintenance_type="corrective"))
    caller.mail.at = datetime(2026, 3, 4, 13, tzinfo=UTC)
    await caller.hears(paused(ticket))
    later = await of(caller, ticket)
    shown = {
        metric: [clock[name] for name in ("status", "soon_at", "urgent_at", "remaining_seconds")]
        for metric, clock in later.items()
    }
    assert shown["response"] == ["met", None, None, 3 * 3600]
    assert shown["fix"] == ["paused", "2026-03-04T09:00:00Z", None, 16 * 3600]
    assert {metric: clock["pause_reason"] for metric, clock in later.items()} == {
        "response": None,
        "on_site": None,
        "fix": "waiting_parts",
    }


async def test_pages_follow_each_other(caller: Caller) -> None:
    tickets = [str(uuid4()) for _ in range(3)]
    await caller.hears(*map(opened, tickets))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await caller.get("/v1/clocks", limit="4", **cursor)).json()
        seen += [clock["id"] for clock in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 9


async def test_what_falls_due_is_told_and_leaves_no_timer(caller: Caller) -> None:
    ticket = str(uuid4())
    await caller.hears(opened(ticket), paused(ticket))
    store = caller.inbox.store
    timers = Timers(store, fall_due)
    while await timers.fire():
        pass
    now = await of(caller, ticket)
    assert {metric: clock["breached"] for metric, clock in now.items()} == {
        "response": True,
        "on_site": True,
        "fix": False,
    }
    told = [recorded.event.type_name for recorded in await store.read(clocks.stream(ticket))]
    assert told.count("sla.DeadlineApproaching") == told.count("sla.DeadlineBreached") == 2
    assert await store.pool.fetchval("SELECT count(*) FROM timer") == 0
    published = "SELECT count(*) FROM event WHERE key IS NOT NULL AND type IN ('sla.FactHeard', 'sla.ClockJudged')"
    assert await store.pool.fetchval(published) == 0


async def test_facts_before_the_opening_wait_for_it(caller: Caller) -> None:
    ticket = str(uuid4())
    arrived = OnSiteArrived(
        ticket_id=ticket, work_order_id=str(uuid4()), engineer_id=str(uuid4()), location_id=str(uuid4()), accuracy_m=5
    )
    await caller.hears(arrived, FaultClassified(ticket_id=ticket, level=2, maintenance_type="corrective"))
    assert await of(caller, ticket) == {}
    await caller.hears(opened(ticket))
    assert {metric: clock["status"] for metric, clock in (await of(caller, ticket)).items()} == {
        "response": "met",
        "on_site": "met",
        "fix": "running",
    }


async def test_bad_questions_are_problems(caller: Caller) -> None:
    assert (await caller.get(f"/v1/clocks/{uuid4()}")).status_code == 404
    for question in ("status=late", "ticket_id=7", "due_before=soon", "metric=Fix!", "cursor=x", "limit=0"):
        answer = await caller.http.get(f"/v1/clocks?{question}")
        assert answer.status_code == 422, question
        assert answer.headers["content-type"] == "application/problem+json"


async def test_every_role_may_read(caller: Caller) -> None:
    for role in ROLES:
        caller.as_role(role)
        for path in ("/v1/clocks", "/v1/policies", "/v1/calendars", "/v1/reassessments"):
            assert (await caller.get(path)).status_code == 200
    caller.as_role()
    assert (await caller.get("/v1/clocks")).status_code == 403
