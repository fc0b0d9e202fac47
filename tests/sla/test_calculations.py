"""Calculations: what a clock would come to, without a ticket, and why; over HTTP, on a real database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from libs.chassis.identity.auth import ROLES
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.contracts.triage.cases import FaultClassified
from services.sla.calculations.domain import LONGEST_WALK, Due, calculate
from services.sla.calendars.domain.calendar import Pause
from services.sla.policies.domain.duration import Duration
from services.sla.policies.domain.policy import Policy
from services.sla.policies.domain.preset import PRESETS
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import SHIPPED
from tests.caller import Caller

DEMO: Policy = SHIPPED["demo"]
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""9:00 in Stockholm."""
HOUR = timedelta(hours=1)


def due(metric: str, *pauses: Pause, level: int = 2, policy: Policy = DEMO, start: datetime = MONDAY) -> Due:
    """One target of a policy."""
    rules = Library({policy.name: policy}).rulebook((policy.name,), ())
    return next(one for one in calculate(rules, level, start, pauses) if one.candidate.target.metric == metric)


def changed(metric: str, **fields: Any) -> Policy:
    """The demo's policy with another target of this metric."""
    targets = (
        msgspec.structs.replace(target, **fields) if target.metric == metric else target for target in DEMO.targets
    )
    return msgspec.structs.replace(DEMO, targets=tuple(targets))


def test_the_walk_adds_up_to_the_target() -> None:
    found = due("fix", (MONDAY + HOUR, MONDAY + 3 * HOUR))
    steps, walked_to = found.walk()
    assert walked_to is None
    assert steps[0].passage.start == MONDAY
    assert steps[-1].passage.end == found.at
    assert all(one.passage.end == after.passage.start for one, after in pairwise(steps))
    running = [one.passage.end - one.passage.start for one in steps if one.kind == "running"]
    assert sum(running, timedelta()) == found.limit == 16 * HOUR


def test_a_target_that_nothing_pauses_runs_on() -> None:
    pause = (MONDAY, MONDAY + 2 * HOUR)
    assert due("response", pause).at == due("response").at
    assert due("fix", pause).at != due("fix").at


def test_pauses_before_the_start_and_after_the_deadline_count_for_nothing() -> None:
    at = due("fix").at
    assert at is not None
    before, after = (MONDAY - 5 * HOUR, MONDAY), (at, at + 5 * HOUR)
    assert due("fix", before, after).at == at
    assert [one.kind for one in due("fix", before, after).walk()[0]].count("paused") == 0


def test_overlapping_pauses_count_once() -> None:
    one, two = (MONDAY, MONDAY + 2 * HOUR), (MONDAY + HOUR, MONDAY + 3 * HOUR)
    assert due("fix", one, two).at == due("fix", (MONDAY, MONDAY + 3 * HOUR)).at


def test_a_pause_counts_up_to_what_the_target_allows() -> None:
    short = changed("fix", pause_at_most=Duration(1, "hours"))
    long, two = (MONDAY, MONDAY + 3 * HOUR), (MONDAY + 4 * HOUR, MONDAY + 5 * HOUR)
    assert due("fix", long, two, policy=short).at == due("fix", (MONDAY, MONDAY + HOUR)).at


def test_of_a_deadline_years_ahead_a_year_is_explained() -> None:
    far = due("fix", policy=changed("fix", within=Duration(20_000, "hours"), by_level={}))
    steps, walked_to = far.walk()
    assert walked_to == steps[-1].passage.end == MONDAY + LONGEST_WALK


async def calculated(caller: Caller, **question: Any) -> dict[str, Any]:
    """What is answered, by metric."""
    answer = await caller.post("/v1/calculations", {"level": 2, "start": MONDAY.isoformat(), **question})
    assert answer.status_code == 200, answer.text
    return {item["metric"]: item for item in answer.json()["items"]}


async def test_a_calculation_is_due_when_the_clock_of_a_ticket_is(caller: Caller) -> None:
    ticket = str(uuid4())
    opened = TicketOpened(
        ticket_id=ticket,
        number="WX20260302-0001",
        customer_id=str(uuid4()),
        channel="phone",
        kind="repair",
        urgency="normal",
        summary_id=str(uuid4()),
    )
    await caller.hears(opened)
    await caller.hears(FaultClassified(ticket_id=ticket, level=2, maintenance_type="corrective"))
    clocks = {clock["metric"]: clock for clock in (await caller.get("/v1/clocks", ticket_id=ticket)).json()["items"]}
    start = clocks["fix"]["started_at"]
    found = await calculated(caller, start=start)
    assert {metric: item["due_at"] for metric, item in found.items()} == {
        metric: clock["due_at"] for metric, clock in clocks.items()
    }
    assert (found["fix"]["policy"], found["fix"]["calendar"]) == (clocks["fix"]["policy"], clocks["fix"]["calendar"])


async def test_a_preset_is_calculated_before_anybody_drafts_it(caller: Caller) -> None:
    found = await calculated(caller, preset="pp-12a")
    assert list(found) == PRESETS["pp-12a"].metrics
    assert all(item["due_at"] and item["walk"] for item in found.values())


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"policy": "nobody/1"}, "body.policy"),
        ({"preset": "pp-99"}, "body.preset"),
        ({"policy": "demo/1", "preset": "pp-12a"}, "body.preset"),
        ({"level": 5}, "body.level"),
        ({"start": "2026-03-02T09:00:00"}, "body.start"),
        ({"pauses": [{"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:00:00Z"}]}, "body.pauses.0.end"),
        ({"pauses": [{"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"}] * 51}, "body.pauses"),
    ],
)
async def test_what_makes_no_sense_is_said_at_its_field(caller: Caller, question: dict[str, Any], field: str) -> None:
    answer = await caller.post("/v1/calculations", {"level": 2, "start": MONDAY.isoformat(), **question})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_every_preset_is_calculated_or_says_what_it_lacks(caller: Caller) -> None:
    for id, preset in PRESETS.items():
        question = {"preset": id, "level": 1, "start": MONDAY.isoformat()}
        answer = await caller.post("/v1/calculations", question)
        works = preset.policy is not None and not preset.fill_in
        assert answer.status_code == (200 if works else 422), (id, answer.text)


async def test_a_precondition_that_is_none_is_refused_although_nothing_is_changed(caller: Caller) -> None:
    question = {"level": 2, "start": MONDAY.isoformat()}
    answer = await caller.post("/v1/calculations", question, **{"If-Match": ""})
    assert answer.status_code == 400, answer.text


async def test_every_role_may_calculate(caller: Caller) -> None:
    for role in ROLES:
        caller.as_role(role)
        await calculated(caller)
