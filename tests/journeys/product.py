"""The product as it runs: the issuer, the five services and the receiver of their traces as processes, on the servers
of this run of tests.

All workers of a run share one, because the topics of Kafka are named after the services. Its databases are its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import asyncpg

from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database, copy_database, database_settings, with_database
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from deploy.devstack.kafka import ONE_BROKER
from deploy.devstack.process import free_port, wait_until
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Programme
from libs.events.transport.kafka import ensure_topics
from libs.services import EVENT_SERVICES
from tests.servers import Servers, shared

PREFIX = "journeys_"


@dataclass(frozen=True)
class Product:
    """Where everything is, and the issuer's key to sign anybody's token with."""

    folder: RunFolder
    settings: Mapping[str, str]
    kafka_bootstrap: str

    @cached_property
    def issuer(self) -> Issuer:
        """The running issuer's key in hand."""
        return Issuer(self.folder.data / "issuer", self.settings["OIDC_ISSUER"])

    def token(self, *roles: str, subject: str = "") -> str:
        """A token of these roles, valid for ten minutes."""
        return self.issuer.token(subject or f"role-{'-'.join(roles)}", roles, 600)

    def url(self, service: str) -> str:
        """Where a service answers the public."""
        return self.settings[f"{service.upper()}_URL"]

    def address(self, service: str, path: str) -> str:
        """A path of a service, at the port that serves it."""
        port = "" if path.startswith("/v1/") else "INTERNAL_"
        return self.settings[f"{service.upper()}_{port}URL"] + path

    def database_url(self, service: str, owner: bool = False) -> str:
        """A service's database, as its own role or as the owner."""
        return self.settings[f"{service.upper()}_{'OWNER_' if owner else ''}DATABASE_URL"]


@contextmanager
def shared_product(servers: Servers, path: Path) -> Iterator[Product]:
    """The product of this run; the first worker to ask starts it, and stops it when the last has gone."""
    folder = RunFolder(path)
    with shared(path, lambda: _begin(servers, folder)) as settings:
        yield Product(folder, settings, servers.kafka_bootstrap)


def _begin(servers: Servers, folder: RunFolder) -> "tuple[dict[str, str], _Running]":
    settings = database_settings(finish(_databases(servers)))
    finish(ensure_topics(servers.kafka, EVENT_SERVICES))
    running = _Running(servers, folder, settings)
    running.start()
    return running.settings, running


async def _databases(servers: Servers) -> dict[str, Database]:
    """Copies of the migrated templates; those of an earlier start go on, for so do the topics."""
    connection = await asyncpg.connect(servers.database_url)
    known = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    await connection.close()
    made = {}
    for service in EVENT_SERVICES:
        template, name = servers.template(service), f"{PREFIX}{service}"
        if name not in known:
            await copy_database(servers.database_url, template, name)
        made[service] = _named(template, name)
    return made


def _named(template: Database, name: str) -> Database:
    return Database(name, with_database(template.url, name), with_database(template.owner_url, name))


class _Running:
    """The processes. They end with the worker that started them, if it is not asked before."""

    def __init__(self, servers: Servers, folder: RunFolder, settings: Mapping[str, str]) -> None:
        stack, state, port = Stack(folder, environment={}), folder.data / "issuer", free_port()
        arguments = ("deploy.devstack.issuer", "--port", str(port), "--state", state)
        self._issuer = Programme("issuer", stack, port, "/.well-known/openid-configuration", arguments)
        self._receiver = Programme("receiver", stack, (taken := free_port()), "/ready", ("tests.receiver", str(taken)))
        self._services = [
            Programme(name, stack, free_port(), "/health/ready", (f"services.{name}",), free_port())
            for name in EVENT_SERVICES
        ]
        self.settings = {
            **settings,
            **{key: url for programme in self._services for key, url in programme.addresses.items()},
            "KAFKA_BOOTSTRAP_SERVERS": servers.kafka_bootstrap,
            **ONE_BROKER,
            "OIDC_ISSUER": self._issuer.url,
            "ACTOR_KEY": "the key of all tests",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._receiver.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        for programme in self._services:
            programme.environment = self.settings | {
                **programme.ports,
                "OIDC_CLIENT_ID": programme.name,
                "OIDC_CLIENT_SECRET_FILE": str(state / "clients" / programme.name),
            }

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        programmes = [self._issuer, self._receiver, *self._services]
        for programme in programmes:
            programme.begin()
        for programme in programmes:
            wait_until(programme.answers, programme, 120, programme.name)

    def stop(self) -> None:
        """Stop everything in good order."""
        for programme in self._services:
            programme.signal(programme.end_signal)
        for programme in (*self._services, self._receiver, self._issuer):
            programme.end()
