"""`python -m deploy.setup`: what `make configure` does. Run it again whenever you like: it keeps what is there."""

import base64
import os
import sys
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.issuer.clients import CONSOLE
from deploy.devstack.trouble import Trouble
from deploy.setup.authority import Authority, fits
from deploy.setup.profiles import BROKERS, settings
from deploy.setup.realm import realm
from deploy.setup.secrets import KAFKA, KEYCLOAK, POSTGRES, SERVICE, Reader
from libs.chassis.identity.signing_keys import new_key_set, published
from libs.services import EVENT_SERVICES, SERVICES

HERE = Path(__file__).parents[1]
KEYCLOAK_URL = "https://localhost:8443"
GATEWAY_URL = "https://localhost:8106"
NAMES = {
    "postgres": ("postgres", "postgres-replica"),
    "kafka": BROKERS,
    "keycloak": ("keycloak",),
    "gateway": ("gateway",),
}
"""The servers' names, which their certificates have."""


class Installation:
    """A folder with `.env` and `secrets/`. `secrets/all` has every password, the other folders what a container needs.

    To change a password, remove it from `secrets/all` and run the script again, then the one-shots.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._secrets = folder / "secrets"
        self._all = Reader(self._secrets / "all", os.geteuid())
        self._setup = Reader(self._secrets / "setup", SERVICE)

    def write(
        self,
        keycloak_url: str = "",
        clients: Iterable[tuple[str, str]] = (),
        profiles: str = "",
        gateway_url: str = "",
    ) -> None:
        """Everything that is missing. `clients` are more ones of Keycloak's, each with its role. Raises Trouble.

        Without an address Keycloak and the gateway keep the ones that they have.
        """
        there = read_environment(self.folder / ".env")
        chosen = settings(profiles, there.get("COMPOSE_PROFILES", ""))
        self._all.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        urls = {
            "KEYCLOAK_URL": (keycloak_url or there.get("KEYCLOAK_URL", KEYCLOAK_URL)).rstrip("/"),
            "GATEWAY_URL": (gateway_url or there.get("GATEWAY_URL", GATEWAY_URL)).rstrip("/"),
        }
        self._certificates({"keycloak": _host(urls["KEYCLOAK_URL"]), "gateway": _host(urls["GATEWAY_URL"])})
        self._servers()
        for service in EVENT_SERVICES:
            self._service(service)
        self._gateway()
        more = [(name, self._all.password(f"client_{name}"), role) for name, role in clients]
        self._keycloak(more, urls["GATEWAY_URL"])
        self._environment({**there, **urls, **chosen})

    def _certificates(self, hosts: Mapping[str, str]) -> None:
        """`hosts` are the names that people reach a server by."""
        authority = Authority(self._secrets / "public/ca.pem", self._all.folder / "ca.key")
        for name, user in (("postgres", POSTGRES), ("kafka", KAFKA), ("keycloak", KEYCLOAK), ("gateway", SERVICE)):
            names = [*NAMES[name], "localhost", *([hosts[name]] if name in hosts else [])]
            if not fits(self._secrets / name / "server.crt", names, datetime.now(UTC)):
                key, chain = authority.issue(names)
                reader = Reader(self._secrets / name, user)
                for file, text in (("server.key", key), ("server.crt", chain), ("server.pem", key + chain)):
                    reader.write(file, text)

    def _servers(self) -> None:
        """The administrators' passwords, for the server and for what sets it up."""
        for server, user in (("postgres", POSTGRES), ("kafka", KAFKA)):
            self._give(f"{server}_admin", (Reader(self._secrets / server, user), "admin"))
            self._give(f"{server}_admin")
        self._give("replica")
        follows = f"*:*:*:replica:{self._all.password('replica')}\n"
        Reader(self._secrets / "postgres", POSTGRES).write("pgpass", follows)

    def _service(self, service: str) -> None:
        """What a service proves itself with, and what the servers have to know of it."""
        running = self._process(service)
        self._give(f"kafka_{service}", (running, "kafka"))
        running.write("client", self._all.password(f"client_{service}"))

    def _gateway(self) -> None:
        """What it proves itself with, and seals people's tokens and signs customers' with.

        Everybody sees the public half of what it signs with.
        """
        running = self._process("gateway")
        running.write("client", self._all.password("client_gateway"))
        running.write("console", self._all.password(f"client_{CONSOLE}"))
        running.write("seal_key", self._all.password("seal_key"))
        signing = self._all.password("link_keys", new_key_set())
        running.write("link_keys", signing)
        self._publish("link_keys.json", published(signing))

    def _publish(self, name: str, text: str) -> None:
        """A file that every container may read."""
        path = self._secrets / "public" / name
        if path.exists() and path.read_text() == text:
            return
        beside = path.with_name(f".{name}")
        beside.write_text(text)
        beside.chmod(0o644)
        beside.replace(path)

    def _process(self, name: str) -> Reader:
        """What every process of ours has."""
        running, owner = Reader(self._secrets / name, SERVICE), Reader(self._secrets / f"{name}-owner", SERVICE)
        self._give(f"{name}_app", (running, "database"))
        self._give(f"{name}_owner", (owner, "database"))
        running.write("actor_key", self._all.password("actor_key"))
        return running

    def _keycloak(self, more: Iterable[tuple[str, str, str]], gateway_url: str) -> None:
        reader = Reader(self._secrets / "keycloak", KEYCLOAK)
        for role in ("keycloak_app", "keycloak_owner"):
            self._give(role)
        reader.write(
            "keycloak.conf",
            f"db-password={self._all.password('keycloak_owner')}\n"
            f"bootstrap-admin-username=admin\nbootstrap-admin-password={self._all.password('keycloak_admin')}\n",
        )
        services = {service: self._all.password(f"client_{service}") for service in SERVICES}
        console = (self._all.password(f"client_{CONSOLE}"), gateway_url)
        Reader(reader.folder / "import", KEYCLOAK).write("realm.json", realm(services, more, console))

    def _give(self, name: str, *places: tuple[Reader, str]) -> None:
        """A password to a container, under the name that it has there; without one to what sets the servers up."""
        password = self._all.password(name)
        self._setup.write(name, password)
        for reader, own in places:
            reader.write(own, password)

    def _environment(self, wanted: Mapping[str, str]) -> None:
        new = base64.urlsafe_b64encode(b"\x01" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
        secrets = str(self._secrets.resolve())
        write_environment(self.folder / ".env", {"KAFKA_CLUSTER_ID": new, **wanted, "AFTERCARE_SECRETS": secrets})


def _host(url: str) -> str:
    host = urlsplit(url).hostname
    if not host:
        raise Trouble(f"{url} is no address, as https://login.example.org")
    return host


def main(
    keycloak_url: Annotated[str, typer.Option(help=f"Where people reach Keycloak; at first {KEYCLOAK_URL}.")] = "",
    gateway_url: Annotated[str, typer.Option(help=f"Where browsers reach the gateway; at first {GATEWAY_URL}.")] = "",
    folder: Annotated[Path, typer.Option(help="Where .env and secrets/ go.")] = HERE,
    profile: Annotated[
        str,
        typer.Option(help="cluster: three brokers, a second PostgreSQL; observability: Prometheus; comma between."),
    ] = "",
) -> None:
    """Write .env, random secrets and certificates for deploy/compose.yaml."""
    if os.geteuid() != 0:
        raise Trouble("run it as root: each secret belongs to the user of the container that reads it")
    Installation(folder).write(keycloak_url, profiles=profile, gateway_url=gateway_url)
    print(f"{folder / '.env'} and {folder / 'secrets'} are there: docker compose -f deploy/compose.yaml up -d --wait")


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
