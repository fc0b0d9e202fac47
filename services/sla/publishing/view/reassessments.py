"""Reassessments: orders to work open tickets out again, and how far each has come.

No view: an order is written beside the event that records it, and its progress beside the clocks that it changes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.events.filters import equal
from libs.events.table import Note, newest_first, table
from services.sla.clocks.view.clocks import clock_table
from services.sla.publishing.view.rules import KindName
from services.sla.tables import metadata


class ReassessmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order and how far it has come."""

    id: str
    kind: KindName
    rule: str
    ordered_by: str
    metric: Annotated[str | None, Note("only tickets with an open clock of it; null: of any")] = None
    ticket_ids: Annotated[list[str] | None, Note("only these; null: any")] = None
    tickets: Annotated[int, Note("with an open clock when it was ordered")]
    seen: int = 0
    changed: Annotated[int, Note("of those: with other rules than before")] = 0
    reached: Annotated[str, Note("the ticket seen last, for they are seen in order of ids")] = ""
    finished_at: datetime | None = None
    opened_at: datetime


reassessment_table = table("reassessment", ReassessmentRow, metadata, newest_first())
sa.Index(
    "reassessment_open", reassessment_table.c.opened_at, postgresql_where=reassessment_table.c.finished_at.is_(None)
)

OPEN = sa.text("clock.state IN ('running', 'paused')")
"""Written out, so that the index of open clocks fits."""


def open_tickets(
    metric: str | None, ticket_ids: Sequence[str] | None, after: str = "", limit: int | None = None
) -> sa.Select[Any]:
    """The tickets with an open clock, in order of ids; those that fit the filters, after the ticket `after`."""
    ticket = clock_table.c.ticket_id
    some = equal(clock_table.c.metric, metric)
    query = sa.select(ticket).distinct().where(OPEN, ticket > after, *some).order_by(ticket).limit(limit)
    return query if ticket_ids is None else query.where(ticket == sa.any_(sa.literal(list(ticket_ids), ARRAY(sa.Text))))


def open_count(metric: str | None, ticket_ids: Sequence[str] | None) -> sa.Select[Any]:
    """How many those are, and the database's now."""
    tickets = open_tickets(metric, ticket_ids).subquery()
    return sa.select(sa.func.count().label("tickets"), sa.func.clock_now().label("now")).select_from(tickets)


def reassessment_list(kind: KindName | None = None, rule: str | None = None) -> sa.Select[Any]:
    """The orders, or those of one rule."""
    columns = reassessment_table.c
    return sa.select(reassessment_table).where(*equal(columns.kind, kind), *equal(columns.rule, rule))


NEXT = (
    sa.select(reassessment_table)
    .where(reassessment_table.c.finished_at.is_(None))
    .order_by(reassessment_table.c.opened_at, reassessment_table.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
"""The oldest order that nobody is at work on."""
