"""What the warranty says of a ticket, in a story: asked anew when asset, cause or file may be others."""

from libs.events import Story
from services.intake.assets.domain.verdict import Question, consulted
from services.intake.tickets.domain.ticket import ConsultTicket, OpenTicket, Ticket, ticket
from services.intake.tickets.domain.warranty import AssessWarranty, NameAsset, NoteCause
from services.intake.warranty.domain.question import Cause


def opened(command: OpenTicket) -> Story:
    """The ticket is opened, and its asset's warranty is asked."""
    yield ticket.create(command.ticket_id, command)
    if command.asset_id is not None:
        yield from reassessed(command.ticket_id, "intake.TicketOpened")


def named(ticket_id: str, asset_id: str, part_id: str | None) -> Story:
    """The ticket is about this asset: its warranty is asked."""
    yield ticket.on(ticket_id, NameAsset(ticket_id, asset_id, part_id))
    yield from reassessed(ticket_id, "intake.TicketAssetNamed")


def caused(ticket_id: str, cause: Cause, fact_id: str) -> Story:
    """The cause is known: the warranty is asked with it."""
    yield ticket.on(ticket_id, NoteCause(ticket_id, cause, fact_id))
    yield from reassessed(ticket_id, fact_id)


def reassessed(ticket_id: str, because_of: str) -> Story:
    """The warranty of the ticket's asset on the day on which the ticket was opened; nothing without an asset."""
    looked = yield ticket.on(ticket_id, ConsultTicket())
    state: Ticket = looked.after
    warranty, opened_at = state.warranty, state.opened_at
    if warranty.asset_id is None or opened_at is None:
        return
    question = Question(opened_at, warranty.part_id, warranty.cause)
    found = yield from consulted(warranty.asset_id, question)
    if found is not None:
        rules = tuple(dict.fromkeys(reason.rule for reason in found.reasons[:1]))
        yield ticket.on(ticket_id, AssessWarranty(ticket_id, found.verdict, rules, because_of))
