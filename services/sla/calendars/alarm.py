"""The alarm of missing public holidays: a gauge, and once a day a line in the log. Deadlines go on, but provisional."""

import asyncio
from datetime import UTC, date, datetime

import structlog
from prometheus_client import Gauge

from libs.events.log.store import Store
from services.sla.calendars.domain.public_holidays import REGIONS

log = structlog.get_logger(__name__)

YEARS_MISSING = Gauge(
    "aftercare_sla_holiday_years_missing",
    "Years of public holidays that should be here and are not: up to this one, from December on up to the next",
    ["region"],
)
DAY_SECONDS = 86_400.0


async def watch_holidays(_store: Store) -> None:
    """At the start and once a day, for ever."""
    while True:
        look(datetime.now(UTC).date())
        await asyncio.sleep(DAY_SECONDS)


def look(today: date) -> None:
    """Set the gauge, and say what is missing."""
    for region, known in REGIONS.items():
        missing = known.missing_years(today)
        YEARS_MISSING.labels(region).set(len(missing))
        if missing:
            log.warning("public holidays are missing", region=region, years=list(missing))
