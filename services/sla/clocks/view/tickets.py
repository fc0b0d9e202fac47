"""The tickets that were opened, by when: what a replay goes through."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.table import table
from libs.events.view import View
from services.sla.clocks.domain.clocks import FactHeard
from services.sla.tables import metadata


class TicketRow(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket, and when it was opened."""

    id: str
    opened_at: datetime


ticket_table = table("ticket", TicketRow, metadata)
sa.Index("ticket_opened_at", ticket_table.c.opened_at, ticket_table.c.id)


def key(recorded: AnyRecorded) -> str | None:
    """The ticket that was opened."""
    heard = recorded.event
    opened = isinstance(heard, FactHeard) and heard.fact.type == TicketOpened.type_name
    return heard.ticket_id if opened else None


def apply(row: TicketRow | None, recorded: AnyRecorded) -> TicketRow | None:
    """The row of a ticket: it is opened once."""
    heard: FactHeard = recorded.event
    return row or TicketRow(id=heard.ticket_id, opened_at=heard.fact.happened_at)


ticket_view = View(ticket_table, TicketRow, key, apply)
