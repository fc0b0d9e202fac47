"""One PostgreSQL and one Kafka for all tests of a run, however many worker processes share them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database, make_databases
from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import SERVICES
from libs.events.migrate import migrate


@dataclass(frozen=True)
class Servers:
    """Where they are, and each service's database before its first migration: see `template`."""

    folder: RunFolder
    database_url: str
    kafka_bootstrap: str
    databases: dict[str, Database]

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
    """The servers of this run: the first worker to ask starts them, and at its end waits for the last to stop them."""
    folder = RunFolder(path)
    env = path / "servers.env"
    own = None
    with (path / "users").open("a") as users:
        with _locked(path / "starting"):
            if not env.exists():
                own = Stack(folder, durable=False).start()
                write_environment(env, {"database_url": own.database_url, "kafka_bootstrap": own.kafka_bootstrap})
            addresses = read_environment(env)
            databases = finish(make_databases(addresses["database_url"], SERVICES, folder.secret))
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield Servers(folder, **addresses, databases=databases)
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if own:
                _stop(own, env, users)


def _stop(stack: Stack, env: Path, users: IO[str]) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)  # until no other worker uses them
    env.unlink()
    stack.stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
