"""The faults: what is killed, stopped, held or cut, for how long, and whose commands that may hinder."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from deploy.devstack.process import Process
from deploy.devstack.supervisor import Supervisor
from libs.services import EVENT_SERVICES
from tests.faults.client import GATEWAY, Clients
from tests.faults.environment import WIRED, Line, Observer
from tests.faults.ledger import Window
from tests.faults.next_release import SERVICE, migrate, next_release

HEAL_SECONDS = 60.0
AIM_SECONDS = 15.0
"""How long a fault waits for work in flight before it strikes anyhow."""

CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


LEADER = """
SELECT client_port FROM pg_locks JOIN pg_stat_activity AS session USING (pid)
WHERE locktype = 'advisory' AND objid = 4711001 AND granted AND session.datname = $1
"""


@dataclass(frozen=True)
class Fault:
    """One fault to come: `kind` in words, `target` the process or service, `seconds` how long it is held or away."""

    kind: str
    target: str
    seconds: float = 0.0

    @property
    def service(self) -> str:
        """The service that it is about, or the server."""
        return self.target.partition(".")[0]

    @property
    def hinders(self) -> frozenset[str]:
        """The services whose commands it may delay, and the gateways where what they stand before may be away.

        Never because of Kafka or the issuer, whose keys are known; nor because one of two processes died, but that the
        gateways know the first of a service. One that is held keeps its locks for a while.
        """
        if self.kind in ("http killed", "worker killed") or self.service in ("kafka", "issuer"):
            return self._before()
        return self._before() | ({self.service} if self.service in EVENT_SERVICES else set(EVENT_SERVICES))

    def _before(self) -> frozenset[str]:
        """The gateways, unless it is about what they do not ask: Kafka, workers, a service's further processes."""
        spared = self.service == "kafka" or self.kind == "worker killed" or self.target.endswith(".http2")
        return frozenset() if spared and self.service != GATEWAY else frozenset([GATEWAY])


@dataclass(frozen=True)
class Held:
    """From the stop of a process to its going on, in monotonic seconds."""

    begin: float
    end: float


@dataclass(frozen=True)
class Struck:
    """A fault that happened: when (monotonic seconds), and what was in flight at that moment, or nothing.

    `held` is how long a process of its target stood still within that time, if one did.
    """

    fault: Fault
    window: Window
    hit: str
    held: Held | None = None


def quick() -> list[Fault]:
    """The troubles, and an upgrade."""
    return [*troubles(), Fault("next release", SERVICE, 15.0)]


def troubles() -> list[Fault]:
    """Processes of each service and both gateways killed, a leader frozen, a line cut, each server and the issuer in
    trouble."""
    return [
        *(Fault("http killed", name) for name in ("intake", "dispatch.http2", "sla", "gateway", "gateway.http2")),
        *(Fault("worker killed", f"{name}.worker1") for name in ("intake", "triage", "sla")),
        *(Fault("worker killed", f"{name}.worker2") for name in ("dispatch", "survey")),
        Fault("leader frozen", "sla", 25.0),
        Fault("line cut", WIRED, 15.0),
        Fault("issuer held", "issuer", 12.0),
        Fault("issuer killed", "issuer"),
        Fault("PostgreSQL killed", "postgres"),
        Fault("Kafka killed", "kafka"),
        Fault("Kafka away", "kafka", 10.0),
        Fault("Kafka held", "kafka", 4.0),
        Fault("connections cut", "postgres"),
    ]


def full() -> list[Fault]:
    """The quick ones twice, and everything for longer: beyond sessions' time-outs, and Kafka away for a minute."""
    return [
        *quick(),
        *troubles(),
        Fault("Kafka away", "kafka", 60.0),
        *(Fault("leader frozen", name, 25.0) for name in ("intake", "triage", "survey")),
        *(Fault("http held", name, 8.0) for name in ("triage", "survey")),
        Fault("PostgreSQL held", "postgres", 12.0),
    ]


