"""What holds for every ticket, whatever happens on it and in whatever order it is heard."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.contracts.sla.clocks import (
    BreachWithdrawn,
    ClockMet,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
)
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.clocks import clocks
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import LIBRARY
from tests.sla.rules import CHINA, EVER, arrival, days, hours, library, policy, repair, response
from tests.sla.ticket import NAMES, T, Ticket, fact, on

BEGIN = on("mon 00:00")
END = BEGIN + timedelta(days=60)
METRICS = ("response", "on_site", "fix")
SETTINGS = settings(max_examples=60, deadline=None)

REASONS = ("waiting_customer", "waiting_parts")
PATIENT = [{"event": "dispatch.WorkPaused", "where": {"reason": ["waiting_customer"]}}]
LEVELS = {"by_level": {"1": hours(3), "2": hours(6), "4": hours(30)}}
RICH = library(
    policy(
        response(within=hours(1), cancel=["intake.TicketCancelled"]),
        repair(pause=PATIENT, pause_at_most=hours(6), resume_within=days(1), **LEVELS),
        id="gold",
        applies_when={"warranty": ["in_warranty"]},
    ),
    policy(
        repair(within=days(2), reopening="new_cycle", on_change="keep_share"),
        arrival(start=["triage.RemoteSupportFailed"], cancel=["intake.TicketCancelled"]),
        response(within=hours(6), on_change="from_now", applies_when={"level": {"not": [4]}}),
        id="base",
        calendars={"office": CHINA | {"weekly_hours": EVER, "public_holidays": None}},
    ),
    policy(repair(within=days(1, end_of_day=True)), id="shop", calendars={"office": "shop"}),
    shop__1=CHINA,
)
"""Two to three policies that cover the same metrics, with everything that a target can say."""

later = st.sampled_from([name for name in NAMES if name != "opened"])
rules = st.sampled_from([LIBRARY, RICH])
minutes = st.integers(0, 14 * 24 * 12).map(lambda fives: timedelta(minutes=5 * fives))
TOLD: dict[str, dict[str, st.SearchStrategy[str | int]]] = {
    "classified": {"level": st.integers(1, 4)},
    "paused": {"reason": st.sampled_from(REASONS)},
    "assessed": {"verdict": st.sampled_from(["in_warranty", "expired"])},
    "reassessed": {"verdict": st.sampled_from(["in_warranty", "expired"])},
}


@st.composite
def tickets(draw: st.DrawFn) -> list[Fact]:
    """The facts of one ticket over two weeks, the opening first, in order of their services' news."""
    happenings = sorted(draw(st.lists(st.tuples(minutes, later), max_size=8)))
    facts = [fact("opened", BEGIN + draw(minutes) / 4, seq=0)]
    for seq, (after, name) in enumerate(happenings, 1):
        attributes = {key: draw(values) for key, values in TOLD.get(name, {}).items()}
        facts.append(fact(name, BEGIN + after, seq=seq, **attributes))
    return facts


def verdicts(ticket: Ticket) -> dict[str, ClockJudged]:
    """As computed now. What was told as things were known then depends on what was known then.

    So does whether a clock that was never needed was started for a while.
    """
    return {
        metric: msgspec.structs.replace(clock, breached_then=False)
        for metric, clock in ticket.state.judged.items()
        if clock.state_since > clock.started_at or clock.state != "cancelled"
    }


def heard(facts: list[Fact], rules: Library = LIBRARY) -> Ticket:
    ticket = Ticket(rules)
    ticket.hear(*facts)
    return ticket


@SETTINGS
@given(tickets(), rules, st.data())
def test_no_order_of_arrival_changes_a_verdict(facts: list[Fact], rules: Library, data: st.DataObject) -> None:
    assert verdicts(heard(data.draw(st.permutations(facts)), rules)) == verdicts(heard(facts, rules))


def test_a_cancelled_clock_that_was_never_needed_ends_when_it_started() -> None:
    classified = fact("classified", BEGIN, seq=1, level=4)
    opened = fact("opened", BEGIN + timedelta(minutes=1), seq=0)
    cancelled = fact("cancelled", BEGIN + timedelta(minutes=5), seq=2)
    assert verdicts(heard([opened, cancelled], RICH))["response"].state == "cancelled"
    late, in_order = heard([opened, cancelled, classified], RICH), heard([opened, classified, cancelled], RICH)
    assert "response" not in verdicts(late)
    assert verdicts(late) == verdicts(in_order)


@SETTINGS
@given(tickets(), rules, st.data())
def test_timers_in_between_change_no_verdict(facts: list[Fact], rules: Library, data: st.DataObject) -> None:
    hasty, calm = Ticket(rules), heard(facts, rules)
    for one in data.draw(st.permutations(facts)):
        hasty.hear(one)
        hasty.release(data.draw(st.sampled_from([BEGIN, BEGIN + timedelta(days=3), BEGIN + timedelta(days=9), END])))
    hasty.release(END)
    calm.release(END)
    assert verdicts(hasty) == verdicts(calm)


