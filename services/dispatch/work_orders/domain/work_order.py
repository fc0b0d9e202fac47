"""A work order (《维护任务单》): one visit to the customer, from the order to the verdict.

Order, appointment, visit and acceptance are state machines of their own, side by side in one stream; this module holds
the order (created, assigned, cancelled) and hands the other commands on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Forbidden, Refused
from libs.events.chronology import after_opening, after_order, after_step
from libs.events.contracts.dispatch.work_orders import (
    AssignmentConfirmed,
    AssignmentDeclined,
    CrewAssigned,
    CrewUnassigned,
    CustomerCalled,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkResumed,
)
from services.dispatch.jobs.domain import VisitOrdered
from services.dispatch.work_orders.domain import acceptance, appointment, assignment, visit
from services.dispatch.work_orders.domain.acceptance import AcceptanceCommand, AcceptanceEvent, Verdict
from services.dispatch.work_orders.domain.appointment import (
    Appointment,
    AppointmentEvent,
    ConfirmByLink,
    CustomerCommand,
    MakeAppointment,
    Slot,
    WishByLink,
)
from services.dispatch.work_orders.domain.assignment import AssignmentCommand, AssignmentEvent
from services.dispatch.work_orders.domain.visit import Visit, VisitCommand, VisitEvent
from services.dispatch.work_orders.domain.visit_ids import ids_of

OrderEvent = WorkOrderCreated | CrewAssigned | CrewUnassigned | WorkOrderCancelled
WorkOrderEvent = OrderEvent | AssignmentEvent | AppointmentEvent | VisitEvent | AcceptanceEvent


@dataclass(frozen=True, slots=True)
class CreateWorkOrder:
    """Make the work order of a visit that the job ordered."""

    ordered: VisitOrdered


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the visit to an engineer, or to another one."""

    engineer_id: str


@dataclass(frozen=True, slots=True)
class Unassign:
    """Take the visit from its engineer before they set out."""


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """Give the visit to an engineer at a time, offered or agreed: both or neither."""

    engineer_id: str
    slot: Slot
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CancelWorkOrder:
    """The visit is not wanted any more."""


@dataclass(frozen=True, slots=True)
class ConsultWorkOrder:
    """Look at the work order and change nothing: a story that depends on it asks so."""


JobCommand = CreateWorkOrder | CancelWorkOrder | ConsultWorkOrder
"""What the ticket's job asks for; it is never refused."""
CrewCommand = AssignmentCommand | VisitCommand | AcceptanceCommand
"""What the engineer says and does."""


@dataclass(frozen=True, slots=True)
class By:
    """The command of an engineer, who works on visits of their own alone."""

    engineer_id: str
    command: CrewCommand


@dataclass(frozen=True, slots=True)
class ByLink:
    """The customer's verdict, by a link of this ticket and this work order."""

    ticket_id: str
    object_id: str | None
    command: AcceptanceCommand


WorkOrderCommand = (
    JobCommand | Assign | Unassign | PlanVisit | MakeAppointment | CustomerCommand | CrewCommand | By | ByLink
)


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What the next decision reads of a work order; `created` is None until there is one.

    `confirmed`: the engineer said that they take it. `stepped_at` is when the last step of the visit happened, for a
    further visit the end of the one before that ordered it.
    """

    created: WorkOrderCreated | None = None
    engineer_id: str | None = None
    confirmed: bool = False
    cancelled: bool = False
    appointment: Appointment = field(default_factory=Appointment)
    visit: Visit = field(default_factory=Visit)
    verdict: Verdict = "open"
    created_at: datetime | None = None
    stepped_at: datetime | None = None


def decide(command: WorkOrderCommand, state: WorkOrder, at: datetime) -> Sequence[WorkOrderEvent]:
    """What the command means. Raises Refused for a step out of order, Forbidden for another's visit, or link."""
    if isinstance(command, CrewCommand):
        return _of_crew(command, state, at)
    if isinstance(command, JobCommand):
        return _of_job(command, state)
    match command:
        case By(engineer_id, own):
            _is_whose(engineer_id, state)
            return decide(own, state, at)
        case ByLink():
            _is_linked(command.ticket_id, command.object_id, state)
            return _on_acceptance(command.command, state, at)
        case Assign(engineer_id):
            return _assign(engineer_id, state, at)
        case Unassign():
            return _unassign(state, at)
        case MakeAppointment() | ConfirmByLink() | WishByLink():
            return _timed(command, state, at)
        case PlanVisit():
            return _plan(command, state, at)
        case _:
            assert_never(command)


