"""HTTP of tickets: open one, cancel it, close it. Merging is in merging.py, what is read of them in register.py."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.department import department
from libs.chassis.http import (
    UUID,
    CommandAnswer,
    Commands,
    Reads,
    Response,
    Router,
    allow,
    invalid,
    new_id,
)
from libs.chassis.links import links
from libs.chassis.problems import busy
from libs.events import Story
from libs.events.contracts.intake.tickets import TicketOpened, TicketStatus, Verdict, WarrantyAssessed
from libs.events.database.connections import clock_now
from libs.events.filters import by_id
from libs.events.kept_list import found
from libs.events.log.unit import Decided
from libs.events.texts import Text
from services.intake.accounts.domain import Account, Site, account
from services.intake.customers.api.customers import contact_row
from services.intake.customers.domain import RegisterCustomer, customer
from services.intake.customers.view import contact
from services.intake.tickets.api.forms import Cancellation, Closure, NewTicket, Reopening, Settlement
from services.intake.tickets.api.warranty import owned_asset
from services.intake.tickets.domain.reassessment import opened as assessed
from services.intake.tickets.domain.reopening import ReopenTicket
from services.intake.tickets.domain.ticket import CancelTicket, CloseTicket, OpenTicket, SettleTicket, ticket
from services.intake.tickets.domain.ticket_number import ticket_number
from services.intake.tickets.view.tickets import OPENING, tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
DESK = allow("agent", "manager", "service")


class Warranty(BaseModel):
    """保修结论 / What the warranty says."""

    verdict: Verdict = Field(description="结论 / Verdict", examples=["unknown"])
    reasons: list[str] = Field(description="理由 / Reasons, as codes", examples=[["no_contract"]])


class TicketAnswer(CommandAnswer):
    """A command on a ticket was carried out."""

    status: TicketStatus = Field(description="工单状态 / The ticket's public status")


class OpenedTicket(TicketAnswer):
    """A ticket that was opened."""

    number: str = Field(description="受理号 / What is said on the phone", examples=["WX20261122-0001"])
    customer_id: UUID = Field(description="客户编号 / Customer id")
    warranty: Warranty


NEXT = ("get_ticket", "get_history", "cancel_ticket", "close_ticket", "reopen_ticket")
"""The operations on one ticket."""


@router.post(
    "",
    status_code=201,
    operation_id="open_ticket",
    dependencies=[DESK],
    response_model=OpenedTicket,
    responses=links(201, *NEXT, ticket_id="id"),
)
async def open_ticket(body: NewTicket, commands: Commands, reads: Reads) -> Response:
    """受理 / Register a contact as a ticket, whatever the channel, and its customer if new, in one transaction."""
    known_id = str(body.customer_id) if "customer_id" in body.model_fields_set else None
    if body.asset_id is not None:
        await owned_asset(reads, body.asset_id, body.part, known_id)
    if body.follows is not None:
        await own_ticket(reads, body.follows, known_id)
    site = await site_of(reads, known_id, body.site_id) if body.site_id else None
    start = await reads.batched(OPENING, customer_id=known_id, **commands.question(body))
    if start["serial"] is None:
        return await not_opened(known_id, start, body, commands)
    customer_id = known_id or new_id()
    number = ticket_number(start["now"], department().timezone, start["serial"])
    command, texts = filled_in(body, customer_id, number, site)
    return await commands.run(
        partial(opened, command, registers=known_id is None),
        body,
        texts=texts,
        rows=[] if known_id else [(contact, contact_row(customer_id, body.customer))],
        creates=True,
        extra=told,
        now=start["now"],
    )


async def not_opened(known_id: str | None, start: Mapping[str, Any], body: NewTicket, commands: Commands) -> Response:
    """The answer of a command that uses up no number: it was carried out before, or it is refused."""
    if (again := await commands.again()) is not None:
        return again
    if known_id and not start["known"]:
        raise invalid("body.customer_id", "No customer of this id is on file.", "unknown-customer")
    commands.check(body, start["now"])
    raise busy("busy", "Its answer was forgotten at this very moment: try again.")


async def own_ticket(reads: Reads, ticket_id: UUID, customer_id: str | None) -> None:
    """Raises a 422 problem for a ticket that is not the customer's."""
    rows = await reads.rows(by_id(tickets, str(ticket_id)))
    if not rows or rows[0]["customer_id"] != customer_id:
        raise invalid("body.follows", "The customer has no ticket of this id.", "unknown-ticket")


