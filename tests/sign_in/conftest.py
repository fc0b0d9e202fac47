"""The issuers that people sign in at: Keycloak with the realm that `make configure` writes, and a front before it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer.people import PEOPLE
from deploy.devstack.keycloak import KeycloakServer
from deploy.setup.realm import realm
from libs.services import EVENT_SERVICES
from tests.console import Console

SECRET, PASSWORD = "the front's own", "kfr7-92mx-t4pq"
FRONT = "https://care.test"


@pytest.fixture(scope="session")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeycloakServer]:
    people = [(person, PASSWORD) for person in PEOPLE]
    written = realm(dict.fromkeys(EVENT_SERVICES, "theirs"), console=(SECRET, FRONT), people=people)
    server = KeycloakServer(RunFolder(tmp_path_factory.mktemp("keycloak")), written)
    try:
        server.start()
        with _console(server) as first:
            first.sign_in("agent", PASSWORD)  # it loads half of itself then, for longer than a gateway waits for it
        yield server
    finally:
        server.end()


@pytest.fixture
def console(keycloak: KeycloakServer) -> Iterator[Console]:
    """The front at Keycloak, with a new browser."""
    with _console(keycloak) as found:
        yield found


@contextmanager
def _console(keycloak: KeycloakServer) -> Iterator[Console]:
    with httpx.Client(verify=keycloak.trust, trust_env=False, timeout=60) as browser:
        yield Console(keycloak.url, SECRET, browser, FRONT)
