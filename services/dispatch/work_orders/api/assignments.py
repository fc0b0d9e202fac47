"""HTTP of an engineer's answer to a visit that they were given: they take it, or decline it."""

from typing import Annotated

from pydantic import Field

from libs.chassis.fields import Words
from libs.chassis.http import UUID, CommandBody, Response, Router
from libs.events.contracts.dispatch.work_orders import DeclineReason
from libs.events.texts import Text
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew
from services.dispatch.work_orders.domain.assignment import ConfirmAssignment, DeclineAssignment

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])


class Confirmation(CommandBody):
    """接受派工 / Nothing to say but, offline, when it happened."""


class Decline(CommandBody):
    """拒绝派工 / Why the engineer does not take the visit."""

    reason: DeclineReason = Field(description="原因代码 / A code", examples=["no_time"])
    note: Annotated[Words | None, Field(description="说明 / In your own words", examples=["当天已有两次上门"])] = None


@router.post("/confirmation", operation_id="confirm_assignment", dependencies=[CREW])
async def confirm_assignment(work_order_id: UUID, crew: Crew, body: Confirmation | None = None) -> Response:
    """接受派工 / The engineer takes the visit, until they set out. Nobody has to: departure says as much."""
    return await crew.run(work_order_id, ConfirmAssignment(), body or Confirmation(occurred_at=None))


@router.post("/decline", operation_id="decline_assignment", dependencies=[CREW])
async def decline_assignment(work_order_id: UUID, body: Decline, crew: Crew) -> Response:
    """拒绝派工 / The visit goes back to those that wait, until the engineer sets out; an agreed time stands."""
    note = Text.said(body.note) if body.note else None
    command = DeclineAssignment(body.reason, note.id if note else None)
    return await crew.run(work_order_id, command, body, texts=[note] if note else [])
