"""A service's whole stream for the gateway: of each event what it is about and who may know of it, and no more."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from types import ModuleType
from typing import Annotated, Any

import msgspec
import structlog
from fastapi import Depends, Query, params
from starlette.requests import Request

from libs.chassis.http import Router, allow
from libs.chassis.identity.auth import Roles
from libs.chassis.input.binding import Made
from libs.chassis.problems import busy
from libs.chassis.streaming import sse
from libs.chassis.streaming.broadcast import Broadcast
from libs.chassis.streaming.entries import Audience, Entry
from libs.chassis.streaming.sse import EventStream, LastEventId, Seconds
from libs.events.contracts.language import events_of
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool
from libs.events.transport.tail import EventNotice, StreamPosition

log = structlog.get_logger(__name__)

Actors = Callable[[Pool, EventNotice], Awaitable[Collection[str]]]
"""The pseudonyms of people whom an event concerns, beside those with the concept's roles."""


@dataclass(frozen=True)
class Live:
    """Who may know of what a service publishes: who reads each concept, as its routes say, and `actors` beside.

    `ids` are the fields by which what an event is about is found again.
    """

    readers: Mapping[ModuleType, params.Depends]
    ids: Collection[str] = ("ticket_id",)
    actors: Actors | None = None
    roles: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Roles by the types of events."""
        roles = {
            cls.type_name: readers.dependency.roles
            for concept, readers in self.readers.items()
            if isinstance(readers.dependency, Roles)
            for cls in events_of(concept)
        }
        object.__setattr__(self, "roles", roles)

    async def entry(self, pool: Pool, notice: EventNotice) -> Entry:
        """What is told of an event; of one that no concept has, nobody may know."""
        actors = await self.actors(pool, notice) if self.actors else ()
        audience = Audience(self.roles.get(notice.type, frozenset()), frozenset(actors))
        ids = {name: notice.fields[name] for name in self.ids if name in notice.fields}
        place = notice.epoch, notice.lane, notice.seq
        return Entry(notice.type, *place, notice.version, ids, audience)


NOBODY = Live({})


class FollowAll:
    """What the route needs to answer with everything."""

    __slots__ = ("_broadcast", "_live")

    def __init__(self, request: Request) -> None:
        self._broadcast: Broadcast | None = request.app.state.broadcast
        self._live: Live = request.app.state.live

    async def stream(self, after: str | None, back: int, seconds: int) -> EventStream:
        """Entries after a place, or after so many of each lane before the end. Raises a 422 problem, or 503."""
        if self._broadcast is None:
            raise busy("database-unreachable", "The database is out of reach for now.")
        place = await self._broadcast.begin(sse.place_of(after))
        if after is None:
            place = place.before(back)
        return EventStream(_blocks(self._broadcast, self._live, place, seconds), self._broadcast.leave)


async def _blocks(broadcast: Broadcast, live: Live, place: StreamPosition, seconds: int) -> AsyncGenerator[bytes, None]:
    yield f": begun\nid: {place}\n\n".encode()
    try:
        async with aclosing(broadcast.follow(place, seconds)) as following:
            async for place, notice in following:
                if notice is None:
                    yield f": heartbeat\nid: {place}\n\n".encode()
                else:
                    entry = await live.entry(broadcast.store.pool, notice)
                    yield b"id: %b\ndata: %b\n\n" % (str(place).encode(), msgspec.json.encode(entry))
    except (*UNREACHABLE, *TRANSIENT) as error:
        log.warning("stream ends: database out of reach", error=type(error).__name__)


router = Router(prefix="/internal", tags=["internal"])
Back = Annotated[int, Query(ge=0, le=1000, description="Begin so many events of each lane before the end")]


@router.get(
    "/stream",
    status_code=200,
    operation_id="stream_entries",
    dependencies=[allow("service")],
    response_class=EventStream,
    response_model=None,
    responses=sse.documented(": begun\nid: 1:0.0.0.0.12.0.0.0.0.7.0.0.0.0.0.0\n\n"),
)
async def stream(
    following: Annotated[FollowAll, Depends(Made(FollowAll))],
    back: Back = 0,
    seconds: Seconds = sse.LONGEST_SECONDS,
    last_event_id: LastEventId = None,
) -> Any:
    """All that this service publishes, as server-sent events without anybody's data, and who may know of each.

    The first block has the place at which it begins; `id` is a place, as in the streams of concepts.
    """
    return await following.stream(last_event_id, back, seconds)
