"""The course of one clock: how a target's clock runs, pauses and ends, as the facts of a ticket come by in order.

A course knows one target and one calendar. It begins at the first fact that starts it; what happened before that counts
as happening then, so that a ticket opened in a paused or finished state starts so (12), but what stopped a clock
that starts in mid-life was for something earlier. Pauses are a list, never a running total (6).
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from services.sla.domain.calendar import Calendar, Pause
from services.sla.domain.fact import Fact
from services.sla.domain.policy import WITHDRAWN, Target
from services.sla.domain.when import When

NEVER = datetime.max.replace(tzinfo=UTC)
Phase = Literal["waiting", "running", "paused", "met", "cancelled"]
Kind = Literal["started", "paused", "resumed", "met", "cancelled", "reopened"]


class Turn(msgspec.Struct, frozen=True):
    """A change of a course at `at`, and the fact that made it; None where a pause ended because it was too long."""

    kind: Kind
    at: datetime
    fact: Fact | None
    counted: timedelta
    reason: str = ""


@dataclass
class Course:
    """One target's clock on its way. `finished` is the working time of the running segments that have ended."""

    target: Target
    calendar: Calendar
    phase: Phase = "waiting"
    started_at: datetime = NEVER
    since: datetime = NEVER
    finished: timedelta = timedelta()
    pauses: list[Pause] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    cycle: int = 1
    over: bool = False
    earlier: list[Fact] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the clock still waits for what it is to be stopped by."""
        return self.phase in ("running", "paused")

    def hear(self, fact: Fact) -> None:
        """Go on with the next fact."""
        if self.phase == "waiting":
            self._wait(fact)
        else:
            self._turn(fact)

    def copy(self) -> "Course":
        """The course as it is now, which does not go on with this one."""
        return replace(self, pauses=[*self.pauses], turns=[*self.turns])

    def counted(self, at: datetime) -> timedelta:
        """The working time from the start to `at`, an instant at which the clock is as it is now."""
        return self.finished + self.calendar.elapsed(self.since, at) if self.phase == "running" else self.finished

    def reached(self, wanted: timedelta, at: datetime) -> datetime:
        """The earliest instant at which `wanted` is or was counted, as if the clock ran on from `at`."""
        if wanted > self.finished:
            return self.calendar.add(self.since if self.phase == "running" else at, wanted - self.finished)
        return self.calendar.add(self.started_at, wanted, self.paused(at))

    def paused(self, at: datetime) -> list[Pause]:
        """The pauses up to `at`."""
        return self.pauses if self.phase == "running" else [*self.pauses, (self.since, at)]

    def pause_ends(self) -> datetime | None:
        """When the pause that lasts has used up all the pausing that the target allows."""
        if self.phase != "paused" or self.target.pause_at_most is None:
            return None
        most = self.target.pause_at_most.working(self.calendar, self.started_at)
        used = sum((self.calendar.elapsed(*pause) for pause in self.pauses), timedelta())
        return self.calendar.add(self.since, most - used) if most > used else self.since

    def pass_to(self, at: datetime) -> None:
        """Time goes on to `at`: a pause that is too long ends on the way."""
        ends = self.pause_ends()
        if ends is not None and ends <= at:
            self._change("running", "resumed", ends, None, "pause_at_most")

    def _wait(self, fact: Fact) -> None:
        start = next((when for when in self.target.whens["start"] if when.matches(fact)), None)
        if start is None:
            self.earlier.append(fact)
            return
        self._begin(start.instant(fact), fact)
        for known in self.earlier:
            if not (self.target.chained and _any(self.target.whens["stop"], known)):
                self._turn(known)
        self._turn(fact)

    def _begin(self, at: datetime, fact: Fact) -> None:
        self.started_at, self.finished, self.pauses = at, timedelta(), []
        self._change("running", "started", at, fact)

    def _turn(self, fact: Fact) -> None:
        at, whens = max(fact.happened_at, self.started_at), self.target.whens
        self.pass_to(at)
        if self.open and _any(whens["stop"], fact):
            self._change("met", "met", at, fact)
        if fact.type in WITHDRAWN or _any(whens["cancel"], fact):
            self.over = True
            if self.open:
                self._change("cancelled", "cancelled", at, fact)
        if self.phase == "running" and _any(whens["pause"], fact):
            self._change("paused", "paused", at, fact, str(fact.attributes.get("reason") or fact.type))
        if self.phase == "paused" and _any(whens["resume"], fact):
            self._change("running", "resumed", at, fact)
        if self.phase == "met" and not self.over and _any(whens["reopen"], fact):
            self._reopen(at, fact)

    def _reopen(self, at: datetime, fact: Fact) -> None:
        target = self.target
        too_late = target.resume_within is not None and at > target.resume_within.after(self.calendar, self.since)
        if target.reopening == "new_cycle" or too_late:
            self.cycle += 1
            self._begin(at, fact)
        else:
            self._change("running", "reopened", at, fact)

    def _change(self, phase: Phase, kind: Kind, at: datetime, fact: Fact | None, reason: str = "") -> None:
        if kind != "started":
            self.finished, self.pauses = self.counted(at), self.paused(at)
        self.phase, self.since = phase, at
        self.turns.append(Turn(kind, at, fact, self.finished, reason))


def _any(whens: tuple[When, ...], fact: Fact) -> bool:
    return any(when.matches(fact) for when in whens)
