"""An engineer's day: the visits at whose agreed times, or at whose door, nobody else can have the engineer.

One stream an engineer, `schedule-<engineer>`, written by the same story as the work order: two assignments that cannot
both stand meet there, however many come at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from libs.events import Catalogue, Change, Decider, Event, Refused, Story, event
from libs.events.event import Instant
from services.dispatch.domain.appointment import Slot
from services.dispatch.domain.work_order import WorkOrder


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
    """Take the engineer for a visit, in place of what it took before."""

    engineer_id: str
    work_order_id: str
    hold: Hold


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
        case Reserve(engineer_id, work_order_id, hold):
            others = {id: other for id, other in state.holds.items() if id != work_order_id}
            over = [id for id, other in others.items() if _is_over(other, at)]
            _free(hold, {id: other for id, other in others.items() if id not in over})
            if state.holds.get(work_order_id, Hold()) == hold:
                return []
            return [_reserved(engineer_id, work_order_id, hold, over)]
        case _:
            assert_never(command)


def _is_over(hold: Hold, at: datetime) -> bool:
    return not hold.present and (hold.slot is None or hold.slot.end <= at)


def _free(hold: Hold, others: Mapping[str, Hold]) -> None:
    for id, other in others.items():
        if (hold.present and other.present) or _overlap(hold.slot, other.slot):
            raise Refused("overlap", f"The engineer has another visit then: work order {id}.")


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


schedule = Decider("schedule", Catalogue(EngineerReserved, EngineerReleased), Schedule(), decide, evolve, status)


def booking(state: WorkOrder) -> Booking | None:
    """Whom a work order holds; None before an assignment, and once nobody has to go any more."""
    if state.engineer_id is None or state.cancelled or state.verdict != "open" or state.visit.step == "completed":
        return None
    present = state.visit.step in ("travelling", "on_site") and not state.visit.paused
    return Booking(state.engineer_id, Hold(state.appointment.agreed, present))


def follow(work_order_id: str, change: Change) -> Story:
    """What a work order's change means for the days of its engineers: the old one's is cleared, the new one's taken."""
    before, after = booking(change.before), booking(change.after)
    if before == after:
        return
    if before is not None and (after is None or after.engineer_id != before.engineer_id):
        yield schedule.on(before.engineer_id, Release(before.engineer_id, work_order_id))
    if after is not None:
        yield schedule.on(after.engineer_id, Reserve(after.engineer_id, work_order_id, after.hold))
