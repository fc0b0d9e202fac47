"""Rules that change in mid-flight: who gets which, and open tickets that are worked out again on order."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from deploy.devstack.databases import Database
from libs.events.background.jobs import Jobs
from libs.events.contracts.sla.clocks import DeadlineBreached, DeadlineMoved
from libs.events.contracts.triage.cases import RemoteSupportStarted
from libs.events.database.connections import connect
from libs.events.inbox import parking
from libs.events.log.intent import Answer, Intent
from libs.events.log.store import Store
from libs.events.log.unit import Unit
from libs.events.projection.rebuild import rebuild
from services.sla.app import service
from services.sla.clocks.domain.clocks import RulesAdopted, clocks
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import DEMO, LIBRARY
from services.sla.publishing.domain.reassessment import ReassessmentCancelled, reassessments
from services.sla.publishing.reassessment import reassessing
from services.sla.publishing.rules_in_force import Rules
from services.sla.publishing.rules_in_force import rules as service_rules
from services.sla.publishing.view.reassessments import reassessment_view
from services.sla.publishing.view.rules import rule_version_view, rule_view
from tests.caller import Caller, actor_id
from tests.sla.publishing import published, shared, told, written
from tests.sla.test_http import of, opened

DORA = actor_id("dora")
AGES = 5000
"""Hours that nobody here will see the end of."""


async def alone(caller: Caller, **changes: Any) -> None:
    """The policy vip is in force, and no other."""
    await published(caller, written(**changes))
    if (await caller.get("/v1/policies/demo")).json()["in_force"]:
        await told(caller, "/v1/policies/demo/retirement")


async def ticket(caller: Caller, *more: Any) -> str:
    """A ticket that was opened, with what else was told of it."""
    id = str(uuid4())
    await caller.hears(opened(id), *(event(ticket_id=id) for event in more))
    return id


async def ordered(caller: Caller, rule: str = "policies/vip", **filters: Any) -> dict[str, Any]:
    """Dora has open tickets worked out again."""
    caller.as_person("dora", "director")
    return await told(caller, f"/v1/{rule}/reassessment", filters, 202)


async def carried_out(caller: Caller, most: int = 100) -> None:
    """All that is ordered is carried out."""
    worker = Jobs(caller.inbox.store, reassessing)
    while await worker.step(most):
        pass


async def shown(caller: Caller, order: dict[str, Any]) -> dict[str, Any]:
    """How far an order is."""
    answer = await caller.get(f"/v1/reassessments/{order['reassessment_id']}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def said(caller: Caller, ticket_id: str, kind: type[Any]) -> list[Any]:
    """What a ticket's clocks said of one kind."""
    history = await caller.inbox.store.read(clocks.stream(ticket_id))
    return [recorded.event for recorded in history if isinstance(recorded.event, kind)]


async def policies_of(caller: Caller, ticket_id: str) -> set[str]:
    """The policies that a ticket's clocks go by."""
    return {clock["policy"] for clock in (await of(caller, ticket_id)).values()}


async def test_a_new_ticket_gets_what_was_published_and_an_old_one_keeps_its_version(caller: Caller) -> None:
    old = await ticket(caller)
    await alone(caller, within=2)
    new = await ticket(caller)
    await published(caller, written(within=1))
    newest = await ticket(caller)
    assert [await policies_of(caller, id) for id in (old, new, newest)] == [{"demo/1"}, {"vip/1"}, {"vip/2"}]
    assert (await of(caller, newest))["response"]["target_seconds"] == 3600


