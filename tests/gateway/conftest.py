"""The gateway as a process, beside a real issuer and on a real database, with a small front to serve."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database, copy_database, drop_database
from deploy.devstack.process import free_port
from libs.documents import typesetter
from libs.services import EVENT_SERVICES
from tests.chassis.conftest import LiveIssuer, issuer, password
from tests.chassis.running import Running
from tests.chassis.test_traces import receiver
from tests.gateway.browser import Browser
from tests.gateway.front import build
from tests.servers import Servers

__all__ = ["issuer", "password", "receiver"]

CONSOLE = "clients/aftercare-console"
SECRET = "the secret that all tests of the gateway seal with"


@dataclass(frozen=True)
class Place:
    """A running gateway, its database, and the folder of its front."""

    running: Running
    database_url: str
    front: Path

    @property
    def url(self) -> str:
        return self.running.url


@pytest.fixture(autouse=True)
def _forms_have_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form of many pages is some seconds of a machine that has nothing else to do."""
    monkeypatch.setattr(typesetter, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 60.0)


@pytest.fixture(scope="session")
def place(stack: Servers, issuer: LiveIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all tests that only talk to it."""
    folder, name = tmp_path_factory.mktemp("gateway"), f"gateway_{uuid4().hex[:12]}"
    database = finish(copy_database(stack.database_url, stack.template("gateway"), name))
    with begun(settings_of(folder, issuer.url, issuer.state / CONSOLE, database.url)) as running:
        assert running.until("/health/ready", 200).status_code == 200
        yield Place(running, database.url, folder / "dist")
    finish(drop_database(stack.database_url, name))


Start = Callable[..., Running]


@pytest.fixture
def start(database: Database, issuer: LiveIssuer, tmp_path: Path) -> Iterator[Start]:
    """A gateway of this test's own, with other settings."""
    running: list[subprocess.Popen[str]] = []

    def begin(**changes: str) -> Running:
        one = _begin(settings_of(tmp_path, issuer.url, issuer.state / CONSOLE, database.url) | changes)
        running.append(one.process)
        return one

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def browser(place: Place) -> Iterator[Browser]:
    """A new one, where nobody is signed in."""
    with Browser(place.url) as one:
        yield one


@contextmanager
def begun(settings: Mapping[str, str]) -> Iterator[Running]:
    """A gateway, until SIGTERM."""
    running = _begin(settings)
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.communicate(timeout=40)


def _begin(settings: Mapping[str, str]) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.gateway"], env=settings, stderr=subprocess.PIPE, text=True
    )
    ports = settings["GATEWAY_PORT"], settings["GATEWAY_INTERNAL_PORT"]
    return Running(process, *(f"http://127.0.0.1:{port}" for port in ports))


def settings_of(folder: Path, issuer_url: str, client: Path, database_url: str) -> dict[str, str]:
    """What a gateway is told; its front and its key are in the folder, its client's secret in the file."""
    build(folder / "dist")
    (folder / "seal_key").write_text(SECRET)
    port = free_port(0)
    return {
        **os.environ,
        "GATEWAY_DATABASE_URL": database_url,
        "GATEWAY_PORT": str(port),
        "GATEWAY_INTERNAL_PORT": str(free_port(0)),
        "GATEWAY_URL": f"http://127.0.0.1:{port}",
        "GATEWAY_CLIENT_SECRET_FILE": str(client),
        "GATEWAY_SEAL_KEY_FILE": str(folder / "seal_key"),
        "GATEWAY_FRONT": str(folder / "dist"),
        "OIDC_ISSUER": issuer_url,
        "ACTOR_KEY": "the key of all tests",
        "OIDC_CLIENT_ID": "gateway",
        "OIDC_CLIENT_SECRET_FILE": str(client.parent / "gateway"),
        **{
            f"{name.upper()}_{port}": "http://127.0.0.1:1"
            for name in EVENT_SERVICES
            for port in ("URL", "INTERNAL_URL")
        },
    }
