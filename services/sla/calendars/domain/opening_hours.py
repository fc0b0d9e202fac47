"""Opening hours as people write them, and the intervals of real time that they stand for.

Decisions of the project (docs/sla-decisions.md): intervals are half-open (ADR 19.1); a calendar has one IANA zone and
its holidays are local dates (ADR 19.13); an edge inside a daylight-saving gap moves forward by the gap, one inside an
overlap takes the first occurrence (ADR 19.14); for one local date an explicit closure goes before a special opening or
make-up working day (调休), that before a holiday, that before the weekly hours (ADR 19.16).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from libs.zones import ZONES
from services.sla.calendars.domain.interval import DAY, Interval, instant, interval, microseconds, union, without
from services.sla.calendars.domain.public_holidays import REGIONS, PublicHolidays, Region

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00(:00)?$")]
WallHours = tuple[tuple[WallTime, WallTime], ...]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Shift = tuple[int, int]
"""Half-open [from, to) in seconds since local midnight; past midnight counts on beyond 24:00."""


class SpecialOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A local date with hours of its own, such as a make-up working Saturday: they replace what would hold there."""

    date: date
    hours: WallHours


class Plan(NamedTuple):
    """What holds for one local date: by which rule, what that rule names, and the shifts that begin on it.

    On a holiday none of its time counts, but the tail of a night that begins on it does, on the next date.
    """

    rule: Literal["special_opening", "makeup_day", "holiday", "weekly_hours"]
    detail: str
    shifts: list[Shift]


class OpeningHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A calendar as data. Raises ValueError for what cannot be a calendar.

    `weekly_hours` by weekday, closed where a day is missing; an interval whose end is not after its start runs into the
    next day, as if it were written as two, split at midnight (ADR 19.15): a holiday closes its own date's part of a
    night, and no other. `holidays` are closed local dates, or closures [from, to) between instants, which nothing
    overrides. `public_holidays` adds a region's days off and, unless `makeup_days` is false, its make-up working days,
    with `makeup_hours` or else with this calendar's Friday hours.
    """

    timezone: str
    weekly_hours: dict[Weekday, WallHours]
    holidays: tuple[date | tuple[Instant, Instant], ...] = ()
    extra_working: tuple[SpecialOpening, ...] = ()
    public_holidays: Region | None = None
    makeup_days: bool = True
    makeup_hours: WallHours | None = None

    def __post_init__(self) -> None:
        _ = self.zone, self._weekly, self._special, self._makeup, self.closures

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of all local dates and wall times here."""
        if self.timezone not in ZONES:
            raise ValueError(f"{self.timezone!r} is not an IANA time zone")
        return ZoneInfo(self.timezone)

    @property
    def public(self) -> PublicHolidays | None:
        """The decreed days that this calendar follows."""
        return REGIONS[self.public_holidays] if self.public_holidays else None

    @cached_property
    def closures(self) -> list[Interval]:
        """The closures between instants, merged."""
        return union(interval(*closure) for closure in self.holidays if isinstance(closure, tuple))

    @cached_property
    def _weekly(self) -> list[list[Shift]]:
        return [_shifts(self.weekly_hours.get(day, ())) for day in WEEKDAYS]

    @cached_property
    def _special(self) -> dict[date, list[Shift]]:
        return {special.date: _shifts(special.hours) for special in self.extra_working}

    @cached_property
    def _makeup(self) -> dict[date, list[Shift]]:
        friday = self._weekly[WEEKDAYS.index("fri")]
        shifts = friday if self.makeup_hours is None else _shifts(self.makeup_hours)
        return dict.fromkeys(self.public.work, shifts) if self.public and self.makeup_days else {}

    @cached_property
    def _replaced(self) -> dict[date, list[Shift]]:
        return self._makeup | self._special

    @cached_property
    def _holidays(self) -> frozenset[date]:
        written = {day for day in self.holidays if isinstance(day, date)}
        return frozenset(written.union(self.public.off if self.public else ()) - self._replaced.keys())

    def never_from(self, day: date) -> bool:
        """Whether nothing is open from that date on: no weekly hours, and no special opening left."""
        return not any(self._weekly) and all(special < day - timedelta(days=1) for special in self._replaced)

    def never_before(self, day: date) -> bool:
        """Whether nothing is open before that date."""
        return not any(self._weekly) and all(special >= day for special in self._replaced)

    def plan(self, day: date) -> Plan:
        """What holds for a local date, closures aside."""
        if day in self._special:
            return Plan("special_opening", day.isoformat(), self._special[day])
        public = (self.public.off | self.public.work).get(day) if self.public else None
        if day in self._makeup:
            return Plan("makeup_day", public.title if public else "", self._makeup[day])
        if day in self._holidays:
            return Plan("holiday", public.title if public else day.isoformat(), self._begun(day))
        return Plan("weekly_hours", "", self._weekly[day.weekday()])

    def opened(self, first: date, after: date) -> list[Interval]:
        """The open intervals of the local dates from the first to the one before `after`, in order and apart."""
        return list(without(union(self._opened(first, after)), self.closures))

    def midnight(self, day: date) -> int:
        """The instant at which a local date begins."""
        return microseconds(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def date_of(self, at: int) -> date:
        """The local date whose time that is: a clock set back over midnight does not bring yesterday back."""
        day = instant(at).astimezone(self.zone).date()
        if at < self.midnight(day):
            return day - timedelta(days=1)
        return day if at < self.midnight(day + timedelta(days=1)) else day + timedelta(days=1)

    def edge(self, day: date, seconds: int) -> int:
        """The instant of a wall time, given in seconds since a date's midnight."""
        # fold=0: the offset before the change, so forward by the gap, and the first occurrence in an overlap.
        # Adding to a datetime of a zone moves its wall clock, not the instant: what is wanted here.
        return microseconds(datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(seconds=seconds))

    def _opened(self, first: date, after: date) -> Iterator[Interval]:
        day, begin, tail = first, self.midnight(first), self._begun(first - timedelta(days=1))
        while day < after:
            tomorrow = day + timedelta(days=1)
            end, own = self.midnight(tomorrow), self._begun(day)
            if end - begin == DAY * 1_000_000:
                for opens, closes in self._wall(day, own, tail):
                    yield begin + opens * 1_000_000, begin + closes * 1_000_000
            else:
                for opens, closes in self._wall(day, own, tail):
                    # Clipped to the date's own span: a date that a zone skipped (Samoa, 30 December 2011) has none.
                    yield max(begin, self.edge(day, opens)), min(end, self.edge(day, closes))
            day, begin, tail = tomorrow, end, own

    def _wall(self, day: date, own: list[Shift], before: list[Shift]) -> list[Shift]:
        """One date's open wall times: its own, and the tail of the evening before."""
        if day in self._holidays:
            return []
        tail = [(0, closes - DAY) for _, closes in before if closes > DAY]
        return [(opens, min(closes, DAY)) for opens, closes in own] + tail

    def _begun(self, day: date) -> list[Shift]:
        """The shifts that begin on a date, were it no holiday."""
        return self._replaced[day] if day in self._replaced else self._weekly[day.weekday()]


def _shifts(hours: WallHours) -> list[Shift]:
    shifts = []
    for opens, closes in hours:
        begin, end = second_of(opens), second_of(closes)
        if begin == DAY:
            raise ValueError("an interval cannot begin at 24:00: say 00:00 of the next day")
        shifts.append((begin, end if end > begin else end + DAY))
    return shifts


def second_of(wall: str) -> int:
    """Seconds since midnight of a wall time."""
    hours, minutes, *rest = (int(part) for part in wall.split(":"))
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
