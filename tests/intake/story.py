"""What the services say about one ticket, from its opening to the callback, for intake's tests."""

from datetime import timedelta

from libs.events import AnyRecorded, Event, Recorded
from libs.events.contracts.dispatch.work_orders import (
    AppointmentConfirmed,
    AppointmentMoved,
    AppointmentProposed,
    CrewAssigned,
    OnSiteArrived,
    RepairAccepted,
    RepairCompleted,
    RepairRejected,
    ReworkOrdered,
    WorkOrderCreated,
    WorkPaused,
    WorkResumed,
)
from libs.events.contracts.intake.tickets import TicketOpened, WarrantyAssessed
from libs.events.contracts.survey.callbacks import CallbackAttempted, CallbackCompleted, CallbackScheduled
from libs.events.contracts.triage.cases import FaultClassified, TriageStarted, WorkAuthorised
from services.intake.tickets.domain.progress import Fact
from services.intake.tickets.domain.ticket import OpenTicket, TicketProgressed
from tests.spec import MONDAY

T = "0198a000-0000-7000-8000-000000000001"

OPEN = OpenTicket(
    ticket_id=T,
    number="WX20260302-0001",
    customer_id="c1",
    channel="phone",
    kind="repair",
    urgency="high",
    summary_id="summary",
    region="华东",
    contract="HT-2026-0113",
    timezone="Asia/Shanghai",
)
OPENED = TicketOpened(
    ticket_id=T,
    number="WX20260302-0001",
    customer_id="c1",
    channel="phone",
    kind="repair",
    urgency="high",
    summary_id="summary",
    region="华东",
    contract="HT-2026-0113",
    timezone="Asia/Shanghai",
)
ASSESSED = WarrantyAssessed(ticket_id=T, verdict="unknown", reasons=["no_contract"])

TRIAGE: list[Event] = [
    TriageStarted(ticket_id=T, customer_id="c1"),
    FaultClassified(ticket_id=T, level=2, maintenance_type="corrective"),
    WorkAuthorised(ticket_id=T, customer_id="c1", job_type="repair", payable=False, skills=[]),
]
DISPATCH: list[Event] = [
    WorkOrderCreated(ticket_id=T, customer_id="c1", work_order_id="w1", visit=1, job_type="repair", skills=[]),
    CrewAssigned(ticket_id=T, work_order_id="w1", engineer_id="e1"),
    AppointmentProposed(ticket_id=T, work_order_id="w1", start=MONDAY, end=MONDAY + timedelta(hours=1)),
    AppointmentConfirmed(ticket_id=T, work_order_id="w1", start=MONDAY, end=MONDAY + timedelta(hours=2)),
    AppointmentMoved(ticket_id=T, work_order_id="w1", start=MONDAY, end=MONDAY + timedelta(hours=3)),
    OnSiteArrived(ticket_id=T, work_order_id="w1", engineer_id="e1", location_id="l1", accuracy_m=5),
    WorkPaused(ticket_id=T, work_order_id="w1", reason="waiting_customer"),
    WorkResumed(ticket_id=T, work_order_id="w1"),
    RepairCompleted(ticket_id=T, work_order_id="w1", result_id="r1"),
    RepairRejected(ticket_id=T, work_order_id="w1", reasons_id="r2"),
    ReworkOrdered(ticket_id=T, work_order_id="w1", rework_work_order_id="w2"),
    WorkOrderCreated(
        ticket_id=T, customer_id="c1", work_order_id="w2", visit=2, job_type="repair", skills=[], rework_of="w1"
    ),
    CrewAssigned(ticket_id=T, work_order_id="w2", engineer_id="e2"),
    AppointmentConfirmed(ticket_id=T, work_order_id="w2", start=MONDAY, end=MONDAY + timedelta(hours=4)),
    OnSiteArrived(ticket_id=T, work_order_id="w2", engineer_id="e2", location_id="l2", accuracy_m=5),
    RepairCompleted(ticket_id=T, work_order_id="w2", result_id="r3"),
    RepairAccepted(ticket_id=T, customer_id="c1", work_order_id="w2", signed_by_id="n1", signature_id="s1"),
]
SURVEY: list[Event] = [
    CallbackScheduled(ticket_id=T, customer_id="c1", callback_id="k1", work_order_id="w2"),
    CallbackAttempted(ticket_id=T, callback_id="k1", attempt=1, outcome="reached"),
    CallbackCompleted(ticket_id=T, callback_id="k1", outcome="reached", score=5),
]


def noted(*facts: str, detail: str | None = None) -> list[Event]:
    """What intake remembers of these facts, each heard as an event of its own."""
    return [TicketProgressed(fact=fact, fact_id=f"{number}-{fact}", detail=detail) for number, fact in enumerate(facts)]


def fact(event: Event) -> Fact:
    """The fact that an event of another service is."""
    return Fact(event.type_name, event.reason if isinstance(event, WorkPaused) else None)


def recorded(event: Event, version: int, stream: str = f"ticket-{T}") -> AnyRecorded:
    """An event in its envelope, a minute after the one before."""
    at = MONDAY + timedelta(minutes=version)
    id = f"{event.type_name}-{stream}-{version}"
    return Recorded(event=event, id=id, stream=stream, version=version, occurred_at=at, recorded_at=at)
