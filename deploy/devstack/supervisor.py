"""The whole product on one machine: servers, issuer and services, started in order and started again when they die.

`make up` runs one in the background, the demo one in its own process, and the fault runner one that it shoots at:

    with Supervisor(Stack(RunFolder(path))) as running:
        running.environment["INTAKE_URL"]
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import asyncpg
import httpx

from deploy.devstack.blocking import finish
from deploy.devstack.databases import Database, database_settings, make_databases
from deploy.devstack.environment import read_environment, write_environment, write_private
from deploy.devstack.issuer.clients import CONSOLE
from deploy.devstack.kafka import ONE_BROKER
from deploy.devstack.plain_http import PLAIN
from deploy.devstack.process import ROOT, Process, clean_environment, free_port, wait_until
from deploy.devstack.stack import Stack
from deploy.devstack.trouble import Trouble
from libs.chassis.identity.signing_keys import new_key_set, published
from libs.events.transport.kafka import ensure_topics
from libs.services import EVENT_SERVICES, PROCESSES, SERVICES

FIRST_PORT = 8101
INTERNAL_PORTS = 100
"""So much higher are the internal ports."""
WATCH_SECONDS = 0.1
CALM_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 1.5


class Programme(Process):
    """A Python module of this project as a supervised process that answers at a port, or at two.

    It says whether it is ready at its internal port, if it has one.
    """

    def __init__(
        self,
        name: str,
        stack: Stack,
        port: int,
        ready_path: str,
        arguments: Sequence[str | Path],
        internal_port: int | None = None,
    ) -> None:
        super().__init__(name, stack.folder)
        self.service = name.partition(".")[0]
        self.port, self.internal_port = port, internal_port or port
        self.arguments = arguments
        self.ready_url = f"{self.internal_url}{ready_path}"
        self.environment: Mapping[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def internal_url(self) -> str:
        return f"http://127.0.0.1:{self.internal_port}"

    @property
    def addresses(self) -> dict[str, str]:
        """Where a service answers, as the others read it."""
        name = self.service.upper()
        return {f"{name}_URL": self.url, f"{name}_INTERNAL_URL": self.internal_url}

    @property
    def ports(self) -> dict[str, str]:
        """A service's ports, as it reads them."""
        name = self.service.upper()
        return {f"{name}_PORT": str(self.port), f"{name}_INTERNAL_PORT": str(self.internal_port)}

    def begin(self) -> None:
        """Start it; returns before it is ready."""
        self.spawn([sys.executable, "-m", *map(str, self.arguments)], {**clean_environment(), **self.environment})

    def answers(self) -> bool:
        """Whether it says that it is ready."""
        try:
            return httpx.get(self.ready_url, timeout=2, **PLAIN).status_code == 200
        except httpx.HTTPError:
            return False


def client_settings(service: str, state: str) -> dict[str, str]:
    """Who a service is to the issuer whose state is kept there, as the service reads it."""
    return {"OIDC_CLIENT_ID": service, "OIDC_CLIENT_SECRET_FILE": f"{state}/clients/{service}"}


