"""A ticket's clocks, told as stories. Monday to Friday 08–18 in Stockholm; level 3 until the fault is classified."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from libs.events import Event
from libs.events.contracts.sla.clocks import (
    ClockCancelled,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
)
from services.sla.clocks.domain.clock import ClockJudged, clock_id
from services.sla.clocks.domain.clocks import FactHeard, HearFact, RulesAdopted, clocks
from services.sla.policies.domain.fact import Fact
from tests.sla.ticket import T, Ticket, fact, on
from tests.spec import MONDAY, Given

HOUR = 3600


def opened(when: str = "mon 09:00") -> Ticket:
    ticket = Ticket()
    ticket.tell("opened", when)
    return ticket


def test_an_opened_ticket_starts_every_clock_with_the_targets_of_level_3() -> None:
    first = fact("opened", "mon 09:00")
    events = Given(clocks).when(HearFact(ticket_id=T, fact=first))
    assert events[:2] == [
        RulesAdopted(ticket_id=T, policies=("demo/1",), calendars=(), at=MONDAY),
        FactHeard(ticket_id=T, fact=first),
    ]
    started = {event.metric: event for event in events if isinstance(event, ClockStarted)}
    assert started["response"].deadline == on("mon 13:00")
    assert started["on_site"].deadline == on("tue 15:00")
    assert started["fix"].deadline == on("fri 09:00")
    assert started["fix"].at == on("mon 09:00")
    assert started["fix"].clock_id == clock_id(T, "fix")
    assert [type(event) for event in events].count(ClockJudged) == 3


def test_a_known_fact_says_nothing() -> None:
    ticket, first = Ticket(), fact("opened", "mon 09:00")
    assert ticket.hear(first)
    assert ticket.hear(first) == []


def test_facts_before_the_opening_are_kept_and_judged_once_the_start_is_known() -> None:
    ticket = Ticket()
    assert [type(event) for event in ticket.tell("arrived", "mon 11:00")] == [RulesAdopted, FactHeard]
    ticket.tell("opened", "mon 09:00")
    arrival = ticket.clock("on_site")
    assert (arrival.state, arrival.counted_seconds, arrival.breached) == ("met", 2 * HOUR, False)


def test_what_happened_before_the_start_counts_as_happening_then() -> None:
    ticket = Ticket()
    ticket.tell("paused", "mon 08:00", reason="waiting_customer")
    ticket.tell("opened", "mon 09:00")
    assert ticket.clock("fix").state == "paused"
    ticket.tell("resumed", "mon 10:00")
    ticket.tell("completed", "mon 11:00")
    assert ticket.clock("fix").counted_seconds == HOUR


def test_remote_support_answers_the_customer() -> None:
    ticket = opened()
    events = ticket.tell("remote_started", "mon 10:00")
    assert [event for event in events if isinstance(event, ClockMet)] == ticket.said(ClockMet, "response")
    assert ticket.clock("response").met_at == on("mon 10:00")


@pytest.mark.requirement("R398")
def test_the_level_moves_the_deadline_from_the_original_start_and_says_why() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 10:00", level=1)
    (moved,) = ticket.said(DeadlineMoved, "on_site")
    assert isinstance(moved, DeadlineMoved)
    assert (moved.old_deadline, moved.deadline) == (on("tue 15:00"), on("mon 13:00"))
    assert (moved.target_seconds, moved.because) == (4 * HOUR, "level 1")


def test_what_classifies_the_fault_sets_the_target_before_it_answers() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 10:00", level=1)
    response = ticket.clock("response")
    assert (response.state, response.level, response.target_seconds) == ("met", 1, HOUR / 2)
    assert response.breached
    assert [type(event) for event in ticket.history if getattr(event, "metric", "") == "response"][-4:] == [
        DeadlineMoved,
        DeadlineBreached,
        ClockMet,
        ClockJudged,
    ]


def test_a_level_that_the_policy_does_not_know_changes_nothing() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 10:00", level=9)
    assert ticket.said(DeadlineMoved, "fix") == []


def test_a_met_clock_is_not_reopened_by_a_change() -> None:
    ticket = opened()
    ticket.tell("arrived", "mon 14:00")
    ticket.tell("classified", "mon 15:00", level=1)
    arrival = ticket.clock("on_site")
    assert (arrival.level, arrival.breached, arrival.state) == (3, False, "met")


def test_only_the_repair_pauses() -> None:
    ticket = opened()
    ticket.tell("paused", "mon 10:00", reason="waiting_parts")
    (paused,) = ticket.said(ClockPaused, "fix")
    assert isinstance(paused, ClockPaused)
    assert (paused.reason, paused.counted_seconds) == ("waiting_parts", HOUR)
    assert ticket.clock("fix").due_at is None
    assert {ticket.clock(metric).state for metric in ("response", "on_site")} == {"running"}


def test_a_pause_moves_the_deadline_by_its_working_time() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 09:00", level=1)
    ticket.tell("paused", "mon 16:00")
    ticket.tell("resumed", "tue 09:00")
    (resumed,) = ticket.said(ClockResumed, "fix")
    assert isinstance(resumed, ClockResumed)
    assert resumed.deadline == on("tue 10:00")


def test_half_and_three_quarters_are_told_in_working_time_with_what_starts_moves_and_resumes_a_clock() -> None:
    ticket = opened()
    (started,) = ticket.said(ClockStarted, "on_site")
    ticket.tell("classified", "mon 09:00", level=1)
    (moved,) = ticket.said(DeadlineMoved, "fix")
    ticket.tell("paused", "mon 16:00")
    ticket.tell("resumed", "tue 09:00")
    (resumed,) = ticket.said(ClockResumed, "fix")
    assert [ahead(event) for event in (started, moved, resumed)] == [
        [on("mon 17:00"), on("tue 11:00"), on("tue 15:00")],
        [on("mon 13:00"), on("mon 15:00"), on("mon 17:00")],
        [on("mon 13:00"), on("mon 15:00"), on("tue 10:00")],
    ]


def ahead(event: Event) -> list[datetime]:
    assert isinstance(event, ClockStarted | ClockResumed | DeadlineMoved)
    return [at for at in (event.soon_at, event.urgent_at, event.deadline) if at is not None]


def test_a_paused_clock_cannot_breach() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 09:00", level=1)
    ticket.tell("paused", "mon 16:00")
    assert ticket.fire("fix", "mon 17:00") == []
    assert ticket.clock("fix").next_at is None


def test_a_rejected_repair_sets_the_clock_going_again_and_the_wait_was_a_pause() -> None:
    ticket = opened()
    ticket.tell("completed", "mon 12:00")
    ticket.tell("rejected", "wed 12:00")
    assert ticket.clock("fix").state == "running"
    ticket.tell("completed", "wed 13:00")
    assert ticket.clock("fix").counted_seconds == 4 * HOUR


def test_a_level_told_while_the_repair_was_done_holds_when_it_is_reopened() -> None:
    ticket = opened()
    ticket.tell("completed", "mon 12:00")
    ticket.tell("classified", "mon 13:00", level=1)
    assert ticket.clock("fix").level == 3
    ticket.tell("rejected", "mon 14:00")
    assert ticket.clock("fix").due_at == on("tue 09:00")


def test_help_from_afar_repairs_and_makes_the_visit_needless() -> None:
    ticket = opened()
    ticket.tell("remote_succeeded", "mon 10:00")
    assert ticket.clock("fix").state == "met"
    assert ticket.clock("on_site").state == "cancelled"
    assert len(ticket.said(ClockCancelled, "on_site")) == 1


def test_cancelling_ends_open_clocks_only_and_for_good() -> None:
    ticket = opened()
    ticket.tell("arrived", "mon 10:00")
    ticket.tell("completed", "mon 11:00")
    ticket.tell("cancelled", "mon 12:00")
    assert [ticket.clock(metric).state for metric in ("response", "on_site", "fix")] == ["cancelled", "met", "met"]
    ticket.tell("rejected", "mon 13:00")
    assert ticket.clock("fix").state == "met"


def test_a_cancellation_heard_late_takes_back_a_reopening() -> None:
    ticket = opened()
    ticket.tell("completed", "mon 11:00")
    ticket.tell("rejected", "mon 13:00")
    events = ticket.tell("cancelled", "mon 12:00")
    assert [event.at for event in events if isinstance(event, ClockMet) and event.metric == "fix"] == [on("mon 11:00")]
    assert ticket.clock("fix").state == "met"


def test_a_merge_that_is_taken_back_lets_the_clocks_go_on_and_the_time_between_is_a_pause() -> None:
    ticket = opened()
    ticket.tell("paused", "mon 10:00", reason="waiting_customer")
    ticket.tell("merged", "mon 11:00")
    assert {ticket.clock(metric).state for metric in ("response", "on_site", "fix")} == {"cancelled"}
    ticket.tell("unmerged", "mon 12:00")
    assert [ticket.clock(metric).state for metric in ("response", "fix")] == ["running", "paused"]
    assert ticket.clock("response").due_at == on("mon 14:00")
    ticket.tell("resumed", "mon 13:00")
    assert (ticket.clock("fix").state, ticket.clock("fix").counted_seconds) == ("running", HOUR)


@pytest.mark.parametrize("resumed", ["mon 11:30", "mon 12:00"])
def test_work_that_goes_on_while_the_ticket_counts_as_merged_leaves_no_clock_waiting(resumed: str) -> None:
    ticket = opened()
    ticket.tell("paused", "mon 10:00", reason="waiting_customer")
    ticket.tell("merged", "mon 11:00")
    ticket.hear(fact("unmerged", "mon 12:00", seq=2), fact("resumed", resumed, seq=501))
    assert ticket.clock("fix").state == "running"
    assert ticket.clock("fix").due_at is not None


def test_work_that_stops_while_the_ticket_counts_as_merged_is_paused_once_the_merge_is_taken_back() -> None:
    ticket = opened()
    ticket.tell("merged", "mon 11:00")
    ticket.tell("paused", "mon 11:30", reason="waiting_customer")
    ticket.tell("unmerged", "mon 12:00")
    assert (ticket.clock("fix").state, ticket.clock("response").state) == ("paused", "running")


def test_work_that_is_done_while_the_ticket_counts_as_merged_is_met_once_the_merge_is_taken_back() -> None:
    ticket = opened()
    ticket.tell("merged", "mon 11:00")
    ticket.tell("arrived", "mon 11:15")
    ticket.tell("completed", "mon 11:30")
    ticket.tell("unmerged", "mon 12:00")
    assert [ticket.clock(metric).state for metric in ("response", "on_site", "fix")] == ["running", "met", "met"]
    clock = ticket.clock("fix")
    assert (clock.met_at, clock.counted_seconds, clock.breached) == (on("mon 12:00"), 2 * HOUR, False)


def test_work_that_is_rejected_while_the_ticket_counts_as_merged_is_owed_once_the_merge_is_taken_back() -> None:
    ticket = opened()
    ticket.tell("merged", "mon 11:00")
    ticket.tell("completed", "mon 11:15")
    ticket.tell("rejected", "mon 11:30")
    ticket.tell("unmerged", "mon 12:00")
    assert ticket.clock("fix").state == "running"
    ticket.tell("completed", "mon 13:00")
    assert ticket.clock("fix").counted_seconds == 3 * HOUR


def test_a_ticket_that_is_opened_again_begins_anew_what_its_closing_had_cancelled() -> None:
    ticket = opened()
    ticket.tell("paused", "mon 10:00", reason="waiting_customer")
    ticket.tell("closed", "mon 11:00")
    assert {ticket.clock(metric).state for metric in ("response", "on_site", "fix")} == {"cancelled"}
    ticket.tell("reopened", "tue 10:00")
    for metric in ("response", "fix"):
        clock = ticket.clock(metric)
        assert (clock.state, clock.cycle, clock.started_at, clock.counted_seconds) == ("running", 2, on("tue 10:00"), 0)


def test_a_visit_that_remote_support_made_needless_is_owed_again_once_the_ticket_is_opened_again() -> None:
    ticket = opened()
    ticket.tell("remote_succeeded", "mon 10:00")
    ticket.tell("closed", "mon 11:00")
    assert ticket.clock("on_site").state == "cancelled"
    ticket.tell("reopened", "tue 10:00")
    ticket.tell("authorised", "tue 11:00")
    clock = ticket.clock("on_site")
    assert (clock.state, clock.cycle) == ("running", 2)


def of_cycle(cycle: int, told: Fact) -> Fact:
    return replace(told, cycle=cycle)


def test_a_late_step_of_the_visit_before_ends_no_clock_of_the_next_cycle() -> None:
    ticket = opened()
    ticket.tell("closed", "mon 11:00")
    ticket.tell("reopened", "tue 10:00")
    ticket.hear(of_cycle(1, fact("arrived", "tue 10:30")), of_cycle(1, fact("completed", "tue 10:40")))
    assert [ticket.clock(metric).state for metric in ("on_site", "fix")] == ["running", "running"]
    ticket.hear(of_cycle(2, fact("arrived", "tue 11:30")))
    assert (ticket.clock("on_site").state, ticket.clock("on_site").met_at) == ("met", on("tue 11:30"))


def test_of_what_was_met_a_ticket_that_is_opened_again_sets_going_what_a_rejection_does() -> None:
    ticket = opened()
    ticket.tell("arrived", "mon 10:00")
    ticket.tell("completed", "mon 11:00")
    ticket.tell("closed", "mon 12:00")
    ticket.tell("rejected", "mon 13:00")
    assert ticket.clock("fix").state == "met"
    ticket.tell("reopened", "mon 14:00")
    assert [ticket.clock(metric).state for metric in ("on_site", "fix")] == ["met", "running"]
    ticket.tell("completed", "mon 15:00")
    assert ticket.clock("fix").counted_seconds == 3 * HOUR


def test_a_ticket_that_was_withdrawn_stays_so_for_its_clocks() -> None:
    ticket = opened()
    ticket.tell("cancelled", "mon 11:00")
    ticket.tell("reopened", "mon 12:00")
    assert ticket.clock("response").state == "cancelled"


def test_a_merge_that_is_taken_back_revives_nothing_that_was_cancelled_otherwise() -> None:
    ticket = opened()
    ticket.tell("completed", "mon 10:00")
    ticket.tell("cancelled", "mon 11:00")
    ticket.tell("unmerged", "mon 12:00")
    assert [ticket.clock(metric).state for metric in ("response", "fix")] == ["cancelled", "met"]


def test_a_merge_and_its_end_at_one_instant_stand_in_the_order_of_their_service() -> None:
    ticket = opened()
    ticket.hear(fact("unmerged", "mon 11:00", seq=900), fact("merged", "mon 11:00", seq=899))
    assert ticket.clock("response").state == "running"
    assert ticket.clock("response").due_at == on("mon 13:00")


def test_the_warning_comes_at_its_instant_and_once() -> None:
    ticket = opened()
    assert ticket.clock("response").next_at == on("mon 12:00")
    word, _ = ticket.fire("response", "mon 12:00")
    assert isinstance(word, DeadlineApproaching)
    assert (word.at, word.deadline) == (on("mon 12:00"), on("mon 13:00"))
    assert ticket.fire("response", "mon 12:00") == []
    assert ticket.clock("response").next_at == on("mon 13:00")


def test_the_breach_comes_at_the_deadline_and_once() -> None:
    ticket = opened()
    ticket.release(on("mon 13:00"))
    (word,) = ticket.said(DeadlineBreached, "response")
    assert isinstance(word, DeadlineBreached)
    assert (word.at, word.deadline) == (on("mon 13:00"), on("mon 13:00"))
    assert ticket.clock("response").breached
    ticket.tell("remote_started", "mon 14:00")
    assert len(ticket.said(DeadlineBreached, "response")) == 1
    (met,) = ticket.said(ClockMet, "response")
    assert isinstance(met, ClockMet)
    assert met.late


def test_met_late_before_the_timer_says_the_breach_first() -> None:
    ticket = opened()
    _, *events = ticket.tell("remote_started", "mon 14:00")
    assert [type(event) for event in events] == [DeadlineBreached, ClockMet, ClockJudged]
    assert isinstance(events[0], DeadlineBreached)
    assert events[0].at == on("mon 13:00")


def test_exactly_the_target_is_on_time() -> None:
    ticket = opened()
    ticket.tell("remote_started", "mon 13:00")
    assert not ticket.clock("response").breached
    assert ticket.said(DeadlineBreached, "response") == []


def test_a_clock_paused_with_nothing_left_breaches_when_it_goes_on() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 09:00", level=1)
    ticket.tell("paused", "mon 17:00")
    ticket.tell("resumed", "tue 12:00")
    assert ticket.clock("fix").next_at == on("mon 15:00")
    ticket.release(on("tue 12:00"))
    (word,) = ticket.said(DeadlineBreached, "fix")
    assert isinstance(word, DeadlineBreached)
    assert (word.at, word.deadline) == (on("tue 12:00"), on("mon 17:00"))


def test_a_deadline_at_closing_time_is_missed_at_the_next_opening() -> None:
    ticket = opened("mon 14:00")
    assert ticket.clock("response").due_at == on("mon 18:00")
    ticket.release(on("tue 07:59"))
    assert not ticket.clock("response").breached
    ticket.tell("remote_started", "mon 20:00")
    assert (ticket.clock("response").breached, ticket.clock("response").counted_seconds) == (False, 4 * HOUR)


def test_a_repair_told_late_in_the_day_it_was_in_time_is_in_time() -> None:
    ticket = opened()
    ticket.release(on("mon 13:00"))
    ticket.tell("remote_started", "mon 12:30")
    assert (ticket.clock("response").state, ticket.clock("response").breached) == ("met", False)


def test_a_timer_of_a_clock_that_moved_or_ended_says_nothing() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 09:10", level=4)
    assert ticket.fire("on_site", "mon 19:00") == []
    assert ticket.fire("response", "mon 13:00") == []
    assert ticket.run(HearFact(ticket_id=T, fact=fact("completed", "mon 10:00")))
    assert ticket.fire("fix", "fri 19:00") == []


def test_a_pause_heard_after_the_breach_corrects_the_verdict() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 09:00", level=1)
    ticket.release(on("mon 17:00"))
    assert ticket.clock("fix").breached
    ticket.tell("paused", "mon 12:00")
    assert not ticket.clock("fix").breached
    ticket.tell("resumed", "mon 16:00")
    ticket.tell("completed", "tue 08:30")
    fixed = ticket.clock("fix")
    assert (fixed.breached, fixed.counted_seconds) == (False, 5.5 * HOUR)


def test_a_deadline_moved_into_the_past_is_missed_at_the_change() -> None:
    ticket = opened()
    ticket.tell("classified", "mon 16:00", level=1)
    (word,) = ticket.said(DeadlineBreached, "on_site")
    assert isinstance(word, DeadlineBreached)
    assert (word.at, word.deadline) == (on("mon 16:00"), on("mon 13:00"))
    ticket.tell("classified", "mon 17:00", level=4)
    assert not ticket.clock("on_site").breached


def test_a_level_that_makes_the_time_already_counted_too_long_breaches_even_a_paused_clock() -> None:
    ticket = opened()
    ticket.tell("paused", "tue 09:00")
    ticket.tell("classified", "tue 12:00", level=1)
    (word,) = ticket.said(DeadlineBreached, "fix")
    assert isinstance(word, DeadlineBreached)
    assert (word.at, word.deadline) == (on("tue 12:00"), on("mon 17:00"))
    ticket.tell("resumed", "tue 13:00")
    assert len(ticket.said(DeadlineBreached, "fix")) == 1


def test_at_one_instant_a_services_own_order_holds() -> None:
    ticket = opened()
    resumed, paused = fact("resumed", "mon 12:00", seq=901), fact("paused", "mon 12:00", seq=902)
    ticket.tell("paused", "mon 11:00")
    ticket.hear(paused, resumed)
    assert ticket.clock("fix").state == "paused"
    assert ticket.clock("fix").counted_seconds == 2 * HOUR


def test_at_one_instant_a_fault_is_classified_before_the_visit_that_follows() -> None:
    """A log of whole seconds has all of it in one: the breach that the classification withdrew does not come again."""
    ticket = opened()
    ticket.release(on("wed 09:00"))
    assert ticket.clock("on_site").breached
    ticket.hear(fact("classified", "wed 09:00", level=4), fact("arrived", "wed 09:00"))
    assert (ticket.clock("on_site").state, ticket.clock("on_site").breached) == ("met", False)
    assert len(ticket.said(DeadlineBreached, "on_site")) == 1
