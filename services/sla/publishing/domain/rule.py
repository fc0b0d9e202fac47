"""The life of a rule: what happens to a policy or a shared calendar, and what the next decision about it reads.

Policies and calendars have the same life under names of their own, so each event is one class with two type names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from libs.events import Event, event
from libs.events.contracts.sla.rules import RulePublished

Document = Mapping[str, Any]
"""A policy or a calendar as it was written: a JSON object."""

Stage = Literal["draft", "approved", "published", "retired"]
"""A draft that waits for approval, or for publication; without a draft, whether a version is in force."""


class Drafted(Event, frozen=True, kw_only=True):
    """A draft was written; it takes the place of the one before, and has nobody's approval yet."""

    id: str
    document: dict[str, Any]
    by: str


class Approved(Event, frozen=True, kw_only=True):
    """Somebody other than its author approved the draft."""

    id: str
    by: str


class Retired(Event, frozen=True, kw_only=True):
    """The rule, last in this version, is not in force any more: new tickets are not under it."""

    id: str
    number: int
    by: str


class ReassessmentOrdered(Event, frozen=True, kw_only=True):
    """Somebody had open tickets worked out again by the rules in force; `order_id` is where its progress stands.

    Only those with an open clock of `metric` and among `ticket_ids`; None: any.
    """

    id: str
    order_id: str
    by: str
    metric: str | None = None
    ticket_ids: list[str] | None = None


@event("sla.PolicyDrafted")
class PolicyDrafted(Drafted, frozen=True, kw_only=True):
    """A draft of a policy."""


@event("sla.PolicyApproved")
class PolicyApproved(Approved, frozen=True, kw_only=True):
    """The draft of a policy may be published."""


@event("sla.PolicyRetired")
class PolicyRetired(Retired, frozen=True, kw_only=True):
    """A policy is out of force."""


@event("sla.PolicyReassessmentOrdered")
class PolicyReassessmentOrdered(ReassessmentOrdered, frozen=True, kw_only=True):
    """Because of a policy."""


@event("sla.CalendarDrafted")
class CalendarDrafted(Drafted, frozen=True, kw_only=True):
    """A draft of a shared calendar."""


@event("sla.CalendarApproved")
class CalendarApproved(Approved, frozen=True, kw_only=True):
    """The draft of a shared calendar may be published."""


@event("sla.CalendarRetired")
class CalendarRetired(Retired, frozen=True, kw_only=True):
    """A shared calendar is out of force."""


@event("sla.CalendarReassessmentOrdered")
class CalendarReassessmentOrdered(ReassessmentOrdered, frozen=True, kw_only=True):
    """Because of a shared calendar."""


RuleEvent = Drafted | Approved | RulePublished | Retired | ReassessmentOrdered


@dataclass(frozen=True)
class Create:
    """Begin a rule with its first draft."""

    id: str
    document: Document
    by: str


@dataclass(frozen=True)
class Draft:
    """Write a draft of the next version."""

    id: str
    document: Document
    by: str


@dataclass(frozen=True)
class Approve:
    """Approve the draft; its author may not (four eyes)."""

    id: str
    by: str


@dataclass(frozen=True)
class Publish:
    """Put the approved draft into force, as the next version."""

    id: str
    by: str


@dataclass(frozen=True)
class Retire:
    """Take the rule out of force."""

    id: str
    by: str


@dataclass(frozen=True)
class OrderReassessment:
    """Have open tickets worked out again: those that fit the filters."""

    id: str
    order_id: str
    by: str
    metric: str | None = None
    ticket_ids: list[str] | None = None


RuleCommand = Create | Draft | Approve | Publish | Retire | OrderReassessment


@dataclass(frozen=True)
class RuleState:
    """The draft with its author and whether it is approved, the last version published here, and whether it is out."""

    draft: Document | None = None
    author: str = ""
    approved: bool = False
    version: int = 0
    retired: bool = False

    @property
    def stage(self) -> Stage:
        """Where it stands. What has neither a draft nor a version of its own came with the service."""
        if self.draft is not None:
            return "approved" if self.approved else "draft"
        return "retired" if self.retired else "published"
