"""`python -m tests.compose.drill SECRETS`: run in the engine's network, on an installation that is up.

Four losses, each put right by the operator's own steps: a dropped table, PostgreSQL's volume, every topic, and at last
the machine, of which the backups, the secrets and .env are left. Whole tickets come before each and after each; then
stores, topics and views are proved as elsewhere.
"""

import asyncio
import os
import random
import shlex
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from rich.console import Console
from rich.table import Table

from deploy.devstack.process import ROOT
from deploy.setup.profiles import CLUSTER
from libs.services import EVENT_SERVICES
from tests.compose.cluster import Cluster
from tests.compose.containers import docker, write_hosts
from tests.compose.drive import places
from tests.compose.installation import KEYCLOAK, Installation
from tests.compose.keycloak import ENGINEERS, Badges
from tests.compose.load import tell
from tests.compose.people import engineer
from tests.faults.checker import (
    commands_kept,
    commands_recorded,
    lanes_contiguous,
    streams_contiguous,
    topics_hold_lanes,
)
from tests.faults.client import Clients, reached
from tests.faults.effects import effects_once
from tests.faults.environment import Observer
from tests.faults.evidence import Evidence, count, gather
from tests.faults.journey import Journey
from tests.faults.ledger import Acknowledged
from tests.faults.verdict import Check, views_equal_the_fold

TICKETS = 8
"""Before each loss and after it."""
STANZA = ("exec", "--no-TTY", "postgres", "pgbackrest", "--stanza=aftercare")
ARCHIVED_SECONDS = 65.0
"""What is written is archived a minute later at the latest."""
FOLLOWED_SECONDS = 1.0
"""What the second PostgreSQL of a cluster may lack."""
CONTACTS = ("intake", "dispatch", "survey")
"""Who knows people's names and addresses."""
ERASED = """
SELECT (SELECT count(*) FROM text WHERE subject_id = '{0}')
     + (SELECT count(*) FROM contact WHERE id = '{0}' AND name IS NOT NULL)
"""


@dataclass(frozen=True)
class Loss:
    """One loss: how long it took until all was well again, and how many seconds of work were lost with it."""

    what: str
    took: float
    seconds: float
    commands: int


