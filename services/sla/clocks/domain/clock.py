"""One clock: what is known of it, judged from all facts heard so far."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from libs.events import Event, event
from libs.events.contracts.sla.clocks import NoDeadline

State = Literal["running", "paused", "met", "cancelled"]

CLOCKS = UUID("f0f7a1c2-6a3e-5d0b-9c1d-8f5b2f3a7e44")
"""The namespace of clock ids."""


def clock_id(ticket_id: str, metric: str) -> str:
    """The id of a ticket's clock: the same whoever works it out, and whenever."""
    return str(uuid5(CLOCKS, f"{ticket_id}/{metric}"))


@event("sla.ClockJudged")
class ClockJudged(Event, frozen=True, kw_only=True):
    """All that is known of one clock: what its view shows and its timer waits for. Never leaves this service.

    `counted_seconds` is the working time up to `state_since`, when it last started, paused, resumed or ended. `due_at`
    is when the target is, or would have been, used up: none while paused (ADR 19.19), and none where the calendar
    never comes to it, which `no_deadline` says. `breached` is the verdict of the facts and rules known now, beside the
    state; `breached_then` says whether a breach of this cycle was ever told, as things were known then. `by_change`: a
    change of level or rules put the deadline into the past. `provisional`: the deadline lies in a year whose public
    holidays are not known yet. `next_at` is when the clock speaks next of its own accord: its warning, its breach, or
    the end of a pause that may not last longer. `breach_at` is when a running clock that has not breached will have
    counted more than its target, if nothing is heard before.
    """

    clock_id: str
    ticket_id: str
    metric: str
    policy: str
    calendar: str
    cycle: int
    state: State
    state_since: datetime
    level: int
    target_seconds: int
    started_at: datetime
    counted_seconds: float
    due_at: datetime | None
    no_deadline: NoDeadline | None
    provisional: bool
    breached: bool
    breached_then: bool
    by_change: bool
    met_at: datetime | None
    next_at: datetime | None
    breach_at: datetime | None
