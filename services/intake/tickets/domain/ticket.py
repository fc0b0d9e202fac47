"""A ticket (《客户咨询/反馈登记表》): opened once, followed through all services, closed or cancelled once.

Of two tickets about one matter, one goes on and takes the other, which ends as a cancelled one does. Both remember it,
so that two agents cannot merge them both ways at once, and a duplicate always leads to a ticket that is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.chronology import after_opening, after_step
from libs.events.contracts.intake import tickets as intake
from libs.events.contracts.intake.tickets import Channel, TicketStatus, Urgency
from libs.events.contracts.jobs import JobType
from services.intake.tickets.domain import warranty
from services.intake.tickets.domain.owner import AssignTicket, ClaimTicket, OwnerCommand, ReleaseTicket, owned
from services.intake.tickets.domain.progress import End, Fact, Progress
from services.intake.tickets.domain.warranty import CauseNoted, NameAsset, Warranty, WarrantyCommand


@event("intake.TicketProgressed")
class TicketProgressed(Event, frozen=True, kw_only=True):
    """Another service said something that the ticket's status depends on.

    `fact` is the type name of what was said and `fact_id` the id of that event; `subject_id` is what it was about (a
    work order, a callback), `detail` the code that came with it.
    """

    fact: str
    fact_id: str
    subject_id: str | None = None
    detail: str | None = None


@event("intake.DuplicateTaken")
class DuplicateTaken(Event, frozen=True, kw_only=True):
    """The ticket stands for another one too, which was marked a duplicate of it."""

    ticket_id: str
    duplicate_id: str


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Register a contact as a ticket; `summary_id` and `requirements_id` are texts, `timezone` is an IANA zone."""

    ticket_id: str
    number: str
    customer_id: str
    channel: Channel
    kind: JobType
    urgency: Urgency
    summary_id: str
    requirements_id: str | None = None
    region: str | None = None
    contract: str | None = None
    timezone: str | None = None
    asset_id: str | None = None
    part_id: str | None = None
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultTicket:
    """Look at the ticket and change nothing: a story that depends on it asks so."""


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """Remember what another service said about the ticket."""

    ticket_id: str
    fact: Fact
    fact_id: str
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelTicket:
    """Withdraw the ticket; why is a text."""

    ticket_id: str
    reason_id: str | None = None


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """Archive the ticket: there is nothing more to do."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    """End the ticket in favour of the ticket `of`, which has to take it in the same story."""

    ticket_id: str
    of: str


@dataclass(frozen=True, slots=True)
class TakeDuplicate:
    """Let the ticket stand for `duplicate_id` too."""

    ticket_id: str
    duplicate_id: str


TicketCommand = (
    OpenTicket
    | ConsultTicket
    | NoteProgress
    | CancelTicket
    | CloseTicket
    | MarkDuplicate
    | TakeDuplicate
    | OwnerCommand
    | WarrantyCommand
)
TicketEvent = (
    intake.TicketOpened
    | intake.WarrantyAssessed
    | intake.WarrantyReassessed
    | intake.TicketAssetNamed
    | CauseNoted
    | TicketProgressed
    | intake.TicketCancelled
    | intake.TicketClosed
    | intake.TicketMarkedDuplicate
    | DuplicateTaken
    | intake.TicketOwnerChanged
    | intake.TicketStatusChanged
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the next decision about a ticket reads; `progressed_at` is when the newest that was noted happened."""

    opened: bool = False
    ended: End | None = None
    duplicate: bool = False
    has_duplicates: bool = False
    owner_id: str | None = None
    progress: Progress = field(default_factory=Progress)
    warranty: Warranty = field(default_factory=Warranty)
    noted: frozenset[str] = frozenset()
    opened_at: datetime | None = None
    progressed_at: datetime | None = None


def decide(command: TicketCommand, ticket: Ticket, at: datetime) -> Sequence[TicketEvent]:
    """The events of a command. Refuses to close what is not done and to touch what has ended."""
    if isinstance(command, WarrantyCommand):
        return _of_warranty(command, ticket)
    match command:
        case ConsultTicket():
            return []
        case OpenTicket():
            return [] if ticket.opened else _open(command)
        case NoteProgress():
            return [] if _known(ticket, command.fact_id) else _progressed(command, ticket)
        case CancelTicket(ticket_id, reason_id):
            _cancellable(ticket)
            _in_order(ticket, at)
            return _ended(intake.TicketCancelled(ticket_id=ticket_id, reason_id=reason_id), "cancelled")
        case CloseTicket(ticket_id):
            _closable(ticket)
            _in_order(ticket, at)
            return _ended(intake.TicketClosed(ticket_id=ticket_id), "closed")
        case MarkDuplicate(ticket_id, of):
            _mergeable(ticket, ticket_id, of)
            _in_order(ticket, at)
            return _ended(intake.TicketMarkedDuplicate(ticket_id=ticket_id, of=of), "cancelled")
        case TakeDuplicate(ticket_id, duplicate_id):
            _taking(ticket)
            return [DuplicateTaken(ticket_id=ticket_id, duplicate_id=duplicate_id)]
        case ClaimTicket() | AssignTicket() | ReleaseTicket():
            _going_on(ticket)
            after_opening(at, ticket.opened_at)
            return owned(command, ticket.owner_id)
        case _:
            assert_never(command)


