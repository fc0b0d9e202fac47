"""A run: one clock on its way through the facts of its ticket, and what there is to tell of it.

Every target that may be the clock's runs its history through the facts in the order in which they happened. While the
clock is open it follows the strictest target that applies, the one whose deadline is nearest (ADR 19.13). Another
level, trait or policy moves the deadline, worked out again from the original start with all pauses, and never reopens
a met clock (ADR 19.8). A verdict compares counted time with the target (ADR 19.2): a deadline at closing time is
missed at the next opening.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from libs.events.contracts.sla.clocks import DeadlineBreached, NoDeadline
from services.sla.calendars.domain.live_calendar import FROM, UNTIL
from services.sla.clocks.domain.candidate_clock import CandidateClock
from services.sla.clocks.domain.clock import State
from services.sla.clocks.domain.evidence import Adoption
from services.sla.clocks.domain.notices import Ahead, ClockNotice, ClockNotices, Why
from services.sla.clocks.domain.segment_history import NEVER, Phase, SegmentHistory, Turn
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.when import TOLD_BY, Traits

LEVELS = range(1, 5)
SECOND = timedelta(seconds=1)
SOON, URGENT = 0.5, 0.75
"""The shares of a target that are told beside its deadline."""


@dataclass
class Evaluation:
    """One clock on its way through the facts. `notices` are what there is to tell of it, in order of time.

    `allowed` is the time that the chosen target allows for the level, `limit` what may be counted from the start: the
    same, unless the target says that a change in mid-flight counts from now, or keeps the share that was used up.
    """

    library: Library
    speaker: ClockNotices
    facts: Iterable[Fact]
    candidate_clocks: list[CandidateClock] = field(default_factory=list)
    chosen: CandidateClock | None = None
    level: int = 0
    allowed: timedelta = timedelta()
    limit: timedelta = timedelta()
    traits: Traits = field(default_factory=dict)
    notices: list[ClockNotice] = field(default_factory=list)
    breached: bool = False
    by_change: bool = False
    told: int = 0
    last: CandidateClock | None = None

    @property
    def clock(self) -> CandidateClock:
        """The target that the clock follows, or followed last, with its history; None before the first notice."""
        assert self.last is not None
        return self.last

    @property
    def course(self) -> SegmentHistory:
        """The history of the clock."""
        return self.clock.course

    @property
    def state(self) -> State:
        """The state of the clock: cancelled while no target applies."""
        phase = self.course.phase
        return "cancelled" if self.chosen is None or phase == "waiting" else phase

    @property
    def since(self) -> datetime:
        """When it last started, paused, resumed or ended."""
        return self.notices[-1].at if self.chosen is None else self.course.since

    @property
    def target_seconds(self) -> int:
        """What may be counted, in whole seconds."""
        return round(self.limit.total_seconds())

    def adopt(self, adoption: Adoption, past: Iterable[Fact]) -> None:
        """Go by other policies from now on. A clock that has ended keeps the ones that it ended under (ADR 19.9)."""
        if self.chosen is not None and not self.course.open:
            return
        self.pass_to(adoption.at)
        book = self.library.rulebook(adoption.policies, adoption.calendars)
        candidates = book.candidates(self.speaker.metric, self.facts)
        self.candidate_clocks = [CandidateClock(one, SegmentHistory(one.target, one.calendar)) for one in candidates]
        for fact in past:
            self._carry(fact)
        self._choose(adoption.at, Why(f"policies {', '.join(adoption.policies)}", adoption.by))

    def hear(self, fact: Fact) -> None:
        """Go on with the next fact. What it says of the ticket sets the target before it stops the clock."""
        at = max(fact.at, self.course.started_at) if self.chosen else fact.at
        self.pass_to(at)
        changes_to_emit = self._learn(fact)
        why = Why(changes_to_emit or fact.type, fact.id)
        if changes_to_emit:
            self._choose(at, why)
        began = self._carry(fact)
        if self.chosen is not None:
            self._tell()
        if began or changes_to_emit:
            self._choose(at, why)

    def pass_to(self, at: datetime) -> None:
        """Time goes on to `at`: a pause may end of itself, and a clock that ran past its target has breached."""
        if self.chosen is None:
            return
        self.course.pass_to(at)
        self._tell()
        if self.course.phase == "running" and not self.breached and self.course.counted(at) > self.limit:
            self._breach(self.lapse() or at)

    def release(self, at: datetime) -> None:
        """The clock's timer has let time pass to `at`: what falls due at that very instant has fallen due."""
        self.pass_to(at)
        if self.chosen is None or self.course.phase != "running" or self.breached:
            return
        lapse = self.lapse()
        if lapse is not None and lapse <= at:
            self._breach(lapse)

    def deadline(self, at: datetime, share: float = 1) -> datetime | None:
        """The earliest instant at which the target, or a share of it, is used up; as if the clock ran on from `at`.

        None if the calendar never comes to it: see `no_deadline`.
        """
        return self.course.reached(self.limit * share, at)

    def used_up(self, share: float, at: datetime) -> datetime | None:
        """When a share of the target is or was used up, if nothing is heard after `at`.

        None for a clock that has ended, or waits in a pause for it.
        """
        waits = self.state == "paused" and self.course.counted(at) < self.limit * share
        return None if waits or self.state not in ("running", "paused") else self.deadline(at, share)

    def remaining(self, at: datetime) -> timedelta:
        """What is left of the target at `at`, or was when the clock ended; negative: so much more was counted."""
        return self.limit - self.course.counted(max(at, self.since))

    @property
    def no_deadline(self) -> NoDeadline | None:
        """Why there is no deadline, if so; that a clock is paused is no such reason."""
        return self._no_deadline(self.deadline(self.since))

    def lapse(self) -> datetime | None:
        """From when on a clock that runs on has counted more than the target: when its breach is true."""
        turned = self.notices[-1].at
        if self.course.counted(turned) > self.limit:
            return turned
        deadline = self.deadline(turned)
        return None if deadline is None else self.course.calendar.opens(max(deadline, turned))

    def waits(self, warned: bool) -> Iterator[datetime]:
        """When the clock speaks of its own accord, if nothing is heard before."""
        ends = self.course.pause_ends()
        if ends is not None and self.chosen is not None:
            yield ends
        if self.state != "running" or self.breached:
            return
        for at in (self.lapse(), None if warned else self.warning()):
            if at is not None:
                yield at

    def warning(self) -> datetime | None:
        """When the deadline of a clock that runs on is near; None where it has none."""
        if self.deadline(self.course.since) is None:
            return None
        return self.deadline(self.course.since, self.clock.candidate.target.warn_at)

    def _learn(self, fact: Fact) -> str:
        """Take note of what the fact tells of the ticket; in notices, what is new."""
        changes_to_emit = []
        for trait, name in TOLD_BY.get(fact.type, ()):
            value = fact.attributes.get(name)
            if value is None or value == self.traits.get(trait) or (trait == "level" and value not in LEVELS):
                continue
            self.traits[trait] = value
            changes_to_emit.append(f"{trait} {value}")
        return ", ".join(changes_to_emit)

    def _carry(self, fact: Fact) -> bool:
        """Let every history hear the fact; whether one of them began or goes on, so that there is a new choice."""
        began = False
        for candidate_clock in self.candidate_clocks:
            told = len(candidate_clock.course.turns)
            candidate_clock.course.hear(fact)
            began |= any(turn.kind in ("started", "reopened") for turn in candidate_clock.course.turns[told:])
        return began

    def _choose(self, at: datetime, why: Why) -> None:
        """Follow the strictest target that applies, while the clock is open."""
        if self.chosen is not None and not self.course.open:
            return
        best = self._strictest(at)
        if best is None:
            self._drop(at)
        elif self.chosen is None:
            self._begin(best, at)
        elif best is not self.chosen or best.limit(self.traits) != self.allowed:
            self._move(best, at, why)
        else:
            self.level = best.level(self.traits)

    def _strictest(self, at: datetime) -> CandidateClock | None:
        fitting = [
            (one, limit)
            for one in self.candidate_clocks
            if one.course.phase != "waiting" and (limit := one.limit(self.traits)) is not None
        ]
        if len(fitting) > 1:
            fitting = [pair for pair in fitting if pair[0].course.open] or fitting
            for one, _ in fitting:
                one.course.pass_to(at)
            fitting.sort(key=lambda pair: pair[0].course.reached(pair[1], at) or NEVER)
        return fitting[0][0] if fitting else None

    def _drop(self, at: datetime) -> None:
        """No target applies any more: the clock is not needed, unless one applies again. It stays as it is now."""
        if self.chosen is not None:
            self.notices.append(self.speaker.cancelled(at))
            self.chosen, self.last = None, CandidateClock(self.clock.candidate, self.course.copy())

    def _begin(self, best: CandidateClock, at: datetime) -> None:
        self._follow(best)
        self._start(self.course.started_at)
        self._catch_up("running", at)
        self._weigh(at, Why("", ""))

    def _move(self, best: CandidateClock, at: datetime, why: Why) -> None:
        old, phase, former = self.deadline(at), self.course.phase, (self.limit, self.course.counted(at))
        self._follow(best)
        self.limit = self._changed(at, *former)
        self.notices.append(self.speaker.moved(at, best.candidate, self.limit, old, self._ahead(at), why))
        self._catch_up(phase, at)
        self._weigh(at, why)

    def _follow(self, best: CandidateClock) -> None:
        allowed = best.limit(self.traits)
        assert allowed is not None  # only a target that applies is followed
        self.chosen = self.last = best
        self.level = best.level(self.traits)
        self.allowed = self.limit = allowed

    def _changed(self, at: datetime, old_limit: timedelta, counted: timedelta) -> timedelta:
        """What may be counted from the start after a change at `at`."""
        match self.clock.candidate.target.on_change:
            case "retroactive":
                return self.allowed
            case "from_now":
                return self.course.counted(at) + self.allowed
            case "keep_share":
                left = max(0.0, 1 - counted / old_limit) if old_limit else 0.0
                return self.course.counted(at) + SECOND * round(left * self.allowed.total_seconds())

    def _catch_up(self, phase: Phase, at: datetime) -> None:
        """The history that is followed now may be in another phase than what was told last."""
        last, self.told = self.course.turns[-1], len(self.course.turns)
        if self.course.phase == phase:
            return
        if self.course.phase == "running":
            self._resumed(at)
        elif self.course.phase == "paused":
            self.notices.append(self.speaker.paused(at, last.reason, self.course.finished))
        else:
            self._say(last)

    def _weigh(self, at: datetime, why: Why) -> None:
        """After a change: what is used up already is missed now, and what was missed may not be any more."""
        counted = self.course.counted(at)
        if counted > self.limit and not self.breached and self.course.open:
            self.by_change = True
            self._breach(at)
        elif counted <= self.limit and self.breached:
            self.breached = self.by_change = False
            missed = next(notice.deadline for notice in reversed(self.notices) if isinstance(notice, DeadlineBreached))
            self.notices.append(self.speaker.withdrawn(at, missed, counted, self.limit, why))

    def _tell(self) -> None:
        """Say what the history has come to since it was last told."""
        for turn in self.course.turns[self.told :]:
            self._say(turn)
        self.told = len(self.course.turns)

    def _say(self, turn: Turn) -> None:
        match turn.kind:
            case "started":
                self._follow(self.clock)
                self.breached = self.by_change = False
                self._start(turn.at)
            case "paused":
                self.notices.append(self.speaker.paused(turn.at, turn.reason, turn.counted))
            case "resumed" | "reopened":
                self._resumed(turn.at, turn.reason)
            case "met":
                late = turn.counted > self.limit
                if late and not self.breached:  # it was met before the target that it missed came to apply
                    self.by_change = True
                    self._breach(turn.at)
                self.breached = late
                self.notices.append(self.speaker.met(turn.at, turn.counted, late))
            case "cancelled":
                self.notices.append(self.speaker.cancelled(turn.at))

    def _start(self, at: datetime) -> None:
        candidate, ahead = self.clock.candidate, self._ahead(max(at, self.course.since))
        self.notices.append(self.speaker.started(at, candidate, self.limit, ahead, self.course.cycle))

    def _resumed(self, at: datetime, because: str = "") -> None:
        self.notices.append(self.speaker.resumed(at, self._ahead(at), because))

    def _ahead(self, at: datetime) -> Ahead:
        deadline = self.deadline(at)
        return {
            "soon_at": self.deadline(at, SOON),
            "urgent_at": self.deadline(at, URGENT),
            "deadline": deadline,
            "no_deadline": self._no_deadline(deadline),
        }

    def _no_deadline(self, deadline: datetime | None) -> NoDeadline | None:
        if deadline is not None:
            return None
        begun = self.course.started_at >= FROM and max(self.course.started_at, self.course.since) < UNTIL
        return "calendar_ends" if begun else "out_of_range"

    def _breach(self, at: datetime) -> None:
        self.breached = True
        self.notices.append(self.speaker.breached(at, self.deadline(at) or at, self.by_change))
