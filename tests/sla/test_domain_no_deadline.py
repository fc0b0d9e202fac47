"""Live judging never raises for data: what the calendar never comes to is a clock without a deadline that says why."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.contracts.sla.clocks import ClockResumed, ClockStarted, DeadlineApproaching, DeadlineMoved
from services.sla.calendars.domain.live_calendar import FROM, UNTIL
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.explanations.domain.delay import delays, holds
from services.sla.explanations.domain.ledger import accounts, ahead
from services.sla.policies.domain.fact import INSTANTS, Fact
from services.sla.policies.domain.rulebook import Library
from tests.sla.rules import CHINA, EVER, arrival, days, hours, library, policy, repair, response
from tests.sla.ticket import NAMES, T, Ticket, fact, on

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOR_GOOD = CHINA | {"holidays": [["2026-05-01T00:00:00+08:00", "9999-12-31T00:00:00+08:00"]]}
APPOINTED = [{"event": "dispatch.AppointmentConfirmed", "at": "end"}]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def closing(**changes: Any) -> Library:
    """A repair of 8 hours in a calendar that closes for good on 1 May 2026, and an arrival in one that does not."""
    two = policy(repair(**changes), arrival(calendar="open"), calendars={"office": FOR_GOOD, "open": CHINA})
    return library(two)


def test_a_calendar_that_closes_for_good_leaves_a_clock_without_a_deadline_and_the_others_as_they_are() -> None:
    ticket = Ticket(closing())
    ticket.tell("opened", at("2026-04-30 16:00"))
    clock = ticket.clock("fix")
    assert (clock.state, clock.due_at, clock.no_deadline) == ("running", None, "calendar_ends")
    assert (clock.next_at, clock.breach_at) == (None, None)
    (started,) = ticket.said(ClockStarted, "fix")
    assert isinstance(started, ClockStarted)
    assert (started.deadline, started.no_deadline) == (None, "calendar_ends")
    assert ticket.clock("on_site").due_at == at("2026-05-06 11:00")


def test_such_a_clock_pauses_goes_on_and_is_met() -> None:
    ticket = Ticket(closing())
    ticket.tell("opened", at("2026-04-30 14:00"))
    ticket.tell("paused", at("2026-04-30 15:00"))
    ticket.tell("resumed", at("2026-04-30 16:00"))
    (resumed,) = ticket.said(ClockResumed, "fix")
    assert isinstance(resumed, ClockResumed)
    assert (resumed.deadline, resumed.no_deadline) == (None, "calendar_ends")
    ticket.release(at("2100-01-01 00:00"))
    ticket.tell("completed", at("2099-01-01 00:00"))
    clock = ticket.clock("fix")
    assert (clock.state, clock.breached, clock.counted_seconds) == ("met", False, 3 * 3600)


def test_no_warning_comes_where_there_is_nothing_to_warn_of() -> None:
    ticket = Ticket(closing(within=hours(2), warn_at=0.1))
    ticket.tell("opened", at("2026-04-30 17:00"))
    ticket.release(at("2030-01-01 00:00"))
    assert ticket.said(DeadlineApproaching, "fix") == []


def test_a_target_that_fits_to_the_last_minute_has_a_deadline_and_is_never_missed() -> None:
    ticket = Ticket(closing(within=hours(2)))
    ticket.tell("opened", at("2026-04-30 16:00"))
    clock = ticket.clock("fix")
    assert (clock.due_at, clock.no_deadline, clock.breach_at) == (at("2026-04-30 18:00"), None, None)


def test_business_days_that_never_come_are_no_deadline_either() -> None:
    ticket = Ticket(closing(within=days(3)))
    ticket.tell("opened", at("2026-04-30 16:00"))
    ticket.tell("completed", at("2026-06-30 16:00"))
    clock = ticket.clock("fix")
    assert (clock.state, clock.breached, clock.due_at, clock.no_deadline) == ("met", False, None, "calendar_ends")


def test_a_pause_that_can_never_be_too_long_lasts() -> None:
    ticket = Ticket(closing(pause_at_most=hours(6)))
    ticket.tell("opened", at("2026-04-30 14:00"))
    ticket.tell("paused", at("2026-04-30 15:00"))
    assert (ticket.clock("fix").state, ticket.clock("fix").next_at) == ("paused", None)


def test_a_level_that_brings_a_deadline_says_that_there_was_none() -> None:
    ticket = Ticket(closing(by_level={"1": hours(1)}))
    ticket.tell("opened", at("2026-04-30 16:00"))
    ticket.tell("classified", at("2026-04-30 16:30"), level=1)
    (moved,) = ticket.said(DeadlineMoved, "fix")
    assert isinstance(moved, DeadlineMoved)
    assert (moved.old_deadline, moved.deadline, moved.no_deadline) == (None, at("2026-04-30 17:00"), None)
    ticket.tell("classified", at("2026-04-30 16:40"), level=2)
    again = ticket.said(DeadlineMoved, "fix")[-1]
    assert isinstance(again, DeadlineMoved)
    assert (again.deadline, again.no_deadline) == (None, "calendar_ends")


def test_the_target_that_has_a_deadline_is_the_stricter_one() -> None:
    rules = library(
        policy(repair(), id="never", calendars={"office": FOR_GOOD}),
        policy(repair(within=hours(80)), id="some-day"),
    )
    ticket = Ticket(rules)
    ticket.tell("opened", at("2026-04-30 16:00"))
    assert ticket.clock("fix").policy == "some-day/1"


@pytest.mark.parametrize("year", [1, 1500, 2426, 9999])
def test_an_appointment_centuries_off_is_a_clock_with_its_reason(year: int) -> None:
    ticket = Ticket(library(policy(arrival(start=APPOINTED), response())))
    ticket.tell("opened", "mon 09:00")
    ticket.tell("appointed", "mon 10:00", end=datetime(year, 3, 3, 12, tzinfo=UTC).isoformat())
    ticket.tell("arrived", "mon 11:00")
    clock = ticket.clock("on_site")
    assert (clock.state, clock.started_at.year) == ("met", year)
    assert clock.no_deadline == ("out_of_range" if year > UNTIL.year else None)
    assert ticket.clock("response").due_at == at("2026-03-02 18:00")


def test_a_target_of_many_years_around_the_clock_is_more_seconds_than_four_bytes_hold() -> None:
    ever = CHINA | {"weekly_hours": EVER, "public_holidays": None}
    ticket = Ticket(library(policy(repair(within=hours(700_000)), calendars={"office": ever})))
    ticket.tell("opened", "mon 09:00")
    assert ticket.clock("fix").target_seconds == 700_000 * 3600
    assert ticket.clock("fix").due_at == on("mon 09:00") + timedelta(hours=700_000)


def test_the_close_of_a_day_is_that_close_whatever_fraction_of_a_second_the_ticket_came_at() -> None:
    ticket = Ticket(library(policy(repair(within=days(1, end_of_day=True)))))
    ticket.tell("opened", at("2026-03-02 10:00:00.400"))
    assert ticket.clock("fix").due_at == at("2026-03-03 18:00")


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
EDGES = [FIRST, LAST, FROM, UNTIL, datetime(2026, 4, 30, tzinfo=UTC)]
wall = st.sampled_from(EDGES) | st.datetimes() | st.datetimes(datetime(2026, 4, 1), datetime(2026, 6, 1))  # noqa: DTZ001
moments = st.builds(lambda wall, zone: wall.replace(tzinfo=zone), wall, offsets)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "level": st.integers(-(2**63), 2**63) | st.integers(1, 4) | st.none(),
        "verdict": st.sampled_from(["in_warranty", "expired"]),
        "reason": st.sampled_from(["waiting_customer", "waiting_parts"]) | st.text(max_size=5),
        "timezone": st.sampled_from(["Asia/Shanghai", "Pacific/Apia", "America/New_York"]) | st.text(max_size=5),
        **dict.fromkeys(INSTANTS, moments.map(datetime.isoformat)),
    },
)


@st.composite
def stories(draw: st.DrawFn) -> list[Fact]:
    told = draw(st.lists(st.tuples(st.sampled_from(sorted(NAMES)), moments, attributes), max_size=8))
    first = draw(moments)
    return [fact("opened", first, 0), *(fact(name, when, n, **more) for n, (name, when, more) in enumerate(told, 1))]


SITE = {"timezone": "Asia/Shanghai", "weekly_hours": EVER}
TELLS = {"zone_from": {"event": "intake.TicketOpened", "field": "timezone"}}
WILD = library(
    policy(
        repair(pause_at_most=days(2), resume_within=days(1), by_level={"1": hours(3), "4": days(30)}),
        arrival(start=APPOINTED, within=days(1), count_from="day_of_receipt"),
        response(within=days(2, end_of_day=True), on_change="from_now", by_level={"2": hours(1)}),
        id="office",
        calendars={"office": FOR_GOOD | TELLS},
    ),
    policy(
        repair(pause_at_most=hours(1), reopening="new_cycle", on_change="keep_share", by_level={"2": hours(300)}),
        arrival(start=["dispatch.AppointmentConfirmed"], within=hours(600_000)),
        id="site",
        calendars={"office": SITE | TELLS},
    ),
)


@settings(max_examples=50, deadline=None)
@given(stories(), st.lists(moments, max_size=2))
def test_no_fact_however_extreme_raises(facts: list[Fact], releases: list[datetime]) -> None:
    ticket = Ticket(WILD)
    for one in facts:
        ticket.hear(one)
    for clock in ticket.state.judged.values():
        assert (clock.due_at is None) == (clock.no_deadline is not None or clock.state == "paused")
    for until in releases:
        fired = [clock for clock in ticket.state.judged.values() if clock.next_at and clock.next_at <= until]
        for clock in fired:
            ticket.fire(clock.metric, clock.next_at or until)
    ticket.adopt(on("fri 09:00"))
    for metric in ("fix", "on_site", "response"):
        adoption = Adoption(on("mon 00:00"), WILD.policies_in_force, WILD.calendars_in_force)
        run = judge(WILD, Evidence(T, [adoption], facts), metric, on("mon 00:00"))
        if run is not None:
            _reckon(run, facts)


def _reckon(run: Any, facts: list[Fact]) -> None:
    """What a clock's explanation asks adds up, also where no calendar counts. Ages are too long to list."""
    for account in accounts(run, on("sun 00:00")):
        shares = delays(account, holds(facts)).values()
        assert sum((share.elapsed for share in shares), timedelta()) == account.elapsed
        assert sum((share.counted for share in shares), timedelta()) == account.counted
        if account.elapsed < timedelta(days=400):
            assert sum((one.counted for one in account.segments()), timedelta()) == account.counted
    deadline = run.deadline(run.since)
    if deadline is not None and deadline - run.since < timedelta(days=400):
        ahead(run, run.since)


