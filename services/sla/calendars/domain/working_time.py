"""Opening hours compiled to one line of UTC: open intervals with prefix sums, so that every question is a bisection.

A month is compiled when something asks for it. Real seconds on the UTC line: a 24×7 day of a clock change has 23 or 25
hours (ADR 19.14). All instants here are microseconds since 1970 UTC.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime

from services.sla.calendars.domain.interval import Interval, microseconds
from services.sla.calendars.domain.opening_hours import OpeningHours

FURTHEST = 400
"""Years from where it is asked that a question may reach, so that an absurd amount ends in a sentence."""

REACH = FURTHEST * 12
FIRST, LAST = 12, 9999 * 12 + 10
"""The first and the last month of all, counted from year 0: only between them has a month all its neighbours."""


class OutOfReach(ValueError):
    """The calendar does not hold so much working time."""

    def __init__(self) -> None:
        super().__init__(f"the calendar does not hold so much working time within {FURTHEST} years")


class WorkingTime:
    """What has been open by when. `ask` comes before the rest.

    `months`, counted from year 0, bound all questions: what was compiled of them is kept whatever is asked.
    """

    def __init__(self, hours: OpeningHours, months: range | None = None) -> None:
        self.hours = hours
        self._bounded = months is not None
        self._within = range(FIRST + 1, LAST) if months is None else months
        last = hours.closures[-1] if hours.closures else (0, 0)
        # From here on one closure lasts to the end of all months: nobody needs to look through them.
        self._shut = last[0] if last[1] >= hours.midnight(_first(self._within.stop - 1)) else None
        self._begin(1970 * 12)

    def _begin(self, month: int) -> None:
        self._asked = month
        self._starts: list[int] = []
        self._ends: list[int] = []
        # Open time before each interval; 0 is where the first compiled month began, earlier ones are below it.
        self._sums: list[int] = []
        self._total = self._least = 0
        self._months = range(month, month)
        self._from = self._to = self.hours.midnight(_first(month))

    def near(self, at: datetime) -> int:
        """An instant that lies within the question's reach, in microseconds. Raises OutOfReach."""
        if abs(at.year * 12 + at.month - 1 - self._asked) > REACH:
            raise OutOfReach
        return microseconds(at)

    def ask(self, at: datetime) -> int:
        """A question begins there, and may reach `FURTHEST` years from it, whatever was asked before: in microseconds.

        Raises OutOfReach.
        """
        month = at.year * 12 + at.month - 1
        if self._months.start - REACH <= month < self._months.stop + REACH and self._months:
            self._asked = month
        elif FIRST < month < LAST:
            self._begin(month)
        else:
            raise OutOfReach
        return microseconds(at)

    def counted(self, at: int) -> int:
        """The open time from the line's zero to that instant. Raises OutOfReach."""
        if not self._from <= at < self._to:
            self._cover(at)
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return self._least
        end = self._ends[index]
        return self._sums[index] + (min(end, at)) - self._starts[index]

    def earliest(self, counted: int) -> int:
        """The first instant by which so much is counted: a closing time where both would do. Raises OutOfReach."""
        while counted > self._total:
            self._compile_next()
        while counted <= self._least:
            self._compile_previous()
        index = bisect_left(self._sums, counted) - 1
        return self._starts[index] + counted - self._sums[index]

    def latest(self, counted: int) -> int:
        """The last such instant: an opening time where both would do. Raises OutOfReach."""
        while counted < self._least:
            self._compile_previous()
        while counted >= self._total:
            self._compile_next()
        index = bisect_right(self._sums, counted) - 1
        return self._starts[index] + counted - self._sums[index]

    def is_open(self, at: int) -> bool:
        """Whether time counts there. Raises OutOfReach."""
        self._cover(at)
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]

    def opened_on(self, day: Interval) -> list[Interval]:
        """The open intervals within that time."""
        begin, end = day
        self._cover(begin)
        self._cover(end)
        first, last = bisect_right(self._ends, begin), bisect_left(self._starts, end)
        return [(max(begin, self._starts[n]), min(end, self._ends[n])) for n in range(first, last)]

    def _cover(self, at: int) -> None:
        while at < self._from:
            self._compile_previous(unless_empty=False)
        while at >= self._to:
            self._compile_next(unless_empty=False)

    def _compile_next(self, unless_empty: bool = True) -> None:
        month = self._months.stop
        first, after = self._check(month)
        if unless_empty and (self.hours.never_from(first) or self._shut_by(first)):
            raise OutOfReach
        for begin, end in self.hours.opened(first, after):
            self._starts.append(begin)
            self._ends.append(end)
            self._sums.append(self._total)
            self._total += end - begin
        self._months = range(self._months.start, month + 1)
        self._to = self.hours.midnight(after)

    def _compile_previous(self, unless_empty: bool = True) -> None:
        month = self._months.start - 1
        first, after = self._check(month)
        if unless_empty and self.hours.never_before(after):
            raise OutOfReach
        intervals = self.hours.opened(first, after)
        sums = []
        for begin, end in reversed(intervals):
            self._least -= end - begin
            sums.append(self._least)
        self._starts[:0] = [begin for begin, _ in intervals]
        self._ends[:0] = [end for _, end in intervals]
        self._sums[:0] = reversed(sums)
        self._months = range(month, self._months.stop)
        self._from = self.hours.midnight(first)

    def _shut_by(self, day: date) -> bool:
        return self._shut is not None and self.hours.midnight(day) >= self._shut

    def _check(self, month: int) -> tuple[date, date]:
        if self._bounded and month not in self._within:
            raise OutOfReach
        if abs(month - self._asked) > REACH or month not in self._within:
            self._begin(self._asked)  # an absurd question leaves no centuries behind
            raise OutOfReach
        return _first(month), _first(month + 1)


def _first(month: int) -> date:
    """The first date of a month that is counted from year 0 on."""
    return date(month // 12, month % 12 + 1, 1)
