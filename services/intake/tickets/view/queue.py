"""The queue: of each ticket, what other services say that decides who looks at it next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.triage.cases import FaultClassified
from libs.events.filters import Values, fits, one_of
from libs.events.order import Order
from libs.events.table import Note, table
from libs.events.view import View
from services.intake.tables import metadata
from services.intake.tickets.view.history import ABOUT_TICKETS
from services.intake.tickets.view.queue_clock import ClockNews, QueueClock, Stage, clocks_after, stage_of, worst_breach
from services.intake.tickets.view.queue_visit import QueueVisit, VisitNews, current, visits_after
from services.intake.tickets.view.tickets import tickets


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is heard of one ticket. `stage` to `engineer_id` follow from clocks and visits, to be searched by."""

    id: Annotated[str, Note("the ticket's id")]
    level: int | None = None
    clocks: list[QueueClock] = []
    visits: list[QueueVisit] = []
    stage: Stage = "none"
    due_at: Annotated[datetime | None, Note("the next deadline of a running clock")] = None
    breached: Annotated[bool, Note("a deadline of its was missed, and that stands")] = False
    engineer_id: Annotated[str | None, Note("of the visit that is to come or goes on")] = None
    last_type: Annotated[str | None, Note("of the event that happened last")] = None
    last_at: datetime | None = None
    last_id: str | None = None


queue = table("queue", QueueRow, metadata)
DUE = Order(queue.c.due_at)
sa.Index("queue_engineer_id", queue.c.engineer_id, postgresql_where=queue.c.engineer_id.is_not(None))
sa.Index("queue_stage", queue.c.stage, postgresql_where=sa.text("stage IN ('warned', 'breached')"))


def key(recorded: AnyRecorded) -> str | None:
    """A row a ticket, of all that is heard about it."""
    return recorded.event.ticket_id if recorded.event.type_name in ABOUT_TICKETS else None


def apply(row: QueueRow | None, recorded: AnyRecorded) -> QueueRow:
    """The row after one more event. Each service's news have fields of their own, for services come in no order."""
    event = recorded.event
    row = _latest(row or QueueRow(id=event.ticket_id), recorded)
    if isinstance(event, FaultClassified):
        return replace(row, level=event.level)
    if isinstance(event, ClockNews):
        return _timed(row, clocks_after(row.clocks, event))
    if isinstance(event, VisitNews):
        return _visited(row, visits_after(row.visits, event))
    return row


def _latest(row: QueueRow, recorded: AnyRecorded) -> QueueRow:
    """Of two that happened at once the greater id is the last, whichever was heard first."""
    if row.last_at is not None and (recorded.occurred_at, recorded.id) < (row.last_at, row.last_id or ""):
        return row
    return replace(row, last_type=recorded.event.type_name, last_at=recorded.occurred_at, last_id=recorded.id)


def _timed(row: QueueRow, clocks: list[QueueClock]) -> QueueRow:
    due = [clock.due_at for clock in clocks if clock.status == "running" and clock.due_at is not None]
    late = worst_breach(clocks) is not None
    return replace(row, clocks=clocks, stage=stage_of(clocks), due_at=min(due, default=None), breached=late)


def _visited(row: QueueRow, visits: list[QueueVisit]) -> QueueRow:
    visit = current(visits)
    return replace(row, visits=visits, engineer_id=visit.engineer_id if visit else None)


queue_view = View(queue, QueueRow, key, apply, hears=ABOUT_TICKETS)

STAGE = sa.func.coalesce(queue.c.stage, "none")
"""Of every ticket, those too of which nothing was heard yet."""


def lines(heard: Mapping[str, Values]) -> sa.Select[Any]:
    """The tickets with what is heard of them, null where nothing was, that fit the filters on that."""
    of_queue = [column for column in queue.c if column.name != "id"]
    both = tickets.outerjoin(queue, queue.c.id == tickets.c.id)
    return sa.select(tickets, *of_queue).select_from(both).where(*fits(queue, heard))


def with_stage(stages: Sequence[Stage]) -> list[sa.ColumnElement[bool]]:
    """That the worst clock is at one of these stages; without any, nothing is asked."""
    return [one_of(STAGE if "none" in stages else queue.c.stage, stages)] if stages else []


def with_breach(breached: bool | None) -> list[sa.ColumnElement[bool]]:
    """That a deadline was missed, or that none was; None: either."""
    return [] if breached is None else [queue.c.breached.is_(True) if breached else queue.c.breached.is_not(True)]
