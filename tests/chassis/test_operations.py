"""What people do to a running service: look at its lanes and at what is parked, resume, retry, discard."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.devstack.databases import Database
from libs.chassis.http.application import VERSION
from libs.chassis.identity.auth import ROLES
from libs.chassis.running.housekeeping import look
from libs.events import AnyRecorded
from libs.events.database.connections import Pool, transact
from libs.events.database.schema import LANES
from libs.events.inbox import parking
from libs.events.inbox.chore import Chore
from libs.events.inbox.parking import Failure
from libs.events.inbox.stop import Stop, stop
from libs.events.log.store import Conflict
from libs.events.metrics import PARKED, STOPPED
from libs.events.transport import wire
from libs.events.transport.wire import Message, Stranger
from tests.chassis import workshop
from tests.chassis.conftest import As, Caller

TICKET = "0197a2b4-11d2-7c5e-8000-0123456789ab"
WHY = {"reason": "张三要求，bug 1234 已修复"}
OPERATIONS = "/v1/operations"


async def park(pool: Pool, events: int, error: str = "ValueError: of 13900000001") -> None:
    ids = [f"0197a2b4-11d2-7c5e-8000-00000000000{n}" for n in range(1, events + 1)]
    async with transact(pool) as connection:
        for n, id in enumerate(ids, 1):
            why = Failure(error, "ValueError at services/triage/reactions.py:1") if n == 1 else None
            await parking.park(connection, "triage", [opened(id, n)], why)


def opened(id: str, seq: int) -> Message:
    now = datetime.now(UTC)
    row = {
        "id": id, "type": "intake.TicketOpened", "schema_version": 1, "key": TICKET, "occurred_at": now, "epoch": 1,
        "recorded_at": now, "correlation_id": None, "causation_id": None, "traceparent": None, "lane": 3, "seq": seq,
    }  # fmt: skip
    headers = {name: value.decode() for name, value in wire.headers("intake", row)}
    data = b'{"ticket_id": "%s", "number": "WX20261123-0001", "channel": "phone", "kind": "repair", ' % TICKET.encode()
    data += b'"customer_id": "c", "summary_id": "s", "requirements_id": null, "urgency": "normal"}'
    return wire.message(headers, data)


async def halt(pool: Pool, why: Stop) -> None:
    """The lane 3 of intake stands at 7, and is stopped."""
    await pool.execute(
        "INSERT INTO position (consumer, source, lane, epoch, seq, event_id) VALUES ('triage', 'intake', 3, 1, 7, $1)",
        str(uuid4()),
    )
    await stop(pool, "triage", ("intake", 3), why)


async def recorded(pool: Pool, type: str) -> list[tuple[str, str, bool]]:
    """The events of this type: stream, reason in words, and whether anybody else may hear of it."""
    rows = await pool.fetch(
        "SELECT e.stream, t.body, e.key IS NOT NULL AS published FROM event AS e "
        "JOIN text AS t ON t.id = e.data->>'reason_id' WHERE e.type = $1 ORDER BY e.position",
        f"operations.{type}",
    )
    return [tuple(row) for row in rows]


async def listed(reader: Caller, **query: Any) -> list[dict[str, Any]]:
    answer = await reader.get(f"{OPERATIONS}/parked", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


ROUTES = [
    ("GET", "lanes"),
    ("GET", "parked"),
    ("GET", "parked/1"),
    ("POST", "lanes/intake/3/resume"),
    ("POST", "parked/1/retry"),
    ("POST", "parked/1/discard"),
]


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_operators_do_and_auditors_look_and_nobody_else(role: str, method: str, path: str, caller: As) -> None:
    who = caller(role)
    url = f"{OPERATIONS}/{path}"
    answer = await (who.post(url, WHY) if method == "POST" else who.get(url))
    allowed = {"operator", "auditor"} if method == "GET" else {"operator"}
    assert (answer.status_code == 403) == (role not in allowed), answer.text


async def test_lanes_show_how_far_they_are_and_why_one_stopped(caller: As, pool: Pool) -> None:
    await halt(pool, Stop("newer_schema", "post.X version 2", "intake.X", 2))
    await pool.execute("INSERT INTO position (consumer, source, lane, epoch, seq) VALUES ('triage', 'intake', 2, 1, 9)")
    stopped, fine = (await caller("auditor").get(f"{OPERATIONS}/lanes")).json()["items"]
    assert fine == {"source": "intake", "lane": 2, "epoch": 1, "seq": 9, "stopped": None}
    assert (stopped["lane"], stopped["seq"]) == (3, 7)
    why = stopped["stopped"]
    assert (why["kind"], why["reason"]) == ("newer_schema", "post.X version 2")
    assert (why["type"], why["type_version"]) == ("intake.X", 2)
    assert datetime.fromisoformat(why["since"]).tzinfo is not None


async def test_lanes_say_how_far_the_services_own_are_published_and_which_version_it_is(caller: As, pool: Pool) -> None:
    await pool.execute("INSERT INTO published (lane, seq, position, epoch) VALUES (3, 1, 1, 1), (3, 2, 2, 1)")
    told = (await caller("operator").get(f"{OPERATIONS}/lanes")).json()
    assert told["version"] == VERSION
    assert told["published"] == [{"lane": lane, "epoch": 1, "seq": 2 * (lane == 3)} for lane in range(LANES)]


async def test_an_operator_lets_a_stopped_lane_go_on_and_it_is_recorded_with_the_reason(caller: As, pool: Pool) -> None:
    await halt(pool, Stop("diverged", "another id"))
    operator = caller("operator")
    answer = await operator.post(f"{OPERATIONS}/lanes/intake/3/resume", WHY, key="once")
    assert (answer.status_code, answer.json()) == (200, {"id": "intake.3", "version": 1, "status": "resumed"})
    assert (await operator.post(f"{OPERATIONS}/lanes/intake/3/resume", WHY, key="once")).json() == answer.json()
    row = await pool.fetchrow("SELECT seq, event_id, stopped, stopped_at, stopped_because FROM position WHERE lane = 3")
    assert tuple(row or ()) == (7, None, None, None, None)
    assert await recorded(pool, "LaneResumed") == [("lane-intake.3", WHY["reason"], False)]
    again = await operator.post(f"{OPERATIONS}/lanes/intake/3/resume", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "lane-not-stopped")


@pytest.mark.parametrize(
    ("why", "after", "seq"),
    [
        (Stop("lost_commits", "", resume_after=4), None, 4),
        (Stop("lost_commits", "", resume_after=4), 2, 2),
        (Stop("diverged", ""), 0, 0),
        (Stop("diverged", ""), None, 7),
        (Stop("epidemic", ""), None, 7),
    ],
)
async def test_where_a_lane_goes_on(why: Stop, after: int | None, seq: int, caller: As, pool: Pool) -> None:
    await halt(pool, why)
    answer = await caller("operator").post(f"{OPERATIONS}/lanes/intake/3/resume", {**WHY, "after": after})
    assert answer.status_code == 200, answer.text
    row = await pool.fetchrow("SELECT seq, event_id IS NULL FROM position WHERE lane = 3")
    assert tuple(row or ()) == (seq, why.kind != "epidemic")


@pytest.mark.parametrize(
    ("why", "after", "code"),
    [
        (Stop("diverged", ""), 8, "events-skipped"),
        (Stop("epidemic", ""), 3, "nothing-to-choose"),
        (Stop("newer_schema", "", "intake.TicketOpened", 99), None, "newer-release-needed"),
    ],
)
async def test_a_lane_that_would_lose_events_is_not_resumed(
    why: Stop, after: int | None, code: str, caller: As, pool: Pool
) -> None:
    await halt(pool, why)
    answer = await caller("operator").post(f"{OPERATIONS}/lanes/intake/3/resume", {**WHY, "after": after})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await pool.fetchval("SELECT stopped FROM position WHERE lane = 3") == why.kind
    assert await recorded(pool, "LaneResumed") == []


async def test_a_lane_that_nobody_hears_is_404(caller: As) -> None:
    answer = await caller("operator").post(f"{OPERATIONS}/lanes/nobody/3/resume", WHY)
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "why", "other": 1}])
async def test_nothing_is_done_without_a_reason(body: dict[str, Any], caller: As, pool: Pool) -> None:
    await park(pool, 1)
    for path in ("lanes/intake/3/resume", "parked/1/retry", "parked/1/discard"):
        assert (await caller("operator").post(f"{OPERATIONS}/{path}", body)).status_code == 422
    assert len(await listed(caller("operator"))) == 1


async def test_an_operation_needs_an_idempotency_key(caller: As, pool: Pool) -> None:
    await park(pool, 1)
    operator = caller("operator")
    answer = await operator.http.post(f"{OPERATIONS}/parked/1/discard", json=WHY, headers=operator.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


async def test_parked_events_are_listed_and_explained_without_personal_data(caller: As, pool: Pool) -> None:
    await park(pool, 3)
    auditor = caller("auditor")
    page = (await auditor.get(f"{OPERATIONS}/parked", params={"limit": 2})).json()
    assert len(page["items"]) == 2
    more = {"limit": 2, "cursor": page["next_cursor"]}
    rest = (await auditor.get(f"{OPERATIONS}/parked", params=more)).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
    first = page["items"][0]
    assert (first["type"], first["key"], first["seq"]) == ("intake.TicketOpened", TICKET, 1)
    assert (first["consumer"], first["defect"]) == ("triage", "ValueError at services/triage/reactions.py:1")
    assert "13900000001" not in first["error"]
    assert (await auditor.get(f"{OPERATIONS}/parked/{first['id']}")).json() == first
    assert (await auditor.get(f"{OPERATIONS}/parked", params={"cursor": "x"})).status_code == 422


async def test_parked_events_are_found_by_source_key_and_type(caller: As, pool: Pool) -> None:
    await park(pool, 2)
    auditor = caller("auditor")
    for query in ({"source": "intake"}, {"key": TICKET}, {"type": "intake.TicketOpened"}):
        assert len(await listed(auditor, **query)) == 2
    for query in ({"source": "dispatch"}, {"key": "other"}, {"type": "intake.TicketClosed"}):
        assert await listed(auditor, **query) == []
    assert (await auditor.get(f"{OPERATIONS}/parked", params={"key": "a\0b"})).status_code == 422


@pytest.mark.parametrize("id", [999, 2**63 - 1])
async def test_an_unknown_parked_event_is_404(id: int, caller: As) -> None:
    operator = caller("operator")
    assert (await operator.get(f"{OPERATIONS}/parked/{id}")).status_code == 404
    for verb in ("retry", "discard"):
        assert (await operator.post(f"{OPERATIONS}/parked/{id}/{verb}", WHY)).status_code == 404
    assert (await operator.get(f"{OPERATIONS}/parked/{2**63}")).status_code == 422


async def test_a_retry_applies_all_of_the_key_and_is_recorded_once(caller: As, pool: Pool) -> None:
    await park(pool, 2)
    operator = caller("operator")
    first, _ = await listed(operator)
    path = f"{OPERATIONS}/parked/{first['id']}/retry"
    answers = await asyncio.gather(*(operator.post(path, WHY, key="once") for _ in range(4)))
    done = [answer for answer in answers if answer.status_code == 200]
    assert done, [answer.text for answer in answers]
    assert {answer.status_code for answer in answers} <= {200, 409, 503}
    assert done[0].json() == {"id": str(first["id"]), "version": 1, "status": "retried", "retried": 2}
    assert (await operator.post(path, WHY, key="once")).json() == done[0].json()
    assert (await operator.post(path, WHY)).status_code == 404
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    assert await pool.fetchval("SELECT count(*) FROM event WHERE stream = $1", f"job-{TICKET}") == 1
    assert await recorded(pool, "EventRetried") == [(f"parked-{first['id']}", WHY["reason"], False)]


def failing(caller: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """From now on every reaction of the service raises this."""

    def fail(heard: AnyRecorded) -> Any:
        raise error

    transport: Any = caller.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    app: Any = transport.app
    monkeypatch.setattr(app.state.inbox, "reactions", dict.fromkeys(workshop.service().reactions, fail))


async def test_a_retry_that_fails_again_leaves_it_parked_and_counts(
    caller: As, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await park(pool, 1)
    operator = caller("operator")
    failing(operator, monkeypatch, ValueError("still of 13900000001"))
    (row,) = await listed(operator)
    answer = await operator.post(f"{OPERATIONS}/parked/{row['id']}/retry", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "still-failing")
    assert "13900000001" not in answer.text
    assert await pool.fetchval("SELECT attempts FROM parked") == 2
    assert await recorded(pool, "EventRetried") == []
    assert await pool.fetchval("SELECT count(*) FROM text") == 0


async def test_a_retry_that_lost_a_race_is_503_and_keeps_the_first_error(
    caller: As, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await park(pool, 1)
    operator = caller("operator")
    failing(operator, monkeypatch, Conflict("somebody else was first"))
    (row,) = await listed(operator)
    answer = await operator.post(f"{OPERATIONS}/parked/{row['id']}/retry", WHY)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert await listed(operator) == [row]


async def test_a_discarded_event_is_gone_and_its_record_says_what_it_was(caller: As, pool: Pool) -> None:
    await park(pool, 1)
    operator = caller("operator", subject="olga")
    (row,) = await listed(operator)
    answer = await operator.post(f"{OPERATIONS}/parked/{row['id']}/discard", WHY)
    assert (answer.status_code, answer.json()["status"]) == (200, "discarded")
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    assert await recorded(pool, "EventDiscarded") == [(f"parked-{row['id']}", WHY["reason"], False)]
    data = await pool.fetchval("SELECT data->>'event_id' FROM event WHERE type = 'operations.EventDiscarded'")
    assert data == row["event_id"]


async def test_what_has_no_envelope_can_only_be_discarded(caller: As, pool: Pool) -> None:
    await parking.park_stranger(pool, "triage", Stranger("intake.events/0/7"))
    operator = caller("operator")
    (row,) = await listed(operator)
    answer = await operator.post(f"{OPERATIONS}/parked/{row['id']}/retry", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-retriable")
    assert (await operator.post(f"{OPERATIONS}/parked/{row['id']}/discard", WHY)).status_code == 200


async def test_parked_and_stopped_are_gauges(caller: As, pool: Pool) -> None:
    await park(pool, 2)
    await halt(pool, Stop("diverged", ""))
    async with transact(pool) as connection:
        await parking.park_chore(connection, "triage", Chore("timer", TICKET, {}), Failure("E", "E at x:1"))
    await look(pool, None)
    assert PARKED.labels("triage")._value.get() == 2
    assert PARKED.labels("timer:triage")._value.get() == 1
    assert STOPPED.labels("diverged")._value.get() == 1
    await pool.execute("DELETE FROM parked")
    await look(pool, None)
    assert [sample for metric in PARKED.collect() for sample in metric.samples] == []


async def test_a_release_that_cannot_read_its_own_log_answers_503_and_is_not_ready(
    caller: As, database: Database
) -> None:
    agent = caller("agent")
    id = await agent.opened()
    assert (await agent.http.get("/health/ready")).status_code == 200
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("UPDATE event SET schema_version = schema_version + 1")
    await owner.close()
    now = datetime.now(UTC).isoformat()
    answer = await agent.get(f"/v1/jobs/{id}", params={"as_of": now})
    assert (answer.status_code, answer.json()["code"]) == (503, "newer-release")
    assert answer.headers["retry-after"] == "1"
    ready = await agent.http.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "the log is newer than this release")
