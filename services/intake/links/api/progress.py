"""HTTP of the progress: what a customer sees of their ticket, and of the one that goes on for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, Field

from libs.chassis.department import department
from libs.chassis.http import UUID, Reads, Router, allow, missing
from libs.chassis.identity.auth import CUSTOMER, link_of
from libs.events.contracts.intake.tickets import TicketKind, TicketStatus
from services.intake.hotlines.domain import DEPARTMENT, for_region, hotlines
from services.intake.tickets.domain.merging import stands_for
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.queue import lines
from services.intake.tickets.view.queue_visit import QueueVisit, current
from services.intake.tickets.view.tickets import tickets

router = Router(tags=["links"])


class PlannedVisit(BaseModel):
    """上门时间 / When somebody comes."""

    start: datetime
    end: datetime
    confirmed: bool = Field(description="已确认 / Whether the customer agreed to it")


class Hotline(BaseModel):
    """热线 / Whom to call about it."""

    number: str = Field(description="号码 / The number", examples=["400-889-9428"])
    hours: str = Field(description="时间 / When somebody answers", examples=["7×24"])


class Progress(BaseModel):
    """进度 / How far a ticket has come, for its customer; one that was merged is as far as the one that goes on."""

    number: str = Field(description="受理号 / What is said on the phone", examples=["WX20261122-0001"])
    kind: TicketKind = Field(description="服务类别 / Type of job")
    status: TicketStatus = Field(description="工单状态 / Public status, of the ticket that goes on")
    opened_at: datetime = Field(description="受理时间 / When the contact was made")
    timezone: str = Field(description="时区 / The site's IANA time zone", examples=["Asia/Shanghai"])
    visit: PlannedVisit | None = Field(description="上门 / The visit that is to come, once it has a time")
    merged: bool = Field(description="是否已并单 / Whether it goes on under another ticket")
    merged_into: str | None = Field(
        description="并入的受理号 / The number under which it goes on; null of another customer's",
        examples=["WX20261122-0002"],
    )
    others: int = Field(ge=0, description="并入此单的工单数 / How many tickets were merged into it", examples=[1])
    parted: bool = Field(description="是否撤销过并单 / Whether a merge was taken back, and it goes on by itself")
    hotline: Hotline | None = Field(description="热线 / Of its region, else the one for all; null: there is none")


@router.get(
    "/v1/tickets/{ticket_id}/progress",
    operation_id="get_progress",
    dependencies=[allow(CUSTOMER)],
    response_model=Progress,
)
async def get_progress(ticket_id: UUID, reads: Reads) -> Any:
    """工单进度 / How far the ticket of a customer's link has come: nothing that says who the customer is.

    Whose tickets were merged, or parted again, read so: both customers are told.
    """
    id = str(ticket_id)
    if link_of(reads.principal, "progress").ticket_id != id:
        raise missing("ticket")
    row = await reads.one(lines({}).where(tickets.c.id == id), "ticket")
    taken = stands_for(each.event for each in await reads.history(ticket, id, what="ticket"))
    goes_on = await going_on(reads, row)
    visit = current(msgspec.convert(goes_on["visits"] or [], list[QueueVisit]))
    numbers, _ = await reads.store.state(hotlines, DEPARTMENT)
    hotline = for_region(numbers, row["region"])
    own = goes_on["customer_id"] == row["customer_id"]
    return {name: row[name] for name in ("number", "kind", "opened_at")} | {
        "status": goes_on["status"],
        "timezone": row["timezone"] or department().timezone,
        "visit": visit if visit and visit.start else None,
        "merged": goes_on is not row,
        "merged_into": goes_on["number"] if own and goes_on is not row else None,
        "others": taken.others,
        "parted": taken.parted and goes_on is row,
        "hotline": {"number": hotline.number, "hours": hotline.hours} if hotline else None,
    }


async def going_on(reads: Reads, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ticket that stands for this one, which may have been merged itself; the ticket where none does."""
    while row["duplicate_of"] is not None:
        row = await reads.one(lines({}).where(tickets.c.id == row["duplicate_of"]), "ticket")
    return row
