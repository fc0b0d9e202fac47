"""What happens on one ticket's visits, for dispatch's tests, and a log in memory that stories can be told to."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from libs.events import AnyRecorded, Change, Event, Recorded, Story
from libs.events.contracts.dispatch.work_orders import (
    AssignmentConfirmed,
    AssignmentDeclined,
    ConductChecked,
    CrewAssigned,
    CrewUnassigned,
    CustomerCalled,
    EngineerDeparted,
    OnSiteArrived,
    RepairAccepted,
    RepairCompleted,
    RepairRejected,
    ReworkOrdered,
    VisitFailed,
    WorkOrderCreated,
    WorkPaused,
    WorkResumed,
)
from libs.events.contracts.intake.tickets import TicketCancelled, TicketClosed, TicketMarkedDuplicate, TicketUnmerged
from libs.events.contracts.triage.cases import WorkAuthorised
from services.dispatch.jobs.domain import VisitOrdered, work_order_id_of
from tests.spec import MONDAY

T = "0198a000-0000-7000-8000-000000000001"
W1, W2 = work_order_id_of(T, 1), work_order_id_of(T, 2)

AUTHORISED = WorkAuthorised(ticket_id=T, customer_id="c1", job_type="repair", payable=False, skills=["hvac"])
AUTHORISED_AGAIN = replace(AUTHORISED, cycle=2)
CANCELLED, CLOSED = TicketCancelled(ticket_id=T), TicketClosed(ticket_id=T)
DUPLICATE = TicketMarkedDuplicate(ticket_id=T, of="t2")
UNMERGED = TicketUnmerged(ticket_id=T, of="t2", reason_id="why")

ORDERED = VisitOrdered(ticket_id=T, customer_id="c1", work_order_id=W1, visit=1, job_type="repair", skills=["hvac"])
REWORK = VisitOrdered(
    ticket_id=T, customer_id="c1", work_order_id=W2, visit=2, job_type="repair", skills=["hvac"], rework_of=W1
)

CREATED = WorkOrderCreated(ticket_id=T, customer_id="c1", work_order_id=W1, visit=1, job_type="repair", skills=["hvac"])
ASSIGNED = CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e1")
CONFIRMED = AssignmentConfirmed(ticket_id=T, work_order_id=W1, engineer_id="e1")
DECLINED = AssignmentDeclined(ticket_id=T, work_order_id=W1, engineer_id="e1", reason="no_time", note_id="d1")
UNASSIGNED = CrewUnassigned(ticket_id=T, work_order_id=W1, engineer_id="e1")
CALLED = CustomerCalled(ticket_id=T, work_order_id=W1, engineer_id="e1", outcome="no_answer", note_id="k1")
DEPARTED = EngineerDeparted(ticket_id=T, work_order_id=W1, engineer_id="e1")
ARRIVED = OnSiteArrived(ticket_id=T, work_order_id=W1, engineer_id="e1", location_id="l1", accuracy_m=5)
KEPT = ConductChecked(ticket_id=T, work_order_id=W1, engineer_id="e1", items=["uniform", "badge"])
PAUSED = WorkPaused(ticket_id=T, work_order_id=W1, reason="waiting_parts")
RESUMED = WorkResumed(ticket_id=T, work_order_id=W1)
COMPLETED = RepairCompleted(ticket_id=T, work_order_id=W1, result_id="r1")
FAILED = VisitFailed(
    ticket_id=T,
    work_order_id=W1,
    engineer_id="e1",
    reason="part_missing",
    next_step="await_parts",
    note_id="f1",
    next_work_order_id=W2,
)
FURTHER = VisitOrdered(
    ticket_id=T,
    customer_id="c1",
    work_order_id=W2,
    visit=2,
    job_type="repair",
    skills=["hvac"],
    follows=W1,
    awaits="await_parts",
)
ACCEPTED = RepairAccepted(ticket_id=T, customer_id="c1", work_order_id=W1, signed_by_id="n1", signature_id="s1")
REJECTED = RepairRejected(ticket_id=T, work_order_id=W1, reasons_id="x1")
REWORK_ORDERED = ReworkOrdered(ticket_id=T, work_order_id=W1, rework_work_order_id=W2)


def recorded(event: Event, version: int = 1, stream: str = f"case-{T}", at: datetime = MONDAY) -> AnyRecorded:
    """An event in its envelope, a minute after the one before."""
    when = at + timedelta(minutes=version - 1)
    id = f"{event.type_name}-{stream}-{version}"
    return Recorded(event=event, id=id, stream=stream, version=version, occurred_at=when, recorded_at=when)


class Log:
    """Histories by stream."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Any]] = defaultdict(list)

    def tell(self, story: Story) -> list[Event]:
        """Carry a story out; all that it came to."""
        said: list[Event] = []
        try:
            do = next(story)
            while True:
                history = self.streams[do.stream]
                before = do.decider.fold(history)
                decided = list(do.decider.decide(do.command, before, MONDAY))
                history += decided
                said += decided
                do = story.send(Change(decided, before, do.decider.fold(decided, before)))
        except StopIteration:
            return said
