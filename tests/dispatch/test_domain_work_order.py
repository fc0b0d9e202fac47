"""A work order, step by step: what is allowed, what is refused with which code, and what says nothing."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from libs.events import Event, Refused
from libs.events.contracts.dispatch.work_orders import (
    AppointmentConfirmed,
    AppointmentMoved,
    AppointmentProposed,
    AppointmentWished,
    CrewAssigned,
    CrewUnassigned,
    EngineerDeparted,
    WorkOrderCancelled,
    WorkOrderCreated,
)
from services.dispatch.work_orders.domain.acceptance import Accept, Reject
from services.dispatch.work_orders.domain.appointment import (
    FURTHEST,
    Appointment,
    ConfirmByLink,
    MakeAppointment,
    Slot,
    WishByLink,
)
from services.dispatch.work_orders.domain.assignment import ConfirmAssignment, DeclineAssignment
from services.dispatch.work_orders.domain.visit import (
    Arrive,
    CheckConduct,
    Complete,
    Depart,
    Fail,
    NoteCall,
    Pause,
    Resume,
)
from services.dispatch.work_orders.domain.work_order import (
    Assign,
    By,
    ByLink,
    CancelWorkOrder,
    CreateWorkOrder,
    PlanVisit,
    Unassign,
    work_order,
)
from tests.dispatch.story import (
    ACCEPTED,
    ARRIVED,
    ASSIGNED,
    CALLED,
    COMPLETED,
    CONFIRMED,
    CREATED,
    DECLINED,
    DEPARTED,
    FAILED,
    FURTHER,
    KEPT,
    ORDERED,
    PAUSED,
    REJECTED,
    RESUMED,
    REWORK,
    REWORK_ORDERED,
    UNASSIGNED,
    W1,
    W2,
    T,
    recorded,
)
from tests.spec import MONDAY, Given

nothing = Given(work_order)
created = nothing.given(CREATED)
assigned = created.given(ASSIGNED)
travelling = assigned.given(DEPARTED)
on_site = assigned.given(ARRIVED)
paused = on_site.given(PAUSED)
completed = on_site.given(COMPLETED)
failed = on_site.given(FAILED)
accepted = completed.given(ACCEPTED)
rejected = completed.given(REJECTED, REWORK_ORDERED)
ended = WorkOrderCancelled(ticket_id=T, work_order_id=W1)
cancelled = assigned.given(ended)

MORNING = Slot(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3))
EVENING = Slot(MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=10))
OFFER, AGREE = MakeAppointment(MORNING, confirmed=False), MakeAppointment(MORNING, confirmed=True)
ARRIVE, PAUSE, COMPLETE = Arrive("l1", 5), Pause("waiting_parts"), Complete("r1")
FAIL, DECLINE, CALL = (
    Fail("part_missing", "await_parts", "f1"),
    DeclineAssignment("no_time", "d1"),
    NoteCall("no_answer", "k1"),
)
CHECK = CheckConduct(("badge", "uniform"))
ACCEPT, REJECT = Accept("n1", "s1"), Reject("x1")
PLANS: list[Any] = [Assign("e2"), Unassign(), AGREE]
VISIT: list[Any] = [ConfirmAssignment(), DECLINE, CALL, Depart(), ARRIVE, CHECK, PAUSE, Resume(), COMPLETE, FAIL]
STEPS: list[Any] = [*PLANS, *VISIT, ACCEPT, REJECT]


def said(kind: type[AppointmentProposed | AppointmentConfirmed | AppointmentMoved], slot: Slot) -> Event:
    return kind(ticket_id=T, work_order_id=W1, start=slot.start, end=slot.end)


WISHED = AppointmentWished(ticket_id=T, work_order_id=W1, start=EVENING.start, end=EVENING.end, note_id="n1")


def test_an_ordered_visit_gets_its_work_order_once() -> None:
    assert nothing.when(CreateWorkOrder(ORDERED)) == [CREATED]
    assert created.when(CreateWorkOrder(ORDERED)) == []


def test_a_rework_visit_names_what_it_makes_good() -> None:
    (event,) = nothing.when(CreateWorkOrder(REWORK))
    assert isinstance(event, WorkOrderCreated)
    assert (event.work_order_id, event.visit, event.rework_of) == (W2, 2, W1)


@pytest.mark.requirement("R019", "R061", "R065")
def test_a_visit_goes_from_assignment_to_signature() -> None:
    assert created.when(Assign("e1")) == [ASSIGNED]
    assert assigned.when(Depart()) == [DEPARTED]
    assert travelling.when(ARRIVE) == [ARRIVED]
    assert on_site.when(PAUSE) == [PAUSED]
    assert paused.when(Resume()) == [RESUMED]
    assert paused.given(RESUMED).when(COMPLETE) == [COMPLETED]
    assert completed.when(ACCEPT) == [ACCEPTED]


def test_appointment_and_departure_may_be_left_out() -> None:
    assert assigned.when(ARRIVE) == [ARRIVED]


def test_work_may_be_paused_again_and_again() -> None:
    assert paused.given(RESUMED).when(PAUSE) == [PAUSED]


@pytest.mark.requirement("R298")
def test_another_engineer_may_take_over_until_the_repair_is_completed() -> None:
    for visit in (assigned, travelling, on_site, paused):
        assert visit.when(Assign("e2")) == [CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e2")]
        assert visit.when(Assign("e1")) == []
    with completed.refuses("already-completed") as visit:
        visit.when(Assign("e2"))


@pytest.mark.requirement("R298")
def test_who_took_over_is_the_one_who_goes() -> None:
    relieved = assigned.given(CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e2"))
    assert relieved.when(Depart()) == [EngineerDeparted(ticket_id=T, work_order_id=W1, engineer_id="e2")]


def test_a_visit_is_taken_from_its_engineer_until_they_set_out() -> None:
    nobodys = CrewUnassigned(ticket_id=T, work_order_id=W1, engineer_id="e1")
    assert assigned.when(Unassign()) == [nobodys]
    assert created.when(Unassign()) == assigned.given(nobodys).when(Unassign()) == []
    assert assigned.given(nobodys).when(Assign("e1")) == [ASSIGNED]
    for begun in (travelling, on_site, paused):
        with begun.refuses("already-departed") as visit:
            visit.when(Unassign())
    with completed.refuses("already-completed") as visit:
        visit.when(Unassign())
    with assigned.given(nobodys).refuses("not-assigned") as visit:
        visit.when(Depart())


def test_an_agreed_time_stands_without_an_engineer() -> None:
    agreed = assigned.given(*assigned.when(AGREE))
    nobodys = agreed.given(*agreed.when(Unassign()))
    assert nobodys.status == "created"
    assert nobodys.when(PlanVisit("e2", MORNING, confirmed=True)) == [
        CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e2")
    ]


def test_an_engineer_works_on_visits_of_their_own() -> None:
    assert assigned.when(By("e1", Depart())) == [DEPARTED]
    for visit in (created, assigned, completed, cancelled):
        with visit.refuses("not-your-visit"):
            visit.when(By("e2", Depart()))
    with nothing.refuses("unknown-work-order"):
        nothing.when(By("e1", Depart()))


def test_an_engineer_takes_a_visit_once_and_whoever_is_given_it_next_is_asked_anew() -> None:
    assert assigned.when(By("e1", ConfirmAssignment())) == [CONFIRMED]
    confirmed = assigned.given(CONFIRMED)
    assert confirmed.when(ConfirmAssignment()) == []
    again = confirmed.given(*confirmed.when(Assign("e2")))
    assert again.when(By("e2", ConfirmAssignment())) == [replace(CONFIRMED, engineer_id="e2")]


def test_a_visit_that_is_declined_is_nobodys_and_its_agreed_time_stands() -> None:
    agreed = assigned.given(CONFIRMED, *assigned.when(AGREE))
    assert agreed.when(By("e1", DECLINE)) == [DECLINED, UNASSIGNED]
    nobodys = agreed.given(DECLINED, UNASSIGNED)
    assert (nobodys.status, nobodys.when(PlanVisit("e2", MORNING, confirmed=True))) == (
        "created",
        [CrewAssigned(ticket_id=T, work_order_id=W1, engineer_id="e2")],
    )
    with nobodys.refuses("not-your-visit") as visit:
        visit.when(By("e1", DECLINE))


@pytest.mark.requirement("R020")
def test_the_customer_is_rung_as_often_as_it_takes_until_the_visit_is_over() -> None:
    for visit in (assigned, assigned.given(CALLED), travelling, on_site, paused):
        assert visit.when(By("e1", CALL)) == [CALLED]
        assert visit.given(CALLED).status == visit.status


@pytest.mark.requirement("R021", "R022")
def test_the_code_of_conduct_is_gone_through_on_site_and_the_last_word_counts() -> None:
    for visit in (on_site, paused):
        assert visit.when(By("e1", CHECK)) == [KEPT]
        assert visit.given(KEPT).when(CHECK) == []
        assert visit.given(KEPT).when(CheckConduct(())) == [replace(KEPT, items=[])]


def test_a_visit_that_cannot_be_completed_says_why_and_what_is_next() -> None:
    for visit in (travelling, on_site):
        assert visit.when(By("e1", FAIL)) == [FAILED]


def test_no_pause_outlives_a_visit() -> None:
    assert paused.when(FAIL) == [RESUMED, FAILED]


def test_what_follows_a_failed_visit_does_not_begin_before_its_end() -> None:
    (further,) = nothing.when(CreateWorkOrder(FURTHER))
    assert isinstance(further, WorkOrderCreated)
    assert (further.work_order_id, further.visit, further.rework_of) == (W2, 2, None)
    state = at(60, further, CrewAssigned(ticket_id=T, work_order_id=W2, engineer_id="e1"))
    assert (code(Depart(), state, 59), code(Depart(), state, 60)) == ("before-previous-step", None)


@pytest.mark.requirement("R010")
def test_a_time_is_offered_agreed_and_moved() -> None:
    offered = assigned.given(*assigned.when(OFFER))
    assert offered.history[-1:] == (said(AppointmentProposed, MORNING),)
    agreed = offered.given(*offered.when(AGREE))
    assert agreed.history[-1:] == (said(AppointmentConfirmed, MORNING),)
    assert agreed.when(MakeAppointment(EVENING, confirmed=True)) == [said(AppointmentMoved, EVENING)]


def test_the_same_time_again_says_nothing() -> None:
    offered = assigned.given(*assigned.when(OFFER))
    agreed = offered.given(*offered.when(AGREE))
    assert (offered.when(OFFER), agreed.when(AGREE), agreed.when(OFFER)) == ([], [], [])


def test_an_agreed_time_stands_while_another_is_on_offer() -> None:
    agreed = assigned.given(*assigned.when(AGREE))
    wavering = agreed.given(*agreed.when(MakeAppointment(EVENING, confirmed=False)))
    assert wavering.history[-1:] == (said(AppointmentProposed, EVENING),)
    assert wavering.when(AGREE) == [said(AppointmentConfirmed, MORNING)]
    assert wavering.when(MakeAppointment(EVENING, confirmed=True)) == [said(AppointmentMoved, EVENING)]


def times(visit: Given) -> Appointment:
    history: list[Any] = [*visit.history]
    return work_order.fold(history).appointment


def confirm(slot: Slot, ticket_id: str = T, work_order_id: str | None = W1) -> ConfirmByLink:
    return ConfirmByLink(ticket_id, work_order_id, slot)


def test_a_customer_confirms_the_time_that_they_were_shown_and_no_other() -> None:
    offered = assigned.given(*assigned.when(OFFER))
    agreed = offered.given(*offered.when(confirm(MORNING)))
    assert agreed.history[-1:] == (said(AppointmentConfirmed, MORNING),)
    moved = agreed.given(*agreed.when(MakeAppointment(EVENING, confirmed=False)))
    assert moved.when(confirm(EVENING)) == [said(AppointmentMoved, EVENING)]
    assert agreed.when(confirm(MORNING)) == []
    for visit, slot in ((assigned, MORNING), (offered, EVENING), (moved, MORNING)):
        with visit.refuses("appointment-changed"):
            visit.when(confirm(slot))


def test_a_wish_stands_beside_what_was_agreed_until_a_time_is_planned_after_it() -> None:
    agreed = assigned.given(*assigned.when(AGREE))
    wishing = agreed.given(*agreed.when(WishByLink(T, W1, EVENING, "n1")))
    assert wishing.history[-1:] == (WISHED,)
    assert times(wishing) == Appointment(agreed=MORNING, wished=EVENING)
    assert wishing.when(OFFER) == [said(AppointmentProposed, MORNING)]
    assert wishing.when(AGREE) == [said(AppointmentConfirmed, MORNING)]
    assert wishing.when(MakeAppointment(EVENING, confirmed=True)) == [said(AppointmentMoved, EVENING)]
    answered = wishing.given(said(AppointmentConfirmed, MORNING))
    assert times(answered) == Appointment(agreed=MORNING)


def test_a_wish_may_come_before_anybody_planned_a_time() -> None:
    assert created.when(WishByLink(T, W1, EVENING, "n1")) == [WISHED]


@pytest.mark.parametrize(
    ("visit", "code"),
    [(travelling, "already-departed"), (completed, "already-completed"), (cancelled, "work-order-cancelled")],
)
def test_a_link_changes_no_time_once_the_engineer_set_out(visit: Given, code: str) -> None:
    for command in (confirm(MORNING), WishByLink(T, W1, MORNING)):
        with visit.refuses(code):
            visit.when(command)


@pytest.mark.parametrize("about", [("t2", W1), (T, W2), (T, None)])
@pytest.mark.parametrize("visit", [nothing, assigned, cancelled])
def test_a_link_of_another_ticket_or_visit_says_nothing_about_this_one(
    visit: Given, about: tuple[str, str | None]
) -> None:
    for command in (ConfirmByLink(*about, MORNING), WishByLink(*about, MORNING)):
        with visit.refuses("not-your-work-order"):
            visit.when(command)


def test_nobody_wishes_a_time_that_is_over_or_years_ahead() -> None:
    with assigned.refuses("appointment-in-the-past"):
        assigned.when(WishByLink(T, W1, MORNING), at=MORNING.end)
    with assigned.refuses("appointment-too-far-ahead"):
        assigned.when(WishByLink(T, W1, EVENING), at=EVENING.start - FURTHEST - timedelta(seconds=1))


def test_a_time_is_measured_against_when_the_command_happened() -> None:
    assert assigned.when(AGREE, at=MORNING.end - timedelta(seconds=1)) == [said(AppointmentConfirmed, MORNING)]
    with assigned.refuses("appointment-in-the-past") as visit:
        visit.when(AGREE, at=MORNING.end)


@pytest.mark.parametrize("visit", [travelling, on_site])
def test_no_appointment_once_the_engineer_set_out(visit: Given) -> None:
    with visit.refuses("already-departed"):
        visit.when(AGREE)


@pytest.mark.parametrize(
    ("visit", "command", "code"),
    [
        *[(created, command, "not-assigned") for command in (AGREE, *VISIT)],
        (created, ACCEPT, "not-completed"),
        (travelling, Depart(), "already-departed"),
        (on_site, Depart(), "already-on-site"),
        (on_site, ARRIVE, "already-on-site"),
        (assigned, PAUSE, "not-on-site"),
        (travelling, Resume(), "not-on-site"),
        (travelling, COMPLETE, "not-on-site"),
        (on_site, Resume(), "not-paused"),
        (paused, PAUSE, "already-paused"),
        (paused, COMPLETE, "work-paused"),
        (paused, ACCEPT, "not-completed"),
        (on_site, REJECT, "not-completed"),
        *[(completed, command, "already-completed") for command in STEPS[:-2]],
        *[(failed, command, "already-failed") for command in STEPS[:-2]],
        *[(failed, command, "not-completed") for command in STEPS[-2:]],
        *[(visit, DECLINE, "already-departed") for visit in (travelling, on_site, paused)],
        (travelling, ConfirmAssignment(), "already-departed"),
        (assigned, FAIL, "not-under-way"),
        (travelling, CHECK, "not-on-site"),
        (on_site, CheckConduct(("uniform", "bow_tie")), "unknown-conduct"),
        (accepted, ACCEPT, "already-accepted"),
        (accepted, REJECT, "already-accepted"),
        (accepted, PAUSE, "already-completed"),
        (rejected, ACCEPT, "already-rejected"),
        (rejected, REJECT, "already-rejected"),
        *[(cancelled, command, "work-order-cancelled") for command in STEPS],
        *[(nothing, command, "unknown-work-order") for command in STEPS],
    ],
)
def test_a_step_out_of_order_is_refused(visit: Given, command: Any, code: str) -> None:
    with visit.refuses(code):
        visit.when(command)


@pytest.mark.requirement("R065")
def test_a_rejected_repair_orders_rework_on_the_same_ticket() -> None:
    assert completed.when(REJECT) == [REJECTED, REWORK_ORDERED]


def test_a_customer_accepts_by_a_link_with_a_name_in_place_of_a_signature_or_rejects() -> None:
    by_name = replace(ACCEPTED, signature_id=None, by_link=True)
    assert completed.when(ByLink(T, W1, Accept("n1", None))) == [by_name]
    assert completed.when(ByLink(T, W1, Reject("x1", by_link=True))) == [
        replace(REJECTED, by_link=True),
        REWORK_ORDERED,
    ]
    for visit, code in ((on_site, "not-completed"), (accepted, "already-accepted"), (rejected, "already-rejected")):
        with visit.refuses(code):
            visit.when(ByLink(T, W1, Accept("n1", None)))


@pytest.mark.parametrize(("ticket", "object"), [("t2", W1), (T, W2), (T, None)])
def test_a_link_of_another_ticket_or_work_order_gives_no_verdict_whatever_became_of_this_one(
    ticket: str, object: str | None
) -> None:
    for visit in (nothing, on_site, completed, accepted, cancelled):
        for verdict in (Accept("n1", None), Reject("x1", by_link=True)):
            with visit.refuses("not-your-work-order"):
                visit.when(ByLink(ticket, object, verdict))


def test_an_open_visit_is_cancelled_once_and_a_judged_one_never() -> None:
    for visit in (created, travelling, completed):
        assert visit.when(CancelWorkOrder()) == [ended]
    assert paused.when(CancelWorkOrder()) == [RESUMED, ended]  # nothing waits for its work any more
    for visit in (nothing, failed, accepted, rejected, cancelled):
        assert visit.when(CancelWorkOrder()) == []


def test_its_status_is_how_far_it_came_and_never_a_pause() -> None:
    visits = (nothing, created, assigned, travelling, on_site, paused, completed, failed, accepted, rejected, cancelled)
    assert [visit.status for visit in visits] == [
        "unknown",
        "created",
        "assigned",
        "travelling",
        "on_site",
        "on_site",
        "completed",
        "failed",
        "accepted",
        "rejected",
        "cancelled",
    ]


def at(minutes: int, *events: Event) -> Any:
    """A work order whose events happened at these minutes and every minute after."""
    return work_order.replay([recorded(event, minutes + n) for n, event in enumerate(events, 1)])


def code(command: Any, state: Any, minutes: int) -> str | None:
    """How a command that happened at this minute is refused; None if it is not."""
    try:
        work_order.decide(command, state, MONDAY + timedelta(minutes=minutes))
    except Refused as refused:
        return refused.code
    return None


def test_nothing_is_planned_before_there_is_a_work_order() -> None:
    ordered, planned = at(60, CREATED), at(60, CREATED, ASSIGNED)
    assert (code(Assign("e1"), ordered, 59), code(Assign("e1"), ordered, 60)) == ("before-work-order", None)
    for appointment in (OFFER, AGREE):
        assert code(appointment, planned, 59) == "before-work-order"
        assert code(appointment, planned, 60) is None


def test_a_plan_is_an_engineer_and_a_time_in_one() -> None:
    assert created.when(PlanVisit("e1", MORNING, confirmed=True)) == [ASSIGNED, said(AppointmentConfirmed, MORNING)]
    assert assigned.when(PlanVisit("e1", MORNING, confirmed=False)) == [said(AppointmentProposed, MORNING)]
    planned = assigned.given(said(AppointmentConfirmed, MORNING))
    assert planned.when(PlanVisit("e1", MORNING, confirmed=True)) == []
    moved = planned.when(PlanVisit("e2", EVENING, confirmed=True))
    assert moved == [replace(ASSIGNED, engineer_id="e2"), said(AppointmentMoved, EVENING)]


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (nothing, "unknown-work-order"),
        (cancelled, "work-order-cancelled"),
        (travelling, "already-departed"),
        (on_site, "already-departed"),
        (completed, "already-completed"),
    ],
)
def test_half_a_plan_is_none(visit: Given, code: str) -> None:
    with visit.refuses(code) as planned:
        planned.when(PlanVisit("e2", MORNING, confirmed=True))


def test_whoever_set_out_before_the_office_wrote_the_assignment_down_can_say_so() -> None:
    assert code(Depart(), at(60, CREATED, ASSIGNED), 10) is None


def test_a_call_that_the_office_notes_keeps_no_phone_from_saying_what_came_before_it() -> None:
    state = at(0, CREATED, ASSIGNED, DEPARTED, CALLED)
    assert (code(ARRIVE, state, 1), code(ARRIVE, state, 2)) == ("before-previous-step", None)


def test_rework_does_not_begin_before_the_rejection_that_ordered_it() -> None:
    (again,) = nothing.when(CreateWorkOrder(REWORK))
    state = at(60, again, CrewAssigned(ticket_id=T, work_order_id=W2, engineer_id="e1"))
    assert (code(Depart(), state, 59), code(Depart(), state, 60)) == ("before-previous-step", None)
