"""A service as one process: HTTP server, relay, consumer, timers, background work; a task group supervises itself.

A task that dies of a defect ends the process with status 1, and whoever started it starts it again. Kafka, PostgreSQL
or the issuer out of reach is no defect: the tasks back off for ever, and commands are taken with Kafka down.

It listens on two ports: the public one (not with --role worker), and the internal one, which answers to the end.

At SIGTERM, in this order: not ready any more; the public port closes and requests in flight end, at most 20 s; no more
background work and timers; the consumer finishes its batch and leaves its group; the relay lets go of Kafka; the
internal port and the pool close.
"""

import argparse
import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from libs.chassis.http.connection import HttpConnection
from libs.chassis.http.gate import PATIENCE_SECONDS
from libs.chassis.http.health import Vitals
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.running.housekeeping import keep_house
from libs.chassis.running.settings import MissingSetting, Settings
from libs.chassis.running.watch import TIMERS, Watch, of_inbox, of_query, of_relay, watch
from libs.chassis.telemetry import DEFECTS, configure_logs, of_loop
from libs.events.background.timers import Timers
from libs.events.database import migrate
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool, connect
from libs.events.database.outage import Outage
from libs.events.inbox.consumer import Consumer
from libs.events.log.store import Store
from libs.events.transport import kafka
from libs.events.transport.broker import Kafka
from libs.events.transport.compacted import Sender
from libs.events.transport.copies import Receiver
from libs.events.transport.relay import Relay

if TYPE_CHECKING:
    from libs.chassis.running.service import Service

log = structlog.get_logger(__name__)

IN_FLIGHT_SECONDS = 20
INTERNAL_IN_FLIGHT_SECONDS = 2
STOP_SECONDS = 12.0
KEEP_ALIVE_SECONDS = 65
WORKER_POOL_SIZE = 4
"""Connections of relay, consumer, timers and background work: a burst of requests makes no deadline late."""

ROLES = ("all", "http", "worker")


