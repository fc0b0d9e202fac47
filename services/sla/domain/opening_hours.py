"""Opening hours as people write them, and the stretches of real time that they stand for.

Decisions of the project (the numbers are those of its SLA semantics): intervals are half-open (1); a calendar has one
IANA zone and its holidays are local dates (13); an edge inside a daylight-saving gap moves forward by the gap, one
inside an overlap takes the first occurrence (14); for one local date an explicit closure goes before a special opening
or make-up working day (调休), that before a holiday, that before the weekly hours (16).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00(:00)?$")]
WallHours = tuple[tuple[WallTime, WallTime], ...]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Stretch = tuple[int, int]
"""Half-open [from, to) in microseconds since 1970 UTC, or in seconds since local midnight."""

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SpecialOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A local date with hours of its own, such as a make-up working Saturday: they replace what would hold there."""

    date: date
    hours: WallHours


class OpeningHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A calendar as data. Raises ValueError for what cannot be a calendar.

    `weekly_hours` by weekday, closed where a day is missing; an interval whose end is not after its start runs into the
    next day, where its tail does not count if that date is a holiday. `holidays` are closed local dates, or closures
    [from, to) between instants, which nothing overrides.
    """

    timezone: str
    weekly_hours: dict[Weekday, WallHours]
    holidays: tuple[date | tuple[Instant, Instant], ...] = ()
    extra_working: tuple[SpecialOpening, ...] = ()

    def __post_init__(self) -> None:
        _ = self._zone, self._weekly, self._special, self.closures

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.timezone)
        except (LookupError, ValueError, OSError):
            raise ValueError(f"{self.timezone!r} is not an IANA time zone") from None

    @cached_property
    def _weekly(self) -> list[list[Stretch]]:
        return [_seconds(self.weekly_hours.get(day, ())) for day in WEEKDAYS]

    @cached_property
    def _special(self) -> dict[date, list[Stretch]]:
        return {special.date: _seconds(special.hours) for special in self.extra_working}

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return frozenset(day for day in self.holidays if isinstance(day, date)) - self._special.keys()

    @cached_property
    def closures(self) -> list[Stretch]:
        """The closures between instants, merged."""
        return union(stretch(*closure) for closure in self.holidays if isinstance(closure, tuple))

    def never_after(self, year: int) -> bool:
        """Whether nothing is open after that year: no weekly hours, and no special opening left."""
        return not any(self._weekly) and all(day.year <= year for day in self._special)

    def never_before(self, year: int) -> bool:
        """Whether nothing is open before that year."""
        return not any(self._weekly) and all(day.year >= year for day in self._special)

    def open_in(self, year: int) -> list[Stretch]:
        """The open stretches of the local dates of one year, in order and apart."""
        return list(_without(union(self._opened(year)), self.closures))

    def midnight(self, day: date) -> int:
        """The instant at which a local date begins."""
        return microseconds(datetime(day.year, day.month, day.day, tzinfo=self._zone))

    def _opened(self, year: int) -> Iterator[Stretch]:
        day, begin = date(year, 1, 1), self.midnight(date(year, 1, 1))
        while day.year == year:
            tomorrow = day + timedelta(days=1)
            end = self.midnight(tomorrow)
            for opens, closes in self._wall(day):
                # Clipped to the date's own span: a date that a zone skipped (Samoa, 30 December 2011) has none.
                yield max(begin, self._edge(day, opens)), min(end, self._edge(day, closes))
            day, begin = tomorrow, end

    def _wall(self, day: date) -> Iterator[Stretch]:
        """One date's stretches in seconds since its midnight: its own, and the tail of the evening before."""
        for opens, closes in self._of(day):
            yield opens, min(closes, DAY)
        if day not in self._holidays:
            for _, closes in self._of(day - timedelta(days=1)):
                if closes > DAY:
                    yield 0, closes - DAY

    def _of(self, day: date) -> list[Stretch]:
        if day in self._special:
            return self._special[day]
        return [] if day in self._holidays else self._weekly[day.weekday()]

    def _edge(self, day: date, seconds: int) -> int:
        # fold=0: the offset before the change, so forward by the gap, and the first occurrence in an overlap.
        # Adding to a datetime of a zone moves its wall clock, not the instant: what is wanted here.
        return microseconds(datetime(day.year, day.month, day.day, tzinfo=self._zone) + timedelta(seconds=seconds))


def microseconds(at: datetime) -> int:
    """An aware instant in whole microseconds since 1970 UTC: exact, and fast to compare."""
    since = at - EPOCH
    return (since.days * DAY + since.seconds) * 1_000_000 + since.microseconds


def stretch(start: datetime, end: datetime) -> Stretch:
    """[start, end) in microseconds. Raises ValueError if it ends before it begins."""
    if end < start:
        raise ValueError(f"an interval ends before it begins: {start.isoformat()} to {end.isoformat()}")
    return microseconds(start), microseconds(end)


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time as few stretches as it takes, in order, touching ones joined, empty ones left out."""
    merged: list[Stretch] = []
    for begin, end in sorted(stretches):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif begin < end:
            merged.append((begin, end))
    return merged


def _without(stretches: Iterable[Stretch], closed: list[Stretch]) -> Iterator[Stretch]:
    for opens, end in stretches:
        begin = opens
        for shut, reopened in closed:
            if shut < end and begin < reopened:
                if begin < shut:
                    yield begin, shut
                begin = reopened
        if begin < end:
            yield begin, end


def _seconds(hours: WallHours) -> list[Stretch]:
    """Wall times as seconds since midnight; past midnight counts on beyond 24:00."""
    stretches = []
    for opens, closes in hours:
        begin, end = _second(opens), _second(closes)
        if begin == DAY:
            raise ValueError("an interval cannot begin at 24:00: say 00:00 of the next day")
        stretches.append((begin, end if end > begin else end + DAY))
    return stretches


def _second(wall: str) -> int:
    hours, minutes, *rest = (int(part) for part in wall.split(":"))
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
