"""The caller's side of an exchange: the body as it comes, and whether anybody still waits for the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.types import Message, Receive

from libs.chassis.http.routing import BODY_SECONDS
from libs.chassis.problems import Problem

Body = bytes | AsyncIterator[bytes]


class Caller:
    """Calls `gone` when the caller went away. `refusal` is why the body was taken no further."""

    def __init__(self, receive: Receive, gone: Callable[[], None]) -> None:
        self._receive, self._gone = receive, gone
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS
        self._watching: asyncio.Task[None] | None = None
        self.has_sent_all = False
        self.refusal: Problem | None = None

    async def body(self) -> Body:
        """The whole, where it came at once, as most do; else its parts, taken as fast as they are read.

        Raises a problem for one that is too long or too slow.
        """
        first = await self._part()
        return first if self.has_sent_all else self._parts(first)

    def let_go(self) -> None:
        """The exchange is over."""
        if self._watching is not None:
            self._watching.cancel()

    async def _parts(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        while not self.has_sent_all:
            yield await self._part()

    async def _part(self) -> bytes:
        try:
            message = await self._next()
        except Problem as refusal:
            self.refusal = refusal
            raise
        if not message.get("more_body"):
            self.has_sent_all = True
            self._watching = asyncio.create_task(self._watch(), name="caller")
        part: bytes = message.get("body", b"")
        return part

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise Problem(408, "body-too-slow", "The body did not arrive.", headers={"Connection": "close"}) from None
        if message["type"] != "http.request":
            self._gone()
            raise Problem(400, "disconnected", "The caller left before the body ended.")
        return message

    async def _watch(self) -> None:
        """After the body nothing comes but that the caller is gone."""
        await self._receive()
        self._gone()
