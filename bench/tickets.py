"""POST /v1/tickets of the real intake service, against a hand-written endpoint with one insert."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import asyncpg
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row
from bench.load import post
from bench.world import World
from deploy.devstack.databases import Database
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import free_port, wait_until
from deploy.devstack.supervisor import Programme, client_settings

REQUESTS = 1280
READY = "/health/ready"
CUSTOMER = str(uuid7())
BODY = json.dumps(
    {
        "channel": "phone",
        "kind": "repair",
        "customer_id": CUSTOMER,
        "summary": "空调不制冷, 已经两天了, 外机有异响",
        "requirements": "周末上门",
        "urgency": "high",
    }
).encode()
CONTACT = "INSERT INTO contact (id, version, name, phones, address) VALUES ($1, 1, '王芳', '[]', '福州')"


async def tickets(world: World) -> AsyncIterator[Row]:
    """The two rows of POST /v1/tickets, of intake's HTTP role: relay and consumers are another process's."""
    state = world.folder.data / "issuer"
    issuer = Programme("issuer", world.stack, free_port(), "/.well-known/openid-configuration", ())
    issuer.arguments = ("deploy.devstack.issuer", "--port", str(issuer.port), "--state", state)
    async with world.database("intake", "intake") as intake, world.database("bench_peer") as bare:
        await _register_customer(intake)
        with running(issuer, {}):
            settings = {"OIDC_ISSUER": issuer.url, "ACTOR_KEY": world.folder.secret("actor_key")}
            arguments = ["services.intake", "--role", "http"]
            ours = Programme("intake", world.stack, free_port(), READY, arguments, free_port())
            peer = Programme("peer", world.stack, free_port(), READY, ["bench.peer_http"])
            own = {"INTAKE_DATABASE_URL": intake.url, "INTAKE_POOL_SIZE": "10", **ours.ports}
            own |= client_settings("intake", str(state)) | settings
            token = Issuer(state, issuer.url).token("bench", ["agent"], 3600)
            theirs = settings | {"PEER_DATABASE_URL": bare.url, "PEER_PORT": str(peer.port)}
            with running(ours, own), running(peer, theirs):
                for connections, floor, aim in ((32, 0.7, 1.5), (1, 0.7, 1.0)):
                    path = f"POST /v1/tickets, {connections} connections"
                    comparison = Comparison(path, "FastAPI, one insert", floor, aim)
                    side = partial(_side, connections=connections, token=token)
                    yield await comparison.run(partial(side, ours), partial(side, peer))
                await _check(intake)


@contextmanager
def running(programme: Programme, environment: Mapping[str, str]) -> Iterator[None]:
    """The programme, ready, for as long as the block lasts."""
    programme.environment = environment
    programme.begin()
    try:
        wait_until(programme.answers, programme, 60, programme.name)
        yield
    finally:
        programme.end()


async def _side(programme: Programme, connections: int, token: str) -> Measured:
    requests = REQUESTS if connections > 1 else REQUESTS // 4

    def request() -> tuple[dict[str, str], bytes]:
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid7())}, BODY

    return await post(f"{programme.url}/v1/tickets", requests, connections, request)


async def _register_customer(database: Database) -> None:
    connection = await asyncpg.connect(database.url)
    await connection.execute(CONTACT, CUSTOMER)
    await connection.close()


async def _check(database: Database) -> None:
    """Every ticket has its two events, its key and its row."""
    connection = await asyncpg.connect(database.url)
    counts = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM event) / 2 AS events, (SELECT count(*) FROM idempotency) AS keys, "
        "(SELECT count(*) FROM ticket) AS tickets"
    )
    await connection.close()
    if counts is None or len(set(counts.values())) != 1:
        raise AssertionError(f"tickets were lost or doubled: {counts}")
