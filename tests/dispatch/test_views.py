"""The board's rows, folded from history."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events import Event, Refused
from libs.events.contracts.dispatch.work_orders import WorkOrderCreated
from services.dispatch.engineers.domain.engineer import EngineerRegistered
from services.dispatch.engineers.view import EngineerRow, engineer_view
from services.dispatch.work_orders.domain.acceptance import Accept, Reject
from services.dispatch.work_orders.domain.appointment import ConfirmByLink, MakeAppointment, Slot, WishByLink
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
    CancelWorkOrder,
    CreateWorkOrder,
    Unassign,
    WorkOrder,
    work_order,
)
from services.dispatch.work_orders.view import WorkOrderRow, row_of, work_order_view
from tests.dispatch.story import (
    ACCEPTED,
    ARRIVED,
    ASSIGNED,
    CALLED,
    COMPLETED,
    CONFIRMED,
    CREATED,
    DECLINED,
    FAILED,
    ORDERED,
    PAUSED,
    REJECTED,
    RESUMED,
    REWORK_ORDERED,
    UNASSIGNED,
    W1,
    W2,
    T,
    recorded,
)
from tests.spec import MONDAY

SLOTS = [Slot(MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour + 1)) for hour in (1, 5)]
COMMANDS: list[Any] = [
    *[MakeAppointment(slot, confirmed) for slot in SLOTS for confirmed in (True, False)],
    *[ConfirmByLink(T, W1, SLOTS[0]), WishByLink(T, W1, SLOTS[1], "x2")],
    *[*[Assign(engineer) for engineer in ("e1", "e2")], Unassign()],
    *[Depart(), Arrive("l1", 5), Pause("waiting"), Pause("waiting_parts", "p1"), Resume(), Complete("r1")],
    *[CheckConduct(("badge",)), CheckConduct(())],
    *[ConfirmAssignment(), DeclineAssignment("unavailable"), NoteCall("reached"), Fail("other", "office_decides")],
    *[Accept("n1", "s1"), Reject("x1"), CancelWorkOrder()],
]


def row(*events: Event) -> WorkOrderRow:
    found = work_order_view.fold([recorded(event, n, f"work_order-{W1}") for n, event in enumerate(events, 1)])[W1]
    assert found is not None
    return found


def test_a_new_work_order_is_on_the_board() -> None:
    assert row(CREATED) == WorkOrderRow(
        id=W1, ticket_id=T, customer_id="c1", visit=1, job_type="repair", skills=["hvac"], version=1, opened_at=MONDAY
    )


def test_a_pause_stands_beside_the_status() -> None:
    waiting = row(CREATED, ASSIGNED, ARRIVED, PAUSED)
    assert (waiting.status, waiting.paused, waiting.pause_reason) == ("on_site", True, "waiting_parts")
    going = row(CREATED, ASSIGNED, ARRIVED, PAUSED, RESUMED)
    assert (going.status, going.paused, going.pause_reason) == ("on_site", False, None)


def test_a_finished_visit_names_its_texts_and_times() -> None:
    done = row(CREATED, ASSIGNED, ARRIVED, COMPLETED, ACCEPTED)
    assert (done.result_id, done.signed_by_id, done.reasons_id, done.version) == ("r1", "n1", None, 5)
    assert (done.arrived_at, done.completed_at) == (MONDAY + timedelta(minutes=2), MONDAY + timedelta(minutes=3))


def test_a_failed_visit_says_why_and_what_is_next() -> None:
    over = row(CREATED, ASSIGNED, ARRIVED, FAILED)
    assert (over.status, over.failure_reason, over.next_step) == ("failed", "part_missing", "await_parts")
    assert (over.failure_note_id, over.next_work_order_id, over.completed_at) == ("f1", W2, None)


@pytest.mark.requirement("R020")
def test_the_last_call_is_on_the_board() -> None:
    rung = row(CREATED, ASSIGNED, CALLED, msgspec.structs.replace(CALLED, outcome="reached", note_id=None))
    assert (rung.status, rung.call_outcome, rung.call_note_id) == ("assigned", "reached", None)
    assert rung.called_at == MONDAY + timedelta(minutes=3)


def test_an_answer_stands_until_the_visit_is_given_to_somebody_again() -> None:
    taken = row(CREATED, ASSIGNED, CONFIRMED)
    assert (taken.status, taken.crew_confirmed_at) == ("assigned", MONDAY + timedelta(minutes=2))
    declined = row(CREATED, ASSIGNED, CONFIRMED, DECLINED, UNASSIGNED)
    assert (declined.status, declined.engineer_id, declined.crew_confirmed_at) == ("created", None, None)
    assert (declined.decline_reason, declined.decline_note_id) == ("no_time", "d1")
    again = row(CREATED, ASSIGNED, DECLINED, UNASSIGNED, ASSIGNED)
    assert (again.decline_reason, again.decline_note_id, again.crew_confirmed_at) == (None, None, None)


def test_a_rejected_visit_names_its_rework() -> None:
    done = row(CREATED, ASSIGNED, ARRIVED, COMPLETED, REJECTED, REWORK_ORDERED)
    assert (done.status, done.reasons_id, done.rework_work_order_id) == ("rejected", "x1", W2)


@given(st.lists(st.sampled_from(COMMANDS), max_size=25))
def test_the_board_says_what_the_decider_says(commands: list[Any]) -> None:
    history: list[Any] = []
    for command in [CreateWorkOrder(ORDERED), *commands]:
        try:
            history += work_order.decide(command, work_order.fold(history), MONDAY)
        except Refused:
            continue
    told, state = row(*history), work_order.fold(history)
    assert (told.status, told.version) == (work_order.status(state), len(history))
    assert facts(told) == known(state)


def facts(told: WorkOrderRow) -> tuple[object, ...]:
    times = (
        told.agreed_start,
        told.agreed_end,
        told.offered_start,
        told.offered_end,
        told.wished_start,
        told.wished_end,
    )
    return (told.engineer_id, told.crew_confirmed_at is not None, told.paused, told.pause_reason is not None, *times)


def known(state: WorkOrder) -> tuple[object, ...]:
    planned = state.appointment
    slots = [
        (slot.start, slot.end) if slot else (None, None) for slot in (planned.agreed, planned.offered, planned.wished)
    ]
    paused = state.visit.paused
    return (state.engineer_id, state.confirmed, paused, paused, *slots[0], *slots[1], *slots[2])


def test_a_history_that_ends_in_the_past_folds_to_the_row_of_then() -> None:
    history = [recorded(event, n, f"work_order-{W1}") for n, event in enumerate([CREATED, ASSIGNED, ARRIVED], 1)]
    assert [row_of(history[:n])["status"] for n in (1, 2, 3)] == ["created", "assigned", "on_site"]


def test_no_row_is_about_another_stream() -> None:
    assert work_order_view.key(recorded(ORDERED, 1, f"job-{T}")) is None
    assert engineer_view.key(recorded(CREATED, 1, f"work_order-{W1}")) is None
    other = WorkOrderCreated(
        ticket_id=T, customer_id="c1", work_order_id=W2, visit=2, job_type="repair", skills=[], rework_of=W1
    )
    assert work_order_view.key(recorded(other, 1, f"work_order-{W2}")) == W2


def test_an_engineer_is_on_the_list() -> None:
    event = EngineerRegistered(engineer_id="e1", name_id="n1", skills=["hvac"], region="north")
    told = engineer_view.fold([recorded(event, 1, "engineer-e1")])
    assert told == {
        "e1": EngineerRow(id="e1", name_id="n1", skills=["hvac"], region="north", version=1, opened_at=MONDAY)
    }
