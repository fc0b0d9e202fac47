"""One callback, for survey's tests."""

from datetime import timedelta

from libs.events import AnyRecorded, Event, Recorded
from libs.events.contracts.dispatch.work_orders import RepairAccepted
from libs.events.contracts.survey.callbacks import CallbackAttempted, CallbackCompleted, CallbackScheduled
from services.survey.callbacks.domain import callback_id_of
from tests.spec import MONDAY

T, W = "0198a000-0000-7000-8000-000000000001", "0198a000-0000-7000-8000-000000000002"
C = callback_id_of(W)

ACCEPTED = RepairAccepted(ticket_id=T, customer_id="c1", work_order_id=W, signed_by_id="n1", signature_id="s1")
SCHEDULED = CallbackScheduled(ticket_id=T, customer_id="c1", callback_id=C, work_order_id=W)
MISSED = CallbackAttempted(ticket_id=T, callback_id=C, attempt=1, outcome="no_answer")
REACHED = CallbackAttempted(ticket_id=T, callback_id=C, attempt=2, outcome="reached", comment_id="x1")
COMPLETED = CallbackCompleted(ticket_id=T, callback_id=C, outcome="reached", score=5, comment_id="x1")


def recorded(event: Event, version: int = 1, stream: str = f"callback-{C}") -> AnyRecorded:
    """An event in its envelope, a minute after the one before."""
    at = MONDAY + timedelta(minutes=version - 1)
    id = f"{event.type_name}-{stream}-{version}"
    return Recorded(event=event, id=id, stream=stream, version=version, occurred_at=at, recorded_at=at)
