"""Timers: rows that fall due on the database's clock, claimed and acted on in one transaction.

A service arms a timer by an inline view over `schema.timer`; what is due leaves the table with the event it gave.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import zip_longest
from time import time_ns

import asyncpg
import structlog

from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, transact
from libs.events.database.outage import Outage
from libs.events.decider import Story
from libs.events.errors import described
from libs.events.inbox.chore import EPIDEMIC_SECONDS, TRIES, Chore, Facts, Telling
from libs.events.inbox.parking import Epidemic, Failure, park_chore
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict, NewerLog, Store
from libs.events.metrics import FIRED, HALVED, LATENESS
from libs.events.spans import Span, Tracer, begun
from libs.events.trace import Trace

log = structlog.get_logger(__name__)

FallDue = Callable[[str, str, datetime], Story]
"""The story of a timer that is due, by its id, its stream's id and the instant it was due."""

KIND = "timer"
MOST = 500
POLL_SECONDS = 0.025

CLAIM = """
DELETE FROM timer WHERE id IN (
    SELECT id FROM timer WHERE due_at <= clock_release() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, stream_id, due_at, extract(epoch FROM clock_release() - due_at)::float8 AS lateness
"""


def intent(service: str, due_at: datetime, traceparent: str | None = None) -> Intent:
    """A timer's story happens when it was due."""
    return Intent(actor=f"timer:{service}", occurred_at=due_at, traceparent=traceparent)


def telling(service: str, fall_due: FallDue) -> Telling:
    """The story of a timer that was parked."""

    def tell(facts: Facts) -> tuple[Story, Intent]:
        due_at = datetime.fromisoformat(facts["due_at"])
        return fall_due(facts["id"], facts["stream_id"], due_at), intent(service, due_at)

    return tell


class Timers:
    """Fires one service's timers, most overdue first."""

    def __init__(self, store: Store, fall_due: FallDue, tracer: Tracer | None = None) -> None:
        self.store = store
        self.fall_due = fall_due
        self.tracer = tracer
        self.progress = 0
        self._claimed: list[asyncpg.Record] = []
        self._failures = 0

    async def run(self) -> None:
        """Fire for ever. A batch that meets a conflict is tried again one by one; one that raises anything else is
        halved down to the timer that does so alone, which is parked.
        """
        outage = Outage("timers out of reach", service=self.store.name)
        most, growth = MOST, 2
        while True:
            async with outage.ridden_out(NewerLog):
                most, growth = await self._turn(most, growth)
                outage.over()

    async def _turn(self, most: int, growth: int) -> tuple[int, int]:
        """Fire once: how many to take the next time, and how fast that number grows."""
        try:
            fired = await self.fire(most)
        except (Conflict, *TRANSIENT):
            return 1, 1
        except (*UNREACHABLE, NewerLog):
            raise
        except Exception as error:  # noqa: BLE001  # what is wrong shows when a timer is tried alone
            HALVED.inc()
            await self._judge(error)
            return max(1, most // 2), 2
        self._failures = 0
        if fired < most:
            await asyncio.sleep(POLL_SECONDS)
            return MOST, growth
        return min(MOST, most * growth), growth

    async def _judge(self, error: Exception) -> None:
        """An error of a batch says nothing; one that repeats with one timer alone parks it."""
        if len(self._claimed) > 1:
            return
        self._failures += 1
        if self._failures < TRIES:
            await asyncio.sleep(random.uniform(0, 0.02 * 2**self._failures))
            return
        for row in self._claimed:
            await self._park(row, Failure.of(error))
        self._failures = 0

    async def _park(self, row: asyncpg.Record, why: Failure) -> None:
        """Out of the table of timers, unless it was set anew meanwhile, and into that of parked events."""
        facts = {"id": row["id"], "stream_id": row["stream_id"], "due_at": row["due_at"].isoformat()}
        try:
            async with transact(self.store.pool) as connection:
                gone = await connection.execute(
                    "DELETE FROM timer WHERE id = $1 AND due_at = $2", row["id"], row["due_at"]
                )
                if gone == "DELETE 1":
                    await park_chore(connection, self.store.name, Chore(KIND, row["stream_id"], facts), why)
        except Epidemic:
            await asyncio.sleep(EPIDEMIC_SECONDS)  # until it is mended, every timer would be the next
        except (*TRANSIENT, *UNREACHABLE) as error:
            log.warning("timer could not be parked", timer=row["id"], error=described(error))

    async def fire(self, most: int = MOST) -> int:
        """Claim what is due and act on it, in one transaction: how many. Whatever it raises, nothing is done."""
        self._claimed, began, traces = [], time_ns(), list[Trace]()
        async with transact(self.store.pool) as connection:
            # The claim takes the most overdue, and returns them in any order.
            self._claimed = due = sorted(await connection.fetch(CLAIM, most), key=lambda row: row["due_at"])
            if due:
                traces = await self._act(connection, due)
        self._report(due)
        self._trace(traces, began)
        return len(due)

    async def _act(self, connection: Connection, due: list[asyncpg.Record]) -> list[Trace]:
        """The stories of these timers; the traces that they begin, if anybody records them."""
        stories = [(self.fall_due(row["id"], row["stream_id"], row["due_at"]), row["due_at"]) for row in due]
        told = [(story, do, at) for story, at in stories if (do := next(story, None)) is not None]
        unit = await self.store.unit([do.stream for _, do, _ in told], connection)
        traces = [begun(self.tracer) for _ in told] if self.tracer is not None else []
        for (story, do, at), trace in zip_longest(told, traces):
            await unit.resume(story, do, intent(self.store.name, at, trace and trace.traceparent))
        await self.store.append(unit, connection)
        return traces

    def _trace(self, traces: Iterable[Trace], began: int) -> None:
        for at in traces:
            if self.tracer is not None and at.sampled:
                self.tracer.record(
                    Span(name="fire timer", kind="internal", at=at, began=began, ended=time_ns(), attributes={})
                )

    def _report(self, due: list[asyncpg.Record]) -> None:
        self.progress += len(due)
        FIRED.inc(len(due))
        for row in due:
            LATENESS.observe(row["lateness"])
