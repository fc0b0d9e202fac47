"""Public holidays of a region as its government decreed them, day by day: data that ships with the service.

China's days off and make-up working days (调休) follow from no rule; the State Council announces them each autumn. So
a year that is not in the data is not guessed: `missing_years` is the alarm, and what reaches into it is provisional.
"""

from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Literal

import msgspec

Region = Literal["CN"]
DECEMBER = 12
"""From this month on the next year's days should be here: the notices came by the end of November."""


class PublicHoliday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One decreed day: off, or a make-up working day of the holiday `name` (by language tag).

    `notice` is the number of the notice that decreed it, null where no source is at hand.
    """

    date: date
    kind: Literal["off", "work"]
    name: dict[str, str]
    notice: str | None

    @property
    def title(self) -> str:
        """The holiday's name in all its languages."""
        return " ".join(self.name.values())


class PublicHolidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The decreed days of a region, complete for the years from the first to the last of `years`."""

    region: Region
    years: tuple[int, int]
    days: tuple[PublicHoliday, ...]

    @cached_property
    def off(self) -> dict[date, PublicHoliday]:
        """The days off, weekends within a holiday included."""
        return {day.date: day for day in self.days if day.kind == "off"}

    @cached_property
    def work(self) -> dict[date, PublicHoliday]:
        """The make-up working days."""
        return {day.date: day for day in self.days if day.kind == "work"}

    @property
    def known_from(self) -> date:
        """The first date of which the data says whether it is one of these days."""
        return date(self.years[0], 1, 1)

    @property
    def known_until(self) -> date:
        """The last such date."""
        return date(self.years[1], 12, 31)

    def missing_years(self, today: date) -> range:
        """The years that should be here and are not: up to this one, and from December on up to the next."""
        return range(self.years[1] + 1, today.year + (today.month >= DECEMBER) + 1)


CHINA = msgspec.json.decode(files("services.sla").joinpath("calendars", "china.json").read_bytes(), type=PublicHolidays)

REGIONS: dict[Region, PublicHolidays] = {CHINA.region: CHINA}
