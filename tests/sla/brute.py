"""Working time by counting five-minute slots one by one: slow, plain, and nothing like the code it is to check."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from services.sla.calendars.domain.opening_hours import WEEKDAYS, OpeningHours

SLOT = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@cache
def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant whose wall clock shows this; inside a gap, as late after it as it is late in the gap."""
    candidates = [(wall - quarter * HOUR / 4).replace(tzinfo=UTC) for quarter in range(-60, 61)]
    hits = [at for at in candidates if at.astimezone(zone).replace(tzinfo=None) == wall]
    if hits:
        return min(hits)
    before = (wall - timedelta(hours=30)).replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert before is not None
    return (wall - before).replace(tzinfo=UTC)


def seconds_of(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def open_slots(hours: OpeningHours, first: date, days: int) -> set[datetime]:
    """The beginnings of all slots that are open on these local dates."""
    zone = ZoneInfo(hours.timezone)
    holidays = {day for day in hours.holidays if isinstance(day, date)}
    special = {opening.date: opening.hours for opening in hours.extra_working}
    slots: set[datetime] = set()
    for day in (first + timedelta(days=n) for n in range(-1, days + 1)):
        for opens, closes in special.get(day, hours.weekly_hours.get(WEEKDAYS[day.weekday()], ())):
            begin, end = seconds_of(opens), seconds_of(closes)
            tomorrow = day + timedelta(days=1)
            if day not in holidays or day in special:
                slots |= between(day, begin, end if end > begin else 86_400, zone)
            if end <= begin and (tomorrow not in holidays or tomorrow in special):
                slots |= between(tomorrow, 0, end, zone)
    closures = [closure for closure in hours.holidays if isinstance(closure, tuple)]
    shut = {slot for slot in slots for begin, end in closures if begin <= slot < end}
    span = (
        instant_of(datetime.combine(first, datetime.min.time()), zone),
        instant_of(datetime.combine(first + timedelta(days=days), datetime.min.time()), zone),
    )
    return {slot for slot in slots - shut if span[0] <= slot < span[1]}


def between(day: date, begin: int, end: int, zone: ZoneInfo) -> set[datetime]:
    """The slots of one date's wall times [begin, end), in seconds since midnight: none on a date that was skipped."""
    midnight = datetime.combine(day, datetime.min.time())
    at, until = (instant_of(midnight + timedelta(seconds=edge), zone) for edge in (begin, end))
    if instant_of(midnight, zone) == instant_of(midnight + timedelta(days=1), zone):
        return set()
    slots = set()
    while at < until:
        slots.add(at)
        at += SLOT
    return slots


def by_date(opened: set[datetime], hours: OpeningHours, first: date, days: int) -> dict[date, list[datetime]]:
    """The open slots of each of these local dates that has any, in order."""
    zone = ZoneInfo(hours.timezone)
    in_order, split = sorted(opened), dict[date, list[datetime]]()
    for day in (first + timedelta(days=n) for n in range(days)):
        begin, end = (
            instant_of(datetime.combine(edge, datetime.min.time()), zone) for edge in (day, day + timedelta(days=1))
        )
        if slots := in_order[bisect_left(in_order, begin) : bisect_left(in_order, end)]:
            split[day] = slots
    return split
