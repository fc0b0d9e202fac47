"""HTTP of what became of one record: each of its events, when it happened and was recorded, and by whom."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import msgspec
from fastapi import Path
from pydantic import BaseModel, Field

from libs.chassis.http import DEFAULT, UUID, Cursor, Limit, Page, Reads, Router, allow, missing
from libs.chassis.lists.paging import Place
from libs.events import AnyRecorded, Decider

AnyDecider: TypeAlias = Decider[Any, Any, Any]

AUDITORS = allow("auditor", "manager")


class RecordEvent(BaseModel):
    """记录的一步 / One event of a record, without personal data."""

    id: UUID
    type: str = Field(description="事件 / Type name", examples=["intake.AssetInstalled"])
    occurred_at: datetime = Field(description="发生时间 / When it happened")
    recorded_at: datetime = Field(description="记录时间 / When it was recorded")
    type_version: int = Field(ge=1, description="版本 / Version of the type, which the fields follow")
    fields: dict[str, Any] = Field(description="内容 / The event's own fields: codes, ids, instants, documents")
    actor: str | None = Field(
        description="操作者 / Pseudonym of who did it, or service:<name>",
        examples=["01955c1e-7b00-8000-8000-000000000002"],
    )
    actor_name: str | None = Field(description="操作者姓名 / Their name, as far as it is known here", examples=["李敏"])
    skew_ms: int | None = Field(
        description="时钟偏差（毫秒）/ By how much the clock was ahead of ours that this was recorded by, if it was"
    )


class _After(msgspec.Struct, array_like=True, frozen=True):
    """The place that a cursor names. The database compares its id as one, and takes no other text."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: uuid.UUID

    def __post_init__(self) -> None:
        self.at.astimezone()


def record_router(plural: str, name: str, streams: Sequence[AnyDecider], id: Any = UUID) -> Router:
    """The route of one kind of records, such as `assets`, `asset`; what it is made of stands in these streams."""
    router = Router(prefix=f"/v1/{plural}", tags=["records"])
    Id: TypeAlias = Annotated[id, Path(alias=f"{name}_id")]

    @router.get(
        f"/{{{name}_id}}/events",
        operation_id=f"list_{name}_events",
        dependencies=[AUDITORS],
        response_model=Page[RecordEvent],
    )
    async def list_events(id: Id, reads: Reads, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
        """审计 / What became of one record, what was recorded first at the head."""
        after: _After | None = reads.place_as(_After, cursor)
        behind = None if after is None else (after.at, str(after.id))
        story = await reads.store.page([one.stream(str(id)) for one in streams], behind, limit + 1)
        if not story and after is None:
            raise missing(name.replace("_", " "))
        page = reads.paged(story, limit, place)
        names = await reads.names({event.actor for event in page["items"]})
        return page | {"items": [_item(event, names.get(event.actor)) for event in page["items"]]}

    return router


def place(recorded: AnyRecorded) -> Place:
    """Where an event stands among those of its record."""
    return Place(recorded.recorded_at, recorded.id)


def _item(recorded: AnyRecorded, actor_name: str | None) -> dict[str, Any]:
    return {
        "id": recorded.id,
        "type": recorded.event.type_name,
        "occurred_at": recorded.occurred_at,
        "recorded_at": recorded.recorded_at,
        "type_version": recorded.event.version,
        "fields": msgspec.to_builtins(recorded.event, str_keys=True),
        "actor": recorded.actor,
        "actor_name": actor_name,
        "skew_ms": recorded.skew_ms,
    }
