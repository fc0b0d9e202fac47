"""A job: work in the background that is asked for and ends once, completed, failed or cancelled. Pure.

One stream a job; between its two events a worker goes through it step by step (background/jobs.py). A kind of jobs is
four events with type names of its own, and `job_decider` of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Literal, TypeAlias, TypeVar, assert_never

from libs.events.catalogue import Catalogue
from libs.events.decider import Decider, Refused
from libs.events.event import Event

Stage = Literal["requested", "completed", "failed", "cancelled"]
Status = Literal["unknown", "requested", "completed", "failed", "cancelled"]


class JobEvent(Event, frozen=True, kw_only=True):
    """What happened to a job."""

    id: str


class Requested(JobEvent, frozen=True, kw_only=True):
    """Somebody wants it done; a kind says what, in fields of its own."""


class Completed(JobEvent, frozen=True, kw_only=True):
    """All of it was done; a kind says what came of it."""


class Failed(JobEvent, frozen=True, kw_only=True):
    """It cannot be done, and why."""

    reason: str


class Cancelled(JobEvent, frozen=True, kw_only=True):
    """Nobody wants it done any more; what was done by then stays."""


@dataclass(frozen=True)
class Complete:
    """All of it was done, as this event says."""

    completed: Completed


@dataclass(frozen=True)
class Fail:
    """It cannot be done."""

    reason: str


@dataclass(frozen=True)
class Cancel:
    """It need not be done."""


Ending = Complete | Fail | Cancel

R = TypeVar("R")
Q = TypeVar("Q", bound=Requested)
D = TypeVar("D", bound=Completed)


@dataclass(frozen=True)
class Job(Generic[Q, D]):
    """A job: what was asked, and what came of it."""

    status: Status = "unknown"
    request: Q | None = None
    completed: D | None = None
    reason: str = ""


JobDecider: TypeAlias = Decider[R | Ending, Job[Q, D], JobEvent]
AnyJobDecider: TypeAlias = Decider[Any, Job[Any, Any], JobEvent]


def evolve(state: Job[Any, Any], event: JobEvent) -> Job[Any, Any]:
    """The job after one more event."""
    match event:
        case Requested():
            return replace(state, status="requested", request=event)
        case Completed():
            return replace(state, status="completed", completed=event)
        case Failed():
            return replace(state, status="failed", reason=event.reason)
        case _:
            return replace(state, status="cancelled")


def as_asked(command: Q, at: datetime) -> Q:
    """The request of a kind with nothing to check: the command is the event itself."""
    return command


def job_decider(
    name: str,
    requested: type[Q],
    completed: type[D],
    failed: type[Failed],
    cancelled: type[Cancelled],
    request: Callable[[R, datetime], Q],
) -> JobDecider[R, Q, D]:
    """The decider of a kind's jobs, in streams of this name. `request(command, at)` checks what is asked for."""

    def decide(command: R | Ending, state: Job[Q, D], at: datetime) -> Sequence[JobEvent]:
        if isinstance(command, Ending):
            return [] if is_over(command, state) else [ending(command, state)]
        return [request(command, at)]

    def ending(command: Ending, state: Job[Q, D]) -> JobEvent:
        assert state.request is not None  # what nobody asked for was refused
        match command:
            case Complete():
                return command.completed
            case Fail():
                return failed(id=state.request.id, reason=command.reason)
            case Cancel():
                return cancelled(id=state.request.id)
            case _:
                assert_never(command)

    catalogue = Catalogue(requested, completed, failed, cancelled)
    return Decider(name, catalogue, Job(), decide, evolve, lambda state: state.status)


def is_over(command: Ending, state: Job[Any, Any]) -> bool:
    """Whether it has ended: what ends later than the end ends nothing, and what is over is not cancelled."""
    if state.status == "unknown":
        raise Refused("no-such-job", "Nobody asked for this job.")
    match command:
        case Cancel() if state.status in ("completed", "failed"):
            raise Refused("job-ended", "It has ended: there is nothing left to cancel.")
        case _:
            return state.status != "requested"
