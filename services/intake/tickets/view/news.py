"""The news of a ticket: what the other services published about it, word for word, to tell its whole story."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from libs.events import AboutTicket, AnyRecorded
from libs.events.contracts.language import catalogue
from libs.events.view import View
from libs.services import EVENT_SERVICES
from services.intake.tables import metadata

NEWS = reduce(or_, (catalogue(name) for name in EVENT_SERVICES if name != "intake")).only(AboutTicket)
"""Every event of the other services that is about a ticket: a new one shows in the story without a change here, and so
do those of a new service."""

news = sa.Table(
    "news",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the event's id"),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="by the service that said it"),
    sa.Column("version", sa.Integer, nullable=False, comment="of the type, which the fields follow"),
    sa.Column("fields", JSONB, nullable=False),
    sa.Index("news_ticket_id", "ticket_id"),
)


class NewsRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event about a ticket; `fields` are the event's own but for the ticket's id, none of them personal data."""

    id: str
    ticket_id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime
    version: int
    fields: dict[str, Any]


def told(recorded: AnyRecorded) -> NewsRow:
    """An event about a ticket, of whatever service, as a row."""
    return NewsRow(
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
    return recorded.id if recorded.event.type_name in NEWS else None


news_view = View(news, NewsRow, key, lambda _, recorded: told(recorded), hears=NEWS)


def about(ticket_id: str) -> sa.Select[Any]:
    """All news of one ticket."""
    return sa.select(news).where(news.c.ticket_id == ticket_id)