async def test_an_order_moves_the_deadline_and_says_who_and_why(caller: Caller) -> None:
    await alone(caller, within=AGES)
    id = await ticket(caller)
    before = (await of(caller, id))["response"]
    await published(caller, written(within=2 * AGES))
    order = await ordered(caller)
    assert (order["tickets"], order["id"]) == (1, "vip")
    between = (await of(caller, id))["response"]
    assert between | {"remaining_seconds": before["remaining_seconds"]} == before  # in office hours that runs on
    await carried_out(caller)
    after = (await of(caller, id))["response"]
    assert (after["policy"], after["target_seconds"], after["breached"]) == ("vip/2", 2 * AGES * 3600, False)
    moved = [word for word in await said(caller, id, DeadlineMoved) if word.metric == "response"]
    assert [(word.policy, word.because, word.by) for word in moved] == [("vip/2", "policies vip/2", DORA)]
    assert moved[0].old_deadline.isoformat().replace("+00:00", "Z") == before["due_at"]
    assert moved[0].deadline > moved[0].old_deadline
    progress = await shown(caller, order)
    assert (progress["progress"], progress["changed"], progress["ordered_by"]) == ({"done": 1, "total": 1}, 1, DORA)
    assert (progress["status"], progress["ended_at"] is None, progress["version"]) == ("completed", False, 2)
    assert (progress["kind"], progress["rule"], progress["requested_by"]) == ("policy", "vip", DORA)
    assert (await caller.get("/v1/reassessments", status="completed")).json()["items"] == [progress]
    assert (await caller.get("/v1/reassessments", status="running")).json()["items"] == []


async def test_a_deadline_that_falls_into_the_past_is_breached_by_change(caller: Caller) -> None:
    await alone(caller, within=AGES)
    id = await ticket(caller)
    await published(caller, written(within=1))
    await ordered(caller)
    await carried_out(caller)
    clock = (await of(caller, id))["response"]
    assert (clock["breached"], clock["by_change"]) == (True, True)
    assert {word.by_change for word in await said(caller, id, DeadlineBreached)} == {True}


async def test_a_met_clock_never_changes(caller: Caller) -> None:
    await alone(caller, within=2)
    id = await ticket(caller, RemoteSupportStarted)
    met = (await of(caller, id))["response"]
    assert met["status"] == "met"
    await published(caller, written(within=AGES))
    await ordered(caller)
    await carried_out(caller)
    after = await of(caller, id)
    assert after["response"] == met
    assert after["fix"]["policy"] == "vip/2"


async def test_a_calendar_that_changes_moves_deadlines_too(caller: Caller) -> None:
    await published(caller, shared(), "calendars")
    await alone(caller, within=AGES, calendar="cn-office")
    id = await ticket(caller)
    before = (await of(caller, id))["response"]
    assert before["calendar"] == "cn-office/1"
    await published(caller, shared(holidays=["2026-11-30"]), "calendars")
    await ordered(caller, "calendars/cn-office")
    await carried_out(caller)
    after = (await of(caller, id))["response"]
    assert (after["calendar"], after["policy"]) == ("cn-office/2", "vip/1")
    assert after["due_at"] > before["due_at"]


async def test_an_order_may_be_for_some_tickets_only(caller: Caller) -> None:
    await alone(caller, within=AGES)
    one, two, answered = await ticket(caller), await ticket(caller), await ticket(caller, RemoteSupportStarted)
    await published(caller, written(within=2 * AGES))
    assert (await ordered(caller, ticket_ids=[one]))["tickets"] == 1
    await carried_out(caller)
    assert [await policies_of(caller, id) for id in (one, two)] == [{"vip/2"}, {"vip/1"}]
    assert (await ordered(caller, metric="response"))["tickets"] == 2
    await carried_out(caller)
    assert await policies_of(caller, two) == {"vip/2"}
    assert (await of(caller, answered))["fix"]["policy"] == "vip/1"
    bad = await caller.post("/v1/policies/vip/reassessment", {"metric": "Fix!"})
    assert bad.status_code == 422


async def test_who_goes_by_the_rules_in_force_has_nothing_to_tell(caller: Caller) -> None:
    await alone(caller, within=2)
    id = await ticket(caller)
    before = len(await caller.inbox.store.read(clocks.stream(id)))
    order = await ordered(caller)
    await carried_out(caller)
    assert len(await caller.inbox.store.read(clocks.stream(id))) == before
    progress = await shown(caller, order)
    assert (progress["progress"]["done"], progress["changed"]) == (1, 0)


