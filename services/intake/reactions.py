"""When another service says something that a ticket's status depends on, the ticket remembers it."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.dispatch import (
    AboutWorkOrder,
    AppointmentConfirmed,
    AppointmentMoved,
    OnSiteArrived,
    RepairAccepted,
    RepairCompleted,
    RepairRejected,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkPaused,
    WorkResumed,
)
from libs.events.contracts.survey import AboutCallback, CallbackCompleted
from libs.events.contracts.triage import (
    RemoteSupportFailed,
    RemoteSupportStarted,
    RemoteSupportSucceeded,
    TriageStarted,
    WorkAuthorised,
)
from services.intake.tickets.domain.progress import Fact
from services.intake.tickets.domain.ticket import NoteProgress, ticket


def note(heard: AnyRecorded) -> Story:
    """Remember what was heard on the ticket's own stream; the same event twice is remembered once."""
    event = heard.event
    fact = Fact(event.type_name, event.reason if isinstance(event, WorkPaused) else None)
    yield ticket.on(event.ticket_id, NoteProgress(event.ticket_id, fact, fact_id=heard.id, subject_id=_subject(event)))


def _subject(event: Event) -> str | None:
    match event:
        case AboutWorkOrder(work_order_id=id):
            return id
        case AboutCallback(callback_id=id):
            return id
        case _:
            return None


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    TriageStarted: note,
    RemoteSupportStarted: note,
    RemoteSupportSucceeded: note,
    RemoteSupportFailed: note,
    WorkAuthorised: note,
    WorkOrderCreated: note,
    AppointmentConfirmed: note,
    AppointmentMoved: note,
    OnSiteArrived: note,
    WorkPaused: note,
    WorkResumed: note,
    RepairCompleted: note,
    RepairAccepted: note,
    RepairRejected: note,
    WorkOrderCancelled: note,
    CallbackCompleted: note,
}
