"""Real servers and fresh databases for every test that asks for them.

`stack`        PostgreSQL and Kafka of this run, shared by all workers: their addresses; never stopped by a test
`killable`     both servers for one test alone, with fsync on, to stop and kill
`new_database` gives an empty database of a service, as its migrations leave it (and then its owner, by some SQL)
`database`     one of those, of the service that the test's folder is named after (or the module's SERVICE)
`topics`       makes the topics of services; a test that shares no topic names its services anew
"""

import gc
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.devstack.databases import Database
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from libs.events.transport.kafka import ensure_topics
from tests.databases import Databases, Kind
from tests.servers import Servers, shared_servers

NewDatabase = Callable[..., Awaitable[Database]]
Topics = Callable[..., Awaitable[None]]

settings.register_profile("busy machine", max_examples=100 if os.environ.get("FULL") else 40, deadline=None)
settings.register_profile("few", max_examples=10, deadline=None)
settings.load_profile("busy machine")

os.environ.setdefault("DEPARTMENT_TIMEZONE", "Europe/Stockholm")
"""The policy that ships is told about in the hours of the demo's department, whichever services a test imports."""

OUTER_SERVERS = "AFTERCARE_OUTER_SERVERS"
"""Names the servers' folder of a run of tests for the runs that its own tests start, such as those of mutants."""


SERVERS = frozenset({"stack", "killable", "issuer"})
"""Fixtures that are processes; whoever uses a database or a topic uses one of them."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark who has a server beside it: tests/second_try.py asks for that (ADR 87)."""
    if SERVERS & set(getattr(item, "fixturenames", ())):
        item.add_marker("served")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first, then those of most tests: the last one of a run keeps one worker alone at work."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, -tests[item.path]))


def pytest_collection_finish() -> None:
    """What was imported stays to the end: no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Servers]:
    base = tmp_path_factory.getbasetemp()
    own = (base if worker_id == "master" else base.parent) / "servers"
    with shared_servers(_made(Path(os.environ.get(OUTER_SERVERS, own)))) as servers:
        yield servers


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Stack]:
    with Stack(RunFolder(tmp_path / "run"), environment={}) as own:
        yield own


@pytest.fixture(scope="session")
async def kept_databases(stack: Servers) -> AsyncIterator[Databases]:
    """Those of this worker."""
    found = Databases(stack)
    yield found
    await found.drop()


@pytest.fixture
async def new_database(kept_databases: Databases) -> AsyncIterator[NewDatabase]:
    made: list[tuple[Kind, Database]] = []

    async def make(service: str, beyond: str = "") -> Database:
        made.append(((service, beyond), await kept_databases.take((service, beyond))))
        return made[-1][1]

    yield make
    for kind, database in made:
        kept_databases.give_back(kind, database)


@pytest.fixture
async def database(new_database: NewDatabase, request: pytest.FixtureRequest) -> Database:
    return await new_database(getattr(request.module, "SERVICE", request.path.parent.name))


@pytest.fixture
def topics(stack: Servers) -> Topics:
    async def make(*services: str) -> None:
        await ensure_topics(stack.kafka, services)

    return make


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
