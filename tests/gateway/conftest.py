"""The gateway as a process, beside a real issuer and on a real database, with a small front to serve."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.devstack.blocking import finish
from deploy.devstack.databases import copy_database, drop_database
from deploy.devstack.process import free_port
from tests.chassis.conftest import LiveIssuer, issuer
from tests.chassis.running import Running
from tests.gateway.front import build
from tests.servers import Servers

__all__ = ["issuer"]

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


@pytest.fixture(scope="session")
def place(stack: Servers, issuer: LiveIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all tests that only talk to it."""
    folder, port = tmp_path_factory.mktemp("gateway"), free_port(0)
    name = f"gateway_{uuid4().hex[:12]}"
    database = finish(copy_database(stack.database_url, stack.template("gateway"), name))
    settings = settings_of(folder, issuer, database.url, port)
    process = subprocess.Popen(
        [sys.executable, "-m", "services.gateway"], env=settings, stderr=subprocess.PIPE, text=True
    )
    running = Running(
        process, *(f"http://127.0.0.1:{settings[f'GATEWAY_{name}']}" for name in ("PORT", "INTERNAL_PORT"))
    )
    try:
        assert running.until("/health/ready", 200).status_code == 200
        yield Place(running, database.url, folder / "dist")
    finally:
        process.terminate()
        process.communicate(timeout=40)
        finish(drop_database(stack.database_url, name))


def settings_of(folder: Path, issuer: LiveIssuer, database_url: str, port: int, **changes: str) -> dict[str, str]:
    """What a gateway is told; its front and its key are in the folder."""
    build(folder / "dist")
    (folder / "seal_key").write_text(SECRET)
    return {
        **os.environ,
        "GATEWAY_DATABASE_URL": database_url,
        "GATEWAY_PORT": str(port),
        "GATEWAY_INTERNAL_PORT": str(free_port(0)),
        "GATEWAY_URL": f"http://127.0.0.1:{port}",
        "GATEWAY_CLIENT_SECRET_FILE": str(issuer.state / "clients/aftercare-console"),
        "GATEWAY_SEAL_KEY_FILE": str(folder / "seal_key"),
        "GATEWAY_FRONT": str(folder / "dist"),
        "OIDC_ISSUER": issuer.url,
        "ACTOR_KEY": "the key of all tests",
        **changes,
    }
