"""What processes do beside their work: set gauges that have to be looked up, and delete what is past its time."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool
from libs.events.metrics import PARKED, STOPPED
from libs.events.transport.relay import Relay

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0

Chore = Callable[[], Awaitable[object]]


async def keep_house(*chores: Chore, pause_seconds: Callable[[], float] = lambda: LOOK_SECONDS) -> None:
    """One after the other, for ever; a database out of reach is tried again at the next look."""
    while True:
        try:
            for chore in chores:
                await chore()
        except (*UNREACHABLE, *TRANSIENT) as error:
            log.warning("housekeeping out of reach", error=type(error).__name__)
        await asyncio.sleep(pause_seconds())


async def look(pool: Pool, relay: Relay | None) -> None:
    """Set the gauges of what stands in the database."""
    if relay is not None:
        await relay.measure()
    parked = await pool.fetch("SELECT consumer AS of, count(*) FROM parked GROUP BY consumer")
    stopped = await pool.fetch("SELECT stopped AS of, count(*) FROM position WHERE stopped IS NOT NULL GROUP BY 1")
    for gauge, rows in ((PARKED, parked), (STOPPED, stopped)):
        gauge.clear()
        for row in rows:
            gauge.labels(row["of"]).set(row["count"])
