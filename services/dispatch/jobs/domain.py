"""The job of a ticket: how many visits it took so far, and whether more are wanted.

It exists so that triage's and intake's news may come in any order: whichever is heard first is remembered here, and the
reactions stay pure. Work that is authorised while another ticket stands for this one is held, until it is known whether
that was taken back; of a cycle that was closed no visit is wanted. One stream a ticket, its id is the ticket's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, get_args
from uuid import NAMESPACE_URL, uuid5

from libs.events import Catalogue, Decider, Event, event
from libs.events.contracts.dispatch.work_orders import NextStep
from libs.events.contracts.jobs import JobType
from libs.events.event import Instant


@event("dispatch.VisitOrdered")
class VisitOrdered(Event, frozen=True, kw_only=True):
    """The ticket needs this visit; `visit` counts from 1, `rework_of` is the work order that it makes good.

    `follows` is a visit that failed, `awaits` what it said was next. `cycle` is that of the work authorised: one more
    each time that the ticket was opened again.
    """

    ticket_id: str
    customer_id: str
    work_order_id: str
    visit: int
    job_type: JobType
    skills: list[str]
    rework_of: str | None = None
    opened_at: Instant | None = None
    follows: str | None = None
    awaits: NextStep | None = None
    site_id: str | None = None
    cycle: int = 1


@event("dispatch.JobCancelled")
class JobCancelled(Event, frozen=True, kw_only=True):
    """No visit is wanted any more; `work_order_id` is the last one that was ordered, if any was."""

    ticket_id: str
    work_order_id: str | None = None


@event("dispatch.JobRestored")
class JobRestored(Event, frozen=True, kw_only=True):
    """The ticket goes on after all: visits may be wanted again."""

    ticket_id: str


@event("dispatch.JobClosed")
class JobClosed(Event, frozen=True, kw_only=True):
    """No visit of this cycle is wanted any more; `work_order_id` is the last one that was ordered in it, if any was."""

    ticket_id: str
    cycle: int
    work_order_id: str | None = None


@event("dispatch.WorkHeld")
class WorkHeld(Event, frozen=True, kw_only=True):
    """Work was authorised on a ticket that was cancelled or merged: if it goes on after all, its visit is ordered."""

    ticket_id: str
    customer_id: str
    job_type: JobType
    skills: list[str]
    opened_at: Instant | None = None
    site_id: str | None = None
    cycle: int = 1


JobEvent = VisitOrdered | JobCancelled | JobRestored | JobClosed | WorkHeld


@dataclass(frozen=True, slots=True)
class Authorise:
    """Work on site may start: order the first visit, or the first of a new cycle of a ticket that was reopened."""

    ticket_id: str
    customer_id: str
    job_type: JobType
    skills: tuple[str, ...]
    opened_at: datetime | None = None
    site_id: str | None = None
    cycle: int = 1


@dataclass(frozen=True, slots=True)
class OrderRework:
    """The customer did not accept the work order `rework_of`: order another visit."""

    rework_of: str


@dataclass(frozen=True, slots=True)
class OrderFurther:
    """The visit of the work order `failed` ended without a completed repair: order another one."""

    failed: str
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class OrderAgain:
    """The visit of the work order `called_off` is wanted after all: order another one in its place."""

    called_off: str


@dataclass(frozen=True, slots=True)
class CancelJob:
    """The ticket was withdrawn."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """The ticket goes on after all. A visit that was called off stays so: another one is ordered in its place."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class CloseJob:
    """The ticket was closed, and this cycle of it is over."""

    ticket_id: str
    cycle: int


JobCommand = Authorise | OrderRework | OrderFurther | OrderAgain | CancelJob | RestoreJob | CloseJob


@dataclass(frozen=True, slots=True)
class Job:
    """What the next decision reads of a job: the last visit, and whether the ticket was withdrawn.

    `held` is work that was authorised meanwhile, `closed` the newest cycle that is over.
    """

    last: VisitOrdered | None = None
    cancelled: bool = False
    held: WorkHeld | None = None
    closed: int = 0


def work_order_id_of(ticket_id: str, visit: int) -> str:
    """The id of a ticket's nth visit, the same whenever and wherever it is worked out."""
    return str(uuid5(NAMESPACE_URL, f"urn:aftercare:ticket:{ticket_id}:visit:{visit}"))


