"""Two workers of one service share its lanes; how soon one takes over from the other that is killed."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from statistics import median

from aiokafka.admin import AIOKafkaAdminClient
from uuid_utils import uuid7

from bench.comparison import Row
from bench.journey import TICKET
from bench.load import post
from bench.tickets import READY, running
from bench.world import World
from demo.barrier import until
from demo.databases import Databases
from demo.environment import TOKEN_SECONDS, databases_of
from deploy.devstack.badges import Badges
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import Process, free_port, wait_until
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Programme, Supervisor
from libs.services import EVENT_SERVICES

SERVICE = "sla"
"""It has the most to do for each ticket."""
ROUNDS = 3
TICKETS, CONNECTIONS = 64, 32
TAKE_OVER_SECONDS = 15.0
OPENING = json.dumps(TICKET, ensure_ascii=False).encode()

HEADS = "SELECT coalesce(sum(head), 0)::int FROM (SELECT max(seq) AS head FROM published GROUP BY lane) AS h"
WAITING = "SELECT count(*)::int FROM outbox"
HEARD = "SELECT coalesce(sum(seq), 0)::int FROM position WHERE source = 'intake'"


async def workers(world: World) -> AsyncIterator[Row]:
    """The time until nothing waits for a worker that was killed."""
    async with on_trial(world, "workers") as trial:
        seconds = [await trial.take_over() for _ in range(ROUNDS)]
    ratio = TAKE_OVER_SECONDS / median(seconds)
    parts = {"the longest": max(seconds), "the shortest": min(seconds)}
    yield Row("taking over from a killed worker", "15 s", ratio, 1.0, 1.25, ROUNDS, 0.0, parts, "s")


@asynccontextmanager
async def on_trial(world: World, name: str) -> AsyncIterator["Trial"]:
    """Servers of its own in the folder of this name, and intake's http process: nothing else is at work yet."""
    folder = RunFolder(world.folder.path / name)
    with Supervisor(Stack(folder, environment={}), first_port=None) as installation:
        for service in EVENT_SERVICES:
            installation.take_away(service, Process.end)
        async with databases_of(installation) as databases:
            trial = Trial(installation, databases)
            with running(trial.intake, trial.environment("intake", trial.intake)):
                yield trial


@dataclass
class Trial:
    """A service's workers beside intake: an http process, and a relay that runs when it is wanted."""

    installation: Supervisor
    databases: Databases

    def __post_init__(self) -> None:
        issuer = Issuer(self.installation.folder.data / "issuer", self.installation.environment["OIDC_ISSUER"])
        self.token = Badges(issuer, TOKEN_SECONDS)["agent"]
        self.intake = self._programme("intake", "http")

    async def take_over(self) -> float:
        """Seconds from the death of one of two workers until what happened since is heard, and published."""
        with self.relay(), self.workers(2) as pair:
            await self.shared_by(2)
            pair[0].kill()
            killed = time.perf_counter()
            await self.open(TICKETS)
            await until(self.behind, "the other to take over")
            return time.perf_counter() - killed

    def environment(self, service: str, programme: Programme) -> dict[str, str]:
        """The service's own, at ports of this process."""
        own = self.installation.process(service)
        assert isinstance(own, Programme)
        return {**own.environment, **programme.ports}

    def _programme(self, service: str, role: str, number: int = 1) -> Programme:
        arguments = (f"services.{service}", "--role", role)
        stack = self.installation.stack
        return Programme(f"{service}.{role}{number}", stack, free_port(), READY, arguments, free_port())

    @contextmanager
    def relay(self) -> Iterator[None]:
        """Intake's, which sends what waits."""
        relay = self._programme("intake", "worker")
        with running(relay, self.environment("intake", relay)):
            yield

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The same from its start on, whether it is ready or not."""
        relay = self._programme("intake", "worker")
        relay.environment = self.environment("intake", relay)
        relay.begin()
        try:
            yield
        finally:
            relay.end()

    @contextmanager
    def workers(self, number: int) -> Iterator[list[Programme]]:
        """So many, begun side by side."""
        made = [self._programme(SERVICE, "worker", one) for one in range(number)]
        for worker in made:
            worker.environment = self.environment(SERVICE, worker)
            worker.begin()
        try:
            for worker in made:
                wait_until(worker.answers, worker, 120, worker.name)
            yield made
        finally:
            for worker in made:
                worker.end()

    async def open(self, tickets: int) -> None:
        """As many calls as that, over 32 connections."""

        def request() -> tuple[dict[str, str], bytes]:
            return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid7())}, OPENING

        await post(f"{self.intake.url}/v1/tickets", tickets, CONNECTIONS, request)

    async def shared_by(self, number: int) -> None:
        """Return when the group has so many members, each with lanes, by the range assignor."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.installation.stack.kafka_bootstrap)
        await admin.start()

        async def shared() -> str | None:
            (answer,) = await admin.describe_consumer_groups([f"aftercare.{SERVICE}"])
            ((_, _, state, _, assignor, members, *_),) = answer.groups
            complete = state == "Stable" and assignor == "range" and len(members) == number
            return None if complete else f"{len(members)} members, {state} {assignor}"

        try:
            await until(shared, f"{number} workers to share the lanes")
        finally:
            await admin.close()

    async def behind(self) -> str | None:
        """How much waits, None when nothing does."""
        waiting = await self.value("intake", WAITING) + await self.value(SERVICE, WAITING)
        behind = await self.value("intake", HEADS) - await self.value(SERVICE, HEARD)
        return f"{waiting} to be sealed, {behind} to be heard" if waiting or behind else None

    async def value(self, name: str, sql: str) -> int:
        """The number that a service's database answers."""
        return int((await self.databases.rows(name, sql))[0][0])
