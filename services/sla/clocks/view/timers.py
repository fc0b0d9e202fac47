"""The timers: when each running clock speaks next, armed in the transaction that changes the clock."""

from datetime import datetime

import msgspec

from libs.events import AnyRecorded
from libs.events.database.schema import timer
from libs.events.view import View
from services.sla.clocks.domain.clock import ClockJudged


class TimerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clock's next instant; `stream_id` is the ticket's."""

    id: str
    stream_id: str
    due_at: datetime


def key(recorded: AnyRecorded) -> str | None:
    """The clock that an event is about."""
    return recorded.event.clock_id if isinstance(recorded.event, ClockJudged) else None


def apply(row: TimerRow | None, recorded: AnyRecorded) -> TimerRow | None:
    """The timer after one more event of the ticket's stream; none while nothing falls due."""
    clock = recorded.event
    if not isinstance(clock, ClockJudged):
        return row
    if clock.next_at is None:
        return None
    return TimerRow(id=clock.clock_id, stream_id=clock.ticket_id, due_at=clock.next_at)


timer_view = View(timer, TimerRow, key, apply)
