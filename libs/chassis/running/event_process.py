"""An event service as a process: beside HTTP its relay, consumer, timers, copies and background work.

Kafka out of reach is no defect: the relay and the consumer back off for ever, and commands are taken all the same. At
SIGTERM background work and timers end first; then the consumer finishes its batch and leaves its group, and the relay
lets go of Kafka.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import httpx
import structlog

from libs.chassis import tracing
from libs.chassis.http.gate import PATIENCE_SECONDS
from libs.chassis.running.clock import Clock
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.running.housekeeping import Chore, keep_house, look
from libs.chassis.running.process import Process, main
from libs.chassis.running.service import Service
from libs.chassis.running.settings import Settings
from libs.chassis.running.watch import TIMERS, Watch, of_inbox, of_query, of_relay, watch
from libs.events.background.jobs import Jobs
from libs.events.background.timers import Timers
from libs.events.database.connections import Pool
from libs.events.inbox.consumer import Consumer
from libs.events.log import erasure
from libs.events.log.store import Store
from libs.events.transport import kafka
from libs.events.transport.broker import Kafka
from libs.events.transport.compacted import Sender
from libs.events.transport.copies import Receiver
from libs.events.transport.relay import Relay

log = structlog.get_logger(__name__)

WORKER_POOL_SIZE = 4
"""Connections of relay, consumer, timers and background work, and one more for each kind of jobs: neither a burst of
requests nor a long job makes a deadline late."""


class EventProcess(Process):
    """One running event service."""

    def __init__(self, service: Service, settings: Settings, role: str) -> None:
        app = service.http()
        super().__init__(service.name, app, service.internal_http(app), settings, role)
        self.service = service
        if role == "worker":
            self.vitals.needs["Kafka"] = self._kafka_answers

    async def open(self, http: httpx.AsyncClient) -> None:
        """Reach the database, then answer from it and begin the rest."""
        pool = await self.reach(self.settings.own.pool_size, PATIENCE_SECONDS)
        workers = await self.reach(WORKER_POOL_SIZE + len(self.service.jobs)) if self.role != "http" else None
        relay = self._relay(workers) if workers else None
        store = self.service.store(pool, relay.wake if relay else lambda: None, self._offline)
        self.service.attach(self.app, store)
        log.info("ready", role=self.role, port=self.settings.own.port, internal=self.settings.own.internal_port)
        self.begin("housekeeping", keep_house(*self._chores(workers or pool, relay)))
        self.begin("clock", self._compare_clocks(workers or pool))
        if workers and relay:
            self._work_beside(store.beside(workers), relay, http)

    def _chores(self, pool: Pool, relay: Relay | None) -> Iterator[Chore]:
        yield lambda: look(pool, relay)
        if relay is not None:
            yield lambda: pool.execute(erasure.SWEEP)  # first: nothing that holds up the rest may hold it up
            yield self.service.retention(pool, self.settings.common).step

    async def _compare_clocks(self, pool: Pool) -> None:
        clock = Clock()

        async def compare() -> None:
            self.vitals.offset = await clock.compare(pool)

        await keep_house(compare, pause_seconds=lambda: clock.pause_seconds)

    def _relay(self, pool: Pool) -> Relay:
        return Relay(pool, self.settings.own.database, self.service.name, self._kafka, tracing.tracer)

    def _work_beside(self, store: Store, relay: Relay, http: httpx.AsyncClient) -> None:
        watches = [Watch("relay", of_relay(relay), self._kafka_answers)]
        self.begin("relay", relay.run(), after=relay.stop)
        watches += self._consume(store, http)
        if self.service.fall_due is not None:
            self.begin("timers", Timers(store, self.service.fall_due, tracing.tracer).run())
            watches.append(Watch("timers", of_query(store.pool, TIMERS), _always))
        for work in self.service.background:
            self.begin(work.__name__, work(store))
        for kind in self.service.jobs:
            self.begin(f"jobs {kind.name}", Jobs(store, kind, tracing.tracer).run())
        self._copy(store)
        self.begin("watch", watch(watches, self.vitals))

    def _consume(self, store: Store, http: httpx.AsyncClient) -> list[Watch]:
        """Consume what the service hears, if it hears anything."""
        inbox = self.service.inbox(store, tracing.tracer)
        if inbox is None:
            return []
        feed = HttpFeed.of(self.service.name, self.settings, http)
        consumer = Consumer(inbox, self._kafka, feed)
        self.begin("consumer", consumer.run(), ask=consumer.end)
        self.begin("heads", consumer.watch_heads())
        return [Watch("consumer", of_inbox(inbox, feed), self._kafka_answers)]

    def _copy(self, store: Store) -> None:
        """Show tables to the other services, and keep copies of theirs."""
        for shown in self.service.shows:
            sender = Sender(store.pool, self.settings.own.database, self._kafka, shown)
            self.begin(f"shows {shown.topic}", sender.run())
        for copy in self.service.copies:
            self.begin(f"copies {copy.topic}", Receiver(store.pool, self._kafka, copy).run())

    @property
    def _offline(self) -> timedelta:
        return timedelta(hours=self.settings.common.offline_hours)

    @property
    def _kafka(self) -> Kafka:
        return self.settings.common.kafka

    async def _kafka_answers(self) -> bool:
        return await kafka.reachable(self._kafka)


async def _always() -> bool:
    return True


def run(service: Service, argv: Sequence[str] | None = None) -> None:
    """Be a process of this service, until SIGTERM; `--role http|worker|all`."""
    main(
        service.name,
        service.about,
        service.hears.sources,
        lambda settings, role: EventProcess(service, settings, role),
        argv,
    )
