"""The command as an operator gives it: the source's feed over HTTP, from another process."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import pytest

from deploy.devstack.databases import Database
from deploy.devstack.process import free_port
from libs.events import Catalogue, Decider
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.database.connections import Pool, connect
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.transport import feed
from services.triage.app import service as triage
from tests.chassis.conftest import LiveIssuer
from tests.conftest import NewDatabase

TICKETS = ["0197a2b4-11d2-7c5e-8000-000000000001", "0197a2b4-11d2-7c5e-8000-000000000002"]


def opened(ticket_id: str) -> TicketOpened:
    return TicketOpened(
        ticket_id=ticket_id,
        number="WX20261122-0001",
        customer_id="c1",
        channel="phone",
        kind="repair",
        urgency="normal",
        summary_id="t1",
    )


tickets: Decider[str, None, TicketOpened] = Decider(
    "ticket",
    Catalogue(TicketOpened),
    None,
    lambda ticket_id, state, at: [opened(ticket_id)],
    lambda state, event: None,
    lambda state: "open",
)


@pytest.fixture
async def intake(new_database: NewDatabase) -> AsyncIterator[tuple[Database, Pool]]:
    """Intake's database, in which two tickets were opened."""
    database = await new_database("intake")
    pool = await connect(database.url, 2)
    store = Store(pool, "intake", tickets.events)
    for id in TICKETS:
        await store.run(tickets.on(id, id), Intent())
    await pool.fetchval("SELECT seal_outbox(100)")
    yield database, pool
    pool.terminate()


@pytest.fixture
def environment(issuer: LiveIssuer, intake: tuple[Database, Pool], database: Database) -> dict[str, str]:
    port, internal_port = free_port(0), free_port(0)
    return {
        **os.environ,
        "INTAKE_DATABASE_URL": intake[0].url,
        "INTAKE_PORT": str(port),
        "INTAKE_INTERNAL_PORT": str(internal_port),
        "INTAKE_INTERNAL_URL": f"http://127.0.0.1:{internal_port}",
        "TRIAGE_DATABASE_URL": database.url,
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "OIDC_ISSUER": issuer.url,
        "OIDC_CLIENT_ID": "triage",
        "OIDC_CLIENT_SECRET_FILE": str(issuer.state / "clients" / "triage"),
        "ACTOR_KEY": "the key of all tests",
    }


@pytest.fixture
def source(environment: dict[str, str]) -> Iterator[None]:
    """Intake as a process that serves its feed."""
    process = subprocess.Popen([sys.executable, "-m", "services.intake", "--role", "http"], env=environment)
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{environment['INTAKE_INTERNAL_URL']}/health/ready", trust_env=False).status_code == 200:
                break
        except httpx.HTTPError:
            assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield
    process.terminate()
    process.wait(30)


@pytest.mark.usefixtures("source")
async def test_a_service_hears_the_past_of_a_type_once(
    environment: dict[str, str], intake: tuple[Database, Pool], pool: Pool
) -> None:
    inbox = triage.inbox(triage.store(pool))
    assert inbox is not None
    deaf = replace(inbox, reactions={type: tell for type, tell in inbox.reactions.items() if type is not TicketOpened})
    await deaf.open()
    lanes = [await feed.entries(intake[1], "intake", lane, 0) for lane in range(16)]
    await deaf.take([feed.message(entry) for entries in lanes for entry in entries])
    await inbox.open()  # what a worker of the release that reacts to it does first

    async def rehear(type_name: str = TicketOpened.type_name) -> tuple[int, str]:
        command = [sys.executable, "-m", "libs.events.inbox.rehear", "triage", type_name]
        run = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, timeout=120
        )
        return run.returncode, (run.stdout + run.stderr).strip().splitlines()[-1]

    cases = "SELECT array_agg(id ORDER BY id) FROM triage_case"
    assert await pool.fetchval(cases) is None
    assert await rehear() == (0, "triage: 2 events intake.TicketOpened were heard for the first time")
    assert await pool.fetchval(cases) == TICKETS
    assert await rehear() == (0, "triage: 0 events intake.TicketOpened were heard for the first time")
    assert await rehear("intake.Nothing") == (1, "triage: nothing here reacts to intake.Nothing")