@SETTINGS
@given(tickets(), rules, st.sampled_from([timedelta(minutes=5), timedelta(minutes=60), timedelta(days=1)]))
def test_the_width_of_the_windows_changes_no_verdict(facts: list[Fact], rules: Library, width: timedelta) -> None:
    played = Ticket(rules)
    waiting = sorted(facts, key=lambda one: one.order)
    edge = BEGIN
    while waiting:
        edge = max(edge + width, edge + (waiting[0].happened_at - edge) // width * width)
        while waiting and waiting[0].happened_at <= edge:
            played.hear(waiting.pop(0))
        played.release(edge)
    played.release(END)
    calm = heard(facts, rules)
    calm.release(END)
    assert verdicts(played) == verdicts(calm)


@SETTINGS
@given(tickets(), rules, st.data())
def test_hearing_everything_again_changes_nothing(facts: list[Fact], rules: Library, data: st.DataObject) -> None:
    ticket = heard(facts, rules)
    ticket.release(END)
    told = len(ticket.history)
    ticket.hear(*data.draw(st.permutations(facts)))
    ticket.release(END)
    assert len(ticket.history) == told


@SETTINGS
@given(tickets(), rules, st.data())
def test_each_deadline_is_told_once(facts: list[Fact], rules: Library, data: st.DataObject) -> None:
    ticket = Ticket(rules)
    for one in data.draw(st.permutations(facts)):
        ticket.hear(one)
        ticket.release(data.draw(st.sampled_from([BEGIN, END])))
    ticket.release(END)
    warned = [(event.metric, event.deadline) for event in ticket.history if isinstance(event, DeadlineApproaching)]
    assert len(warned) == len(set(warned))
    emitted: set[tuple[str, datetime]] = set()
    for event in ticket.history:
        if isinstance(event, DeadlineBreached):
            assert (event.metric, event.deadline) not in emitted
            emitted.add((event.metric, event.deadline))
        if isinstance(event, BreachWithdrawn):
            emitted.remove((event.metric, event.deadline))
    assert {metric for metric, _ in emitted} == {clock.metric for clock in verdicts(ticket).values() if clock.breached}


@SETTINGS
@given(tickets(), rules)
def test_what_is_counted_is_the_sum_of_the_running_segments(facts: list[Fact], rules: Library) -> None:
    for metric in METRICS:
        run = judge(
            rules, Evidence(T, [Adoption(BEGIN, rules.policies_in_force, rules.calendars_in_force)], facts), metric
        )
        if run is None:
            continue
        counted, since = timedelta(), run.course.started_at
        for turn in run.course.turns:
            if turn.kind == "started":
                counted, since = timedelta(), turn.at
            elif turn.kind in ("resumed", "reopened"):
                since = turn.at
            elif turn.counted > counted or turn.at == since:
                counted += run.course.calendar.elapsed(since, turn.at)
            assert turn.counted == counted
        limit: float = 0
        for word in run.notices:
            if isinstance(word, ClockStarted | DeadlineMoved):
                limit = word.target_seconds  # of then: after a rejection it may become another
            if isinstance(word, ClockMet):
                assert word.late == (word.counted_seconds > limit)


@SETTINGS
@given(tickets(), minutes, minutes)
def test_a_pause_never_brings_a_deadline_nearer(facts: list[Fact], one: timedelta, other: timedelta) -> None:
    calm = [one for one in facts if one.type not in (NAMES["paused"], NAMES["resumed"])]
    begin, end = BEGIN + min(one, other), BEGIN + max(one, other)
    paused = [*calm, fact("paused", begin, seq=500), fact("resumed", end, seq=501)]
    before, after = (heard(told).clock("fix") for told in (calm, paused))
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at >= before.due_at
    assert after.counted_seconds <= before.counted_seconds or after.state == before.state == "running"


@SETTINGS
@given(tickets(), rules)
def test_history_reads_back_as_it_was_written(facts: list[Fact], rules: Library) -> None:
    ticket = heard(facts, rules)
    ticket.release(END)
    read = [
        clocks.events.decode(event.type_name, event.version, msgspec.json.encode(event)) for event in ticket.history
    ]
    assert clocks.fold(read) == ticket.state  # type: ignore[arg-type]  # the catalogue is of these events


@SETTINGS
@given(tickets(), rules)
def test_late_is_counted_more_than_the_target(facts: list[Fact], rules: Library) -> None:
    ticket = heard(facts, rules)
    ticket.release(END)
    for clock in verdicts(ticket).values():
        if clock.state in ("met", "paused"):
            assert clock.breached == (clock.counted_seconds > clock.target_seconds)


def test_the_laws_are_about_tickets_that_breach_and_pause() -> None:
    at: datetime = BEGIN + timedelta(hours=9)
    ticket = heard([fact("opened", at), fact("paused", at + timedelta(hours=1))])
    ticket.release(END)
    assert {clock.state for clock in verdicts(ticket).values()} == {"running", "paused"}
    assert ticket.clock("response").breached
