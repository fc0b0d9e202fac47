"""The rows of a kind's jobs, one each, and beside them how far the work is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events.background.job import AnyJobDecider, Completed, Failed, Requested, Stage
from libs.events.database.schema import job_progress
from libs.events.filters import Values, one_of
from libs.events.log.actors import name_of
from libs.events.message import AnyRecorded
from libs.events.table import Note, newest_first
from libs.events.view import View


class JobRow(msgspec.Struct, frozen=True, kw_only=True):
    """What every kind's rows have. Subclass it for what a kind's own say besides."""

    id: str
    status: Stage
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None
    reason: Annotated[str, Note("why it failed")]
    version: int


R = TypeVar("R", bound=JobRow)

NEWEST_FIRST = newest_first("status", by="requested_at")
"""The indexes of a kind's table: for its list, and for the workers, who take the oldest that is requested."""


def nothing_more(requested: Any) -> Mapping[str, Any]:
    """Of kinds whose rows are as every kind's."""
    return {}


def job_view(
    decider: AnyJobDecider,
    table: sa.Table,
    row: type[R],
    own: Callable[[Any], Mapping[str, Any]] = nothing_more,
) -> View[R]:
    """The view of a kind's jobs; `own(requested)` are the columns that its rows have besides."""

    def apply(before: R | None, recorded: AnyRecorded) -> R | None:
        event = recorded.event
        if isinstance(event, Requested):
            return row(
                id=event.id,
                status="requested",
                requested_by=recorded.actor,
                requested_at=recorded.recorded_at,
                ended_at=None,
                reason="",
                version=recorded.version,
                **own(event),
            )
        return before and replace(before, **_ended(event), ended_at=recorded.recorded_at, version=recorded.version)

    return View.of(decider, table, row, apply)


def _ended(event: Any) -> dict[str, Any]:
    if isinstance(event, Failed):
        return {"status": "failed", "reason": event.reason}
    return {"status": "completed" if isinstance(event, Completed) else "cancelled"}


def job_list(view: View[Any], statuses: Values = ()) -> sa.Select[Any]:
    """A kind's jobs with their progress, `done` of `total`; a requested one that was begun is `running`."""
    jobs = view.table
    begun = sa.and_(jobs.c.status == "requested", job_progress.c.id.is_not(None))
    shown = sa.case((begun, "running"), else_=jobs.c.status)
    return (
        sa.select(
            *(column for column in jobs.c if column is not jobs.c.status),
            shown.label("status"),
            name_of(jobs.c.requested_by).label("requested_by_name"),
            sa.func.coalesce(job_progress.c.done, 0).label("done"),
            job_progress.c.total,
        )
        .outerjoin_from(jobs, job_progress, job_progress.c.id == jobs.c.id)
        .where(one_of(shown, statuses))
    )
