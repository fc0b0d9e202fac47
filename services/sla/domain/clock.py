"""One clock: what is known of it, judged from all facts heard so far."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from libs.events import Event, event

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
    is when the target is, or would have been, used up: none while paused (decision 19). `breached` is the verdict of
    the facts heard so far, beside the state. `next_at` is when the clock speaks next of its own accord: its
    warning or its breach.
    """

    clock_id: str
    ticket_id: str
    metric: str
    policy: str
    calendar: str
    state: State
    state_since: datetime
    level: int
    target_seconds: int
    started_at: datetime
    counted_seconds: float
    due_at: datetime | None
    breached: bool
    met_at: datetime | None
    next_at: datetime | None
