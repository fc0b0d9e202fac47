"""What an opened ticket, and a whole repair, costs all processes: CPU and disk, against a monolith written by hand.

CPU time, not the clock: a round begins when all is quiet and ends when everybody has heard everything. What is used at
rest is a row of its own, and taken away: a round lasts longer on a busy machine. The client is not counted.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter

from uuid_utils import uuid7

from bench.comparison import Row
from bench.journey import TICKET, Engineer, Journey, live
from bench.load import post
from bench.meter import Meter
from bench.tickets import READY, running
from bench.world import World
from demo.barrier import settled
from demo.clients import Apis, reached
from demo.environment import TOKEN_SECONDS, apis_of, databases_of
from deploy.devstack.badges import Badges
from deploy.devstack.databases import drop_database, make_databases
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import free_port
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Programme, Supervisor
from libs.services import EVENT_SERVICES

AGAINST = "a monolith by hand"
FLOOR, AIM = 0.1, 0.25
ROUNDS = 3
OPENED, CONNECTIONS = 320, 32
JOURNEYS = 48
REST_SECONDS = 10.0
REST_CPU = 0.5
"""Of a core: what all processes may use while nobody does anything."""
Pair = tuple[Mapping[str, float], Mapping[str, float]]
"""What ours and the peer used in one round, by part."""

OPENING = json.dumps(TICKET, ensure_ascii=False).encode()


@dataclass
class Side:
    """An installation: where it answers, when it has heard all, what it has used, and who mends there."""

    apis: Apis
    url: str
    settled: Callable[[], Awaitable[None]]
    meter: Meter
    engineers: Sequence[Engineer]
    rounds: int = 0
    rest: Mapping[str, float] = field(default_factory=dict)

    async def begin(self) -> None:
        """Engineers are known; `rest` is then what every part uses in a second without anything to do."""
        for engineer in self.engineers:
            await engineer.begin(self.apis)
        await self.settled()
        before = self.meter.cpu_seconds()
        await asyncio.sleep(REST_SECONDS)
        self.rest = _less(self.meter.cpu_seconds(), before, REST_SECONDS)

    async def open(self) -> None:
        """Tickets alone, over 32 connections."""
        token = self.apis.tokens["agent"]

        def request() -> tuple[dict[str, str], bytes]:
            return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid7())}, OPENING

        await post(f"{self.url}/v1/tickets", OPENED, CONNECTIONS, request)

    async def live(self) -> None:
        """Whole repairs, an engineer for each."""
        self.rounds += 1
        await live([Journey(self.apis, engineer, self.rounds) for engineer in self.engineers], self.settled)

    async def used(self, work: Callable[[], Awaitable[None]], operations: int) -> "Used":
        """What one of the operations used, everything that it led to included."""
        await self.settled()
        disk, cpu, begun = await self.meter.bytes(), self.meter.cpu_seconds(), perf_counter()
        await work()
        await self.settled()
        seconds, used = perf_counter() - begun, _less(self.meter.cpu_seconds(), cpu)
        busy = {name: value - self.rest.get(name, 0.0) * seconds for name, value in used.items()}
        return Used(_less(busy, {}, operations), _less(await self.meter.bytes(), disk, operations))


@dataclass(frozen=True)
class Used:
    """What one operation used, by whose it is: CPU seconds and bytes."""

    cpu_seconds: Mapping[str, float]
    bytes: Mapping[str, float]


async def cost(world: World) -> AsyncIterator[Row]:
    """CPU and disk of an opened ticket, and of a whole repair."""
    folder = RunFolder(world.folder.path / "cost")
    with Supervisor(Stack(folder, environment={}), first_port=None) as installation:
        async with _ours(installation) as ours, _peer(world, installation) as peer:
            await ours.begin()
            await peer.begin()
            at_rest = {name: value * 1e3 for name, value in ours.rest.items()} | {
                AGAINST: sum(peer.rest.values()) * 1e3
            }
            for what, operations, work in (("an opened ticket", OPENED, Side.open), ("a repair", JOURNEYS, Side.live)):
                for row in await _compare(what, operations, ours, peer, work):
                    yield row
            ratio = REST_CPU / sum(ours.rest.values())
            yield Row("CPU at rest", "half a core", ratio, 1.0, 2.0, 1, 0.0, at_rest, "ms a second")


async def _compare(
    what: str, operations: int, ours: Side, peer: Side, work: Callable[[Side], Awaitable[None]]
) -> list[Row]:
    """Alternating rounds, of which the first does not count."""
    rounds = []
    for number in range(ROUNDS + 1):
        order = (ours, peer) if number % 2 else (peer, ours)
        used = {side.url: await side.used(partial(work, side), operations) for side in order}
        rounds.append((used[ours.url], used[peer.url]))
    cpu = [(one.cpu_seconds, other.cpu_seconds) for one, other in rounds[1:]]
    disk = [(one.bytes, other.bytes) for one, other in rounds[1:]]
    cpu_us = median(sum(one.values()) for one, _ in cpu) * 1e6
    return [_row(f"CPU of {what}", cpu, cpu_us, "ms", 1e3), _row(f"disk of {what}", disk, cpu_us, "kB", 1e-3)]


def _row(path: str, rounds: Sequence[Pair], cpu_us: float, unit: str, scale: float) -> Row:
    """The median of the rounds' ratios, and of what every part took."""
    ratio = median(sum(peer.values()) / sum(ours.values()) for ours, peer in rounds)
    parts = {name: median(ours.get(name, 0.0) for ours, _ in rounds) * scale for name in sorted(rounds[0][0])}
    parts[AGAINST] = median(sum(peer.values()) for _, peer in rounds) * scale
    return Row(path, AGAINST, ratio, FLOOR, AIM, len(rounds), cpu_us, parts, unit)


