"""News: what a clock has to tell when it is judged anew, given what it has told so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

import msgspec

from libs.events.contracts.sla.clocks import (
    BreachWithdrawn,
    ClockResumed,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
)
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.notices import ClockNotice, ClockNotices, Why


@dataclass(frozen=True)
class Emitted:
    """What was told of one metric and stands: the breaches by deadline, and the targets, by cycle, that were warned of.

    `released` is the latest instant at which the clock spoke of its own accord: time has passed to it, facts or not.
    `breached_then` says whether a breach of the present cycle was ever told.
    """

    breaches: frozenset[datetime] = frozenset()
    ever: frozenset[datetime] = frozenset()
    warned: frozenset[tuple[int, int]] = frozenset()
    released: datetime | None = None
    cycle: int = 1
    breached_then: bool = False

    def hear(self, notice: ClockNotice | DeadlineApproaching, clock: ClockJudged | None) -> "Emitted":
        """What stands after one more notice; `clock` is what was known of the clock before it."""
        match notice:
            case DeadlineApproaching():
                assert clock is not None  # only a clock that is known has a timer
                return replace(self, warned=self.warned | {(clock.cycle, clock.target_seconds)})
            case DeadlineBreached():
                told = {notice.deadline}
                told_now = replace(self, breaches=self.breaches | told, ever=self.ever | told, breached_then=True)
                return told_now._released(notice.at)
            case BreachWithdrawn():
                return replace(self, breaches=self.breaches - {notice.deadline})
            case ClockStarted() if notice.cycle != self.cycle:
                return replace(self, cycle=notice.cycle, breached_then=False)
            case ClockResumed() if notice.because:
                return self._released(notice.at)
            case _:
                return self

    def _released(self, at: datetime) -> "Emitted":
        return self if self.released is not None and self.released >= at else replace(self, released=at)


def changes_to_emit(
    run: Evaluation, told: Sequence[ClockNotice], emitted: Emitted, known: ClockJudged | None, why: Why
) -> Iterator[ClockNotice | ClockJudged]:
    """What is to be told now when `told` is what was told so far, and then what is known of the clock."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(run.notices, told, strict=False)))
    fresh: list[ClockNotice] = [
        *_untrue(run, emitted, why),
        *_true_again(run.notices[:same], emitted),
        *_unknown(run.notices[same:], emitted),
    ]
    if not fresh and len(told) > same:
        # What it told last holds no more, and nothing came instead: what it told before that holds again.
        fresh = [
            next(
                notice for notice in reversed(run.notices) if not isinstance(notice, DeadlineBreached | BreachWithdrawn)
            )
        ]
    for notice in fresh:
        emitted = emitted.hear(notice, known)
        yield notice
    now = judged(run, emitted)
    if now != known:
        yield now


def never_needed(known: ClockJudged, emitted: Emitted, ticket_id: str, why: Why) -> Iterator[ClockNotice | ClockJudged]:
    """A clock was started, and late evidence says that no target ever applied: it ends when it started."""
    speaker, at = ClockNotices(ticket_id, known.clock_id, known.metric), known.started_at
    for deadline in sorted(emitted.breaches):
        yield speaker.withdrawn(at, deadline, timedelta(), timedelta(seconds=known.target_seconds), why)
    yield speaker.cancelled(at)
    ended = {"state": "cancelled", "state_since": at, "counted_seconds": 0.0, "breached": False, "next_at": None}
    yield msgspec.structs.replace(known, **ended, met_at=None, by_change=False, breached_then=emitted.breached_then)


def _untrue(run: Evaluation, emitted: Emitted, why: Why) -> Iterator[BreachWithdrawn]:
    """Breaches that were told and that these notices know nothing of."""
    known = {notice.deadline for notice in run.notices if isinstance(notice, DeadlineBreached)}
    at = run.notices[-1].at
    for deadline in sorted(emitted.breaches - known):
        yield run.speaker.withdrawn(at, deadline, run.course.counted(at), run.limit, why)


def _true_again(notices: Sequence[ClockNotice], emitted: Emitted) -> Iterator[ClockNotice]:
    """Breaches that were withdrawn for something that turns out not to have mattered."""
    holds: dict[datetime, ClockNotice] = {}
    for notice in notices:
        if isinstance(notice, DeadlineBreached):
            holds[notice.deadline] = notice
        elif isinstance(notice, BreachWithdrawn):
            holds.pop(notice.deadline, None)
    yield from (notice for deadline, notice in holds.items() if deadline not in emitted.breaches)


def _unknown(notices: Sequence[ClockNotice], emitted: Emitted) -> Iterator[ClockNotice]:
    """The notices without the breaches that stand, and without those that came and went and were told before."""
    breaches = set(emitted.breaches)
    gone = {notice.deadline for notice in notices if isinstance(notice, BreachWithdrawn)} & emitted.ever - breaches
    for notice in notices:
        if isinstance(notice, DeadlineBreached | BreachWithdrawn) and notice.deadline in gone:
            continue
        if isinstance(notice, DeadlineBreached):
            if notice.deadline in breaches:
                continue
            breaches.add(notice.deadline)
        yield notice


def judged(run: Evaluation, emitted: Emitted) -> ClockJudged:
    """The clock as it is now, its timer included: what was told already is not waited for again."""
    course, deadline = run.course, run.deadline(run.since)
    warned = (course.cycle, run.target_seconds) in emitted.warned
    return ClockJudged(
        clock_id=run.speaker.clock_id,
        ticket_id=run.speaker.ticket_id,
        metric=run.speaker.metric,
        policy=run.clock.candidate.policy.name,
        calendar=run.clock.candidate.calendar_name,
        cycle=course.cycle,
        state=run.state,
        state_since=run.since,
        level=run.level,
        target_seconds=run.target_seconds,
        started_at=course.started_at,
        counted_seconds=course.counted(run.since).total_seconds(),
        due_at=None if run.state == "paused" else deadline,
        no_deadline=run.no_deadline,
        provisional=deadline is not None and course.calendar.provisional(deadline),
        breached=run.breached,
        breached_then=emitted.breached_then,
        by_change=run.by_change,
        met_at=run.since if run.state == "met" else None,
        next_at=min(run.waits(warned), default=None),
        breach_at=run.lapse() if run.state == "running" and not run.breached else None,
    )
