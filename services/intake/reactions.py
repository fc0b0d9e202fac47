"""When another service says something that a ticket's status depends on, the ticket remembers it."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Recorded, Story
from libs.events.contracts.dispatch import work_orders as dispatch
from libs.events.contracts.survey.callbacks import AboutCallback, CallbackCompleted
from libs.events.contracts.triage import cases as triage
from services.intake.tickets.domain.progress import Fact
from services.intake.tickets.domain.reassessment import caused
from services.intake.tickets.domain.ticket import NoteProgress, ticket


def note(heard: AnyRecorded) -> Story:
    """Remember what was heard on the ticket's own stream; the same event twice is remembered once."""
    event = heard.event
    fact = Fact(event.type_name, event.reason if isinstance(event, dispatch.WorkPaused) else None)
    subject_id, cycle = _subject(event), getattr(event, "cycle", None)
    yield ticket.on(event.ticket_id, NoteProgress(event.ticket_id, fact, heard.id, subject_id, cycle))


def weigh_cause(heard: Recorded[triage.CauseDetermined]) -> Story:
    """Ask the warranty again, with the cause."""
    yield from caused(heard.event.ticket_id, heard.event.cause, heard.id)


def _subject(event: Event) -> str | None:
    match event:
        case dispatch.AboutWorkOrder(work_order_id=id):
            return id
        case AboutCallback(callback_id=id):
            return id
        case _:
            return None


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    triage.TriageStarted: note,
    triage.RemoteSupportStarted: note,
    triage.RemoteSupportSucceeded: note,
    triage.RemoteSupportFailed: note,
    triage.CauseDetermined: weigh_cause,
    triage.WorkAuthorised: note,
    dispatch.WorkOrderCreated: note,
    dispatch.AppointmentConfirmed: note,
    dispatch.AppointmentMoved: note,
    dispatch.OnSiteArrived: note,
    dispatch.WorkPaused: note,
    dispatch.WorkResumed: note,
    dispatch.RepairCompleted: note,
    dispatch.VisitFailed: note,
    dispatch.RepairAccepted: note,
    dispatch.RepairRejected: note,
    dispatch.WorkOrderCancelled: note,
    CallbackCompleted: note,
}