class Server(uvicorn.Server):
    """uvicorn, but the signals are ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class Process:
    """One running service."""

    def __init__(self, service: "Service", settings: Settings, role: str) -> None:
        self.service, self.settings, self.role = service, settings, role
        self.app: FastAPI = service.http()
        self.vitals: Vitals = self.app.state.vitals
        self._stop = asyncio.Event()
        self._pool: Pool | None = None
        self._worker_pool: Pool | None = None
        self._relay: Relay | None = None
        self._consumer: Consumer | None = None
        self._server = Server(_configuration(self.app, IN_FLIGHT_SECONDS))
        self._internal = Server(_configuration(service.internal_http(self.app), INTERNAL_IN_FLIGHT_SECONDS))
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self, public: socket.socket | None, internal: socket.socket) -> None:
        """Work until SIGTERM or SIGINT. Raises what a task died of, as a group."""
        from libs.chassis.running.service import token_checks

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(of_loop)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        async with httpx.AsyncClient(trust_env=False) as http, asyncio.TaskGroup() as group:
            self.app.state.tokens = token_checks(self.settings, http)
            self._begin(group, "internal", self._internal.serve([internal]))
            if public is not None:
                self._begin(group, "http", self._server.serve([public]))
            self._begin(group, "opening", self._open(group, http))
            group.create_task(self._shut_down())

    def _begin(self, group: asyncio.TaskGroup, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks[name] = group.create_task(_seen(name, work), name=name)

    async def _open(self, group: asyncio.TaskGroup, http: httpx.AsyncClient) -> None:
        """Reach the database, however long it takes, then answer from it and begin the rest."""
        self._pool = pool = await self._reach(self.settings.own.pool_size, PATIENCE_SECONDS)
        if self.role != "http":
            self._worker_pool = await self._reach(WORKER_POOL_SIZE)
            self._relay = Relay(self._worker_pool, self.settings.own.database, self.service.name, self._kafka)
        offline = timedelta(hours=self.settings.common.offline_hours)
        store = self.service.store(pool, self._relay.wake if self._relay else lambda: None, offline)
        self.service.attach(self.app, store)
        log.info("ready", role=self.role, port=self.settings.own.port, internal=self.settings.own.internal_port)
        self._begin(group, "housekeeping", keep_house(self._worker_pool or pool, self._relay))
        if self._relay and self._worker_pool:
            self._work(group, store.beside(self._worker_pool), self._relay, http)

    async def _reach(self, size: int, patience: float | None = None) -> Pool:
        outage = Outage("waiting for the database")
        while True:
            pool: Pool | None = None
            try:
                pool = await connect(self.settings.own.database, size, patience=patience)
                await migrate.check(self.service.name, pool)
                return pool
            except (*UNREACHABLE, *TRANSIENT) as error:
                outage.note(error)
                if pool is not None:
                    pool.terminate()
                await asyncio.sleep(0.5)

    def _work(self, group: asyncio.TaskGroup, store: Store, relay: Relay, http: httpx.AsyncClient) -> None:
        watches = [Watch("relay", of_relay(relay), self._kafka_answers)]
        self._begin(group, "relay", relay.run())
        inbox = self.service.inbox(store)
        if inbox is not None:
            feed = HttpFeed.of(self.service.name, self.settings, http)
            self._consumer = consumer = Consumer(inbox, self._kafka, feed)
            self._begin(group, "consumer", consumer.run())
            self._begin(group, "heads", consumer.watch_heads())
            watches.append(Watch("consumer", of_inbox(inbox, feed), self._kafka_answers))
        if self.service.fall_due is not None:
            self._begin(group, "timers", Timers(store, self.service.fall_due).run())
            watches.append(Watch("timers", of_query(store.pool, TIMERS), _always))
        for work in self.service.background:
            self._begin(group, work.__name__, work(store))
        for shown in self.service.shows:
            sender = Sender(store.pool, self.settings.own.database, self._kafka, shown)
            self._begin(group, f"shows {shown.topic}", sender.run())
        for copy in self.service.copies:
            self._begin(group, f"copies {copy.topic}", Receiver(store.pool, self._kafka, copy).run())
        self._begin(group, "watch", watch(watches, self.vitals))

    @property
    def _kafka(self) -> Kafka:
        return self.settings.common.kafka

    async def _kafka_answers(self) -> bool:
        return await kafka.reachable(self._kafka)

    async def _shut_down(self) -> None:
        await self._stop.wait()
        log.info("stopping")
        self.vitals.stopping = True
        await asyncio.sleep(self.settings.common.drain_seconds)
        self._server.should_exit = True
        if "http" in self._tasks:
            await asyncio.wait([self._tasks["http"]])
        background = [work.__name__ for work in self.service.background]
        compacted = [name for name in self._tasks if name.startswith(("shows ", "copies "))]
        for name in ("opening", "watch", *background, *compacted, "timers", "heads"):
            await self._end(name)
        if self._consumer is not None:
            self._consumer.end()
            await asyncio.wait([self._tasks["consumer"]], timeout=STOP_SECONDS)
        for name in ("consumer", "relay", "housekeeping"):
            await self._end(name)
        if self._relay is not None:
            await self._relay.stop()
        self._internal.should_exit = True
        await asyncio.wait([self._tasks["internal"]])
        for pool in (self._worker_pool, self._pool):
            if pool is not None:
                await _close(pool)

    async def _end(self, name: str) -> None:
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()
            await asyncio.wait([task], timeout=STOP_SECONDS)


async def _seen(name: str, work: Coroutine[Any, Any, None]) -> None:
    """The work; a CancelledError that nobody asked for is a defect, for a task group would let the task end unseen."""
    try:
        await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise RuntimeError(f"{name} was cancelled from within") from None


async def _always() -> bool:
    return True


async def _close(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except (TimeoutError, *UNREACHABLE):
        pool.terminate()


def _configuration(app: FastAPI, in_flight_seconds: int) -> uvicorn.Config:
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


async def _run(
    service: "Service", settings: Settings, role: str, ports: tuple[socket.socket | None, socket.socket]
) -> None:
    process = Process(service, settings, role)
    gc.freeze()  # what start-up made lives as long as the process: no collection need look at it again
    await process.run(*ports)


def main(service: "Service", argv: Sequence[str] | None = None) -> None:
    """The command line of `python -m services.<name>`. Exits with 1 after a defect, 2 on a wrong setting."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{service.name}", description=service.about or None)
    parser.add_argument("--role", choices=ROLES, default="all", help="http answers requests, worker does the rest")
    role = parser.parse_args(argv).role
    try:
        settings = Settings.load(service.name, service.hears.sources)
        host, own = settings.common.listen_host, settings.own
        public = None if role == "worker" else _listen(host, own.port)
        ports = public, _listen(host, own.internal_port)
    except (MissingSetting, OSError) as error:
        sys.exit(f"{service.name}: {error}")
    configure_logs(service.name, settings.common.log_level)
    try:
        uvloop.run(_run(service, settings, role, ports))
    except BaseExceptionGroup as group:
        _tell(service.name, group)
        sys.exit(1)


def _tell(name: str, group: BaseExceptionGroup[BaseException]) -> None:
    plain, rest = group.split((migrate.OlderSchema, MissingSetting))
    for error in plain.exceptions if plain else ():
        print(f"{name}: {error}", file=sys.stderr)
    if rest is not None:
        DEFECTS.inc()
        with suppress(Exception):
            log.error("process ends of a defect", exc_info=rest)
