"""A callback (回访): one for each repair that a customer accepted, tried until the customer was reached or refuses.

A customer who gives a score by a link needs no call any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, get_args
from uuid import NAMESPACE_URL, uuid5

from libs.events import Catalogue, Decider, Forbidden, Refused
from libs.events.chronology import after_step
from libs.events.contracts.survey.callbacks import CallbackAttempted, CallbackCompleted, CallbackScheduled, CallOutcome

CallbackEvent = CallbackScheduled | CallbackAttempted | CallbackCompleted

FINAL: tuple[CallOutcome, ...] = ("reached", "refused")
"""Outcomes after which nobody calls again."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A repair was accepted: the customer is to be called."""

    ticket_id: str
    work_order_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class RecordAttempt:
    """Somebody called. `score` is 1 to 5 (5 best) and there exactly if the customer was reached; words are a text.

    `again_at` is when to call again, of a call after which somebody does. The customer was promised it: it may be over
    by the time that the call is put on record, and is due at once then.
    """

    outcome: CallOutcome
    score: int | None = None
    comment_id: str | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RateByLink:
    """The customer gave a score, 1 to 5 (5 best), by a link of this ticket and this callback."""

    ticket_id: str
    callback_id: str | None
    score: int
    comment_id: str | None = None


CallbackCommand = Schedule | RecordAttempt | RateByLink


@dataclass(frozen=True, slots=True)
class Callback:
    """What the next decision reads of a callback; `scheduled` is None until there is one."""

    scheduled: CallbackScheduled | None = None
    attempts: int = 0
    completed: bool = False
    stepped_at: datetime | None = None


def callback_id_of(work_order_id: str) -> str:
    """The id of a work order's callback, the same whenever and wherever it is worked out."""
    return str(uuid5(NAMESPACE_URL, f"urn:aftercare:work-order:{work_order_id}:callback"))


def decide(command: CallbackCommand, state: Callback, at: datetime) -> Sequence[CallbackEvent]:
    """Scheduling twice says nothing. Raises Refused for an answer after the callback was completed.

    A link of another ticket or callback raises Forbidden, whatever has become of this one.
    """
    match command:
        case Schedule():
            return [] if state.scheduled else [_schedule(command)]
        case RecordAttempt():
            about = _open(state)
            after_step(at, state.stepped_at)
            _later(command.again_at, at)
            return _attempt(command, about, state.attempts + 1)
        case RateByLink():
            about = _linked(command, state)
            after_step(at, state.stepped_at)
            return [_rated(command, about)]
        case _:
            assert_never(command)


def _schedule(command: Schedule) -> CallbackScheduled:
    return CallbackScheduled(
        ticket_id=command.ticket_id,
        callback_id=callback_id_of(command.work_order_id),
        customer_id=command.customer_id,
        work_order_id=command.work_order_id,
    )


def _open(state: Callback) -> CallbackScheduled:
    if state.scheduled is None:
        raise Refused("unknown-callback", "There is no such callback.")
    if state.completed:
        raise Refused(
            "callback-completed", "The callback is completed: the customer was reached, refused, or answered by a link."
        )
    return state.scheduled


def _later(again_at: datetime | None, at: datetime) -> None:
    if again_at is not None and again_at <= at:
        raise Refused("again-before-attempt", "The next call is to be later than this one.")


def _linked(command: RateByLink, state: Callback) -> CallbackScheduled:
    about = state.scheduled
    if about is None or (command.ticket_id, command.callback_id) != (about.ticket_id, about.callback_id):
        raise Forbidden("not-your-callback", "The link is for another callback.")
    return _open(state)


def _rated(command: RateByLink, about: CallbackScheduled) -> CallbackCompleted:
    return CallbackCompleted(
        ticket_id=about.ticket_id,
        callback_id=about.callback_id,
        outcome="by_link",
        score=command.score,
        comment_id=command.comment_id,
    )


def _attempt(command: RecordAttempt, about: CallbackScheduled, attempt: int) -> list[CallbackEvent]:
    said: list[CallbackEvent] = [
        CallbackAttempted(
            ticket_id=about.ticket_id,
            callback_id=about.callback_id,
            attempt=attempt,
            outcome=command.outcome,
            comment_id=command.comment_id,
            again_at=command.again_at,
        )
    ]
    if command.outcome in FINAL:
        said.append(
            CallbackCompleted(
                ticket_id=about.ticket_id,
                callback_id=about.callback_id,
                outcome=command.outcome,
                score=command.score,
                comment_id=command.comment_id,
            )
        )
    return said


def evolve(state: Callback, event: CallbackEvent) -> Callback:
    match event:
        case CallbackScheduled():
            return replace(state, scheduled=event)
        case CallbackAttempted(attempt=attempt):
            return replace(state, attempts=attempt)
        case CallbackCompleted():
            return replace(state, completed=True)
        case _:
            assert_never(event)


def stamp(state: Callback, event: CallbackEvent, at: datetime) -> Callback:
    """The callback with when the repair was accepted, or the last call was made."""
    return replace(state, stepped_at=at)


def status(state: Callback) -> str:
    """`scheduled` until it is `completed`; attempts are a fact beside it."""
    if state.scheduled is None:
        return "unknown"
    return "completed" if state.completed else "scheduled"


def subject(state: Callback) -> str | None:
    """The customer who is to be called."""
    return state.scheduled.customer_id if state.scheduled else None


callback = Decider(
    "callback",
    Catalogue(*get_args(CallbackEvent)),
    Callback(),
    decide,
    evolve,
    status,
    subject,
    stamp=stamp,
)
