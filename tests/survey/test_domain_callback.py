"""A callback is tried until the customer was reached or refuses."""

from datetime import timedelta
from uuid import UUID

import pytest

from libs.events.contracts.survey.callbacks import CallbackAttempted, CallbackCompleted, CallOutcome
from services.survey.callbacks.domain import RateByLink, RecordAttempt, Schedule, callback, callback_id_of
from tests.spec import MONDAY, Given
from tests.survey.story import COMPLETED, MISSED, REACHED, SCHEDULED, C, T, W

TOMORROW = MONDAY + timedelta(days=1)
nothing = Given(callback)
scheduled = nothing.given(SCHEDULED)
completed = scheduled.given(MISSED, REACHED, COMPLETED)


@pytest.mark.requirement("R083")
def test_an_accepted_repair_schedules_one_callback() -> None:
    assert nothing.when(Schedule(T, W, "c1")) == [SCHEDULED]
    assert scheduled.when(Schedule(T, W, "c1")) == completed.when(Schedule(T, W, "c1")) == []


@pytest.mark.requirement("R083")
@pytest.mark.parametrize("outcome", ["no_answer", "wrong_number", "later"])
def test_who_was_not_reached_is_called_again(outcome: CallOutcome) -> None:
    said = scheduled.when(RecordAttempt(outcome))
    assert said == [CallbackAttempted(ticket_id=T, callback_id=C, attempt=1, outcome=outcome)]
    assert scheduled.given(*said).status == "scheduled"


def test_who_asks_to_be_called_later_says_when() -> None:
    (said,) = scheduled.when(RecordAttempt("later", again_at=TOMORROW))
    assert said == CallbackAttempted(ticket_id=T, callback_id=C, attempt=1, outcome="later", again_at=TOMORROW)
    with scheduled.refuses("again-before-attempt"):
        scheduled.when(RecordAttempt("later", again_at=MONDAY - timedelta(days=1)))


@pytest.mark.requirement("R064")
def test_the_customer_who_was_reached_gives_a_score() -> None:
    assert scheduled.given(MISSED).when(RecordAttempt("reached", 5, "x1")) == [REACHED, COMPLETED]


def test_the_customer_who_refuses_is_left_alone() -> None:
    attempt, done = scheduled.when(RecordAttempt("refused"))
    assert attempt == CallbackAttempted(ticket_id=T, callback_id=C, attempt=1, outcome="refused")
    assert done == CallbackCompleted(ticket_id=T, callback_id=C, outcome="refused")


def test_a_score_by_a_link_completes_it_without_a_call() -> None:
    rated = CallbackCompleted(ticket_id=T, callback_id=C, outcome="by_link", score=4, comment_id="x1")
    assert (
        scheduled.when(RateByLink(T, C, 4, "x1")) == scheduled.given(MISSED).when(RateByLink(T, C, 4, "x1")) == [rated]
    )
    assert scheduled.given(rated).status == "completed"


@pytest.mark.parametrize(("ticket", "of"), [("t2", C), (T, "k2"), (T, None)])
def test_a_link_of_another_ticket_or_callback_rates_nothing(ticket: str, of: str | None) -> None:
    for state in (scheduled, completed, nothing):
        with state.refuses("not-your-callback"):
            state.when(RateByLink(ticket, of, 5))


def test_a_link_rates_no_callback_that_is_completed() -> None:
    with completed.refuses("callback-completed"):
        completed.when(RateByLink(T, C, 1))


def test_nobody_calls_after_the_callback_was_completed() -> None:
    with completed.refuses("callback-completed") as done:
        done.when(RecordAttempt("later"))


def test_there_is_no_attempt_without_a_callback() -> None:
    with nothing.refuses("unknown-callback") as unheard:
        unheard.when(RecordAttempt("later"))


def test_attempts_are_a_fact_beside_the_status() -> None:
    visits = (nothing, scheduled, scheduled.given(MISSED), completed)
    assert [visit.status for visit in visits] == ["unknown", "scheduled", "scheduled", "completed"]


def test_the_id_of_a_callback_follows_from_its_work_order() -> None:
    assert str(UUID(C)) == C == callback_id_of(W) != callback_id_of("other")
