"""The calendar of live clocks: an answer for any instant and any amount, for a fact must never stop a clock.

Instants before 1970 and from 2200 on are out of its range: no time counts there. What the calendar never comes to has
no instant, and the clock says why (`NoDeadline`) instead of an error.
"""

from datetime import UTC, datetime, timedelta

from services.sla.calendars.domain.calendar import Calendar, OutOfReach, Passage
from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.calendars.domain.working_time import WorkingTime

FROM = datetime(1970, 1, 1, tzinfo=UTC)
UNTIL = datetime(2200, 1, 1, tzinfo=UTC)
MONTHS = range(1969 * 12 + 11, 2200 * 12 + 1)
"""The months that any zone's local dates need for that."""

NEVER = (OutOfReach, OverflowError)


class LiveCalendar(Calendar):
    """Arithmetic that never raises for data: None stands for an instant that never comes."""

    def __init__(self, hours: OpeningHours) -> None:
        super().__init__(hours)
        self._line = WorkingTime(hours, MONTHS)

    def elapsed(self, start: datetime, end: datetime, pauses: object = ()) -> timedelta:
        """The working time in [start, end); negative for a reversed span. Pauses are a course's own matter."""
        begin, until = within(start), within(end)
        return timedelta() if begin == until else super().elapsed(begin, until)

    def due(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest instant by which `amount` has been counted since `start`."""
        if start >= UNTIL:
            return None
        try:
            return _in_range(self.add(within(start), amount))
        except NEVER:
            return None

    def opens(self, at: datetime) -> datetime | None:
        """From when on time counts, at `at` or after it."""
        if at >= UNTIL:
            return None
        try:
            return _in_range(self.opening(within(at)))
        except NEVER:
            return None

    def days_on(self, start: datetime, days: int, end_of_day: bool, count_from: CountFrom) -> datetime | None:
        """When so many business days have passed since `start`."""
        if start >= UNTIL:
            return None
        try:
            return _in_range(self.add_days(within(start), days, end_of_day, count_from))
        except NEVER:
            return None

    def trace(self, start: datetime, end: datetime) -> list[Passage]:
        """Which of [start, end) counts and which does not, and why."""
        begin, until = within(start), within(end)
        passages = super().trace(begin, until) if begin < until else []
        if start < begin:
            passages.insert(0, Passage(start, min(begin, end), False, "out_of_range"))
        if until < end:
            passages.append(Passage(max(until, start), end, False, "out_of_range"))
        return passages


def within(at: datetime) -> datetime:
    """The instant in the range that is nearest."""
    return min(max(at, FROM), UNTIL)


def _in_range(at: datetime) -> datetime | None:
    return at if at < UNTIL else None
