"""Cases (研判): how bad it is, whose fault, help from afar, leave to work on site."""

from typing import Annotated, Literal

import msgspec

from libs.events.contracts import evidence
from libs.events.contracts.jobs import Cycle, JobType
from libs.events.event import Evidence, Instant, event

Level = Annotated[int, msgspec.Meta(ge=1, le=4)]
MaintenanceType = Literal["corrective", "adaptive", "perfective", "preventive"]
Cause = Literal["supplier_product", "own_workmanship", "customer", "force_majeure", "normal_wear"]


@event("triage.TriageStarted")
class TriageStarted(Evidence, frozen=True, kw_only=True):
    """The case of a ticket is on the triage engineers' list. `site_id` is the customer's site that the ticket names."""

    customer_id: str
    site_id: str | None = None


@event("triage.FaultClassified")
class FaultClassified(Evidence, frozen=True, kw_only=True):
    """Fault level, 1 critical to 4 minor, and type of maintenance. Said again when it changes."""

    level: Level
    maintenance_type: MaintenanceType


@event("triage.RemoteSupportStarted")
class RemoteSupportStarted(Evidence, frozen=True, kw_only=True):
    """Remote support began. `cycle` is that of triage.WorkAuthorised."""

    note_id: str | None = None
    cycle: Cycle = 1


@event("triage.RemoteSupportSucceeded")
class RemoteSupportSucceeded(Evidence, frozen=True, kw_only=True):
    """Remote support resolved the fault: nobody needs to travel. `cycle` is that of triage.WorkAuthorised."""

    note_id: str | None = None
    cycle: Cycle = 1


@event("triage.RemoteSupportFailed")
class RemoteSupportFailed(Evidence, frozen=True, kw_only=True):
    """Remote support did not resolve the fault. `cycle` is that of triage.WorkAuthorised."""

    note_id: str | None = None
    cycle: Cycle = 1


@event("triage.CauseDetermined")
class CauseDetermined(Evidence, frozen=True, kw_only=True):
    """Whose fault it is. The explanation is a text of triage."""

    cause: Cause
    explanation_id: str


@event("triage.WorkAuthorised")
class WorkAuthorised(Evidence, frozen=True, kw_only=True):
    """Work on site may start. Paid work never gets here without the customer's consent.

    `opened_at` is when the ticket was opened, `site_id` the customer's site that it names. `cycle` counts from 1: one
    more each time that it was opened again.
    """

    customer_id: str
    job_type: JobType
    payable: bool
    skills: list[str]
    opened_at: Instant | None = None
    site_id: str | None = None
    cycle: Cycle = 1


@event("triage.EvidenceAccepted")
class EvidenceAccepted(evidence.EvidenceAccepted, frozen=True, kw_only=True):
    """Late evidence of triage counts in verdicts from now on, as if it had come in time."""


@event("triage.EvidenceRefused")
class EvidenceRefused(evidence.EvidenceRefused, frozen=True, kw_only=True):
    """Late evidence of triage stays out of verdicts."""
