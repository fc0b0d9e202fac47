"""One case of a service desk's log as one clock: when it ran, paused and stopped, and what a policy makes of that.

The clock starts at the first change, in whatever state that leaves it (ADR 19.12), against the target of that change's
impact. Each change then leaves it running, paused or stopped, by its `sub_status`; time in which it does not run is a
pause, and pauses are a list of facts (ADR 19.6). So a stop while stopped changes nothing, and anything else reopens
(ADR 19.10).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Annotated, Literal

import msgspec

from services.sla.calendars.domain.calendar import Calendar, OutOfReach, Pause
from services.sla.calendars.domain.opening_hours import Instant, OpeningHours

State = Literal["running", "paused", "stopped"]
LONGEST = 400 * 366 * 86_400
"""Seconds of a target at most: what a calendar is worked out for."""


class LogPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the cases of a log are judged: `targets` are counted seconds by impact; `pause` and `stop` name sub_status.

    `reopen` says what becomes of a stopped clock: it resumes, the stopped time being a pause. Raises ValueError, with
    the place and the reason, if it cannot work.
    """

    metric: Annotated[str, msgspec.Meta(min_length=1)]
    calendar: OpeningHours
    targets: Annotated[dict[str, int | float], msgspec.Meta(min_length=1)]
    pause: frozenset[str] = frozenset()
    stop: frozenset[str]
    reopen: Literal["resume"] = "resume"

    def __post_init__(self) -> None:
        for impact, seconds in self.targets.items():
            if not 0 < seconds <= LONGEST:
                raise ValueError(f"targets.{impact}: more than 0 and at most {LONGEST} seconds, not {seconds}")
            if not timedelta(seconds=seconds):
                raise ValueError(f"targets.{impact}: {seconds} seconds round to nothing")
        for both in sorted(self.pause & self.stop):
            raise ValueError(f"pause: {both!r} cannot both pause and stop a clock")

    def target(self, impact: str) -> timedelta:
        """The working time that a case of this impact may take. Raises ValueError if there is none."""
        if impact not in self.targets:
            raise ValueError(f"the policy has no target for the impact {impact!r}")
        return timedelta(seconds=self.targets[impact])

    def state(self, sub_status: str) -> State:
        """What a change to this status leaves the clock in."""
        if sub_status in self.stop:
            return "stopped"
        return "paused" if sub_status in self.pause else "running"


class Change(msgspec.Struct, frozen=True):
    """One change of a case: what it became at that instant."""

    at: Instant
    sub_status: str
    impact: str


class LogCase(msgspec.Struct, frozen=True):
    """One case of the log, with its changes in whatever order they were written."""

    case: str | int
    events: Annotated[list[Change], msgspec.Meta(min_length=1)]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, and the instant at which the target was or will be reached; None where that never comes."""

    counted: timedelta
    breached: bool
    deadline: datetime | None


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """A clock's way through a log: its pauses, and the state that it was left in and since when."""

    start: datetime
    target: timedelta
    pauses: tuple[Pause, ...]
    state: State
    since: datetime

    def judge(self, calendar: Calendar, last: datetime) -> Verdict:
        """The verdict at the log's `last` instant; a clock that does not run then counts up to where it halted.

        Raises OutOfReach for instants that no calendar reaches.
        """
        until = last if self.state == "running" else self.since
        counted = calendar.elapsed(self.start, until, self.pauses)
        return Verdict(counted=counted, breached=counted > self.target, deadline=self._deadline(calendar, counted))

    def _deadline(self, calendar: Calendar, counted: timedelta) -> datetime | None:
        if self.state == "paused" and counted < self.target:
            return None
        try:
            return calendar.add(self.start, self.target, self.pauses)
        except OutOfReach:  # the calendar closes for good before: nobody can name an instant
            return None


def course(changes: Sequence[Change], policy: LogPolicy) -> Course:
    """The way of a case with these changes, earliest first; at one instant in the order given.

    Raises ValueError if the policy has no target for it.
    """
    first, *later = sorted(changes, key=attrgetter("at"))
    state, since = policy.state(first.sub_status), first.at
    pauses: list[Pause] = []
    for change in later:
        became = policy.state(change.sub_status)
        if became == state:
            continue
        if state != "running":
            pauses.append((since, change.at))
        state, since = became, change.at
    target = policy.target(first.impact)
    return Course(start=first.at, target=target, pauses=tuple(pauses), state=state, since=since)