def evolve(ticket: Ticket, event: TicketEvent) -> Ticket:
    match event:
        case intake.TicketOpened():
            return replace(ticket, opened=True)
        case intake.TicketStatusChanged():
            return ticket
        case intake.WarrantyAssessed() | intake.WarrantyReassessed() | intake.TicketAssetNamed() | CauseNoted():
            return replace(ticket, warranty=warranty.after(ticket.warranty, event))
        case TicketProgressed():
            progress = ticket.progress.after(Fact(event.fact, event.detail))
            return replace(ticket, progress=progress, noted=ticket.noted | {event.fact_id})
        case intake.TicketCancelled():
            return replace(ticket, ended="cancelled")
        case intake.TicketClosed():
            return replace(ticket, ended="closed")
        case intake.TicketMarkedDuplicate():
            return replace(ticket, ended="cancelled", duplicate=True)
        case DuplicateTaken():
            return replace(ticket, has_duplicates=True)
        case intake.TicketOwnerChanged():
            return replace(ticket, owner_id=event.owner_id)
        case _:
            assert_never(event)


def stamp(ticket: Ticket, event: TicketEvent, at: datetime) -> Ticket:
    """The ticket with when it was opened, and when the newest that others did about it happened."""
    match event:
        case intake.TicketOpened():
            return replace(ticket, opened_at=at)
        case TicketProgressed():
            return replace(ticket, progressed_at=max(at, ticket.progressed_at or at))
        case _:
            return ticket


def status(ticket: Ticket) -> TicketStatus:
    """The public status: an ended ticket stays so, whatever is still said about it."""
    return ticket.ended or ticket.progress.status


def _open(command: OpenTicket) -> Sequence[TicketEvent]:
    opened = intake.TicketOpened(
        ticket_id=command.ticket_id,
        number=command.number,
        customer_id=command.customer_id,
        channel=command.channel,
        kind=command.kind,
        urgency=command.urgency,
        summary_id=command.summary_id,
        requirements_id=command.requirements_id,
        region=command.region,
        contract=command.contract,
        timezone=command.timezone,
        site_id=command.site_id,
    )
    if command.asset_id is None:
        return [opened, warranty.unassessed(command.ticket_id)]
    named = NameAsset(command.ticket_id, command.asset_id, command.part_id)
    return [opened, *warranty.assessed(named, Warranty())]


def _of_warranty(command: WarrantyCommand, ticket: Ticket) -> Sequence[TicketEvent]:
    """A cause that is heard and a verdict of it are taken whatever became of the ticket; none of a ticket lost."""
    if isinstance(command, NameAsset):
        _going_on(ticket)
    return warranty.assessed(command, ticket.warranty) if ticket.opened else []


def _known(ticket: Ticket, fact_id: str) -> bool:
    """Heard before; or about a ticket that this log never opened, which only a restore that lost commits can cause."""
    return not ticket.opened or fact_id in ticket.noted


def _progressed(command: NoteProgress, ticket: Ticket) -> Sequence[TicketEvent]:
    fact, fact_id = command.fact, command.fact_id
    noted = TicketProgressed(fact=fact.type, fact_id=fact_id, subject_id=command.subject_id, detail=fact.detail)
    before, now = status(ticket), status(evolve(ticket, noted))
    if now == before:
        return [noted]
    return [noted, intake.TicketStatusChanged(ticket_id=command.ticket_id, status=now, because_of=fact_id)]


def _ended(
    event: intake.TicketCancelled | intake.TicketClosed | intake.TicketMarkedDuplicate, status: End
) -> Sequence[TicketEvent]:
    return [event, intake.TicketStatusChanged(ticket_id=event.ticket_id, status=status, because_of=event.type_name)]


def _in_order(ticket: Ticket, at: datetime) -> None:
    """Raises Refused for an end that lies before the beginning, or before what is known to have happened."""
    after_opening(at, ticket.opened_at)
    after_step(at, ticket.progressed_at)


def _cancellable(ticket: Ticket) -> None:
    _going_on(ticket)
    if ticket.progress.visit == "accepted":
        raise Refused("ticket-accepted", "The customer has accepted the repair: close the ticket instead.")


def _closable(ticket: Ticket) -> None:
    _going_on(ticket)
    if ticket.progress.done:
        return
    if ticket.progress.visit == "accepted":
        raise Refused("callback-required", "The repair is accepted, but the customer has not been called back yet.")
    raise Refused(
        "ticket-not-done", "Close a ticket after acceptance and a callback, or after successful remote support."
    )


def _mergeable(ticket: Ticket, ticket_id: str, of: str) -> None:
    _cancellable(ticket)
    if of == ticket_id:
        raise Refused("duplicate-of-itself", "A ticket cannot be a duplicate of itself.")
    if ticket.has_duplicates:
        raise Refused("ticket-has-duplicates", "Others are duplicates of this ticket: mark the other one instead.")


def _taking(ticket: Ticket) -> None:
    if not ticket.opened:
        raise Refused("ticket-not-opened", "No such ticket was opened.")
    if ticket.duplicate:
        raise Refused("duplicate-of-duplicate", "That ticket is a duplicate itself: name the one that goes on.")
    if ticket.ended:
        raise Refused(f"duplicate-of-{ticket.ended}", f"That ticket is {ticket.ended}: it cannot stand for another.")


def _going_on(ticket: Ticket) -> None:
    if not ticket.opened:
        raise Refused("ticket-not-opened", "No such ticket was opened.")
    if ticket.ended:
        raise Refused(f"ticket-{ticket.ended}", f"The ticket is {ticket.ended}.")


ticket: Decider[TicketCommand, Ticket, TicketEvent] = Decider(
    "ticket",
    Catalogue(*get_args(TicketEvent)),
    Ticket(),
    decide,
    evolve,
    status,
    stamp=stamp,
)
