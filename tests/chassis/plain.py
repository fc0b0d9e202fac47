"""A process without a log, as a gateway is one: two routes, a pool, and work beside requests."""

import asyncio

import httpx

from libs.chassis.http import ANYONE, Router
from libs.chassis.http.application import application, inside
from libs.chassis.running.process import Process, main
from libs.chassis.running.settings import Settings
from libs.events.database.connections import Pool

router = Router(prefix="/v1/beats", tags=["beats"])
BEATS: list[int] = []


@router.get("", dependencies=[ANYONE])
async def count() -> int:
    """How often it beat."""
    return len(BEATS)


async def beat(pool: Pool) -> None:
    """Beat on the database, for ever."""
    while True:
        BEATS.append(await pool.fetchval("SELECT 1"))
        await asyncio.sleep(0.01)


class Plain(Process):
    """HTTP, a pool and one task."""

    def __init__(self, settings: Settings, role: str) -> None:
        app = application("Plain", "Beats.", [router])
        super().__init__("triage", app, inside(app, "Plain", "Beats."), settings, role)

    async def open(self, _http: httpx.AsyncClient) -> None:
        """Beat from now on."""
        self.vitals.pool = await self.reach(2)
        self.begin("beat", beat(self.vitals.pool), after=self._told)

    async def _told(self) -> None:
        print(f"beat {bool(BEATS)}", flush=True)


if __name__ == "__main__":
    main("triage", "Beats.", (), Plain)
