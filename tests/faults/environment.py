"""Where a fault run takes place: a durable stack, an issuer and the five services, in a folder of its own."""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.devstack.badges import Badges
from deploy.devstack.databases import Database
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import Process, clean_environment, free_port
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor
from libs.services import EVENT_SERVICES
from tests.faults.client import GATEWAY, Clients, reached
from tests.faults.signed_in import password_in, session_of

TOKEN_SECONDS = 4 * 3600
LOOK_SECONDS = 5.0
DRAIN_SECONDS = 60.0

AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What says that a database cannot be asked at the moment."""

WHERE_WE_ARE = """
SELECT 'unsealed' AS what, '' AS source, 0 AS lane, count(*) AS seq FROM outbox
UNION ALL
SELECT 'unsent', '', lane, coalesce((SELECT max(seq) FROM published WHERE lane = c.lane), 0) - seq FROM cursor AS c
UNION ALL
SELECT 'head', '', lane, coalesce((SELECT max(seq) FROM published WHERE lane = c.lane), 0) FROM cursor AS c
UNION ALL
SELECT 'position', source, lane, seq FROM position
UNION ALL
SELECT 'stuck', '', 0, (SELECT count(*) FROM parked) + (SELECT count(*) FROM position WHERE stopped IS NOT NULL)
"""


REPLICAS = 2
"""Every service is two processes that answer and two that work."""

WIRED = "dispatch"
"""The service whose processes reach PostgreSQL over a wire that can be cut."""


class Line(Process):
    """The wire between one service and PostgreSQL, as a process."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__("wire", folder)
        self.port = free_port()
        self.server = ""

    def begin(self) -> None:
        """Carry; returns at once."""
        command = [sys.executable, "-m", "tests.faults.wire", str(self.port), self.server]
        self.spawn(command, clean_environment())

    def carry(self, databases: Mapping[str, Database]) -> None:
        """Begin, to where these databases are."""
        self.server = urlsplit(databases[WIRED].url).netloc.rpartition("@")[2]
        self.begin()

    def reached_by(self, service: str, settings: Mapping[str, str]) -> dict[str, str]:
        """The settings of a service's processes: one of them reaches its database over the wire."""
        name = f"{WIRED.upper()}_DATABASE_URL"
        over = settings[name].replace(urlsplit(settings[name]).netloc.rpartition("@")[2], f"127.0.0.1:{self.port}")
        return {name: over} if service == WIRED else {}


@contextmanager
def everything(path: Path, tell: Callable[[str], None]) -> Iterator[tuple[Supervisor, Line]]:
    """Servers, issuer and services in `path`; whatever the environment says, for these are to be killed."""
    folder = RunFolder(path)
    line = Line(folder)
    try:
        with Supervisor(
            Stack(folder, environment={}),
            after_migration=line.carry,
            progress=tell,
            replicas=REPLICAS,
            of_service=line.reached_by,
        ) as running:
            yield running, line
    finally:
        line.end()


@asynccontextmanager
async def clients_of(running: Supervisor, chance: random.Random) -> AsyncIterator[Clients]:
    """Clients of the running services and gateways, with a token for everybody they need."""
    issuer = Issuer(running.folder.data / "issuer", running.environment["OIDC_ISSUER"])
    urls = {name: running.urls(name) for name in (*EVENT_SERVICES, GATEWAY)}
    password = password_in(running.folder.data)

    def sign_in(login: str) -> str:
        return session_of(urls[GATEWAY][0], login, password)

    async with reached(urls, Badges(issuer, TOKEN_SECONDS), chance, sign_in) as clients:
        yield clients


def database_urls(running: Supervisor) -> dict[str, str]:
    """The services' databases, by their owners' addresses."""
    return {name: running.environment[f"{name.upper()}_OWNER_DATABASE_URL"] for name in EVENT_SERVICES}


@dataclass(frozen=True)
class Backlog:
    """What has not arrived everywhere yet: by service, how much waits to be sealed, sent, and applied there."""

    unsealed: Mapping[str, int]
    unsent: Mapping[str, int]
    unapplied: Mapping[str, int]
    stuck: Mapping[str, int]

    def of(self, service: str) -> str:
        """What waits at one service, in words; empty if nothing does."""
        counted = {"unsealed": self.unsealed, "unsent": self.unsent, "unapplied": self.unapplied}
        return ", ".join(f"{found[service]} {what}" for what, found in counted.items() if found[service])

    @property
    def everywhere(self) -> str:
        """What waits at all services, in words; empty if all has arrived."""
        return "; ".join(f"{service}: {words}" for service in self.unsealed if (words := self.of(service)))


class Observer:
    """Looks at the services' databases from outside, on connections of its own."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.urls = urls
        self._connections: dict[str, asyncpg.Connection] = {}

    async def look(self) -> Backlog | None:
        """Where everything is; None while a database cannot be asked."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await asyncio.gather(*(self._ask(name) for name in self.urls))
        except AWAY:
            await self.close()
            return None
        return _backlog(dict(zip(self.urls, found, strict=True)))

    async def drain(self) -> tuple[float, Backlog | None]:
        """Wait until all has arrived, seen twice running; how many seconds that took, and what is left."""
        began, quiet, backlog = time.monotonic(), 0, None
        while quiet < 2 and time.monotonic() < began + DRAIN_SECONDS:
            backlog = await self.look()
            quiet = quiet + 1 if backlog is not None and not backlog.everywhere else 0
            await asyncio.sleep(0.2)
        return time.monotonic() - began, backlog

    async def close(self) -> None:
        """Forget the connections, whatever state they are in."""
        connections, self._connections = self._connections, {}
        for connection in connections.values():
            connection.terminate()

    async def _ask(self, name: str) -> list[asyncpg.Record]:
        if name not in self._connections:
            self._connections[name] = await asyncpg.connect(self.urls[name], timeout=LOOK_SECONDS)
        return await self._connections[name].fetch(WHERE_WE_ARE)


def _backlog(found: Mapping[str, list[asyncpg.Record]]) -> Backlog:
    def total(name: str, what: str) -> int:
        return sum(int(row["seq"]) for row in found[name] if row["what"] == what)

    heads = {(name, row["lane"]): row["seq"] for name, rows in found.items() for row in rows if row["what"] == "head"}
    unapplied = {
        name: sum(heads[row["source"], row["lane"]] - row["seq"] for row in rows if row["what"] == "position")
        for name, rows in found.items()
    }
    counted = {what: {name: total(name, what) for name in found} for what in ("unsealed", "unsent", "stuck")}
    return Backlog(counted["unsealed"], counted["unsent"], unapplied, counted["stuck"])