class Drill:
    """Work, losses, restores."""

    def __init__(
        self, installation: Installation, clients: Clients, badges: Badges, seed: int, cluster: Cluster | None
    ) -> None:
        self._installation, self._clients, self._badges, self._seed = installation, clients, badges, seed
        self._cluster = cluster
        self._compose = shlex.split(os.environ["COMPOSE"])
        self._owners = {name: installation.database("owner", name) for name in EVENT_SERVICES}
        self._engineers: list[tuple[str, str]] = []
        self._tickets = 0
        self.losses: list[Loss] = []
        self.checks: list[Check] = []

    async def run(self) -> None:
        """All of it. Raises CalledProcessError where a step of the guide fails."""
        self._engineers = [await engineer(self._clients, self._badges, self._seed, n) for n in range(ENGINEERS)]
        await self._work()
        await self._run("compose", *self._compose, *STANZA, "--type=full", "backup")
        await asyncio.sleep(1)  # pgBackRest goes back to an instant after a backup's end, which it knows to the second
        early = await self._now()
        await self._work()
        await self._dropped_table(early)
        await self._work()
        await self._lost_volume()
        await self._work()
        await self._lost_topics()
        await self._work()
        await self._lost_machine()
        await self._work()

    async def _work(self) -> None:
        """So many tickets from the call to their end, and all news of them everywhere."""
        journeys = []
        for person in self._engineers[:TICKETS]:
            self._tickets += 1
            journeys.append(Journey(self._clients, self._seed, self._tickets, person).live())
        await asyncio.gather(*journeys)
        await self._settled()
        tell(f"{self._tickets} tickets have come to their end")

    async def _settled(self) -> None:
        observer = Observer(self._owners)
        took, left = await observer.drain()
        await observer.close()
        missing = "the databases did not answer" if left is None else left.everywhere
        self.checks.append(Check(f"all had arrived after {took:.1f} s", self._tickets, [missing] if missing else []))

    async def _dropped_table(self, early: datetime) -> None:
        """Dispatch's log is gone: back to a moment that was too early, then to one before that and the last erasure."""
        kept, instant = dict(self._clients.ledger.acknowledged), await self._now()
        await asyncio.sleep(1)
        await self._work()
        erased = await self._erase()
        await self._settled()
        async with self._installation.administrator("dispatch") as administrator:
            await administrator.execute("DROP TABLE event CASCADE")
        lost = datetime.now(UTC)
        await self._restore("--to", early.isoformat())
        await self._lose("a dropped table", kept, lost - instant, lambda: self._restore("--to", instant.isoformat()))
        found = {name: await count(self._owners[name], ERASED.format(erased)) for name in CONTACTS}
        wrong = [f"{number} of what was erased is in {name} again" for name, number in found.items() if number]
        self.checks.append(Check("restored: who was erased since is erased again", len(found), wrong))

    async def _lost_volume(self) -> None:
        """PostgreSQL dies, and its disk with it: what was archived comes back, or what the second one has."""
        before = dict(self._clients.ledger.acknowledged)
        died = time.monotonic()  # nobody works any more: how long it takes to kill it is no work lost
        for arguments in (("kill", "postgres"), ("rm", "--force", "--stop", "postgres")):
            await self._run("compose", *self._compose, *arguments)
        await self._remove("postgres")
        how, most = (["--from-replica"], FOLLOWED_SECONDS) if self._cluster else ([], ARCHIVED_SECONDS)
        await self._come_back("a lost volume", before, died, most, *how)

    async def _lost_machine(self) -> None:
        """Another machine has the backups, the secrets and .env: nothing runs, and Kafka is as empty as PostgreSQL."""
        before = dict(self._clients.ledger.acknowledged)
        died = time.monotonic()
        for arguments in ("kill", "down"):
            await self._run("compose", *self._compose, arguments)
        volumes = await asyncio.to_thread(docker, "volume", "ls", "--quiet", "--filter", f"name={self._project}_")
        await self._remove(*({name.removeprefix(f"{self._project}_") for name in volumes.split()} - {"backups"}))
        await self._come_back("the machine", before, died, ARCHIVED_SECONDS)

    async def _come_back(
        self, what: str, before: Mapping[str, Acknowledged], died: float, most: float, *how: str
    ) -> None:
        """Restore what there is, and forget what was younger: which no more than so many seconds may be."""
        began = time.monotonic()
        await self._restore(*how)
        took = time.monotonic() - began
        evidence = await self._gather()
        there = {row.key for row in evidence.kept}
        missing = [command for key, command in before.items() if key not in there]
        seconds = max((died - command.at for command in missing), default=0.0)
        self._forget(missing)
        self.losses.append(Loss(what, took, seconds, len(missing)))
        wrong = [f"work of {seconds:.0f} s is lost"] if seconds > most else []
        self.checks.append(Check(f"restored: all that was kept of {what}", len(before) - len(missing), wrong))

    async def _remove(self, *volumes: str) -> None:
        await self._run("docker", "docker", "volume", "rm", *(f"{self._project}_{name}" for name in volumes))

    async def _lost_topics(self) -> None:
        """Every topic is gone: they are made again, and the services fill them."""
        admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", **self._installation.kafka)
        await admin.start()
        await admin.delete_topics([name for name in await admin.list_topics() if not name.startswith("_")])
        await admin.close()
        began = time.monotonic()
        workers = [f"{service}-worker" for service in EVENT_SERVICES]
        await self._run("compose", *self._compose, "run", "--rm", "--no-deps", "access")
        await self._run("compose", *self._compose, "restart", *workers)
        await self._run("compose", *self._compose, "up", "--detach", "--wait", "--no-build", *workers)
        await asyncio.to_thread(write_hosts)
        await self._settled()
        self.losses.append(Loss("Kafka's topics", time.monotonic() - began, 0.0, 0))

    async def _lose(
        self, what: str, kept: Mapping[str, Acknowledged], since: timedelta, restore: Callable[[], Awaitable[None]]
    ) -> None:
        """Restore, and forget what came after the instant that was gone back to."""
        acknowledged = self._clients.ledger.acknowledged
        later = [command for key, command in acknowledged.items() if key not in kept]
        began = time.monotonic()
        await restore()
        self.losses.append(Loss(what, time.monotonic() - began, since.total_seconds(), len(later)))
        self._forget(later)
        evidence = await self._gather()
        keys = {row.key for row in evidence.kept}
        wrong = [f"{command.key} is there" for command in later if command.key in keys]
        self.checks.append(Check(f"restored: nothing later is there after {what}", len(later), wrong))

    def _forget(self, commands: list[Acknowledged]) -> None:
        for command in commands:
            del self._clients.ledger.acknowledged[command.key]

    async def _restore(self, *arguments: str) -> None:
        await self._run("restore", sys.executable, "-m", "deploy.restore", *arguments)
        await asyncio.to_thread(write_hosts)

    async def _erase(self) -> str:
        """The customer of a ticket from before, by two managers; their id."""
        found = await self._clients.get("intake", "manager", "/v1/tickets", {"limit": "100"})
        customer = str(found["items"][-1]["customer_id"])
        path, key = f"/v1/customers/{customer}/erasure", f"drill/{self._seed}/erasure"
        await self._clients.command("intake", "manager", path, key, {"reason": "customer_request"})
        await self._clients.command("intake", "manager-2", f"{path}/confirmation", f"{key}/confirmation", {})
        for erasure in (key, f"{key}/confirmation"):
            del self._clients.ledger.acknowledged[erasure]  # the checker knows the commands of tickets alone
        return customer

    async def _now(self) -> datetime:
        async with self._installation.administrator() as administrator:
            found: datetime = await administrator.fetchval("SELECT clock_timestamp()")
            return found

    async def _gather(self) -> Evidence:
        return await gather(self._owners, "kafka:9092", **self._installation.kafka)

    @property
    def _project(self) -> str:
        return self._compose[self._compose.index("--project-name") + 1]

    async def _run(self, what: str, *command: str) -> None:
        tell(f"{what}: {' '.join(command[-5:])}")
        await asyncio.to_thread(subprocess.run, command, cwd=ROOT, check=True)

    async def prove(self) -> None:
        """What has to be true at the end."""
        evidence, acknowledged = await self._gather(), self._clients.ledger.acknowledged
        events = evidence.events
        published = [replace(row, epoch=0) for row in evidence.published]  # an epoch goes on where the last one ended
        sent = [replace(record, epoch=0) for record in evidence.sent]
        self.checks += [
            Check("tickets that came to their end", self._tickets, self._clients.ledger.unfinished),
            Check("answers kept, once", len(acknowledged), commands_kept(acknowledged, evidence.kept)),
            Check("events recorded, once", len(acknowledged), commands_recorded(acknowledged, events)),
            Check("streams without a gap", len(events), streams_contiguous(events)),
            Check("lanes without a gap", len(published), lanes_contiguous(events, published)),
            Check("topics filled again", len(sent), topics_hold_lanes(events, published, sent)),
            Check("every cause had its effect, once", len(events), effects_once(events)),
        ]
        self.checks += await self._cluster.copies() if self._cluster else []
        for name in EVENT_SERVICES:
            self.checks.append(await views_equal_the_fold(name, self._installation.settings(name), ROOT))


