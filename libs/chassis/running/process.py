"""A process: HTTP on two ports, a database, and work beside requests; a task group supervises itself.

A task that dies of a defect ends the process with status 1, and whoever started it starts it again. A database or an
issuer out of reach is no defect: the process waits, and answers 503 until then.

It listens on two ports: the public one (not with --role worker), whose first answers wait until the process is open,
and the internal one, which answers to the end.

At SIGTERM, in this order: not ready any more; the public port closes and requests in flight end, at most 20 s; the work
ends, the last begun first; the internal port and the pools close.
"""

import argparse
import asyncio
import gc
import signal
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from libs.chassis import tracing
from libs.chassis.http.health import Vitals
from libs.chassis.http.server.connection import HttpConnection
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.link_tokens import LinkTokens
from libs.chassis.identity.oidc import KeyFile, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.running.settings import Common, MissingSetting, Own, Settings
from libs.chassis.telemetry import DEFECTS, configure_logs, of_loop
from libs.events.database import migrate
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool, connect
from libs.events.database.outage import Outage

log = structlog.get_logger(__name__)

OPENING_SECONDS = 2.0
"""How long the first requests wait for a process that is starting, before they get 503."""
IN_FLIGHT_SECONDS = 20
INTERNAL_IN_FLIGHT_SECONDS = 2
STOP_SECONDS = 12.0
KEEP_ALIVE_SECONDS = 65

YOUNG = 20_000, 20, 20
"""What the garbage collector waits for: with Python's own 700 objects it looks at every few requests."""

ROLES = ("all", "http", "worker")


