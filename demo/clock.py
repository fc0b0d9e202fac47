"""The virtual clock of the demo: the databases' own clock functions, replaced by ones that read a row.

Only the owner role of a database can do this, and nothing that is deployed calls it. A service's clock gives its
recorded_at, its checks of the future and its arming of deadlines (`clock_now()`), and the instant up to which timers
may fire (`clock_release()`): reaching an instant and letting its timers fire are two steps.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from demo.databases import Databases

INSTALL = """
CREATE TABLE IF NOT EXISTS virtual_clock (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    at timestamptz,
    release timestamptz,
    shift interval NOT NULL DEFAULT '0'
);
GRANT SELECT ON virtual_clock TO PUBLIC;
CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT coalesce(at, now() - shift) FROM virtual_clock';
CREATE OR REPLACE FUNCTION clock_release() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT coalesce(release, now() - shift) FROM virtual_clock';
"""


async def install(owner_url: str, at: datetime) -> None:
    """Let the database's clock stand at `at` (aware); where a virtual clock was installed before, it keeps its time."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute(INSTALL)
            await connection.execute(
                "INSERT INTO virtual_clock (at, release) VALUES ($1, $1) ON CONFLICT (id) DO NOTHING", at
            )
    finally:
        await connection.close()


@dataclass(frozen=True)
class VirtualClock:
    """The clocks of all the demo's databases, moved together and never back."""

    databases: Databases

    async def reach(self, at: datetime) -> None:
        """Stand at `at` (aware) everywhere; what falls due up to then does not fire yet."""
        await self.databases.everywhere("UPDATE virtual_clock SET at = greatest(at, $1)", at)

    async def release(self, at: datetime) -> None:
        """Let everything fire that is due at `at` (aware), which was reached before."""
        await self.databases.everywhere("UPDATE virtual_clock SET release = greatest(release, $1)", at)

    async def walk_on(self) -> None:
        """From the instant reached on, time passes as it does on the wall; nothing where it walks already."""
        await self.databases.everywhere(
            "UPDATE virtual_clock SET shift = now() - at, at = NULL, release = NULL WHERE at IS NOT NULL"
        )

    async def now(self) -> datetime:
        """The earliest of the databases' nows, aware."""
        found: dict[str, datetime] = await self.databases.values("SELECT clock_now()")
        return min(found.values())

    async def next_due(self) -> datetime | None:
        """The earliest armed deadline of all services, or None."""
        found = await self.databases.values("SELECT min(due_at) FROM timer")
        return min((due for due in found.values() if due), default=None)

    async def overdue(self) -> int:
        """How many timers may fire and have not yet."""
        found: dict[str, int] = await self.databases.values(
            "SELECT count(*) FROM timer WHERE due_at <= clock_release()"
        )
        return sum(found.values())
