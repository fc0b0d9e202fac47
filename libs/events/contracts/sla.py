"""What sla (时限) tells the others: clocks, and what is late or about to be."""

from libs.events.event import AboutTicket, Instant, event


class AboutClock(AboutTicket, frozen=True, kw_only=True):
    """An event of one clock: a ticket's time against one metric, such as on_site. `at` is when it was true."""

    clock_id: str
    metric: str
    at: Instant


@event("sla.ClockStarted")
class ClockStarted(AboutClock, frozen=True, kw_only=True):
    """The clock runs: `target_seconds` of the policy's calendar, so `deadline`."""

    target_seconds: int
    deadline: Instant


@event("sla.ClockPaused")
class ClockPaused(AboutClock, frozen=True, kw_only=True):
    """Time stopped counting after `counted_seconds`; a paused clock cannot breach."""

    reason: str
    counted_seconds: float


@event("sla.ClockResumed")
class ClockResumed(AboutClock, frozen=True, kw_only=True):
    """Time counts again, after a pause or after a rejected repair: the new deadline."""

    deadline: Instant


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
    """The level changed, so the deadline was worked out again from the original start."""

    old_deadline: Instant
    deadline: Instant
    target_seconds: int
    because: str


@event("sla.DeadlineApproaching")
class DeadlineApproaching(AboutClock, frozen=True, kw_only=True):
    """The warning before `deadline`; once for a deadline."""

    deadline: Instant


@event("sla.DeadlineBreached")
class DeadlineBreached(AboutClock, frozen=True, kw_only=True):
    """The target was used up before what the clock waits for had happened; once for a clock."""

    deadline: Instant