class Injector:
    """Strikes, one fault at a time, when there is work in flight that it hits."""

    def __init__(
        self, running: Supervisor, line: Line, clients: Clients, observer: Observer, chance: random.Random
    ) -> None:
        self._running = running
        self._line = line
        self._clients = clients
        self._observer = observer
        self._chance = chance
        self._held: Held | None = None
        self.struck: list[Struck] = []

    async def strike(self, fault: Fault) -> Struck:
        """Aim, strike, and return when the target is back."""
        await asyncio.sleep(self._chance.uniform(0.2, 1.0))
        hit = await self._aim(fault)
        begin, self._held = time.monotonic(), None
        await self._do(fault)
        done = Struck(fault, Window(begin, time.monotonic(), fault.hinders), hit, self._held)
        self.struck.append(done)
        return done

    async def _aim(self, fault: Fault) -> str:
        """Wait for work in flight where it will hurt; what it is, in words."""
        give_up = time.monotonic() + AIM_SECONDS
        while time.monotonic() < give_up:
            backlog = await self._observer.look()
            waiting = (
                ""
                if backlog is None
                else backlog.of(fault.service)
                if fault.service in EVENT_SERVICES
                else backlog.everywhere
            )
            commands = self._commands(fault.service)
            if commands or (waiting and fault.service not in ("issuer", GATEWAY)):
                return ", ".join(filter(None, [f"{commands} commands" if commands else "", waiting]))
            await asyncio.sleep(0.01)
        return ""

    def _commands(self, target: str) -> int:
        flying = self._clients.in_flight
        return flying[target] if target in (*EVENT_SERVICES, GATEWAY) else 0 if target == "kafka" else flying.total()

    async def _do(self, fault: Fault) -> None:
        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "killed": lambda: self._kill(fault.target),
            "held": lambda: self._hold(fault.target, fault.seconds),
            "frozen": lambda: self._freeze(fault),
            "away": lambda: self._take_away(fault),
            "release": lambda: self._upgrade(fault),
            "cut": lambda: self._cut_line(fault) if fault.kind == "line cut" else self._cut(),
        }
        await acts[fault.kind.split()[-1]]()

    async def _kill(self, name: str) -> None:
        """SIGKILL; the supervisor starts it again."""
        process = self._running.process(name)
        pid = process.pid
        process.signal(signal.SIGKILL)
        await self._until(lambda: process.pid != pid, f"{name} to be started again")
        await self._back(process)

    async def _hold(self, name: str, seconds: float, beyond: Callable[[], Awaitable[None]] | None = None) -> None:
        """SIGSTOP, and SIGCONT after a while, and after what is to have happened by then."""
        process = self._running.process(name)
        process.pause()
        begin = time.monotonic()
        try:
            await asyncio.sleep(seconds)
            if beyond:
                await beyond()
        finally:
            self._held = Held(begin, time.monotonic())
            process.resume()
        await self._back(process)

    async def _freeze(self, fault: Fault) -> None:
        """Hold the worker whose relay leads, as a machine does that stands still, until another has sent something."""
        leader = await self._leader(fault.target)
        await self._hold(leader, fault.seconds, lambda: self._sent_by_another(fault.target))

    async def _sent_by_another(self, service: str) -> None:
        """Wait for it: whoever leads now sends what comes from now on, if not before."""
        give_up, before = time.monotonic() + HEAL_SECONDS, await self._sent(service)
        while await self._sent(service) == before and time.monotonic() < give_up:  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # a figure of another process: there is no event

    async def _sent(self, service: str) -> int:
        """How many events its relays have sent."""
        connection = await asyncpg.connect(self._running.environment[f"{service.upper()}_OWNER_DATABASE_URL"])
        try:
            return int(await connection.fetchval("SELECT sum(seq) FROM cursor"))
        finally:
            await connection.close()

    async def _leader(self, service: str) -> str:
        """The process that holds the leader's lock: the one at the other end of that connection."""
        give_up = time.monotonic() + HEAL_SECONDS
        while (leader := await self._leading(service)) is None:
            if time.monotonic() > give_up:
                raise TimeoutError(f"nobody leads {service}")
            await asyncio.sleep(0.2)
        return leader

    async def _leading(self, service: str) -> str | None:
        connection = await asyncpg.connect(self._running.environment["DATABASE_URL"])  # only it sees others' ports
        try:
            port = await connection.fetchval(LEADER, service)
        finally:
            await connection.close()
        for number in range(1, self._running.replicas + 1):
            name = f"{service}.worker{number}"
            sockets = psutil.Process(self._running.process(name).pid).net_connections()
            if any(socket.laddr and socket.laddr.port == port for socket in sockets):
                return name
        return None

    async def _cut_line(self, fault: Fault) -> None:
        """Bytes between the service and PostgreSQL vanish, and nobody is told; its connections never come back."""
        self._line.signal(signal.SIGUSR1)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            self._line.signal(signal.SIGUSR2)
        await self._back(self._running.process(fault.target))

    async def _take_away(self, fault: Fault) -> None:
        """Ended in good order, and started again after a while."""
        await asyncio.to_thread(self._running.take_away, fault.target, Process.end)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            await asyncio.to_thread(self._running.bring_back, fault.target)
        await self._back(self._running.process(fault.target))

    async def _upgrade(self, fault: Fault) -> None:
        """Migrate; one process of each kind becomes the next release and works beside the old one; later all are."""
        tree = await asyncio.to_thread(next_release, self._running.folder.path)
        await migrate(tree, self._running.environment)
        await self._replace([f"{fault.target}.http2", f"{fault.target}.worker2"], tree)
        await asyncio.sleep(fault.seconds)
        await self._replace([fault.target, f"{fault.target}.worker1"], tree)

    async def _replace(self, names: Sequence[str], tree: Path) -> None:
        for name in names:
            await asyncio.to_thread(self._running.take_away, name, Process.end)
            self._running.process(name).root = tree
            await asyncio.to_thread(self._running.bring_back, name)
            await self._back(self._running.process(name))

    async def _cut(self) -> None:
        """All of PostgreSQL's connections, at once."""
        connection = await asyncpg.connect(self._running.environment["DATABASE_URL"])
        try:
            await connection.fetchval(CUT)
        finally:
            await connection.close()

    async def _back(self, process: Process) -> None:
        answers: Callable[[], bool] = process.answers  # type: ignore[attr-defined]  # each kind of ours has it
        await self._until(answers, f"{process.name} to answer again")

    async def _until(self, true: Callable[[], bool], what: str) -> None:
        give_up = time.monotonic() + HEAL_SECONDS
        while not await asyncio.to_thread(true):
            if time.monotonic() > give_up:
                raise TimeoutError(f"waited {HEAL_SECONDS:.0f} s for {what}")
            await asyncio.sleep(0.05)


def hits(struck: Sequence[Struck]) -> int:
    """How many of these found work in flight."""
    return sum(bool(one.hit) for one in struck)
