"""HTTP of the acceptance (《维护验收表》): the customer signs, or rejects the repair and gets another visit."""

import base64
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import msgspec
from pydantic import Field

from libs.chassis.http import UUID, CommandAnswer, CommandBody, Commands, Reads, Response, Router, invalid
from libs.chassis.input.fields import Name, Words
from libs.events import Story
from libs.events.contracts.dispatch.work_orders import ReworkOrdered
from libs.events.log.unit import Decided
from libs.events.texts import Text
from services.dispatch.jobs.domain import OrderRework, job
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import by
from services.dispatch.work_orders.api.forms import SCRAWL, Signature
from services.dispatch.work_orders.domain import signature
from services.dispatch.work_orders.domain.acceptance import Accept, Reject
from services.dispatch.work_orders.domain.work_order import CreateWorkOrder, WorkOrderCommand, work_order

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["acceptance"])


class Acceptance(CommandBody):
    """维护验收表 / The customer's signature under the repair."""

    signed_by: Annotated[Name, Field(description="验收人 / Who signed", examples=["王芳"])]
    signature: Annotated[Signature, Field(description="签名 / A complete PNG of at most 256 KiB", examples=[SCRAWL])]


class Rejection(CommandBody):
    """拒收 / Why the customer does not accept the repair."""

    reasons: Annotated[
        list[Words], Field(min_length=1, max_length=20, description="原因 / Reasons", examples=[["仍有异响"]])
    ]


class RejectionAnswer(CommandAnswer):
    """The rejected work order, and the one that makes it good."""

    rework_work_order_id: UUID = Field(description="返工单 / The rework visit on the same ticket")


@router.post("/acceptance", operation_id="accept", dependencies=[CREW])
async def accept(work_order_id: UUID, body: Acceptance, reads: Reads, commands: Commands) -> Response:
    """验收 / The customer signs, once."""
    if signature.empty(base64.b64decode(body.signature)):
        raise invalid("body.signature", "Nobody signed on this picture.", "signature-empty")
    id = str(work_order_id)
    signed_by, picture = Text.said(body.signed_by), Text.said(body.signature, "image/png;base64")
    command = await by(reads, Accept(signed_by.id, picture.id))
    return await commands.run(work_order.on(id, command), body, texts=[signed_by, picture])


@router.post("/rejection", operation_id="reject", dependencies=[CREW], response_model=RejectionAnswer)
async def reject(work_order_id: UUID, body: Rejection, reads: Reads, commands: Commands) -> Response:
    """拒收 / The customer does not accept the repair: a rework visit on the same ticket is ordered at once."""
    id = str(work_order_id)
    reasons = Text.said(msgspec.json.encode(body.reasons).decode(), "application/json")
    command = await by(reads, Reject(reasons.id))
    return await commands.run(partial(rejection, id, command), body, texts=[reasons], extra=_rework)


def rejection(work_order_id: str, command: WorkOrderCommand) -> Story:
    """The rejection, the rework that it asks of the ticket's job, and its work order: all or nothing."""
    said = yield work_order.on(work_order_id, command)
    for event in said:
        if isinstance(event, ReworkOrdered):
            ordered = yield job.on(event.ticket_id, OrderRework(event.work_order_id))
            for visit in ordered:
                yield work_order.on(visit.work_order_id, CreateWorkOrder(visit))


def _rework(decided: Sequence[Decided]) -> dict[str, Any]:
    said = [recorded.event for recorded in decided[0].events]
    (ordered,) = [event for event in said if isinstance(event, ReworkOrdered)]
    return {"rework_work_order_id": ordered.rework_work_order_id}
