"""The database's clock, read once for all who ask while a reading is on its way."""

from collections.abc import Sequence
from datetime import datetime

from libs.events.database.connections import Pool, clock_now
from libs.events.log.batcher import Batcher


class Clock:
    """Whoever asks gets a reading that began after the question."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._readings: Batcher[None, datetime] = Batcher(self._read)

    async def now(self) -> datetime:
        """Now by the database's clock. Raises what says that the database is out of reach."""
        return await self._readings.ask(None)

    async def _read(self, asking: Sequence[None]) -> list[datetime]:
        return [await clock_now(self._pool)] * len(asking)
