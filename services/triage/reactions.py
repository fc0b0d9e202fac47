"""When intake opens a ticket, its case is put on the list; when the ticket ends, nothing more happens on the case."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketOpened,
    TicketUnmerged,
)
from services.triage.cases.domain import EndCase, ResumeCase, StartTriage, case


def open_case(heard: AnyRecorded) -> Story:
    """A ticket was opened: start its triage."""
    opened: TicketOpened = heard.event
    yield case.on(opened.ticket_id, StartTriage(opened.ticket_id, opened.customer_id, opened.site_id))


def end_cancelled(heard: AnyRecorded) -> Story:
    """A ticket was withdrawn, or another goes on for it: end its case."""
    yield case.on(heard.event.ticket_id, EndCase("cancelled"))


def end_closed(heard: AnyRecorded) -> Story:
    """A ticket is done: end its case."""
    yield case.on(heard.event.ticket_id, EndCase("closed"))


def resume(heard: AnyRecorded) -> Story:
    """A merge was taken back: the case is on the list again as it was."""
    yield case.on(heard.event.ticket_id, ResumeCase())


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    TicketOpened: open_case,
    TicketCancelled: end_cancelled,
    TicketMarkedDuplicate: end_cancelled,
    TicketClosed: end_closed,
    TicketUnmerged: resume,
}
