"""What every process does beside its work: gauges that somebody has to look up, and keys that are old enough to go."""

import asyncio

import structlog

from libs.events.database import TRANSIENT, UNREACHABLE, Pool
from libs.events.metrics import PARKED, STOPPED
from libs.events.relay import Relay

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
LOOKS_PER_SWEEP = 60
KEY_HOURS = 72
"""How long the answer of a command is kept for its Idempotency-Key."""
SWEEP_MOST = 5000

SWEEP = """
DELETE FROM idempotency WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM idempotency WHERE created_at < now() - make_interval(hours => $1) LIMIT $2
))
"""


async def keep_house(pool: Pool, relay: Relay | None) -> None:
    """For ever; a database out of reach is tried again at the next look."""
    looks = 0
    while True:
        try:
            await look(pool, relay)
            if looks % LOOKS_PER_SWEEP == 0:
                await sweep(pool)
        except (*UNREACHABLE, *TRANSIENT) as error:
            log.warning("housekeeping out of reach", error=type(error).__name__)
        looks += 1
        await asyncio.sleep(LOOK_SECONDS)


async def look(pool: Pool, relay: Relay | None) -> None:
    """Set the gauges of what stands in the database."""
    if relay is not None:
        await relay.measure()
    PARKED.set(await pool.fetchval("SELECT count(*) FROM parked"))
    STOPPED.set(await pool.fetchval("SELECT count(*) FROM position WHERE stopped IS NOT NULL"))


async def sweep(pool: Pool) -> int:
    """Forget the answers of commands that nobody will send again: how many. A few at a time, no long locks."""
    gone = 0
    while True:
        status = await pool.execute(SWEEP, KEY_HOURS, SWEEP_MOST)
        count = int(status.split()[-1])
        gone += count
        if count < SWEEP_MOST:
            return gone
