"""What processes do beside their work: set gauges that have to be looked up; workers delete what is past its time."""

import asyncio

import structlog

from libs.chassis.running.clock import Clock
from libs.chassis.running.retention import Retention
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool
from libs.events.log import erasure
from libs.events.metrics import PARKED, STOPPED
from libs.events.transport.relay import Relay

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0


async def keep_house(pool: Pool, relay: Relay | None, retention: Retention) -> None:
    """For ever; a database out of reach is tried again at the next look."""
    clock = Clock()
    while True:
        try:
            await clock.compare(pool)
            await look(pool, relay)
            if relay is not None:
                await pool.execute(erasure.SWEEP)  # first: nothing that holds up the rest may hold it up
                await retention.step()
        except (*UNREACHABLE, *TRANSIENT) as error:
            log.warning("housekeeping out of reach", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)


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
