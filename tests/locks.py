"""Who waits for a lock, as questions of one number.

The servers are shared, and databases that were copied from one have the same numbers for their tables: who asks
`pg_locks` without the database is told of other tests' locks. Ask outside of any transaction: inside of one the
sessions are for ever those of its first look.
"""

import asyncio
from typing import Any

from libs.events.database.connections import Pool

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
"""Sessions of this database that wait for a lock of any kind."""
WAITING_FOR = """
SELECT count(*) FROM pg_locks JOIN pg_database AS own ON own.oid = database
WHERE NOT granted AND own.datname = current_database() AND relation = $1::text::regclass
"""
"""Those that wait for a lock of this table."""
WAITING_BEHIND = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))"
"""Those that wait for what the session of this process number holds."""


async def is_held_up(task: "asyncio.Task[Any]", asked: Pool, holder: int) -> bool:
    """Whether somebody comes to wait for what the session of this process number holds, before the task is done."""
    while not task.done():
        if await asked.fetchval(WAITING_BEHIND, holder):
            return True
        await asyncio.sleep(0.01)
    return False
