"""Opening hours compiled to one line of UTC: open stretches with prefix sums, so that every question is a bisection.

A year is compiled when something asks for it. Real seconds on the UTC line: a 24×7 day of a clock change has 23 or 25
hours (14). All instants here are microseconds since 1970 UTC.
"""

from bisect import bisect_left, bisect_right
from datetime import date

from services.sla.domain.opening_hours import OpeningHours
from services.sla.domain.stretch import Stretch

FURTHEST = 400
"""Years from where it is asked that a question may reach, so that an absurd amount ends in a sentence."""


class OutOfReach(ValueError):
    """The calendar does not hold so much working time."""

    def __init__(self) -> None:
        super().__init__(f"the calendar does not hold so much working time within {FURTHEST} years")


class WorkingTime:
    """What has been open by when. Call `ask` with the year of the question before the rest."""

    def __init__(self, hours: OpeningHours) -> None:
        self.hours = hours
        self._begin(1970)

    def _begin(self, year: int) -> None:
        self._asked = year
        self._starts: list[int] = []
        self._ends: list[int] = []
        # Open time before each stretch; 0 is where the first compiled year began, earlier years are below it.
        self._sums: list[int] = []
        self._total = self._least = 0
        self._years = range(year, year)
        self._from = self._to = self.hours.midnight(date(year, 1, 1))

    def ask(self, year: int) -> None:
        """From here on `FURTHEST` years count from this one, whatever was asked before."""
        if self._years.start - FURTHEST <= year < self._years.stop + FURTHEST and self._years:
            self._asked = year
        else:
            self._begin(year)

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

    def opened_on(self, day: Stretch) -> list[Stretch]:
        """The open stretches within that time."""
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
        year = self._years.stop
        self._check(year, unless_empty and self.hours.never_after(year - 1))
        for begin, end in self.hours.open_in(year):
            self._starts.append(begin)
            self._ends.append(end)
            self._sums.append(self._total)
            self._total += end - begin
        self._years = range(self._years.start, year + 1)
        self._to = self.hours.midnight(date(year + 1, 1, 1))

    def _compile_previous(self, unless_empty: bool = True) -> None:
        year = self._years.start - 1
        self._check(year, unless_empty and self.hours.never_before(year + 1))
        stretches = self.hours.open_in(year)
        sums = []
        for begin, end in reversed(stretches):
            self._least -= end - begin
            sums.append(self._least)
        self._starts[:0] = [begin for begin, _ in stretches]
        self._ends[:0] = [end for _, end in stretches]
        self._sums[:0] = reversed(sums)
        self._years = range(year, self._years.stop)
        self._from = self.hours.midnight(date(year, 1, 1))

    def _check(self, year: int, empty: bool) -> None:
        if empty or abs(year - self._asked) > FURTHEST or not 1 < year < 9999:
            raise OutOfReach