def _of_job(command: JobCommand, state: WorkOrder) -> Sequence[WorkOrderEvent]:
    match command:
        case CreateWorkOrder(ordered):
            return [] if state.created else [_create(ordered)]
        case CancelWorkOrder():
            return _cancel(state)
        case ConsultWorkOrder():
            return []
        case _:
            assert_never(command)


def _of_crew(command: CrewCommand, state: WorkOrder, at: datetime) -> Sequence[WorkOrderEvent]:
    if isinstance(command, AcceptanceCommand):
        return _on_acceptance(command, state, at)
    order, engineer_id = _assigned(state)
    if isinstance(command, AssignmentCommand):
        visit.not_set_out(state.visit)
        _plannable(order, state, at)
        return assignment.decide(command, ids_of(order), engineer_id, state.confirmed)
    _in_order(order, state, at)
    return visit.decide(command, order, engineer_id, state.visit)


def _on_acceptance(command: AcceptanceCommand, state: WorkOrder, at: datetime) -> Sequence[AcceptanceEvent]:
    order = _open(state)
    _in_order(order, state, at)
    return acceptance.decide(command, order, state.visit.step == "completed", state.verdict)


def _appoint(
    command: MakeAppointment, order: WorkOrderCreated, state: WorkOrder, at: datetime
) -> Sequence[AppointmentEvent]:
    visit.not_set_out(state.visit)
    _plannable(order, state, at)
    return appointment.decide(command, ids_of(order), state.appointment, at)


def _timed(command: MakeAppointment | CustomerCommand, state: WorkOrder, at: datetime) -> Sequence[AppointmentEvent]:
    if isinstance(command, MakeAppointment):
        return _appoint(command, _assigned(state)[0], state, at)
    return _answered(command, state, at)


def _answered(command: CustomerCommand, state: WorkOrder, at: datetime) -> Sequence[AppointmentEvent]:
    _is_linked(command.ticket_id, command.work_order_id, state)
    order = _open(state)
    visit.not_set_out(state.visit)
    _plannable(order, state, at)
    return appointment.answered(command, ids_of(order), state.appointment, at)


def _create(ordered: VisitOrdered) -> WorkOrderCreated:
    return WorkOrderCreated(
        ticket_id=ordered.ticket_id,
        customer_id=ordered.customer_id,
        work_order_id=ordered.work_order_id,
        visit=ordered.visit,
        job_type=ordered.job_type,
        skills=ordered.skills,
        rework_of=ordered.rework_of,
        opened_at=ordered.opened_at,
        follows=ordered.follows,
        awaits=ordered.awaits,
        site_id=ordered.site_id,
        cycle=ordered.cycle,
    )


def _plannable(order: WorkOrderCreated, state: WorkOrder, at: datetime) -> None:
    """Raises Refused for a plan that is older than what it plans."""
    after_opening(at, order.opened_at)
    after_order(at, state.created_at)


def _in_order(order: WorkOrderCreated, state: WorkOrder, at: datetime) -> None:
    """Raises Refused for what contradicts the ticket, or the step before it.

    The office may write down an authorisation or an assignment after the engineer really set out, so neither counts.
    """
    after_opening(at, order.opened_at)
    after_step(at, state.stepped_at)


def _cancel(state: WorkOrder) -> list[WorkOrderEvent]:
    """A pause ends with the visit: if the ticket goes on after all, nothing waits for this one's work."""
    order = state.created
    if order is None or state.cancelled or state.verdict != "open" or state.visit.step == "failed":
        return []
    cancelled = WorkOrderCancelled(**ids_of(order))
    return [WorkResumed(**ids_of(order)), cancelled] if state.visit.paused else [cancelled]


