"""A server that answers how long a body was: `python -m tests.chassis.echo PORT SECONDS`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from libs.chassis.http.server.connection import HttpConnection, Limits
from libs.chassis.http.server.edge import Edge

LARGE = 16 * 1024 * 1024
"""More than the kernel takes for a caller."""


class Hasty(HttpConnection):
    """As in a service, with the time that the test gives."""

    limits = Limits(*(64 * 1024, 100), *[float(sys.argv[2])] * 3)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """The length of the body; `/slow` a moment later, `/unread` without reading it, `/large…` with MiBs."""
    request, size = Request(scope, receive), 0
    if scope["path"] == "/slow":
        await asyncio.sleep(2 * Hasty.limits.seconds)
    with suppress(ClientDisconnect):
        async for part in request.stream() if scope["path"] != "/unread" else nothing():
            size += len(part)
    if scope["path"] == "/large":
        await Response(b"x" * LARGE)(scope, receive, send)
    if scope["path"] == "/large-parts":
        await StreamingResponse(parts())(scope, receive, send)
    if scope["path"].startswith("/large"):
        return
    trailer = request.headers.get("x-trailer", "")
    await PlainTextResponse(f"{scope['path']} {size}{trailer}\n")(scope, receive, send)


async def parts() -> AsyncIterator[bytes]:
    """As much as `/large`, a little at a time."""
    for _ in range(LARGE // 4096):
        yield b"x" * 4096


async def nothing() -> AsyncIterator[bytes]:
    """No part at all."""
    for _ in range(0):
        yield b""


if __name__ == "__main__":
    protocol = HttpConnection if sys.argv[2] == "10" else Hasty
    uvicorn.run(
        Edge(answer), port=int(sys.argv[1]), http=protocol, ws="none", lifespan="off", log_level="error", loop="uvloop"
    )