class Server(uvicorn.Server):
    """uvicorn, but the signals are ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@dataclass(frozen=True)
class Task:
    """Work under way. `ask` asks it to end by itself, `after` lets go of what it held."""

    running: asyncio.Task[None]
    ask: Callable[[], None] | None
    after: Callable[[], Awaitable[None]] | None

    async def end(self) -> None:
        """In good order as far as STOP_SECONDS go."""
        if self.ask is not None:
            self.ask()
            await asyncio.wait([self.running], timeout=STOP_SECONDS)
        self.running.cancel()
        await asyncio.wait([self.running], timeout=STOP_SECONDS)
        if self.after is not None:
            await self.after()


class Process(ABC):
    """One running process: two applications that share one state, a database, and work as long as it lives."""

    def __init__(self, name: str, app: FastAPI, internal_app: FastAPI, settings: Settings, role: str) -> None:
        self.name, self.app, self.settings, self.role = name, app, settings, role
        self.vitals: Vitals = app.state.vitals
        self._http = settings.common.http()
        self._stop = asyncio.Event()
        self._pools: list[Pool] = []
        tls = {"ssl_certfile": settings.common.tls_cert_file, "ssl_keyfile": settings.common.tls_key_file}
        self._server = Server(_configuration(app, IN_FLIGHT_SECONDS, **tls))
        self._internal = Server(_configuration(internal_app, INTERNAL_IN_FLIGHT_SECONDS))
        self._work: list[Task] = []

    @abstractmethod
    async def open(self, http: httpx.AsyncClient) -> None:
        """Reach what it needs, however long that takes, answer from it, and `begin` its work."""

    async def run(self, public: socket.socket | None, internal: socket.socket) -> None:
        """Work until SIGTERM or SIGINT. Raises what a task died of, as a group."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(of_loop)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        async with self._http as http, asyncio.TaskGroup() as group:
            self._group = group
            self.app.state.tokens = tokens = token_checks(self.settings, http)
            self.vitals.needs["the issuer's keys"] = tokens.ready
            answering = [_task(group, "internal", self._internal.serve([internal]))]
            opening = _task(group, "opening", self.open(http))
            if public is not None:
                answering.append(_task(group, "http", self._answer(public, opening)))
            group.create_task(self._shut_down(answering, opening))

    def begin(
        self,
        name: str,
        work: Coroutine[Any, Any, None],
        ask: Callable[[], None] | None = None,
        after: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Work as long as the process lives; see `Task` for how it ends."""
        self._work.append(Task(_task(self._group, name, work), ask, after))

    async def reach(self, size: int, patience: float | None = None) -> Pool:
        """A pool of its database, once that answers with the schema of this release. Raises migrate.OlderSchema."""
        outage = Outage("waiting for the database")
        while True:
            pool: Pool | None = None
            try:
                pool = await connect(self.settings.own.database, size, patience=patience)
                await migrate.check(self.name, pool)
            except (*UNREACHABLE, *TRANSIENT) as error:
                outage.note(error)
                if pool is not None:
                    pool.terminate()
                await asyncio.sleep(0.5)
            else:
                self._pools.append(pool)
                return pool

    async def _answer(self, public: socket.socket, opening: asyncio.Task[None]) -> None:
        """Who asks while the process is still opening waits for that, but not longer than for a crowded database."""
        await asyncio.wait([opening], timeout=OPENING_SECONDS)
        await self._server.serve([public])

    async def _shut_down(self, answering: Sequence[asyncio.Task[None]], opening: asyncio.Task[None]) -> None:
        await self._stop.wait()
        log.info("stopping")
        self.vitals.stopping = True
        await asyncio.sleep(self.settings.common.drain_seconds)
        internal, *public = answering
        self._server.should_exit = True
        if public:
            await asyncio.wait(public)
        await Task(opening, None, None).end()
        for task in reversed(self._work):
            await task.end()
        self._internal.should_exit = True
        await asyncio.wait([internal])
        for pool in reversed(self._pools):
            await _close(pool)


def _task(group: asyncio.TaskGroup, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return group.create_task(_seen(name, work), name=name)


async def _seen(name: str, work: Coroutine[Any, Any, None]) -> None:
    """The work; a CancelledError that nobody asked for is a defect, for a task group would let the task end unseen."""
    try:
        await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise RuntimeError(f"{name} was cancelled from within") from None


async def _close(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except (TimeoutError, *UNREACHABLE):
        pool.terminate()


def _configuration(app: FastAPI, in_flight_seconds: int, **tls: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=HttpConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=in_flight_seconds,
        **tls,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise OSError(error.errno, f"port {port}: {error.strerror}") from None
    listening.listen(2048)
    listening.setblocking(False)
    return listening


def token_checks(settings: Settings, http: httpx.AsyncClient) -> Tokens:
    """The checks of bearer tokens, as the settings want them; the issuer is asked for its keys at once."""
    issuer = settings.common.issuer(http)
    types = frozenset(type.strip().lower() for type in settings.common.oidc_token_types.split(","))
    keys, pseudonyms = Keys(issuer), Pseudonyms(settings.common.actor_secret())
    keys.prepare()
    return Tokens(issuer.url, keys, pseudonyms, settings.service, types, _links(settings, pseudonyms))


def _links(settings: Settings, pseudonyms: Pseudonyms) -> LinkTokens | None:
    """The checks of the gateway's own tokens; None where there are no customers' links."""
    issuer, file = settings.common.gateway_issuer, settings.common.gateway_jwks_file
    return LinkTokens(issuer, Keys(KeyFile(file)), pseudonyms, settings.service) if issuer and file else None


def main(
    name: str,
    about: str,
    hears: Iterable[str],
    process: Callable[[Settings, str], Process],
    argv: Sequence[str] | None = None,
    own: type[Own] = Own,
    roles: Sequence[str] = ROLES,
) -> None:
    """The command line of `python -m services.<name>`. Exits with 1 after a defect, 2 on a wrong setting.

    `own` are its settings, where they are more than those of all, and `roles` those that it has.
    """
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}", description=about or None)
    parser.add_argument("--role", choices=roles, default="all", help="http answers requests, worker does the rest")
    role = parser.parse_args(argv).role
    try:
        settings = Settings.load(name, () if role == "http" else hears, own)
        host = settings.common.listen_host
        public = None if role == "worker" else _listen(host, settings.own.port)
        ports = public, _listen(host, settings.own.internal_port)
    except (MissingSetting, OSError) as error:
        sys.exit(f"{name}: {error}")
    configure_logs(name, settings.common.log_level)
    try:
        with _traced(name, settings.common):
            uvloop.run(_run(process, settings, role, ports))
    except MissingSetting as error:  # one that the process itself looks at
        sys.exit(f"{name}: {error}")
    except BaseExceptionGroup as group:
        _tell(name, group)
        sys.exit(1)


@contextmanager
def _traced(name: str, common: Common) -> Iterator[None]:
    """Send this process's traces, if the settings say where: whoever sends none does not load OpenTelemetry either."""
    if common.otel_exporter_otlp_endpoint is None:
        yield
        return
    from libs.chassis.running.otlp import OtlpTracer  # noqa: PLC0415  # it loads OpenTelemetry

    try:
        tracer = OtlpTracer(name, common.otel_traces_sampler_arg)
    except ValueError as error:
        sys.exit(f"{name}: a setting of OpenTelemetry (OTEL_…): {error}")
    tracing.record_by(tracer)
    try:
        yield
    finally:
        tracer.close()


async def _run(
    process: Callable[[Settings, str], Process],
    settings: Settings,
    role: str,
    ports: tuple[socket.socket | None, socket.socket],
) -> None:
    begun = process(settings, role)
    gc.freeze()  # what start-up made lives as long as the process: no collection need look at it again
    gc.set_threshold(*YOUNG)
    await begun.run(*ports)


def _tell(name: str, group: BaseExceptionGroup[BaseException]) -> None:
    plain, rest = group.split((migrate.OlderSchema, MissingSetting))
    for error in plain.exceptions if plain else ():
        print(f"{name}: {error}", file=sys.stderr)
    if rest is not None:
        DEFECTS.inc()
        with suppress(Exception):  # whatever cannot be said of it, the process ends with 1
            log.error("process ends of a defect", exc_info=rest)
