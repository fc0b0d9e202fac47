"""The history of one clock: how a target's clock runs, pauses and ends, as the facts of a ticket come by in order.

It knows one target and one calendar. It begins at the first fact that starts it; what happened before that counts as
happening then, so that a ticket opened in a paused or finished state starts so (ADR 19.12), but what stopped a clock
that starts in mid-life was for something earlier. Running segments, and so the pauses between them, are a list (ADR
19.6).
"""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Literal

import msgspec

from services.sla.calendars.domain.live_calendar import LiveCalendar
from services.sla.policies.domain.fact import ENDS, MERGED, REOPENED, UNMERGED, WITHDRAWN, Fact
from services.sla.policies.domain.policy import Target
from services.sla.policies.domain.when import When

NEVER = datetime.max.replace(tzinfo=UTC)
Phase = Literal["waiting", "running", "paused", "met", "cancelled"]
Kind = Literal["started", "paused", "resumed", "met", "cancelled", "reopened"]


class Turn(msgspec.Struct, frozen=True):
    """A change of a history at `at`, and the fact that made it; None where a pause ended because it was too long."""

    kind: Kind
    at: datetime
    fact: Fact | None
    counted: timedelta
    reason: str = ""


@dataclass
class SegmentHistory:
    """One target's clock on its way. `finished` is the working time of the running segments that have ended.

    `segments` are all running ones: what was counted before each, and when it began. `paused` is the working time of
    the pauses that have ended, and `most` what a target allows of it. `round` counts the ticket's cycles of work. While
    the clock is cancelled `done` is what stops it as soon as a merge is taken back, and `held` why it would wait then;
    without them it would run.
    """

    target: Target
    calendar: LiveCalendar
    phase: Phase = "waiting"
    started_at: datetime = NEVER
    since: datetime = NEVER
    finished: timedelta = timedelta()
    segments: list[tuple[timedelta, datetime]] = field(default_factory=list)
    paused: timedelta = timedelta()
    most: timedelta | None = None
    turns: list[Turn] = field(default_factory=list)
    cycle: int = 1
    round: int = 1
    over: bool = False
    merged: bool = False
    closed: bool = False
    held: str = ""
    done: Fact | None = None
    earlier: list[Fact] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the clock still waits for what it is to be stopped by."""
        return self.phase in ("running", "paused")

    def hear(self, fact: Fact) -> None:
        """Go on with the next fact. What is late of a round of work that is over changes nothing."""
        self.round += fact.type == REOPENED
        if fact.is_over(self.round):
            return
        if self.phase == "waiting":
            self._wait(fact)
        else:
            self._turn(fact)

    def copy(self) -> "SegmentHistory":
        """The history as it is now, which does not go on with this one."""
        return replace(self, segments=[*self.segments], turns=[*self.turns])

    def counted(self, at: datetime) -> timedelta:
        """The working time from the start to `at`, an instant at which the clock is as it is now."""
        running = self.phase == "running" and at > self.since
        return self.finished + self.calendar.elapsed(self.since, at) if running else self.finished

    def reached(self, wanted: timedelta, at: datetime) -> datetime | None:
        """The earliest instant at which `wanted` is or was counted, as if the clock ran on from `at`.

        Of nothing it is the opening until which nothing counts; None for what the calendar never comes to.
        """
        if wanted <= timedelta():
            return self.calendar.opens(self.started_at)
        if wanted > self.finished:
            return self.calendar.due(self.since if self.phase == "running" else at, wanted - self.finished)
        before, since = self.segments[bisect_left(self.segments, wanted, key=itemgetter(0)) - 1]
        return self.calendar.due(since, wanted - before)

    def pause_ends(self) -> datetime | None:
        """When the pause that lasts has used up all the pausing that the target allows."""
        if self.phase != "paused" or self.most is None:
            return None
        return self.calendar.due(self.since, self.most - self.paused) if self.most > self.paused else self.since

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
        self.started_at, self.finished, self.paused, self.segments = at, timedelta(), timedelta(), []
        most = self.target.pause_at_most
        self.most = None if most is None else most.working(self.calendar, at)
        self._change("running", "started", at, fact)

    def _turn(self, fact: Fact) -> None:
        at, whens = max(fact.at, self.started_at), self.target.whens
        self.pass_to(at)
        if self.open and _any(whens["stop"], fact):
            self._change("met", "met", at, fact)
        if fact.type in ENDS or _any(whens["cancel"], fact):
            self._end(fact)
            if self.open:
                self.held, self.done = self.turns[-1].reason if self.phase == "paused" else "", None
                self._change("cancelled", "cancelled", at, fact)
        if self.phase == "running" and _any(whens["pause"], fact):
            self._change("paused", "paused", at, fact, _reason(fact))
        if self.phase == "paused" and _any(whens["resume"], fact):
            self._change("running", "resumed", at, fact)
        if self.phase == "cancelled":
            self._hold(fact)
        if fact.type == UNMERGED:
            self._revive(at, fact)
        if fact.type == REOPENED:
            self._begin_again(at, fact)
        if self.phase == "met" and not (self.over or self.merged or self.closed) and self._reopens(fact):
            self._reopen(at, fact)

    def _end(self, fact: Fact) -> None:
        """Merged and closed can be taken back, closed also what a policy cancels by; withdrawn is for good."""
        if fact.type == MERGED:
            self.merged = True
        elif fact.type == WITHDRAWN:
            self.over = True
        else:
            self.closed = True

    def _hold(self, fact: Fact) -> None:
        """The work may be paused, go on, and be done while the ticket counts as merged."""
        if _any(self.target.whens["stop"], fact):
            self.done = fact
        elif self._reopens(fact):
            self.done = None
        if _any(self.target.whens["pause"], fact):
            self.held = self.held or _reason(fact)
        if _any(self.target.whens["resume"], fact):
            self.held = ""

    def _reopens(self, fact: Fact) -> bool:
        """What goes on after a rejection goes on after a reopening, too, whether its policy names that or not."""
        reopen = self.target.whens["reopen"]
        return _any(reopen, fact) or (fact.type == REOPENED and bool(reopen))

    def _begin_again(self, at: datetime, fact: Fact) -> None:
        """A closed ticket was opened again: what was cancelled, by its closing or before, begins anew (ADR 77)."""
        self.closed = False
        ended = self.turns[-1]
        if ended.kind == "cancelled" and not (self.over or self.merged):
            self.cycle += 1
            self._begin(at, fact)

    def _revive(self, at: datetime, fact: Fact) -> None:
        """A merge was taken back: what it had cancelled goes on, the time between being a pause (ADR 76).

        What was done meanwhile is met as it goes on.
        """
        self.merged = False
        ended = self.turns[-1]
        if ended.kind != "cancelled" or ended.fact is None or ended.fact.type != MERGED:
            return
        self._change("running", "reopened", at, fact)
        if self.done:
            self._change("met", "met", at, self.done)
        elif self.held:
            self._change("paused", "paused", at, fact, self.held)

    def _reopen(self, at: datetime, fact: Fact) -> None:
        within = self.target.resume_within
        latest = within.after(self.calendar, self.since) if within is not None else None
        if self.target.reopening == "new_cycle" or (latest is not None and at > latest):
            self.cycle += 1
            self._begin(at, fact)
        else:
            self._change("running", "reopened", at, fact)

    def _change(self, phase: Phase, kind: Kind, at: datetime, fact: Fact | None, reason: str = "") -> None:
        if kind != "started" and self.phase == "running":
            self.finished = self.counted(at)
        elif kind != "started" and self.most is not None:
            self.paused += self.calendar.elapsed(self.since, at)
        if phase == "running":
            self.segments.append((self.finished, at))
        self.phase, self.since = phase, at
        self.turns.append(Turn(kind, at, fact, self.finished, reason))


def _reason(fact: Fact) -> str:
    return str(fact.attributes.get("reason") or fact.type)


def _any(whens: tuple[When, ...], fact: Fact) -> bool:
    return any(when.matches(fact) for when in whens)
