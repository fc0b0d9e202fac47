"""An engineer is in one place at a time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.dispatch.work_orders.domain.appointment import Slot
from services.dispatch.work_orders.domain.schedule import (
    EngineerReleased,
    EngineerReserved,
    Hold,
    Release,
    Reserve,
    booking,
    schedule,
)
from services.dispatch.work_orders.domain.work_order import work_order
from tests.dispatch.story import ARRIVED, ASSIGNED, COMPLETED, CREATED, DEPARTED, FAILED, PAUSED, RESUMED
from tests.spec import MONDAY, Given


def slot(first: int, last: int) -> Slot:
    return Slot(MONDAY + timedelta(hours=first), MONDAY + timedelta(hours=last))


def reserved(work_order_id: str, hours: Slot | None = None, present: bool = False, over: str = "") -> EngineerReserved:
    start, end = (hours.start, hours.end) if hours else (None, None)
    return EngineerReserved(
        engineer_id="e1", work_order_id=work_order_id, start=start, end=end, present=present, over=over.split()
    )


def reserve(work_order_id: str, hours: Slot | None = None, present: bool = False) -> Reserve:
    return Reserve("e1", work_order_id, Hold(hours, present))


def state_of(given: Given) -> Any:
    return given.decider.fold(given.history)


free = Given(schedule)
taken = free.given(reserved("w1", slot(1, 3)))


def test_agreed_times_may_touch_and_never_overlap() -> None:
    for hours in (slot(0, 1), slot(3, 5)):
        assert taken.when(reserve("w2", hours)) == [reserved("w2", hours)]
    for hours in (slot(0, 2), slot(1, 3), slot(2, 9), slot(0, 9)):
        with taken.refuses("overlap") as day:
            day.when(reserve("w2", hours))


def test_a_refusal_names_the_other_visit() -> None:
    with pytest.raises(Exception, match="w1"):
        taken.when(reserve("w2", slot(1, 2)))


def test_a_visit_moves_within_its_own_time() -> None:
    assert taken.when(reserve("w1", slot(2, 4))) == [reserved("w1", slot(2, 4))]
    assert taken.when(reserve("w1", slot(1, 3))) == []


def test_nobody_is_at_two_doors() -> None:
    there = free.given(reserved("w1", present=True))
    with there.refuses("overlap"):
        there.when(reserve("w2", present=True))
    paused = there.given(reserved("w1"))
    assert paused.when(reserve("w2", present=True)) == [reserved("w2", present=True, over="w1")]


def test_what_has_passed_is_dropped_and_stands_in_nobodys_way() -> None:
    later: datetime = MONDAY + timedelta(hours=3)
    (event,) = taken.when(reserve("w2", slot(1, 9)), later)
    assert event == reserved("w2", slot(1, 9), over="w1")
    assert list(state_of(taken.given(event)).holds) == ["w2"]


def test_what_a_visit_had_before_is_not_asked_for_again() -> None:
    """A step that is written down late is not refused for a time that was agreed meanwhile with somebody else."""
    both = free.given(reserved("w1", slot(-3, -1)), reserved("w2", slot(-2, 3), over="w1"))
    before = MONDAY - timedelta(hours=2)
    departed = Reserve("e1", "w1", Hold(slot(-3, -1), present=True), had=Hold(slot(-3, -1)))
    assert both.when(departed, before) == [reserved("w1", slot(-3, -1), present=True)]
    with both.refuses("overlap"):
        both.when(reserve("w1", slot(-3, -1)), before)


def test_a_time_that_has_passed_is_not_wanted_any_more() -> None:
    day = free.given(reserved("w1", slot(-2, 3)))
    assert day.when(reserve("w2", slot(-3, 0))) == [reserved("w2", slot(-3, 0))]


def test_letting_go_is_never_refused() -> None:
    assert taken.when(Release("e1", "w1")) == [EngineerReleased(engineer_id="e1", work_order_id="w1")]
    assert taken.when(Release("e1", "w2")) == []
    assert (free.status, taken.status) == ("free", "busy")


def test_what_a_work_order_holds() -> None:
    created = Given(work_order).given(CREATED)
    assigned = created.given(ASSIGNED)
    there = assigned.given(DEPARTED, ARRIVED)
    shown = [booking(state_of(one)) for one in (created, assigned, there, there.given(PAUSED))]
    assert [one and one.hold.present for one in shown] == [None, False, True, False]
    again = there.given(PAUSED, RESUMED)
    resumed, done = (booking(state_of(one)) for one in (again, again.given(COMPLETED)))
    assert resumed is not None
    assert (resumed.engineer_id, resumed.hold.present, done) == ("e1", True, None)
    assert booking(state_of(there.given(FAILED))) is None
