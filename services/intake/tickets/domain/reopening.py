"""A closed ticket is opened again (重开) for some time after it was closed: what is known stays, work begins anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.events import Refused
from libs.events.contracts.intake.tickets import TicketReopened
from services.intake.tickets.domain.progress import End


@dataclass(frozen=True, slots=True)
class ReopenTicket:
    """Let a closed ticket go on, if it is asked for no later than `within` after it was closed; why is a text.

    `asked_at` is when that is recorded: whoever says that it was earlier gains no time.
    """

    ticket_id: str
    reason_id: str
    within: timedelta
    asked_at: datetime


def reopened(
    command: ReopenTicket, ended: End | None, duplicate_of: str | None, closed_at: datetime | None
) -> TicketReopened:
    """Raises Refused for a ticket that is not closed, and for one that was closed too long ago."""
    if duplicate_of is not None:
        raise Refused("ticket-merged", "The ticket was merged into another: take that back instead.")
    if ended == "cancelled":
        raise Refused("ticket-cancelled", "The ticket is cancelled.")
    if ended is None:
        raise Refused("ticket-not-closed", "The ticket is not closed: it goes on.")
    if closed_at is not None and command.asked_at > closed_at + command.within:
        raise Refused("reopening-over", "The ticket was closed too long ago: open a new one that follows it.")
    return TicketReopened(ticket_id=command.ticket_id, reason_id=command.reason_id)
