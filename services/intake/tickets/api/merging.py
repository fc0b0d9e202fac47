"""HTTP of duplicates: which tickets may be about one matter, and that two are, or are not after all."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from libs.chassis.http import UUID, Commands, Reads, Response, Router, allow, invalid
from libs.chassis.input.fields import NOT_BLANK, Digits, in_one_line
from libs.events import Story
from libs.events.filters import by_id
from libs.events.texts import Text
from services.intake.tickets.api.forms import Duplicate, Unmerging
from services.intake.tickets.api.queue import QueueItem, shown
from services.intake.tickets.api.tickets import DESK, TicketAnswer
from services.intake.tickets.domain.likeness import Likeness, reasons, strongest, together
from services.intake.tickets.domain.merging import MarkDuplicate, ReturnDuplicate, TakeDuplicate, UnmergeTicket
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.duplicates import MOST as MERGED
from services.intake.tickets.view.duplicates import Matter, alike, merged, reached
from services.intake.tickets.view.queue import lines
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
DESKS = allow("agent", "manager")
RECENT = timedelta(days=30)
MOST = 10
Part = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NOT_BLANK),
    AfterValidator(in_one_line),
    Field(json_schema_extra={"format": "name"}),
]
"""The beginning of what a field of the form says, in one line."""


class Candidate(QueueItem):
    """可能重复的工单 / An open ticket that may be about the same matter."""

    likeness: list[Likeness] = Field(
        description="相同之处 / What the two share, the strongest first", examples=[["asset", "words"]]
    )


class Candidates(BaseModel):
    """可能重复的工单 / Open tickets that may be about the same matter."""

    items: list[Candidate] = Field(description="最相近的在前 / The likeliest first, at most ten")


class Duplicates(Candidates):
    """重复单 / What was merged into a ticket, and what may have to be."""

    merged: list[QueueItem] = Field(
        description="已并入的工单 / Tickets that this one stands for, with their callers; the newest 50"
    )
    merged_complete: bool = Field(description="是否全部 / Whether these are all that were merged into it")


@router.get("/candidates", operation_id="list_alike_tickets", dependencies=[DESKS], response_model=Candidates)
async def list_alike_tickets(
    reads: Reads,
    customer_id: Annotated[UUID | None, Query(description="客户编号 / Of this customer")] = None,
    asset_id: Annotated[UUID | None, Query(description="设备编号 / About this asset")] = None,
    phone: Annotated[
        Digits | None, Query(description="电话 / Of whoever has this number", examples=["13800000000"])
    ] = None,
    address: Annotated[
        Part | None, Query(description="地址 / Of whoever lives here", examples=["北京市朝阳区建国路1号"])
    ] = None,
    summary: Annotated[Part | None, Query(description="内容 / What is the matter", examples=["空调不制冷"])] = None,
) -> Any:
    """可能重复的工单 / While a form is filled in: open tickets of the last 30 days that may be about the same matter.

    A customer's name that is shown is recorded as a look, once a day for each of those who look.
    """
    asked = Matter(
        customer_id=str(customer_id) if customer_id else None,
        asset_id=str(asset_id) if asset_id else None,
        phones=[phone] if phone else [],
        address=address,
    )
    return {"items": await candidates(reads, asked, summary, datetime.now(UTC))}


@router.get("/{ticket_id}/duplicates", operation_id="list_duplicates", dependencies=[DESKS], response_model=Duplicates)
async def list_duplicates(ticket_id: UUID, reads: Reads) -> Any:
    """重复单 / The tickets that were merged into this one, and open ones that may be about the same matter.

    A customer's name that is shown is recorded as a look, once a day for each of those who look.
    """
    row = await reads.one(by_id(tickets, str(ticket_id)), "ticket")
    taken = await reads.rows(merged(row["id"]))
    stands_for = {"merged": await shown(reads, taken[:MERGED], ()), "merged_complete": len(taken) <= MERGED}
    if row["status"] in ("closed", "cancelled"):
        return stands_for | {"items": []}
    said = await reads.texts([row], "summary_id")
    asked = Matter(
        customer_id=row["customer_id"], asset_id=row["asset_id"], **await contact_of(reads, row["customer_id"])
    )
    summary = said.get(row["summary_id"])
    return stands_for | {"items": await candidates(reads, asked, summary, row["opened_at"], row["id"])}


async def contact_of(reads: Reads, customer_id: str) -> dict[str, Any]:
    """A customer's numbers and address, to be looked for and not to be shown; nothing once they are erased."""
    known = await reads.rows(reached(customer_id))
    if not known:
        return {}
    numbers = [phone["e164"] or phone["typed"] for phone in known[0]["phones"]]
    digits = ["".join(filter(str.isdigit, number)) for number in numbers]
    return {"phones": [one for one in digits if one], "address": known[0]["address"]}


