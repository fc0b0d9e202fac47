"""The filters that are shared: by whom, and with which role. What a person keeps is read from the log."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded
from libs.events.filters import one_of
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.filters.domain import FilterRemoved, FilterSaved, QueueFilter
from services.intake.tables import metadata

MOST = 200
"""So many of colleagues' filters are shown, those that were saved last."""


class SharedFilterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A filter that colleagues of a role see."""

    id: str
    person_id: Annotated[str, Note("pseudonym of who keeps it")]
    role: str
    name_id: Annotated[str, Note("a text about who keeps it")]
    filter: QueueFilter
    version: int
    opened_at: Annotated[datetime, Note("when it was saved last")]


shared_filters = table("shared_filter", SharedFilterRow, metadata, newest_first("role"))


def key(recorded: AnyRecorded) -> str | None:
    event = recorded.event
    if isinstance(event, FilterSaved):
        return event.saved.id
    return event.filter_id if isinstance(event, FilterRemoved) else None


def apply(row: SharedFilterRow | None, recorded: AnyRecorded) -> SharedFilterRow | None:
    """The row after one more event; none of a filter that is removed, or its person's alone."""
    event = recorded.event
    if not isinstance(event, FilterSaved) or event.saved.role is None:
        return None
    return SharedFilterRow(
        id=event.saved.id,
        person_id=event.person_id,
        role=event.saved.role,
        name_id=event.saved.name_id,
        filter=event.saved.filter,
        version=recorded.version,
        opened_at=recorded.occurred_at,
    )


shared_filter_view = View(shared_filters, SharedFilterRow, key, apply)


def shared_with(roles: Collection[str], but: str) -> sa.Select[Any]:
    """What others than `but` share with these roles, the newest first."""
    return (
        sa.select(shared_filters)
        .where(one_of(shared_filters.c.role, sorted(roles)), shared_filters.c.person_id != but)
        .order_by(shared_filters.c.opened_at.desc(), shared_filters.c.id.desc())
        .limit(MOST)
    )
