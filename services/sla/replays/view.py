"""The replays: one row each, and beside them who is at work on which and how far they are."""

from datetime import datetime
from typing import Annotated, Any, assert_never

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded
from libs.events.filters import Values, one_of
from libs.events.log.actors import name_of
from libs.events.table import Note, table
from libs.events.view import View
from services.sla.replays.domain.what_if import (
    ReplayCancelled,
    ReplayCompleted,
    ReplayEvent,
    ReplayFailed,
    ReplayRequested,
    Status,
)
from services.sla.tables import metadata

run_table = sa.Table(
    "replay_run",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the replay's"),
    sa.Column("owner", sa.Text, nullable=False, comment="the worker that is at it"),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="then anybody may take it over"),
    sa.Column("tickets_done", sa.Integer, nullable=False),
    sa.Column("tickets_total", sa.Integer, nullable=False),
)
"""No view: how far the work is stands in no event. A row that is lost costs the work done so far and no more."""


class ReplayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list. `policies` and `calendars` are names, with a space between."""

    id: str
    status: Status
    policies: Annotated[str, Note("what tickets would go by, by name")]
    calendars: str
    opened_from: datetime
    opened_to: datetime
    requested_at: datetime
    requested_by: str
    ended_at: datetime | None
    reason: Annotated[str, Note("why it failed")]
    version: int


replay_table = table("replay", ReplayRow, metadata)
sa.Index("replay_requested_at", replay_table.c.requested_at.desc(), replay_table.c.id.desc())
sa.Index("replay_status", replay_table.c.status, replay_table.c.requested_at.desc(), replay_table.c.id.desc())


def key(recorded: AnyRecorded) -> str | None:
    """The replay that an event is about."""
    return recorded.event.replay_id if isinstance(recorded.event, ReplayEvent) else None


def apply(row: ReplayRow | None, recorded: AnyRecorded) -> ReplayRow | None:
    """The row after one more event."""
    replay: ReplayEvent = recorded.event
    match replay:
        case ReplayRequested():
            return _requested(replay, recorded)
        case ReplayCompleted():
            return _ended(row, recorded, "completed")
        case ReplayFailed():
            return _ended(row, recorded, "failed", replay.reason)
        case ReplayCancelled():
            return _ended(row, recorded, "cancelled")
        case _:
            assert_never(replay)


def _requested(replay: ReplayRequested, recorded: AnyRecorded) -> ReplayRow:
    return ReplayRow(
        id=replay.replay_id,
        status="requested",
        policies=" ".join(replay.draft.policies),
        calendars=" ".join(replay.draft.calendars),
        opened_from=replay.opened_from,
        opened_to=replay.opened_to,
        requested_at=recorded.recorded_at,
        requested_by=recorded.actor,
        ended_at=None,
        reason="",
        version=recorded.version,
    )


def _ended(row: ReplayRow | None, recorded: AnyRecorded, status: Status, reason: str = "") -> ReplayRow | None:
    if row is None:
        return None
    return msgspec.structs.replace(
        row, status=status, reason=reason, ended_at=recorded.recorded_at, version=recorded.version
    )


replay_view = View(replay_table, ReplayRow, key, apply)

RUNNING = sa.and_(replay_table.c.status == "requested", run_table.c.until > sa.func.statement_timestamp())
"""Leases are on the database's real clock, whatever the virtual one shows."""


def replay_list(statuses: Values = ()) -> sa.Select[Any]:
    """The replays with what is known of their progress; a requested one that somebody is at is `running`."""
    shown = sa.case((RUNNING, "running"), else_=replay_table.c.status)
    return (
        sa.select(
            *(column for column in replay_table.c if column is not replay_table.c.status),
            shown.label("status"),
            name_of(replay_table.c.requested_by).label("requested_by_name"),
            sa.func.coalesce(run_table.c.tickets_done, 0).label("tickets_done"),
            run_table.c.tickets_total,
        )
        .outerjoin_from(replay_table, run_table, run_table.c.id == replay_table.c.id)
        .where(one_of(shown, statuses))
    )


def one_replay(id: str) -> sa.Select[Any]:
    """The replay of this id."""
    return replay_list().where(replay_table.c.id == id)
