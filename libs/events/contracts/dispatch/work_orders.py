"""Visits (派工单), from the work order to the customer's signature."""

from typing import Literal

from libs.events.contracts import evidence
from libs.events.contracts.jobs import Cycle, JobType
from libs.events.event import Evidence, Instant, event

PauseReason = Literal[
    "waiting_customer",
    "waiting_parts",
    "waiting_supplier",
    "waiting_implementation",
    "waiting_access",
    "waiting",
]

FailureReason = Literal[
    "customer_absent",
    "no_access",
    "part_missing",
    "tool_missing",
    "other_skill_needed",
    "customer_declined",
    "unsafe",
    "other",
]
"""Why a visit ends although the repair is not completed."""
NextStep = Literal["another_visit", "await_parts", "await_customer", "other_engineer", "office_decides"]
"""What is to come before, or with, the visit that follows a failed one."""
DeclineReason = Literal["no_time", "too_far", "skill_missing", "unavailable", "other"]
CallOutcome = Literal["reached", "no_answer", "wrong_number", "later"]


class AboutWorkOrder(Evidence, frozen=True, kw_only=True):
    """An event of one visit (《维护任务单》); `cycle` is that of the work that it was ordered for."""

    work_order_id: str
    cycle: Cycle = 1


@event("dispatch.WorkOrderCreated")
class WorkOrderCreated(AboutWorkOrder, frozen=True, kw_only=True):
    """A visit is to be made; `visit` counts from 1 on the ticket, `rework_of` is the work order it makes good.

    `opened_at` is when the ticket was opened. `follows` is a visit that failed, `awaits` what it said was next.
    `site_id` is the customer's site that the ticket names: where the engineer goes.
    """

    customer_id: str
    visit: int
    job_type: JobType
    skills: list[str]
    rework_of: str | None = None
    opened_at: Instant | None = None
    follows: str | None = None
    awaits: NextStep | None = None
    site_id: str | None = None


@event("dispatch.CrewAssigned")
class CrewAssigned(AboutWorkOrder, frozen=True, kw_only=True):
    """An engineer is to make the visit; said again when another takes over."""

    engineer_id: str


@event("dispatch.CrewUnassigned")
class CrewUnassigned(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer is not to make the visit any more, and nobody else is yet; an agreed time stands."""

    engineer_id: str


@event("dispatch.AssignmentConfirmed")
class AssignmentConfirmed(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer takes the visit that they were given."""

    engineer_id: str


@event("dispatch.AssignmentDeclined")
class AssignmentDeclined(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer does not take the visit, which is nobody's from then on. Words beyond the code are a text."""

    engineer_id: str
    reason: DeclineReason
    note_id: str | None = None


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


@event("dispatch.CustomerCalled")
class CustomerCalled(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer rang the customer about the visit. Words about the call are a text."""

    engineer_id: str
    outcome: CallOutcome
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


@event("dispatch.ConductChecked")
class ConductChecked(AboutWorkOrder, frozen=True, kw_only=True):
    """What of the code of conduct the engineer says was kept, of all that the type of job asks."""

    engineer_id: str
    items: list[str]


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


@event("dispatch.VisitFailed")
class VisitFailed(AboutWorkOrder, frozen=True, kw_only=True):
    """The visit is over and the repair is not completed: why, and what is next, as codes; words beyond them are a text.

    Another visit on the same ticket is ordered with it.
    """

    engineer_id: str
    reason: FailureReason
    next_step: NextStep
    note_id: str | None = None
    next_work_order_id: str


@event("dispatch.RepairAccepted")
class RepairAccepted(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer signed the acceptance (《维护验收表》): name and signature are texts of dispatch.

    Accepted `by_link`, the name was typed in place of a signature, which there is none of then.
    """

    customer_id: str
    signed_by_id: str
    signature_id: str | None = None
    by_link: bool = False


@event("dispatch.RepairRejected")
class RepairRejected(AboutWorkOrder, frozen=True, kw_only=True):
    """The customer did not accept the repair, in person or `by_link`; why is a text."""

    reasons_id: str
    by_link: bool = False


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
