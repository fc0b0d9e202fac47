"""Replays on a real database: asked for over HTTP, carried out by a worker, and nothing else changed."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from libs.events.background.jobs import Jobs
from libs.events.contracts.dispatch.work_orders import OnSiteArrived
from libs.events.contracts.triage.cases import FaultClassified
from libs.events.log.store import NewerLog, Store
from services.sla.replays.worker import Replays
from tests.caller import Caller
from tests.sla.test_domain_what_if import EVERY_DAY, demo, response_within
from tests.sla.test_http import opened

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "what-if.json"
MARCH = {"from": "2026-03-01T00:00:00+08:00", "to": "2026-04-01T00:00:00+08:00"}


def asked(policy: Any = None, **more: Any) -> dict[str, Any]:
    return {"policy": policy or response_within(2), **MARCH, **more}


async def request(caller: Caller, **more: Any) -> str:
    answer = await caller.post("/v1/replays", asked(**more))
    assert (answer.status_code, answer.headers["etag"], answer.json()["status"]) == (202, '"1"', "requested")
    return str(answer.json()["id"])


async def shown(caller: Caller, id: str) -> dict[str, Any]:
    answer = await caller.get(f"/v1/replays/{id}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def classified(ticket_id: str) -> FaultClassified:
    return FaultClassified(ticket_id=ticket_id, level=2, maintenance_type="corrective")


async def tickets(caller: Caller, count: int) -> list[str]:
    """So many tickets, opened and classified at once."""
    ids = [str(uuid4()) for _ in range(count)]
    for id in ids:
        await caller.hears(opened(id), classified(id))
    return ids


async def everything_but_replays(store: Store) -> list[list[tuple[Any, ...]]]:
    """All that a live clock consists of."""
    tables = ("event WHERE stream NOT LIKE 'replay-%'", "clock", "timer", "ticket", "outbox", "parked")
    return [sorted(map(tuple, await store.pool.fetch(f"SELECT * FROM {table}"))) for table in tables]


def worker(store: Store) -> Jobs:
    """A worker of a process of its own."""
    return Jobs(store, Replays())


async def carried_out(store: Store) -> None:
    """Another process does what is left of all that is asked for."""
    jobs = worker(store)
    while await jobs.step():
        pass


async def test_a_replay_says_what_a_draft_would_have_meant_and_touches_no_live_clock(caller: Caller) -> None:
    await tickets(caller, 1)
    await caller.hears(opened(slow := str(uuid4())))
    caller.mail.at += timedelta(hours=3)
    await caller.hears(classified(slow))
    store = caller.inbox.store
    before = await everything_but_replays(store)
    id = await request(caller, policy=response_within(4))
    waiting = await shown(caller, id)
    assert (waiting["status"], waiting["result"], waiting["policies"]) == ("requested", None, ["demo/2"])
    await carried_out(store)
    assert await everything_but_replays(store) == before
    done = await shown(caller, id)
    assert (done["status"], done["version"]) == ("completed", 2)
    assert done["progress"] == {"done": 2, "total": 2}
    result = done["result"]
    whole = next(group for group in result["groups"] if group["metric"] == "response")
    assert (whole["by"], whole["was"]["met_late"], whole["would_be"]["met_late"]) == ("all", 1, 0)
    assert (whole["was"]["clocks"], whole["no_longer_breached"], whole["was"]["max"]) == (2, 1, 3 * 3600)
    (change,) = result["changes"]
    assert (change["ticket_id"], change["was"]["breached"], change["would_be"]["breached"]) == (slow, True, False)
    assert (change["was"]["due_at"], change["would_be"]["due_at"]) == ("2026-03-02T10:00:00Z", "2026-03-02T13:00:00Z")


async def test_a_clock_is_explained_as_the_draft_would_have_it(caller: Caller) -> None:
    await caller.hears(opened(slow := str(uuid4())))
    caller.mail.at += timedelta(hours=3)
    await caller.hears(classified(slow))
    id = await request(caller, policy=response_within(4))
    one = f"/v1/replays/{id}/tickets/{slow}/clocks/response"
    assert (await caller.get(one)).status_code == 404  # nothing came of it yet
    await carried_out(caller.inbox.store)
    explained = (await caller.get(one)).json()
    assert (explained["target"]["policy"], explained["target"]["target_seconds"]) == ("demo/2", 4 * 3600)
    assert (explained["status"], explained["verdict"]["breached"], explained["told"]) == ("met", False, [])
    assert sum(part["counted_seconds"] for part in explained["present"]["segments"]) == 3 * 3600
    (change,) = (await shown(caller, id))["result"]["changes"]
    assert change["would_be"]["due_at"] == explained["deadline"]
    live = (await caller.get(f"/v1/clocks/{explained['id']}/explanation")).json()
    assert (live["target"]["policy"], live["verdict"]["breached"]) == ("demo/1", True)


async def test_what_no_replay_has_a_clock_of_is_missing(caller: Caller) -> None:
    (ticket,) = await tickets(caller, 1)
    id = await request(caller)
    await carried_out(caller.inbox.store)
    for path in (f"{id}/tickets/{ticket}/clocks/painted", f"{id}/tickets/{uuid4()}/clocks/fix"):
        assert (await caller.get(f"/v1/replays/{path}")).status_code == 404
    assert (await caller.get(f"/v1/replays/{uuid4()}/tickets/{ticket}/clocks/fix")).status_code == 404
    caller.as_role("agent")
    assert (await caller.get(f"/v1/replays/{id}/tickets/{ticket}/clocks/fix")).status_code == 403


async def test_it_goes_by_what_was_known_when_it_was_asked_for(caller: Caller) -> None:
    (ticket,) = await tickets(caller, 1)
    id = await request(caller)
    arrived = OnSiteArrived(
        ticket_id=ticket, work_order_id=str(uuid4()), engineer_id=str(uuid4()), location_id=str(uuid4()), accuracy_m=5
    )
    await caller.hears(arrived, opened(str(uuid4())))
    await carried_out(caller.inbox.store)
    groups = (await shown(caller, id))["result"]["groups"]
    on_site = next(group for group in groups if group["metric"] == "on_site")
    assert (on_site["was"]["clocks"], on_site["was"]["open"], on_site["would_be"]["open"]) == (1, 1, 1)


async def test_a_worker_that_is_killed_is_followed_by_another_that_goes_on_where_it_was(caller: Caller) -> None:
    await tickets(caller, 8)
    id, whole, store = await request(caller), await request(caller), caller.inbox.store
    assert await worker(store).step(3)
    killed = asyncio.create_task(worker(Dying(store.pool, store.name, store.catalogue, store.views)).step(3))
    await asyncio.wait([killed])
    assert isinstance(killed.exception(), Killed)
    half = await shown(caller, id)
    assert (half["status"], half["progress"], half["result"]) == ("running", {"done": 3, "total": 8}, None)
    await carried_out(store)
    done, at_once = await shown(caller, id), await shown(caller, whole)
    assert (done["status"], done["result"]["tickets"], done["version"]) == ("completed", 8, 2)
    assert done["result"] == at_once["result"]
    assert await store.pool.fetchval("SELECT count(*) FROM job_part") == 0


class Killed(BaseException):
    """What a SIGKILL is to everything in its way."""


class Dying(Store):
    """A process that is killed when it has read its tickets."""

    def decode(self, type_name: str, version: int, data: bytes | str) -> Any:
        if type_name == "sla.ClockJudged":
            raise Killed
        return super().decode(type_name, version, data)


async def test_one_that_is_cancelled_in_the_middle_ends_there(caller: Caller) -> None:
    await tickets(caller, 8)
    id, store = await request(caller), caller.inbox.store
    await worker(store).step(3)
    cancelled = await caller.post(f"/v1/replays/{id}/cancellation")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    await carried_out(store)
    ended = await shown(caller, id)
    assert (ended["status"], ended["progress"]["done"], ended["ended_at"] is None) == ("cancelled", 3, False)
    assert await store.pool.fetchval("SELECT count(*) FROM job_part") == 0
    again = await caller.post(f"/v1/replays/{id}/cancellation")
    assert (again.status_code, again.json()["version"]) == (200, 2)


async def test_one_that_has_ended_is_not_cancelled(caller: Caller) -> None:
    id = await request(caller)
    await carried_out(caller.inbox.store)
    refused = await caller.post(f"/v1/replays/{id}/cancellation", **{"Accept-Language": "zh-CN"})
    assert (refused.status_code, refused.json()["code"]) == (409, "job-ended")
    assert refused.json()["detail"] == "任务已结束，无可取消。"


async def test_a_draft_that_would_not_end_in_time_is_not_tried(caller: Caller) -> None:
    moment = {"timezone": "UTC", "weekly_hours": {"mon": [["09:00:00", "09:00:01"]]}}
    refused = await caller.post("/v1/replays", asked(policy=response_within(1_000, calendars={"office": moment})))
    assert refused.status_code == 422
    assert "body.policy.targets[0].within" in {error["field"] for error in refused.json()["errors"]}


async def test_a_defect_ends_the_replay_and_not_the_worker(caller: Caller) -> None:
    (ticket,) = await tickets(caller, 1)
    store = caller.inbox.store
    await store.pool.execute(
        "INSERT INTO event (id, stream, version, type, schema_version, data, occurred_at, recorded_at, actor) "
        "SELECT gen_random_uuid(), stream, 99, type, 1, '{}', occurred_at, recorded_at, actor FROM event "
        "WHERE stream = $1 AND version = 2",
        f"clocks-{ticket}",
    )
    id, after = await request(caller), await request(caller, filter={"ticket_id": [str(uuid4())]})
    await by_itself(caller, id, "failed")
    assert (await shown(caller, id))["reason"] == "a defect: UndecodableEvent"
    await by_itself(caller, after, "completed")


async def by_itself(caller: Caller, id: str, status: str) -> None:
    """A worker brings a replay there."""
    task = asyncio.create_task(worker(caller.inbox.store).run())
    async with asyncio.timeout(120):
        while (await shown(caller, id))["status"] != status:
            assert not task.done()
    task.cancel()
    await asyncio.wait([task])


async def test_the_worker_carries_out_what_is_asked_for_by_itself(caller: Caller) -> None:
    await tickets(caller, 1)
    id = await request(caller)
    await by_itself(caller, id, "completed")


async def test_a_filter_narrows_it_down(caller: Caller) -> None:
    first, _ = await tickets(caller, 2)
    id = await request(caller, filter={"ticket_id": [first], "metric": ["fix"], "level": [2], "kind": ["repair"]})
    await carried_out(caller.inbox.store)
    done = await shown(caller, id)
    assert done["filter"] == {"metrics": ["fix"], "tickets": [first], "traits": {"level": [2], "kind": ["repair"]}}
    assert (done["result"]["tickets"], {group["metric"] for group in done["result"]["groups"]}) == (1, {"fix"})


async def test_a_published_version_and_a_calendar_can_be_tried(caller: Caller) -> None:
    await request(caller, policy="demo/1")
    shared = demo(version=2, calendars={"office": "cn-office"})
    id = await request(caller, policy=shared, calendars={"cn-office": {"timezone": "UTC", "weekly_hours": EVERY_DAY}})
    page = (await caller.get("/v1/replays", status="requested", limit="1")).json()
    assert (page["items"][0]["id"], page["items"][0]["calendars"]) == (id, ["cn-office/draft"])
    assert len((await caller.get("/v1/replays", status="requested", cursor=page["next_cursor"])).json()["items"]) == 1
    assert (await caller.get("/v1/replays", status="completed")).json()["items"] == []


async def test_the_documented_example_works(caller: Caller) -> None:
    await tickets(caller, 1)
    answer = await caller.post("/v1/replays", msgspec.json.decode(EXAMPLE.read_bytes()))
    assert answer.status_code == 202, answer.text
    await carried_out(caller.inbox.store)
    assert (await shown(caller, answer.json()["id"]))["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (MARCH, "body.policy"),
        ({**asked(), "to": MARCH["from"]}, "body.to"),
        ({**asked(), "to": "2036-03-01T00:00:00Z"}, "body.to"),
        ({**asked(), "from": "2026-03-01"}, "body.from"),
        ({"policy": response_within(2), "from": MARCH["from"]}, "body.to"),
        (asked("demo"), "body.policy"),
        (asked(7), "body.policy"),
        ({**MARCH, "policy": {}}, "body.policy.document"),
        (asked(demo(targets=[])), "body.policy.targets"),
        (asked(demo(calendars={})), "body.policy.targets[0].calendar"),
        ({**MARCH, "calendars": {"cn-office": {"timezone": "Mars/Base"}}}, "body.calendars.cn-office"),
        ({**MARCH, "calendars": {"CN": {}}}, "body.calendars"),
        (asked(alone="yes"), "body.alone"),
        (asked(filter={"kind": ["magic"]}), "body.filter.kind"),
        (asked(filter={"level": [9]}), "body.filter.level"),
        (asked(filter={"level": ["high"]}), "body.filter.level"),
        (asked(filter={"mood": ["good"]}), "body.filter.mood"),
        (asked(filter={"ticket_id": ["7"]}), "body.filter.ticket_id"),
        (asked(filter={"metric": ["Fix!"]}), "body.filter.metric"),
        (asked(colour="red"), "body.colour"),
        (asked(occurred_at="2999-01-01T00:00:00Z"), "body.occurred_at"),
    ],
)
async def test_a_bad_request_is_told_where(caller: Caller, body: dict[str, Any], field: str) -> None:
    answer = await caller.post("/v1/replays", body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert any(error["field"].startswith(field) for error in answer.json()["errors"]), answer.text
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM event") == 0


async def test_what_is_not_published_is_refused(caller: Caller) -> None:
    for policy in ("demo/9", demo(calendars={"office": "cn-office"})):
        answer = await caller.post("/v1/replays", asked(policy))
        assert (answer.status_code, answer.json()["code"]) == (409, "unknown-rules")


async def test_a_repeated_request_is_one_replay(caller: Caller) -> None:
    first = await caller.post("/v1/replays", asked(), key="k")
    again = await caller.post("/v1/replays", asked(), key="k")
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (202, first.json(), "true")
    assert len((await caller.get("/v1/replays")).json()["items"]) == 1


async def test_only_who_plans_may_try(caller: Caller) -> None:
    id = await request(caller)
    for path in (f"/v1/replays/{uuid4()}", f"/v1/replays/{uuid4()}/cancellation"):
        answer = await (caller.post(path) if path.endswith("cancellation") else caller.get(path))
        assert answer.status_code == 404
    for role in ("agent", "triage", "dispatcher", "engineer", "custodian", "service"):
        caller.as_role(role)
        assert (await caller.post("/v1/replays", asked())).status_code == 403
        assert (await caller.get(f"/v1/replays/{id}")).status_code == 403
    for role in ("manager", "director", "auditor"):
        caller.as_role(role)
        assert (await caller.get("/v1/replays")).status_code == 200


async def test_a_log_that_is_newer_keeps_the_replay(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    await tickets(caller, 1)
    id, store = await request(caller), caller.inbox.store

    def newer(*_: Any) -> Any:
        raise NewerLog("sla.FactHeard 9")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "decode", newer)
        with pytest.raises(NewerLog):
            await worker(store).step()
    assert (await shown(caller, id))["status"] == "running"
    await by_itself(caller, id, "completed")
