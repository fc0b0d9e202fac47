"""The notices of a clock: what this service tells of it, in order of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from libs.events.contracts.sla.clocks import (
    BreachWithdrawn,
    ClockCancelled,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
    NoDeadline,
)
from services.sla.policies.domain.rulebook import Candidate

ClockNotice = (
    ClockStarted
    | ClockPaused
    | ClockResumed
    | ClockMet
    | ClockCancelled
    | DeadlineMoved
    | DeadlineBreached
    | BreachWithdrawn
)


class Why(NamedTuple):
    """What made a difference, in a few words for people, and the event or the person behind it, by id."""

    because: str
    by: str


class About(TypedDict):
    """What every notice of a clock says."""

    ticket_id: str
    clock_id: str
    metric: str
    at: datetime


class Ahead(TypedDict):
    """When half, three quarters and all of a target are used up, if nothing is heard before; why it never is."""

    soon_at: datetime | None
    urgent_at: datetime | None
    deadline: datetime | None
    no_deadline: NoDeadline | None


@dataclass(frozen=True)
class ClockNotices:
    """Speaks for one clock of one ticket."""

    ticket_id: str
    clock_id: str
    metric: str

    def started(self, at: datetime, candidate: Candidate, limit: timedelta, ahead: Ahead, cycle: int) -> ClockStarted:
        """It runs."""
        return ClockStarted(
            **self._about(at),
            policy=candidate.policy.name,
            calendar=candidate.calendar_name,
            target_seconds=_whole(limit),
            cycle=cycle,
            **ahead,
        )

    def paused(self, at: datetime, reason: str, counted: timedelta) -> ClockPaused:
        """Time does not count."""
        return ClockPaused(**self._about(at), reason=reason, counted_seconds=counted.total_seconds())

    def resumed(self, at: datetime, ahead: Ahead, because: str = "") -> ClockResumed:
        """Time counts again."""
        return ClockResumed(**self._about(at), because=because, **ahead)

    def met(self, at: datetime, counted: timedelta, late: bool) -> ClockMet:
        """What it waited for happened."""
        return ClockMet(**self._about(at), counted_seconds=counted.total_seconds(), late=late)

    def cancelled(self, at: datetime) -> ClockCancelled:
        """What it waited for is not needed."""
        return ClockCancelled(**self._about(at))

    def moved(
        self,
        at: datetime,
        candidate: Candidate,
        limit: timedelta,
        old: datetime | None,
        ahead: Ahead,
        why: Why,
    ) -> DeadlineMoved:
        """It has another target."""
        return DeadlineMoved(
            **self._about(at),
            policy=candidate.policy.name,
            target_seconds=_whole(limit),
            old_deadline=old,
            because=why.because,
            by=why.by,
            **ahead,
        )

    def approaching(self, at: datetime, deadline: datetime) -> DeadlineApproaching:
        """The warning."""
        return DeadlineApproaching(**self._about(at), deadline=deadline)

    def breached(self, at: datetime, deadline: datetime, by_change: bool) -> DeadlineBreached:
        """More than the target was counted."""
        return DeadlineBreached(**self._about(at), deadline=deadline, by_change=by_change)

    def withdrawn(
        self, at: datetime, deadline: datetime, counted: timedelta, limit: timedelta, why: Why
    ) -> BreachWithdrawn:
        """What was told as a breach is none."""
        return BreachWithdrawn(
            **self._about(at),
            deadline=deadline,
            counted_seconds=counted.total_seconds(),
            target_seconds=_whole(limit),
            because=why.because,
            by=why.by,
        )

    def _about(self, at: datetime) -> About:
        return {"ticket_id": self.ticket_id, "clock_id": self.clock_id, "metric": self.metric, "at": at}


def _whole(limit: timedelta) -> int:
    return round(limit.total_seconds())
