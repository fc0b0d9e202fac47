"""Judging costs as much as there are facts: twice the facts, twice the steps, whatever the facts are."""

import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from services.sla.calendars.domain.interval import meeting
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.explanations.domain.delay import delays, holds
from services.sla.explanations.domain.ledger import accounts
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Library
from tests.sla.rules import CHINA, EVER, days, hours, library, policy, repair
from tests.sla.ticket import T, fact, on

BEGIN = on("mon 09:00")
MINUTE = timedelta(minutes=1)
FEW, MANY = 200, 800
EVERY = {"office": CHINA | {"weekly_hours": EVER}}
CAPPED = library(policy(repair(pause_at_most=hours(1000)), calendars=EVERY))
SHORT = library(policy(repair(within=hours(1), pause_at_most=days(300)), calendars=EVERY))
LEVELS = library(policy(repair(by_level={"1": hours(1), "2": hours(3), "4": hours(2000)}, on_change="from_now")))
CYCLES = library(policy(repair(reopening="new_cycle", within=hours(1)), calendars=EVERY))
SEVERAL = library(
    *(policy(repair(within=hours(1 + n), pause_at_most=hours(9)), id=f"p{n}", calendars=EVERY) for n in range(5))
)


def turns(count: int, *names: str, **attributes: Any) -> list[Fact]:
    """So many facts by turns, a minute apart."""
    opened = fact("opened", BEGIN, 0)
    later = (fact(names[n % len(names)], BEGIN + (n + 1) * MINUTE, n + 1, **attributes) for n in range(count))
    return [opened, *later]


def levels(count: int) -> list[Fact]:
    return [
        fact("opened", BEGIN, 0),
        *(fact("classified", BEGIN + n * MINUTE, n, level=1 + n % 4) for n in range(1, count)),
    ]


def steps_of(work: Callable[[], object]) -> int:
    """Calls of functions, Python's and C's, in the work."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def verdict(rules: Library, facts: list[Fact]) -> Callable[[], object]:
    adoption = Adoption(BEGIN, rules.policies_in_force, rules.calendars_in_force)
    return lambda: judge(rules, Evidence(T, [adoption], facts), "fix")


@pytest.mark.parametrize(
    ("rules", "facts"),
    [
        (CAPPED, lambda n: turns(n, "paused", "resumed")),
        (SHORT, lambda n: turns(n, "paused", "resumed")),
        (CAPPED, lambda n: turns(n, "paused")),
        (LEVELS, levels),
        (CYCLES, lambda n: turns(n, "completed", "rejected")),
        (CAPPED, lambda n: turns(n, "completed", "rejected")),
        (SEVERAL, lambda n: turns(n, "paused", "resumed")),
    ],
    ids=["pauses", "pauses of a late clock", "one pause told often", "levels", "cycles", "reopenings", "policies"],
)
def test_four_times_the_facts_are_no_more_than_five_times_the_steps(
    rules: Library, facts: Callable[[int], list[Fact]]
) -> None:
    verdict(rules, facts(MANY))()  # the calendar is compiled once
    few, many = (steps_of(verdict(rules, facts(count))) for count in (FEW, MANY))
    assert many < 5 * few


def test_whose_time_it_was_is_worked_out_in_one_pass() -> None:
    def work(count: int) -> Callable[[], object]:
        facts = turns(count, "paused", "resumed", reason="waiting_parts")
        adoption = Adoption(BEGIN, CAPPED.policies_in_force, ())
        run = judge(CAPPED, Evidence(T, [adoption], facts), "fix")
        assert run is not None
        (account,), whose = accounts(run, BEGIN + count * MINUTE), holds(facts)
        return lambda: delays(account, whose)

    work(MANY)()
    few, many = (steps_of(work(count)) for count in (FEW, MANY))
    assert many < 5 * few


def test_closures_that_do_not_matter_cost_nothing() -> None:
    closures = [(10 * n, 10 * n + 1) for n in range(100_000)]
    assert meeting(closures, (500_000, 500_011)) == [(500_000, 500_001), (500_010, 500_011)]
    assert steps_of(lambda: meeting(closures, (500_000, 500_011))) < 10
