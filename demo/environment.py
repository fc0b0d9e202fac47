"""Where the demo runs: the whole product in a data folder of its own, on the virtual clock."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

import asyncpg

from demo.clients import Apis, reached
from demo.clock import VirtualClock, install
from demo.databases import Databases, connected
from demo.incidents import ZONE
from demo.runner import Progress, Runner
from deploy.devstack.badges import Badges
from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import ROOT
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import FIRST_PORT, Supervisor
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES

OWNER = "make demo"
TOKEN_SECONDS = 8 * 3600


@contextmanager
def held_folder() -> Iterator[RunFolder]:
    """The run folder, ours alone and emptied of what an earlier demo left; Trouble beside `make up` or another demo."""
    folder = RunFolder(ROOT / ".run", data="demo")
    with folder.held(OWNER):
        folder.sweep()
        try:
            yield folder
        finally:
            folder.environment_file.unlink(missing_ok=True)
            folder.pid_file("supervisor").unlink(missing_ok=True)


@contextmanager
def everything(
    folder: RunFolder,
    at: datetime,
    tell: Callable[[str], None] = print,
    first_port: int | None = FIRST_PORT,
    durable: bool = True,
) -> Iterator[Supervisor]:
    """Servers, issuer and services, all new, with every clock standing at `at` (aware); see PostgresServer."""
    shutil.rmtree(folder.data)
    folder.data.mkdir()
    folder.pid_file("supervisor").write_text(f"{os.getpid()}\n")
    stack = Stack(folder, durable)
    for server in stack.servers:
        if server.name == "postgres":
            stack.postgres.settings["track_commit_timestamp"] = "on"  # for the end-to-end delay in real time
    with Supervisor(
        stack,
        settings={"DEPARTMENT_TIMEZONE": ZONE},
        after_migration=lambda databases: finish(_set(databases, at)),
        progress=tell,
        first_port=first_port,
    ) as running:
        yield running


async def _set(databases: Mapping[str, Database], at: datetime) -> None:
    """Install the virtual clocks; Trouble if this is no demo's database, for its clock must never be touched."""
    logs = [databases[name] for name in EVENT_SERVICES]
    for database in logs:
        connection = await asyncpg.connect(database.owner_url)
        try:
            used = await connection.fetchval("SELECT EXISTS (SELECT FROM event)")
        finally:
            await connection.close()
        if used:
            raise Trouble(f"database {database.name} of DATABASE_URL is not empty: the demo needs a server of its own")
    await asyncio.gather(*(install(database.owner_url, at) for database in logs))


@asynccontextmanager
async def runner(
    running: Supervisor, window: timedelta, tell: Callable[[Progress], None] = lambda progress: None
) -> AsyncIterator[Runner]:
    """A runner for the running product, connected until the end of the block."""
    async with databases_of(running) as databases, apis_of(running) as apis:
        yield Runner(apis, databases, VirtualClock(databases), window, tell)


@asynccontextmanager
async def databases_of(running: Supervisor) -> AsyncIterator[Databases]:
    """The services' databases, as their owners."""
    urls = {name: running.environment[f"{name.upper()}_OWNER_DATABASE_URL"] for name in EVENT_SERVICES}
    async with connected(urls) as databases:
        yield databases


@asynccontextmanager
async def apis_of(running: Supervisor) -> AsyncIterator[Apis]:
    """The services' APIs, with a token for everybody whom the scenario needs."""
    issuer = Issuer(running.folder.data / "issuer", running.environment["OIDC_ISSUER"])
    urls = {name: running.environment[f"{name.upper()}_URL"] for name in EVENT_SERVICES}
    async with reached(urls, Badges(issuer, TOKEN_SECONDS)) as apis:
        yield apis
