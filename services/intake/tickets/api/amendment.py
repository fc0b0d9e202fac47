"""HTTP of amendments: what a ticket says is put right, with a reason."""

from libs.chassis.http import UUID, Commands, Reads, Response, Router
from libs.events.filters import by_id
from libs.events.texts import Text
from services.intake.tickets.api.forms import TicketAmendment
from services.intake.tickets.api.tickets import DESK, TicketAnswer
from services.intake.tickets.domain.amendment import AmendTicket
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])


@router.post("/{ticket_id}/amendment", operation_id="amend_ticket", dependencies=[DESK], response_model=TicketAnswer)
async def amend_ticket(ticket_id: UUID, body: TicketAmendment, commands: Commands, reads: Reads) -> Response:
    """更正 / Put right what a ticket says, until it ends. A question that turns out to be a fault becomes one by its
    kind, and triage begins; a fault becomes no question. What it said before stays in its story.
    """
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    reason = Text.of(row["customer_id"], body.reason)
    summary = Text.of(row["customer_id"], body.summary) if body.summary else None
    summary_id = summary.id if summary else None
    command = AmendTicket(id, reason.id, body.kind, body.urgency, body.region, body.contract, summary_id)
    return await commands.run(ticket.on(id, command), body, texts=[reason, summary] if summary else [reason])
