"""What the services ask of each other, and operators of a service: heads, positions, the event feed, parked events."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from libs.chassis.auth import allow
from libs.chassis.http import Cursor, Reads
from libs.chassis.paging import DEFAULT, Limit, malformed
from libs.chassis.problems import Problem, missing
from libs.chassis.routing import Router
from libs.chassis.telemetry import masked
from libs.events import feed, parking
from libs.events.database import TRANSIENT, UNREACHABLE
from libs.events.errors import described
from libs.events.feed import Entry
from libs.events.inbox import Inbox
from libs.events.schema import LANES

router = Router(prefix="/internal", tags=["internal"])
OPERATORS = allow("service", "auditor")

ParkedId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class FeedPage(BaseModel):
    """Published events of one lane: each with the headers its Kafka message has, and its data."""

    items: list[dict[str, Any]]


class Head(BaseModel):
    """The newest event of a lane."""

    epoch: int = Field(ge=1)
    seq: int = Field(ge=0)


class Retried(BaseModel):
    """How many events of the key took effect now."""

    retried: int = Field(ge=0)


class Discarded(BaseModel):
    """How many events were given up."""

    discarded: int = Field(ge=0)


@router.get("/heads", operation_id="get_heads", dependencies=[OPERATORS], response_model=dict[str, int])
async def heads(reads: Reads) -> Any:
    """The seq of the newest event of every lane that this service publishes: {lane: seq}, 0 where there is none."""
    return {lane: head.seq for lane, head in (await feed.heads(reads.store.pool)).items()}


@router.get("/lanes", operation_id="get_lanes", dependencies=[OPERATORS], response_model=dict[str, Head])
async def lanes(reads: Reads) -> Any:
    """The heads with their epochs, as consumers compare them: {lane: {epoch, seq}}; 1 and 0 where there is none."""
    return await feed.heads(reads.store.pool)


@router.get("/positions", operation_id="get_positions", dependencies=[OPERATORS], response_model=dict[str, Any])
async def positions(request: Request, reads: Reads) -> Any:
    """How far this service has applied every lane it hears: {source: {lane: {epoch, seq, stopped}}}."""
    found: dict[str, dict[int, Any]] = {}
    inbox: Inbox | None = request.app.state.inbox
    for (source, lane), at in sorted((await inbox.positions()).items()) if inbox else ():
        found.setdefault(source, {})[lane] = {"epoch": at.epoch, "seq": at.seq, "stopped": at.stopped}
    return found


@router.get("/events", operation_id="list_published_events", dependencies=[OPERATORS], response_model=FeedPage)
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


@router.get("/parked", operation_id="list_parked", dependencies=[OPERATORS], response_model=dict[str, Any])
async def list_parked(reads: Reads, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
    """Parked events, oldest first, each with the error that parked it; null: it waits behind another of its key."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise malformed()
    rows = await parking.listed(reads.store.pool, reads.store.name, int(cursor or 0), limit + 1)
    following = str(rows[limit - 1].id) if len(rows) > limit else None
    return {"items": [_shown(row) for row in rows[:limit]], "next_cursor": following}


@router.get("/parked/{id}", operation_id="get_parked", dependencies=[OPERATORS], response_model=dict[str, Any])
async def explain_parked(id: ParkedId, reads: Reads) -> Any:
    """One parked event."""
    rows = await parking.listed(reads.store.pool, reads.store.name, id - 1, 1)
    if not rows or rows[0].id != id:
        raise missing("parked event")
    return _shown(rows[0])


@router.post("/parked/{id}/retry", operation_id="retry_parked", dependencies=[OPERATORS], response_model=Retried)
async def retry_parked(id: ParkedId, request: Request, reads: Reads) -> Any:
    """Tell again, in order, all that is parked under this event's key; all of it takes effect, or none."""
    inbox: Inbox | None = request.app.state.inbox
    if inbox is None:
        raise missing("parked event")
    try:
        return {"retried": await inbox.retry(id)}
    except parking.Unknown:
        raise missing("parked event") from None
    except (*UNREACHABLE, *TRANSIENT):
        raise
    except Exception as error:  # noqa: BLE001  # whatever a reaction may raise: it stays parked, and says why
        await parking.failed(reads.store.pool, id, described(error))
        raise Problem(409, "still-failing", f"It failed again and stays parked: {type(error).__name__}.") from None


@router.post("/parked/{id}/discard", operation_id="discard_parked", dependencies=[OPERATORS], response_model=Discarded)
async def discard_parked(id: ParkedId, reads: Reads) -> Any:
    """Give one parked event up: it will have no effect here. What waits behind it goes on when one of it is retried."""
    try:
        await parking.discard(reads.store.pool, reads.store.name, id)
    except parking.Unknown:
        raise missing("parked event") from None
    return {"discarded": 1}


def _shown(row: parking.Parked) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in row.__struct_fields__},
        "error": masked(row.error),
        "data": masked(row.data),
    }
