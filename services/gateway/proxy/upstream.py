"""One service behind the gateway: a request goes up as it is read, and the answer comes down as it is read.

A caller who leaves ends the request, for nobody else would. An answer that breaks off ends the caller's connection,
so that half of one is never taken for the whole.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientError, ClientResponse, ConnectionTimeoutError
from anyio import CancelScope
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from libs.chassis.http.server.connection import CLOSE
from libs.chassis.problems import Problem, busy
from libs.chassis.tracing import trace
from services.gateway.proxy import client, headers
from services.gateway.proxy.address import is_text, passes
from services.gateway.proxy.caller import Body, Caller

log = structlog.get_logger(__name__)

TokenOf = Callable[[Request], Awaitable[str]]
"""The access token of who is signed in. Raises a problem."""


class Upstream:
    """Answers /api/<service>/v1/… from the service."""

    def __init__(self, service: str, url: str, token_of: TokenOf, connections: client.Client) -> None:
        self._service, self._url, self._token_of, self._client = service, url.rstrip("/"), token_of, connections
        self._prefix = f"/api/{service}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises problems as long as nothing was sent."""
        address = self._address(scope["raw_path"], scope["query_string"])
        token = await self._token_of(Request(scope, receive))
        lines = _told(scope, token)
        with CancelScope() as exchange:
            caller = Caller(receive, exchange.cancel)
            try:
                body = await caller.body()
                async with await self._ask(scope["method"], address, lines, body, caller) as response:
                    await self._answer(response, caller, send)
            finally:
                caller.let_go()

    def _address(self, path: bytes, query: bytes) -> str:
        """Of the same resource at the service. Raises HTTPException for what no resource of it has, or a problem."""
        below = path.removeprefix(self._prefix)
        if below == path or not passes(below):
            raise HTTPException(404)
        if not is_text(query):
            raise _malformed()
        return f"{self._url}{below.decode('ascii')}{'?' if query else ''}{query.decode('ascii')}"

    async def _ask(
        self, method: str, address: str, lines: list[tuple[str, str]], body: Body, caller: Caller
    ) -> ClientResponse:
        try:
            async with asyncio.timeout(client.SILENT_SECONDS):
                return await self._client.send(method, address, lines, body)
        except (ClientError, TimeoutError) as error:
            if caller.refusal is not None:
                raise caller.refusal from None
            log.warning("service out of reach", upstream=self._service, error=type(error).__name__)
            if isinstance(error, TimeoutError) and not isinstance(error, ConnectionTimeoutError):
                raise Problem(504, "service-too-slow", "The service did not answer in time.") from None
            raise busy("service-unreachable", "The service is out of reach for now.") from None

    async def _answer(self, response: ClientResponse, caller: Caller, send: Send) -> None:
        lines = headers.down(response.raw_headers, self._prefix)
        if not caller.has_sent_all:  # answered without it: what still comes of it is nobody's
            lines.append(CLOSE)
        await send({"type": "http.response.start", "status": response.status, "headers": lines})
        more = True
        try:
            while more:
                part = await response.content.readany()
                more = not response.content.at_eof()
                await send({"type": "http.response.body", "body": part, "more_body": more})
        except (ClientError, TimeoutError) as error:
            log.warning("answer broke off", upstream=self._service, error=type(error).__name__)


def _told(scope: Scope, token: str) -> list[tuple[str, str]]:
    try:
        return headers.up(scope["headers"], token, trace().traceparent)
    except UnicodeDecodeError:
        raise _malformed() from None


def _malformed() -> Problem:
    return Problem(400, "malformed-request", "This is no HTTP request that can be read.")
