"""The clocks: one row a clock, as the facts heard so far have it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded
from libs.events.contracts.sla.clocks import NoDeadline
from libs.events.filters import Values, between, equal, fits, fitting
from libs.events.order import Order
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.sla.clocks.domain.clock import ClockJudged, State
from services.sla.tables import metadata


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    ticket_id: str
    metric: str
    policy: Annotated[str, Note("id/version; the strictest that applies")]
    calendar: str
    cycle: int
    state: State
    state_since: datetime
    level: int
    target_seconds: Annotated[int, sa.BigInteger()]
    started_at: datetime
    counted_seconds: Annotated[float, Note("working time up to state_since")]
    due_at: Annotated[datetime | None, Note("null while paused")]
    no_deadline: Annotated[NoDeadline | None, Note("why the calendar never comes to one, if so")]
    provisional: Annotated[bool, Note("holidays up to due_at are not all known")]
    breached: bool
    breached_then: Annotated[bool, Note("a breach was told, as things were known then")]
    by_change: bool
    met_at: datetime | None
    breach_at: Annotated[datetime | None, Note("when a running clock breaches if nothing is heard")]
    version: Annotated[int, Note("of the ticket's clocks")]


clock_table = table("clock", ClockRow, metadata, newest_first("ticket_id", "state", "metric", by="started_at"))
DUE = Order(clock_table.c.due_at)
DUE.index()
DUE.index(where="state IN ('running', 'paused')")
sa.Index("clock_open", clock_table.c.ticket_id, postgresql_where=sa.text("state IN ('running', 'paused')"))
LEFT = clock_table.c.target_seconds - clock_table.c.counted_seconds
"""What a paused clock has left. A running one is found by when it breaches."""
AHEAD = clock_table.c.state.in_(("running", "paused")) & ~clock_table.c.breached
sa.Index("clock_next_breach", clock_table.c.breach_at, LEFT, clock_table.c.id, postgresql_where=AHEAD)


def key(recorded: AnyRecorded) -> str | None:
    """The clock that an event is about, where it says all that is known."""
    return recorded.event.clock_id if isinstance(recorded.event, ClockJudged) else None


def apply(row: ClockRow | None, recorded: AnyRecorded) -> ClockRow | None:
    """The row after one more event of the ticket's stream."""
    clock = recorded.event
    if not isinstance(clock, ClockJudged):
        return row
    return ClockRow(
        id=clock.clock_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        policy=clock.policy,
        calendar=clock.calendar,
        cycle=clock.cycle,
        state=clock.state,
        state_since=clock.state_since,
        level=clock.level,
        target_seconds=clock.target_seconds,
        started_at=clock.started_at,
        counted_seconds=clock.counted_seconds,
        due_at=clock.due_at,
        no_deadline=clock.no_deadline,
        provisional=clock.provisional,
        breached=clock.breached,
        breached_then=clock.breached_then,
        by_change=clock.by_change,
        met_at=clock.met_at,
        breach_at=clock.breach_at,
        version=recorded.version,
    )


clock_view = View(clock_table, ClockRow, key, apply)


def clock_list(
    filters: Mapping[str, Values], breached: bool | None = None, due_before: datetime | None = None
) -> sa.Select[Any]:
    """The clocks that fit every filter given. `due_before` is about deadlines: a paused clock has none."""
    late, due = equal(clock_table.c.breached, breached), between(DUE.by, end=due_before)
    return fitting(clock_table, filters).where(*late, *due)


def clock_set(
    filters: Mapping[str, Values],
    breached: bool | None = None,
    started_from: datetime | None = None,
    started_to: datetime | None = None,
) -> sa.Select[Any]:
    """The clocks that fit every filter given and started in [started_from, started_to)."""
    late, started = equal(clock_table.c.breached, breached), between(clock_table.c.started_at, started_from, started_to)
    return fitting(clock_table, filters).where(*late, *started)


def next_breaches(now: datetime, metrics: Values = (), within: datetime | None = None) -> sa.Select[Any]:
    """The open clocks that have not breached: running ones by when they will, then paused ones by what is left."""
    to_come = (clock_table.c.breach_at > now) | clock_table.c.breach_at.is_(None)
    query = (
        sa.select(clock_table)
        .where(AHEAD, to_come, *fits(clock_table, {"metric": metrics}))
        .order_by(clock_table.c.breach_at, LEFT, clock_table.c.id)
    )
    return query if within is None else query.where(clock_table.c.breach_at <= within)
