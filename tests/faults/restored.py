"""The last fault of a run: survey's database becomes what it was before some tickets, which the others remember.

Nobody can see that in the database: same cluster, same timeline. The others notice that survey's history is another
one and stop its lanes; survey hears again what it has forgotten; an operator resumes, and new tickets come to an end.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

import asyncpg
import httpx

from deploy.devstack.issuer import Issuer
from deploy.devstack.process import Process, wait_until
from deploy.devstack.supervisor import Programme, Supervisor
from tests.faults.checker import lanes_contiguous
from tests.faults.environment import Line, database_urls
from tests.faults.evidence import EventRow, gather, rows
from tests.faults.run import Outcome, run
from tests.faults.verdict import Check, rebuild_settings, views_equal_the_fold

RESTORED = "survey"
PROCESSES = (RESTORED, f"{RESTORED}.http2", f"{RESTORED}.worker1", f"{RESTORED}.worker2")
HEARERS = ("intake", "sla")
TICKETS = 16
"""So many before the restore, which survey forgets, and so many after it."""
NOTICE_SECONDS = 90.0

STOPPED = f"SELECT lane FROM position WHERE source = '{RESTORED}' AND stopped IN ('lost_commits', 'diverged')"
HEADS = (
    "SELECT c.lane, coalesce(max(p.seq), 0) AS seq FROM cursor AS c LEFT JOIN published AS p USING (lane) GROUP BY 1"
)

Heads = Mapping[int, int]


async def restore(running: Supervisor, line: Line, seed: int, tell: Callable[[str], None]) -> list[Check]:
    """Back up, go on, restore, resume, go on; what is true afterwards."""
    kept = await _away(running, lambda: _back_up(running))
    forgotten = await run(running, line, TICKETS, [None], seed + 1, tell)
    lost = await _away(running, lambda: _put_back(running))
    lanes = sorted(lane for lane, seq in lost.items() if seq > kept[lane])
    tell(f"{RESTORED} restored: events of {len(lanes)} lanes are lost")
    stopped = {name: await _noticed(running, name, lanes) for name in HEARERS}
    for name in HEARERS:
        await _resume(running, name, {lane: kept[lane] for lane in stopped[name]})
    tell("resumed by an operator")
    later = await run(running, line, TICKETS, [None], seed + 2, tell)
    return [*_verdict(lanes, stopped, forgotten, later), *await _whole(running)]


async def _away(running: Supervisor, do: Callable[[], Awaitable[Heads]]) -> Heads:
    """Do it while no process of the service runs."""
    for name in PROCESSES:
        await asyncio.to_thread(running.take_away, name, Process.end)
    found = await do()
    for name in PROCESSES:
        await asyncio.to_thread(running.bring_back, name)
    for name in PROCESSES:
        process = running.process(name)
        assert isinstance(process, Programme)
        await asyncio.to_thread(wait_until, process.answers, process, 120, name)
    return found


async def _back_up(running: Supervisor) -> Heads:
    await _administer(running, f"CREATE DATABASE backup TEMPLATE {RESTORED} OWNER {RESTORED}_owner")
    return await _heads(running)


async def _put_back(running: Supervisor) -> Heads:
    """The backup in the database's place; the heads that are lost with it."""
    lost = await _heads(running)
    drop = f"DROP DATABASE {RESTORED} WITH (FORCE)"
    await _administer(running, drop, f"ALTER DATABASE backup RENAME TO {RESTORED}")
    return lost


async def _administer(running: Supervisor, *statements: str) -> None:
    connection = await asyncpg.connect(running.environment["DATABASE_URL"])
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _heads(running: Supervisor) -> Heads:
    return {row["lane"]: row["seq"] for row in await rows(database_urls(running)[RESTORED], HEADS)}


async def _noticed(running: Supervisor, name: str, lanes: Sequence[int]) -> set[int]:
    """The lanes of the restored service that this one has stopped, as soon as all are that lost something."""
    give_up = time.monotonic() + NOTICE_SECONDS
    while True:
        found = {row["lane"] for row in await rows(database_urls(running)[name], STOPPED)}
        if found >= set(lanes) or time.monotonic() > give_up:
            return found
        await asyncio.sleep(0.5)


async def _resume(running: Supervisor, name: str, after: Heads) -> None:
    """What the guide tells an operator to do: go on after the last seq of the backup."""
    issuer = Issuer(running.folder.data / "issuer", running.environment["OIDC_ISSUER"])
    bearer = {"authorization": f"Bearer {issuer.token('role-operator', ['operator'], 600)}"}
    url = running.environment[f"{name.upper()}_URL"]
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        for lane, seq in after.items():
            answer = await http.post(
                f"/v1/operations/lanes/{RESTORED}/{lane}/resume",
                json={"reason": "restored", "after": seq},
                headers={**bearer, "idempotency-key": f"resume/{name}/{lane}"},
            )
            answer.raise_for_status()


def _verdict(lanes: Sequence[int], stopped: Mapping[str, set[int]], forgotten: Outcome, later: Outcome) -> list[Check]:
    missed = [f"{name} did not notice lane {lane}" for name in HEARERS for lane in lanes if lane not in stopped[name]]
    left = later.left.everywhere if later.left else "the databases did not answer"
    stuck = [f"{n} parked or stopped in {name}" for name, n in (later.left.stuck if later.left else {}).items() if n]
    return [
        Check("restored: tickets that it forgot", forgotten.tickets, forgotten.ledger.unfinished),
        Check("restored: lanes that the others stopped", sum(map(len, stopped.values())), missed),
        Check("restored: tickets that came to their end later", later.tickets, later.ledger.unfinished),
        Check("restored: all arrived", later.tickets, [*filter(None, [left]), *stuck]),
    ]


async def _whole(running: Supervisor) -> list[Check]:
    """What it had forgotten it has heard again, once, and its own lanes have no gap."""
    evidence = await gather(database_urls(running), running.environment["KAFKA_BOOTSTRAP_SERVERS"])
    own = [event for event in evidence.events if event.service == RESTORED]
    published = [row for row in evidence.published if row.service == RESTORED]
    fold = await views_equal_the_fold(
        RESTORED, rebuild_settings(RESTORED, running.environment), running.process(RESTORED).root
    )
    return [
        Check("restored: every accepted repair has its callback, once", len(own), _called_once(evidence.events)),
        Check("restored: its lanes have no gap", len(published), lanes_contiguous(own, published)),
        fold,
    ]


def _called_once(events: Sequence[EventRow]) -> list[str]:
    causes = Counter(event.cause for event in events if event.type == "survey.CallbackScheduled")
    accepted = [event.id for event in events if event.type == "dispatch.RepairAccepted"]
    return [f"{causes[id]} callbacks of event {id}" for id in accepted if causes[id] != 1]
