"""The HTTP client of the proxy: it changes nothing of what passes, and keeps its connections.

It is aiohttp: httpx, which everything else here asks by, takes several times as long for a request (bench/gateway.py).
"""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from services.gateway.proxy.caller import Body

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 60.0
"""How long a service may say nothing, before its answer or within one: an event stream has a heartbeat."""
KEPT_SECONDS = 30.0
"""How long a connection waits for its next request: the services close theirs later."""
HEAD_BYTES = 64 * 1024
OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""What the library would add of itself."""


class Client:
    """Begun with its first request, in the loop that asks."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    async def send(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: Body) -> ClientResponse:
        """The head of the answer; its body is read off it. Raises ClientError, or TimeoutError.

        The URL goes out as it is written.
        """
        if self._session is None:
            self._session = _session()
        return await self._session.request(
            method, URL(url, encoded=True), headers=headers, data=body or None, allow_redirects=False
        )

    async def hold(self) -> None:
        """Keep the connections until this is cancelled, at the process's end."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def _session() -> ClientSession:
    return ClientSession(
        # The callers are as many as the gateway takes; each service bounds how many of them work at once.
        connector=TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS),
        timeout=ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS),
        cookie_jar=DummyCookieJar(),
        skip_auto_headers=OURS,
        auto_decompress=False,
        max_line_size=HEAD_BYTES,
        max_field_size=HEAD_BYTES,
    )
