"""The leader's lease: an advisory lock of a session that ends by itself when nobody is heard from.

The session is pinged beside the work. A leader that is frozen or cut off is heard no more, PostgreSQL ends its session,
and another takes over; one that does not get an answer stops by itself, and sooner.
"""

import asyncio
from collections.abc import Awaitable, Callable

from libs.events.database.connections import Address, Connection, connect_alone
from libs.events.database.race import first_of

LEASE_SECONDS = 10
PING_SECONDS = 3.0
ANSWER_SECONDS = 5.0
"""A leader whose ping is not answered for so long stops: before its lease ends."""

ASK_SECONDS = 0.5
TAKE = "SELECT pg_try_advisory_lock($1)"


class Deposed(Exception):
    """Another relay leads now: this one must stop and ask to lead again."""


async def held(database: Address | str, lock: int, work: Callable[[Connection], Awaitable[None]]) -> None:
    """Wait for the lease on a lock, then work until the work ends or the lease does, with whatever that raises."""
    connection = await connect_alone(database, {"idle_session_timeout": f"{LEASE_SECONDS}s"})
    try:
        while not await connection.fetchval(TAKE, lock, timeout=ANSWER_SECONDS):  # noqa: ASYNC110
            await asyncio.sleep(ASK_SECONDS)  # the lock is another process's: there is no event to await
        await first_of(work(connection), _ping(connection))
    finally:
        connection.terminate()


async def _ping(connection: Connection) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
