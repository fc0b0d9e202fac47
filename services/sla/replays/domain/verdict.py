"""A verdict: one clock under one set of rules, as it stood or as it would stand at an instant."""

from datetime import datetime

import msgspec

from services.sla.clocks.domain.clock import ClockJudged, State
from services.sla.clocks.domain.evaluation import Evaluation


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One clock under one set of rules, as at the instant of the comparison."""

    policy: str
    level: int
    state: State = msgspec.field(name="status")
    breached: bool
    target_seconds: int
    counted_seconds: float
    due_at: datetime | None


def as_recorded(clock: ClockJudged, as_of: datetime) -> Verdict:
    """As the clock stood; a breach that its timer was about to tell at `as_of` counts as told."""
    waits = clock.state == "running" and clock.next_at is not None and clock.next_at <= as_of
    overdue = waits and clock.due_at is not None and clock.due_at <= as_of
    verdict = {name: getattr(clock, name) for name in Verdict.__struct_fields__}
    return Verdict(**verdict | {"breached": clock.breached or overdue})


def as_judged(run: Evaluation) -> Verdict:
    return Verdict(
        policy=run.clock.candidate.policy.name,
        level=run.level,
        state=run.state,
        breached=run.breached,
        target_seconds=run.target_seconds,
        counted_seconds=run.course.counted(run.since).total_seconds(),
        due_at=None if run.state == "paused" else run.deadline(run.since),
    )
