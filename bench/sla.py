"""SLA arithmetic: deadlines and elapsed time in a Chinese working calendar, against two libraries for the same.

All three count the same hours and the same days off; make-up days are left out, for neither library has them. Neither
has pauses either: they are emulated as one would, a deadline by moving it on until no pause is left to make good.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

import businesstimedelta as btd
import pytz
import workclock

from bench.comparison import Comparison, Measured, Row, timed
from bench.world import World
from services.sla.calendars.domain.calendar import Calendar, Pause
from services.sla.calendars.domain.opening_hours import WEEKDAYS, OpeningHours, WallHours
from services.sla.calendars.domain.public_holidays import CHINA

ZONE = "Asia/Shanghai"
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(18))
HOLIDAYS = {day: CHINA.off[day].name["en"] for day in CHINA.off if day.year in (2025, 2026)}
CASES = 24
OURS = 400
"""Passes over the cases in a round of ours, so that it lasts long enough to be measured."""


@dataclass(frozen=True)
class Case:
    """A clock that started somewhen in 2025: so much working time, paused three times on the way."""

    start: datetime
    amount: timedelta
    end: datetime
    pauses: tuple[Pause, ...]


class Clock(Protocol):
    """What is compared."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """When so much working time will have passed."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much lies between."""


class Businesstimedelta:
    """The library's own rules, a set of holiday dates, a pytz zone."""

    def __init__(self) -> None:
        zone = pytz.timezone(ZONE)
        shifts = [btd.WorkDayRule(start_time=a, end_time=b, tz=zone) for a, b in (MORNING, AFTERNOON)]
        self.rules = btd.Rules([*shifts, btd.HolidayRule(HOLIDAYS, tz=zone)])

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """When so much working time will have passed."""
        due: datetime = start + btd.BusinessTimeDelta(self.rules, timedelta=amount)
        return due

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much lies between."""
        counted: timedelta = self.rules.difference(start, end).timedelta
        return counted


class Workclock:
    """Two working shifts less the holidays; its core is Rust."""

    def __init__(self) -> None:
        shifts = [workclock.WorkDay(*MORNING), workclock.WorkDay(*AFTERNOON)]
        self.schedule = workclock.Schedule([*shifts, workclock.Holidays(list(HOLIDAYS))], time_zone=ZoneInfo(ZONE))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """When so much working time will have passed."""
        due: datetime = self.schedule.add(start, amount)
        return due

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much lies between."""
        counted: timedelta = self.schedule.between(start, end)
        return counted


def ours() -> Calendar:
    """The calendar of the service."""
    hours: WallHours = (("09:00", "12:00"), ("13:30", "18:00"))
    weekly = dict.fromkeys(WEEKDAYS[:5], hours)
    return Calendar(OpeningHours(timezone=ZONE, weekly_hours=weekly, public_holidays="CN", makeup_days=False))


def cases() -> list[Case]:
    """The same in every run: 2 to 20 working days from an hour of 2025 on."""
    random, made = Random(2025), []
    for _ in range(CASES):
        start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(330 * 1440))
        ends = sorted(start + timedelta(minutes=random.randrange(20 * 1440)) for _ in range(6))
        pauses = tuple(zip(ends[::2], ends[1::2], strict=True))
        made.append(Case(start, timedelta(minutes=random.randrange(900, 9000)), start + timedelta(days=25), pauses))
    return made


def add_paused(clock: Clock, case: Case) -> datetime:
    """A deadline with pauses, by a library that has none: moved on until it makes good every pause before it."""
    due = clock.add(case.start, case.amount)
    while True:
        moved = clock.add(case.start, case.amount + _paused(clock, case.start, due, case.pauses))
        if moved == due:
            return due
        due = moved


def elapsed_paused(clock: Clock, case: Case) -> timedelta:
    """Elapsed time less what lies in the pauses."""
    return clock.elapsed(case.start, case.end) - _paused(clock, case.start, case.end, case.pauses)


def _paused(clock: Clock, start: datetime, end: datetime, pauses: Iterable[Pause]) -> timedelta:
    inside = ((max(paused, start), min(resumed, end)) for paused, resumed in pauses if paused < end)
    return sum((clock.elapsed(*pause) for pause in inside), timedelta())


Work = Callable[[Case], datetime | timedelta]


async def sla(world: World) -> AsyncIterator[Row]:
    """The rows of the calendar; they need no server."""
    calendar = ours()
    clocks: list[Clock] = [Businesstimedelta(), Workclock()]
    for path, mine, theirs, floors in (
        (
            "deadline over a year of Chinese calendar with pauses",
            lambda case: calendar.add(case.start, case.amount, case.pauses),
            add_paused,
            ((50, 200), (4, 6)),
        ),
        (
            "deadline without pauses",
            lambda case: calendar.add(case.start, case.amount),
            lambda clock, case: clock.add(case.start, case.amount),
            ((300, 600), (1.5, 2)),
        ),
        (
            "elapsed time with pauses",
            lambda case: calendar.elapsed(case.start, case.end, case.pauses),
            elapsed_paused,
            ((300, 600), (1.5, 2)),
        ),
        (
            "elapsed time without pauses",
            lambda case: calendar.elapsed(case.start, case.end),
            lambda clock, case: clock.elapsed(case.start, case.end),
            ((500, 1000), (1.5, 2)),
        ),
    ):
        for clock, passes, (floor, aim) in zip(clocks, (1, 100), floors, strict=True):
            peer: Work = partial(theirs, clock)
            _agree(mine, peer)
            comparison = Comparison(f"SLA arithmetic: {path}", type(clock).__name__.lower(), floor, aim)
            yield await comparison.run(partial(_side, mine, OURS), partial(_side, peer, passes))


def _agree(mine: Work, peer: Work) -> None:
    """Each side is right: they say the same of every case."""
    for case in cases():
        if mine(case) != peer(case):
            raise AssertionError(f"{case}: {mine(case)} here, {peer(case)} there")


async def _side(work: Work, passes: int) -> Measured:
    return await timed(CASES * passes, _calls(work, cases(), passes))


async def _calls(work: Work, asked: list[Case], passes: int) -> None:
    for _ in range(passes):
        for case in asked:
            work(case)