async def candidates(
    reads: Reads, asked: Matter, summary: str | None, at: datetime, but: str | None = None
) -> list[dict[str, Any]]:
    """The tickets that are likest to a matter that came up at this time, each with its reasons."""
    found = together(await reads.rows(alike(asked, at - RECENT, but)))
    ids = strongest(found, MOST)
    if not ids:
        return []
    rows = {row["id"]: row for row in await reads.rows(lines({}).where(tickets.c.id.in_(ids)))}
    items = await shown(reads, [rows[id] for id in ids if id in rows], ())
    alikes = [
        item | {"likeness": reasons(found[item["id"]], (summary, item["summary"]), (at, item["opened_at"]))}
        for item in items
    ]
    return sorted(alikes, key=lambda item: len(item["likeness"]), reverse=True)


@router.post("/{ticket_id}/duplicate", operation_id="mark_duplicate", dependencies=[DESK], response_model=TicketAnswer)
async def mark_duplicate(ticket_id: UUID, body: Duplicate, commands: Commands, reads: Reads) -> Response:
    """并单 / Two tickets are about one matter: this one is cancelled, all open work on it ends, the other goes on.

    Tickets of two customers are merged with a reason alone.
    """
    id, of = str(ticket_id), str(body.of)
    row = await reads.one(by_id(tickets, id), "ticket")
    goes_on = await reads.rows(by_id(tickets, of))
    if not goes_on:
        raise invalid("body.of", "No ticket of this id was opened.", "unknown-ticket")
    reason = Text.of(row["customer_id"], body.reason) if body.reason else None
    command = MarkDuplicate(id, of, goes_on[0]["customer_id"], reason.id if reason else None)
    return await commands.run(partial(merging, command), body, texts=[reason] if reason else [])


def merging(command: MarkDuplicate) -> Story:
    """The ticket ends as a duplicate, and the other takes it."""
    yield ticket.on(command.ticket_id, command)
    yield ticket.on(command.of, TakeDuplicate(command.of, command.ticket_id))


@router.post(
    "/{ticket_id}/duplicate/withdrawal",
    operation_id="unmerge_ticket",
    dependencies=[DESK],
    response_model=TicketAnswer,
)
async def unmerge_ticket(ticket_id: UUID, body: Unmerging, commands: Commands, reads: Reads) -> Response:
    """撤销并单 / The two were not one matter: the ticket goes on by itself, while no work was authorised on either."""
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    reason = Text.of(row["customer_id"], body.reason)
    return await commands.run(partial(unmerging, UnmergeTicket(id, reason.id)), body, texts=[reason])


def unmerging(command: UnmergeTicket) -> Story:
    """The ticket goes on, and what it was merged into returns it, and what that one was merged into, to the last."""
    going_on = yield ticket.on(command.ticket_id, command)
    above = going_on.before.duplicate_of
    while above is not None:
        returned = yield ticket.on(above, ReturnDuplicate(above, command.ticket_id))
        above = returned.after.duplicate_of
