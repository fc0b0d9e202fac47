"""Server-sent events (WHATWG HTML §9.2): what a service publishes, as a response that goes on."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from libs.chassis.input.binding import Made
from libs.chassis.problems import busy, invalid
from libs.chassis.streaming.broadcast import Broadcast
from libs.events.transport.tail import EventNotice, Malformed, StreamPosition

RETRY = b"retry: 1000\n\n"
PATIENCE_SECONDS = 20.0
"""Who takes nothing for so long is gone, or might as well be."""
LONGEST_SECONDS = 3600

HOW = """\
`event` is the type, `data` a CloudEvent in JSON, `id` a place: send the last one back as Last-Event-ID, and the
stream goes on without a loss or a repetition. The order of one ticket's events holds. A comment with a fresh `id`
comes every 15 s when nothing else does. Who does not keep up is cut off and comes back in the same way."""
"""What callers are told of every stream."""

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=400,
        description="从此续读 / The `id` of the last event you have: the stream goes on after it. Goes before `after`.",
    ),
]
After = Annotated[
    str | None,
    Query(
        max_length=400,
        description="从此续读 / The same for who cannot set headers; `0` is the beginning. Neither: from now on.",
    ),
]
Most = Annotated[int | None, Query(ge=1, le=10_000, description="最多几条 / End after so many events")]
Seconds = Annotated[
    int,
    Query(
        ge=0,
        le=LONGEST_SECONDS,
        description="持续秒数 / End after so long; 0: send what there is and end. A token is checked when a stream "
        "begins, so none lasts longer than an hour: come back with Last-Event-ID.",
    ),
]
Wanted = Callable[[EventNotice], bool]


class EventStream(StreamingResponse):
    """Events as they come, until they end or the client does. A client that takes nothing is cut off."""

    media_type = "text/event-stream"
    body_iterator: AsyncGenerator[bytes, None]

    def __init__(self, blocks: AsyncGenerator[bytes, None], leave: Callable[[], None]) -> None:
        """`leave` is called when the stream is over, whether any of it was sent or not."""
        super().__init__(blocks)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the blocks."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def stream_response(self, send: Send) -> None:
        """Each part within PATIENCE_SECONDS; the follower is let go at once, whatever ends the stream."""

        async def patient(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send(message)

        async with aclosing(self.body_iterator):
            with suppress(TimeoutError):
                await super().stream_response(patient)


class Follow:
    """What a route needs to answer with a stream."""

    __slots__ = ("_broadcast",)

    def __init__(self, request: Request) -> None:
        self._broadcast: Broadcast | None = request.app.state.broadcast

    async def stream(self, after: str | None, seconds: int, most: int | None, wanted: Wanted) -> EventStream:
        """The events wanted that come after the place `after`. Raises a 422 problem for what is no place, or 503."""
        if self._broadcast is None:
            raise busy("database-unreachable", "The database is out of reach for now.")
        place = await self._broadcast.begin(place_of(after))
        return EventStream(_blocks(self._broadcast, place, seconds, most, wanted), self._broadcast.leave)


async def _blocks(
    broadcast: Broadcast, place: StreamPosition, seconds: int, most: int | None, wanted: Wanted
) -> AsyncGenerator[bytes, None]:
    yield RETRY
    sent = 0
    async with aclosing(broadcast.follow(place, seconds)) as following:
        async for place, told in following:
            if told is None:
                yield f": heartbeat\nid: {place}\n\n".encode()
            elif wanted(told):
                yield b"id: %b\nevent: %b\ndata: %b\n\n" % (str(place).encode(), told.type.encode(), told.document)
                sent += 1
            if sent == most:
                return


def place_of(after: str | None) -> StreamPosition | None:
    """The place that a caller sent back. Raises a 422 problem for what is none."""
    try:
        return None if after is None else StreamPosition.parse(after)
    except Malformed:
        raise invalid("header.Last-Event-ID", "This is no id of an event of this stream.", "malformed-place") from None


def documented(example: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` of such a route."""
    content = {"schema": {"type": "string"}, "example": example}
    return {200: {"description": "事件流 / Events as they come", "content": {EventStream.media_type: content}}}


Following = Annotated[Follow, Depends(Made(Follow))]
"""The annotation of the parameter of a route that answers with a stream."""
