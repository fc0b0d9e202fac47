"""When triage authorises work, its first visit is ordered; when intake's ticket is cancelled or closed, open ones end.

So they do when it is marked a duplicate, until that is taken back. Work and end may be heard in either order: the
ticket's job remembers whichever came first.
"""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Change, Event, Story
from libs.events.contracts.intake.tickets import TicketCancelled, TicketClosed, TicketMarkedDuplicate, TicketUnmerged
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.jobs.domain import Authorise, CancelJob, CloseJob, OrderAgain, RestoreJob, VisitOrdered, job
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.domain.work_order import (
    CancelWorkOrder,
    ConsultWorkOrder,
    CreateWorkOrder,
    work_order,
)


def order_visit(heard: AnyRecorded) -> Story:
    """Work may start: order the first visit, unless the ticket was cancelled before."""
    said: WorkAuthorised = heard.event
    skills = tuple(said.skills)
    command = Authorise(
        said.ticket_id, said.customer_id, said.job_type, skills, said.opened_at, said.site_id, said.cycle
    )
    ordered = yield job.on(said.ticket_id, command)
    yield from _created(ordered)


def cancel_visits(heard: AnyRecorded) -> Story:
    """The ticket was withdrawn, or another goes on for it: cancel its open visit, and order none later."""
    said: TicketCancelled | TicketMarkedDuplicate = heard.event
    cancelled = yield job.on(said.ticket_id, CancelJob(said.ticket_id))
    yield from _called_off(cancelled)


def end_visits(heard: AnyRecorded) -> Story:
    """The ticket was closed: a visit that is open, since nobody knew of it when it was answered, is not made."""
    said: TicketClosed = heard.event
    closed = yield job.on(said.ticket_id, CloseJob(said.ticket_id, said.cycle))
    yield from _called_off(closed)


def restore_job(heard: AnyRecorded) -> Story:
    """A merge was taken back: what is authorised later is ordered, and what was authorised before or since."""
    ticket_id = heard.event.ticket_id
    restored = yield job.on(ticket_id, RestoreJob(ticket_id))
    yield from _created(restored)
    last = restored.before.last
    if restored and last is not None:
        yield from _made_after_all(ticket_id, last.work_order_id)


def _made_after_all(ticket_id: str, work_order_id: str) -> Story:
    """Intake had not heard of the visit when it took the merge back: if it was called off, another one is ordered."""
    order = yield work_order.on(work_order_id, ConsultWorkOrder())
    if order.after.cancelled:
        yield from _created((yield job.on(ticket_id, OrderAgain(work_order_id))))


def _created(decided: Change) -> Story:
    for ordered in decided:
        if isinstance(ordered, VisitOrdered):
            yield work_order.on(ordered.work_order_id, CreateWorkOrder(ordered))


def _called_off(decided: Change) -> Story:
    for end in decided:
        if end.work_order_id is not None:
            yield from planned(end.work_order_id, CancelWorkOrder())


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    WorkAuthorised: order_visit,
    TicketCancelled: cancel_visits,
    TicketClosed: end_visits,
    TicketMarkedDuplicate: cancel_visits,
    TicketUnmerged: restore_job,
}
