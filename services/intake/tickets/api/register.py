"""HTTP of the register: one ticket as it stands, and as it stood. The list is in queue.py, the story in history.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from libs.chassis.http import (
    ANYONE,
    TAGGED,
    UUID,
    AsOf,
    MinVersion,
    Reads,
    Response,
    Router,
    missing,
)
from libs.chassis.http.contacts import look_at, seen_by
from libs.events.contracts.intake.tickets import Channel, TicketKind, TicketStatus, Urgency, WaitsFor
from libs.events.filters import by_id
from services.intake.customers.api.forms import SEES, CustomerContact
from services.intake.customers.view import contact
from services.intake.tickets.api.tickets import Warranty
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
    kind: TicketKind = Field(description="服务类别 / Type of job")
    urgency: Urgency = Field(description="紧急程度 / Urgency")
    region: str | None = Field(description="区域 / Region", examples=["华东"])
    contract: str | None = Field(description="合同编号 / The contract's number", examples=["HT-2026-0113"])
    timezone: str | None = Field(description="现场时区 / The site's IANA time zone", examples=["Asia/Shanghai"])
    status: TicketStatus = Field(description="工单状态 / Public status")
    duplicate_of: UUID | None = Field(description="重复单所并入的工单 / The ticket that goes on for this duplicate")
    warranty: Warranty
    asset_id: UUID | None = Field(description="设备编号 / The asset that it is about")
    part_id: str | None = Field(description="部件 / The component of the asset", examples=["compressor-1"])
    owner_id: UUID | None = Field(description="负责人 / Pseudonym of the one person whom the customer deals with")
    owner_name: str | None = Field(description="负责人姓名 / Name, as far as it is known here", examples=["李敏"])
    is_mine: bool = Field(description="是否本人负责 / Whether whoever calls is the owner")
    team: str | None = Field(description="班组 / The team's name; null: no particular one", examples=["技术支持一组"])
    waits_for: WaitsFor | None = Field(description="等待谁 / Whom it waits for; null: nobody", examples=["supplier"])
    look_again_at: datetime | None = Field(description="再看时间 / When somebody looks at it again, while it waits")
    version: int = Field(ge=1, description="版本 / Version of the ticket's stream that this reflects")
    opened_at: datetime = Field(description="受理时间 / When the contact was made")
    closed_at: datetime | None = Field(description="结单时间 / When it was closed; null while it is not")
    follows: UUID | None = Field(description="后续自 / The customer's ticket that this one follows")


class TicketSite(BaseModel):
    """客户地点 / The customer's site that the ticket names; null where it is not shown, or is theirs no more."""

    id: UUID
    name: str | None = Field(description="名称 / What it is called", examples=["鼓楼分院"])
    address: str | None = Field(description="地址 / Address", examples=["福州市鼓楼区五四路1号"])


class TicketDetails(TicketItem):
    """工单详情 / One ticket, with the customer's words and contact; null once they are erased."""

    summary: str | None = Field(description="内容 / What is the matter", examples=["空调不制冷"])
    requirements: str | None = Field(description="业主要求 / The owner's requirements", examples=["上午十点以后上门"])
    wait_reason: str | None = Field(description="等待原因 / Why it waits, while it does", examples=["等厂家寄出压缩机"])
    customer: CustomerContact | None = Field(
        description="客户 / Who, and how to reach them; null for roles that do not need it"
    )
    site: TicketSite | None = Field(description="客户地点 / Where it is; null: at the customer's own address")


@router.get(
    "/{ticket_id}", operation_id="get_ticket", dependencies=[ANYONE], response_model=TicketDetails, responses=TAGGED
)
async def get_ticket(ticket_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """工单 / One ticket; with as_of as it was known then, by the time of recording."""
    id = str(ticket_id)
    await reads.wait(ticket.stream(id), min_version)
    row = await (known_at(reads, id, as_of) if as_of else reads.one(by_id(tickets, id), "ticket"))
    (row,) = await with_owners(reads, [row])
    texts = await reads.texts([row], "summary_id", "requirements_id", "wait_reason_id")
    fields = seen_by(reads.principal, SEES)
    shown = await look_at(reads, contact, row["customer_id"], fields, "GET /v1/tickets/{ticket_id}", with_sites=True)
    return reads.answer(details(row, texts, shown), version=row["version"])


async def known_at(reads: Reads, ticket_id: str, as_of: datetime) -> dict[str, Any]:
    """The row as it was known at `as_of`. Raises a 404 problem when nothing was known yet."""
    history = await reads.history(ticket, ticket_id, as_of, "ticket")
    row = ticket_view.fold(history).get(ticket_id)
    if row is None:
        raise missing("ticket")
    return asdict(row)


async def with_owners(reads: Reads, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the view with their owners' names, null where there is none here, and whether the caller is the owner."""
    me, names = reads.principal.actor_id, await reads.names({row["owner_id"] for row in rows})
    return [{**row, "owner_name": names.get(row["owner_id"]), "is_mine": row["owner_id"] == me} for row in rows]


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the view, with its owner's name, as it is answered."""
    shown = {name: row[name] for name in TicketItem.model_fields if name != "warranty"}
    return shown | {"warranty": {"verdict": row["verdict"], "reasons": row["reasons"]}}


def details(row: Mapping[str, Any], texts: Mapping[str, str], shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """One row with the words that belong to it, and what is shown of the contact."""
    customer = {name: shown.get(name) for name in CustomerContact.model_fields} if shown else None
    words = {name: texts.get(row[f"{name}_id"]) for name in ("summary", "requirements", "wait_reason")}
    site = site_of(row["site_id"], shown) if row["site_id"] else None
    return line(row) | words | {"customer": customer, "site": site}


def site_of(site_id: str, shown: Mapping[str, Any] | None) -> dict[str, str | None]:
    """The site that a ticket names, as far as the contact is shown."""
    known = ((shown or {}).get("sites") or {}).get(site_id) or {}
    return {"id": site_id, "name": known.get("name"), "address": known.get("address")}