def decide(command: JobCommand, state: Job, at: datetime) -> Sequence[JobEvent]:
    """The visits to be made, or to be called off. What was said before, or comes too late, says nothing."""
    match command:
        case Authorise():
            return _first(command, state)
        case OrderRework(rework_of):
            return _next(rework_of, state, rework_of=rework_of)
        case OrderFurther(failed, next_step):
            made_good = state.last.rework_of if state.last else None
            return _next(failed, state, rework_of=made_good, follows=failed, awaits=next_step)
        case OrderAgain(called_off):
            return _again(called_off, state)
        case CancelJob(ticket_id):
            return _cancel(ticket_id, state)
        case RestoreJob(ticket_id):
            return _restore(ticket_id, state)
        case CloseJob():
            return _close(command, state)
        case _:
            assert_never(command)


def _first(command: Authorise, state: Job) -> list[JobEvent]:
    known = max(state.closed, state.last.cycle if state.last else 0, state.held.cycle if state.held else 0)
    if command.cycle <= known:
        return []
    work = WorkHeld(
        ticket_id=command.ticket_id,
        customer_id=command.customer_id,
        job_type=command.job_type,
        skills=list(command.skills),
        opened_at=command.opened_at,
        site_id=command.site_id,
        cycle=command.cycle,
    )
    return [work] if state.cancelled else [_ordered(work, state)]


def _ordered(work: WorkHeld, state: Job) -> VisitOrdered:
    visit = state.last.visit + 1 if state.last else 1
    return VisitOrdered(
        ticket_id=work.ticket_id,
        customer_id=work.customer_id,
        work_order_id=work_order_id_of(work.ticket_id, visit),
        visit=visit,
        job_type=work.job_type,
        skills=work.skills,
        opened_at=work.opened_at,
        site_id=work.site_id,
        cycle=work.cycle,
    )


def _restore(ticket_id: str, state: Job) -> list[JobEvent]:
    """What was authorised meanwhile is ordered now, whichever of both was heard first."""
    if not state.cancelled:
        return []
    held = state.held if state.held and state.held.cycle > state.closed else None
    return [JobRestored(ticket_id=ticket_id), *([_ordered(held, state)] if held else [])]


def _next(
    after: str,
    state: Job,
    *,
    rework_of: str | None,
    follows: str | None = None,
    awaits: NextStep | None = None,
) -> list[JobEvent]:
    """The visit that follows the last one. What a failed rework visit was to make good stays to be made good."""
    last = state.last
    if state.cancelled or last is None or last.work_order_id != after or last.cycle <= state.closed:
        return []
    visit = last.visit + 1
    return [
        VisitOrdered(
            ticket_id=last.ticket_id,
            customer_id=last.customer_id,
            work_order_id=work_order_id_of(last.ticket_id, visit),
            visit=visit,
            job_type=last.job_type,
            skills=last.skills,
            rework_of=rework_of,
            opened_at=last.opened_at,
            follows=follows,
            awaits=awaits,
            site_id=last.site_id,
            cycle=last.cycle,
        )
    ]


def _again(called_off: str, state: Job) -> list[JobEvent]:
    """The visit in place of one that was called off is to do what that one was to."""
    last = state.last
    if last is None:
        return []
    return _next(called_off, state, rework_of=last.rework_of, follows=last.follows, awaits=last.awaits)


def _cancel(ticket_id: str, state: Job) -> list[JobEvent]:
    if state.cancelled:
        return []
    return [JobCancelled(ticket_id=ticket_id, work_order_id=state.last.work_order_id if state.last else None)]


def _close(command: CloseJob, state: Job) -> list[JobEvent]:
    """A visit of a later cycle, which may be heard of before this one's end, stays."""
    if command.cycle <= state.closed:
        return []
    last = state.last if state.last and state.last.cycle <= command.cycle else None
    open_id = last.work_order_id if last else None
    return [JobClosed(ticket_id=command.ticket_id, cycle=command.cycle, work_order_id=open_id)]


def evolve(state: Job, event: JobEvent) -> Job:
    match event:
        case VisitOrdered():
            return replace(state, last=event)
        case JobCancelled():
            return replace(state, cancelled=True)
        case JobRestored():
            return replace(state, cancelled=False, held=None)
        case JobClosed():
            return replace(state, closed=event.cycle)
        case WorkHeld():
            return replace(state, held=event)
        case _:
            assert_never(event)


def status(state: Job) -> str:
    """`cancelled`, `ordered`, or `unknown` while nothing was heard."""
    if state.cancelled:
        return "cancelled"
    return "ordered" if state.last else "unknown"


job = Decider("job", Catalogue(*get_args(JobEvent)), Job(), decide, evolve, status)
