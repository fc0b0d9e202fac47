"""HTTP of a customer's verdict by a link: what was done, and accepted with a typed name, or rejected with reasons."""

from functools import partial
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field

from libs.chassis.http import UUID, CommandBody, Commands, Instant, Reads, Response, Router, allow, missing
from libs.chassis.identity.auth import CUSTOMER, link_of
from libs.chassis.input.fields import Name, Words
from libs.events.contracts.jobs import JobType
from libs.events.filters import by_id
from libs.events.texts import Text
from services.dispatch.work_orders.api.acceptances import rejection
from services.dispatch.work_orders.domain.acceptance import Accept, AcceptanceCommand, Reject
from services.dispatch.work_orders.domain.work_order import ByLink, work_order
from services.dispatch.work_orders.view import Status, work_orders

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["acceptance"])
PURPOSE = "acceptance"


class LinkAcceptance(CommandBody):
    """客户验收 / The customer's typed name under the repair."""

    signed_by: Annotated[Name, Field(description="验收人 / Who accepts", examples=["王芳"])]


class LinkRejection(CommandBody):
    """客户拒收 / Why the customer does not accept the repair."""

    reasons: Annotated[Words, Field(description="原因 / Why, in the customer's own words", examples=["仍有异响"])]


class RepairDone(BaseModel):
    """维修结果 / What a customer is asked about: nothing that says who the customer is."""

    visit: int = Field(ge=1, description="第几次上门 / Visit, counted on the ticket")
    job_type: JobType
    status: Status
    result: str | None = Field(description="维修结果 / What was done; null once erased", examples=["更换压缩机"])
    completed_at: Instant | None


@router.get("/repair", operation_id="get_repair", dependencies=[allow(CUSTOMER)], response_model=RepairDone)
async def get_repair(work_order_id: UUID, reads: Reads) -> Any:
    """维修结果 / What the work order of a customer's link came to."""
    claims = link_of(reads.principal, PURPOSE)
    if claims.object_id != str(work_order_id):
        raise missing("work order")
    row = await reads.one(by_id(work_orders, work_order_id), "work order")
    if row["ticket_id"] != claims.ticket_id:
        raise missing("work order")
    texts = await reads.texts([row], "result_id")
    return {name: row[name] for name in ("visit", "job_type", "status", "completed_at")} | {
        "result": texts.get(row["result_id"])
    }


@router.post("/link-acceptance", operation_id="accept_by_link", dependencies=[allow(CUSTOMER)])
async def accept_by_link(work_order_id: UUID, body: LinkAcceptance, commands: Commands) -> Response:
    """客户验收 / The customer of a link accepts the repair, once: their typed name stands for a signature."""
    signed_by = Text.said(body.signed_by)
    command = _linked(commands, Accept(signed_by.id, None))
    return await commands.run(work_order.on(str(work_order_id), command), body, texts=[signed_by])


@router.post("/link-rejection", operation_id="reject_by_link", dependencies=[allow(CUSTOMER)])
async def reject_by_link(work_order_id: UUID, body: LinkRejection, commands: Commands) -> Response:
    """客户拒收 / The customer of a link does not accept the repair: a rework visit is ordered at once."""
    reasons = Text.said(msgspec.json.encode([body.reasons]).decode(), "application/json")
    command = _linked(commands, Reject(reasons.id, by_link=True))
    return await commands.run(partial(rejection, str(work_order_id), command), body, texts=[reasons])


def _linked(commands: Commands, verdict: AcceptanceCommand) -> ByLink:
    claims = link_of(commands.principal, PURPOSE)
    return ByLink(claims.ticket_id, claims.object_id, verdict)