async def site_of(reads: Reads, customer_id: str | None, site_id: UUID) -> Site:
    """The customer's site of this id. Raises a 422 problem if there is none."""
    known = (await reads.store.state(account, customer_id))[0] if customer_id else Account()
    site = found(known.sites, str(site_id))
    if site is None:
        raise invalid("body.site_id", "The customer has no site of this id.", "unknown-site")
    return site


def filled_in(
    body: NewTicket, customer_id: str, number: str, site: Site | None = None
) -> tuple[OpenTicket, list[Text]]:
    """The command that a form means, and the customer's words beside it."""
    summary = Text.of(customer_id, body.summary)
    requirements = Text.of(customer_id, body.requirements) if body.requirements else None
    command = OpenTicket(
        ticket_id=new_id(),
        number=number,
        customer_id=customer_id,
        channel=body.channel,
        kind=body.kind,
        urgency=body.urgency,
        summary_id=summary.id,
        requirements_id=requirements.id if requirements else None,
        region=body.region or (site.region if site else None),
        contract=body.contract,
        timezone=body.timezone or (site.timezone if site else None),
        site_id=site.id if site else None,
        asset_id=str(body.asset_id) if body.asset_id else None,
        part_id=body.part,
        follows=str(body.follows) if body.follows else None,
    )
    return command, [summary, requirements] if requirements else [summary]


def opened(command: OpenTicket, registers: bool) -> Story:
    """The ticket is opened with what the warranty says of its asset, and its customer registered if new."""
    yield from assessed(command)
    if registers:
        yield customer.create(command.customer_id, RegisterCustomer(command.customer_id))


def told(decided: Sequence[Decided]) -> dict[str, Any]:
    """What the answer says of a ticket that was opened."""
    facts = [recorded.event for each in decided for recorded in each.events]
    (opened,) = (fact for fact in facts if isinstance(fact, TicketOpened))
    (assessed,) = (fact for fact in facts if isinstance(fact, WarrantyAssessed))
    return {
        "number": opened.number,
        "customer_id": opened.customer_id,
        "warranty": {"verdict": assessed.verdict, "reasons": assessed.reasons},
    }


@router.post(
    "/{ticket_id}/cancellation", operation_id="cancel_ticket", dependencies=[DESK], response_model=TicketAnswer
)
async def cancel_ticket(
    ticket_id: UUID, commands: Commands, reads: Reads, body: Cancellation | None = None
) -> Response:
    """撤单 / Withdraw a ticket before it is done: all open work on it ends. Not after the customer's acceptance."""
    id, body = str(ticket_id), body or Cancellation(occurred_at=None)
    row = await reads.one(by_id(tickets, id), "ticket")
    reason = Text.of(row["customer_id"], body.reason) if body.reason else None
    command = CancelTicket(id, reason.id if reason else None)
    return await commands.run(ticket.on(id, command), body, texts=[reason] if reason else [])


@router.post("/{ticket_id}/closure", operation_id="close_ticket", dependencies=[DESK], response_model=TicketAnswer)
async def close_ticket(ticket_id: UUID, commands: Commands, body: Closure | None = None) -> Response:
    """结单 / Archive a ticket: after acceptance and a completed callback, or after successful remote support."""
    return await commands.run(ticket.on(str(ticket_id), CloseTicket(str(ticket_id))), body or Closure(occurred_at=None))


@router.post("/{ticket_id}/settlement", operation_id="settle_ticket", dependencies=[DESK], response_model=TicketAnswer)
async def settle_ticket(ticket_id: UUID, body: Settlement, commands: Commands, reads: Reads) -> Response:
    """答复结单 / Answer a question, a complaint or a suggestion, and close its ticket: it needs nobody's work."""
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    answer = Text.of(row["customer_id"], body.answer)
    return await commands.run(ticket.on(id, SettleTicket(id, answer.id)), body, texts=[answer])


@router.post("/{ticket_id}/reopening", operation_id="reopen_ticket", dependencies=[DESK], response_model=TicketAnswer)
async def reopen_ticket(ticket_id: UUID, body: Reopening, commands: Commands, reads: Reads) -> Response:
    """重开 / A closed ticket goes on under its number: triage looks at it again. Later than the setting says, a new
    one follows it.
    """
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    reason = Text.of(row["customer_id"], body.reason)
    days, now = timedelta(days=department().reopen_days), await clock_now(reads.store.pool)
    command = ReopenTicket(id, reason.id, within=days, asked_at=now)
    return await commands.run(ticket.on(id, command), body, texts=[reason])
