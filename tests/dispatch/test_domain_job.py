"""A ticket's job: the first visit, rework visits, and the end of it."""

from dataclasses import replace
from uuid import UUID

from msgspec.structs import replace as changed

from services.dispatch.jobs.domain import (
    Authorise,
    CancelJob,
    CloseJob,
    JobCancelled,
    JobClosed,
    JobRestored,
    OrderAgain,
    OrderFurther,
    OrderRework,
    RestoreJob,
    VisitOrdered,
    WorkHeld,
    job,
    work_order_id_of,
)
from tests.dispatch.story import FURTHER, ORDERED, REWORK, W1, W2, T
from tests.spec import Given

unheard = Given(job)
HELD = WorkHeld(ticket_id=T, customer_id="c1", job_type="repair", skills=["hvac"])
AUTHORISE, CANCEL = Authorise(T, "c1", "repair", ("hvac",)), CancelJob(T)


def test_authorised_work_orders_the_first_visit_once() -> None:
    assert unheard.when(AUTHORISE) == [ORDERED]
    assert unheard.given(ORDERED).when(AUTHORISE) == []


def test_a_rejected_visit_orders_the_next_one_with_the_same_skills() -> None:
    assert unheard.given(ORDERED).when(OrderRework(W1)) == [REWORK]


def test_every_visit_of_a_ticket_is_at_its_site() -> None:
    first = changed(ORDERED, site_id="s1")
    assert unheard.when(replace(AUTHORISE, site_id="s1")) == [first]
    assert unheard.given(first).when(OrderRework(W1)) == [changed(REWORK, site_id="s1")]


def test_a_failed_visit_orders_another_which_makes_good_what_that_one_was_to() -> None:
    assert unheard.given(ORDERED).when(OrderFurther(W1, "await_parts")) == [FURTHER]
    (third,) = unheard.given(ORDERED, REWORK).when(OrderFurther(W2, "await_parts"))
    assert isinstance(third, VisitOrdered)
    assert (third.visit, third.rework_of) == (3, W1)
    assert (
        unheard.given(ORDERED, FURTHER).when(OrderFurther(W1, "await_parts"))
        == unheard.when(OrderFurther(W1, "await_parts"))
        == []
    )


def test_only_the_last_visit_is_made_good() -> None:
    assert unheard.when(OrderRework(W1)) == []
    assert unheard.given(ORDERED, REWORK).when(OrderRework(W1)) == []


def test_a_cancelled_job_remembers_it_and_orders_nothing() -> None:
    cancelled = unheard.given(*unheard.when(CANCEL))
    assert (cancelled.when(AUTHORISE), cancelled.when(CANCEL), cancelled.status) == ([HELD], [], "cancelled")


def test_what_is_authorised_before_it_is_heard_that_the_job_goes_on_is_held_and_ordered_then_once() -> None:
    held = unheard.given(*unheard.when(CANCEL), HELD)
    assert held.when(AUTHORISE) == held.when(OrderRework(W1)) == []
    assert held.when(RestoreJob(T)) == [JobRestored(ticket_id=T), ORDERED]
    restored = held.given(*held.when(RestoreJob(T)))
    assert restored.when(AUTHORISE) == restored.when(RestoreJob(T)) == []
    merged_again = restored.given(*restored.when(CANCEL))
    assert merged_again.when(RestoreJob(T)) == [JobRestored(ticket_id=T)]


def test_another_visit_is_ordered_in_place_of_the_last_one_alone_and_of_none_while_the_ticket_is_merged() -> None:
    restored = unheard.given(ORDERED, *unheard.given(ORDERED).when(CANCEL), JobRestored(ticket_id=T))
    (again,) = restored.when(OrderAgain(W1))
    assert again == changed(ORDERED, work_order_id=W2, visit=2)
    assert restored.given(again).when(OrderAgain(W1)) == unheard.when(OrderAgain(W1)) == []
    assert restored.given(JobCancelled(ticket_id=T, work_order_id=W1)).when(OrderAgain(W1)) == []


def test_a_closing_calls_off_the_visit_of_its_cycle_and_no_later_one() -> None:
    assert unheard.given(ORDERED).when(CloseJob(T, 1)) == [JobClosed(ticket_id=T, cycle=1, work_order_id=W1)]
    assert unheard.given(changed(ORDERED, cycle=2)).when(CloseJob(T, 1)) == [JobClosed(ticket_id=T, cycle=1)]
    closed = unheard.given(JobClosed(ticket_id=T, cycle=1))
    assert closed.when(CloseJob(T, 1)) == closed.when(AUTHORISE) == []
    assert closed.when(replace(AUTHORISE, cycle=2)) == [changed(ORDERED, cycle=2)]
    worked = unheard.given(ORDERED, JobClosed(ticket_id=T, cycle=1, work_order_id=W1))
    assert worked.when(OrderRework(W1)) == worked.when(OrderFurther(W1, "await_parts")) == []


def test_a_job_that_is_restored_orders_what_is_authorised_later() -> None:
    cancelled = unheard.given(*unheard.when(CANCEL))
    assert cancelled.when(RestoreJob(T)) == [JobRestored(ticket_id=T)]
    restored = cancelled.given(JobRestored(ticket_id=T))
    assert (restored.when(AUTHORISE), restored.when(RestoreJob(T)), restored.status) == ([ORDERED], [], "unknown")


def test_work_authorised_for_a_ticket_that_was_reopened_orders_one_more_first_visit() -> None:
    again = replace(AUTHORISE, cycle=2)
    done = unheard.given(ORDERED, REWORK)
    (third,) = done.when(again)
    assert isinstance(third, VisitOrdered)
    assert (third.visit, third.rework_of, third.follows, third.cycle) == (3, None, None, 2)
    assert done.given(third).when(again) == done.given(third).when(AUTHORISE) == []
    (fourth,) = done.given(third).when(OrderRework(third.work_order_id))
    assert isinstance(fourth, VisitOrdered)
    assert (fourth.visit, fourth.rework_of, fourth.cycle) == (4, third.work_order_id, 2)


def test_a_cancelled_job_names_its_last_visit() -> None:
    assert unheard.when(CANCEL) == [JobCancelled(ticket_id=T)]
    assert unheard.given(ORDERED, REWORK).when(CANCEL) == [JobCancelled(ticket_id=T, work_order_id=W2)]
    assert unheard.given(ORDERED, JobCancelled(ticket_id=T, work_order_id=W1)).when(OrderRework(W1)) == []


def test_the_id_of_a_visit_follows_from_ticket_and_number() -> None:
    assert work_order_id_of(T, 1) == work_order_id_of(T, 1)
    assert len({work_order_id_of(T, 1), work_order_id_of(T, 2), work_order_id_of("other", 1)}) == 3
    assert str(UUID(W1)) == W1


def test_its_status_says_whether_a_visit_was_ordered() -> None:
    assert (unheard.status, unheard.given(ORDERED).status) == ("unknown", "ordered")
