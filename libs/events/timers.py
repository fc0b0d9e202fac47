"""Timers: rows that fall due on the database's clock, claimed and acted on in one transaction.

A service arms a timer by an inline view over `schema.timer`; what is due leaves the table with the event it gave.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import asyncpg
import structlog

from libs.events.database import TRANSIENT, UNREACHABLE, Connection, transact
from libs.events.decider import Story
from libs.events.errors import described
from libs.events.intent import Intent
from libs.events.metrics import FIRED, LATENESS
from libs.events.store import Conflict, Store

log = structlog.get_logger(__name__)

FallDue = Callable[[str, str, datetime], Story]
"""The story of a timer that is due, by its id, its stream's id and the instant it was due."""

MOST = 500
POLL_SECONDS = 0.025

CLAIM = """
DELETE FROM timer WHERE id IN (
    SELECT id FROM timer WHERE due_at <= clock_release() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, stream_id, due_at, extract(epoch FROM clock_release() - due_at)::float8 AS lateness
"""


class Timers:
    """Fires one service's timers, most overdue first."""

    def __init__(self, store: Store, fall_due: FallDue) -> None:
        self.store = store
        self.fall_due = fall_due
        self.progress = 0

    async def run(self) -> None:
        """Fire for ever; a batch that meets a conflict is tried again one by one."""
        most = MOST
        while True:
            try:
                fired = await self.fire(most)
                most = MOST if fired < most or most == MOST else 1
                if fired < most:
                    await asyncio.sleep(POLL_SECONDS)
            except (Conflict, *TRANSIENT):
                most = 1
            except UNREACHABLE as error:
                log.warning("timers out of reach", service=self.store.name, error=described(error))
                await asyncio.sleep(1)  # what is out of reach is asked again, at ease

    async def fire(self, most: int = MOST) -> int:
        """Claim what is due and act on it, in one transaction: how many. Raises Conflict with nothing done."""
        async with transact(self.store.pool) as connection:
            # The claim takes the most overdue, and returns them in any order.
            due = sorted(await connection.fetch(CLAIM, most), key=lambda row: row["due_at"])
            if due:
                await self._act(connection, due)
        self._report(due)
        return len(due)

    async def _act(self, connection: Connection, due: list[asyncpg.Record]) -> None:
        stories = [(self.fall_due(row["id"], row["stream_id"], row["due_at"]), row["due_at"]) for row in due]
        begun = [(story, do, at) for story, at in stories if (do := next(story, None)) is not None]
        unit = await self.store.unit([do.stream for _, do, _ in begun], connection)
        for story, do, at in begun:
            await unit.follow(story, do, Intent(actor=f"timer:{self.store.name}", occurred_at=at))
        await self.store.append(unit, connection)

    def _report(self, due: list[asyncpg.Record]) -> None:
        self.progress += len(due)
        FIRED.inc(len(due))
        for row in due:
            LATENESS.observe(row["lateness"])
