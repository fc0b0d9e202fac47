"""A ticket (《客户咨询/反馈登记表》): opened once, followed through all services, closed or cancelled.

Of two tickets about one matter, one goes on and takes the other, which ends as a cancelled one does (merging.py). Both
remember it, so that two agents cannot merge them both ways at once. Until work is authorised it can be taken back.
A closed one is opened again within a time (reopening.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.chronology import after_opening, after_step
from libs.events.contracts.intake import tickets as intake
from libs.events.contracts.intake.tickets import Channel, TicketKind, TicketStatus, Urgency, WaitsFor
from services.intake.tickets.domain import amendment, merging, reopening, warranty
from services.intake.tickets.domain.amendment import AmendTicket, Matter
from services.intake.tickets.domain.merging import (
    DuplicateReturned,
    DuplicateTaken,
    MarkDuplicate,
    MergeCommand,
    MergeEvent,
    ReturnDuplicate,
    TakeDuplicate,
    UnmergeTicket,
)
from services.intake.tickets.domain.note import AddNote, TicketNoted, noted
from services.intake.tickets.domain.owner import AssignTicket, ClaimTicket, OwnerCommand, ReleaseTicket, owned
from services.intake.tickets.domain.progress import End, Fact, Progress
from services.intake.tickets.domain.reopening import ReopenTicket
from services.intake.tickets.domain.team import GiveToTeam, given
from services.intake.tickets.domain.waiting import Await, StopWaiting, WaitCommand, waited
from services.intake.tickets.domain.warranty import CauseNoted, NameAsset, Warranty, WarrantyCommand


@event("intake.TicketProgressed")
class TicketProgressed(Event, frozen=True, kw_only=True):
    """Another service said something that the ticket's status depends on.

    `fact` is the type name of what was said and `fact_id` the id of that event; `subject_id` is what it was about (a
    work order, a callback), `detail` the code that came with it. Of a `cycle` that `is_over`, it makes no progress.
    """

    fact: str
    fact_id: str
    subject_id: str | None = None
    detail: str | None = None
    cycle: int | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Register a contact as a ticket; `summary_id` and `requirements_id` are texts, `timezone` is an IANA zone."""

    ticket_id: str
    number: str
    customer_id: str
    channel: Channel
    kind: TicketKind
    urgency: Urgency
    summary_id: str
    requirements_id: str | None = None
    region: str | None = None
    contract: str | None = None
    timezone: str | None = None
    asset_id: str | None = None
    part_id: str | None = None
    site_id: str | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultTicket:
    """Look at the ticket and change nothing: a story that depends on it asks so."""


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """Remember what another service said about the ticket, of a `cycle` of it or of all."""

    ticket_id: str
    fact: Fact
    fact_id: str
    subject_id: str | None = None
    cycle: int | None = None


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
class SettleTicket:
    """Close a ticket that needs nobody's work: a question, a complaint, a suggestion. What was answered is a text."""

    ticket_id: str
    answer_id: str


