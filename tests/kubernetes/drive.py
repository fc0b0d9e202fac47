"""`python -m tests.kubernetes.drive FOLDER`: the node and what is tried on it, as the first process of its namespaces.

The overlay `ci` is started by the guide's own commands; then tickets live their lives through the Services while pods
are rolled out, killed and evicted, and stores and topics are read as after a fault run.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from deploy.devstack.folder import RunFolder
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES
from tests.compose.installation import Installation
from tests.compose.keycloak import Badges
from tests.compose.load import Load, Strike, tell
from tests.compose.upgrade import NEXT, SERVICE
from tests.faults.client import Clients, reached
from tests.faults.evidence import gather
from tests.faults.faults import Fault
from tests.faults.report import show
from tests.faults.verdict import Check, Demand, judge
from tests.kubernetes.node import Runtime, node
from tests.kubernetes.reader import Reader
from tests.kubernetes.server import Cluster
from tests.kubernetes.whole import KEYCLOAK_URL, archive, names
from tests.kubernetes.workloads import Guide, Workloads

TICKETS, AT_ONCE = 30, 3
PASSED = "exceeded its progress deadline"


class Drive:
    """What befalls the pods, and what is true of each."""

    def __init__(self, workloads: Workloads, guide: Guide, clients: Clients, reader: Reader) -> None:
        self._workloads, self._guide, self._clients, self._reader = workloads, guide, clients, reader
        self.checks: list[Check] = []
        self._excused: list[str] = []

    def strikes(self) -> list[tuple[Fault, Strike]]:
        """One after the other."""
        return [
            (Fault("eviction", SERVICE), self._step("eviction", self._eviction)),
            (
                Fault("http killed", "intake"),
                self._step("http killed", lambda: self._killed("intake-http"), killed=True),
            ),
            (Fault("worker killed", "triage"), self._step("worker killed", lambda: self._killed("triage-worker"))),
            (Fault("bad release", SERVICE), self._step("a bad release and back", self._bad_release)),
            (Fault("upgrade", SERVICE), self._step("the next release", self._next_release)),
            (Fault("rollout", "all"), self._step("rollout of all", self._rollout)),
        ]

    def _step(self, what: str, step: Callable[[], Awaitable[None]], killed: bool = False) -> Strike:
        """The step, and whether every request was answered the first time meanwhile: none cut off, none above 499.

        `killed`: a process that had requests at that moment, which are sent again.
        """

        async def strike() -> None:
            ledger, reader = self._clients.ledger, self._reader
            answers, lost, failures = ledger.answers, len(ledger.lost_connections), len(ledger.failures)
            read, unread = reader.answers, len(reader.failed)
            try:
                await step()
            except Trouble as trouble:
                self.checks.append(Check(what, 1, [str(trouble)]))
            wrong = [f"{one.service}: {one.status} {one.body}" for one in ledger.failures[failures:]]
            wrong += (cut := ledger.lost_connections[lost:])
            tell(f"{what}: {ledger.answers - answers} commands were answered, {len(wrong)} failed")
            self._excused += cut if killed else []
            if not killed:
                self.checks.append(Check(f"{what}: commands answered the first time", ledger.answers - answers, wrong))
            self.checks.append(
                Check(f"{what}: reads of {SERVICE} answered", reader.answers - read, reader.failed[unread:])
            )

        return strike

    async def _rollout(self) -> None:
        """New pods of everything, of the same image."""
        before = await self._workloads.pods()
        await self._workloads.kubectl("rollout", "restart", "deployment")
        await self._workloads.rolled_out()
        after = await self._workloads.pods()
        self.checks.append(Check("rollout: pods replaced", len(after), sorted(before & after)))
        again = await self._workloads.started_again()
        self.checks.append(Check("rollout: pods that never had to be started again", len(after), again))

    async def _bad_release(self) -> None:
        """The next release without its migrations: its processes refuse to work, and the ones before go on."""
        deployments = [f"deployment/{SERVICE}-{role}" for role in ("http", "worker")]
        before = await self._workloads.ready(SERVICE)
        await self._guide.release_without_migrations(NEXT)
        stopped = [await self._workloads.tried("rollout", "status", name, "--timeout=180s") for name in deployments]
        wrong = [f"{name}: {told}" for name, told in zip(deployments, stopped, strict=True) if PASSED not in told]
        wrong += [f"{name} is not ready" for name in before - await self._workloads.ready(SERVICE)]
        self.checks.append(Check("a bad release stops, and those before go on", len(before), wrong))
        await self._workloads.kubectl("rollout", "undo", *deployments)
        await self._workloads.rolled_out()
        images = await self._workloads.images(SERVICE)
        wrong = [image for image in images if not image.endswith(":dev")]
        self.checks.append(Check("rollout undo: pods of the release before", len(images), wrong))

    async def _next_release(self) -> None:
        """The same by the guide, with its migrations."""
        await self._guide.release(NEXT)
        await self._workloads.rolled_out()
        images = await self._workloads.images(SERVICE)
        wrong = [image for image in images if not image.endswith(f":{NEXT}")]
        self.checks.append(Check("the next release: pods of it", len(images), wrong))

    async def _eviction(self) -> None:
        """One of two goes; the second only when the first is back."""
        first, second = sorted(await self._workloads.ready(SERVICE, "http"))
        went, refused = await self._workloads.evict(first), await self._workloads.evict(second)
        wrong = [f"{first}: {went}"] * bool(went) + [f"{second}: {refused}"] * ("disruption budget" not in refused)
        await self._workloads.evictable(f"{SERVICE}-http")
        again = await self._workloads.evict(second)
        wrong += [f"{second}, later: {again}"] * bool(again)
        await self._workloads.rolled_out()
        self.checks.append(Check("eviction: one goes, the other is refused until it is back", 2, wrong))

    async def _killed(self, deployment: str) -> None:
        """SIGKILL; the kubelet starts it again in its pod."""
        await self._workloads.kill(deployment)
        self.checks.append(Check(f"{deployment} killed: started again and ready", 1, []))

    def uncut(self) -> Check:
        """Connections, at any time, but for those of the process that was killed."""
        ledger = self._clients.ledger
        wrong = list(ledger.lost_connections)
        for excused in self._excused:
            wrong.remove(excused)
        return Check("commands whose connection was not cut", ledger.answers, wrong)


async def run(folder: RunFolder, cluster: Cluster, runtime: Runtime, seed: int) -> list[Check]:
    """Start, strike, judge."""
    workloads = Workloads(cluster, runtime)
    guide = Guide(folder.path / "clone", cluster.kubeconfig)
    tell("the node is ready; the guide's own commands start the overlay ci")
    await guide.first_start()
    checks = await workloads.all_ready()
    installation = Installation(folder.path / "clone/deploy/secrets")
    tell("all is ready")
    badges = Badges(KEYCLOAK_URL, installation.secrets / "all", installation.ca_file)
    places = {name: [f"http://{name}-http:8100"] for name in EVENT_SERVICES}
    async with reached(places, badges, random.Random(seed)) as clients:
        reader = Reader(f"{places[SERVICE][0]}/v1/clocks?limit=1", badges, "agent")
        drive = Drive(workloads, guide, clients, reader)
        load = Load(installation, clients, badges, seed, AT_ONCE)
        reading = asyncio.create_task(reader.read())
        outcome = await load.play(TICKETS, drive.strikes(), lambda _: frozenset())
        reading.cancel()
    tell("all has arrived; the erasures are repeated, then stores and topics are read")
    await guide.repeat_erasures()
    checks.append(await workloads.told_of_erasures())
    owners = {name: installation.database("owner", name) for name in EVENT_SERVICES}
    evidence = await gather(owners, "kafka:9092", **installation.kafka)
    checks += [*drive.checks, drive.uncut(), *judge(outcome, evidence, Demand(6, 6))]
    show(outcome, checks, len(evidence.sent) - len({record.id for record in evidence.sent}))
    return checks


def main(path: str) -> int:
    """The exit status: 0 if every check holds."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = RunFolder(Path(path))
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    tell(f"SEED={seed} repeats this run's choices")
    try:
        with node(folder, archive(folder), names(folder)) as (cluster, runtime):
            try:
                checks = asyncio.run(run(folder, cluster, runtime, seed))
            finally:
                told = cluster.kubectl("get", "pods,jobs,events", "--all-namespaces", "--output", "wide").stdout
                folder.log("kubectl").write_text(told, encoding="utf-8")
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        return 1
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
