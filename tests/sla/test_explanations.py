"""Explanations, delays and forecasts over HTTP, on a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from libs.chassis.identity.auth import ROLES
from libs.events import AboutTicket
from libs.events.background.timers import Timers
from libs.events.contracts.dispatch.work_orders import (
    CrewAssigned,
    OnSiteArrived,
    RepairCompleted,
    RepairRejected,
    WorkPaused,
    WorkResumed,
)
from libs.events.contracts.triage.cases import FaultClassified, WorkAuthorised
from services.sla.clocks.domain.clock import clock_id
from services.sla.explanations.api import delays
from services.sla.timers import fall_due
from tests.caller import Caller
from tests.sla.test_http import opened

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Nine o'clock in Stockholm, whose office opens at eight."""


def hour(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


async def hears(caller: Caller, *told: tuple[AboutTicket, float]) -> None:
    """The service hears what happened so many hours after Monday morning."""
    assert await caller.inbox.take([caller.mail.letter(event, hour(hours)) for event, hours in told]) == []


async def repaired(caller: Caller) -> str:
    """A ticket of level 2 whose repair waited for parts and was rejected once."""
    ticket, order = str(uuid4()), str(uuid4())
    visit: dict[str, Any] = {"ticket_id": ticket, "work_order_id": order}
    engineer = {**visit, "engineer_id": str(uuid4())}
    await hears(
        caller,
        (opened(ticket), 0),
        (FaultClassified(ticket_id=ticket, level=2, maintenance_type="corrective"), 0.5),
        (WorkAuthorised(ticket_id=ticket, customer_id="c1", job_type="repair", payable=False, skills=["hvac"]), 1),
        (CrewAssigned(**engineer), 2),
        (OnSiteArrived(**engineer, location_id=str(uuid4()), accuracy_m=5), 3),
        (WorkPaused(**visit, reason="waiting_parts"), 4),
        (WorkResumed(**visit), 6),
        (RepairCompleted(**visit, result_id=str(uuid4())), 7),
        (RepairRejected(**visit, reasons_id=str(uuid4())), 8),
        (RepairCompleted(**visit, result_id=str(uuid4())), 25),
    )
    return ticket


async def explained(caller: Caller, ticket: str, metric: str = "fix", **more: str) -> dict[str, Any]:
    answer = await caller.get(f"/v1/clocks/{clock_id(ticket, metric)}/explanation", **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_ledger_adds_up_and_names_events_and_rules(caller: Caller) -> None:
    ticket = await repaired(caller)
    told = await explained(caller, ticket)
    present = told["present"]
    assert [(s["kind"], s["seconds"] / 3600, s["rule"], s["because"]["event"]) for s in present["segments"]] == [
        ("running", 4, "weekly_hours", "intake.TicketOpened"),
        ("paused", 2, "weekly_hours", "dispatch.WorkPaused"),
        ("running", 1, "weekly_hours", "dispatch.WorkResumed"),
        ("stopped", 1, "weekly_hours", "dispatch.RepairCompleted"),
        ("running", 1, "weekly_hours", "dispatch.RepairRejected"),
        ("closed", 14, "outside_hours", "dispatch.RepairRejected"),
        ("running", 2, "weekly_hours", "dispatch.RepairRejected"),
    ]
    assert [s["because"]["reason"] for s in present["segments"] if s["kind"] in ("paused", "stopped")] == [
        "waiting_parts",
        "resolved",
    ]
    assert sum(s["seconds"] for s in present["segments"]) == present["elapsed_seconds"] == 25 * 3600
    assert sum(s["counted_seconds"] for s in present["segments"]) == present["counted_seconds"] == 8 * 3600
    assert present["totals"] == {"running": 8 * 3600, "closed": 14 * 3600, "paused": 2 * 3600, "stopped": 3600}
    clock = (await caller.get(f"/v1/clocks/{told['id']}")).json()
    assert present["counted_seconds"] == clock["counted_seconds"]
    assert (told["status"], told["ahead"], told["earlier"], told["remaining_seconds"]) == ("met", [], [], 8 * 3600)
    assert told["target"] | {"title": {}, "note": "", "sources": []} == {
        "policy": "demo/1",
        "title": {},
        "level": 2,
        "calendar": "demo/1#office",
        "timezone": "Europe/Stockholm",
        "target_seconds": 16 * 3600,
        "sources": [],
        "note": "",
    }


async def test_what_moved_the_deadline_is_told_with_its_reason(caller: Caller) -> None:
    told = await explained(caller, await repaired(caller))
    (moved,) = (word for word in told["told"] if word["type"] == "sla.DeadlineMoved")
    assert moved["because"].startswith("level 2")
    assert (moved["by_event"], moved["target_seconds"]) == ("triage.FaultClassified", 16 * 3600)
    assert moved["old_deadline"] > moved["deadline"]
    assert told["verdict"] == {"breached": False, "breached_then": False, "by_change": False, "provisional": False}


async def test_a_breach_that_was_none_keeps_both_verdicts_and_its_withdrawal(caller: Caller) -> None:
    ticket = str(uuid4())
    await hears(caller, (opened(ticket), 0))
    timers = Timers(caller.inbox.store, fall_due)
    while await timers.fire():
        pass
    assert (await explained(caller, ticket, "response"))["verdict"]["breached"]
    await hears(caller, (FaultClassified(ticket_id=ticket, level=3, maintenance_type="corrective"), 1))
    told = await explained(caller, ticket, "response")
    assert (told["verdict"]["breached"], told["verdict"]["breached_then"], told["status"]) == (False, True, "met")
    assert [word["type"].removeprefix("sla.") for word in told["told"]] == [
        *("ClockStarted", "DeadlineApproaching", "DeadlineBreached", "BreachWithdrawn", "ClockMet"),
    ]
    (withdrawn,) = (word for word in told["told"] if word["type"] == "sla.BreachWithdrawn")
    assert withdrawn["by_event"] == "triage.FaultClassified"


@pytest.mark.requirement("R231")
async def test_whose_time_it_was_adds_up_to_the_clock(caller: Caller) -> None:
    told = await explained(caller, await repaired(caller))
    hours = {share["party"]: share["seconds"] / 3600 for share in told["delays"] if share["seconds"]}
    assert hours == {"triage": 1, "dispatch": 2 + 17, "engineer": 1 + 1, "parts": 2, "customer": 1}
    for one, whole in (("seconds", "elapsed_seconds"), ("working_seconds",) * 2, ("counted_seconds",) * 2):
        assert sum(share[one] for share in told["delays"]) == told["present"][whole]
    assert [turn["party"] for turn in told["turns"]] == [
        *("triage", "dispatch", "dispatch", "engineer", "parts", "engineer", "customer", "dispatch", "customer"),
    ]


async def test_an_open_clock_is_explained_up_to_now_and_ahead_to_its_deadline(caller: Caller) -> None:
    ticket = str(uuid4())
    now: datetime = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    await caller.inbox.take([caller.mail.letter(opened(ticket), now)])
    told = await explained(caller, ticket)
    assert told["status"] == "running"
    assert told["present"]["until"] >= told["present"]["started_at"]
    assert sum(s["counted_seconds"] for s in told["ahead"]) == pytest.approx(told["remaining_seconds"], abs=1e-5)
    assert told["ahead"][-1]["end"] == told["deadline"]
    assert {s["kind"] for s in told["ahead"]} == {"running", "closed"}


async def test_a_paused_clock_has_no_deadline_but_one_if_it_were_resumed_now(caller: Caller) -> None:
    ticket = str(uuid4())
    await hears(
        caller, (opened(ticket), 0), (WorkPaused(ticket_id=ticket, work_order_id=ticket, reason="waiting_access"), 1)
    )
    told = await explained(caller, ticket)
    assert (told["status"], told["deadline"], told["remaining_seconds"]) == ("paused", None, 39 * 3600)
    assert told["if_resumed_now"] == told["ahead"][-1]["end"]


async def test_it_can_be_explained_as_it_was_known_then(caller: Caller) -> None:
    ticket = str(uuid4())
    await hears(caller, (opened(ticket), 0))
    then: datetime = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    await hears(caller, (RepairCompleted(ticket_id=ticket, work_order_id=ticket, result_id=ticket), 3))
    told = await explained(caller, ticket, as_of=then.isoformat())
    assert (told["status"], told["present"]["until"]) == ("running", then.isoformat().replace("+00:00", "Z"))
    assert (await explained(caller, ticket))["status"] == "met"
    early = await caller.get(f"/v1/clocks/{clock_id(ticket, 'fix')}/explanation", as_of="2020-01-01T00:00:00Z")
    assert early.status_code == 404


@pytest.mark.requirement("R231", "R234")
async def test_delays_are_told_over_any_set_and_by_group(caller: Caller) -> None:
    first, second = await repaired(caller), await repaired(caller)
    whole = (await caller.get("/v1/delays", metric="fix")).json()
    one = (await caller.get("/v1/delays", metric="fix", ticket_id=first)).json()
    assert (whole["clocks"], one["clocks"], whole["seconds"]) == (2, 1, 2 * one["seconds"])
    assert sum(share["seconds"] for share in whole["parties"]) == whole["seconds"] == 50 * 3600
    grouped = (await caller.get("/v1/delays", group_by="metric", ticket_id=second)).json()
    assert [(group["value"], group["clocks"]) for group in grouped["groups"]] == [
        ("fix", 1),
        ("on_site", 1),
        ("response", 1),
    ]
    assert sum(group["seconds"] for group in grouped["groups"]) == grouped["seconds"]
    levels = (await caller.get("/v1/delays", group_by="level", breached="false", policy="demo/1")).json()
    assert [group["value"] for group in levels["groups"]] == [2]


async def test_delays_are_of_clocks_that_started_in_a_time(caller: Caller) -> None:
    await repaired(caller)
    asked = {"from": "2026-03-02T08:00:00Z", "to": "2026-03-02T08:00:01Z"}
    assert (await caller.get("/v1/delays", **asked)).json()["clocks"] == 3
    asked = {"from": "2026-03-02T08:00:01Z", "to": "2026-03-03T08:00:00Z"}
    nothing = (await caller.get("/v1/delays", **asked)).json()
    assert (nothing["clocks"], nothing["seconds"], nothing["groups"]) == (0, 0, [])


async def test_too_large_a_set_is_refused(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delays, "MOST", 2)
    await repaired(caller)
    answer = await caller.get("/v1/delays")
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-clocks")


async def test_the_next_breaches_are_told_soonest_first_and_paused_clocks_last(caller: Caller) -> None:
    now: datetime = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    running, paused, late = str(uuid4()), str(uuid4()), str(uuid4())
    letters = [caller.mail.letter(opened(id), now) for id in (running, paused)]
    letters.append(caller.mail.letter(WorkPaused(ticket_id=paused, work_order_id=paused, reason="waiting_parts"), now))
    assert await caller.inbox.take(letters) == []
    await hears(caller, (opened(late), 0))
    forecast = (await caller.get("/v1/clocks/next-breaches")).json()
    assert [clock["metric"] for clock in forecast["items"]] == ["response"] * 2 + ["on_site"] * 2 + ["fix"] * 2
    assert late not in {clock["ticket_id"] for clock in forecast["items"]}
    breaches = [clock["breach_at"] for clock in forecast["items"][:-1]]
    assert breaches == sorted(breaches)
    assert all(clock["breach_at"] >= clock["due_at"] for clock in forecast["items"][:-1])
    listed = {
        clock["id"]: clock for clock in (await caller.get("/v1/clocks", ticket_id=[running, paused])).json()["items"]
    }
    for clock in forecast["items"]:
        told = listed[clock["id"]]
        assert (clock["soon_at"], clock["urgent_at"]) == (told["soon_at"], told["urgent_at"])
        assert clock["status"] == "paused" or clock["soon_at"] < clock["urgent_at"] < clock["due_at"]
    last = forecast["items"][-1]
    assert (last["ticket_id"], last["status"], last["breach_at"], last["due_at"]) == (paused, "paused", None, None)
    assert last["if_resumed_now"] > forecast["now"]
    assert last["remaining_seconds"] == 40 * 3600
    soonest = (await caller.get("/v1/clocks/next-breaches", metric="response", limit="1")).json()["items"]
    assert [clock["metric"] for clock in soonest] == ["response"]
    assert (await caller.get("/v1/clocks/next-breaches", within_seconds="0")).json()["items"] == []


async def test_bad_questions_are_problems(caller: Caller) -> None:
    assert (await caller.get(f"/v1/clocks/{uuid4()}/explanation")).status_code == 404
    backwards = "delays?from=2026-03-03T00:00:00Z&to=2026-03-03T00:00:00Z"
    for question in (
        backwards,
        "delays?from=monday",
        "delays?level=5",
        "delays?group_by=customer",
        "clocks/next-breaches?within_seconds=-1",
        "clocks/next-breaches?limit=0",
        "clocks/7/explanation",
        f"clocks/{uuid4()}/explanation?as_of=then",
        "clocks/stream?after=1:2",
        "clocks/stream?type=sla.Late",
        "clocks/stream?seconds=-1",
    ):
        answer = await caller.http.get(f"/v1/{question}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), question
    assert (await caller.http.get(f"/v1/{backwards}")).json()["code"] == "empty-range"


async def test_every_role_may_read(caller: Caller) -> None:
    ticket = await repaired(caller)
    paths = (
        f"clocks/{clock_id(ticket, 'fix')}/explanation",
        "delays",
        "clocks/next-breaches",
        "clocks/stream?seconds=0",
    )
    for role in ROLES:
        caller.as_role(role)
        assert {(await caller.http.get(f"/v1/{path}")).status_code for path in paths} == {200}
    caller.as_role()
    assert {(await caller.http.get(f"/v1/{path}")).status_code for path in paths} == {403}
