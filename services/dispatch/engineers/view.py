"""The engineers: whom a dispatcher can send."""

from datetime import datetime
from typing import Annotated, Any, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.dispatch.engineers import EngineerBound, EngineerUnbound
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.dispatch.engineers.domain.engineer import EngineerAmended, EngineerEvent, EngineerRegistered, engineer
from services.dispatch.tables import metadata


class EngineerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    name_id: Annotated[str, Note("a text")]
    skills: list[str]
    region: str
    actor_id: Annotated[str | None, Note("pseudonym of the login that is theirs")] = None
    version: int
    opened_at: Annotated[datetime, Note("when registered")]


engineers = table("engineer", EngineerRow, metadata, newest_first("region"))
sa.Index("engineer_actor_id", engineers.c.actor_id)


def apply(row: EngineerRow | None, recorded: AnyRecorded) -> EngineerRow | None:
    """The row after one more event of the engineer's stream."""
    event = recorded.event
    if isinstance(event, EngineerRegistered):
        return _registered(event, recorded)
    return row and replace(_changed(row, event), version=recorded.version)


def _changed(row: EngineerRow, event: EngineerEvent) -> EngineerRow:
    match event:
        case EngineerRegistered():
            return row
        case EngineerAmended():
            return replace(row, name_id=event.name_id, skills=event.skills, region=event.region)
        case EngineerBound():
            return replace(row, actor_id=event.actor_id)
        case EngineerUnbound():
            return replace(row, actor_id=None)
        case _:
            assert_never(event)


def _registered(event: EngineerRegistered, recorded: AnyRecorded) -> EngineerRow:
    return EngineerRow(
        id=event.engineer_id,
        name_id=event.name_id,
        skills=event.skills,
        region=event.region,
        version=recorded.version,
        opened_at=recorded.occurred_at,
    )


engineer_view = View.of(engineer, engineers, EngineerRow, apply)


def engineer_of(actor_id: str) -> sa.Select[Any]:
    """The engineer whose login has this pseudonym."""
    return sa.select(engineers).where(engineers.c.actor_id == actor_id)
