"""HTTP of an engineer's answer to a visit that they were given: they take it, or decline it."""

from typing import Annotated

from pydantic import Field

from libs.chassis.http import Router
from libs.chassis.input.fields import Said
from libs.events.contracts.dispatch.work_orders import DeclineReason
from services.dispatch.work_orders.api.crew import steps
from services.dispatch.work_orders.domain.assignment import ConfirmAssignment, DeclineAssignment

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])

ANSWER = (
    "already-completed",
    "already-departed",
    "already-failed",
    "before-ticket",
    "before-work-order",
    "no-engineer",
    "not-assigned",
    "not-your-visit",
    "overlap",
    "skill-missing",
    "work-order-cancelled",
)
"""Of what an engineer says to an assignment."""

step = steps(router, ANSWER)


@step.post("/confirmation", "Confirmation", "接受派工 / Nothing to say but, offline, when it happened.")
def confirm_assignment() -> ConfirmAssignment:
    """接受派工 / The engineer takes the visit, until they set out. Nobody has to: departure says as much."""
    return ConfirmAssignment()


@step.post("/decline", "Decline", "拒绝派工 / Why the engineer does not take the visit.")
def decline_assignment(
    reason: Annotated[DeclineReason, Field(description="原因代码 / A code", examples=["no_time"])],
    note: Annotated[Said | None, Field(description="说明 / In your own words", examples=["当天已有两次上门"])] = None,
) -> DeclineAssignment:
    """拒绝派工 / The visit goes back to those that wait, until the engineer sets out; an agreed time stands."""
    return DeclineAssignment(reason, note.id if note else None)
