"""Business days (工作日), a unit of their own: local dates with any open time, counted as whole dates, never as hours.

All instants here are microseconds since 1970 UTC.
"""

from datetime import date, datetime, timedelta

from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.interval import Interval, instant, microseconds
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.calendars.domain.working_time import WorkingTime

TOMORROW = timedelta(days=1)


def add_days(line: WorkingTime, start: int, days: int, end_of_day: bool, count_from: CountFrom) -> int:
    """The same clock time `days` business days on from `start`, or that day's last closing. Raises OutOfReach.

    A start outside opening hours counts from its next opening, or from the day of receipt, its own date and clock time.
    Where the day is not open at that clock time, it is the last closing before it on that date, or the date's first
    opening if there is none. The end of no days is that of the first day with any left, whichever is counted from.
    """
    received = count_from == "day_of_receipt" and days
    origin = start if received else line.latest(line.counted(start))
    day = line.hours.date_of(origin)
    for _ in range(abs(days)):
        day = _next(line, day) if days > 0 else _previous(line, day)
    opened = line.opened_on(_span(line.hours, day))
    return opened[-1][1] if end_of_day else _at_clock_time(line.hours, opened, day, origin)


def elapsed_days(line: WorkingTime, start: int, end: int, count_from: CountFrom) -> int:
    """How many business days on from `start` have come by `end`, which is not before it. Raises OutOfReach."""
    received = count_from == "day_of_receipt"
    if not received and line.counted(start) == line.counted(end):
        return 0
    origin = start if received else line.latest(line.counted(start))
    day, last = line.hours.date_of(origin), line.hours.date_of(end)
    days, before = 0, line.counted(line.hours.midnight(day + TOMORROW))
    for number in range(1, (last - day).days + 1):
        counted = line.counted(line.hours.midnight(day + (number + 1) * TOMORROW))
        days += counted > before
        before = counted
    return days - (days > 0 and add_days(line, start, days, end_of_day=False, count_from=count_from) > end)


def _next(line: WorkingTime, day: date) -> date:
    return line.hours.date_of(line.latest(line.counted(line.hours.midnight(day + TOMORROW))))


def _previous(line: WorkingTime, day: date) -> date:
    return line.hours.date_of(line.earliest(line.counted(line.hours.midnight(day))) - 1)


def _span(hours: OpeningHours, day: date) -> Interval:
    return hours.midnight(day), hours.midnight(day + TOMORROW)


def _at_clock_time(hours: OpeningHours, opened: list[Interval], day: date, origin: int) -> int:
    clock = instant(origin).astimezone(hours.zone).time()
    at = microseconds(datetime.combine(day, clock, hours.zone))  # in an overlap the first, as everywhere
    begun = [closes for opens, closes in opened if opens <= at]
    return min(at, begun[-1]) if begun else opened[0][0]
