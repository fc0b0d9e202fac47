"""The ledger of a clock: where all the time since its start went, without a gap, and why (ADR 19.20).

A clock runs, is paused or is stopped (met, and reopened later); while it runs only the open time of its calendar
counts. The segments of a cycle cover [its start, until), so they add up to the elapsed time, and the running ones to
the counted time, to the microsecond.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec

from services.sla.calendars.domain.live_calendar import LiveCalendar
from services.sla.calendars.domain.trace import Rule
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.segment_history import SegmentHistory, Turn

Phase = Literal["running", "paused", "stopped"]
Kind = Literal["running", "closed", "paused", "stopped"]
KINDS: tuple[Kind, ...] = ("running", "closed", "paused", "stopped")
NOTHING = timedelta()


class Span(NamedTuple):
    """A time [start, end) in UTC between two turns of a clock, and the turn that began it."""

    start: datetime
    end: datetime
    phase: Phase
    turn: Turn

    @property
    def length(self) -> timedelta:
        """Its real time."""
        return self.end - self.start


class Segment(msgspec.Struct, frozen=True):
    """A part of a span in which one rule of the calendar holds: [start, end) in UTC.

    `kind` is running (time counts), closed (the clock runs, but the calendar is shut), paused, or stopped (met, and
    reopened later). `open` says whether the calendar was open, whatever the clock did. `turn` is what began it.
    """

    start: datetime
    end: datetime
    kind: Kind
    open: bool
    rule: Rule
    detail: str
    turn: Turn

    @property
    def length(self) -> timedelta:
        """Its real time."""
        return self.end - self.start

    @property
    def counted(self) -> timedelta:
        """What of it counts."""
        return self.length if self.kind == "running" else NOTHING


@dataclass(frozen=True)
class Account:
    """The ledger of one cycle, from its start to `until`: now, or when it was met or cancelled."""

    cycle: int
    started_at: datetime
    until: datetime
    calendar: LiveCalendar
    spans: Sequence[Span]

    @property
    def elapsed(self) -> timedelta:
        """The real time."""
        return self.until - self.started_at

    @property
    def working(self) -> timedelta:
        """The open time of the calendar, pauses included."""
        return self.calendar.elapsed(self.started_at, self.until)

    @property
    def counted(self) -> timedelta:
        """The open time of the calendar in which the clock ran."""
        running = (self.calendar.elapsed(span.start, span.end) for span in self.spans if span.phase == "running")
        return sum(running, NOTHING)

    def segments(self) -> list[Segment]:
        """All of it in order, rule by rule."""
        return list(_segments(self.calendar, self.spans))


def until_of(run: Evaluation, at: datetime) -> datetime:
    """Where a clock's ledger ends when it is looked at at `at`: an ended clock's when it ended."""
    return run.since if run.state in ("met", "cancelled") else max(at, run.since)


def accounts(run: Evaluation, at: datetime) -> list[Account]:
    """The ledger of every cycle, the present one last, as it is at `at`; time has passed to there (Run.release)."""
    course, until = run.course, until_of(run, at)
    cycles = _cycles(course)
    ends = [*(turns[-1].at for turns in cycles[:-1]), until]
    return [_account(course, n, turns, end) for n, (turns, end) in enumerate(zip(cycles, ends, strict=True), 1)]


def ahead(run: Evaluation, at: datetime) -> list[Segment]:
    """What lies between `at` and the deadline of an open clock, as if it ran on, or were resumed, from `at`."""
    deadline = run.deadline(at)
    if run.state not in ("running", "paused") or deadline is None or deadline <= at:
        return []
    span = Span(at, deadline, "running", run.course.turns[-1])
    return list(_segments(run.course.calendar, [span]))


def _cycles(course: SegmentHistory) -> list[list[Turn]]:
    cycles: list[list[Turn]] = []
    for turn in course.turns:
        if turn.kind == "started":
            cycles.append([])
        cycles[-1].append(turn)
    return cycles


def _account(course: SegmentHistory, cycle: int, turns: Sequence[Turn], until: datetime) -> Account:
    end = until
    spans = list(_spans(turns, end))
    return Account(cycle, turns[0].at, end, course.calendar, spans)


def _spans(turns: Sequence[Turn], until: datetime) -> Iterator[Span]:
    edges = [min(turn.at, until) for turn in turns]
    for turn, (start, end) in zip(turns, pairwise([*edges, until]), strict=True):
        if start < end:
            yield Span(start, end, _phase(turn), turn)


def _phase(turn: Turn) -> Phase:
    match turn.kind:
        case "paused":
            return "paused"
        case "met" | "cancelled":
            return "stopped"
        case _:
            return "running"


def _segments(calendar: LiveCalendar, spans: Iterable[Span]) -> Iterator[Segment]:
    for span in spans:
        for part in calendar.trace(span.start, span.end):
            kind: Kind = "closed" if span.phase == "running" and not part.open else span.phase
            yield Segment(part.start, part.end, kind, part.open, part.rule, part.detail, span.turn)
