"""HTTP of customers' links: agents issue and revoke them, the gateway opens and uses them."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

import msgspec
from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.chassis.department import department
from libs.chassis.http import (
    DEFAULT,
    UUID,
    CommandAnswer,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    Page,
    Reads,
    Response,
    Router,
    allow,
    invalid,
    missing,
    new_id,
)
from libs.chassis.http.routing import encode
from libs.chassis.input.form import Form
from libs.chassis.lists.filters import several
from libs.events.database.connections import clock_now
from libs.events.filters import by_id
from services.intake.links.domain import MOST_DAYS, USES, IssueLink, Purpose, RevokeLink, UseLink, link
from services.intake.links.view import Status, by_token, links, listed
from services.intake.tickets.view.tickets import tickets

router = Router(tags=["links"])
ISSUERS = allow("agent", "manager")
GATEWAY = allow("service")
OBJECT = "A rating is of a callback, an appointment or acceptance of a work order: name it by object_id, and only then."
TOKEN_BYTES = 32
ANSWERING = tuple(purpose for purpose, uses in USES.items() if uses)


class NewLink(CommandBody):
    """客户链接 / A link for a customer."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "properties": {"purpose": {"enum": [*ANSWERING]}, "object_id": {"type": "string"}},
                    "required": ["object_id"],
                },
                {"properties": {"purpose": {"not": {"enum": [*ANSWERING]}}, "object_id": {"type": "null"}}},
            ]
        }
    )

    ticket_id: UUID = Field(description="工单编号 / Ticket")
    purpose: Purpose = Field(
        description="用途 / What for: to see the progress, answer a visit's time, accept the repair, rate the service"
    )
    object_id: UUID | None = Field(
        None,
        description="所答对象 / The work order whose time or repair is answered, the callback that a rating completes",
    )
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, description="有效天数 / Days until it expires", examples=[14])] = 14

    @model_validator(mode="after")
    def of_an_object(self) -> Self:
        """A purpose that answers something says what."""
        if (self.object_id is not None) != (self.purpose in ANSWERING):
            raise ValueError(OBJECT)
        return self


class LinkItem(BaseModel):
    """客户链接 / One link, without its token."""

    id: UUID
    ticket_id: UUID = Field(description="工单编号 / Ticket")
    purpose: Purpose = Field(description="用途 / What for")
    object_id: UUID | None = Field(description="所答对象 / What it answers, of the service that asks")
    status: Status = Field(description="状态 / Whether it still opens anything")
    expires_at: datetime = Field(description="失效时间 / It opens nothing from then on")
    version: int = Field(ge=1)
    opened_at: datetime = Field(description="生成时间 / When it was issued")


class IssuedLink(CommandAnswer):
    """A link that was issued."""

    token: str | None = Field(
        description="令牌，只出现一次 / Its token: kept nowhere, so a repeated command answers null",
        examples=["9x0v1m0b8b8Zb5b6bqk0c3D2r7Lx2m1w0a9sJ4tYhQE"],
    )


@router.post("/v1/links", status_code=201, operation_id="issue_link", dependencies=[ISSUERS], response_model=IssuedLink)
async def issue_link(body: NewLink, commands: Commands, reads: Reads) -> Response:
    """生成客户链接 / Make a link for the customer of a ticket. Whoever has its token may do what it is for."""
    if not await reads.rows(by_id(tickets, body.ticket_id)):
        raise invalid("body.ticket_id", "No ticket of this id was opened.", "unknown-ticket")
    id, token = new_id(), secrets.token_urlsafe(TOKEN_BYTES)
    object_id = str(body.object_id) if body.object_id else None
    now = await clock_now(reads.store.pool)
    command = IssueLink(id, str(body.ticket_id), body.purpose, hash_of(token), body.days, now, object_id)
    answer = await commands.run(link.create(id, command), body, creates=True, extra={"token": None}, now=now)
    return answer if "idempotency-replayed" in answer.headers else with_token(answer, token)


def with_token(answer: Response, token: str) -> Response:
    """The answer of a link that was issued just now: of what is kept for repetitions the token is no part."""
    told = msgspec.json.decode(bytes(answer.body)) | {"token": token}
    return Response(encode(told), answer.status_code, {"etag": answer.headers["etag"]}, "application/json")


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@router.get("/v1/links", operation_id="list_links", dependencies=[ISSUERS], response_model=Page[LinkItem])
async def list_links(
    reads: Reads,
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """客户链接列表 / The links of tickets, newest first."""
    page = await reads.page(listed(ticket_id), links, limit, cursor)
    return {**page, "items": [item(row) for row in page["items"]]}


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is shown: nobody needs the hash."""
    return {name: row[name] for name in LinkItem.model_fields}


class Revocation(CommandBody):
    """撤回客户链接 / Take a link back."""


@router.post("/v1/links/{link_id}/revocation", operation_id="revoke_link", dependencies=[ISSUERS])
async def revoke_link(link_id: UUID, commands: Commands, body: Revocation | None = None) -> Response:
    """撤回客户链接 / Take a link back: it opens nothing from now on."""
    return await commands.run(link.on(str(link_id), RevokeLink(str(link_id))), body or Revocation(occurred_at=None))


class Opening(Form):
    """打开客户链接 / Somebody opened a link."""

    token: Annotated[str, Field(min_length=1, max_length=200, description="令牌 / As it stands in the address")]
    answer_id: UUID | None = Field(
        None, description="答复编号 / Of an answer by the link: if it took that one, it may be seen again"
    )


class OpenedLink(BaseModel):
    """已打开的链接 / What a link is for."""

    id: UUID
    ticket_id: UUID = Field(description="工单编号 / Ticket")
    purpose: Purpose = Field(description="用途 / What for")
    object_id: UUID | None = Field(description="所答对象 / What it answers")
    expires_at: datetime = Field(description="失效时间 / It opens nothing from then on")
    timezone: str = Field(description="时区 / The site's IANA time zone", examples=["Asia/Shanghai"])


@router.post("/v1/links/open", operation_id="open_link", dependencies=[GATEWAY], response_model=OpenedLink)
async def open_link(body: Opening, reads: Reads) -> Any:
    """打开客户链接 / What a token is for; one and the same 404 for one that is wrong, used up, revoked or expired."""
    rows = await reads.rows(by_token(hash_of(body.token)))
    opened = [row for row in rows if row["status"] == "open" or took(row, body.answer_id)]
    if not opened:
        raise missing("link")
    about = await reads.one(by_id(tickets, opened[0]["ticket_id"]), "link")
    shown = {name: opened[0][name] for name in OpenedLink.model_fields if name != "timezone"}
    return shown | {"timezone": about["timezone"] or department().timezone}


def took(row: Mapping[str, Any], answer_id: UUID | None) -> bool:
    """Whether a link that was not revoked took this answer."""
    return row["status"] != "revoked" and str(answer_id) in row["answers"]


class Use(CommandBody):
    """链接答复 / An answer by a link."""

    answer_id: UUID = Field(description="答复编号 / The answer's own: it comes again under the same")


@router.post("/v1/links/{link_id}/uses", operation_id="use_link", dependencies=[GATEWAY])
async def use_link(link_id: UUID, body: Use, commands: Commands) -> Response:
    """链接答复 / The customer answers by the link: it takes as many answers as it is for, each once."""
    command = UseLink(str(link_id), str(body.answer_id), asked_at=await clock_now(commands.store.pool))
    return await commands.run(link.on(str(link_id), command), body)
