"""Servers in the test's own loop, over real sockets: the proxy before an upstream that does as it is asked."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp

from libs.chassis.http.application import application
from libs.chassis.http.server.connection import HttpConnection
from libs.chassis.problems import Problem
from libs.chassis.running.process import Server
from services.gateway.proxy.api import routes
from services.gateway.proxy.client import Client
from services.gateway.proxy.upstream import TokenOf
from services.gateway.refusals import REFUSALS

PATIENCE = 60.0
ANNA = {"Cookie": "sid=anna"}


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Where the application answers, with the limits of a service's port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(
        uvicorn.Config(
            app,
            http=HttpConnection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    running = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


async def token_of(request: Request) -> str:
    """Of whoever the cookie names."""
    who = request.cookies.get("sid")
    if who is None:
        raise Problem(401, "not-signed-in", "Sign in first.")
    return f"token of {who}"


@asynccontextmanager
async def proxying(upstreams: Mapping[str, str], token: TokenOf = token_of) -> AsyncIterator[str]:
    """A gateway that is nothing but the proxy."""
    app, client = application("Gateway", "The proxy.", [], REFUSALS), Client()
    app.router.routes.extend(routes(upstreams, token, client))
    async with serving(app) as url:
        yield url
    await client.close()


@dataclass
class Wire:
    """A connection, byte by byte."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer; the body is what its length says."""
        self.writer.write(request)
        while (head := await self.head()).startswith(b"HTTP/1.1 100 "):
            pass
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
        return head, await asyncio.wait_for(self.reader.readexactly(length), PATIENCE)

    async def head(self) -> bytes:
        """The next answer's."""
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)

    async def rest(self) -> bytes:
        """Everything until the other side closes."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A connection to the server there."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    yield Wire(reader, writer)
    writer.close()
