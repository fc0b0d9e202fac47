"""A duration as a policy gives it: an amount of working time, or of business days. Neither becomes the other unsaid."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.live_calendar import UNTIL, LiveCalendar

Unit = Literal["seconds", "minutes", "hours", "business_days"]
SECOND = timedelta(seconds=1)
SECONDS: dict[Unit, int] = {"seconds": 1, "minutes": 60, "hours": 3600}


class Duration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So much time of a calendar: hours of its working time (around the clock where it never closes), or business days.

    n business days end at the same clock time n working days on, or with `end_of_day` at the close of the nth
    (ADR 19.17).
    """

    amount: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
    unit: Unit
    end_of_day: bool = False

    def __post_init__(self) -> None:
        if self.unit == "business_days" and not self.amount.is_integer():
            raise ValueError("business days are whole")
        if self.unit != "business_days" and self.end_of_day:
            raise ValueError("only business days end with the day")
        if self.unit != "business_days" and not self._working:
            raise ValueError("it rounds to nothing: a second is the least")

    def after(
        self, calendar: LiveCalendar, start: datetime, count_from: CountFrom = "next_business_day"
    ) -> datetime | None:
        """The instant at which so much of the calendar has passed since `start` (aware); None if it never has."""
        if self.unit == "business_days":
            return calendar.days_on(start, int(self.amount), self.end_of_day, count_from)
        return calendar.due(start, self._working)

    def working(
        self, calendar: LiveCalendar, start: datetime, count_from: CountFrom = "next_business_day"
    ) -> timedelta:
        """The working time that the duration stands for from `start` on, so that pauses can be taken off it.

        Business days that never come stand for a second more than the calendar holds.
        """
        if self.unit != "business_days":
            return self._working
        end = self.after(calendar, start, count_from)
        return calendar.elapsed(start, UNTIL) + SECOND if end is None else calendar.elapsed(start, end)

    @property
    def seconds(self) -> int:
        """Whole seconds of working time; 0 for business days, which are none."""
        return round(self.amount * SECONDS.get(self.unit, 0))

    @property
    def _working(self) -> timedelta:
        return timedelta(seconds=self.seconds)
