"""The clocks of a ticket in the queue, as sla's news have them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, TypedDict, assert_never, get_args

import msgspec
from msgspec.structs import replace

from libs.events.contracts.sla import clocks as sla

Stage = Literal["none", "paused", "running", "warned", "breached"]
"""How near the worst of a ticket's open clocks is to its deadline, from the calmest on; `none` without an open one."""

ClockNews = (
    sla.ClockStarted
    | sla.ClockPaused
    | sla.ClockResumed
    | sla.ClockMet
    | sla.ClockCancelled
    | sla.DeadlineMoved
    | sla.DeadlineApproaching
    | sla.DeadlineBreached
    | sla.BreachWithdrawn
)
STAGES: Sequence[Stage] = get_args(Stage)
NEVER = datetime.max.replace(tzinfo=UTC)


class Ahead(TypedDict):
    """When a clock will have used up its target, and half and three quarters of it."""

    due_at: datetime | None
    soon_at: datetime | None
    urgent_at: datetime | None


NOT_AHEAD: Ahead = {"due_at": None, "soon_at": None, "urgent_at": None}
"""While it is paused nobody knows when."""


class QueueClock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock: `warned_at` is when its policy's warning came, `breached_at` the deadline that was missed.

    `soon_at` and `urgent_at` are when half and three quarters are used up: none while paused, nor of news of old.
    """

    id: str
    metric: str
    status: Literal["running", "paused", "met", "cancelled"] = "running"
    cycle: int = 1
    target_seconds: int = 0
    due_at: datetime | None = None
    soon_at: datetime | None = None
    urgent_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """How near it is to its deadline."""
        if self.status in ("met", "cancelled"):
            return "none"
        if self.breached_at is not None:
            return "breached"
        if self.status == "paused":
            return "paused"
        return "running" if self.warned_at is None else "warned"


def clocks_after(clocks: Sequence[QueueClock], event: ClockNews) -> list[QueueClock]:
    """The clocks after one more event, by id."""
    known = {clock.id: clock for clock in clocks}
    before = known.get(event.clock_id) or QueueClock(id=event.clock_id, metric=event.metric)
    return [clock for _, clock in sorted((known | {event.clock_id: _after(before, event)}).items())]


def open_clocks(clocks: Iterable[QueueClock]) -> list[QueueClock]:
    """What is still waited for: the nearest deadline first, those without one last."""
    waiting = (clock for clock in clocks if clock.stage != "none")
    return sorted(waiting, key=lambda clock: (clock.due_at or NEVER, clock.id))


def stage_of(clocks: Iterable[QueueClock]) -> Stage:
    """The stage of the clock that is worst off."""
    return max((clock.stage for clock in clocks), key=STAGES.index, default="none")


def worst_breach(clocks: Iterable[QueueClock]) -> QueueClock | None:
    """The clock that was late first; none for what is not needed any more."""
    late = [clock for clock in clocks if clock.breached_at is not None and clock.status != "cancelled"]
    return min(late, key=lambda clock: (clock.breached_at or NEVER, clock.id), default=None)


def _after(clock: QueueClock, event: ClockNews) -> QueueClock:
    match event:
        case sla.ClockStarted():
            return _started(clock, event)
        case sla.ClockPaused():
            return replace(clock, status="paused", **NOT_AHEAD)
        case sla.ClockResumed():
            return replace(clock, status="running", **_ahead(event))
        case sla.ClockMet():
            return replace(clock, status="met")
        case sla.ClockCancelled():
            return replace(clock, status="cancelled")
        case sla.DeadlineMoved():
            return _moved(clock, event)
        case sla.DeadlineApproaching():
            return replace(clock, warned_at=event.at)
        case sla.DeadlineBreached():
            return replace(clock, breached_at=event.deadline)
        case sla.BreachWithdrawn():
            return replace(clock, breached_at=None if clock.breached_at == event.deadline else clock.breached_at)
        case _:
            assert_never(event)


def _ahead(event: sla.ClockStarted | sla.ClockResumed | sla.DeadlineMoved) -> Ahead:
    return {"due_at": event.deadline, "soon_at": event.soon_at, "urgent_at": event.urgent_at}


def _started(clock: QueueClock, event: sla.ClockStarted) -> QueueClock:
    """Said again of a cycle, it says that the clock runs after all: what was missed in it stays so."""
    again = clock.target_seconds > 0 and clock.cycle == event.cycle
    return QueueClock(
        id=clock.id,
        metric=clock.metric,
        cycle=event.cycle,
        target_seconds=event.target_seconds,
        **_ahead(event),
        warned_at=clock.warned_at if again and clock.target_seconds == event.target_seconds else None,
        breached_at=clock.breached_at if again else None,
    )


def _moved(clock: QueueClock, event: sla.DeadlineMoved) -> QueueClock:
    """A warning counts for a target: sla warns of another one anew."""
    same = clock.target_seconds == event.target_seconds
    return replace(
        clock,
        target_seconds=event.target_seconds,
        **(NOT_AHEAD if clock.status == "paused" else _ahead(event)),
        warned_at=clock.warned_at if same else None,
    )
