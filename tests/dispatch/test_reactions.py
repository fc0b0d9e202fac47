"""What dispatch hears: authorised work and cancelled tickets, in whatever order and however often."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events import Event
from libs.events.contracts.dispatch.work_orders import WorkOrderCancelled, WorkOrderCreated
from services.dispatch.jobs.domain import VisitOrdered, job
from services.dispatch.reactions import reactions
from services.dispatch.work_orders.api.acceptances import rejection
from services.dispatch.work_orders.domain.acceptance import Reject
from services.dispatch.work_orders.domain.work_order import work_order
from tests.dispatch.story import (
    ACCEPTED,
    ARRIVED,
    ASSIGNED,
    AUTHORISED,
    AUTHORISED_AGAIN,
    CANCELLED,
    CLOSED,
    COMPLETED,
    CREATED,
    DUPLICATE,
    ORDERED,
    REJECTED,
    REWORK,
    REWORK_ORDERED,
    UNMERGED,
    W1,
    W2,
    Log,
    T,
    recorded,
)

TRIAGE: list[Event] = [AUTHORISED, AUTHORISED]
ENDS: list[Event] = [CANCELLED, DUPLICATE]
ends = pytest.mark.parametrize("end", ENDS, ids=["cancelled", "duplicate"])


def hear(log: Log, *events: Event) -> list[Event]:
    """What the reactions to these events came to."""
    return [said for event in events for said in log.tell(reactions[type(event)](recorded(event)))]


def status(log: Log, id: str = W1) -> str:
    return work_order.status(work_order.fold(log.streams[work_order.stream(id)]))


@pytest.mark.requirement("R063", "R361")
def test_authorised_work_makes_one_work_order() -> None:
    assert hear(Log(), AUTHORISED, AUTHORISED) == [ORDERED, CREATED]


@ends
def test_a_cancelled_ticket_ends_its_open_visit(end: Event) -> None:
    log = Log()
    hear(log, AUTHORISED)
    assert hear(log, end)[1:] == [WorkOrderCancelled(ticket_id=T, work_order_id=W1)]


@ends
def test_work_authorised_after_the_cancellation_makes_nothing(end: Event) -> None:
    log = Log()
    hear(log, end, AUTHORISED)
    assert not log.streams[work_order.stream(W1)]


@given(st.sampled_from(ENDS), st.permutations([0, 0, 1, 1]))
def test_the_order_of_the_topics_and_redelivery_do_not_matter(end: Event, turns: list[int]) -> None:
    queues, log = [iter(TRIAGE), iter([end, end])], Log()
    hear(log, *(next(queues[turn]) for turn in turns))
    assert status(log) in ("unknown", "cancelled")
    assert job.status(job.fold(log.streams[job.stream(T)])) == "cancelled"
    assert [type(event) for event in log.streams[work_order.stream(W1)]].count(WorkOrderCancelled) <= 1


@pytest.mark.parametrize("news", [[AUTHORISED, UNMERGED], [UNMERGED, AUTHORISED]], ids=["held", "restored"])
def test_work_authorised_after_a_merge_was_taken_back_is_ordered_whichever_is_heard_first(news: list[Event]) -> None:
    log = Log()
    hear(log, DUPLICATE, *news, AUTHORISED)
    assert status(log) == "created"
    assert log.streams[work_order.stream(W1)] == [CREATED]


@given(st.permutations([0, 1, 1]), st.integers(1, 3))
def test_a_ticket_that_goes_on_after_a_merge_has_one_visit_to_be_made_whenever_its_work_is_heard_of(
    turns: list[int], merges: int
) -> None:
    log, queues = Log(), [iter([AUTHORISED]), iter([DUPLICATE, UNMERGED] * merges)]
    hear(log, *(next(queues[turn]) for turn in turns), *queues[1], AUTHORISED)
    made = [status(log, id.removeprefix("work_order-")) for id in [*log.streams] if id.startswith("work_order-")]
    assert made.count("created") == 1
    assert {*made} <= {"created", "cancelled"}


def test_the_visit_in_place_of_one_that_a_merge_called_off_makes_good_what_that_one_was_to() -> None:
    log = Log()
    hear(log, AUTHORISED)
    log.streams[work_order.stream(W1)] += [ASSIGNED, ARRIVED, COMPLETED]
    log.tell(rejection(W1, Reject("x1")))
    (_, again, _) = hear(log, DUPLICATE, UNMERGED)[2:]
    assert isinstance(again, VisitOrdered)
    assert (again.visit, again.rework_of) == (3, W1)


def test_what_was_accepted_before_a_merge_is_not_made_again_when_it_is_taken_back() -> None:
    log = Log()
    hear(log, AUTHORISED)
    log.streams[work_order.stream(W1)] += [ASSIGNED, ARRIVED, COMPLETED, ACCEPTED]
    hear(log, DUPLICATE, UNMERGED)
    assert status(log) == "accepted"
    assert not log.streams[work_order.stream(W2)]


@given(st.permutations([AUTHORISED, CLOSED]))
def test_a_visit_of_a_ticket_that_was_closed_is_called_off_or_never_ordered(news: list[Event]) -> None:
    log = Log()
    hear(log, *news, *news)
    assert status(log) in ("unknown", "cancelled")
    assert [type(event) for event in log.streams[work_order.stream(W1)]].count(WorkOrderCancelled) <= 1


def test_what_was_accepted_stays_so_when_its_ticket_is_closed() -> None:
    log = Log()
    hear(log, AUTHORISED)
    log.streams[work_order.stream(W1)] += [ASSIGNED, ARRIVED, COMPLETED, ACCEPTED]
    hear(log, CLOSED)
    assert status(log) == "accepted"


@given(st.permutations([CLOSED, AUTHORISED_AGAIN]))
def test_a_late_closing_leaves_the_visit_of_the_next_cycle_alone(news: list[Event]) -> None:
    log = Log()
    hear(log, AUTHORISED)
    log.streams[work_order.stream(W1)] += [ASSIGNED, ARRIVED, COMPLETED, ACCEPTED]
    hear(log, *news)
    assert (status(log), status(log, W2)) == ("accepted", "created")
    (again,) = [event for event in log.streams[work_order.stream(W2)] if isinstance(event, WorkOrderCreated)]
    assert (again.visit, again.cycle) == (2, 2)


@pytest.mark.requirement("R065")
def test_a_rejection_makes_the_rework_visit_in_the_same_story() -> None:
    log = Log()
    hear(log, AUTHORISED)
    log.streams[work_order.stream(W1)] += [ASSIGNED, ARRIVED, COMPLETED]
    said = log.tell(rejection(W1, Reject("x1")))
    assert said[:3] == [REJECTED, REWORK_ORDERED, REWORK]
    assert (status(log), status(log, W2)) == ("rejected", "created")


@given(st.integers(0, 5), st.integers())
def test_however_often_it_was_rejected_a_cancellation_ends_the_last_visit(times: int, seed: int) -> None:
    log, chance = Log(), random.Random(seed)
    hear(log, AUTHORISED)
    visit = W1
    for _ in range(times):
        log.streams[work_order.stream(visit)] += [ASSIGNED, ARRIVED, COMPLETED]
        visit = log.tell(rejection(visit, Reject("x1")))[2].work_order_id  # type: ignore[attr-defined] # VisitOrdered
        if chance.random() < 0.5:
            hear(log, AUTHORISED)
    hear(log, CANCELLED)
    assert status(log, visit) == "cancelled"
    assert sum(status(log, stream.removeprefix("work_order-")) == "cancelled" for stream in [*log.streams][1:]) == 1
