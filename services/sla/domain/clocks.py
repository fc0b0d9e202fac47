"""The clocks of one ticket: one stream a ticket, for every clock is a function of the facts heard about that ticket.

A fact is added once, whatever order facts arrive in. Then every clock is judged anew (judge.py), what was not told yet
is told, and `sla.ClockJudged` keeps what is known now. A breach or a warning is told once for a deadline; when a late
fact changes what was told, the clock tells its news again from there, and what was told last holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Event, event
from libs.events.contracts.sla import (
    ClockCancelled,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
)
from services.sla.domain.clock import ClockJudged, clock_id
from services.sla.domain.fact import Fact
from services.sla.domain.judge import Run, Word, judge
from services.sla.domain.policy import Policy
from services.sla.domain.shipped import POLICIES


@event("sla.FactHeard")
class FactHeard(Event, frozen=True, kw_only=True):
    """Another service told something about the ticket. The first one names the policy, which then stays."""

    ticket_id: str
    policy: str
    fact: Fact


@dataclass(frozen=True)
class HearFact:
    """What another service told; `policy` is the name of the one for tickets that have none yet."""

    ticket_id: str
    policy: str
    fact: Fact


@dataclass(frozen=True)
class FireDue:
    """A clock's timer fell due."""

    clock_id: str
    due_at: datetime


Command = HearFact | FireDue
ClockWord = (
    ClockStarted
    | ClockPaused
    | ClockResumed
    | ClockMet
    | ClockCancelled
    | DeadlineMoved
    | DeadlineApproaching
    | DeadlineBreached
)
ClockEvent = FactHeard | ClockJudged | ClockWord


@dataclass(frozen=True)
class Clocks:
    """The facts, what each clock is by them, and which deadlines were told: (metric, deadline) and (metric, target)."""

    ticket_id: str = ""
    policy: str = ""
    facts: tuple[Fact, ...] = ()
    judged: Mapping[str, ClockJudged] = field(default_factory=dict)
    breaches: frozenset[tuple[str, datetime]] = frozenset()
    warnings: frozenset[tuple[str, int]] = frozenset()


def evolve(state: Clocks, event: ClockEvent) -> Clocks:
    """The clocks after one more event."""
    match event:
        case FactHeard():
            facts = (*state.facts, event.fact)
            return replace(state, ticket_id=event.ticket_id, policy=event.policy, facts=facts)
        case ClockJudged():
            return replace(state, judged={**state.judged, event.metric: event})
        case DeadlineBreached():
            return replace(state, breaches=state.breaches | {(event.metric, event.deadline)})
        case DeadlineApproaching():
            target = state.judged[event.metric].target_seconds
            return replace(state, warnings=state.warnings | {(event.metric, target)})
        case ClockStarted() | ClockPaused() | ClockResumed() | ClockMet() | ClockCancelled() | DeadlineMoved():
            return state
        case _:
            assert_never(event)


def decide(policies: Mapping[str, Policy], command: Command, state: Clocks, at: datetime) -> Sequence[ClockEvent]:
    """The news of a fact or of a timer; none when it is known or does not hold any more."""
    match command:
        case HearFact():
            return _heard(policies, command, state)
        case FireDue():
            return _due(policies, command, state)
        case _:
            assert_never(command)


def _heard(policies: Mapping[str, Policy], command: HearFact, before: Clocks) -> Sequence[ClockEvent]:
    if any(fact.id == command.fact.id for fact in before.facts):
        return []
    heard = FactHeard(ticket_id=command.ticket_id, policy=before.policy or command.policy, fact=command.fact)
    state, policy = evolve(before, heard), policies[before.policy or command.policy]
    told: list[ClockEvent] = [heard]
    for target in policy.targets:
        run = judge(state.ticket_id, state.facts, policy, target.metric)
        if run is not None:
            former = judge(before.ticket_id, before.facts, policy, target.metric)
            told.extend(_news(run, former.words if former else [], state))
    return told


def _due(policies: Mapping[str, Policy], command: FireDue, state: Clocks) -> Sequence[ClockEvent]:
    clock = next((clock for clock in state.judged.values() if clock.clock_id == command.clock_id), None)
    if clock is None or clock.next_at is None or clock.next_at > command.due_at:
        return []
    run = judge(state.ticket_id, state.facts, policies[state.policy], clock.metric)
    assert run is not None  # it was judged before, and facts are only added
    breach = run.breach()
    word = breach if breach.at <= command.due_at else run.warning()
    return [word, _judged(run, evolve(state, word))]


def _news(run: Run, told: Sequence[Word], state: Clocks) -> Iterator[ClockEvent]:
    """What the clock has to tell, when `told` is what it has told so far."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(run.words, told, strict=False)))
    fresh: list[Word] = [word for word in run.words[same:] if not _known(word, state)]
    if not fresh and len(told) > same:
        # What it told last holds no more, and nothing came instead: what it told before that holds again.
        fresh = [next(word for word in reversed(run.words) if not isinstance(word, DeadlineBreached))]
    for word in fresh:
        state = evolve(state, word)
        yield word
    judged = _judged(run, state)
    if judged != state.judged.get(judged.metric):
        yield judged


def _known(word: Word, state: Clocks) -> bool:
    return isinstance(word, DeadlineBreached) and (word.metric, word.deadline) in state.breaches


def _judged(run: Run, state: Clocks) -> ClockJudged:
    """The clock as it is now, its timer included: what was told already is not waited for again."""
    metric, deadline = run.target.metric, run.deadline(run.since)
    running = run.state == "running"
    breached = run.breached or (running and (metric, deadline) in state.breaches)
    warned = (metric, run.target.seconds[run.level]) in state.warnings
    waits = [] if breached or not running else [run.lapse()] if warned else [run.lapse(), run.warning().at]
    return ClockJudged(
        clock_id=clock_id(run.ticket_id, metric),
        ticket_id=run.ticket_id,
        metric=metric,
        policy=run.policy.name,
        calendar=run.target.calendar,
        state=run.state,
        state_since=run.since,
        level=run.level,
        target_seconds=run.target.seconds[run.level],
        started_at=run.started_at,
        counted_seconds=run.counted(run.since).total_seconds(),
        due_at=None if run.state == "paused" else deadline,
        breached=breached,
        met_at=run.since if run.state == "met" else None,
        next_at=min(waits, default=None),
    )


def status(state: Clocks) -> str:
    """Whether a clock of the ticket still waits."""
    return "open" if any(clock.state in ("running", "paused") for clock in state.judged.values()) else "done"


def clocks_under(policies: Mapping[str, Policy]) -> Decider[Command, Clocks, ClockEvent]:
    """The decider of tickets' clocks, with the policies that clocks may be under, by name."""
    return Decider(
        name="clocks",
        events=Catalogue(*get_args(ClockEvent)),
        initial=Clocks(),
        decide=partial(decide, policies),
        evolve=evolve,
        status=status,
    )


clocks = clocks_under(POLICIES)
"""The clocks of tickets, under the policies that ship with the service."""