async def test_an_order_sent_twice_is_one_order(caller: Caller) -> None:
    await alone(caller, within=2)
    key = uuid4().hex
    first = await caller.post("/v1/policies/vip/reassessment", {}, key)
    again = await caller.post("/v1/policies/vip/reassessment", {}, key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert len((await caller.get("/v1/reassessments")).json()["items"]) == 1


class Dying(Store):
    """A process that is killed just before it commits."""

    async def append(self, unit: Unit, source: Any) -> None:
        await super().append(unit, source)
        raise SystemError("killed")


async def test_a_process_that_is_killed_half_way_loses_and_doubles_nothing(caller: Caller) -> None:
    await alone(caller, within=AGES)
    tickets = [await ticket(caller) for _ in range(3)]
    await published(caller, written(within=2 * AGES))
    order = await ordered(caller)
    store = caller.inbox.store
    assert await Jobs(store, reassessing).step(1)
    dying = Dying(store.pool, store.name, store.catalogue, store.views, prepare=store.prepare)
    with pytest.raises(SystemError):
        await Jobs(dying, reassessing).step(1)
    assert (await shown(caller, order))["progress"] == {"done": 1, "total": 3}
    await carried_out(caller, 1)
    for id in tickets:
        assert [adopted.by for adopted in await said(caller, id, RulesAdopted)] == ["", DORA]
        assert len(await said(caller, id, DeadlineMoved)) == 2
    progress = await shown(caller, order)
    assert (progress["progress"]["done"], progress["changed"]) == (3, 3)


async def test_what_was_moved_when_an_order_is_cancelled_stays_moved(caller: Caller) -> None:
    await alone(caller, within=AGES)
    tickets = sorted([await ticket(caller) for _ in range(3)])
    await published(caller, written(within=2 * AGES))
    order = await ordered(caller)
    store = caller.inbox.store
    await Jobs(store, reassessing).step(1)
    assert (await shown(caller, order))["status"] == "running"
    path = f"/v1/reassessments/{order['reassessment_id']}/cancellation"
    for role in ("agent", "auditor", "dispatcher"):
        caller.as_role(role)
        assert (await caller.post(path)).status_code == 403
    caller.as_person("dora", "director")
    assert (await caller.post(path)).json()["status"] == "cancelled"
    await carried_out(caller)
    assert [await policies_of(caller, id) for id in tickets] == [{"vip/2"}, {"vip/1"}, {"vip/1"}]
    ended = await shown(caller, order)
    assert (ended["status"], ended["progress"], ended["changed"]) == ("cancelled", {"done": 1, "total": 3}, 1)
    history = await store.read(reassessments.stream(order["reassessment_id"]))
    assert isinstance(history[-1].event, ReassessmentCancelled)
    assert (await caller.post(path)).status_code == 200


async def test_an_order_that_was_carried_out_is_not_cancelled(caller: Caller) -> None:
    await alone(caller, within=2)
    order = await ordered(caller)
    await carried_out(caller)
    refused = await caller.post(f"/v1/reassessments/{order['reassessment_id']}/cancellation")
    assert (refused.status_code, refused.json()["code"]) == (409, "job-ended")


async def test_workers_share_the_work_and_none_does_it_twice(caller: Caller, database: Database) -> None:
    await alone(caller, within=AGES)
    tickets = [await ticket(caller) for _ in range(5)]
    await published(caller, written(within=2 * AGES))
    order = await ordered(caller)
    pool = await connect(database.url, 4)
    workers = [asyncio.create_task(Jobs(service.store(pool), reassessing).run()) for _ in range(2)]
    async with asyncio.timeout(120):
        while (await shown(caller, order))["status"] != "completed":
            assert not any(worker.done() for worker in workers)
    for worker in workers:
        worker.cancel()
    await asyncio.wait(workers)
    await pool.close()
    for id in tickets:
        assert [adopted.by for adopted in await said(caller, id, RulesAdopted)] == ["", DORA]


async def test_every_process_on_a_database_knows_the_same_rules(caller: Caller) -> None:
    await published(caller, shared(), "calendars")
    await alone(caller, within=2, calendar="cn-office")
    await published(caller, written(within=1, calendar="cn-office"))
    other = Library(policies={DEMO.name: DEMO}, policies_in_force=(DEMO.name,))
    rules, pool = Rules(other), caller.inbox.store.pool
    for known in (rules, service_rules, rules):
        await known.prepare(pool)
    assert (other.policies_in_force, other.calendars_in_force) == (("vip/2",), ("cn-office/1",))
    assert {name: other.policies[name] for name in ("vip/1", "vip/2")} == {
        name: LIBRARY.policies[name] for name in ("vip/1", "vip/2")
    }
    await published(caller, written(within=3, calendar="cn-office"))
    await rules.prepare(pool)
    assert other.policies_in_force == ("vip/3",)


async def test_a_calendar_retired_while_a_policy_takes_it_up_stays_in_force(caller: Caller) -> None:
    await published(caller, shared(), "calendars")
    await published(caller, shared("spare"), "calendars")
    await alone(caller, within=2, calendar="cn-office")
    await told(caller, "/v1/calendars/spare/retirement")
    pool = caller.inbox.store.pool
    await pool.execute("UPDATE rule SET retired = true, state = 'retired' WHERE id = 'calendar/cn-office'")
    assert (await of(caller, await ticket(caller)))["response"]["calendar"] == "cn-office/1"
    assert LIBRARY.calendars_in_force == ("cn-office/1",)


async def test_a_reassessment_that_is_not_there_is_a_problem(caller: Caller) -> None:
    assert (await caller.get(f"/v1/reassessments/{uuid4()}")).status_code == 404


async def test_rules_can_be_rebuilt_from_their_history(caller: Caller, database: Database) -> None:
    await published(caller, shared(), "calendars")
    await alone(caller, within=2, calendar="cn-office")
    await published(caller, written(within=1))
    await ordered(caller)
    owner = await connect(database.owner_url, 3)
    for view in (rule_view, rule_version_view, reassessment_view):
        assert (await rebuild(service.store(owner), view, swap=False)).holds
    await owner.close()


async def test_a_ticket_that_cannot_be_judged_is_parked_and_the_others_go_on(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alone(caller, within=AGES)
    tickets = sorted([await ticket(caller) for _ in range(3)])
    await published(caller, written(within=2 * AGES))
    order = await ordered(caller)
    store, decide = caller.inbox.store, Unit.decide

    async def fails_for_one(unit: Unit, work: Any, intent: Any) -> Any:
        if getattr(work, "stream", "") == clocks.stream(tickets[1]):
            raise KeyError("poison")
        return await decide(unit, work, intent)

    resume = Unit.resume

    async def follow_fails_for_one(unit: Unit, story: Any, do: Any, intent: Any) -> Any:
        if do.stream == clocks.stream(tickets[1]):
            raise KeyError("poison")
        return await resume(unit, story, do, intent)

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "decide", fails_for_one)
        patch.setattr(Unit, "resume", follow_fails_for_one)
        worker = asyncio.create_task(Jobs(store, reassessing).run())
        async with asyncio.timeout(120):
            while (await shown(caller, order))["status"] != "completed":
                assert not worker.done()
        worker.cancel()
        await asyncio.wait([worker])
    (parked,) = await parking.listed(store.pool)
    assert (parked.consumer, parked.key) == ("reassessment:sla", clocks.stream(tickets[1]))
    assert [await policies_of(caller, id) for id in tickets] == [{"vip/2"}, {"vip/1"}, {"vip/2"}]
    operations = service.operations(store, caller.inbox)
    await operations.retry(parked.id, "mended", Intent(), lambda done: Answer(status=200, body="{}"))
    assert await policies_of(caller, tickets[1]) == {"vip/2"}
    assert await parking.listed(store.pool) == []
