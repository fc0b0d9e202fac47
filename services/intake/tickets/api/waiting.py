"""HTTP of waiting: whom a ticket waits for, why, and when somebody looks at it again."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from libs.chassis.http import UUID, Commands, Reads, Response, Router, allow
from libs.events.contracts.intake.tickets import WaitsFor
from libs.events.database.connections import clock_now
from libs.events.filters import by_id
from libs.events.log.unit import Decided
from libs.events.texts import Text
from services.intake.tickets.api.forms import Wait, WaitEnd
from services.intake.tickets.api.tickets import TicketAnswer
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.domain.waiting import Await, StopWaiting
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
DESKS = allow("agent", "manager", "triage", "dispatcher")


class WaitingTicket(TicketAnswer):
    """Whom a ticket waits for was said."""

    waits_for: WaitsFor | None = Field(description="等待谁 / Whom it waits for; null: nobody")


@router.post("/{ticket_id}/wait", operation_id="set_wait", dependencies=[DESKS], response_model=WaitingTicket)
async def set_wait(ticket_id: UUID, body: Wait, commands: Commands, reads: Reads) -> Response:
    """等待 / Say whom a ticket waits for, why, and when somebody looks at it again.

    No clock is paused by it. Why is erased with its customer.
    """
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    reason = Text.of(row["customer_id"], body.reason)
    now = await clock_now(reads.store.pool)
    command = Await(id, body.waits_for, reason.id, body.look_again_at, asked_at=now)
    return await commands.run(ticket.on(id, command), body, texts=[reason], extra=waiting)


@router.post("/{ticket_id}/wait/end", operation_id="end_wait", dependencies=[DESKS], response_model=WaitingTicket)
async def end_wait(ticket_id: UUID, commands: Commands, body: WaitEnd | None = None) -> Response:
    """不再等待 / The ticket waits for nobody any more."""
    id = str(ticket_id)
    return await commands.run(ticket.on(id, StopWaiting(id)), body or WaitEnd(occurred_at=None), extra=waiting)


def waiting(decided: Sequence[Decided]) -> dict[str, Any]:
    """What the answer says beside the status."""
    return {"waits_for": decided[0].state.waits_for}
