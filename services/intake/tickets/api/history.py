"""HTTP of a ticket's history: its whole story over all services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, DEFAULT, UUID, Cursor, Limit, MinVersion, Page, Reads, Router
from libs.chassis.lists.paging import Place
from libs.events.log.actors import acted_on
from services.intake.tickets.domain.ticket import TicketProgressed, ticket
from services.intake.tickets.domain.warranty import CauseNoted
from services.intake.tickets.view.history import HistoryRow, about, entry

router = Router(prefix="/v1/tickets", tags=["tickets"])
NOBODY_KNOWN: dict[str, Any] = {"actor": None, "actor_name": None, "skew_ms": None}


class StoryItem(BaseModel):
    """工单履历 / One event of a ticket's story."""

    id: UUID
    type: str = Field(description="事件 / Type name", examples=["dispatch.OnSiteArrived"])
    source: str = Field(description="来源 / The service that said it", examples=["dispatch"])
    occurred_at: datetime = Field(description="发生时间 / When it happened")
    recorded_at: datetime = Field(description="记录时间 / When that service recorded it")
    type_version: int = Field(ge=1, description="版本 / Version of the type, which the fields follow")
    fields: dict[str, Any] = Field(description="内容 / The event's own fields: codes, ids, instants")
    actor: str | None = Field(
        description="操作者 / Pseudonym of who did it, or service:<name>; null where another service knows it",
        examples=["01955c1e-7b00-8000-8000-000000000002"],
    )
    actor_name: str | None = Field(
        description="操作者姓名 / Name of who did it, as far as it is known here", examples=["李敏"]
    )
    people: dict[str, str] = Field(
        description="人员姓名 / Names, by pseudonym, of the people whom the fields name, as far as they are known here",
        examples=[{"01955c1e-7b00-8000-8000-000000000002": "李敏"}],
    )
    skew_ms: int | None = Field(
        description="时钟偏差（毫秒）/ By how much the clock was ahead of ours that this was recorded by, if it was"
    )


@router.get("/{ticket_id}/history", operation_id="get_history", dependencies=[ANYONE], response_model=Page[StoryItem])
async def get_history(
    ticket_id: UUID, reads: Reads, limit: Limit = DEFAULT, cursor: Cursor = None, min_version: MinVersion = None
) -> Any:
    """工单履历 / The ticket's whole story over all services, earliest first, without personal data."""
    id = str(ticket_id)
    await reads.wait(ticket.stream(id), min_version)
    story = await whole_story(reads, id)
    after = reads.place(cursor)
    left = [item for item in story if after is None or place(item) > after]
    acted = await actors_of(reads, id)
    names = await reads.names([item.fields.get("owner_id") for item in story])
    page = reads.paged(left, limit, place)
    return page | {"items": [item_of(item, names) | acted.get(item.id, NOBODY_KNOWN) for item in page["items"]]}


def place(item: HistoryRow) -> Place:
    """Where an event stands in the story."""
    return Place(item.occurred_at, item.id)


async def whole_story(reads: Reads, ticket_id: str) -> list[HistoryRow]:
    """Intake's own events and the history of the others; what intake only noted is told by those who said it."""
    own = await reads.history(ticket, ticket_id, what="ticket")
    story = [entry(recorded) for recorded in own if not isinstance(recorded.event, TicketProgressed | CauseNoted)]
    story += [HistoryRow(**row) for row in await reads.rows(about(ticket_id))]
    return sorted(story, key=lambda item: (item.occurred_at, item.id))


async def actors_of(reads: Reads, ticket_id: str) -> dict[str, dict[str, Any]]:
    """Who did what of this service's own events, by event id."""
    own = await reads.rows(acted_on(ticket.stream(ticket_id)))
    return {row["id"]: {field: row[field] for field in NOBODY_KNOWN} for row in own}


def item_of(item: HistoryRow, names: Mapping[str, str]) -> dict[str, Any]:
    """One event of the story as it is answered, with its owner's name."""
    owner_id: str = item.fields.get("owner_id") or ""
    return {
        "id": item.id,
        "type": item.type,
        "source": item.type.partition(".")[0],
        "occurred_at": item.occurred_at,
        "recorded_at": item.recorded_at,
        "type_version": item.version,
        "fields": item.fields,
        "people": {owner_id: names[owner_id]} if owner_id in names else {},
    }
