"""The clocks of one ticket: one stream a ticket, for every clock is a function of the facts heard about that ticket.

A fact is added once, whatever order facts arrive in. Then every clock that it can change is judged anew (judge.py),
what was not told yet is told, and `sla.ClockJudged` keeps what is known now. A breach or a warning is told once for a
deadline. When a late fact changes what was told, the clock tells its news again from there, and withdraws a breach
that was none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Event, event
from libs.events.contracts.sla.clocks import ClockResumed, DeadlineApproaching, DeadlineBreached
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.emit import Emitted, changes_to_emit, judged, never_needed
from services.sla.clocks.domain.evidence import Adoption, Evidence, Rulings, counted, counts
from services.sla.clocks.domain.judge import judge, listens
from services.sla.clocks.domain.notices import ClockNotice, Why
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Library, Names
from services.sla.policies.domain.shipped import LIBRARY


@event("sla.FactHeard")
class FactHeard(Event, frozen=True, kw_only=True):
    """Another service told something about the ticket."""

    ticket_id: str
    fact: Fact


@event("sla.EvidenceRuled")
class EvidenceRuled(Event, frozen=True, kw_only=True):
    """Somebody decided whether verdicts may rest on the late event `evidence_id`, by the event `ruling_id`."""

    ticket_id: str
    evidence_id: str
    accepted: bool
    ruling_id: str


@event("sla.RulesAdopted")
class RulesAdopted(Event, frozen=True, kw_only=True):
    """The policies and calendars that the ticket's clocks go by from `at` on; the first ones hold from the beginning.

    `by` is who had the clocks worked out anew by other rules, empty for the first ones.
    """

    ticket_id: str
    policies: Names
    calendars: Names
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class HearFact:
    """What another service told. A ticket that has no rules yet gets those that are in force."""

    ticket_id: str
    fact: Fact


@dataclass(frozen=True)
class RuleEvidence:
    """What another service decided about late evidence of its own."""

    ticket_id: str
    evidence_id: str
    accepted: bool
    ruling_id: str


@dataclass(frozen=True)
class AdoptRules:
    """Have the open clocks worked out anew by the rules that are in force now (ADR 19.9)."""

    by: str


@dataclass(frozen=True)
class FireDue:
    """A clock's timer fell due."""

    clock_id: str
    due_at: datetime


Command = HearFact | RuleEvidence | AdoptRules | FireDue
AnyNotice = ClockNotice | DeadlineApproaching
ClockEvent = FactHeard | EvidenceRuled | RulesAdopted | ClockJudged | AnyNotice


@dataclass(frozen=True)
class Clocks:
    """The rules, the facts, what each clock is by them, and what was told of each metric."""

    ticket_id: str = ""
    adoptions: tuple[Adoption, ...] = ()
    facts: tuple[Fact, ...] = ()
    rulings: Rulings = field(default_factory=dict)
    judged: Mapping[str, ClockJudged] = field(default_factory=dict)
    emitted: Mapping[str, Emitted] = field(default_factory=dict)

    def of(self, metric: str) -> Emitted:
        """What was told of one metric."""
        return self.emitted.get(metric, Emitted())

    @property
    def evidence(self) -> Evidence:
        """What verdicts rest on."""
        return Evidence(self.ticket_id, self.adoptions, self.counted)

    @property
    def counted(self) -> list[Fact]:
        """The facts that verdicts rest on."""
        return counted(self.facts, self.rulings)


def evolve(state: Clocks, event: ClockEvent) -> Clocks:
    match event:
        case FactHeard():
            return replace(state, ticket_id=event.ticket_id, facts=(*state.facts, event.fact))
        case EvidenceRuled():
            rulings = {**state.rulings, event.evidence_id: event.accepted}
            return replace(state, ticket_id=event.ticket_id, rulings=rulings)
        case RulesAdopted():
            adoption = Adoption(event.at, tuple(event.policies), tuple(event.calendars), event.by)
            return replace(state, ticket_id=event.ticket_id, adoptions=(*state.adoptions, adoption))
        case ClockJudged():
            return replace(state, judged={**state.judged, event.metric: event})
        case _:
            told = state.of(event.metric).hear(event, state.judged.get(event.metric))
            return replace(state, emitted={**state.emitted, event.metric: told})


def decide(library: Library, command: Command, state: Clocks, at: datetime) -> Sequence[ClockEvent]:
    """The news of a fact, of other rules or of a timer; none when it is known or does not hold any more."""
    match command:
        case HearFact():
            return _heard(library, command, state, at)
        case RuleEvidence():
            return _ruled(library, command, state)
        case AdoptRules():
            return _adopted(library, command, state, at)
        case FireDue():
            return _due(library, command, state)
        case _:
            assert_never(command)


