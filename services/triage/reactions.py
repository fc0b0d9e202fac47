"""When intake opens a ticket, its case is put on the list; when the ticket ends, nothing more happens on the case."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.intake.tickets import (
    TALKS,
    TicketAmended,
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketOpened,
    TicketReopened,
    TicketUnmerged,
)
from services.triage.cases.domain import EndCase, ReopenCase, ResumeCase, StartTriage, case


def open_case(heard: AnyRecorded) -> Story:
    """A ticket was opened: start its triage, unless somebody's answer is all that it needs."""
    opened: TicketOpened = heard.event
    if opened.kind not in TALKS:
        yield case.on(opened.ticket_id, StartTriage(opened.ticket_id, opened.customer_id, opened.site_id))


def take_up(heard: AnyRecorded) -> Story:
    """A question turned out to be a fault: start its triage."""
    amended: TicketAmended = heard.event
    if amended.kind is not None and amended.kind not in TALKS:
        yield case.on(amended.ticket_id, StartTriage(amended.ticket_id, amended.customer_id, amended.site_id))


def end_cancelled(heard: AnyRecorded) -> Story:
    """A ticket was withdrawn, or another goes on for it: end its case."""
    yield case.on(heard.event.ticket_id, EndCase("cancelled"))


def end_closed(heard: AnyRecorded) -> Story:
    """A ticket is done: end its case."""
    yield case.on(heard.event.ticket_id, EndCase("closed"))


def resume(heard: AnyRecorded) -> Story:
    """A merge was taken back: the case is on the list again as it was."""
    yield case.on(heard.event.ticket_id, ResumeCase())


def reopen(heard: AnyRecorded) -> Story:
    """A closed ticket is opened again: the case is on the list, and work may be authorised anew."""
    yield case.on(heard.event.ticket_id, ReopenCase())


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    TicketOpened: open_case,
    TicketAmended: take_up,
    TicketCancelled: end_cancelled,
    TicketMarkedDuplicate: end_cancelled,
    TicketClosed: end_closed,
    TicketUnmerged: resume,
    TicketReopened: reopen,
}
