"""This process's clock beside its database's: tokens are judged by the one, every recorded instant is the other's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from libs.chassis.telemetry import CLOCK_OFFSET
from libs.events.database.connections import Pool, clock_now

log = structlog.get_logger(__name__)

APART_SECONDS = 5.0
"""Further apart than any question takes: somebody's clock is wrong."""
SELDOM_SECONDS, OFTEN_SECONDS = 10.0, 1.0
"""Between two looks, while both agree and while they do not: a database in another time may be moved on."""


def own_now() -> datetime:
    """Now by this machine's clock."""
    return datetime.now(UTC)


class Clock:
    """Compared at each look; said once when it is wrong, and once when it is right again."""

    def __init__(self, now: Callable[[], datetime] = own_now) -> None:
        self._now = now
        self._is_wrong = False

    @property
    def pause_seconds(self) -> float:
        """Until it is to be compared again."""
        return OFTEN_SECONDS if self._is_wrong else SELDOM_SECONDS

    async def compare(self, pool: Pool) -> timedelta:
        """By how much this process's clock is ahead; nothing while both agree. The gauge says it in any case."""
        asked = self._now()
        there = await clock_now(pool)
        offset = (asked + (self._now() - asked) / 2 - there).total_seconds()
        CLOCK_OFFSET.set(offset)
        if (abs(offset) > APART_SECONDS) != self._is_wrong:
            self._is_wrong = not self._is_wrong
            told = "clock differs from the database's" if self._is_wrong else "clock agrees with the database's again"
            log.warning(told, seconds_ahead=round(offset, 1))
        return timedelta(seconds=offset) if self._is_wrong else timedelta()
