"""The work orders: a dispatcher's board and an engineer's list. People's words are texts, joined when answering."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.dispatch import work_orders as dispatch
from libs.events.contracts.dispatch.work_orders import (
    CallOutcome,
    DeclineReason,
    FailureReason,
    NextStep,
    PauseReason,
)
from libs.events.contracts.jobs import JobType
from libs.events.filters import Values, one_of
from libs.events.order import Order
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.dispatch.tables import metadata
from services.dispatch.work_orders.domain.acceptance import AcceptanceEvent
from services.dispatch.work_orders.domain.appointment import LONGEST, AppointmentEvent
from services.dispatch.work_orders.domain.assignment import AssignmentEvent
from services.dispatch.work_orders.domain.visit import VisitEvent
from services.dispatch.work_orders.domain.work_order import WorkOrderEvent, work_order

Status = Literal[
    "created", "assigned", "travelling", "on_site", "completed", "failed", "accepted", "rejected", "cancelled"
]


class WorkOrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the board. `status` is how far the order came; pause and appointment are facts beside it."""

    id: str
    ticket_id: str
    customer_id: str
    visit: Annotated[int, Note("counts from 1 on the ticket")]
    job_type: JobType
    skills: list[str]
    rework_of: str | None = None
    rework_work_order_id: str | None = None
    follows: Annotated[str | None, Note("the failed visit before it")] = None
    awaits: Annotated[NextStep | None, Note("what that one said was next")] = None
    status: Status = "created"
    engineer_id: str | None = None
    crew_confirmed_at: Annotated[datetime | None, Note("when the engineer took the visit")] = None
    decline_reason: DeclineReason | None = None
    decline_note_id: Annotated[str | None, Note("a text")] = None
    called_at: Annotated[datetime | None, Note("when the engineer last rang the customer")] = None
    call_outcome: CallOutcome | None = None
    call_note_id: Annotated[str | None, Note("a text")] = None
    agreed_start: datetime | None = None
    agreed_end: datetime | None = None
    offered_start: datetime | None = None
    offered_end: datetime | None = None
    wished_start: datetime | None = None
    wished_end: datetime | None = None
    wish_note_id: Annotated[str | None, Note("a text")] = None
    paused: bool = False
    pause_reason: PauseReason | None = None
    pause_note_id: Annotated[str | None, Note("a text")] = None
    failure_reason: FailureReason | None = None
    next_step: NextStep | None = None
    failure_note_id: Annotated[str | None, Note("a text")] = None
    next_work_order_id: str | None = None
    result_id: Annotated[str | None, Note("a text")] = None
    signed_by_id: Annotated[str | None, Note("a text")] = None
    reasons_id: Annotated[str | None, Note("a text, a JSON list")] = None
    conduct: Annotated[list[str] | None, Note("what of the code of conduct was kept")] = None
    arrived_at: datetime | None = None
    completed_at: datetime | None = None
    site_id: Annotated[str | None, Note("the customer's site that the ticket names")] = None
    version: int
    opened_at: datetime


work_orders = table("work_order", WorkOrderRow, metadata, newest_first("ticket_id", "status", "engineer_id"))
sa.Index("work_order_customer_id", work_orders.c.customer_id)
APPOINTMENT = Order(work_orders.c.agreed_start, work_orders.c.offered_start)
"""By when the visit begins: as agreed, or else as offered."""
APPOINTMENT.index()
APPOINTMENT.index("engineer_id")
APPOINTMENT.index(where="status IN ('created', 'assigned', 'travelling', 'on_site')")
UNTIL = sa.func.coalesce(work_orders.c.agreed_end, work_orders.c.offered_end)


def apply(row: WorkOrderRow | None, recorded: AnyRecorded) -> WorkOrderRow | None:
    """The row after one more event of the work order's stream."""
    if isinstance(recorded.event, dispatch.WorkOrderCreated):
        return _created(recorded.event, recorded)
    if row is None:
        return None
    return replace(_changed(row, recorded.event, recorded.occurred_at), version=recorded.version)


def _created(event: dispatch.WorkOrderCreated, recorded: AnyRecorded) -> WorkOrderRow:
    return WorkOrderRow(
        id=event.work_order_id,
        ticket_id=event.ticket_id,
        customer_id=event.customer_id,
        visit=event.visit,
        job_type=event.job_type,
        skills=event.skills,
        rework_of=event.rework_of,
        follows=event.follows,
        awaits=event.awaits,
        site_id=event.site_id,
        version=recorded.version,
        opened_at=recorded.occurred_at,
    )


