"""The database's clock, read once for all who ask while a reading is on its way."""

import asyncio
from datetime import datetime

from libs.events.database import Pool, clock_now


class Clock:
    """Whoever asks gets a reading that began after the question: as true as one of its own, at a share of the cost."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asking: list[asyncio.Future[datetime]] = []
        self._reading: asyncio.Task[None] | None = None

    async def now(self) -> datetime:
        """Now by the database's clock. Raises what says that the database is out of reach."""
        asked: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
        self._asking.append(asked)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asked

    async def _read(self) -> None:
        try:
            while asking := self._asking:
                self._asking = []
                await self._answer(asking)
        finally:
            self._reading = None

    async def _answer(self, asking: list["asyncio.Future[datetime]"]) -> None:
        try:
            now = await clock_now(self._pool)
        except Exception as error:  # noqa: BLE001  # it is theirs who asked
            for asked in asking:
                if not asked.done():
                    asked.set_exception(error)
        else:
            for asked in asking:
                if not asked.done():
                    asked.set_result(now)
