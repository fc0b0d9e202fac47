"""The engineers: whom a dispatcher can send."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from libs.events import AnyRecorded
from libs.events.view import View
from services.dispatch.domain.engineer import EngineerRegistered
from services.dispatch.views import metadata

engineers = sa.Table(
    "engineer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name_id", sa.Text, nullable=False, comment="a text"),
    sa.Column("skills", JSONB, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when registered"),
)
PLACE = (engineers.c.opened_at.desc(), engineers.c.id.desc())
sa.Index("engineer_opened_at", *PLACE)
sa.Index("engineer_region", engineers.c.region, *PLACE)


class EngineerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    name_id: str
    skills: list[str]
    region: str
    version: int
    opened_at: datetime


def key(recorded: AnyRecorded) -> str | None:
    """The engineer that an event is about."""
    return recorded.event.engineer_id if isinstance(recorded.event, EngineerRegistered) else None


def apply(row: EngineerRow | None, recorded: AnyRecorded) -> EngineerRow | None:
    """The row after one more event of the engineer's stream."""
    event = recorded.event
    if not isinstance(event, EngineerRegistered):
        return row
    return EngineerRow(
        id=event.engineer_id,
        name_id=event.name_id,
        skills=event.skills,
        region=event.region,
        version=recorded.version,
        opened_at=recorded.occurred_at,
    )


engineer_view = View(engineers, EngineerRow, key, apply)


def engineer_list(region: str | None) -> sa.Select[Any]:
    """All engineers, or those of one region."""
    query = sa.select(engineers)
    return query if region is None else query.where(engineers.c.region == region)


def one_engineer(id: str) -> sa.Select[Any]:
    """The engineer of this id."""
    return sa.select(engineers).where(engineers.c.id == id)