def test_an_explanation_reaches_over_time_that_no_calendar_counts() -> None:
    ticket = Ticket(library(policy(arrival(start=APPOINTED))))
    ticket.tell("appointed", "mon 10:00", end="9998-01-01T00:00:00+00:00")
    adoption = Adoption(on("mon 00:00"), ticket.rules.policies_in_force, ())
    run = judge(ticket.rules, Evidence(T, [adoption], ticket.state.facts), "on_site")
    assert run is not None
    (account,) = accounts(run, datetime(9999, 1, 1, tzinfo=UTC))
    assert [(one.rule, one.kind, one.counted) for one in account.segments()] == [
        ("out_of_range", "closed", timedelta())
    ]


def test_a_zone_and_a_date_at_the_edges_of_the_calendar_are_worked_out() -> None:
    opened = [{"date": day, "hours": [["00:00", "24:00"]]} for day in ("0001-01-01", "9999-12-31")]
    edges = CHINA | {
        "extra_working": opened,
        "holidays": ["0001-01-02", "9999-12-30"],
        "timezone": "Pacific/Kiritimati",
    }
    ticket = Ticket(library(policy(repair(), calendars={"office": edges})))
    ticket.tell("opened", datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
    ticket.tell("completed", datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))))
    assert isinstance(ticket.clock("fix"), ClockJudged)
    assert ticket.clock("fix").breached
    assert ticket.clock("fix").state_since.date() == date(9999, 12, 31)
