"""The public conformance suite: what other systems get wrong. Each case is somebody's shipped bug, in our list's order.

Chinese office hours, Monday to Friday 9–12 and 13–18 with the State Council's days off and make-up days, unless a case
says otherwise. A response takes 2 working hours, an arrival 4, a repair 8; only the repair pauses.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from libs.events.contracts.sla.clocks import (
    BreachWithdrawn,
    ClockStarted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
)
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.policies.domain.rulebook import Library
from tests.sla.rules import CHINA, EVER, OFFICE, arrival, days, hours, library, policy, repair, response
from tests.sla.ticket import Ticket, fact, on

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = library(policy(response(), arrival(), repair()))
SITE = {
    "timezone": "Asia/Shanghai",
    "weekly_hours": EVER,
    "zone_from": {"event": "intake.TicketOpened", "field": "timezone"},
}
SHORT = CHINA | {"weekly_hours": {"mon": [["09:00", "18:00"]]}, "public_holidays": None}
BY_LEVEL = library(policy(repair(by_level={"1": hours(4), "2": hours(6), "4": hours(40)})))


def at(text: str) -> datetime:
    """Shanghai time: `mon 09:00` is in the week of 2 March 2026, or a date is given."""
    if text[0].isdigit():
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return on(text, SHANGHAI)


def ticket(*story: str, rules: Library = RULES) -> Ticket:
    """A ticket on which this happened: `opened mon 09:00`, `paused mon 10:00`, `classified mon 11:00 1`."""
    told = Ticket(rules)
    tell(told, *story)
    return told


def tell(told: Ticket, *story: str) -> None:
    """And then this happened."""
    for line in story:
        what, day, wall, *level = line.split()
        told.tell(what, at(f"{day} {wall}"), **({"level": int(level[0])} if level else {}))


def counted(told: Ticket, metric: str = "fix") -> float:
    """Working hours counted."""
    return told.clock(metric).counted_seconds / HOUR


class Test_1_a_pause_before_the_first_response:
    def test_pauses_the_repair_and_neither_pauses_nor_answers_the_response(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 10:00", "resumed mon 17:00")
        assert told.clock("response").state == "running"
        assert told.clock("response").due_at == at("mon 11:00")
        assert told.clock("fix").due_at == at("tue 16:00")

    def test_a_response_that_came_before_the_deadline_is_on_time_whatever_was_paused(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 09:30", "remote_started mon 11:00")
        assert (told.clock("response").breached, counted(told, "response")) == (False, 2)


class Test_2_a_pause_across_lunch_a_weekend_and_a_holiday:
    def test_lunch_in_a_pause_is_not_taken_off_twice(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 11:30", "resumed mon 13:30", "completed mon 18:00")
        assert counted(told) == 7

    def test_a_weekend_in_a_pause_moves_nothing(self) -> None:
        told = ticket("opened fri 09:00", "paused fri 18:00", "resumed mon+1 09:00")
        assert told.clock("fix").due_at == at("fri 18:00")

    def test_a_holiday_in_a_pause_moves_nothing(self) -> None:
        told = ticket("opened 2026-04-30 10:00", "paused 2026-04-30 18:00", "resumed 2026-05-06 09:00")
        assert told.clock("fix").due_at == at("2026-05-06 10:00")


class Test_3_a_pause_in_hours_that_ends_out_of_hours:
    def test_counts_to_closing_time_and_goes_on_at_the_next_opening(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 16:00", "resumed mon 22:00")
        assert told.clock("fix").due_at == at("tue 11:00")

    def test_a_pause_wholly_out_of_hours_has_no_effect(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 19:00", "resumed tue 08:00")
        assert told.clock("fix").due_at == ticket("opened mon 09:00").clock("fix").due_at


class Test_4_two_pauses:
    def test_both_count(self) -> None:
        told = ticket(
            "opened mon 09:00", "paused mon 10:00", "resumed mon 11:00", "paused mon 14:00", "resumed mon 16:00"
        )
        assert told.clock("fix").due_at == at("tue 12:00")

    def test_a_pause_in_a_pause_counts_once(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 10:00", "paused mon 11:00", "resumed mon 12:00")
        assert counted(told) == 1
        assert told.clock("fix").due_at == at("tue 11:00")


class Test_5_the_priority_goes_up_and_down_while_paused:
    def test_no_pause_is_lost(self) -> None:
        told = ticket(
            "opened mon 09:00",
            "paused mon 10:00",
            "classified mon 11:00 1",
            "classified mon 14:00 4",
            "classified mon 15:00 2",
            "resumed mon 17:00",
            rules=BY_LEVEL,
        )
        assert counted(told) == 1
        assert told.clock("fix").due_at == at("tue 14:00")
        assert [word.because for word in told.said(DeadlineMoved, "fix") if isinstance(word, DeadlineMoved)] == [
            "level 1",
            "level 4",
            "level 2",
        ]

    def test_a_paused_clock_has_no_deadline_to_miss(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 10:00", "classified mon 11:00 1", rules=BY_LEVEL)
        told.release(at("fri 18:00"))
        assert not told.clock("fix").breached


class Test_6_the_calendar_is_edited_after_the_breach:
    POLICY = policy(repair(), calendars={"office": "shop"})

    def ticket(self) -> Ticket:
        told = ticket("opened mon 09:00", rules=library(self.POLICY, shop__1=SHORT))
        told.release(at("mon+1 10:00"))
        assert told.clock("fix").breached
        return told

    def test_nothing_changes_until_somebody_has_open_clocks_worked_out_anew(self) -> None:
        told = self.ticket()
        told.rules = library(
            self.POLICY, shop__1=SHORT, shop__2=SHORT | {"weekly_hours": {"tue": [["09:00", "18:00"]]}}
        )
        tell(told, "paused mon+1 11:00")
        assert (told.clock("fix").calendar, told.clock("fix").breached) == ("shop/1", True)

    def test_then_the_breach_is_withdrawn_and_says_by_whom(self) -> None:
        told = self.ticket()
        told.rules = library(
            self.POLICY, shop__1=SHORT, shop__2=SHORT | {"weekly_hours": {"wed": [["09:00", "10:00"]]}}
        )
        told.adopt(at("mon+1 11:00"))
        (moved,), (withdrawn,) = told.said(DeadlineMoved, "fix"), told.said(BreachWithdrawn, "fix")
        assert isinstance(moved, DeadlineMoved)
        assert isinstance(withdrawn, BreachWithdrawn)
        assert (moved.old_deadline, withdrawn.deadline, withdrawn.by) == (
            at("mon 17:00"),
            at("mon 17:00"),
            "director-1",
        )
        clock = told.clock("fix")
        assert (clock.calendar, clock.breached, clock.breached_then) == ("shop/2", False, True)

    def test_a_closed_clock_never_changes(self) -> None:
        told = self.ticket()
        tell(told, "completed mon+1 11:00")
        told.rules = library(self.POLICY, shop__1=SHORT, shop__2=CHINA | {"weekly_hours": EVER})
        assert told.adopt(at("mon+1 12:00")) == []
        assert told.clock("fix").calendar == "shop/1"


class Test_7_a_half_day:
    HALF = library(
        policy(
            repair(),
            calendars={"office": CHINA | {"extra_working": [{"date": "2026-03-03", "hours": [["09:00", "12:00"]]}]}},
        )
    )

    def test_only_its_morning_counts(self) -> None:
        assert ticket("opened mon 14:00", rules=self.HALF).clock("fix").due_at == at("wed 10:00")


class Test_8_a_make_up_saturday:
    def test_works_the_hours_of_a_friday(self) -> None:
        assert ticket("opened 2026-05-08 14:00").clock("fix").due_at == at("2026-05-09 14:00")

    def test_an_ordinary_saturday_does_not(self) -> None:
        assert ticket("opened 2026-05-15 14:00").clock("fix").due_at == at("2026-05-18 14:00")

    def test_business_days_know_it_too(self) -> None:
        rules = library(policy(repair(within=days(2))))
        assert ticket("opened 2026-05-08 14:00", rules=rules).clock("fix").due_at == at("2026-05-11 14:00")

    def test_a_year_that_is_not_decreed_yet_is_marked_and_not_guessed(self) -> None:
        rules = library(policy(repair(within=days(20))))
        clock = ticket("opened 2026-12-21 09:00", rules=rules).clock("fix")
        assert clock.provisional
        assert not ticket("opened 2026-11-23 09:00", rules=rules).clock("fix").provisional


class Test_9_reopened_after_it_was_closed:
    def test_the_same_clock_goes_on_and_the_time_between_was_a_pause(self) -> None:
        told = ticket("opened mon 09:00", "completed mon 11:00", "rejected wed 11:00", "completed wed 15:00")
        assert (counted(told), told.clock("fix").cycle) == (5, 1)

    def test_a_policy_may_begin_a_new_cycle_instead(self) -> None:
        told = ticket(
            "opened mon 09:00",
            "completed mon 11:00",
            "rejected wed 11:00",
            rules=library(policy(repair(reopening="new_cycle"))),
        )
        clock = told.clock("fix")
        assert (clock.cycle, clock.started_at, clock.due_at) == (2, at("wed 11:00"), at("thu 11:00"))
        assert [word.cycle for word in told.said(ClockStarted, "fix") if isinstance(word, ClockStarted)] == [1, 2]

    def test_or_only_when_it_comes_back_late(self) -> None:
        rules = library(policy(repair(resume_within=days(2))))
        soon = ticket("opened mon 09:00", "completed mon 11:00", "rejected wed 11:00", rules=rules)
        late = ticket("opened mon 09:00", "completed mon 11:00", "rejected wed 14:00", rules=rules)
        assert (soon.clock("fix").cycle, late.clock("fix").cycle) == (1, 2)

    def test_the_response_is_never_asked_for_again(self) -> None:
        told = ticket("opened mon 09:00", "remote_started mon 10:00", "completed mon 11:00", "rejected wed 11:00")
        assert told.clock("response").state == "met"


class Test_10_another_agreement_in_mid_life:
    GOLD = policy(repair(within=hours(4)), version=2)
    BOTH = library(policy(repair()), GOLD)

    def gold(self, when: str, *story: str) -> Ticket:
        told = ticket(*story, rules=library(policy(repair())))
        told.rules = self.BOTH
        told.adopt(at(when))
        return told

    def test_is_worked_out_from_the_start_with_all_pauses(self) -> None:
        told = self.gold("mon 16:00", "opened mon 09:00", "paused mon 10:00", "resumed mon 15:00")
        assert (told.clock("fix").policy, told.clock("fix").due_at) == ("test/2", at("mon 18:00"))
        assert not told.clock("fix").breached

    def test_a_deadline_that_falls_into_the_past_is_missed_by_the_change_and_told_once(self) -> None:
        told = self.gold("mon 16:00", "opened mon 09:00")
        told.release(at("fri 18:00"))
        (missed,) = told.said(DeadlineBreached, "fix")
        assert isinstance(missed, DeadlineBreached)
        assert (missed.at, missed.deadline, missed.by_change) == (at("mon 16:00"), at("mon 14:00"), True)
        assert told.clock("fix").by_change

    def test_a_met_clock_is_never_reopened_by_a_change(self) -> None:
        told = self.gold("tue 10:00", "opened mon 09:00", "completed mon 17:00")
        assert (told.clock("fix").policy, told.clock("fix").breached) == ("test/1", False)

    def test_a_policy_may_count_from_now_or_keep_the_share_that_was_used(self) -> None:
        story = ("opened mon 09:00", "classified mon 11:00 1")
        for on_change, due in (("retroactive", "mon 14:00"), ("from_now", "mon 16:00"), ("keep_share", "mon 15:00")):
            rules = library(policy(repair(by_level={"1": hours(4)}, on_change=on_change)))
            assert ticket(*story, rules=rules).clock("fix").due_at == at(due), on_change


class Test_11_created_outside_hours:
    def test_the_clock_starts_at_the_next_opening(self) -> None:
        told = ticket("opened sun 20:00")
        assert told.clock("response").started_at == at("sun 20:00")
        assert told.clock("response").due_at == at("mon+1 11:00")

    def test_at_the_very_closing_too(self) -> None:
        assert ticket("opened mon 18:00").clock("response").due_at == at("tue 11:00")


class Test_12_a_customer_where_clocks_change:
    RULES = library(
        policy(repair(within=hours(24)), repair(metric="visit", within=days(1)), calendars={"office": SITE})
    )

    def opened(self, zone: str) -> Ticket:
        told = Ticket(self.RULES)
        told.tell("opened", datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")), timezone=zone)
        return told

    def test_real_hours_pass_in_a_day_of_23(self) -> None:
        due = self.opened("Europe/Berlin").clock("fix").due_at
        assert due == datetime(2026, 3, 29, 13, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    def test_a_business_day_ends_at_the_same_clock_time(self) -> None:
        due = self.opened("Europe/Berlin").clock("visit").due_at
        assert due == datetime(2026, 3, 29, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    def test_a_zone_that_is_none_leaves_the_calendars_own(self) -> None:
        due = self.opened("Mars/Base").clock("visit").due_at
        assert due == datetime(2026, 3, 29, 13, 0, tzinfo=ZoneInfo("Europe/Berlin"))


class Test_13_due_exactly_at_closing_time:
    def test_the_deadline_is_closing_time_and_not_the_next_opening(self) -> None:
        assert ticket("opened mon 09:00").clock("fix").due_at == at("mon 18:00")

    def test_an_answer_after_hours_is_still_on_time(self) -> None:
        told = ticket("opened mon 09:00", "completed mon 23:00")
        assert (told.clock("fix").breached, counted(told)) == (False, 8)

    def test_it_is_missed_at_the_next_opening(self) -> None:
        told = ticket("opened mon 09:00")
        told.release(at("tue 08:59"))
        assert not told.clock("fix").breached
        told.release(at("tue 09:00"))
        assert told.clock("fix").breached


class Test_14_a_phone_that_was_offline:
    def test_an_arrival_told_late_withdraws_the_breach_with_its_trace(self) -> None:
        told = ticket("opened mon 09:00")
        told.release(at("mon 15:00"))
        assert told.clock("on_site").breached
        tell(told, "arrived mon 10:00")
        (withdrawn,) = told.said(BreachWithdrawn, "on_site")
        assert isinstance(withdrawn, BreachWithdrawn)
        assert (withdrawn.deadline, withdrawn.counted_seconds) == (at("mon 14:00"), HOUR)
        assert withdrawn.because == "dispatch.OnSiteArrived"
        assert withdrawn.by == told.state.facts[-1].id
        clock = told.clock("on_site")
        assert (clock.state, clock.breached, clock.breached_then) == ("met", False, True)

    def test_a_pause_told_late_moves_the_deadline_and_withdraws_the_breach(self) -> None:
        told = ticket("opened mon 09:00")
        told.release(at("tue 10:00"))
        tell(told, "paused mon 10:00", "resumed mon 15:00")
        assert (told.clock("fix").due_at, told.clock("fix").breached) == (at("tue 14:00"), False)
        told.release(at("wed 09:00"))
        assert [
            type(word)
            for word in told.history
            if isinstance(word, DeadlineBreached | BreachWithdrawn) and word.metric == "fix"
        ] == [
            DeadlineBreached,
            BreachWithdrawn,
            DeadlineBreached,
        ]

    def test_what_happened_before_the_opening_by_a_wrong_clock_counts_as_happening_then(self) -> None:
        told = ticket("arrived mon 08:58", "opened mon 09:00")
        assert (told.clock("on_site").state, counted(told, "on_site")) == ("met", 0)


class Test_beyond_the_list:
    def test_merged_and_cancelled_tickets_stop_whatever_their_policy_says(self) -> None:
        for end in ("merged", "cancelled"):
            told = ticket("opened mon 09:00", f"{end} mon 10:00", rules=library(policy(response(), repair(cancel=[]))))
            told.release(at("fri 18:00"))
            assert {clock.state for clock in told.state.judged.values()} == {"cancelled"}
            assert not [word for word in told.history if isinstance(word, DeadlineBreached)]

    def test_the_strictest_of_several_policies_wins_and_the_clock_says_which(self) -> None:
        gold = policy(repair(within=hours(3)), id="gold", applies_when={"warranty": ["in_warranty"]})
        told = Ticket(library(policy(repair(), id="base"), gold))
        told.tell("opened", at("mon 09:00"))
        assert (told.clock("fix").policy, told.clock("fix").due_at) == ("base/1", at("mon 18:00"))
        told.tell("assessed", at("mon 09:30"), verdict="in_warranty")
        assert (told.clock("fix").policy, told.clock("fix").due_at) == ("gold/1", at("mon 12:00"))
        told.tell("assessed", at("mon 09:40"), verdict="expired")
        assert told.clock("fix").policy == "base/1"
        assert [word.because for word in told.said(DeadlineMoved, "fix") if isinstance(word, DeadlineMoved)] == [
            "warranty in_warranty",
            "warranty expired",
        ]

    def test_a_ticket_that_is_amended_is_judged_by_what_it_says_now(self) -> None:
        gold = policy(repair(within=hours(3)), id="gold", applies_when={"urgency": ["high"]})
        told = Ticket(library(policy(repair(), id="base"), gold))
        told.tell("opened", at("mon 09:00"), urgency="normal", kind="repair")
        told.tell("amended", at("mon 09:30"), urgency="high", kind=None)
        assert (told.clock("fix").policy, told.clock("fix").due_at) == ("gold/1", at("mon 12:00"))

    def test_a_warranty_that_is_assessed_anew_chooses_the_policy_anew_and_the_order_of_hearing_does_not(self) -> None:
        gold = policy(repair(within=hours(3)), id="gold", applies_when={"warranty": ["in_warranty"]})
        rules = library(policy(repair(), id="base"), gold)
        told, heard_late = Ticket(rules), Ticket(rules)
        verdicts = [("assessed", "mon 09:30", "expired"), ("reassessed", "mon 10:00", "in_warranty")]
        for one, order in ((told, verdicts), (heard_late, verdicts[::-1])):
            one.tell("opened", at("mon 09:00"))
            for what, when, verdict in order:
                one.tell(what, at(when), verdict=verdict)
            assert (one.clock("fix").policy, one.clock("fix").due_at) == ("gold/1", at("mon 12:00"))
        told.tell("reassessed", at("mon 11:00"), verdict="not_covered")
        assert (told.clock("fix").policy, told.clock("fix").due_at) == ("base/1", at("mon 18:00"))

    def test_a_clock_that_no_policy_is_for_is_not_needed(self) -> None:
        told = Ticket(library(policy(repair(), applies_when={"warranty": {"not": ["expired"]}})))
        told.tell("opened", at("mon 09:00"))
        told.tell("assessed", at("mon 10:00"), verdict="expired")
        assert told.clock("fix").state == "cancelled"
        told.tell("assessed", at("mon 11:00"), verdict="in_warranty")
        assert (told.clock("fix").state, told.clock("fix").due_at) == ("running", at("mon 18:00"))

    def test_a_chained_clock_starts_at_its_own_event(self) -> None:
        told = ticket("opened mon 09:00", rules=library(policy(arrival(start=["triage.RemoteSupportFailed"]))))
        assert "on_site" not in told.state.judged
        tell(told, "remote_failed mon 15:00")
        assert told.clock("on_site").due_at == at("tue 10:00")

    def test_a_clock_may_start_at_a_time_that_was_promised(self) -> None:
        start = [{"event": "dispatch.AppointmentConfirmed", "at": "end"}]
        told = ticket("opened mon 09:00", rules=library(policy(arrival(start=start, within=hours(1)))))
        told.tell("appointed", at("mon 10:00"), start=at("tue 09:00").isoformat(), end=at("tue 11:00").isoformat())
        assert told.clock("on_site").due_at == at("tue 12:00")
        tell(told, "arrived tue 09:30")
        assert (told.clock("on_site").state, told.clock("on_site").breached) == ("met", False)

    def test_only_the_reasons_that_the_policy_allows_pause(self) -> None:
        pause = [{"event": "dispatch.WorkPaused", "where": {"reason": ["waiting_customer"]}}]
        told = ticket("opened mon 09:00", rules=library(policy(repair(pause=pause))))
        told.tell("paused", at("mon 10:00"), reason="waiting_parts")
        assert told.clock("fix").state == "running"
        told.tell("paused", at("mon 11:00"), reason="waiting_customer")
        assert told.clock("fix").state == "paused"

    def test_a_pause_may_not_last_longer_than_the_policy_allows(self) -> None:
        told = ticket("opened mon 09:00", "paused mon 10:00", rules=library(policy(repair(pause_at_most=hours(4)))))
        assert told.clock("fix").next_at == at("mon 15:00")
        told.release(at("mon 17:00"))
        assert (told.clock("fix").state, told.clock("fix").due_at) == ("running", at("tue 14:00"))

    def test_a_holiday_that_a_release_brings_leaves_a_clock_more_time_and_no_early_warning(self) -> None:
        told = ticket("opened mon 09:00")
        warned_at = told.clock("fix").next_at
        assert warned_at == at("mon 16:00")
        told.rules = library(policy(repair(), calendars={"office": CHINA | {"holidays": ["2026-03-02"]}}))
        assert [type(word) for word in told.fire("fix", warned_at)[-1:]] == [ClockJudged]
        assert told.said(DeadlineApproaching, "fix") == []
        assert told.clock("fix").next_at == at("tue 16:00")

    def test_the_zone_is_the_one_that_was_told_first_whatever_arrived_first(self) -> None:
        source = {"event": "triage.FaultClassified", "field": "maintenance_type"}
        first = fact("classified", at("mon 09:10"), maintenance_type="Europe/Berlin")
        later = fact("classified", at("mon 09:20"), maintenance_type="Asia/Tokyo")
        office = SITE | {"weekly_hours": OFFICE, "zone_from": source}
        rules = library(policy(repair(), calendars={"office": office}))
        clocks = []
        for facts in ((first, later), (later, first)):
            told = Ticket(rules)
            told.hear(fact("opened", at("mon 09:00"), 0), *facts)
            clocks.append(told.clock("fix").due_at)
        assert clocks[0] == clocks[1]


def test_office_hours_have_a_lunch() -> None:
    assert OFFICE["mon"] == [["09:00", "12:00"], ["13:00", "18:00"]]


class Test_30_a_ticket_ends_and_its_policy_forgot_some_clocks:
    def test_a_closed_ticket_has_no_running_clock(self) -> None:
        told = ticket("opened mon 09:00", "arrived mon 10:00", "completed mon 10:30", "closed mon 10:45")
        assert {metric: told.clock(metric).state for metric in ("response", "on_site", "fix")} == {
            "response": "cancelled",
            "on_site": "met",
            "fix": "met",
        }
        assert told.clock("response").state_since == at("mon 10:45")
        told.release(at("fri 18:00"))
        assert not told.clock("response").breached

    def test_what_was_missed_before_the_end_stays_missed(self) -> None:
        told = ticket("opened mon 09:00", "closed mon 16:00")
        assert (told.clock("response").state, told.clock("response").breached) == ("cancelled", True)

    def test_a_paused_clock_ends_too_and_nothing_opens_or_starts_one_again(self) -> None:
        rules = library(policy(repair(), arrival(start=["triage.RemoteSupportFailed"])))
        told = ticket("opened mon 09:00", "paused mon 10:00", "closed mon 11:00", rules=rules)
        assert told.clock("fix").state == "cancelled"
        tell(told, "resumed mon 12:00", "rejected mon 13:00", "remote_failed mon 14:00")
        assert {clock.state for clock in told.state.judged.values()} == {"cancelled"}

    def test_a_repair_that_was_rejected_and_made_good_keeps_its_cycles(self) -> None:
        rules = library(policy(repair(reopening="new_cycle")))
        story = ("completed mon 11:00", "rejected mon 15:00", "completed tue 10:00", "closed tue 11:00")
        told = ticket("opened mon 09:00", *story, rules=rules)
        assert (told.clock("fix").state, told.clock("fix").cycle, told.clock("fix").breached) == ("met", 2, False)

    def test_what_happened_at_the_instant_of_the_end_still_counts(self) -> None:
        told = ticket("opened mon 09:00", "closed mon 10:00", "completed mon 10:00")
        assert (told.clock("fix").state, told.clock("response").state) == ("met", "cancelled")


class Test_31_business_days_from_the_day_of_receipt:
    def test_a_day_from_saturday_is_missed_on_tuesday_or_at_that_time_on_monday(self) -> None:
        usual = library(policy(repair(within=days(1))))
        counted_from_monday = ticket("opened sat 10:00", rules=usual).clock("fix")
        assert (counted_from_monday.due_at, counted_from_monday.breach_at) == (at("mon+1 18:00"), at("tue+1 09:00"))
        receipt = library(policy(repair(within=days(1), count_from="day_of_receipt")))
        assert ticket("opened sat 10:00", rules=receipt).clock("fix").due_at == at("mon+1 10:00")

    def test_to_the_end_of_the_day_it_is_monday_evening(self) -> None:
        usual = library(policy(repair(within=days(1, end_of_day=True))))
        assert ticket("opened sat 10:00", rules=usual).clock("fix").due_at == at("tue+1 18:00")
        receipt = library(policy(repair(within=days(1, end_of_day=True), count_from="day_of_receipt")))
        assert ticket("opened sat 10:00", rules=receipt).clock("fix").due_at == at("mon+1 18:00")

    def test_what_came_after_closing_time_was_received_that_day(self) -> None:
        receipt = library(policy(repair(within=days(1, end_of_day=True), count_from="day_of_receipt")))
        assert ticket("opened thu 20:00", rules=receipt).clock("fix").due_at == at("fri 18:00")

    def test_within_working_hours_both_are_the_same(self) -> None:
        for count_from in ("next_business_day", "day_of_receipt"):
            rules = library(policy(repair(within=days(2), count_from=count_from)))
            assert ticket("opened thu 10:00", rules=rules).clock("fix").due_at == at("mon+1 10:00")

    def test_before_the_first_opening_of_its_day_it_is_due_as_that_day_opens(self) -> None:
        receipt = library(policy(repair(within=days(1), count_from="day_of_receipt")))
        told = ticket("opened sat 07:00", rules=receipt)
        assert (told.clock("fix").due_at, told.clock("fix").target_seconds) == (at("mon+1 09:00"), 0)
        told.release(at("mon+1 09:00"))
        assert told.clock("fix").breached
