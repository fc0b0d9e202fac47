"""HTTP of a customer's erasure: asked for by one manager, confirmed by another, or withdrawn."""

from typing import Literal

from pydantic import Field

from libs.chassis.http import UUID, CommandAnswer, CommandBody, Commands, Response, Router, allow
from libs.chassis.links import links
from services.intake.customers.domain import ConfirmErasure, Reason, RequestErasure, WithdrawErasure, customer

router = Router(prefix="/v1/customers/{customer_id}/erasure", tags=["customers"])
MANAGERS = allow("manager")


class NewErasure(CommandBody):
    """删除申请 / Ask for a customer's erasure."""

    reason: Reason = Field(description="原因代码 / Why, as a code: it stays when all words are gone")


class Decision(CommandBody):
    """确认或撤回 / Confirm or withdraw."""


class ErasureAnswer(CommandAnswer):
    """A command on an erasure was carried out."""

    status: Literal["registered", "erasure_requested", "erased"] = Field(description="客户状态 / The customer's status")


@router.post(
    "",
    operation_id="request_erasure",
    dependencies=[MANAGERS],
    response_model=ErasureAnswer,
    responses=links(200, "confirm_erasure", "withdraw_erasure", customer_id="id"),
)
async def request_erasure(customer_id: UUID, body: NewErasure, commands: Commands) -> Response:
    """删除申请 / Ask that a customer be forgotten in all services. Nothing happens until another manager confirms."""
    id, by = str(customer_id), commands.principal.actor_id
    return await commands.run(customer.on(id, RequestErasure(id, body.reason, by)), body)


@router.post("/confirmation", operation_id="confirm_erasure", dependencies=[MANAGERS], response_model=ErasureAnswer)
async def confirm_erasure(customer_id: UUID, commands: Commands, body: Decision | None = None) -> Response:
    """确认删除 / Erase name, phones, address and all words about the customer, in every service, for ever."""
    id, by = str(customer_id), commands.principal.actor_id
    return await commands.run(customer.on(id, ConfirmErasure(id, by)), body or Decision(occurred_at=None))


@router.post("/withdrawal", operation_id="withdraw_erasure", dependencies=[MANAGERS], response_model=ErasureAnswer)
async def withdraw_erasure(customer_id: UUID, commands: Commands, body: Decision | None = None) -> Response:
    """撤回申请 / Take the request back."""
    id, by = str(customer_id), commands.principal.actor_id
    return await commands.run(customer.on(id, WithdrawErasure(id, by)), body or Decision(occurred_at=None))
