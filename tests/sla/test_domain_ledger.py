"""The ledger of a clock adds up, whatever happened on its ticket, and names the event and the rule of every part."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.explanations.domain.ledger import NOTHING, Account, Segment, accounts, ahead, until_of
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import decode
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import DEMO, LIBRARY
from tests.sla.test_domain_laws import BEGIN, METRICS, SETTINGS, tickets
from tests.sla.ticket import T, Ticket, fact, on

STRICT = decode(
    msgspec.json.encode(
        {
            "id": "strict",
            "title": {"en": "Every turn that a clock can take"},
            "calendars": {
                "lunch": {
                    "timezone": "Asia/Shanghai",
                    "public_holidays": "CN",
                    "weekly_hours": {
                        day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
                    },
                    "holidays": [["2026-03-05T02:00:00+00:00", "2026-03-05T07:30:00+00:00"]],
                },
                "always": {
                    "timezone": "UTC",
                    "weekly_hours": {
                        day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
                    },
                },
            },
            "targets": [
                {
                    "metric": "fix",
                    "title": {"en": "Repair"},
                    "calendar": "lunch",
                    "start": ["intake.TicketOpened"],
                    "stop": ["dispatch.RepairCompleted"],
                    "pause": ["dispatch.WorkPaused"],
                    "resume": ["dispatch.WorkResumed"],
                    "reopen": ["dispatch.RepairRejected"],
                    "cancel": ["intake.TicketCancelled"],
                    "within": {"amount": 3, "unit": "business_days"},
                    "pause_at_most": {"amount": 5, "unit": "hours"},
                    "resume_within": {"amount": 2, "unit": "hours"},
                },
                {
                    "metric": "fix",
                    "title": {"en": "Repair of what is urgent"},
                    "calendar": "always",
                    "applies_when": {"level": [1]},
                    "start": ["intake.TicketOpened"],
                    "stop": ["dispatch.RepairCompleted"],
                    "reopen": ["dispatch.RepairRejected"],
                    "reopening": "new_cycle",
                    "within": {"amount": 4, "unit": "hours"},
                },
                {
                    "metric": "visit",
                    "title": {"en": "Repair on site"},
                    "calendar": "always",
                    "applies_when": {"level": [1, 2]},
                    "start": ["dispatch.OnSiteArrived"],
                    "stop": ["dispatch.RepairCompleted"],
                    "within": {"amount": 4, "unit": "hours"},
                },
            ],
        }
    )
)
RULES = Library(policies={DEMO.name: DEMO, STRICT.name: STRICT}, policies_in_force=(STRICT.name,))
instants = st.integers(0, 30 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


def told(facts: Sequence[Fact], metric: str, at: datetime, library: Library = LIBRARY) -> Evaluation | None:
    """The clock as it is at `at`; facts that are still to come are not known."""
    known = [one for one in facts if one.happened_at <= at]
    adoption = Adoption(BEGIN, library.policies_in_force, ())
    return judge(library, Evidence(T, [adoption], known), metric, at) if known else None


def ledger(facts: Sequence[Fact], at: str, metric: str = "fix", library: Library = LIBRARY) -> list[Account]:
    run = told(facts, metric, on(at), library)
    assert run is not None
    return accounts(run, on(at))


def brief(segments: Sequence[Segment]) -> list[tuple[str, str, str, str]]:
    """Kind, hours, rule and what began it."""
    return [(s.kind, f"{s.length / timedelta(hours=1):g}", s.rule, s.turn.kind) for s in segments]


def adds_up(run: Evaluation, at: datetime) -> None:
    course, until = run.course, until_of(run, at)
    for account in accounts(run, at):
        segments = account.segments()
        assert sum((one.length for one in segments), NOTHING) == account.elapsed
        assert sum((one.counted for one in segments), NOTHING) == account.counted
        assert sum((one.length for one in segments if one.open), NOTHING) == account.working
        edges = [account.started_at, *(one.end for one in segments)]
        assert [one.start for one in segments] == edges[:-1]
        assert edges[-1] == account.until
        assert all(one.length > NOTHING for one in segments)
    assert account.until == until
    assert account.cycle == course.cycle
    assert account.started_at == course.started_at
    if run.chosen is not None:
        assert account.counted == course.counted(until)


@SETTINGS
@given(tickets(), instants)
def test_the_segments_add_up_to_the_elapsed_and_the_counted_time(facts: list[Fact], at: datetime) -> None:
    for metric in METRICS:
        run = told(facts, metric, at)
        if run is not None:
            adds_up(run, at)


@SETTINGS
@given(tickets(), instants)
def test_they_add_up_over_lunch_holidays_cycles_limits_of_pauses_and_other_targets(
    facts: list[Fact], at: datetime
) -> None:
    for metric in ("fix", "visit"):
        run = told(facts, metric, at, RULES)
        if run is not None:
            adds_up(run, at)


@SETTINGS
@given(tickets(), instants)
def test_what_lies_ahead_is_what_is_left(facts: list[Fact], at: datetime) -> None:
    run = told(facts, "fix", at, RULES)
    if run is None or run.state not in ("running", "paused"):
        return
    left = timedelta(seconds=run.target_seconds) - run.course.counted(max(at, run.since))
    assert sum((one.counted for one in ahead(run, at)), NOTHING) == max(left, NOTHING)


@SETTINGS
@given(tickets(), instants)
def test_the_ledger_says_what_the_clock_says(facts: list[Fact], at: datetime) -> None:
    ticket = Ticket()
    ticket.hear(*(one for one in facts if one.happened_at <= at))
    ticket.release(at)
    for metric, clock in ticket.state.judged.items():
        run = told(facts, metric, at)
        assert run is not None
        account = accounts(run, at)[-1]
        assert (clock.state, clock.breached, clock.cycle) == (run.state, run.breached, account.cycle)
        if clock.state != "running":
            assert account.counted.total_seconds() == clock.counted_seconds


def test_a_weekend_is_closed_and_a_pause_names_its_reason() -> None:
    facts = [
        fact("opened", "fri 16:00"),
        fact("paused", "mon+1 09:00", reason="waiting_parts"),
        fact("resumed", "mon+1 11:00"),
        fact("completed", "mon+1 12:00"),
    ]
    (account,) = ledger(facts, "tue+1 09:00")
    segments = account.segments()
    assert brief(segments) == [
        ("running", "2", "weekly_hours", "started"),
        ("closed", "6", "outside_hours", "started"),
        ("closed", "48", "no_hours", "started"),
        ("closed", "8", "outside_hours", "started"),
        ("running", "1", "weekly_hours", "started"),
        ("paused", "2", "weekly_hours", "paused"),
        ("running", "1", "weekly_hours", "resumed"),
    ]
    (pause,) = (one for one in segments if one.kind == "paused")
    assert (pause.turn.reason, pause.turn.fact) == ("waiting_parts", facts[1])
    assert (account.elapsed, account.working, account.counted) == (*(timedelta(hours=n) for n in (68, 6, 4)),)


def test_the_time_between_met_and_reopened_is_told_apart_from_pauses() -> None:
    facts = [fact("opened", "mon 09:00"), fact("completed", "mon 10:00"), fact("rejected", "mon 12:00")]
    (account,) = ledger(facts, "mon 13:00")
    assert brief(account.segments()) == [
        ("running", "1", "weekly_hours", "started"),
        ("stopped", "2", "weekly_hours", "met"),
        ("running", "1", "weekly_hours", "reopened"),
    ]


def test_every_cycle_has_a_ledger_of_its_own() -> None:
    facts = [
        fact("opened", "mon 09:00"),
        fact("classified", "mon 09:00", level=1),
        fact("completed", "mon 10:00"),
        fact("rejected", "mon 12:00"),
    ]
    first, second = ledger(facts, "mon 15:00", library=RULES)
    assert (first.cycle, first.elapsed, second.cycle, second.elapsed) == (
        1,
        timedelta(hours=1),
        2,
        timedelta(hours=3),
    )


def test_a_pause_that_was_too_long_ends_of_itself_before_any_timer_says_so() -> None:
    facts = [fact("opened", "mon 09:00"), fact("paused", "mon 09:00", reason="waiting_access")]
    (account,) = ledger(facts, "wed 09:00", library=RULES)
    resumed = account.spans[-1]
    assert (resumed.phase, resumed.turn.reason, resumed.turn.fact) == ("running", "pause_at_most", None)


def test_a_holiday_is_named() -> None:
    facts = [fact("opened", datetime(2026, 9, 30, 8, tzinfo=UTC))]
    run = told(facts, "fix", datetime(2026, 10, 9, 8, tzinfo=UTC), RULES)
    assert run is not None
    (account,) = accounts(run, datetime(2026, 10, 9, 8, tzinfo=UTC))
    holidays = {(one.rule, one.detail.split()[0]) for one in account.segments() if one.rule == "holiday"}
    assert holidays == {("holiday", "国庆节")}


def test_a_clock_met_as_it_started_has_an_empty_ledger() -> None:
    facts = [fact("opened", "mon 09:00"), fact("completed", "mon 09:00")]
    (account,) = ledger(facts, "mon 09:00", "fix")
    assert (account.segments(), account.elapsed, account.counted) == ([], NOTHING, NOTHING)


def test_neighbours_differ() -> None:
    facts = [fact("opened", "fri 16:00"), fact("paused", "sat 09:00"), fact("resumed", "sun 11:00")]
    (account,) = ledger(facts, "mon+1 09:00")
    for one, other in pairwise(account.segments()):
        assert (one.kind, one.rule, one.detail, one.turn) != (other.kind, other.rule, other.detail, other.turn)
