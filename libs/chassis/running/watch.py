"""Liveness by progress: a task that has work, a database and a Kafka that answer, and does not get on, is stuck."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from libs.chassis.http.health import Vitals
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.telemetry import STALLED
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import UNHEARD, missing
from libs.events.transport.relay import Relay

LOOK_SECONDS = 10.0
PATIENCE_SECONDS = 90.0

RELAY = """
SELECT (SELECT sum(seq) FROM cursor) AS moved,
       EXISTS (SELECT 1 FROM outbox) OR EXISTS (
           SELECT 1 FROM cursor AS c WHERE EXISTS (SELECT 1 FROM published AS p WHERE p.lane = c.lane AND p.seq > c.seq)
       ) AS work
"""
TIMERS = (
    "SELECT min(due_at) AS moved, coalesce(min(due_at) <= clock_release() - interval '10 s', false) AS work FROM timer"
)

Look = Callable[[], Awaitable[tuple[Any, bool]]]
"""What moves when the task gets on, and whether it has work."""


class Stalled(Exception):
    """A task makes no progress although it could: the process ends, and is started again."""


@dataclass
class Watch:
    """One task under watch. `reachable` says whether what it depends on answers on a fresh connection."""

    task: str
    look: Look
    reachable: Callable[[], Awaitable[bool]]
    moved: Any = None
    since: float = field(default_factory=time.monotonic)

    async def stalled(self) -> bool:
        """One look: whether it had work and did not move for PATIENCE_SECONDS, with what it depends on at hand."""
        try:
            moved, work = await self.look()
        except (*UNREACHABLE, *TRANSIENT):
            moved, work = self.moved, False
        now = time.monotonic()
        if not work or moved != self.moved:
            self.moved, self.since = moved, now
        elif now - self.since > PATIENCE_SECONDS:
            self.since = now
            return await self.reachable()
        return False


async def watch(watches: Sequence[Watch], vitals: Vitals) -> None:
    """Look at every task for ever. Raises Stalled, after which the process ends."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        for each in watches:
            if await each.stalled():
                vitals.stalled = each.task
                STALLED.labels(each.task).inc()
                raise Stalled(each.task)


def of_query(pool: Pool, statement: str) -> Look:
    """A look by a statement that answers one row (moved, work)."""

    async def look() -> tuple[Any, bool]:
        (row,) = await pool.fetch(statement)
        return row["moved"], row["work"]

    return look


def of_relay(relay: Relay) -> Look:
    """A look at the cursors. Only who leads has work: that another process does not get on is not cured by our end."""
    look = of_query(relay.pool, RELAY)

    async def look_as_leader() -> tuple[Any, bool]:
        moved, work = await look()
        return moved, work and relay.leads

    return look_as_leader


def of_inbox(inbox: Inbox, feed: HttpFeed) -> Look:
    """A look at the positions: work is a lane behind its source's head that was not stopped on purpose."""

    async def look() -> tuple[Any, bool]:
        positions = await inbox.positions()
        behind = False
        for source in inbox.hears.sources:
            for lane, head in (await feed.heads(source)).items():
                at = positions.get((source, lane), UNHEARD)
                gap = missing((source, lane), at, head.epoch, head.seq)
                behind = behind or (gap is not None and at.stopped is None)
        return sum(at.seq + at.epoch for at in positions.values()), behind

    return look
