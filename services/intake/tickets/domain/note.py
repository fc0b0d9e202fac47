"""Notes on a ticket that people write by hand: among colleagues, or what a customer was told. The words are texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from libs.events import Event, Refused, event

Audience = Literal["internal", "customer"]
MOST_NOTES = 500
"""Of one ticket: all are shown at once."""


@event("intake.TicketNoted")
class TicketNoted(Event, frozen=True, kw_only=True):
    """Somebody wrote something about the ticket; `audience` says whether the customer was told it."""

    ticket_id: str
    note_id: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class AddNote:
    """Write about a ticket, whatever became of it."""

    ticket_id: str
    note_id: str
    audience: Audience


def noted(command: AddNote, notes: int) -> Sequence[TicketNoted]:
    """The note, beside the `notes` that there are. Raises Refused where they are enough."""
    if notes >= MOST_NOTES:
        raise Refused("too-many-notes", "The ticket has 500 notes: it takes no more.")
    return [TicketNoted(ticket_id=command.ticket_id, note_id=command.note_id, audience=command.audience)]
