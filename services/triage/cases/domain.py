"""A case (研判): one a ticket, and its id is the ticket's. Level, remote support, cause, and leave to work on site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict, assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.chronology import after_opening, after_step
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage import cases as triage
from libs.events.contracts.triage.cases import Cause, MaintenanceType

Remote = Literal["started", "succeeded", "failed"]
End = Literal["cancelled", "closed"]
Status = Literal["open", "classified", "remote_support", "resolved_remotely", "authorised", "ended"]


@event("triage.CaseEnded")
class CaseEnded(Event, frozen=True, kw_only=True):
    """The ticket was closed or cancelled: nothing more happens on its case, not even its start."""

    because: End


@event("triage.CaseResumed")
class CaseResumed(Event, frozen=True, kw_only=True):
    """The ticket goes on after all, and so does its case."""


@event("triage.CaseReopened")
class CaseReopened(Event, frozen=True, kw_only=True):
    """The ticket was closed and is opened again: what was found stays, remote support and work begin anew."""


@dataclass(frozen=True, slots=True)
class StartTriage:
    """Put the case of a new ticket on the list."""

    ticket_id: str
    customer_id: str
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class EndCase:
    """Remember that the ticket has ended."""

    because: End


@dataclass(frozen=True, slots=True)
class ResumeCase:
    """Remember that the ticket goes on after all."""


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Look at the case of a ticket again that was closed."""


@dataclass(frozen=True, slots=True)
class ClassifyFault:
    """Set fault level, 1 critical to 4 minor, and type of maintenance."""

    ticket_id: str
    level: int
    maintenance_type: MaintenanceType


@dataclass(frozen=True, slots=True)
class ReportRemoteSupport:
    """Say how remote support goes; the note is a text."""

    ticket_id: str
    outcome: Remote
    note_id: str | None = None


@dataclass(frozen=True, slots=True)
class DetermineCause:
    """Say whose fault it is; the explanation is a text."""

    ticket_id: str
    cause: Cause
    explanation_id: str


@dataclass(frozen=True, slots=True)
class AuthoriseWork:
    """Let dispatch send somebody; `payable` if the customer pays."""

    ticket_id: str
    job_type: JobType
    payable: bool
    skills: tuple[str, ...]


TicketNews = StartTriage | EndCase | ResumeCase | ReopenCase
CaseCommand = TicketNews | ClassifyFault | ReportRemoteSupport | DetermineCause | AuthoriseWork
CaseEvent = (
    triage.TriageStarted
    | triage.FaultClassified
    | triage.RemoteSupportStarted
    | triage.RemoteSupportSucceeded
    | triage.RemoteSupportFailed
    | triage.CauseDetermined
    | triage.WorkAuthorised
    | CaseEnded
    | CaseResumed
    | CaseReopened
)


@dataclass(frozen=True, slots=True)
class Case:
    """What the next decision about a case reads."""

    customer_id: str = ""
    site_id: str | None = None
    ended: bool = False
    classified: tuple[int, MaintenanceType] | None = None
    remote: Remote | None = None
    authorised: bool = False
    cycle: int = 1
    opened_at: datetime | None = None
    remote_at: datetime | None = None

    @property
    def started(self) -> bool:
        """Whether the ticket has reached triage."""
        return bool(self.customer_id)


def decide(command: CaseCommand, case: Case, at: datetime) -> Sequence[CaseEvent]:
    """The events of a command. What other services cause is never refused; people's commands need a case that is on."""
    if isinstance(command, TicketNews):
        return _of_ticket(command, case)
    match command:
        case ClassifyFault():
            _going_on(case, at)
            return _classified(command, case)
        case ReportRemoteSupport():
            _going_on(case, at)
            return [_remote_support(command, case, at)]
        case DetermineCause(ticket_id, cause, explanation_id):
            _going_on(case, at)
            return [triage.CauseDetermined(ticket_id=ticket_id, cause=cause, explanation_id=explanation_id)]
        case AuthoriseWork():
            _going_on(case, at)
            return [_authorised(command, case)]
        case _:
            assert_never(command)


def _of_ticket(command: TicketNews, case: Case) -> Sequence[CaseEvent]:
    match command:
        case StartTriage(ticket_id, customer_id, site_id):
            started = triage.TriageStarted(ticket_id=ticket_id, customer_id=customer_id, site_id=site_id)
            return [] if case.started or case.ended else [started]
        case EndCase(because):
            return [] if case.ended else [CaseEnded(because=because)]
        case ResumeCase():
            return [CaseResumed()] if case.ended else []
        case ReopenCase():
            return [CaseReopened()] if case.ended else []
        case _:
            assert_never(command)


