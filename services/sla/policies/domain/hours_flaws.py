"""Why no clock should count in opening hours: slips that the arithmetic would take for something else.

What is refused in one field is refused in its siblings: weekly hours, special openings and make-up hours are all hours
of a day; holidays and special openings are both lists of dates.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from services.sla.calendars.domain.interval import DAY
from services.sla.calendars.domain.opening_hours import OpeningHours, WallHours, second_of
from services.sla.policies.domain.when import Flaw


def hours_flaws(hours: OpeningHours) -> Iterator[Flaw]:
    """The places, each after a dot, and the reasons."""
    if not any(hours.weekly_hours.values()):
        yield ".weekly_hours", "it has no weekly hours, so its clocks would never end"
    for day, shifts in hours.weekly_hours.items():
        yield from _day(f".weekly_hours.{day}", shifts)
    for number, special in enumerate(hours.extra_working):
        yield from _day(f".extra_working[{number}].hours", special.hours)
    yield from _day(".makeup_hours", hours.makeup_hours or ())
    yield from _twice(".extra_working", (special.date for special in hours.extra_working))
    yield from _twice(".holidays", hours.holidays)
    for number, closure in enumerate(hours.holidays):
        if isinstance(closure, tuple) and closure[0] == closure[1]:
            yield f".holidays[{number}]", "a closure from an instant to itself closes nothing"


def _day(place: str, hours: WallHours) -> Iterator[Flaw]:
    if any(closes.startswith("23:59") for _, closes in hours):
        yield place, "intervals are half-open, so the day's end is 24:00, not 23:59"
    spans = sorted((second_of(opens), second_of(closes)) for opens, closes in hours)
    if any(opens == closes for opens, closes in spans):
        yield place, "an interval from an instant to itself: write 00:00 to 24:00 for a whole day"
    elif any(later < _end(*earlier) for earlier, (later, _) in pairwise(spans)):
        yield place, "two intervals overlap"


def length_of(opens: str, closes: str) -> int:
    """Seconds of an interval by its wall times."""
    begin = second_of(opens)
    return _end(begin, second_of(closes)) - begin


def _end(opens: int, closes: int) -> int:
    return closes if closes > opens else closes + DAY


def _twice(place: str, written: Iterable[Hashable]) -> Iterator[Flaw]:
    counted = Counter(written)
    for one, times in counted.items():
        if times > 1:
            said = one.isoformat() if isinstance(one, date) else "the same closure"
            yield place, f"{said} stands there {times} times"
