"""The visit itself (上门): on the way, on site, done. A pause is a fact beside these steps, never one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from libs.events import Refused
from libs.events.contracts.dispatch import work_orders as dispatch
from libs.events.contracts.dispatch.work_orders import CallOutcome, FailureReason, NextStep, PauseReason
from services.dispatch.conduct.domain import kept
from services.dispatch.jobs.domain import work_order_id_of
from services.dispatch.work_orders.domain.visit_ids import ids_of

VisitEvent = (
    dispatch.CustomerCalled
    | dispatch.EngineerDeparted
    | dispatch.OnSiteArrived
    | dispatch.ConductChecked
    | dispatch.WorkPaused
    | dispatch.WorkResumed
    | dispatch.RepairCompleted
    | dispatch.VisitFailed
)
Step = Literal["planned", "travelling", "on_site", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class NoteCall:
    """The engineer rang the customer; a text for words beyond the outcome."""

    outcome: CallOutcome
    note_id: str | None = None


@dataclass(frozen=True, slots=True)
class Depart:
    """The engineer sets out."""


@dataclass(frozen=True, slots=True)
class Arrive:
    """The engineer is there; the position is a text, `accuracy_m` its radius in metres."""

    location_id: str
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class CheckConduct:
    """What of the code of conduct was kept, by the ids of its list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """Work cannot go on: a code, and a text for words beyond it."""

    reason: PauseReason
    note_id: str | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Work goes on."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The repair is done; what was done is a text."""

    result_id: str


@dataclass(frozen=True, slots=True)
class Fail:
    """The visit ends without a completed repair, and another one follows it."""

    reason: FailureReason
    next_step: NextStep
    note_id: str | None = None


VisitCommand = NoteCall | Depart | Arrive | CheckConduct | Pause | Resume | Complete | Fail


@dataclass(frozen=True, slots=True)
class Visit:
    """How far the visit is, whether work is paused, and what of the code of conduct was kept."""

    step: Step = "planned"
    paused: bool = False
    conduct: tuple[str, ...] | None = None


def decide(
    command: VisitCommand, order: dispatch.WorkOrderCreated, engineer_id: str, state: Visit
) -> Sequence[VisitEvent]:
    """The visit's next step. Raises Refused for a step out of order: the visit stays as it was."""
    about = ids_of(order)
    match command:
        case NoteCall(outcome, note_id):
            not_over(state)
            return [dispatch.CustomerCalled(**about, engineer_id=engineer_id, outcome=outcome, note_id=note_id)]
        case Depart():
            _not_under_way(state)
            return [dispatch.EngineerDeparted(**about, engineer_id=engineer_id)]
        case Arrive(location_id, accuracy_m):
            _not_yet_there(state)
            return [
                dispatch.OnSiteArrived(**about, engineer_id=engineer_id, location_id=location_id, accuracy_m=accuracy_m)
            ]
        case CheckConduct(items):
            return _check(items, order, engineer_id, state)
        case Pause(reason, note_id):
            _not_paused(state, "already-paused", "Work is already paused; resume it first.")
            return [dispatch.WorkPaused(**about, reason=reason, note_id=note_id)]
        case Resume():
            _paused(state)
            return [dispatch.WorkResumed(**about)]
        case Complete(result_id):
            _not_paused(state, "work-paused", "Work is paused; resume it before completing it.")
            return [dispatch.RepairCompleted(**about, result_id=result_id)]
        case Fail():
            return _fail(command, order, engineer_id, state)
        case _:
            assert_never(command)


def _check(
    items: tuple[str, ...], order: dispatch.WorkOrderCreated, engineer_id: str, state: Visit
) -> list[VisitEvent]:
    """Saying the same again says nothing."""
    _on_site(state)
    found = kept(order.job_type, items)
    if state.conduct == tuple(found):
        return []
    return [dispatch.ConductChecked(**ids_of(order), engineer_id=engineer_id, items=found)]


def _fail(command: Fail, order: dispatch.WorkOrderCreated, engineer_id: str, state: Visit) -> list[VisitEvent]:
    """A pause ends with the visit: what waits from then on is the next one."""
    _under_way(state)
    about = ids_of(order)
    failed = dispatch.VisitFailed(
        **about,
        engineer_id=engineer_id,
        reason=command.reason,
        next_step=command.next_step,
        note_id=command.note_id,
        next_work_order_id=work_order_id_of(order.ticket_id, order.visit + 1),
    )
    return [dispatch.WorkResumed(**about), failed] if state.paused else [failed]


def not_over(state: Visit) -> None:
    """Raises Refused once the visit is over, completed or not: it cannot be planned any more."""
    if state.step == "completed":
        raise Refused("already-completed", "The repair is already completed.")
    if state.step == "failed":
        raise Refused("already-failed", "The visit ended without completion; another one was ordered.")


def not_set_out(state: Visit) -> None:
    """Raises Refused once the engineer has set out."""
    not_over(state)
    if state.step != "planned":
        raise Refused("already-departed", "The engineer has already set out; the appointment can no longer change.")


def _not_yet_there(state: Visit) -> None:
    not_over(state)
    if state.step == "on_site":
        raise Refused("already-on-site", "The engineer is already on site.")


def _not_under_way(state: Visit) -> None:
    _not_yet_there(state)
    if state.step == "travelling":
        raise Refused("already-departed", "The engineer is already on the way.")


def _under_way(state: Visit) -> None:
    not_over(state)
    if state.step == "planned":
        raise Refused("not-under-way", "The engineer has not set out yet.")


def _on_site(state: Visit) -> None:
    not_over(state)
    if state.step != "on_site":
        raise Refused("not-on-site", "The engineer is not on site yet.")


def _paused(state: Visit) -> None:
    _on_site(state)
    if not state.paused:
        raise Refused("not-paused", "Work is not paused.")


def _not_paused(state: Visit, code: str, sentence: str) -> None:
    _on_site(state)
    if state.paused:
        raise Refused(code, sentence)


def evolve(state: Visit, event: VisitEvent) -> Visit:
    match event:
        case dispatch.CustomerCalled():
            return state
        case dispatch.EngineerDeparted():
            return Visit("travelling")
        case dispatch.OnSiteArrived():
            return Visit("on_site")
        case dispatch.ConductChecked():
            return replace(state, conduct=tuple(event.items))
        case dispatch.WorkPaused():
            return replace(state, paused=True)
        case dispatch.WorkResumed():
            return replace(state, paused=False)
        case dispatch.RepairCompleted():
            return Visit("completed")
        case dispatch.VisitFailed():
            return Visit("failed")
        case _:
            assert_never(event)
