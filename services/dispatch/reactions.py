"""When triage authorises work, its first visit is ordered; when intake's ticket is cancelled, its open visits end.

So they do when it is marked a duplicate, until that is taken back. Work and end may be heard in either order: the
ticket's job remembers whichever came first.
"""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.intake.tickets import TicketCancelled, TicketMarkedDuplicate, TicketUnmerged
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.jobs.domain import Authorise, CancelJob, RestoreJob, job
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.domain.work_order import CancelWorkOrder, CreateWorkOrder, work_order


def order_visit(heard: AnyRecorded) -> Story:
    """Work may start: order the first visit, unless the ticket was cancelled before."""
    said: WorkAuthorised = heard.event
    skills = tuple(said.skills)
    command = Authorise(
        said.ticket_id, said.customer_id, said.job_type, skills, said.opened_at, said.site_id, said.cycle
    )
    ordered = yield job.on(said.ticket_id, command)
    for visit in ordered:
        yield work_order.on(visit.work_order_id, CreateWorkOrder(visit))


def cancel_visits(heard: AnyRecorded) -> Story:
    """The ticket was withdrawn, or another goes on for it: cancel its open visit, and order none later."""
    said: TicketCancelled | TicketMarkedDuplicate = heard.event
    cancelled = yield job.on(said.ticket_id, CancelJob(said.ticket_id))
    for end in cancelled:
        if end.work_order_id is not None:
            yield from planned(end.work_order_id, CancelWorkOrder())


def restore_job(heard: AnyRecorded) -> Story:
    """A merge was taken back: work that is authorised later is ordered."""
    yield job.on(heard.event.ticket_id, RestoreJob(heard.event.ticket_id))


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    WorkAuthorised: order_visit,
    TicketCancelled: cancel_visits,
    TicketMarkedDuplicate: cancel_visits,
    TicketUnmerged: restore_job,
}
