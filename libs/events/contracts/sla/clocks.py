"""Clocks (时限): what runs, what is late or about to be."""

from typing import Literal

from libs.events.event import AboutTicket, Instant, event

NoDeadline = Literal["calendar_ends", "out_of_range"]
"""Why a clock has no deadline: its calendar never holds so much open time again, or the clock begins before 1970 or
from 2200 on, where no time is counted."""


class AboutClock(AboutTicket, frozen=True, kw_only=True):
    """An event of one clock: a ticket's time against one metric, such as on_site. `at` is when it was true."""

    clock_id: str
    metric: str
    at: Instant


@event("sla.ClockStarted")
class ClockStarted(AboutClock, frozen=True, kw_only=True):
    """The clock runs: `target_seconds` of the policy's calendar, so `deadline`. A later `cycle` began by reopening.

    Without a deadline it runs all the same, cannot breach, and `no_deadline` says why. `soon_at` and `urgent_at` are
    when half and three quarters of the target are used up, if nothing is heard before; events of old do not say it.
    """

    policy: str
    calendar: str
    target_seconds: int
    deadline: Instant | None
    no_deadline: NoDeadline | None = None
    cycle: int = 1
    soon_at: Instant | None = None
    urgent_at: Instant | None = None


@event("sla.ClockPaused")
class ClockPaused(AboutClock, frozen=True, kw_only=True):
    """Time stopped counting after `counted_seconds`; a paused clock cannot breach."""

    reason: str
    counted_seconds: float


@event("sla.ClockResumed")
class ClockResumed(AboutClock, frozen=True, kw_only=True):
    """Time counts again, after a pause or after a rejected repair: the new deadline.

    `because` is `pause_at_most` where the pause had used up all the pausing that the policy allows. Without a deadline
    `no_deadline` says why. `soon_at` and `urgent_at` are as ClockStarted has them, or lie before the pause.
    """

    deadline: Instant | None
    no_deadline: NoDeadline | None = None
    because: str = ""
    soon_at: Instant | None = None
    urgent_at: Instant | None = None


@event("sla.ClockMet")
class ClockMet(AboutClock, frozen=True, kw_only=True):
    """What the clock waited for happened, after `counted_seconds`; `late` if that is more than the target."""

    counted_seconds: float
    late: bool


@event("sla.ClockCancelled")
class ClockCancelled(AboutClock, frozen=True, kw_only=True):
    """What the clock waited for is not needed any more."""


@event("sla.DeadlineMoved")
class DeadlineMoved(AboutClock, frozen=True, kw_only=True):
    """Level, policy or calendar changed, so the deadline was worked out again from the original start.

    `because` says what changed, such as `level 1`; `by` is the id of the event that told it, or of who changed rules.
    Either deadline may be none; that there is no new one, `no_deadline` explains. `soon_at` and `urgent_at` are those
    of the new target, as ClockStarted has them.
    """

    policy: str
    old_deadline: Instant | None
    deadline: Instant | None
    no_deadline: NoDeadline | None = None
    target_seconds: int
    because: str
    by: str
    soon_at: Instant | None = None
    urgent_at: Instant | None = None


@event("sla.DeadlineApproaching")
class DeadlineApproaching(AboutClock, frozen=True, kw_only=True):
    """The warning before `deadline`; once for a deadline."""

    deadline: Instant


@event("sla.DeadlineBreached")
class DeadlineBreached(AboutClock, frozen=True, kw_only=True):
    """The target was used up before what the clock waits for had happened; once for a deadline.

    `by_change`: a change of level or rules put the deadline into the past.
    """

    deadline: Instant
    by_change: bool = False


@event("sla.BreachWithdrawn")
class BreachWithdrawn(AboutClock, frozen=True, kw_only=True):
    """What was told as a breach of `deadline` is none: evidence came late, or level or rules changed.

    `counted_seconds` of `target_seconds` were counted at `at`. `because` says what made the difference, `by` is the id
    of the event or person behind it; the whole ledger is the clock's explanation.
    """

    deadline: Instant
    counted_seconds: float
    target_seconds: int
    because: str
    by: str
