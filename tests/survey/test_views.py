"""The rows of the list of callbacks, folded from history."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from libs.events import Event, Refused
from services.survey.callbacks.domain import RecordAttempt, Schedule, callback
from services.survey.callbacks.view import DUE, CallbackRow, callback_view, row_of
from tests.spec import MONDAY
from tests.survey.story import COMPLETED, MISSED, REACHED, SCHEDULED, C, T, W, recorded

ATTEMPTS = [
    RecordAttempt("no_answer"),
    RecordAttempt("wrong_number", comment_id="x2"),
    RecordAttempt("later"),
    RecordAttempt("refused", comment_id="x3"),
    RecordAttempt("reached", 4, "x1"),
]


def row(*events: Event) -> CallbackRow:
    found = callback_view.fold(recorded(event, n) for n, event in enumerate(events, 1))[C]
    assert found is not None
    return found


def test_a_scheduled_callback_is_on_the_list() -> None:
    assert row(SCHEDULED) == CallbackRow(
        id=C, ticket_id=T, work_order_id=W, customer_id="c1", version=1, opened_at=MONDAY
    )


def test_the_list_shows_what_came_of_the_calls() -> None:
    assert row(SCHEDULED, MISSED, REACHED, COMPLETED) == CallbackRow(
        id=C,
        ticket_id=T,
        work_order_id=W,
        customer_id="c1",
        status="completed",
        attempts=2,
        last_outcome="reached",
        last_attempt_at=MONDAY + timedelta(minutes=2),
        score=5,
        comment_id="x1",
        version=4,
        opened_at=MONDAY,
    )


def test_a_call_says_when_the_next_one_is_due_and_the_one_after_says_it_anew() -> None:
    agreed = replace(MISSED, again_at=MONDAY + timedelta(days=1))
    waiting = row(SCHEDULED, agreed)
    assert (DUE.value(asdict(waiting)), DUE.value(asdict(row(SCHEDULED)))) == (agreed.again_at, MONDAY)
    assert row(SCHEDULED, agreed, replace(MISSED, attempt=2)).again_at is None


@given(st.lists(st.sampled_from(ATTEMPTS), max_size=8))
def test_the_list_says_what_the_decider_says(attempts: list[RecordAttempt]) -> None:
    history: list[Any] = []
    commands: list[Any] = [Schedule(T, W, "c1"), *attempts]
    for command in commands:
        try:
            history += callback.decide(command, callback.fold(history), MONDAY)
        except Refused:
            break
    told, state = row(*history), callback.fold(history)
    assert (told.status, told.attempts, told.version) == (callback.status(state), state.attempts, len(history))


def test_a_history_that_ends_in_the_past_folds_to_the_row_of_then() -> None:
    history = [recorded(event, n) for n, event in enumerate([SCHEDULED, MISSED, REACHED, COMPLETED], 1)]
    assert [row_of(history[:n])["attempts"] for n in (1, 2, 3, 4)] == [0, 1, 2, 2]


def test_no_row_is_about_another_stream() -> None:
    assert callback_view.key(recorded(SCHEDULED, 1, f"ticket-{T}")) is None
