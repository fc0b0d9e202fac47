"""The explanation of a span: which of its time counts, which does not, and by which rule. Most wrong deadlines are
calendar surprises, and this shows them (ADR 19.20)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from services.sla.calendars.domain.interval import DAY, Interval, instant, meeting, microseconds
from services.sla.calendars.domain.opening_hours import OpeningHours

Rule = Literal[
    "weekly_hours", "special_opening", "makeup_day", "outside_hours", "no_hours", "holiday", "closure", "out_of_range"
]
Label = tuple[bool, Rule, str]
"""Whether time counts, by which rule, and what that rule names."""

CLOSURE: Label = (False, "closure", "")


class Passage(msgspec.Struct, frozen=True):
    """A part of a span in which one rule holds: [start, end) in UTC, and whether its time counts.

    `detail` is the holiday's name (or its date, where it has none) for `holiday` and `makeup_day`, the local date for
    `special_opening`, else empty.
    """

    start: datetime
    end: datetime
    open: bool
    rule: Rule
    detail: str = ""


def trace(hours: OpeningHours, start: datetime, end: datetime) -> list[Passage]:
    """The passages of [start, end), in order, without gaps; neighbours differ. Raises ValueError if it is reversed."""
    begin, until = microseconds(start), microseconds(end)
    if until < begin:
        raise ValueError("a trace goes forward: its end lies before its start")
    passages: list[tuple[int, int, Label]] = []
    for opens, closes, label in _parts(hours, begin, until):
        if passages and passages[-1][2] == label:
            passages[-1] = passages[-1][0], closes, label
        else:
            passages.append((opens, closes, label))
    return [Passage(instant(opens), instant(closes), *label) for opens, closes, label in passages]


def _parts(hours: OpeningHours, begin: int, until: int) -> Iterator[tuple[int, int, Label]]:
    """Every local date's parts that lie in the span, cut to it."""
    day = hours.date_of(begin)
    midnight = hours.midnight(day)
    while midnight < until:
        tomorrow = hours.midnight(day + timedelta(days=1))
        for opens, closes, label in _day(hours, day, (midnight, tomorrow)):
            if max(opens, begin) < min(closes, until):
                yield max(opens, begin), min(closes, until), label
        day, midnight = day + timedelta(days=1), tomorrow


def _day(hours: OpeningHours, day: date, span: Interval) -> Iterator[tuple[int, int, Label]]:
    closed = [(*closure, CLOSURE) for closure in meeting(hours.closures, span)]
    layers = [*closed, *_opened(hours, day), (*span, _rest(hours, day))]
    edges = sorted({min(max(edge, span[0]), span[1]) for begin, end, _ in layers for edge in (begin, end)})
    for begin, end in pairwise(edges):
        yield begin, end, next(label for opens, closes, label in layers if opens <= begin < closes)


def _opened(hours: OpeningHours, day: date) -> Iterable[tuple[int, int, Label]]:
    """What is open on a date: its own shifts, and the tail of the evening before unless it is a holiday."""
    own, before = hours.plan(day), hours.plan(day - timedelta(days=1))
    if own.rule == "holiday":
        return
    for opens, closes in own.shifts:
        yield hours.edge(day, opens), hours.edge(day, min(closes, DAY)), (True, own.rule, own.detail)
    evening: Label = (True, before.rule, before.detail) if before.rule != "holiday" else (True, "weekly_hours", "")
    for _, closes in before.shifts:
        if closes > DAY:
            yield hours.edge(day, 0), hours.edge(day, closes - DAY), evening


def _rest(hours: OpeningHours, day: date) -> Label:
    """Why the rest of a date is closed."""
    plan = hours.plan(day)
    if plan.rule == "holiday" or (plan.rule != "weekly_hours" and not plan.shifts):
        return False, plan.rule, plan.detail
    return False, "outside_hours" if plan.shifts else "no_hours", ""
