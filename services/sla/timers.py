"""What falls due: a clock's warning or its breach."""

from datetime import datetime

from libs.events import Story
from services.sla.clocks.domain.clocks import FireDue, clocks


def fall_due(timer_id: str, stream_id: str, due_at: datetime) -> Story:
    """The clock `timer_id` of the ticket `stream_id` speaks, if what it waited for still holds."""
    yield clocks.on(stream_id, FireDue(clock_id=timer_id, due_at=due_at))
