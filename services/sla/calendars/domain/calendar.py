"""Working time: how much of it lies between two instants, and when so much of it will have passed.

Pauses are a list of [from, to) facts, never a running total (ADR 19.6), and they may overlap.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from services.sla.calendars.domain import business_days
from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.interval import Interval, instant, interval, length, microseconds, steps, union
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.calendars.domain.trace import Passage, trace
from services.sla.calendars.domain.working_time import FURTHEST, OutOfReach, WorkingTime

__all__ = ["Calendar", "OutOfReach", "Passage", "Pause"]

Pause = tuple[datetime, datetime]
MOST = steps(timedelta(days=366 * FURTHEST))
"""More than this no calendar opens within its reach."""


class Calendar:
    """Arithmetic in the working time of some opening hours. Instants are aware; answers are in UTC.

    Raises OutOfReach for what lies more than 400 years off or never comes, ValueError for a pause that ends before
    it begins, OverflowError beyond the years that dates have.
    """

    def __init__(self, hours: OpeningHours) -> None:
        self.hours = hours
        self._line = WorkingTime(hours)

    def add(self, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest instant by which `amount` has been counted since `start`: an exact fit ends at closing time.

        A negative amount goes back, to the latest instant that fits; none is the start itself.
        """
        count, origin = steps(amount), self._line.ask(start)
        if count == 0:
            return start
        if abs(count) > MOST:
            raise OutOfReach
        return self._at((self._on if count > 0 else self._back)(origin, count, _merged(pauses)))

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """The working time in [start, end) outside the pauses; negative for a reversed span."""
        begin, until = self._line.ask(start), self._line.near(end)
        if until < begin:
            return -self.elapsed(end, start, pauses)
        counted = self._line.counted(until) - self._line.counted(begin)
        for paused, resumed in _merged(pauses):
            if paused < until and begin < resumed:
                counted -= self._line.counted(min(resumed, until)) - self._line.counted(max(paused, begin))
        return length(counted)

    def is_open(self, at: datetime) -> bool:
        """Whether time counts at that instant; at closing time it does not."""
        return self._line.is_open(self._line.ask(at))

    def opening(self, at: datetime) -> datetime:
        """From when on time counts, at `at` or after it: `at` itself when open, else the next opening."""
        return instant(self._line.latest(self._line.counted(self._line.ask(at))))

    def add_days(
        self, start: datetime, days: int, end_of_day: bool = False, count_from: CountFrom = "next_business_day"
    ) -> datetime:
        """The same clock time `days` business days on, or the last closing of that day; negative days go back.

        A start outside opening hours counts from its next opening, unless `count_from` says otherwise. Where that day
        is not open at that clock time, it is the last closing before it, or the day's first opening. No days, and not
        the end of one, are the start itself.
        """
        origin = self._line.ask(start)
        if days == 0 and not end_of_day:
            return start
        return self._at(business_days.add_days(self._line, origin, days, end_of_day, count_from))

    def elapsed_days(self, start: datetime, end: datetime, count_from: CountFrom = "next_business_day") -> int:
        """How many business days on from `start` have come by `end`; negative for a reversed span."""
        begin, until = self._line.ask(start), self._line.near(end)
        if until < begin:
            return -self.elapsed_days(end, start, count_from)
        return business_days.elapsed_days(self._line, begin, until, count_from)

    def trace(self, start: datetime, end: datetime) -> list[Passage]:
        """Which of [start, end) counts and which does not, and why. Its open passages add up to what elapses."""
        self._line.ask(start)
        self._line.near(end)
        return trace(self.hours, start, end)

    @property
    def known_until(self) -> date | None:
        """The last local date of which the public holidays are known; None where it follows none."""
        return self.hours.public.known_until if self.hours.public else None

    def provisional(self, at: datetime) -> bool:
        """Whether working time up to `at` takes in a year whose public holidays are not known.

        Such a year counts by the weekly hours alone, until its days are decreed and shipped.
        """
        public = self.hours.public
        if public is None:
            return False
        known = self.hours.midnight(public.known_from), self.hours.midnight(public.known_until + timedelta(days=1))
        return not known[0] <= microseconds(at) <= known[1]

    def _at(self, since: int) -> datetime:
        at = instant(since)
        self._line.near(at)
        return at

    def _on(self, origin: int, count: int, pauses: list[Interval]) -> int:
        """When `count` more have been counted, the pauses on the way added."""
        goal = self._line.counted(origin) + count
        due = self._line.earliest(goal)
        for paused, resumed in pauses:
            if due <= paused:
                break
            if resumed > origin:
                goal += self._line.counted(resumed) - self._line.counted(max(paused, origin))
                due = self._line.earliest(goal)
        return due

    def _back(self, origin: int, count: int, pauses: list[Interval]) -> int:
        """The same backwards: `count` is negative."""
        goal = self._line.counted(origin) + count
        due = self._line.latest(goal)
        for paused, resumed in reversed(pauses):
            if due >= resumed:
                break
            if paused < origin:
                goal -= self._line.counted(min(resumed, origin)) - self._line.counted(paused)
                due = self._line.latest(goal)
        return due


def _merged(pauses: Iterable[Pause]) -> list[Interval]:
    return union(interval(*pause) for pause in pauses) if pauses else []
