"""The callbacks: whom to call, and how content those who were reached are. Words are texts, joined when answering."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

import msgspec
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.survey.callbacks import CallbackAttempted, CallbackCompleted, CallbackScheduled, Outcome
from libs.events.order import Order
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.survey.callbacks.domain import CallbackEvent, callback
from services.survey.tables import metadata

Status = Literal["scheduled", "completed"]


class CallbackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list; `attempts` and the last outcome are facts beside `status`."""

    id: str
    ticket_id: str
    work_order_id: str
    customer_id: str
    status: Status = "scheduled"
    attempts: int = 0
    last_outcome: Outcome | None = None
    last_attempt_at: datetime | None = None
    again_at: Annotated[datetime | None, Note("when to call again, as agreed at the last call")] = None
    score: Annotated[int | None, Note("1 to 5, 5 best")] = None
    comment_id: Annotated[str | None, Note("a text: the last comment")] = None
    version: int
    opened_at: datetime


callbacks = table("callback", CallbackRow, metadata, newest_first("ticket_id", "status"))
DUE = Order(callbacks.c.again_at, callbacks.c.opened_at)
"""By when to call: as agreed at the last call, or else since the repair was accepted."""
DUE.index("status")


def apply(row: CallbackRow | None, recorded: AnyRecorded) -> CallbackRow | None:
    """The row after one more event of the callback's stream."""
    event = recorded.event
    if isinstance(event, CallbackScheduled):
        return CallbackRow(
            id=event.callback_id,
            ticket_id=event.ticket_id,
            work_order_id=event.work_order_id,
            customer_id=event.customer_id,
            version=recorded.version,
            opened_at=recorded.occurred_at,
        )
    return replace(_changed(row, event, recorded.occurred_at), version=recorded.version) if row else None


def _changed(row: CallbackRow, event: CallbackEvent, at: datetime) -> CallbackRow:
    match event:
        case CallbackScheduled():
            return row
        case CallbackAttempted():
            return replace(
                row,
                attempts=event.attempt,
                last_outcome=event.outcome,
                last_attempt_at=at,
                again_at=event.again_at,
                comment_id=event.comment_id or row.comment_id,
            )
        case CallbackCompleted():
            return replace(
                row,
                status="completed",
                last_outcome=event.outcome,
                score=event.score,
                comment_id=event.comment_id or row.comment_id,
            )
        case _:
            assert_never(event)


callback_view = View.of(callback, callbacks, CallbackRow, apply)


def row_of(history: Sequence[AnyRecorded]) -> dict[str, Any]:
    """The row that one callback's history folds to, perhaps a history that ends in the past."""
    (row,) = callback_view.fold(history).values()
    assert row is not None  # a history begins with the callback's scheduling
    return msgspec.structs.asdict(row)
