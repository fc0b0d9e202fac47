"""The history of a ticket: what the other services published about it, word for word, to tell its whole story."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from libs.events import AboutTicket, AnyRecorded
from libs.events.contracts.language import catalogue
from libs.events.table import Note, table
from libs.events.view import View
from libs.services import EVENT_SERVICES
from services.intake.tables import metadata

ABOUT_TICKETS = reduce(or_, (catalogue(name) for name in EVENT_SERVICES if name != "intake")).only(AboutTicket)
"""Every event of the other services that is about a ticket: a new one shows in the story without a change here, and so
do those of a new service."""


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event about a ticket; `fields` are the event's own but for the ticket's id, none of them personal data."""

    id: Annotated[str, Note("the event's id")]
    ticket_id: str
    type: str
    occurred_at: datetime
    recorded_at: Annotated[datetime, Note("by the service that said it")]
    version: Annotated[int, Note("of the type, which the fields follow")]
    fields: dict[str, Any]


history = table("history", HistoryRow, metadata)
sa.Index("history_ticket_id", history.c.ticket_id)


def entry(recorded: AnyRecorded) -> HistoryRow:
    """An event about a ticket, of whatever service, as a row."""
    return HistoryRow(
        id=recorded.id,
        ticket_id=recorded.event.ticket_id,
        type=recorded.event.type_name,
        occurred_at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        version=recorded.event.version,
        fields={k: v for k, v in msgspec.to_builtins(recorded.event).items() if k != "ticket_id"},
    )


def key(recorded: AnyRecorded) -> str | None:
    """A row an event of the other services."""
    return recorded.id if recorded.event.type_name in ABOUT_TICKETS else None


history_view = View(history, HistoryRow, key, lambda _, recorded: entry(recorded), hears=ABOUT_TICKETS)


def about(ticket_id: str) -> sa.Select[Any]:
    """What was published about one ticket."""
    return sa.select(history).where(history.c.ticket_id == ticket_id)
