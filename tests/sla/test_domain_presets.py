"""Presets: each number of the plans is a clock or says why it is none, and each policy is what its plan promises."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from services.sla.policies.domain.policy import Flawed, decode
from services.sla.policies.domain.preset import PRESETS, Preset
from services.sla.policies.domain.rulebook import Library
from tests.sla.rules import days, library
from tests.sla.ticket import Ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = 3600

NUMBERED = {
    "PP-01a": "R020",
    "PP-05": "R083 R084 R085",
    "PP-06a": "R097 R099 R101 R102",
    "PP-06b": "R104",
    "PP-06c": "R098",
    "PP-07b": "R117",
    "PP-08a": "R126 R128 R131 R132 R142",
    "PP-08b": "R127 R128 R131 R132 R142",
    "PP-09a": "R151 R153",
    "PP-10": "R173 R175 R176 R183",
    "PP-11": "R190 R193 R194 R195 R197 R202",
    "PP-12a": "R212 R216 R217 R219 R220 R224",
    "PP-12b": "R212 R216 R218 R219 R220 R224",
    "PP-12c": "R224",
    "PP-12d": "R207 R208",
    "PP-15a": "R241 R242 R249 R252 R258",
    "PP-18": "R291",
    "PP-19a": "R301 R305 R307 R308",
    "PP-19c": "R311",
    "PP-20a": "R368 R370 R373 R374 R375",
    "PP-20b": "R380 R381 R382",
    "PP-20c": "R368 R389",
    "PP-20d": "R394 R395",
    "PP-20e": "R403 R404 R406 R408",
    "PP-20g": "R391",
}
"""The rows of the requirements' table of plans that have a number, with the requirements that state it.

The other rows say "at once", "regularly" or nothing: PP-01b, 01c, 04, 07a, 09b, 10x, 14, 15b, 16, 19b, 19d, 20f, 20h
and 20i.
"""

TIMED = [
    pytest.param("pp-01a", {"contact": "24 hours, always"}, marks=pytest.mark.requirement("R020")),
    pytest.param("pp-06a", {"fix": "24 hours, always"}, marks=pytest.mark.requirement("R099")),
    pytest.param("pp-08a", {"on_site": "4 hours, always"}, marks=pytest.mark.requirement("R126")),
    pytest.param("pp-08b", {"on_site": "12 hours, always"}, marks=pytest.mark.requirement("R127")),
    pytest.param(
        "pp-09a",
        {"on_site": "48 hours, always", "on_site_limit": "72 hours, always"},
        marks=pytest.mark.requirement("R151"),
    ),
    pytest.param("pp-10", {"on_site": "2 hours, always"}, marks=pytest.mark.requirement("R175", "R176")),
    pytest.param(
        "pp-11",
        {"on_site": "4 hours, always", "fix": "24 hours, always"},
        marks=pytest.mark.requirement("R194", "R195"),
    ),
    pytest.param(
        "pp-12a",
        {"on_site": "2 hours, always", "fix": "8 hours, always"},
        marks=pytest.mark.requirement("R217", "R219", "R224"),
    ),
    pytest.param(
        "pp-12b",
        {"on_site": "4 hours, always", "fix": "8 hours, always"},
        marks=pytest.mark.requirement("R218", "R219", "R224"),
    ),
    pytest.param("pp-12d", {"delivery": "3 business_days, working-days"}, marks=pytest.mark.requirement("R208")),
    pytest.param("pp-15a", {"on_site": "24 hours, always"}, marks=pytest.mark.requirement("R242")),
    pytest.param("pp-19a", {"on_site": "2 hours, always"}, marks=pytest.mark.requirement("R305")),
    pytest.param(
        "pp-20b",
        {"response": "2 hours, always", "on_site": "4 hours, always"},
        marks=pytest.mark.requirement("R380", "R381"),
    ),
    pytest.param("pp-20d", {"solution": "2 hours, always"}, marks=pytest.mark.requirement("R395")),
]
"""What the plans allow, and in which calendar it counts, by preset and metric."""

TEMPLATE = PRESETS["pp-07b"]
WORKING = [preset for preset in PRESETS.values() if preset.policy is not None and not preset.fill_in]


def rules(*ids: str) -> Library:
    return library(*(PRESETS[id].decoded() for id in ids))


def at(text: str) -> datetime:
    """Shanghai time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def opened(when: str, under: Library, kind: str = "repair", verdict: str = "in_warranty", **said: str) -> Ticket:
    ticket = Ticket(under)
    ticket.tell("opened", at(when), kind=kind, channel="phone", **said)
    ticket.tell("assessed", at(when), verdict=verdict)
    return ticket