class Supervisor:
    """Runs a stack, the issuer and services. Every method may be called from any thread.

    Every service has its databases; only those named in `services` run, and with none of them no issuer does.
    `settings` are environment variables for every service; `after_migration` sees the databases before any service
    does; `progress` is told in a few words what happens next. Services answer from `first_port` on where those are
    free, their internal ports 100 higher; with None at ports that nobody else wishes for: one of the usual ports may
    go to another product on this machine while the service that had it is dead. With `replicas` over 1 a service is so
    many processes that answer (`intake`, `intake.http2`) and as many that work (`intake.worker1` …); `of_service` are
    more settings of one service's processes, by its name and the settings of all.
    """

    def __init__(
        self,
        stack: Stack,
        services: Sequence[str] = SERVICES,
        settings: Mapping[str, str] | None = None,
        after_migration: Callable[[Mapping[str, Database]], None] | None = None,
        progress: Callable[[str], None] = lambda words: None,
        first_port: int | None = FIRST_PORT,
        replicas: int = 1,
        of_service: Callable[[str, Mapping[str, str]], Mapping[str, str]] = lambda name, settings: {},
    ) -> None:
        self.stack = stack
        self.replicas = replicas
        self._of_service = of_service
        self.folder = stack.folder
        self.services = services
        self.settings = dict(settings or {})
        self.environment: dict[str, str] = {}
        self._after_migration = after_migration
        self._progress = progress
        self._first_port = first_port
        self._programmes: dict[str, Programme] = {}
        self._away: set[str] = set()
        self._began: dict[str, float] = {}
        self._pause: dict[str, float] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> Self:
        """Start everything, wait until it is ready, and from then on start again what dies."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        self._watcher.start()
        return self

    def stop(self) -> None:
        """Stop everything in good order: services, issuer, servers."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        services = [programme for name, programme in self._programmes.items() if name != "issuer"]
        for programme in services:
            if programme.alive:
                programme.signal(programme.end_signal)
        for process in (*services, *self._programmes.values()):
            process.end()
        self.stack.stop()

    def process(self, name: str) -> Process:
        """A supervised process by name: a service, issuer, kafka or postgres."""
        return self._supervised()[name]

    def take_away(self, name: str, how: Callable[[Process], None] = Process.kill) -> None:
        """Kill (or end) a process and do not start it again until `bring_back`."""
        with self._lock:
            self._away.add(name)
            how(self.process(name))

    def bring_back(self, name: str) -> None:
        """Start a process that was taken away."""
        with self._lock:
            self._away.discard(name)
            self._begin(name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self._progress("starting PostgreSQL and Kafka")
        self.stack.start()
        databases = self._databases()
        self._compose(databases)
        if not self.services:
            return
        self._begin("issuer")
        self._progress("migrating the databases")
        finish(ensure_topics(self.stack.kafka_cluster, [name for name in self.services if name in EVENT_SERVICES]))
        self._migrate()
        if self._after_migration:
            self._after_migration(databases)
        wait_until(self._programmes["issuer"].answers, self._programmes["issuer"], 60, "issuer")
        self._progress("starting the services")
        for name in self._programmes:
            if name != "issuer":
                self._begin(name)
        for name, programme in self._programmes.items():
            wait_until(programme.answers, programme, 120, name)

    def _databases(self) -> dict[str, Database]:
        try:
            return finish(make_databases(self.stack.database_url, SERVICES, self.folder.secret))
        except (OSError, asyncpg.PostgresError) as error:
            raise Trouble(f"cannot make the databases ({error}); is DATABASE_URL an administrator's?") from error

    def _compose(self, databases: Mapping[str, Database]) -> None:
        """Decide the ports and write down where everything is."""
        ports_file = self.folder.data / "service_ports"
        known = {name: int(port) for name, port in read_environment(ports_file).items()}
        issuer_port = free_port(known.get("issuer", 0))
        state = self.folder.data / "issuer"
        issuer = ("deploy.devstack.issuer", "--port", str(issuer_port), "--state", state)
        programmes = []
        if self.services:
            programmes.append(Programme("issuer", self.stack, issuer_port, "/.well-known/openid-configuration", issuer))
        for number, service in enumerate(self.services):
            wished = self._first_port + number if self._first_port else 0
            for name, role in self._processes(service):
                at = wished if name == service else 0
                public, internal = free_port(at), free_port(at and at + INTERNAL_PORTS)
                arguments = (f"services.{service}", "--role", role)
                programmes.append(Programme(name, self.stack, public, "/health/ready", arguments, internal))
        self._programmes = {programme.name: programme for programme in programmes}
        write_environment(ports_file, {name: str(programme.port) for name, programme in self._programmes.items()})
        self.environment = self._describe(databases)
        write_environment(self.folder.environment_file, self.environment)
        for name, programme in self._programmes.items():
            programme.environment = self.environment | self._own_settings(name)

    def _processes(self, service: str) -> list[tuple[str, str]]:
        """The names and roles of a service's processes."""
        if self.replicas == 1:
            return [(service, "all")]
        numbers = range(1, self.replicas + 1)
        https = [(service if number == 1 else f"{service}.http{number}", "http") for number in numbers]
        works = () if service in PROCESSES else numbers
        return [*https, *((f"{service}.worker{number}", "worker") for number in works)]

    def urls(self, service: str) -> list[str]:
        """Where a service's processes answer."""
        answering = [name for name, role in self._processes(service) if role != "worker"]
        return [self._programmes[name].url for name in answering]

    def _describe(self, databases: Mapping[str, Database]) -> dict[str, str]:
        return {
            **{key: url for name in self.services for key, url in self._programmes[name].addresses.items()},
            **database_settings(databases),
            "DATABASE_URL": self.stack.database_url,
            "KAFKA_BOOTSTRAP_SERVERS": self.stack.kafka_bootstrap,
            **ONE_BROKER,
            "ACTOR_KEY_FILE": str(self._actor_key()),
            **self._issuer_settings(),
            **self._link_settings(),
        }

    def _actor_key(self) -> Path:
        self.folder.secret("actor_key")
        return self.folder.secret_file("actor_key")

    def _issuer_settings(self) -> dict[str, str]:
        if not self.services:
            return {}
        return {"OIDC_ISSUER": self._programmes["issuer"].url, "OIDC_STATE": str(self.folder.data / "issuer")}

    def _link_settings(self) -> dict[str, str]:
        """Whose tokens of customers' links all services take: the gateway's, by the public half of its keys."""
        if "gateway" not in self._programmes:
            return {}
        jwks = self.folder.secret_file("link_keys.json")
        write_private(jwks, published(self.folder.secret("link_keys", new_key_set)))
        return {"GATEWAY_ISSUER": self._programmes["gateway"].url, "GATEWAY_JWKS_FILE": str(jwks)}

    def _own_settings(self, name: str) -> dict[str, str]:
        programme = self._programmes[name]
        return self.settings | {
            **programme.ports,
            **self._credentials(programme.service),
            **(self._of_service(programme.service, self.environment) if programme.service in self.services else {}),
        }

    def _credentials(self, service: str) -> dict[str, str]:
        """What a service, or the gateway, proves itself with."""
        state = str(self.folder.data / "issuer")
        if service != "gateway":
            return client_settings(service, state)
        self.folder.secret("seal_key")
        return {
            **client_settings(service, state),
            "GATEWAY_CLIENT_SECRET_FILE": f"{state}/clients/{CONSOLE}",
            "GATEWAY_SEAL_KEY_FILE": str(self.folder.secret_file("seal_key")),
            "GATEWAY_LINK_KEYS_FILE": str(self.folder.secret_file("link_keys")),
        }

    def _migrate(self) -> None:
        command = [sys.executable, "-m", "libs.events.database.migrate", *self.services]
        environment = clean_environment() | self.environment
        log = self.folder.log("migrate")
        with log.open("ab") as output:
            run = subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False)
        if run.returncode:
            raise Trouble(f"the migration failed; see {log}")

    def _supervised(self) -> dict[str, Process]:
        return {**{server.name: server for server in self.stack.servers}, **self._programmes}

    def _begin(self, name: str) -> None:
        self._began[name] = time.monotonic()
        self._supervised()[name].begin()

    def _watch(self) -> None:
        while not self._stopping.wait(WATCH_SECONDS):
            with self._lock:
                for name, process in self._supervised().items():
                    if not process.alive and name not in self._away:
                        with suppress(OSError):  # no memory, no process to be had: the next round tries again
                            self._revive(name)

    def _revive(self, name: str) -> None:
        """Start it again: at once if it had lived for a while, after a pause that grows if it dies at each start."""
        lived = time.monotonic() - self._began.get(name, 0.0)
        if lived > CALM_SECONDS:
            self._pause[name] = 0.0
        if lived >= self._pause.get(name, 0.0):
            self._pause[name] = min(LONGEST_PAUSE_SECONDS, self._pause.get(name, 0.0) * 2 + 0.1)
            self._progress(f"{name} ended: started again")
            self._begin(name)
