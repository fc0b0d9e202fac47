"""What the services ask of each other: heads, positions, the event feed."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from libs.chassis.http.reads import Reads
from libs.chassis.http.routing import Router
from libs.chassis.identity.auth import allow
from libs.events.database.schema import LANES
from libs.events.inbox.inbox import Inbox
from libs.events.transport import feed
from libs.events.transport.feed import Entry

router = Router(prefix="/internal", tags=["internal"])
READERS = allow("service", "auditor")


class FeedPage(BaseModel):
    """Published events of one lane: each with the headers its Kafka message has, and its data."""

    items: list[dict[str, Any]]


class Head(BaseModel):
    """The newest event of a lane."""

    epoch: int = Field(ge=1)
    seq: int = Field(ge=0)
    current: int = Field(ge=1)


@router.get("/heads", operation_id="get_heads", dependencies=[READERS], response_model=dict[str, int])
async def heads(reads: Reads) -> Any:
    """The seq of the newest event of every lane that this service publishes: {lane: seq}, 0 where there is none."""
    return {lane: head.seq for lane, head in (await feed.heads(reads.store.pool)).items()}


@router.get("/lanes", operation_id="get_lanes", dependencies=[READERS], response_model=dict[str, Head])
async def lanes(reads: Reads) -> Any:
    """The heads with their epochs, as consumers compare them: {lane: {epoch, seq, current}}; seq 0: there is none."""
    return await feed.heads(reads.store.pool)


@router.get("/positions", operation_id="get_positions", dependencies=[READERS], response_model=dict[str, Any])
async def positions(request: Request, reads: Reads) -> Any:
    """How far this service has applied every lane it hears: {source: {lane: {epoch, seq, stopped}}}."""
    found: dict[str, dict[int, Any]] = {}
    inbox: Inbox | None = request.app.state.inbox
    for (source, lane), at in sorted((await inbox.positions()).items()) if inbox else ():
        found.setdefault(source, {})[lane] = {"epoch": at.epoch, "seq": at.seq, "stopped": at.stopped}
    return found


@router.get("/events", operation_id="list_published_events", dependencies=[READERS], response_model=FeedPage)
async def events(
    reads: Reads,
    lane: Annotated[int, Query(ge=0, lt=LANES)],
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    epoch: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Any:
    """A lane's published events, in order: seq above `after`, of this epoch or a later one."""
    found: list[Entry] = await feed.entries(reads.store.pool, reads.store.name, lane, after, limit, epoch)
    return {"items": found}
