"""The owner of a ticket (负责人): the one person whom its customer deals with, by their pseudonym."""

from collections.abc import Sequence
from dataclasses import dataclass

from libs.events import Forbidden, Refused
from libs.events.contracts.intake.tickets import TicketOwnerChanged


@dataclass(frozen=True, slots=True)
class ClaimTicket:
    """Become the owner of a ticket that is nobody's."""

    ticket_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """Make somebody the owner, whosever the ticket is."""

    ticket_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class ReleaseTicket:
    """Leave the ticket to whoever claims it; `owner_id` is whose it has to be, None: anybody's."""

    ticket_id: str
    owner_id: str | None = None


OwnerCommand = ClaimTicket | AssignTicket | ReleaseTicket


def owned(command: OwnerCommand, owner_id: str | None) -> Sequence[TicketOwnerChanged]:
    """What a command makes of whose the ticket is; nothing where it is so already.

    Raises Refused for a claim of somebody else's ticket, with whose it is, and Forbidden for a release of one.
    """
    match command:
        case ClaimTicket(owner_id=wanted) if owner_id not in (None, wanted):
            raise Refused("ticket-owned", "Somebody else has claimed the ticket.", owner_id=owner_id)
        case ReleaseTicket(owner_id=whose) if owner_id and whose not in (None, owner_id):
            raise Forbidden("not-your-ticket", "The ticket is somebody else's.")
    next_id = None if isinstance(command, ReleaseTicket) else command.owner_id
    return [] if next_id == owner_id else [TicketOwnerChanged(ticket_id=command.ticket_id, owner_id=next_id)]
