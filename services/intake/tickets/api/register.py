"""HTTP of the register: tickets as they stand, and as they stood. Their whole story is in history.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Depends, Query
from msgspec.structs import asdict
from pydantic import BaseModel, Field

from libs.chassis.fields import Label
from libs.chassis.filters import opened, several, sorting
from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    Counts,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    missing,
)
from libs.chassis.http.contacts import look_at, seen_by
from libs.chassis.links import links
from libs.events.contracts.intake.tickets import Channel, TicketStatus, Urgency
from libs.events.contracts.jobs import JobType
from libs.events.filters import by_id, fitting
from services.intake.customers.api.forms import SEES, CustomerContact
from services.intake.customers.view import contact
from services.intake.tickets.api.tickets import NEXT, Warranty
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.tickets import ticket_view, tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
TicketNumber = Annotated[str, Field(max_length=40)]


class TicketItem(BaseModel):
    """工单 / One line of the register."""

    id: UUID = Field(description="工单编号 / Ticket id")
    number: str = Field(description="受理号 / What is said on the phone", examples=["WX20261122-0001"])
    customer_id: UUID = Field(description="客户编号 / Customer id")
    channel: Channel = Field(description="渠道 / Channel")
    kind: JobType = Field(description="服务类别 / Type of job")
    urgency: Urgency = Field(description="紧急程度 / Urgency")
    region: str | None = Field(description="区域 / Region", examples=["华东"])
    contract: str | None = Field(description="合同编号 / The contract's number", examples=["HT-2026-0113"])
    timezone: str | None = Field(description="现场时区 / The site's IANA time zone", examples=["Asia/Shanghai"])
    status: TicketStatus = Field(description="工单状态 / Public status")
    duplicate_of: UUID | None = Field(description="重复单所并入的工单 / The ticket that goes on for this duplicate")
    warranty: Warranty
    version: int = Field(ge=1, description="版本 / Version of the ticket's stream that this reflects")
    opened_at: datetime = Field(description="受理时间 / When the contact was made")


class TicketDetails(TicketItem):
    """工单详情 / One ticket, with the customer's words and contact; null once they are erased."""

    summary: str | None = Field(description="内容 / What is the matter", examples=["空调不制冷"])
    requirements: str | None = Field(description="业主要求 / The owner's requirements", examples=["上午十点以后上门"])
    customer: CustomerContact | None = Field(
        description="客户 / Who, and how to reach them; null for roles that do not need it"
    )


@dataclass(frozen=True, kw_only=True)
class TicketFilters:
    """Which tickets a list shows, or counts."""

    id: Annotated[list[UUID], several("工单编号 / Ticket id")]
    status: Annotated[list[TicketStatus], several("工单状态 / Public status")]
    customer_id: Annotated[list[UUID], several("客户编号 / Customer id")]
    number: Annotated[list[TicketNumber], several("受理号 / Number", examples=[["WX20261122-0001"]])]
    channel: Annotated[list[Channel], several("渠道 / Channel")]
    kind: Annotated[list[JobType], several("服务类别 / Type of job")]
    urgency: Annotated[list[Urgency], several("紧急程度 / Urgency")]
    region: Annotated[list[Label], several("区域 / Region", examples=[["华东"]])]
    opened_from: Annotated[Instant | None, Query(description="受理起 / Opened at or after")] = None
    opened_to: Annotated[Instant | None, Query(description="受理止 / Opened before")] = None

    def query(self) -> sa.Select[Any]:
        """The tickets that fit. Raises a 422 problem for a span that ends before it begins."""
        names = ("id", "status", "customer_id", "number", "channel", "kind", "urgency", "region")
        span = opened(tickets, self.opened_from, self.opened_to)
        return fitting(tickets, {name: getattr(self, name) for name in names}).where(*span)


@router.get(
    "",
    operation_id="list_tickets",
    dependencies=[ANYONE],
    response_model=Page[TicketItem],
    responses=links(200, *NEXT, ticket_id="items/0/id"),
)
async def list_tickets(
    reads: Reads,
    filters: Annotated[TicketFilters, Depends()],
    sort: Annotated[Literal["opened_at", "-opened_at"], sorting("排序 / Order")] = "-opened_at",
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """工单列表 / The register, newest first unless `sort` says otherwise."""
    page = await reads.page(filters.query(), tickets, limit, cursor, sort)
    return page | {"items": [line(row) for row in page["items"]]}


@router.get("/counts", operation_id="list_ticket_counts", dependencies=[ANYONE], response_model=Counts)
async def list_ticket_counts(
    reads: Reads,
    filters: Annotated[TicketFilters, Depends()],
    group_by: Annotated[
        Literal["status", "channel", "kind", "urgency", "region"], Query(description="分组 / Count by this")
    ],
) -> Any:
    """工单数量 / How many tickets fit the filters, by a value that they share."""
    return await reads.counts(filters.query(), tickets.c[group_by])


@router.get(
    "/{ticket_id}", operation_id="get_ticket", dependencies=[ANYONE], response_model=TicketDetails, responses=TAGGED
)
async def get_ticket(ticket_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """工单 / One ticket; with as_of as it was known then, by the time of recording."""
    id = str(ticket_id)
    await reads.wait(ticket.stream(id), min_version)
    row = await (known_at(reads, id, as_of) if as_of else reads.one(by_id(tickets, id), "ticket"))
    texts = await reads.texts([row], "summary_id", "requirements_id")
    fields = seen_by(reads.principal, SEES)
    shown = await look_at(reads, contact, row["customer_id"], fields, "GET /v1/tickets/{ticket_id}")
    return reads.answer(details(row, texts, shown), version=row["version"])


async def known_at(reads: Reads, ticket_id: str, as_of: datetime) -> dict[str, Any]:
    """The row as it was known at `as_of`. Raises a 404 problem when nothing was known yet."""
    history = await reads.history(ticket, ticket_id, as_of, "ticket")
    row = ticket_view.fold(history).get(ticket_id)
    if row is None:
        raise missing("ticket")
    return asdict(row)


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the view as it is answered."""
    shown = {name: row[name] for name in TicketItem.model_fields if name != "warranty"}
    return shown | {"warranty": {"verdict": row["verdict"], "reasons": row["reasons"]}}


def details(row: Mapping[str, Any], texts: Mapping[str, str], shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """One row with the words that belong to it, and what is shown of the contact."""
    customer = {name: shown.get(name) for name in CustomerContact.model_fields} if shown else None
    summary, requirements = texts.get(row["summary_id"]), texts.get(row["requirements_id"])
    return line(row) | {"summary": summary, "requirements": requirements, "customer": customer}
