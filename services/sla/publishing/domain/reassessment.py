"""Reassessments: jobs that work open tickets out again by the rules in force, in order of their ids.

All of them adopt the rules at the instant of the request. What was worked out when one is cancelled stays so.
"""

from typing import Literal

from libs.events import event
from libs.events.background.job import Cancelled, Completed, Failed, Requested, as_asked, job_decider


@event("sla.ReassessmentRequested")
class ReassessmentRequested(Requested, frozen=True, kw_only=True):
    """Open tickets are to be worked out again because of a rule; `by` is whom the deadlines that move will name.

    Only those with an open clock of `metric` and among `ticket_ids`; None: any.
    """

    kind: Literal["policy", "calendar"]
    rule: str
    by: str
    metric: str | None = None
    ticket_ids: list[str] | None = None


@event("sla.ReassessmentCompleted")
class ReassessmentCompleted(Completed, frozen=True, kw_only=True):
    """All were worked out, and `changed` of them go by other rules than before."""

    changed: int


@event("sla.ReassessmentFailed")
class ReassessmentFailed(Failed, frozen=True, kw_only=True):
    """The tickets cannot be worked out, and why."""


@event("sla.ReassessmentCancelled")
class ReassessmentCancelled(Cancelled, frozen=True, kw_only=True):
    """The tickets that are left keep the rules that they go by."""


reassessments = job_decider(
    "reassessment", ReassessmentRequested, ReassessmentCompleted, ReassessmentFailed, ReassessmentCancelled, as_asked
)