async def run(installation: Installation, seed: int, profile: str) -> Drill:
    """Drill and prove."""
    cluster = Cluster(installation) if CLUSTER in profile.split(",") else None
    write_hosts()
    badges = Badges(KEYCLOAK, installation.secrets / "all", installation.ca_file)
    async with reached(places(), badges, random.Random(seed)) as clients:
        drill = Drill(installation, clients, badges, seed, cluster)
        await drill.run()
        await drill.prove()
    return drill


def show(drill: Drill, console: Console) -> None:
    """What was lost and how long it took, and what was proved."""
    losses = Table("lost", "minutes until well", "seconds of work lost", "commands lost", box=None)
    for loss in drill.losses:
        losses.add_row(loss.what, f"{loss.took / 60:.1f}", f"{loss.seconds:.0f}", str(loss.commands))
    console.print(losses)
    for check in drill.checks:
        console.print(f"{'ok    ' if check.holds else 'FAILED'}  {check.name:<66} {check.count:>8,}", highlight=False)
        for wrong in check.wrong[:3]:
            console.print(f"        {wrong}", highlight=False)


def main(argv: list[str], environment: Mapping[str, str]) -> int:
    """The exit status: 0 if every check holds."""
    seed = int(environment.get("SEED") or random.SystemRandom().randrange(1_000_000))
    tell(f"SEED={seed} repeats this run's choices")
    try:
        drill = asyncio.run(run(Installation(Path(argv[0])), seed, environment.get("PROFILE", "")))
    except subprocess.CalledProcessError as failed:
        subprocess.run([*shlex.split(environment["COMPOSE"]), "logs", "--tail", "40"], check=False)
        tell(f"FAILED: a step of the guide ended with status {failed.returncode}: {' '.join(failed.cmd)}")
        return 1
    show(drill, Console(width=120))
    return 0 if all(check.holds for check in drill.checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
