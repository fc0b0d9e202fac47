"""The stream of a concept: what its service publishes of it, as server-sent events, made of the events themselves."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from fastapi import params

from libs.chassis.http import ANYONE, UUID, Router
from libs.chassis.lists.filters import several
from libs.chassis.streaming import sse
from libs.chassis.streaming.sse import After, EventStream, Following, LastEventId, Most, Seconds
from libs.events.event import AboutTicket, Published
from libs.events.transport.tail import EventNotice

_PLACE = "1:0.0.0.0.12.0.0.0.0.7.0.0.0.0.0.0"


def stream_router(
    prefix: str,
    tag: str,
    about: str,
    events: Sequence[type[Published]],
    example: AboutTicket,
    readers: params.Depends = ANYONE,
) -> Router:
    """GET <prefix>/stream, for `readers`. It comes before routes of the prefix that take an id.

    `events` are of the concept, each about one ticket. `about` is its summary, Chinese, a slash and English.
    """
    router, types = Router(prefix=prefix, tags=[tag]), [cls.type_name for cls in events]

    async def stream(
        following: Following,
        ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
        type: list[str],
        after: After = None,
        limit: Most = None,
        seconds: Seconds = sse.LONGEST_SECONDS,
        last_event_id: LastEventId = None,
    ) -> Any:
        tickets, wanted = frozenset(map(str, ticket_id)), frozenset(type or types)

        def fits(told: EventNotice) -> bool:
            return told.type in wanted and (not tickets or told.key in tickets)

        return await following.stream(last_event_id or after, seconds, limit, fits)

    one = Literal.__getitem__(tuple(types))
    asked = several("事件类型 / Of this type")
    stream.__annotations__["type"] = Annotated[list[one], asked]  # type: ignore[valid-type]  # made at run time
    router.get(
        "/stream",
        status_code=200,
        operation_id=f"stream_{prefix.rpartition('/')[2].replace('-', '_')}",
        description=f"{about}, as server-sent events.\n\n{sse.HOW}",
        summary=f"Stream {tag.title()}",
        dependencies=[readers],
        response_class=EventStream,
        response_model=None,
        responses=sse.documented(_shown(example)),
    )(stream)
    return router


def _shown(event: AboutTicket) -> str:
    """As it comes off the line, with the sign of life after it."""
    head = {
        "specversion": "1.0",
        "id": "0198c0de-0000-7000-8000-00000000000a",
        "source": f"/aftercare/{event.type_name.partition('.')[0]}/1",
        "type": event.type_name,
        "time": "2026-03-02T15:00:00+00:00",
        "subject": event.ticket_id,
    }
    document = msgspec.json.encode({**head, "data": event}).decode()
    told = f"id: {_PLACE}\nevent: {event.type_name}\ndata: {document}\n\n"
    return f"retry: 1000\n\n{told}: heartbeat\nid: {_PLACE}\n\n"
