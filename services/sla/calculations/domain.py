"""A calculation: when each target of some policies is due, for a start, a level and pauses that somebody names.

It counts as a clock does: a target that nothing pauses runs on, and of its pauses counts what `pause_at_most` allows.
Conditions (`applies_when`) are not asked, for there is no ticket that could answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.sla.calendars.domain.calendar import Passage, Pause
from services.sla.calendars.domain.interval import instant, interval, union
from services.sla.policies.domain.rulebook import Candidate, Rulebook

Kind = Literal["running", "closed", "paused"]

LONGEST_WALK = timedelta(days=366)
"""How far a deadline is explained: of one that lies years ahead nobody reads each weekend."""


class Step(NamedTuple):
    """A part of the way to a deadline in which one rule of the calendar holds, and what a clock does then."""

    kind: Kind
    passage: Passage


class Span(NamedTuple):
    """[start, end) in UTC, in which a clock runs or is paused."""

    start: datetime
    end: datetime
    paused: bool


@dataclass(frozen=True)
class Due:
    """When a target is used up: `at` is None where its calendar never comes to it. `limit` is working time."""

    candidate: Candidate
    limit: timedelta
    at: datetime | None
    spans: Sequence[Span]

    def walk(self) -> tuple[list[Step], datetime | None]:
        """The way from the start to the deadline without a gap, and where it stops short of it, if it is too long."""
        if self.at is None:
            return [], None
        furthest = self.spans[0].start + LONGEST_WALK
        return list(self._steps(min(self.at, furthest))), furthest if furthest < self.at else None

    def _steps(self, until: datetime) -> Iterator[Step]:
        for start, end, paused in self.spans:
            if start < until:
                for passage in self.candidate.calendar.trace(start, min(end, until)):
                    yield Step("paused" if paused else "running" if passage.open else "closed", passage)


def calculate(rules: Rulebook, level: int, start: datetime, pauses: Iterable[Pause]) -> Iterator[Due]:
    """Every target that these policies have for the level, in their order. Raises ValueError for a reversed pause."""
    stops = [(instant(begin), instant(end)) for begin, end in union(interval(*pause) for pause in pauses)]
    for metric in rules.metrics:
        for candidate in rules.candidates(metric, ()):
            target = candidate.target
            if allowed := target.allowed(level):
                limit = allowed.working(candidate.calendar, start, target.count_from)
                yield _due(candidate, limit, start, list(_counted(candidate, start, stops)))


def _due(candidate: Candidate, limit: timedelta, start: datetime, pauses: Sequence[Pause]) -> Due:
    calendar, left, since = candidate.calendar, limit, start
    spans: list[Span] = []
    for paused, resumed in pauses:
        counted = calendar.elapsed(since, paused)
        if counted >= left:
            break
        spans += [Span(since, paused, False), Span(paused, resumed, True)]
        left, since = left - counted, resumed
    at = calendar.due(since, left)
    return Due(candidate, limit, at, [*spans, Span(since, since if at is None else at, False)])


def _counted(candidate: Candidate, start: datetime, pauses: Iterable[Pause]) -> Iterator[Pause]:
    """The pauses after the start that the target allows, each as long as it does."""
    target, calendar = candidate.target, candidate.calendar
    left = target.pause_at_most.working(calendar, start) if target.pause_at_most else None
    after = [(max(begin, start), end) for begin, end in pauses if end > start]
    for paused, end in after if target.pause else ():
        if left is None:
            yield paused, end
        elif left > timedelta():
            resumed = min(end, calendar.due(paused, left) or end)
            yield paused, resumed
            left -= calendar.elapsed(paused, resumed)
