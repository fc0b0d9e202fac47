"""One PostgreSQL and one Kafka for all tests of a run, however many worker processes share them."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database, make_databases
from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.kafka import one_broker
from deploy.devstack.stack import Stack
from libs.events.database.migrate import migrate
from libs.events.transport.broker import Kafka
from libs.services import SERVICES


@dataclass(frozen=True)
class Servers:
    """Where they are, and each service's database before its first migration: see `template`."""

    folder: RunFolder
    database_url: str
    kafka_bootstrap: str
    databases: dict[str, Database]

    @property
    def kafka(self) -> Kafka:
        """Kafka as the kernel's clients reach it."""
        return one_broker(self.kafka_bootstrap)

    def template(self, service: str) -> Database:
        """The service's own database, migrated; copy it, and connect to the copy only."""
        done = self.folder.path / f"migrated-{service}"
        with _locked(self.folder.path / f"migrating-{service}"):
            if not done.exists():
                finish(migrate(service, self.databases[service].owner_url, f"{service}_app"))
                done.touch()
        return self.databases[service]


@contextmanager
def shared_servers(path: Path) -> Iterator[Servers]:
    """The servers of this run."""
    folder = RunFolder(path)
    with shared(path, lambda: _begin(folder)) as addresses:
        with _locked(path / "making"):
            databases = finish(make_databases(addresses["database_url"], SERVICES, folder.secret))
        yield Servers(folder, **addresses, databases=databases)


def _begin(folder: RunFolder) -> tuple[dict[str, str], Stack]:
    own = Stack(folder, durable=False).start()
    return {"database_url": own.database_url, "kafka_bootstrap": own.kafka_bootstrap}, own


class Stoppable(Protocol):
    """Something that runs until it is stopped."""

    def stop(self) -> None: ...


@contextmanager
def shared(path: Path, begin: Callable[[], tuple[dict[str, str], Stoppable]]) -> Iterator[dict[str, str]]:
    """What `begin` says of what it started: the first worker to ask does so, and at its end stops it after the last."""
    env, own = path / "shared.env", None
    with (path / "users").open("a") as users:
        with _locked(path / "starting"):
            if not env.exists():
                addresses, own = begin()
                write_environment(env, addresses)
            addresses = read_environment(env)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield addresses
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if own:
                _stop(own, env, users)


def _stop(own: Stoppable, env: Path, users: IO[str]) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)  # until no other worker uses them
    env.unlink()
    own.stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