def _less(after: Mapping[str, float], before: Mapping[str, float], by: float = 1) -> dict[str, float]:
    return {name: (value - before.get(name, 0.0)) / by for name, value in after.items()}


@asynccontextmanager
async def _ours(installation: Supervisor) -> AsyncIterator[Side]:
    """The five services as the demo has them."""
    stack = installation.stack
    processes = [installation.process(name) for name in EVENT_SERVICES]
    owners = [f"{name}_owner" for name in EVENT_SERVICES]  # who looks whether all is heard
    meter = Meter([*processes, stack.kafka], stack.postgres, EVENT_SERVICES, stack.kafka.data / "log", owners)
    async with apis_of(installation) as apis, databases_of(installation) as databases:
        engineers = [Engineer(number) for number in range(JOURNEYS)]
        yield Side(apis, installation.environment["INTAKE_URL"], partial(settled, databases), meter, engineers)


@asynccontextmanager
async def _peer(world: World, installation: Supervisor) -> AsyncIterator[Side]:
    """The monolith on the other PostgreSQL, with the same issuer."""
    async with AsyncExitStack() as stack:
        made = (await make_databases(world.stack.database_url, ["peer"], world.folder.secret))["peer"]
        stack.push_async_callback(drop_database, world.stack.database_url, "peer")
        programme = Programme("monolith", world.stack, free_port(), READY, ["bench.peer_monolith"])
        issuer = Issuer(installation.folder.data / "issuer", installation.environment["OIDC_ISSUER"])
        environment = {
            "PEER_DATABASE_URL": made.owner_url,
            "PEER_PORT": str(programme.port),
            "OIDC_ISSUER": issuer.url,
            "ACTOR_KEY": installation.folder.secret("actor_key"),
        }
        stack.enter_context(running(programme, environment))
        urls = dict.fromkeys(EVENT_SERVICES, programme.url)
        apis = await stack.enter_async_context(reached(urls, Badges(issuer, TOKEN_SECONDS)))
        meter = Meter([programme], world.stack.postgres, ["peer"])
        yield Side(apis, programme.url, _at_once, meter, [Engineer(number) for number in range(JOURNEYS)])


async def _at_once() -> None:
    """Nothing is on its way in a monolith."""
