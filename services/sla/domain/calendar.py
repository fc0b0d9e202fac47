"""Working time: how much of it lies between two instants, and when so much of it will have passed.

Opening hours are compiled, a year at a time and only when asked for, to stretches of UTC with prefix sums, so that
every question is a bisection. Real seconds on the UTC line: a 24×7 day of a clock change has 23 or 25 hours (14).
Pauses are a list of [from, to) facts, never a running total (6), and they may overlap.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from services.sla.domain.opening_hours import EPOCH, OpeningHours, microseconds, stretch, union

Pause = tuple[datetime, datetime]
FURTHEST = 400
"""Years that a calendar is worked out for at most, so that an absurd amount ends in a sentence."""


class OutOfReach(ValueError):
    """The calendar does not hold so much working time."""


class Calendar:
    """Arithmetic in the working time of some opening hours. Instants are aware; answers are in UTC."""

    def __init__(self, hours: OpeningHours) -> None:
        self.hours = hours
        self._starts: list[int] = []
        self._ends: list[int] = []
        # Working time before each stretch; 0 is where the first compiled year began, earlier years are below it.
        self._sums: list[int] = []
        self._total = self._least = 0
        self._from = self._to = 0
        self._years = range(0)

    def add(self, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest instant by which `amount` has been counted since `start`: an exact fit ends at closing time.

        A negative amount goes back, to the latest instant that fits; none is the start itself. Raises OutOfReach.
        """
        steps = amount // timedelta(microseconds=1)
        if steps == 0:
            return start
        origin = microseconds(start)
        if steps < 0:
            return _instant(self._latest(self._back(origin, steps, pauses)))
        return _instant(self._earliest(self._on(origin, steps, pauses)))

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """The working time in [start, end) outside the pauses; negative for a reversed span."""
        begin, until = microseconds(start), microseconds(end)
        if until < begin:
            return -self.elapsed(end, start, pauses)
        counted = self._counted(until) - self._counted(begin)
        for paused, resumed in _merged(pauses):
            if paused < until and begin < resumed:
                counted -= self._counted(min(resumed, until)) - self._counted(max(paused, begin))
        return timedelta(microseconds=counted)

    def is_open(self, at: datetime) -> bool:
        """Whether time counts at that instant; at closing time it does not."""
        instant = microseconds(at)
        self._cover(instant)
        index = bisect_right(self._starts, instant) - 1
        return index >= 0 and instant < self._ends[index]

    def opening(self, at: datetime) -> datetime:
        """From when on time counts, at `at` or after it: `at` itself when open, else the next opening."""
        return _instant(self._latest(self._counted(microseconds(at)), ahead=True))

    def provisional(self, at: datetime) -> bool:
        """Whether the arithmetic up to `at` needed a year whose public holidays are not known."""
        return False

    def _on(self, origin: int, steps: int, pauses: Iterable[Pause]) -> int:
        """What the calendar will have counted after `steps` more, the pauses on the way added."""
        goal = self._counted(origin) + steps
        for paused, resumed in _merged(pauses):
            if resumed > origin:
                before = self._counted(max(paused, origin))
                if goal <= before:
                    break
                goal += self._counted(resumed) - before
        return goal

    def _back(self, origin: int, steps: int, pauses: Iterable[Pause]) -> int:
        """The same backwards: `steps` is negative."""
        goal = self._counted(origin) + steps
        for paused, resumed in reversed(_merged(pauses)):
            if paused < origin:
                after = self._counted(min(resumed, origin))
                if goal >= after:
                    break
                goal -= after - self._counted(paused)
        return goal

    def _counted(self, instant: int) -> int:
        """Working time from the calendar's zero to that instant."""
        if not self._from <= instant < self._to:
            self._cover(instant)
        index = bisect_right(self._starts, instant) - 1
        if index < 0:
            return self._least
        return self._sums[index] + min(instant, self._ends[index]) - self._starts[index]

    def _earliest(self, counted: int) -> int:
        while counted > self._total:
            self._compile_next()
        index = bisect_left(self._sums, counted) - 1
        return self._starts[index] + counted - self._sums[index]

    def _latest(self, counted: int, ahead: bool = False) -> int:
        while counted < self._least:
            self._compile_previous()
        while ahead and counted >= self._total:
            self._compile_next()
        index = bisect_right(self._sums, counted) - 1
        return self._starts[index] + counted - self._sums[index]

    def _cover(self, instant: int) -> None:
        if not self._years:
            year = _instant(instant).year
            self._years = range(year, year)
            self._from = self._to = self.hours.midnight(_new_year(year))
        while instant < self._from:
            self._compile_previous(unless_empty=False)
        while instant >= self._to:
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
        self._to = self.hours.midnight(_new_year(year + 1))

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
        self._from = self.hours.midnight(_new_year(year))

    def _check(self, year: int, empty: bool) -> None:
        if empty or len(self._years) >= FURTHEST or not 1 < year < 9999:
            raise OutOfReach("the calendar does not hold so much working time")


def _merged(pauses: Iterable[Pause]) -> list[tuple[int, int]]:
    return union(stretch(*pause) for pause in pauses)


def _instant(counted: int) -> datetime:
    return EPOCH + timedelta(microseconds=counted)


def _new_year(year: int) -> date:
    return date(year, 1, 1)