def due(ticket: Ticket, metric: str) -> tuple[str, datetime | None]:
    """The policy that a clock follows, and its deadline."""
    clock = ticket.clock(metric)
    return clock.policy, clock.due_at


def test_every_row_with_a_number_is_a_preset_and_no_other() -> None:
    assert [preset.row for preset in PRESETS.values()] == list(NUMBERED)


@pytest.mark.parametrize("id", PRESETS)
def test_every_number_of_a_row_has_a_clock_or_a_reason_why_not(id: str) -> None:
    preset = PRESETS[id]
    targets = preset.policy["targets"] if preset.policy else []
    timed = {source for target in targets for source in target["sources"]}
    untimed = {source for number in preset.not_measured for source in number.sources}
    assert not timed & untimed
    assert sorted(timed | untimed) == NUMBERED[preset.row].split()


def test_every_preset_with_a_clock_is_in_the_table() -> None:
    assert [case.values[0] for case in TIMED] == [preset.id for preset in WORKING]


@pytest.mark.parametrize(("id", "allowed"), TIMED)
def test_the_clocks_allow_what_the_plan_allows(id: str, allowed: dict[str, str]) -> None:
    assert {
        target.metric: f"{target.within.amount:g} {target.within.unit}, {target.calendar}"
        for target in PRESETS[id].decoded().targets
        if target.within
    } == allowed


@pytest.mark.parametrize("preset", WORKING, ids=lambda preset: preset.id)
def test_a_preset_is_a_policy_of_its_own_id_in_two_languages(preset: Preset) -> None:
    policy = preset.decoded()
    assert (policy.id, policy.title, policy.version) == (preset.id, preset.title, 1)
    for title in (preset.title, *(target.title for target in policy.targets)):
        assert list(title) == ["zh-CN", "en"]


@pytest.mark.parametrize("preset", [*WORKING, TEMPLATE], ids=lambda preset: preset.id)
def test_every_target_says_what_the_source_says_and_what_is_our_own_decision(preset: Preset) -> None:
    for target in (preset.policy or {})["targets"]:
        chinese, english = target["note"].split("\n")
        first, *_ = target["sources"]
        assert first in chinese
        assert first in english
        assert "本项目的决定" in chinese
        assert "this project's own decision" in english


@pytest.mark.requirement("R117")
def test_a_number_that_the_plan_left_open_cannot_come_into_force_before_it_is_filled_in() -> None:
    with pytest.raises(Flawed) as refusal:
        TEMPLATE.decoded()
    assert [place for place, _ in refusal.value.flaws] == [blank.place for blank in TEMPLATE.fill_in]
    filled = msgspec.json.decode(msgspec.json.encode(TEMPLATE.policy))
    filled["targets"][0]["within"] = days(2, end_of_day=True)
    assert decode(msgspec.json.encode(filled)).name == "pp-07b/1"


@pytest.mark.requirement("R194", "R195")
def test_equipment_four_hours_to_the_site_and_twenty_four_to_the_solution_around_the_clock() -> None:
    ticket = opened("2026-03-06 22:00", rules("pp-11"))
    assert due(ticket, "on_site") == ("pp-11/1", at("2026-03-07 02:00"))
    assert due(ticket, "fix") == ("pp-11/1", at("2026-03-07 22:00"))
    ticket.tell("arrived", at("2026-03-07 02:30"))
    assert ticket.clock("on_site").breached
    ticket.tell("completed", at("2026-03-07 21:00"))
    assert (ticket.clock("fix").state, ticket.clock("fix").breached) == ("met", False)


def test_only_what_the_customer_makes_wait_pauses_a_repair() -> None:
    ticket = opened("2026-03-06 08:00", rules("pp-11"))
    ticket.tell("paused", at("2026-03-06 10:00"), reason="waiting_parts")
    assert ticket.clock("fix").state == "running"
    ticket.tell("resumed", at("2026-03-06 11:00"))
    ticket.tell("paused", at("2026-03-06 12:00"), reason="waiting_access")
    assert ticket.clock("fix").state == "paused"


@pytest.mark.parametrize(
    ("where", "arrival", "repair"),
    [
        pytest.param(
            {"region": "福州市"}, ("pp-12a/1", "11:00"), "pp-12a/1", marks=pytest.mark.requirement("R217", "R219")
        ),
        pytest.param(
            {"region": "长乐"}, ("pp-12b/1", "13:00"), "pp-12b/1", marks=pytest.mark.requirement("R218", "R219")
        ),
        ({}, ("pp-12b/1", "13:00"), "pp-12b/1"),
    ],
)
def test_in_the_city_two_hours_and_outside_it_four(
    where: dict[str, str], arrival: tuple[str, str], repair: str
) -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-12a", "pp-12b"), **where)
    assert due(ticket, "on_site") == (arrival[0], at(f"2026-03-06 {arrival[1]}"))
    assert due(ticket, "fix") == (repair, at("2026-03-06 17:00"))


