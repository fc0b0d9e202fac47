"""Two tickets about one matter (并单): one goes on and takes the other, until that is taken back.

A duplicate always leads to a ticket that is none, perhaps over others that were merged themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from libs.events import Event, Refused, event
from libs.events.contracts.intake.tickets import TicketMarkedDuplicate, TicketUnmerged


@event("intake.DuplicateTaken")
class DuplicateTaken(Event, frozen=True, kw_only=True):
    """The ticket stands for another one too, which was marked a duplicate of it."""

    ticket_id: str
    duplicate_id: str


@event("intake.DuplicateReturned")
class DuplicateReturned(Event, frozen=True, kw_only=True):
    """The ticket stands for another one no more: the merge was taken back."""

    ticket_id: str
    duplicate_id: str


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    """End the ticket in favour of the ticket `of`, which has to take it in the same story; why is a text.

    `of_customer` is whose that one is: of another customer only with a reason.
    """

    ticket_id: str
    of: str
    of_customer: str
    reason_id: str | None = None


@dataclass(frozen=True, slots=True)
class TakeDuplicate:
    """Let the ticket stand for `duplicate_id` too."""

    ticket_id: str
    duplicate_id: str


@dataclass(frozen=True, slots=True)
class UnmergeTicket:
    """Let a duplicate go on by itself again; why is a text. Those that stand for it return it in the same story."""

    ticket_id: str
    reason_id: str


@dataclass(frozen=True, slots=True)
class ReturnDuplicate:
    """Let the ticket stand for `duplicate_id` no more."""

    ticket_id: str
    duplicate_id: str


MergeCommand = MarkDuplicate | TakeDuplicate | UnmergeTicket | ReturnDuplicate
MergeEvent = TicketMarkedDuplicate | TicketUnmerged | DuplicateTaken | DuplicateReturned


@dataclass(frozen=True, slots=True)
class Standing:
    """How many tickets stand behind one, and whether the last that was said of a merge took one back."""

    others: int = 0
    parted: bool = False


def stands_for(story: Iterable[Event]) -> Standing:
    """What a ticket's own story says of merges."""
    behind: set[str] = set()
    parted = False
    for said in story:
        match said:
            case DuplicateTaken(duplicate_id=other):
                behind.add(other)
            case DuplicateReturned(duplicate_id=other):
                behind.discard(other)
            case _:
                pass
        if isinstance(said, MergeEvent):
            parted = isinstance(said, DuplicateReturned | TicketUnmerged)
    return Standing(len(behind), parted)


def marked(command: MarkDuplicate, customer_id: str) -> TicketMarkedDuplicate:
    """Raises Refused for a ticket of itself, and for one of another customer without a reason."""
    if command.of == command.ticket_id:
        raise Refused("duplicate-of-itself", "A ticket cannot be a duplicate of itself.")
    if command.of_customer != customer_id and command.reason_id is None:
        raise Refused("merge-unexplained", "The tickets are of two customers: say why they are about one matter.")
    return TicketMarkedDuplicate(ticket_id=command.ticket_id, of=command.of, reason_id=command.reason_id)


def unmerged(command: UnmergeTicket, of: str | None) -> TicketUnmerged:
    """Raises Refused for a ticket that is no duplicate."""
    if of is None:
        raise Refused("ticket-not-merged", "The ticket is no duplicate of another.")
    return TicketUnmerged(ticket_id=command.ticket_id, of=of, reason_id=command.reason_id)


def taken(command: TakeDuplicate) -> Sequence[DuplicateTaken]:
    return [DuplicateTaken(ticket_id=command.ticket_id, duplicate_id=command.duplicate_id)]


def returned(command: ReturnDuplicate) -> Sequence[DuplicateReturned]:
    return [DuplicateReturned(ticket_id=command.ticket_id, duplicate_id=command.duplicate_id)]
