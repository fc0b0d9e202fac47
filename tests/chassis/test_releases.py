"""Two releases of a service on one log and one topic: the older one stops nobody, parks nothing, and steps aside."""

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zlib import crc32

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.devstack.databases import Database
from deploy.devstack.process import free_port
from libs.events.transport import wire
from tests.chassis.conftest import LiveIssuer
from tests.conftest import Topics
from tests.servers import Servers

PATIENCE = 120.0


@dataclass
class Release:
    """A release as a process."""

    process: subprocess.Popen[str]
    public: httpx.AsyncClient
    internal: httpx.AsyncClient

    async def post(self, path: str) -> httpx.Response:
        return await self.public.post(path, json={}, headers={"Idempotency-Key": str(uuid4())})

    async def is_ready(self) -> bool:
        try:
            return (await self.internal.get("/health/ready")).status_code == 200
        except httpx.HTTPError:
            assert self.process.poll() is None, self.process.communicate()
            return False


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110  # what we wait for is in other processes
            await asyncio.sleep(0.1)


@dataclass
class Source:
    """A service that is heard: what it publishes, in lanes without a gap."""

    name: str
    bootstrap: str

    async def publish(self, tickets: list[str]) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap)
        await producer.start()
        seqs: dict[int, int] = defaultdict(int)
        partitions = len(await producer.partitions_for(f"{self.name}.events"))
        for ticket in tickets:
            lane = crc32(ticket.encode()) % 16
            seqs[lane] += 1
            now = datetime.now(UTC)
            row = {
                "id": str(uuid4()), "epoch": 1, "type": f"{self.name}.TicketOpened", "schema_version": 1, "lane": lane,
                "seq": seqs[lane], "key": ticket, "occurred_at": now, "recorded_at": now, "correlation_id": None,
                "causation_id": None, "traceparent": None,
            }  # fmt: skip
            value = f'{{"ticket_id":"{ticket}"}}'.encode()
            await producer.send_and_wait(
                f"{self.name}.events",
                value,
                ticket.encode(),
                partition=lane % partitions,
                headers=wire.headers(self.name, row),
            )
        await producer.stop()


Start = Callable[..., Release]


@pytest.fixture
async def source(stack: Servers, topics: Topics) -> Source:
    name = f"source{uuid4().hex[:8]}"
    await topics(name)
    return Source(name, stack.kafka_bootstrap)


@pytest.fixture
async def start(database: Database, issuer: LiveIssuer, source: Source) -> AsyncIterator[Start]:
    begun: list[Release] = []

    def begin(release: int, reads: int = 1) -> Release:
        port, internal = free_port(0), free_port(0)
        environment = {
            **os.environ,
            "RELEASE": str(release),
            "READS": str(reads),
            "SOURCE": source.name,
            "TRIAGE_DATABASE_URL": database.url,
            "TRIAGE_PORT": str(port),
            "TRIAGE_INTERNAL_PORT": str(internal),
            f"{source.name.upper()}_INTERNAL_URL": "http://127.0.0.1:1",
            "KAFKA_BOOTSTRAP_SERVERS": source.bootstrap,
            "ACTOR_KEY": "the key of all tests",
            "OIDC_ISSUER": issuer.url,
            "OIDC_CLIENT_ID": "triage",
            "OIDC_CLIENT_SECRET_FILE": str(issuer.state / "clients" / "triage"),
        }
        process = subprocess.Popen([sys.executable, "-m", "tests.chassis.releases"], env=environment, text=True)
        headers = {"Authorization": f"Bearer {issuer.token('agent')}"}
        clients = [
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{n}", headers=headers, trust_env=False, timeout=30)
            for n in (port, internal)
        ]
        begun.append(Release(process, *clients))
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.wait()
        await one.public.aclose()
        await one.internal.aclose()


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database.url)
    yield opened
    await opened.close()


TAKEN = "SELECT count(*) FROM event WHERE stream = ANY($1) AND causation_id IS NOT NULL"
STUCK = "SELECT (SELECT count(*) FROM parked) + (SELECT count(*) FROM position WHERE stopped IS NOT NULL)"


async def test_a_release_that_cannot_read_its_successors_log_steps_aside(
    start: Start, source: Source, connection: asyncpg.Connection
) -> None:
    old, new = start(1), start(2)
    await until(old.is_ready)
    await until(new.is_ready)
    ids = [(await new.post("/v1/notes")).json()["id"] for _ in range(40)]
    await source.publish(ids)
    streams = [f"note-{id}" for id in ids]

    async def all_heard() -> bool:
        return bool(await connection.fetchval(TAKEN, streams) == len(ids))

    await until(all_heard)
    assert await connection.fetchval(STUCK) == 0
    refused = await old.post(f"/v1/notes/{ids[0]}/more")
    assert (refused.status_code, refused.json()["code"]) == (503, "newer-release")
    assert int(refused.headers["retry-after"]) >= 1
    assert (await old.public.get(f"/v1/notes/{ids[0]}")).status_code == 503
    assert not await old.is_ready()
    assert await new.is_ready()
    assert (await new.public.get(f"/v1/notes/{ids[0]}")).json()["notes"] == 2
    old.process.terminate()
    assert await asyncio.to_thread(old.process.wait, 30) == 0


async def test_a_release_that_reads_what_its_successor_writes_works_beside_it(
    start: Start, source: Source, connection: asyncpg.Connection
) -> None:
    old, new = start(1, reads=2), start(2)
    await until(old.is_ready)
    await until(new.is_ready)
    id = (await new.post("/v1/notes")).json()["id"]
    assert (await old.post(f"/v1/notes/{id}/more")).status_code == 200
    assert (await new.post(f"/v1/notes/{id}/more")).status_code == 200
    assert (await new.post(f"/v1/notes/{id}/closure")).status_code == 200
    assert (await old.public.get(f"/v1/notes/{id}")).json()["notes"] == 4
    versions = await connection.fetch("SELECT schema_version FROM event ORDER BY position")
    assert [row["schema_version"] for row in versions] == [2, 1, 2, 1]
    assert await old.is_ready()
    assert await connection.fetchval(STUCK) == 0
