"""HTTP of the signature under an acceptance: who files the form, or asks about it, sees it. Every look is recorded."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from libs.chassis.http import UUID, Instant, Reads, Response, Router, allow, missing
from libs.chassis.http.contacts import look_at_text
from libs.events.contracts.dispatch.work_orders import RepairAccepted
from libs.events.filters import by_id
from services.dispatch.work_orders.api.crew import OFFICE, not_yours, own_id
from services.dispatch.work_orders.api.forms import SCRAWL
from services.dispatch.work_orders.domain.work_order import work_order
from services.dispatch.work_orders.view import work_orders

SEE_ALL = OFFICE | {"agent"}
ROUTE = "GET /v1/work-orders/{work_order_id}/signature"

router: APIRouter = Router(prefix="/v1/work-orders/{work_order_id}", tags=["acceptance"])


class SignatureOnFile(BaseModel):
    """签名 / What the customer signed the acceptance with."""

    signature: str | None = Field(description="签名 / A PNG in base64; null once erased, or by link", examples=[SCRAWL])
    by_link: bool = Field(description="通过链接验收 / Whether a name typed by a link stands in its place")
    signed_by: str | None = Field(description="验收人 / Who signed; null once erased", examples=["王芳"])
    signed_at: Instant = Field(description="验收时间 / When the customer signed")


@router.get(
    "/signature",
    operation_id="get_signature",
    dependencies=[allow(*SEE_ALL, "engineer")],
    response_model=SignatureOnFile,
)
async def get_signature(work_order_id: UUID, reads: Reads) -> Response:
    """签名 / The signature under the repair; 404 while there is none. An engineer sees those of their own visits."""
    row = await reads.one(by_id(work_orders, work_order_id), "work order")
    if SEE_ALL.isdisjoint(reads.principal.roles) and row["engineer_id"] != await own_id(reads):
        raise not_yours()
    history = await reads.history(work_order, str(work_order_id))
    signed = next((recorded for recorded in history if isinstance(recorded.event, RepairAccepted)), None)
    if signed is None:
        raise missing("signature")
    seen = signed.event.signature_id or signed.event.signed_by_id
    said = await look_at_text(reads, seen, "signature", ROUTE)
    names = await reads.texts([row], "signed_by_id")
    return reads.answer(
        {
            "signature": None if signed.event.by_link else said,
            "by_link": signed.event.by_link,
            "signed_by": names.get(row["signed_by_id"]),
            "signed_at": signed.occurred_at,
        }
    )