def _changed(row: WorkOrderRow, event: WorkOrderEvent, at: datetime) -> WorkOrderRow:
    if isinstance(event, AssignmentEvent):
        return _answered(row, event, at)
    if isinstance(event, AppointmentEvent):
        return _appointed(row, event)
    if isinstance(event, VisitEvent):
        return _visited(row, event, at)
    if isinstance(event, AcceptanceEvent):
        return _judged(row, event)
    match event:
        case dispatch.WorkOrderCreated():
            return row
        case dispatch.CrewAssigned():
            status = "assigned" if row.status == "created" else row.status
            given = replace(row, status=status, engineer_id=event.engineer_id, crew_confirmed_at=None)
            return replace(given, decline_reason=None, decline_note_id=None)
        case dispatch.CrewUnassigned():
            return replace(row, status="created", engineer_id=None, crew_confirmed_at=None)
        case dispatch.WorkOrderCancelled():
            return replace(row, status="cancelled")
        case _:
            assert_never(event)


def _answered(row: WorkOrderRow, event: AssignmentEvent, at: datetime) -> WorkOrderRow:
    match event:
        case dispatch.AssignmentConfirmed():
            return replace(row, crew_confirmed_at=at)
        case dispatch.AssignmentDeclined():
            return replace(row, decline_reason=event.reason, decline_note_id=event.note_id)
        case _:
            assert_never(event)


def _appointed(row: WorkOrderRow, event: AppointmentEvent) -> WorkOrderRow:
    match event:
        case dispatch.AppointmentProposed():
            return replace(_unwished(row), offered_start=event.start, offered_end=event.end)
        case dispatch.AppointmentConfirmed() | dispatch.AppointmentMoved():
            agreed = replace(_unwished(row), agreed_start=event.start, agreed_end=event.end)
            return replace(agreed, offered_start=None, offered_end=None)
        case dispatch.AppointmentWished():
            return replace(row, wished_start=event.start, wished_end=event.end, wish_note_id=event.note_id)
        case _:
            assert_never(event)


def _unwished(row: WorkOrderRow) -> WorkOrderRow:
    """A time that is planned after a wish answers it."""
    return replace(row, wished_start=None, wished_end=None, wish_note_id=None)


def _visited(row: WorkOrderRow, event: VisitEvent, at: datetime) -> WorkOrderRow:
    match event:
        case dispatch.CustomerCalled():
            return replace(row, called_at=at, call_outcome=event.outcome, call_note_id=event.note_id)
        case dispatch.EngineerDeparted():
            return replace(row, status="travelling")
        case dispatch.OnSiteArrived():
            return replace(row, status="on_site", arrived_at=at)
        case dispatch.ConductChecked():
            return replace(row, conduct=event.items)
        case dispatch.WorkPaused():
            return replace(row, paused=True, pause_reason=event.reason, pause_note_id=event.note_id)
        case dispatch.WorkResumed():
            return replace(row, paused=False, pause_reason=None, pause_note_id=None)
        case dispatch.RepairCompleted():
            return replace(row, status="completed", result_id=event.result_id, completed_at=at)
        case dispatch.VisitFailed():
            failed = replace(row, status="failed", failure_reason=event.reason, next_step=event.next_step)
            return replace(failed, failure_note_id=event.note_id, next_work_order_id=event.next_work_order_id)
        case _:
            assert_never(event)


def _judged(row: WorkOrderRow, event: AcceptanceEvent) -> WorkOrderRow:
    match event:
        case dispatch.RepairAccepted():
            return replace(row, status="accepted", signed_by_id=event.signed_by_id)
        case dispatch.RepairRejected():
            return replace(row, status="rejected", reasons_id=event.reasons_id)
        case dispatch.ReworkOrdered():
            return replace(row, rework_work_order_id=event.rework_work_order_id)
        case _:
            assert_never(event)


work_order_view = View.of(work_order, work_orders, WorkOrderRow, apply)


def within(start: datetime | None, end: datetime | None) -> list[sa.ColumnElement[bool]]:
    """That the time on site, agreed or else offered, has a part in [start, end); None: no bound."""
    # What ends after `start` begins less than the longest appointment before it, which the index can find.
    since = [] if start is None else [start < UNTIL, APPOINTMENT.by > start - LONGEST]
    return since if end is None else [*since, APPOINTMENT.by < end]


def crew(engineers: Values, unassigned: bool | None) -> list[sa.ColumnElement[bool]]:
    """Of one of these engineers; open and of nobody yet, or of somebody. Empty and None: whosever."""
    whose = work_orders.c.engineer_id
    wanted = [one_of(whose, engineers)] if engineers else []
    if unassigned is None:
        return wanted
    return (
        [*wanted, work_orders.c.status == "created", whose.is_(None)] if unassigned else [*wanted, whose.is_not(None)]
    )


def row_of(history: Sequence[AnyRecorded]) -> dict[str, Any]:
    """The row that one work order's history folds to, perhaps a history that ends in the past."""
    (row,) = work_order_view.fold(history).values()
    assert row is not None  # a history begins with the work order's creation
    return msgspec.structs.asdict(row)
