"""One service's HTTP process on a database of its own, and the issuer whose tokens it believes."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

import pytest

from deploy.devstack.databases import Database, copy_database, drop_database
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.process import free_port, wait_until
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Programme
from libs.chassis.identity.auth import ROLES
from tests.http.api import Api
from tests.http.seeds import seeding
from tests.servers import Servers


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return RunFolder(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="session")
def issuer(folder: RunFolder) -> Iterator[Issuer]:
    """The development issuer as a process, and its key in hand."""
    state, port = folder.data / "issuer", free_port()
    arguments = ("deploy.devstack.issuer", "--port", str(port), "--state", state)
    with _running(Programme("issuer", Stack(folder, environment={}), port, "/jwks", arguments), {}) as programme:
        yield Issuer(state, programme.url)


@pytest.fixture(scope="module")
async def database(stack: Servers, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of the module's service."""
    name = request.module.service.name
    yield await copy_database(stack.database_url, stack.template(name), f"http_{name}_{request.module.__name__[-8:]}")
    await drop_database(stack.database_url, f"http_{name}_{request.module.__name__[-8:]}")


@pytest.fixture(scope="module")
def process(
    database: Database, folder: RunFolder, issuer: Issuer, request: pytest.FixtureRequest
) -> Iterator[Programme]:
    """The process of the module's service."""
    name, stack = request.module.service.name, Stack(folder, environment={})
    arguments = (f"services.{name}", "--role", "http")
    programme = Programme(name, stack, free_port(), "/health/ready", arguments, free_port())
    settings = {
        f"{name.upper()}_DATABASE_URL": database.url,
        **programme.ports,
        "OIDC_ISSUER": issuer.url,
        "ACTOR_KEY": "the key of all tests",
    }
    with _running(programme, settings) as service:
        yield service


@pytest.fixture(scope="module")
def url(process: Programme) -> str:
    """Where the process of the module's service answers."""
    return process.url


@pytest.fixture(scope="module")
async def api(url: str, database: Database, issuer: Issuer, request: pytest.FixtureRequest) -> Api:
    """The module's service with what the module seeds it with; at the end a quarter of all calls were carried out."""
    async with seeding(request.module.service, database.url) as seeded:
        known = await request.module.seed(seeded)
    return Api(url, issuer.token("schemathesis", sorted(ROLES), 3600), known, request.module.service.refusals.fields)


@contextmanager
def _running(programme: Programme, settings: Mapping[str, str]) -> Iterator[Programme]:
    programme.environment = settings
    programme.begin()
    try:
        wait_until(programme.answers, programme, 120, programme.name)
        yield programme
    finally:
        programme.end()
