"""Reach: whether a calendar holds the working time that a target allows: no clock is to ask it for what never comes."""

from collections.abc import Iterator, Mapping

from services.sla.domain.duration import SECONDS, Duration
from services.sla.domain.policy import Policy, SiteHours, Target
from services.sla.domain.stretch import DAY
from services.sla.domain.when import Flaw

WEEKS = 5200
"""A century by the weekly hours: a quarter of what a calendar is worked out for, which leaves room for holidays."""


def out_of_reach(policy: Policy, shared: Mapping[str, SiteHours]) -> Iterator[Flaw]:
    """The durations that the calendars do not hold; a shared calendar that is not known is not asked."""
    for number, target in enumerate(policy.targets):
        written = policy.calendars.get(target.calendar)
        hours = shared.get(written) if isinstance(written, str) else written
        if hours is None:
            continue
        for place, duration in _durations(target):
            if _too_long(duration, hours):
                yield f"targets[{number}].{place}", f"it takes more than a century of the calendar {target.calendar}"


def _durations(target: Target) -> Iterator[tuple[str, Duration]]:
    yield from ((f"by_level.{level}", duration) for level, duration in target.by_level.items())
    for place in ("within", "resume_within", "pause_at_most"):
        duration = getattr(target, place)
        if duration is not None:
            yield place, duration


def _too_long(duration: Duration, hours: SiteHours) -> bool:
    if duration.unit == "business_days":
        return duration.amount > WEEKS * sum(map(bool, hours.weekly_hours.values()))
    week = sum(_length(*shift) for shifts in hours.weekly_hours.values() for shift in shifts)
    return duration.amount * SECONDS[duration.unit] > WEEKS * week


def _length(opens: str, closes: str) -> int:
    return (_second(closes) - _second(opens) - 1) % DAY + 1


def _second(wall: str) -> int:
    hours, minutes, *rest = map(int, wall.split(":"))
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