DeskCommand = OwnerCommand | GiveToTeam | WaitCommand | AmendTicket
"""Who has the ticket, whom it waits for, and what it says: while it goes on."""
TurnCommand = CancelTicket | CloseTicket | SettleTicket | ReopenTicket
TurnEvent = (
    intake.TicketCancelled
    | intake.TicketClosed
    | intake.TicketReopened
    | intake.TicketMarkedDuplicate
    | intake.TicketUnmerged
)
TicketCommand = (
    OpenTicket | ConsultTicket | NoteProgress | TurnCommand | DeskCommand | AddNote | MergeCommand | WarrantyCommand
)
TicketEvent = (
    intake.TicketOpened
    | intake.WarrantyAssessed
    | intake.WarrantyReassessed
    | intake.TicketAssetNamed
    | CauseNoted
    | TicketProgressed
    | TicketNoted
    | intake.TicketAmended
    | TurnEvent
    | MergeEvent
    | intake.TicketOwnerChanged
    | intake.TicketTeamChanged
    | intake.TicketWaitChanged
    | intake.TicketStatusChanged
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the next decision about a ticket reads; `progressed_at` is when the newest that was noted happened.

    `cycle` is the round of work that it is in, one more each time that it was opened again.
    """

    opened: bool = False
    ended: End | None = None
    customer_id: str = ""
    matter: Matter = field(default_factory=Matter)
    duplicate_of: str | None = None
    owner_id: str | None = None
    team: str | None = None
    waits_for: WaitsFor | None = None
    progress: Progress = field(default_factory=Progress)
    warranty: Warranty = field(default_factory=Warranty)
    noted: frozenset[str] = frozenset()
    notes: int = 0
    opened_at: datetime | None = None
    progressed_at: datetime | None = None
    closed_at: datetime | None = None
    cycle: int = 1


def decide(command: TicketCommand, ticket: Ticket, at: datetime) -> Sequence[TicketEvent]:
    """The events of a command. Refuses to close what is not done or answered and to touch what has ended."""
    if isinstance(command, WarrantyCommand):
        return _of_warranty(command, ticket)
    if isinstance(command, MergeCommand):
        return _of_merging(command, ticket, at)
    match command:
        case ConsultTicket():
            return []
        case OpenTicket():
            return [] if ticket.opened else _open(command)
        case NoteProgress():
            return [] if _known(ticket, command.fact_id) else _progressed(command, ticket)
        case CancelTicket() | CloseTicket() | SettleTicket() | ReopenTicket():
            turned = _turn(command, ticket, at)
            _in_order(ticket, at)
            return turned
        case AddNote():
            _opened(ticket)
            after_opening(at, ticket.opened_at)
            return noted(command, ticket.notes)
        case ClaimTicket() | AssignTicket() | ReleaseTicket() | GiveToTeam() | Await() | StopWaiting() | AmendTicket():
            _going_on(ticket)
            after_opening(at, ticket.opened_at)
            return _put_right(command, ticket, at)
        case _:
            assert_never(command)


def evolve(ticket: Ticket, event: TicketEvent) -> Ticket:
    if isinstance(event, TurnEvent):
        return _turned(ticket, event)
    match event:
        case intake.TicketOpened():
            return replace(ticket, opened=True, customer_id=event.customer_id, matter=amendment.matter_of(event))
        case intake.TicketAmended():
            return replace(ticket, matter=amendment.after(ticket.matter, event))
        case intake.TicketStatusChanged() | DuplicateTaken() | DuplicateReturned():
            return ticket
        case TicketNoted():
            return replace(ticket, notes=ticket.notes + 1)
        case intake.WarrantyAssessed() | intake.WarrantyReassessed() | intake.TicketAssetNamed() | CauseNoted():
            return replace(ticket, warranty=warranty.after(ticket.warranty, event))
        case TicketProgressed():
            return _heard(ticket, event)
        case intake.TicketOwnerChanged() | intake.TicketTeamChanged() | intake.TicketWaitChanged():
            return _given(ticket, event)
        case _:
            assert_never(event)


def _given(
    ticket: Ticket, event: intake.TicketOwnerChanged | intake.TicketTeamChanged | intake.TicketWaitChanged
) -> Ticket:
    """Whose it is, and whom it waits for."""
    match event:
        case intake.TicketOwnerChanged():
            return replace(ticket, owner_id=event.owner_id)
        case intake.TicketTeamChanged():
            return replace(ticket, team=event.team)
        case intake.TicketWaitChanged():
            return replace(ticket, waits_for=event.waits_for)
        case _:
            assert_never(event)


def _heard(ticket: Ticket, event: TicketProgressed) -> Ticket:
    """What is heard late of a cycle that is over moves nothing."""
    progress = ticket.progress if event.is_over else ticket.progress.after(Fact(event.fact, event.detail))
    return replace(ticket, progress=progress, noted=ticket.noted | {event.fact_id})


def _turned(ticket: Ticket, event: TurnEvent) -> Ticket:
    match event:
        case intake.TicketCancelled():
            return replace(ticket, ended="cancelled", waits_for=None)
        case intake.TicketClosed():
            return replace(ticket, ended="closed", waits_for=None)
        case intake.TicketReopened():
            return replace(ticket, ended=None, progress=ticket.progress.anew, cycle=ticket.cycle + 1)
        case intake.TicketMarkedDuplicate():
            return replace(ticket, ended="cancelled", duplicate_of=event.of, waits_for=None)
        case intake.TicketUnmerged():
            return replace(ticket, ended=None, duplicate_of=None)
        case _:
            assert_never(event)


def stamp(ticket: Ticket, event: TicketEvent, at: datetime) -> Ticket:
    """The ticket with when it was opened, and when the newest that it is not to be before happened."""
    later = max(at, ticket.progressed_at or at)
    match event:
        case intake.TicketOpened():
            return replace(ticket, opened_at=at)
        case intake.TicketClosed():
            return replace(ticket, progressed_at=later, closed_at=at)
        case TicketProgressed() | intake.TicketMarkedDuplicate() | intake.TicketUnmerged() | intake.TicketReopened():
            return replace(ticket, progressed_at=later)
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
        follows=command.follows,
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


def _put_right(command: DeskCommand, ticket: Ticket, at: datetime) -> Sequence[TicketEvent]:
    match command:
        case AmendTicket():
            return amendment.amended(command, ticket.customer_id, ticket.matter, _is_authorised(ticket))
        case GiveToTeam():
            return given(command, ticket.team)
        case Await() | StopWaiting():
            return waited(command, ticket.waits_for, at)
        case _:
            return owned(command, ticket.owner_id)


def _turn(command: TurnCommand, ticket: Ticket, at: datetime) -> Sequence[TicketEvent]:
    id = command.ticket_id
    match command:
        case CancelTicket():
            _cancellable(ticket)
            return _become(intake.TicketCancelled(ticket_id=id, reason_id=command.reason_id), "cancelled")
        case CloseTicket():
            _closable(ticket)
            return _become(intake.TicketClosed(ticket_id=id, cycle=ticket.cycle), "closed")
        case SettleTicket():
            _settleable(ticket)
            settled = intake.TicketClosed(ticket_id=id, answer_id=command.answer_id, cycle=ticket.cycle)
            return _become(settled, "closed")
        case ReopenTicket():
            _opened(ticket)
            again = reopening.reopened(command, ticket.ended, ticket.duplicate_of, ticket.closed_at)
            return _become(again, ticket.progress.anew.status)
        case _:
            assert_never(command)


def _of_merging(command: MergeCommand, ticket: Ticket, at: datetime) -> Sequence[TicketEvent]:
    match command:
        case MarkDuplicate():
            _cancellable(ticket)
            marked = merging.marked(command, ticket.customer_id)
            _in_order(ticket, at)
            return _become(marked, "cancelled")
        case TakeDuplicate():
            _taking(ticket)
            return merging.taken(command)
        case UnmergeTicket():
            unmerged = merging.unmerged(command, ticket.duplicate_of)
            _unauthorised(ticket)
            _in_order(ticket, at)
            return _become(unmerged, ticket.progress.status)
        case ReturnDuplicate():
            _unauthorised(ticket)
            return merging.returned(command)
        case _:
            assert_never(command)


def _known(ticket: Ticket, fact_id: str) -> bool:
    """Heard before; or about a ticket that this log never opened, which only a restore that lost commits can cause."""
    return not ticket.opened or fact_id in ticket.noted


def _progressed(command: NoteProgress, ticket: Ticket) -> Sequence[TicketEvent]:
    fact, fact_id = command.fact, command.fact_id
    noted = TicketProgressed(
        fact=fact.type,
        fact_id=fact_id,
        subject_id=command.subject_id,
        detail=fact.detail,
        cycle=command.cycle,
        is_over=command.cycle is not None and command.cycle < ticket.cycle,
    )
    before, now = status(ticket), status(evolve(ticket, noted))
    if now == before:
        return [noted]
    return [noted, intake.TicketStatusChanged(ticket_id=command.ticket_id, status=now, because_of=fact_id)]


def _become(event: TurnEvent, status: TicketStatus) -> Sequence[TicketEvent]:
    return [event, intake.TicketStatusChanged(ticket_id=event.ticket_id, status=status, because_of=event.type_name)]


def _in_order(ticket: Ticket, at: datetime) -> None:
    """Raises Refused for a turn that lies before the beginning, or before what is known to have happened."""
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


def _taking(ticket: Ticket) -> None:
    if not ticket.opened:
        raise Refused("ticket-not-opened", "No such ticket was opened.")
    if ticket.duplicate_of:
        raise Refused("duplicate-of-duplicate", "That ticket is a duplicate itself: name the one that goes on.")
    if ticket.ended:
        raise Refused(f"duplicate-of-{ticket.ended}", f"That ticket is {ticket.ended}: it cannot stand for another.")


def _is_authorised(ticket: Ticket) -> bool:
    return ticket.progress.visit is not None or ticket.progress.desk == "authorised"


def _unauthorised(ticket: Ticket) -> None:
    """Raises Refused once work was authorised: a visit that was called off, or made for both, is not undone."""
    if _is_authorised(ticket):
        raise Refused("merge-stands", "Work was authorised meanwhile: the merge stands.")


def _settleable(ticket: Ticket) -> None:
    _going_on(ticket)
    if _is_authorised(ticket):
        raise Refused(
            "work-authorised", "Work on site is authorised: close the ticket after acceptance and a callback."
        )


def _opened(ticket: Ticket) -> None:
    if not ticket.opened:
        raise Refused("ticket-not-opened", "No such ticket was opened.")


def _going_on(ticket: Ticket) -> None:
    _opened(ticket)
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