def evolve(case: Case, event: CaseEvent) -> Case:
    match event:
        case triage.TriageStarted():
            return replace(case, customer_id=event.customer_id, site_id=event.site_id)
        case CaseEnded():
            return replace(case, ended=True)
        case CaseResumed():
            return replace(case, ended=False)
        case CaseReopened():
            return replace(case, ended=False, remote=None, authorised=False, cycle=case.cycle + 1)
        case triage.FaultClassified():
            return replace(case, classified=(event.level, event.maintenance_type))
        case triage.RemoteSupportStarted() | triage.RemoteSupportSucceeded() | triage.RemoteSupportFailed():
            return replace(case, remote=_REMOTE[type(event)])
        case triage.CauseDetermined():
            return case
        case triage.WorkAuthorised():
            return replace(case, authorised=True)
        case _:
            assert_never(event)


_REMOTE: Mapping[type[CaseEvent], Remote] = {
    triage.RemoteSupportStarted: "started",
    triage.RemoteSupportSucceeded: "succeeded",
    triage.RemoteSupportFailed: "failed",
}


def stamp(case: Case, event: CaseEvent, at: datetime) -> Case:
    """The case with when the ticket was opened, and when remote support started."""
    match event:
        case triage.TriageStarted():
            return replace(case, opened_at=at)
        case triage.RemoteSupportStarted():
            return replace(case, remote_at=at)
        case _:
            return case


def status(case: Case) -> Status:
    """What is next on the case, in one word."""
    if case.ended:
        return "ended"
    if case.authorised:
        return "authorised"
    if case.remote == "succeeded":
        return "resolved_remotely"
    if case.remote == "started":
        return "remote_support"
    return "classified" if case.classified else "open"


def _going_on(case: Case, at: datetime) -> None:
    """Raises Refused for what people want of a case that is not on, or wanted before its ticket was opened."""
    if case.ended:
        raise Refused("case-ended", "The ticket is closed or cancelled: nothing more happens on its case.")
    if not case.started:
        raise Refused("case-not-started", "No ticket of this id has reached triage yet.")
    after_opening(at, case.opened_at)


def _classified(command: ClassifyFault, case: Case) -> Sequence[CaseEvent]:
    level, maintenance_type = command.level, command.maintenance_type
    if case.classified == (level, maintenance_type):
        return []
    return [triage.FaultClassified(ticket_id=command.ticket_id, level=level, maintenance_type=maintenance_type)]


class _About(TypedDict):
    """What every news of remote support says."""

    ticket_id: str
    note_id: str | None
    cycle: int


def _remote_support(command: ReportRemoteSupport, case: Case, at: datetime) -> CaseEvent:
    if case.authorised:
        raise Refused("work-authorised", "Work on site is authorised: report it on the work order.")
    if case.remote == "succeeded":
        raise Refused("remote-support-over", "Remote support has already resolved the fault.")
    about: _About = {"ticket_id": command.ticket_id, "note_id": command.note_id, "cycle": case.cycle}
    match command.outcome:
        case "started":
            if case.remote == "started":
                raise Refused("remote-support-running", "Remote support is already under way.")
            return triage.RemoteSupportStarted(**about)
        case "succeeded" | "failed":
            if case.remote != "started":
                raise Refused("remote-support-not-started", "Report that remote support started before its outcome.")
            after_step(at, case.remote_at)
            outcome = triage.RemoteSupportSucceeded if command.outcome == "succeeded" else triage.RemoteSupportFailed
            return outcome(**about)
        case _:
            assert_never(command.outcome)


def _authorised(command: AuthoriseWork, case: Case) -> triage.WorkAuthorised:
    _authorisable(case, command.payable)
    return triage.WorkAuthorised(
        ticket_id=command.ticket_id,
        customer_id=case.customer_id,
        job_type=command.job_type,
        payable=command.payable,
        skills=list(command.skills),
        opened_at=case.opened_at,
        site_id=case.site_id,
        cycle=case.cycle,
    )


def _authorisable(case: Case, payable: bool) -> None:
    if case.classified is None:
        raise Refused("classification-required", "Classify the fault before you authorise work.")
    if case.authorised:
        raise Refused("work-authorised", "Work on this case is already authorised.")
    if case.remote == "succeeded":
        raise Refused("remote-support-over", "Remote support has resolved the fault: there is nothing to authorise.")
    if payable:
        raise Refused("consent-required", "Paid work needs the customer's consent to a quote first.")


case: Decider[CaseCommand, Case, CaseEvent] = Decider(
    "case",
    Catalogue(*get_args(CaseEvent)),
    Case(),
    decide,
    evolve,
    status,
    subject=lambda case: case.customer_id or None,
    stamp=stamp,
)
