"""Visits (派工单), from the work order to the customer's signature."""

from typing import Literal

from libs.events.contracts import evidence
from libs.events.contracts.jobs import JobType
from libs.events.event import Evidence, Instant, event

PauseReason = Literal[
    "waiting_customer",
    "waiting_parts",
    "waiting_supplier",
    "waiting_implementation",
    "waiting_access",
    "waiting",
]


class AboutWorkOrder(Evidence, frozen=True, kw_only=True):
    """An event of one visit (《维护任务单》)."""

    work_order_id: str


@event("dispatch.WorkOrderCreated")
class WorkOrderCreated(AboutWorkOrder, frozen=True, kw_only=True):
    """A visit is to be made; `visit` counts from 1 on the ticket, `rework_of` is the work order it makes good.

    `opened_at` is when the ticket was opened.
    """

    customer_id: str
    visit: int
    job_type: JobType
    skills: list[str]
    rework_of: str | None = None
    opened_at: Instant | None = None


@event("dispatch.CrewAssigned")
class CrewAssigned(AboutWorkOrder, frozen=True, kw_only=True):
    """An engineer is to make the visit; said again when another takes over."""

    engineer_id: str


@event("dispatch.CrewUnassigned")
class CrewUnassigned(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer is not to make the visit any more, and nobody else is yet; an agreed time stands."""

    engineer_id: str


@event("dispatch.AppointmentProposed")
class AppointmentProposed(AboutWorkOrder, frozen=True, kw_only=True):
    """A time was offered to the customer: [start, end)."""

    start: Instant
    end: Instant


@event("dispatch.AppointmentConfirmed")
class AppointmentConfirmed(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer agreed to the time: [start, end)."""

    start: Instant
    end: Instant


@event("dispatch.AppointmentMoved")
class AppointmentMoved(AboutWorkOrder, frozen=True, kw_only=True):
    """A confirmed time became another one: [start, end)."""

    start: Instant
    end: Instant


@event("dispatch.AppointmentWished")
class AppointmentWished(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer would rather have another time, [start, end); words beyond it are a text. What was agreed stands."""

    start: Instant
    end: Instant
    note_id: str | None = None


@event("dispatch.EngineerDeparted")
class EngineerDeparted(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer is on the way."""

    engineer_id: str


@event("dispatch.OnSiteArrived")
class OnSiteArrived(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer is on site. Where the phone said so is a text of dispatch: a customer's place is personal data."""

    engineer_id: str
    location_id: str
    accuracy_m: float


@event("dispatch.WorkPaused")
class WorkPaused(AboutWorkOrder, frozen=True, kw_only=True):
    """Work cannot go on. `reason` is a code that SLA policies can name; words beyond it are a text."""

    reason: PauseReason
    note_id: str | None = None


@event("dispatch.WorkResumed")
class WorkResumed(AboutWorkOrder, frozen=True, kw_only=True):
    """Work goes on."""


@event("dispatch.RepairCompleted")
class RepairCompleted(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer is done; what was done is a text. The customer has yet to accept it."""

    result_id: str


@event("dispatch.RepairAccepted")
class RepairAccepted(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer signed the acceptance (《维护验收表》): name and signature are texts of dispatch."""

    customer_id: str
    signed_by_id: str
    signature_id: str


@event("dispatch.RepairRejected")
class RepairRejected(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer did not accept the repair; why is a text."""

    reasons_id: str


@event("dispatch.ReworkOrdered")
class ReworkOrdered(AboutWorkOrder, frozen=True, kw_only=True):
    """A rejected repair is made good by another visit on the same ticket."""

    rework_work_order_id: str


@event("dispatch.WorkOrderCancelled")
class WorkOrderCancelled(AboutWorkOrder, frozen=True, kw_only=True):
    """The visit is not needed any more."""


@event("dispatch.EvidenceAccepted")
class EvidenceAccepted(evidence.EvidenceAccepted, frozen=True, kw_only=True):
    """Late evidence of dispatch counts in verdicts from now on, as if it had come in time."""


@event("dispatch.EvidenceRefused")
class EvidenceRefused(evidence.EvidenceRefused, frozen=True, kw_only=True):
    """Late evidence of dispatch stays out of verdicts."""
