"""What triage (研判) tells the others: how urgent a fault is, whose it is, and whether work may start."""

from typing import Annotated, Literal

import msgspec

from libs.events.contracts.intake import JobType
from libs.events.event import AboutTicket, event

Level = Annotated[int, msgspec.Meta(ge=1, le=4)]
MaintenanceType = Literal["corrective", "adaptive", "perfective", "preventive"]
Cause = Literal["supplier_product", "own_workmanship", "customer", "force_majeure", "normal_wear"]


@event("triage.TriageStarted")
class TriageStarted(AboutTicket, frozen=True, kw_only=True):
    """The case of a ticket is on the triage engineers' list."""

    customer_id: str


@event("triage.FaultClassified")
class FaultClassified(AboutTicket, frozen=True, kw_only=True):
    """Fault level, 1 critical to 4 minor, and type of maintenance. Said again when it changes."""

    level: Level
    maintenance_type: MaintenanceType


@event("triage.RemoteSupportStarted")
class RemoteSupportStarted(AboutTicket, frozen=True, kw_only=True):
    """An engineer began to help from afar."""

    note_id: str | None = None


@event("triage.RemoteSupportSucceeded")
class RemoteSupportSucceeded(AboutTicket, frozen=True, kw_only=True):
    """The fault was mended from afar: nobody needs to travel."""

    note_id: str | None = None


@event("triage.RemoteSupportFailed")
class RemoteSupportFailed(AboutTicket, frozen=True, kw_only=True):
    """Help from afar did not mend it."""

    note_id: str | None = None


@event("triage.CauseDetermined")
class CauseDetermined(AboutTicket, frozen=True, kw_only=True):
    """Whose fault it is. The explanation is a text of triage."""

    cause: Cause
    explanation_id: str


@event("triage.WorkAuthorised")
class WorkAuthorised(AboutTicket, frozen=True, kw_only=True):
    """Work on site may start. Paid work never gets here without the customer's consent."""

    customer_id: str
    job_type: JobType
    payable: bool
    skills: list[str]
