"""An engineer's day: the visits at whose agreed times, or at whose door, nobody else can have the engineer.

One stream an engineer, `schedule-<engineer>`, written by the same story as the work order: two assignments that cannot
both stand meet there, however many come at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never, get_args

from libs.events import Catalogue, Change, Decider, Event, Refused, Story, event
from libs.events.contracts.dispatch.work_orders import CrewAssigned, CrewUnassigned
from libs.events.event import Instant
from services.dispatch.engineers.domain.engineer import SendEngineer, engineer
from services.dispatch.work_orders.domain.appointment import Slot
from services.dispatch.work_orders.domain.work_order import Unassign, WorkOrder, WorkOrderCommand, work_order


@event("dispatch.EngineerReserved")
class EngineerReserved(Event, frozen=True, kw_only=True):
    """The engineer is taken by a visit: from start until end, if a time was agreed, and now, while `present`.

    Reservations that are `over` by then are dropped.
    """

    engineer_id: str
    work_order_id: str
    start: Instant | None = None
    end: Instant | None = None
    present: bool = False
    over: list[str]


@event("dispatch.EngineerReleased")
class EngineerReleased(Event, frozen=True, kw_only=True):
    """The visit has no hold on the engineer any more."""

    engineer_id: str
    work_order_id: str


@dataclass(frozen=True, slots=True)
class Hold:
    """What a visit takes of an engineer: the agreed time, and whether they are on the way or on site."""

    slot: Slot | None = None
    present: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """Whom a work order holds, and how."""

    engineer_id: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class Reserve:
    """Take the engineer for a visit, in place of what the visit `had` of them: that much is not asked for again."""

    engineer_id: str
    work_order_id: str
    hold: Hold
    had: Hold = Hold()


@dataclass(frozen=True, slots=True)
class Release:
    """Let the engineer go; never refused."""

    engineer_id: str
    work_order_id: str


ScheduleEvent = EngineerReserved | EngineerReleased


@dataclass(frozen=True, slots=True)
class Schedule:
    """The holds on one engineer by work order."""

    holds: Mapping[str, Hold] = field(default_factory=dict)


def decide(command: Reserve | Release, state: Schedule, at: datetime) -> Sequence[ScheduleEvent]:
    """The changed day. Raises Refused where two visits would have the engineer at once."""
    match command:
        case Release(engineer_id, work_order_id):
            if work_order_id not in state.holds:
                return []
            return [EngineerReleased(engineer_id=engineer_id, work_order_id=work_order_id)]
        case Reserve(engineer_id, work_order_id, hold, had):
            others = {id: other for id, other in state.holds.items() if id != work_order_id}
            over = [id for id, other in others.items() if _is_over(other, at)]
            _free(_anew(hold, had, at), {id: other for id, other in others.items() if id not in over})
            if state.holds.get(work_order_id, Hold()) == hold:
                return []
            return [_reserved(engineer_id, work_order_id, hold, over)]
        case _:
            assert_never(command)


def _is_over(hold: Hold, at: datetime) -> bool:
    return not hold.present and (hold.slot is None or hold.slot.end <= at)


def _anew(hold: Hold, had: Hold, at: datetime) -> Hold:
    """What of a hold is wanted now for the first time; a time that has passed is wanted no more."""
    slot = hold.slot if hold.slot != had.slot and hold.slot is not None and hold.slot.end > at else None
    return Hold(slot, hold.present and not had.present)


def _free(hold: Hold, others: Mapping[str, Hold]) -> None:
    for id, other in others.items():
        if (hold.present and other.present) or _overlap(hold.slot, other.slot):
            raise Refused("overlap", f"The engineer has another visit then: work order {id}.", work_order_id=id)


def _overlap(one: Slot | None, other: Slot | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end


def _reserved(engineer_id: str, work_order_id: str, hold: Hold, over: list[str]) -> EngineerReserved:
    start, end = (hold.slot.start, hold.slot.end) if hold.slot else (None, None)
    return EngineerReserved(
        engineer_id=engineer_id, work_order_id=work_order_id, start=start, end=end, present=hold.present, over=over
    )


def evolve(state: Schedule, event: ScheduleEvent) -> Schedule:
    """The day after one event."""
    gone = {event.work_order_id}
    if isinstance(event, EngineerReleased):
        return Schedule({id: hold for id, hold in state.holds.items() if id not in gone})
    gone.update(event.over)
    slot = Slot(event.start, event.end) if event.start and event.end else None
    kept = {id: hold for id, hold in state.holds.items() if id not in gone}
    return Schedule({**kept, event.work_order_id: Hold(slot, event.present)})


def status(state: Schedule) -> str:
    """`busy` while a visit has the engineer, `free` otherwise."""
    return "busy" if state.holds else "free"


schedule = Decider("schedule", Catalogue(*get_args(ScheduleEvent)), Schedule(), decide, evolve, status)


OVER = ("completed", "failed")
"""Steps of a visit after which nobody has to go any more."""


def booking(state: WorkOrder) -> Booking | None:
    """Whom a work order holds; None before an assignment, and once nobody has to go any more."""
    if state.engineer_id is None or state.cancelled or state.verdict != "open" or state.visit.step in OVER:
        return None
    present = state.visit.step in ("travelling", "on_site") and not state.visit.paused
    return Booking(state.engineer_id, Hold(state.appointment.agreed, present))


def planned(work_order_id: str, command: WorkOrderCommand) -> Story:
    """A command of a work order, and what it asks of the engineers and their days: all stands, or nothing."""
    change = yield work_order.on(work_order_id, command)
    yield from follow(work_order_id, change)


def released(work_order_id: str) -> Story:
    """The visit is taken from its engineer, whose day is free of it: nobody's skills or time are asked for."""
    change = yield work_order.on(work_order_id, Unassign())
    for said in change:
        if isinstance(said, CrewUnassigned):
            yield schedule.on(said.engineer_id, Release(said.engineer_id, work_order_id))


def follow(work_order_id: str, change: Change) -> Story:
    """What a work order's change asks of its engineers: a new one has the skills, and time; the old one is let go."""
    for said in change:
        if isinstance(said, CrewAssigned):
            yield engineer.on(said.engineer_id, SendEngineer(tuple(change.after.created.skills)))
    before, after = booking(change.before), booking(change.after)
    if before == after:
        return
    is_same = before is not None and after is not None and before.engineer_id == after.engineer_id
    if before is not None and not is_same:
        yield schedule.on(before.engineer_id, Release(before.engineer_id, work_order_id))
    if after is not None:
        had = before.hold if before is not None and is_same else Hold()
        yield schedule.on(after.engineer_id, Reserve(after.engineer_id, work_order_id, after.hold, had))
