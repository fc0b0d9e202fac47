"""What a set of facts says about one clock: a pure function, whatever order the facts arrived in.

The facts are gone through in the order in which they happened. A clock runs from its first start; what happened before
that counts as happening then, so that a ticket opened in a paused or finished state starts so (decision 12). Everything
is worked out from the start and the list of pauses (6). A level that becomes known moves the deadline, with start and
pauses kept, and never reopens a met clock (8). Reopening resumes the clock, the time it was met being a pause (10).
A verdict compares counted time with the target (2): a deadline at closing time is missed at the next opening.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypedDict

from libs.events.contracts.sla import (
    ClockCancelled,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
)
from services.sla.domain.calendar import Calendar, Pause
from services.sla.domain.clock import State, clock_id
from services.sla.domain.fact import Fact
from services.sla.domain.policy import Policy, Target

SECOND = timedelta(seconds=1)
Word = ClockStarted | ClockPaused | ClockResumed | ClockMet | ClockCancelled | DeadlineMoved | DeadlineBreached


class About(TypedDict):
    """What every word of a clock says."""

    ticket_id: str
    clock_id: str
    metric: str
    at: datetime


def judge(ticket_id: str, facts: Iterable[Fact], policy: Policy, metric: str) -> "Run | None":
    """The clock as these facts have it, in whatever order; None while nothing has started it."""
    target = policy.target(metric)
    ordered = sorted(facts, key=attrgetter("order"))
    first = next((fact for fact in ordered if fact.type in target.start), None)
    if first is None:
        return None
    run = Run(ticket_id, policy, target, started_at=first.happened_at)
    for fact in ordered:
        run.hear(fact)
    return run


@dataclass
class Run:
    """One clock on its way through the facts. `words` are what there is to tell of it, in order of time.

    `finished` is the working time of the running segments that have ended, all within this one way through the facts.
    """

    ticket_id: str
    policy: Policy
    target: Target
    started_at: datetime
    state: State = "running"
    id: str = field(init=False)
    since: datetime = field(init=False)
    finished: timedelta = timedelta()
    known: int = field(init=False)
    level: int = field(init=False)
    pauses: list[Pause] = field(default_factory=list)
    breached: bool = False
    over: bool = False
    words: list[Word] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = clock_id(self.ticket_id, self.target.metric)
        self.since = self.started_at
        self.known = self.level = self.policy.level.until_then
        seconds, deadline = self.target.seconds[self.level], self.deadline(self.since)
        self.words.append(ClockStarted(**self._about(self.since), target_seconds=seconds, deadline=deadline))

    def hear(self, fact: Fact) -> None:
        """Go on with the next fact. What classifies the fault sets the target before it stops the clock."""
        at, target = max(fact.happened_at, self.started_at), self.target
        if fact.type == self.policy.level.event:
            self._classify(at, fact.attributes.get(self.policy.level.field))
        if fact.type in target.stop:
            self._stop(at)
        if fact.type in target.cancel:
            self._cancel(at)
        if fact.type in target.pause:
            self._pause(at, str(fact.attributes.get("reason") or fact.type))
        if fact.type in target.resume:
            self._resume(at)
        if fact.type in target.reopen:
            self._reopen(at)

    @property
    def open(self) -> bool:
        """Whether the clock still waits for what it is to be stopped by."""
        return self.state in ("running", "paused")

    @property
    def limit(self) -> timedelta:
        """The target: so much time may be counted."""
        return timedelta(seconds=self.target.seconds[self.level])

    def counted(self, at: datetime) -> timedelta:
        """The working time from the start to `at`, an instant at which the clock is as it is now."""
        if self.state != "running":
            return self.finished
        return self.finished + self._calendar.elapsed(self.since, at)

    def deadline(self, at: datetime, share: float = 1) -> datetime:
        """The earliest instant at which the counted time is the target, or a share of it; as if it ran on from `at`."""
        wanted = round(share * self.limit.total_seconds()) * SECOND
        if wanted > self.finished:
            running_since = self.since if self.state == "running" else at
            return self._calendar.add(running_since, wanted - self.finished)
        return self._calendar.add(self.started_at, wanted, self._paused(at))

    def lapse(self) -> datetime:
        """From when on a clock that runs on has counted more than the target: when its breach is true."""
        turned = self.words[-1].at
        if self.counted(turned) > self.limit:
            return turned
        return self._calendar.opening(max(self.deadline(turned), turned))

    def breach(self) -> DeadlineBreached:
        """The breach of a clock that runs on."""
        at = self.lapse()
        return DeadlineBreached(**self._about(at), deadline=self.deadline(at))

    def warning(self) -> DeadlineApproaching:
        """The warning of a clock that runs on."""
        at = self.deadline(self.since, self.target.warn_at)
        return DeadlineApproaching(**self._about(at), deadline=self.deadline(self.since))

    def _classify(self, at: datetime, level: object) -> None:
        # A level that the policy has no seconds for leaves the target as it was.
        if isinstance(level, int) and level in self.target.seconds:
            self.known = level
            if self.open:
                self._retarget(at)

    def _retarget(self, at: datetime) -> None:
        if self.target.seconds[self.known] == self.target.seconds[self.level]:
            self.level = self.known
            return
        self._pass(at)
        old, self.level = self.deadline(at), self.known
        self.words.append(
            DeadlineMoved(
                **self._about(at),
                old_deadline=old,
                deadline=self.deadline(at),
                target_seconds=self.target.seconds[self.level],
                because=f"level {self.level}",
            )
        )
        if self.counted(at) <= self.limit:
            self.breached = False
        elif not self.breached:
            self._breach()

    def _pause(self, at: datetime, reason: str) -> None:
        if self.state == "running":
            self._pass(at)
            self._turn("paused", at)
            counted = self.counted(at).total_seconds()
            self.words.append(ClockPaused(**self._about(at), reason=reason, counted_seconds=counted))

    def _resume(self, at: datetime) -> None:
        if self.state == "paused":
            self._turn("running", at)
            self.words.append(ClockResumed(**self._about(at), deadline=self.deadline(at)))

    def _stop(self, at: datetime) -> None:
        if self.open:
            self._pass(at)
            counted = self.counted(at)
            late = counted > self.limit
            self._turn("met", at)
            self.breached = late
            self.words.append(ClockMet(**self._about(at), counted_seconds=counted.total_seconds(), late=late))

    def _cancel(self, at: datetime) -> None:
        self.over = True
        if self.open:
            self._pass(at)
            self._turn("cancelled", at)
            self.words.append(ClockCancelled(**self._about(at)))

    def _reopen(self, at: datetime) -> None:
        if self.state == "met" and not self.over:
            self._turn("running", at)
            self.words.append(ClockResumed(**self._about(at), deadline=self.deadline(at)))
            self._retarget(at)

    def _turn(self, state: State, at: datetime) -> None:
        self.finished, self.pauses = self.counted(at), self._paused(at)
        self.state, self.since = state, at

    def _paused(self, at: datetime) -> list[Pause]:
        return self.pauses if self.state == "running" else [*self.pauses, (self.since, at)]

    def _pass(self, at: datetime) -> None:
        """Time goes on to `at`: a clock that ran past its target has breached on the way."""
        if self.state == "running" and not self.breached and self.counted(at) > self.limit:
            self._breach()

    def _breach(self) -> None:
        self.breached = True
        self.words.append(self.breach())

    def _about(self, at: datetime) -> About:
        return {"ticket_id": self.ticket_id, "clock_id": self.id, "metric": self.target.metric, "at": at}

    @property
    def _calendar(self) -> Calendar:
        return self.policy.calendar(self.target)
