"""What processes do beside their work: gauges that somebody has to look up; workers also forget old keys."""

import asyncio

import structlog

from libs.chassis.running.clock import Clock
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool
from libs.events.log import erasure
from libs.events.metrics import PARKED, STOPPED
from libs.events.transport.relay import Relay

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
KEY_HOURS = 72
"""How long the answer of a command is kept for its Idempotency-Key."""
SWEEP_PAGES = 4000
"""So much of the table, in pages of 8 KiB, is swept at a look: 32 MB, so 11 GB in an hour."""

SWEEP = """
DELETE FROM idempotency
WHERE ctid >= format('(%s,0)', $2::bigint)::tid AND ctid < format('(%s,0)', $3::bigint)::tid
  AND created_at < now() - make_interval(hours => $1)
"""
"""By pages, so that no index is to be kept at each append: one on the time would have been used for nothing else."""

PAGES = "SELECT pg_relation_size('idempotency') / current_setting('block_size')::int"


async def keep_house(pool: Pool, relay: Relay | None) -> None:
    """For ever; a database out of reach is tried again at the next look."""
    sweep, clock = Sweep(pool), Clock()
    while True:
        try:
            await clock.compare(pool)
            await look(pool, relay)
            if relay is not None:
                await sweep.step()
                await pool.execute(erasure.SWEEP)
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


class Sweep:
    """Forgets the answers of commands that nobody will send again, walking over the table a few pages at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._page = 0

    async def step(self, pages: int = SWEEP_PAGES) -> int:
        """Sweep the next `pages`, from the first again after the last: how many answers are gone."""
        begin, end = self._page, self._page + pages
        self._page = end if end < await self._pool.fetchval(PAGES) else 0
        return int((await self._pool.execute(SWEEP, KEY_HOURS, begin, end)).split()[-1])
