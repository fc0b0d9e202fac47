"""HTTP of what the customer of a link sees and says of a visit's time: that it suits them, or which one they wish."""

from functools import partial
from typing import Annotated

from pydantic import BaseModel, Field

from libs.chassis.http import UUID, Commands, Instant, Reads, Response, Router, allow, missing
from libs.chassis.identity.auth import CUSTOMER, link_of
from libs.chassis.input.fields import Words
from libs.events.filters import by_id
from libs.events.texts import Text
from services.dispatch.work_orders.api.plans import TimeOnSite
from services.dispatch.work_orders.domain.appointment import ConfirmByLink, Slot, WishByLink
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.view import work_orders

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["work orders"])
PURPOSE = "appointment"


class PlannedTime(BaseModel):
    """预约时间 / The time of a visit as its customer sees it."""

    start: Instant | None = Field(description="开始 / From: what is on offer, else what was agreed")
    end: Instant | None = Field(description="结束 / Until before")
    confirmed: bool = Field(description="客户是否已确认 / Whether the customer agreed to it")
    is_open: bool = Field(description="是否可答复 / Whether it may be answered: until the engineer sets out")


@router.get(
    "/planned-time", operation_id="get_planned_time", dependencies=[allow(CUSTOMER)], response_model=PlannedTime
)
async def get_planned_time(work_order_id: UUID, reads: Reads) -> Response:
    """预约时间 / When the visit of a customer's link is to be: nothing that says who comes, or to whom."""
    claims = link_of(reads.principal, PURPOSE)
    row = await reads.one(by_id(work_orders, work_order_id), "work order")
    if (claims.ticket_id, claims.object_id) != (row["ticket_id"], row["id"]):
        raise missing("work order")
    which = "offered" if row["offered_start"] else "agreed"
    shown = {"start": row[f"{which}_start"], "end": row[f"{which}_end"]}
    is_open = row["status"] in ("created", "assigned")
    return reads.answer({**shown, "confirmed": which == "agreed" and bool(row["agreed_start"]), "is_open": is_open})


class AgreedTime(TimeOnSite):
    """确认预约 / The time that the customer was shown, and agrees to."""


@router.post("/link-confirmation", operation_id="confirm_appointment", dependencies=[allow(CUSTOMER)])
async def confirm_appointment(work_order_id: UUID, body: AgreedTime, commands: Commands) -> Response:
    """确认预约 / The customer of a link agrees to the time that is planned.

    409 `appointment-changed`: another time is planned by now.
    """
    claims = link_of(commands.principal, PURPOSE)
    command = ConfirmByLink(claims.ticket_id, claims.object_id, Slot(body.start, body.end))
    return await commands.run(partial(planned, str(work_order_id), command), body)


class NewWish(TimeOnSite):
    """改期意愿 / The time that the customer would rather have."""

    note: Annotated[
        Words | None, Field(description="客户说明 / What they say beside it", examples=["下班后都可以"])
    ] = None


@router.post("/wish", operation_id="wish_appointment", dependencies=[allow(CUSTOMER)])
async def wish_appointment(work_order_id: UUID, body: NewWish, commands: Commands) -> Response:
    """改期意愿 / The customer of a link would rather have another time: a dispatcher plans it, or calls."""
    claims = link_of(commands.principal, PURPOSE)
    notes = [Text.said(body.note)] if body.note else []
    slot = Slot(body.start, body.end)
    command = WishByLink(claims.ticket_id, claims.object_id, slot, notes[0].id if notes else None)
    return await commands.run(partial(planned, str(work_order_id), command), body, texts=notes)
