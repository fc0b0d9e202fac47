"""The visits of a ticket in the queue, as dispatch's news have them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

import msgspec
from msgspec.structs import replace

from libs.events.contracts.dispatch import work_orders as dispatch

VisitNews = (
    dispatch.WorkOrderCreated
    | dispatch.CrewAssigned
    | dispatch.CrewUnassigned
    | dispatch.AppointmentProposed
    | dispatch.AppointmentConfirmed
    | dispatch.AppointmentMoved
    | dispatch.VisitFailed
    | dispatch.RepairAccepted
    | dispatch.RepairRejected
    | dispatch.WorkOrderCancelled
)
"""What says who comes when, and that nobody comes any more."""


class QueueVisit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit; until it is `confirmed` its time, [start, end), was only offered."""

    id: str
    number: int = 0
    engineer_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    confirmed: bool = False
    ended: bool = False


def visits_after(visits: Sequence[QueueVisit], event: VisitNews) -> list[QueueVisit]:
    """The visits after one more event, by id."""
    known = {visit.id: visit for visit in visits}
    before = known.get(event.work_order_id) or QueueVisit(id=event.work_order_id)
    return [visit for _, visit in sorted((known | {event.work_order_id: _after(before, event)}).items())]


def current(visits: Iterable[QueueVisit]) -> QueueVisit | None:
    """The visit that is to come or goes on: the newest that has not ended."""
    return max((visit for visit in visits if not visit.ended), key=lambda visit: (visit.number, visit.id), default=None)


def _after(visit: QueueVisit, event: VisitNews) -> QueueVisit:
    match event:
        case dispatch.WorkOrderCreated():
            return replace(visit, number=event.visit)
        case dispatch.CrewAssigned():
            return replace(visit, engineer_id=event.engineer_id)
        case dispatch.CrewUnassigned():
            return replace(visit, engineer_id=None)
        case dispatch.AppointmentProposed():
            return replace(visit, start=event.start, end=event.end, confirmed=False)
        case dispatch.AppointmentConfirmed() | dispatch.AppointmentMoved():
            return replace(visit, start=event.start, end=event.end, confirmed=True)
        case (
            dispatch.VisitFailed()
            | dispatch.RepairAccepted()
            | dispatch.RepairRejected()
            | dispatch.WorkOrderCancelled()
        ):
            return replace(visit, ended=True)
        case _:
            assert_never(event)