def test_of_several_policies_on_one_ticket_the_strictest_wins_and_the_clock_names_it() -> None:
    everything = rules("pp-15a", "pp-12a", "pp-12b", "pp-10")
    outside = opened("2026-03-06 09:00", everything, region="长乐")
    assert due(outside, "on_site") == ("pp-10/1", at("2026-03-06 11:00"))
    assert due(outside, "fix") == ("pp-12b/1", at("2026-03-06 17:00"))
    without = opened("2026-03-06 09:00", rules("pp-15a", "pp-12a", "pp-12b"), region="长乐")
    assert due(without, "on_site") == ("pp-12b/1", at("2026-03-06 13:00"))


def test_out_of_warranty_a_warranty_policy_does_not_apply() -> None:
    expired = opened("2026-03-06 09:00", rules("pp-12a", "pp-06a"), verdict="expired", region="福州市")
    assert expired.state.judged == {}
    other = opened("2026-03-06 09:00", rules("pp-12a", "pp-15a"), verdict="expired", region="福州市")
    assert due(other, "on_site") == ("pp-15a/1", at("2026-03-07 09:00"))


@pytest.mark.requirement("R208")
def test_three_working_days_go_over_the_spring_festival_and_count_the_saturday_worked_for_it() -> None:
    ticket = opened("2026-02-12 10:00", rules("pp-12d"), kind="installation")
    # Thursday 12; Friday 13, Saturday 14 worked in lieu, closed from 15 to 23, Tuesday 24.
    assert due(ticket, "delivery") == ("pp-12d/1", at("2026-02-25 00:00"))
    assert opened("2026-02-12 10:00", rules("pp-12d")).state.judged == {}


@pytest.mark.requirement("R378", "R380", "R381")
def test_the_way_to_the_site_is_timed_from_the_failure_of_remote_support() -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-20b"))
    assert due(ticket, "response") == ("pp-20b/1", at("2026-03-06 11:00"))
    assert "on_site" not in ticket.state.judged
    ticket.tell("remote_started", at("2026-03-06 10:00"))
    assert ticket.clock("response").state == "met"
    ticket.tell("remote_failed", at("2026-03-06 12:00"))
    ticket.tell("authorised", at("2026-03-06 13:00"))
    assert due(ticket, "on_site") == ("pp-20b/1", at("2026-03-06 16:00"))


def test_without_remote_support_the_way_to_the_site_is_timed_from_the_authorisation() -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-20b"))
    ticket.tell("authorised", at("2026-03-06 09:30"))
    assert due(ticket, "on_site") == ("pp-20b/1", at("2026-03-06 13:30"))


@pytest.mark.requirement("R020")
def test_the_customer_is_to_be_talked_with_within_a_day_of_the_crews_assignment() -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-01a"))
    ticket.tell("cause_found", at("2026-03-06 15:00"), cause="own_workmanship")
    assert ticket.state.judged == {}
    ticket.tell("assigned", at("2026-03-07 09:00"))
    assert due(ticket, "contact") == ("pp-01a/1", at("2026-03-08 09:00"))
    ticket.tell("appointed", at("2026-03-08 08:00"))
    assert (ticket.clock("contact").state, ticket.clock("contact").breached) == ("met", False)


@pytest.mark.requirement("R020")
def test_a_call_is_talk_with_the_customer_once_they_were_reached() -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-01a"))
    ticket.tell("cause_found", at("2026-03-06 15:00"), cause="own_workmanship")
    ticket.tell("assigned", at("2026-03-07 09:00"))
    ticket.tell("rung", at("2026-03-07 10:00"), outcome="no_answer")
    assert ticket.clock("contact").state == "running"
    ticket.tell("rung", at("2026-03-07 11:00"), outcome="reached")
    assert (ticket.clock("contact").state, ticket.clock("contact").breached) == ("met", False)


@pytest.mark.requirement("R151")
def test_a_range_is_a_target_and_an_outer_limit() -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-09a"))
    ticket.tell("arrived", at("2026-03-09 08:00"))
    assert ticket.clock("on_site").breached
    assert not ticket.clock("on_site_limit").breached


@pytest.mark.parametrize("end", ["cancelled", "duplicate", "closed"])
def test_a_ticket_that_has_come_to_its_end_has_no_clock_that_waits(end: str) -> None:
    ticket = opened("2026-03-06 09:00", rules("pp-20b", "pp-11"))
    ticket.tell(end, at("2026-03-06 09:30"))
    assert {clock.state for clock in ticket.state.judged.values()} == {"cancelled"}
    assert ticket.clock("response").counted_seconds == HOUR / 2
