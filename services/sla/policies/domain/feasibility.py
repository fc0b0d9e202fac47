"""Reach: whether a calendar comes to the end of what a target allows, from whenever a ticket may start it.

A target that by its weekly hours takes more than a century is refused at once. The others are worked out over what is
really open, holidays and closures included, from the start of each of the next fifty years and with the longest pausing
that the target allows: what starts in between ends no later than what starts after it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.live_calendar import LiveCalendar
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.policies.domain.duration import Duration
from services.sla.policies.domain.hours_flaws import length_of
from services.sla.policies.domain.policy import Policy, SiteHours, Target
from services.sla.policies.domain.when import Flaw

WEEKS = 5200
"""A century by the weekly hours."""
WEEK = timedelta(weeks=1)
YEARS = 50
YEAR = timedelta(days=366)
SLACK = 2 * YEAR
"""What holidays and closures may add beyond as much again as the weekly hours need."""
CLOSED = "it is closed for years on end: a clock that counts in it would not end in time"
STEPS = 1000
"""Business days for which each year is tried as a start: of more, every second, third, and so on."""
AN_HOUR = Duration(1, "hours")

Part = tuple[Duration, CountFrom]


def out_of_reach(policy: Policy, shared: Mapping[str, SiteHours], at: datetime) -> Iterator[Flaw]:
    """The durations whose end is not in reach from `at` on; a shared calendar that is not known is not asked."""
    for number, target in enumerate(policy.targets):
        written = policy.calendars.get(target.calendar)
        hours = shared.get(written) if isinstance(written, str) else written
        if hours is None:
            continue
        calendar = _compiled(hours)
        for place, parts in _durations(target):
            if any(_weeks(part, hours) > WEEKS for part, _ in parts):
                yield f"targets[{number}].{place}", f"it takes more than a century of the calendar {target.calendar}"
            elif not _ends(calendar, parts, at):
                yield (
                    f"targets[{number}].{place}",
                    f"the calendar {target.calendar} closes too long for it to end in time",
                )


def stays_closed(hours: SiteHours, at: datetime) -> bool:
    """Whether some clock that counts in these hours from `at` on would not come to an hour within years."""
    return _weeks(AN_HOUR, hours) > WEEKS or not _ends(_compiled(hours), [(AN_HOUR, "next_business_day")], at)


def _compiled(hours: OpeningHours) -> LiveCalendar:
    """The calendar of these hours, whoever has written them: the targets of a policy share it, and so do its draft, its
    approval and its publication, for half a second goes into fifty years of one."""
    return _kept(msgspec.json.encode({field: getattr(hours, field) for field in OpeningHours.__struct_fields__}))


@lru_cache(maxsize=4)
def _kept(written: bytes) -> LiveCalendar:
    return LiveCalendar(msgspec.json.decode(written, type=OpeningHours))


def _durations(target: Target) -> Iterator[tuple[str, list[Part]]]:
    """Each duration by its place: the times allowed with the longest pausing after them, and the others alone."""
    most = target.pause_at_most
    pausing: list[Part] = [] if most is None else [(most, "next_business_day")]
    for place, duration in target.durations:
        yield place, [(duration, target.count_from), *pausing]
    if target.resume_within is not None:
        yield "resume_within", [(target.resume_within, "next_business_day")]
    if pausing:
        yield "pause_at_most", pausing


def _ends(calendar: LiveCalendar, parts: list[Part], at: datetime) -> bool:
    usual = sum((_weeks(part, calendar.hours) for part, _ in parts), 0.0) * WEEK
    step = 1 + int(max((part.amount for part, _ in parts if part.unit == "business_days"), default=0) // STEPS)
    for year in range(at.year + 1, at.year + 1 + max(YEARS, step), step):
        start = end = datetime(year, 1, 1, tzinfo=UTC)
        for part, count_from in parts:
            ended = part.after(calendar, end, count_from)
            if ended is None:
                return False
            end = ended
        if end - start > 2 * usual + SLACK:
            return False
    return True


def _weeks(duration: Duration, hours: OpeningHours) -> float:
    """How many weeks it takes by the weekly hours alone; endless where they are none."""
    week = sum(length_of(*shift) for shifts in hours.weekly_hours.values() for shift in shifts)
    if not week:
        return float("inf")
    if duration.unit == "business_days":
        return duration.amount / sum(map(bool, hours.weekly_hours.values()))
    return duration.seconds / week
