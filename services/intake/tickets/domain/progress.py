"""How far a ticket has come, folded from what the other services say about it.

No order exists between topics, so nothing here compares one topic's facts with another's: each topic's facts are folded
in that topic's own order into a part of their own, and the status is a function of the parts.
"""

from dataclasses import dataclass, replace
from typing import Literal

from libs.events.contracts.intake.tickets import TicketStatus

End = Literal["closed", "cancelled"]
Desk = Literal["open", "in_triage", "repaired", "authorised"]
Visit = Literal["authorised", "scheduled", "waiting_customer", "on_site", "repaired", "rework", "accepted"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What another service said about the ticket: the type name of the event, and its code, if one counts here."""

    type: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What triage made of the ticket, where dispatch's visit stands, and whether survey's callback is completed."""

    desk: Desk = "open"
    visit: Visit | None = None
    called_back: bool = False

    @property
    def done(self) -> bool:
        """The ticket may be closed: accepted and called back, or resolved remotely."""
        return (self.visit == "accepted" and self.called_back) or (self.visit is None and self.desk == "repaired")

    @property
    def status(self) -> TicketStatus:
        """The public status of a ticket that is neither closed nor cancelled."""
        return self.visit or self.desk

    @property
    def anew(self) -> "Progress":
        """The progress of a ticket that is opened again: triage looks at its case once more, if there is one."""
        return Progress(desk="open" if self.desk == "open" else "in_triage")

    def after(self, fact: Fact) -> "Progress":
        """The progress after one more fact."""
        match fact.type.partition(".")[0]:
            case "triage":
                return replace(self, desk=_DESK.get(fact.type, self.desk))
            case "dispatch":
                return replace(self, visit=_visit(self.visit, fact))
            case "survey":
                return replace(self, called_back=self.called_back or fact.type == "survey.CallbackCompleted")
            case _:
                return self


_DESK: dict[str, Desk] = {
    "triage.TriageStarted": "in_triage",
    "triage.RemoteSupportStarted": "in_triage",
    "triage.RemoteSupportFailed": "in_triage",
    "triage.RemoteSupportSucceeded": "repaired",
    "triage.WorkAuthorised": "authorised",
}

_VISIT: dict[str, Visit] = {
    "dispatch.OnSiteArrived": "on_site",
    "dispatch.WorkResumed": "on_site",
    "dispatch.RepairCompleted": "repaired",
    "dispatch.VisitFailed": "authorised",
    "dispatch.RepairAccepted": "accepted",
    "dispatch.RepairRejected": "rework",
}

_AGREED = {"dispatch.AppointmentConfirmed", "dispatch.AppointmentMoved"}
_TO_PLAN: tuple[Visit | None, ...] = (None, "authorised", "rework")
"""Before a visit has a time: only a time that the customer agreed to is an appointment."""


def _visit(visit: Visit | None, fact: Fact) -> Visit | None:
    match fact.type:
        case "dispatch.WorkPaused":
            return "waiting_customer" if fact.detail == "waiting_customer" else "on_site"
        case "dispatch.WorkOrderCreated":
            return visit or "authorised"
        case "dispatch.WorkOrderCancelled":
            return "rework" if visit == "rework" else "authorised"
        case type if type in _AGREED:
            return "scheduled" if visit in _TO_PLAN else visit
        case type:
            return _VISIT.get(type, visit)