def _assign(engineer_id: str, state: WorkOrder, at: datetime) -> list[WorkOrderEvent]:
    order = _open(state)
    _plannable(order, state, at)
    visit.not_over(state.visit)
    return [] if engineer_id == state.engineer_id else [CrewAssigned(**ids_of(order), engineer_id=engineer_id)]


def _unassign(state: WorkOrder, at: datetime) -> list[WorkOrderEvent]:
    order = _open(state)
    _plannable(order, state, at)
    visit.not_set_out(state.visit)
    return [] if state.engineer_id is None else [CrewUnassigned(**ids_of(order), engineer_id=state.engineer_id)]


def _plan(command: PlanVisit, state: WorkOrder, at: datetime) -> list[WorkOrderEvent]:
    given = _assign(command.engineer_id, state, at)
    appointment = MakeAppointment(command.slot, command.confirmed)
    return [*given, *_appoint(appointment, _open(state), reduce(evolve, given, state), at)]


def _is_whose(engineer_id: str, state: WorkOrder) -> None:
    if state.created is not None and state.engineer_id != engineer_id:
        raise Forbidden("not-your-visit", "The visit is assigned to somebody else.")


def _is_linked(ticket_id: str, object_id: str | None, state: WorkOrder) -> None:
    """Whatever has become of the work order: a link of another one learns nothing about it."""
    order = state.created
    if order is None or (ticket_id, object_id) != (order.ticket_id, order.work_order_id):
        raise Forbidden("not-your-work-order", "The link is for another work order.")


def _open(state: WorkOrder) -> WorkOrderCreated:
    if state.created is None:
        raise Refused("unknown-work-order", "There is no such work order.")
    if state.cancelled:
        raise Refused("work-order-cancelled", "The work order was cancelled.")
    return state.created


def _assigned(state: WorkOrder) -> tuple[WorkOrderCreated, str]:
    order = _open(state)
    if state.engineer_id is None:
        raise Refused("not-assigned", "No engineer is assigned yet.")
    return order, state.engineer_id


def evolve(state: WorkOrder, event: WorkOrderEvent) -> WorkOrder:
    if isinstance(event, AppointmentEvent):
        return replace(state, appointment=appointment.evolve(state.appointment, event))
    if isinstance(event, VisitEvent):
        return replace(state, visit=visit.evolve(state.visit, event))
    if isinstance(event, AcceptanceEvent):
        return replace(state, verdict=acceptance.evolve(state.verdict, event))
    match event:
        case WorkOrderCreated():
            return replace(state, created=event)
        case CrewAssigned(engineer_id=engineer_id):
            return replace(state, engineer_id=engineer_id, confirmed=False)
        case CrewUnassigned():
            return replace(state, engineer_id=None, confirmed=False)
        case AssignmentConfirmed():
            return replace(state, confirmed=True)
        case AssignmentDeclined():
            return state
        case WorkOrderCancelled():
            return replace(state, cancelled=True)
        case _:
            assert_never(event)


def stamp(state: WorkOrder, event: WorkOrderEvent, at: datetime) -> WorkOrder:
    """The work order with when it came to be, and when the last step happened that the next one cannot precede.

    A call is none: the office notes one while the engineer's phone still keeps an earlier departure.
    """
    if isinstance(event, WorkOrderCreated):
        return replace(state, created_at=at, stepped_at=at if event.visit > 1 else None)
    is_step = isinstance(event, VisitEvent | AcceptanceEvent) and not isinstance(event, CustomerCalled)
    return replace(state, stepped_at=at) if is_step else state


def status(state: WorkOrder) -> str:
    """One word for the order: how far it came, and never whether it is paused or has an appointment."""
    if state.created is None:
        return "unknown"
    if state.cancelled:
        return "cancelled"
    if state.verdict != "open":
        return state.verdict
    if state.visit.step != "planned":
        return state.visit.step
    return "assigned" if state.engineer_id else "created"


def subject(state: WorkOrder) -> str | None:
    """The customer whom the visit is for."""
    return state.created.customer_id if state.created else None


work_order = Decider(
    "work_order", Catalogue(*get_args(WorkOrderEvent)), WorkOrder(), decide, evolve, status, subject, stamp=stamp
)