def _heard(library: Library, command: HearFact, before: Clocks, at: datetime) -> Sequence[ClockEvent]:
    if any(fact.id == command.fact.id for fact in before.facts):
        return []
    told: list[ClockEvent] = []
    if not before.adoptions:
        told.append(_in_force(library, command.ticket_id, at))
        before = evolve(before, told[0])
    told.append(FactHeard(ticket_id=command.ticket_id, fact=command.fact))
    after, type = evolve(before, told[-1]), command.fact.type
    if not counts(command.fact, after.rulings):
        return told
    touched = [m for m in _metrics(library, after) if type in listens(library, after.adoptions, m)]
    return [*told, *_changes(library, touched, before, after, Why(type, command.fact.id))]


def _ruled(library: Library, command: RuleEvidence, before: Clocks) -> Sequence[ClockEvent]:
    if command.evidence_id in before.rulings:
        return []
    ruled = EvidenceRuled(
        ticket_id=command.ticket_id,
        evidence_id=command.evidence_id,
        accepted=command.accepted,
        ruling_id=command.ruling_id,
    )
    after = evolve(before, ruled)
    freed = {fact.type for fact in before.facts if counts(fact, after.rulings) and not counts(fact, before.rulings)}
    touched = [m for m in _metrics(library, after) if freed & listens(library, after.adoptions, m)]
    return [ruled, *_changes(library, touched, before, after, Why("evidence accepted", command.ruling_id))]


def _adopted(library: Library, command: AdoptRules, before: Clocks, at: datetime) -> Sequence[ClockEvent]:
    if not before.adoptions or (before.judged and status(before) == "done"):
        return []
    adopted, former = _in_force(library, before.ticket_id, at, command.by), before.adoptions[-1]
    if (former.policies, former.calendars) == (adopted.policies, adopted.calendars):
        return []
    why = Why(f"policies {', '.join(adopted.policies)}", command.by)
    after = evolve(before, adopted)
    return [adopted, *_changes(library, _metrics(library, after), before, after, why)]


def _due(library: Library, command: FireDue, state: Clocks) -> Sequence[ClockEvent]:
    clock = next((clock for clock in state.judged.values() if clock.clock_id == command.clock_id), None)
    if clock is None or clock.next_at is None or clock.next_at > command.due_at:
        return []
    metric, emitted = clock.metric, state.of(clock.metric)
    told = _notices(library, state, metric)
    released = max(emitted.released or command.due_at, command.due_at)
    run = judge(library, state.evidence, metric, released)
    assert run is not None  # it was judged before, and facts are only added
    said = list(changes_to_emit(run, told, emitted, clock, Why("", "")))
    near, deadline = run.warning(), run.deadline(run.since)
    spoke = any(isinstance(notice, DeadlineBreached | ClockResumed) for notice in said)
    if spoke or near is None or deadline is None or near > command.due_at:
        return said  # it spoke, or holidays that a release brought leave it more time than it thought
    warning = run.speaker.approaching(near, deadline)
    return [warning, judged(run, emitted.hear(warning, clock))]


def _in_force(library: Library, ticket_id: str, at: datetime, by: str = "") -> RulesAdopted:
    return RulesAdopted(
        ticket_id=ticket_id,
        policies=library.policies_in_force,
        calendars=library.calendars_in_force,
        at=at,
        by=by,
    )


def _changes(library: Library, metrics: Iterable[str], before: Clocks, after: Clocks, why: Why) -> list[ClockEvent]:
    """What the clocks of these metrics have to tell after one more fact or other rules."""
    told: list[ClockEvent] = []
    for metric in metrics:
        emitted = after.of(metric)
        run, known = judge(library, after.evidence, metric, emitted.released), after.judged.get(metric)
        if run is not None:
            told.extend(changes_to_emit(run, _notices(library, before, metric), emitted, known, why))
        elif known is not None and (known.state != "cancelled" or known.state_since > known.started_at):
            told.extend(never_needed(known, emitted, after.ticket_id, why))
    return told


def _notices(library: Library, state: Clocks, metric: str) -> Sequence[ClockNotice]:
    run = judge(library, state.evidence, metric, state.of(metric).released) if state.adoptions else None
    return run.notices if run else []


def _metrics(library: Library, state: Clocks) -> Iterator[str]:
    """The metrics of all rules that the ticket ever went by, each once."""
    books = [library.rulebook(adoption.policies, adoption.calendars) for adoption in state.adoptions]
    yield from dict.fromkeys(metric for book in books for metric in book.metrics)


def status(state: Clocks) -> str:
    """Whether a clock of the ticket still waits."""
    return "open" if any(clock.state in ("running", "paused") for clock in state.judged.values()) else "done"


def clocks_under(library: Library) -> Decider[Command, Clocks, ClockEvent]:
    """The decider of tickets' clocks, with the library of rules that they go by."""
    return Decider(
        name="clocks",
        events=Catalogue(*get_args(ClockEvent)),
        initial=Clocks(),
        decide=partial(decide, library),
        evolve=evolve,
        status=status,
    )


clocks = clocks_under(LIBRARY)
"""The clocks of tickets, under the rules that ship with the service and those that were published since."""
