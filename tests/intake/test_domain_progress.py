"""The public status: each topic's facts in its own order, and no order between topics."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.contracts.intake.tickets import TicketStatus
from services.intake.tickets.domain.progress import Fact, Progress
from tests.intake.story import DISPATCH, SURVEY, TRIAGE, fact

REMOTE = ["triage.TriageStarted", "triage.RemoteSupportStarted", "triage.RemoteSupportSucceeded"]


def progress(*facts: Fact) -> Progress:
    return reduce(Progress.after, facts, Progress())


def test_nothing_said_yet_is_open() -> None:
    assert progress().status == "open"


def test_triage_brings_it_to_in_triage_and_authorised() -> None:
    first, *_, last = TRIAGE
    assert progress(fact(first)).status == "in_triage"
    assert progress(fact(first), fact(last)).status == "authorised"


def test_remote_support_mends_it_and_it_may_be_closed() -> None:
    before, after = progress(*map(Fact, REMOTE[:-1])), progress(*map(Fact, REMOTE))
    assert (before.status, before.done) == ("in_triage", False)
    assert (after.status, after.done) == ("repaired", True)


def test_failed_remote_support_leaves_it_in_triage() -> None:
    assert progress(Fact("triage.RemoteSupportStarted"), Fact("triage.RemoteSupportFailed")).status == "in_triage"


def test_a_visit_with_its_rework_goes_through_every_status() -> None:
    expected: list[TicketStatus] = [
        "authorised",  # ordered
        "authorised",  # assigned
        "authorised",  # a time is offered
        "scheduled",  # agreed
        "scheduled",  # moved
        "on_site",
        "waiting_customer",
        "on_site",
        "repaired",
        "rework",  # rejected
        "rework",
        "rework",  # ordered again
        "rework",  # assigned
        "scheduled",  # agreed again
        "on_site",
        "repaired",
        "accepted",
    ]
    facts = [fact(event) for event in DISPATCH]
    assert [progress(*facts[:n]).status for n in range(1, len(facts) + 1)] == expected


@pytest.mark.parametrize("reason", ["waiting_parts", "waiting_supplier", "waiting_access", "waiting"])
def test_only_waiting_for_the_customer_is_a_status(reason: str) -> None:
    assert progress(Fact("dispatch.OnSiteArrived"), Fact("dispatch.WorkPaused", reason)).status == "on_site"


@pytest.mark.parametrize("late", ["CrewAssigned", "AppointmentProposed", "AppointmentConfirmed", "AppointmentMoved"])
def test_what_is_planned_on_site_does_not_undo_the_arrival(late: str) -> None:
    assert progress(Fact("dispatch.OnSiteArrived"), Fact(f"dispatch.{late}")).status == "on_site"


@pytest.mark.parametrize("plan", ["CrewAssigned", "AppointmentProposed", "EngineerDeparted"])
def test_without_an_agreed_time_nothing_is_scheduled(plan: str) -> None:
    ordered = Fact("dispatch.WorkOrderCreated")
    assert progress(ordered, Fact(f"dispatch.{plan}")).status == "authorised"
    assert progress(ordered, Fact("dispatch.RepairRejected"), Fact(f"dispatch.{plan}")).status == "rework"


def test_a_visit_that_is_called_off_leaves_what_was_before_it() -> None:
    cancelled = Fact("dispatch.WorkOrderCancelled")
    agreed = Fact("dispatch.AppointmentConfirmed")
    assert progress(Fact("dispatch.WorkOrderCreated"), agreed, cancelled).status == "authorised"
    assert progress(Fact("dispatch.RepairRejected"), cancelled).status == "rework"


def test_acceptance_alone_is_not_done_before_the_callback() -> None:
    accepted = progress(*[fact(event) for event in DISPATCH])
    assert not accepted.done
    assert accepted.after(Fact("survey.CallbackCompleted")).done


def test_a_visit_that_failed_leaves_the_ticket_to_be_planned_again() -> None:
    there = progress(Fact("dispatch.WorkOrderCreated"), Fact("dispatch.OnSiteArrived"))
    failed = there.after(Fact("dispatch.VisitFailed"))
    assert failed.status == failed.after(Fact("dispatch.WorkOrderCreated")).status == "authorised"
    assert failed.after(Fact("dispatch.AppointmentConfirmed")).status == "scheduled"


def test_what_it_does_not_know_changes_nothing() -> None:
    known = progress(*map(Fact, REMOTE))
    assert known.after(Fact("sla.DeadlineBreached")) == known
    assert known.after(Fact("triage.SupplierNotified")) == known


@given(st.data())
def test_order_between_topics_does_not_matter_after_any_part_of_the_story(data: st.DataObject) -> None:
    topics = [events[: data.draw(st.integers(0, len(events)))] for events in (TRIAGE, DISPATCH, SURVEY)]
    expected = progress(*[fact(event) for topic in topics for event in topic])
    turns = data.draw(st.permutations([n for n, topic in enumerate(topics) for _ in topic]))
    queues = [iter(topic) for topic in topics]
    assert progress(*[fact(next(queues[turn])) for turn in turns]) == expected
