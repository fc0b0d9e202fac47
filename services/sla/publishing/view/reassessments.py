"""Reassessments: one row each, and the open tickets that they work out again."""

from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.events.background.job_view import NEWEST_FIRST, JobRow, job_list, job_view
from libs.events.database.schema import job_progress
from libs.events.filters import Values, equal
from libs.events.table import Note, table
from services.sla.clocks.view.clocks import clock_table
from services.sla.publishing.domain.reassessment import ReassessmentRequested, reassessments
from services.sla.publishing.view.rules import KindName
from services.sla.tables import metadata


class ReassessmentRow(JobRow, frozen=True, kw_only=True):
    """A row of the list."""

    kind: KindName
    rule: str
    ordered_by: Annotated[str, Note("whom the deadlines that move name")]
    metric: Annotated[str | None, Note("only tickets with an open clock of it; null: of any")]
    ticket_ids: Annotated[list[str] | None, Note("only these; null: any")]


def _own(requested: ReassessmentRequested) -> dict[str, Any]:
    own = {name: getattr(requested, name) for name in ("kind", "rule", "metric", "ticket_ids")}
    return {**own, "ordered_by": requested.by}


reassessment_view = job_view(
    reassessments, table("reassessment", ReassessmentRow, metadata, NEWEST_FIRST), ReassessmentRow, _own
)

CHANGED = sa.func.coalesce(job_progress.c.reached["changed"].as_integer(), 0).label("changed")


def reassessment_list(statuses: Values = ()) -> sa.Select[Any]:
    """The reassessments with their progress, and how many tickets changed so far."""
    return job_list(reassessment_view, statuses).add_columns(CHANGED)


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
    """How many those are."""
    tickets = open_tickets(metric, ticket_ids).subquery()
    return sa.select(sa.func.count().label("tickets")).select_from(tickets)
