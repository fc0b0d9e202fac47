"""The one reader of a service's stream: it follows as long as the process lives, and goes on where it was."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import msgspec
import structlog

from libs.chassis.identity.oidc import IssuerUnreachable, ServiceTokens
from libs.chassis.streaming.entries import Entry
from services.gateway.live.hub import Hub

log = structlog.get_logger(__name__)

BACK = 100
"""Entries of each lane that are read at the start, for those who were at the process before this one."""
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 5.0
TIMEOUT = httpx.Timeout(5.0, read=40.0)
"""A stream has a heartbeat every 15 s."""


class Reader:
    """Reads the stream of the service that answers at this internal URL."""

    def __init__(self, service: str, url: str, hub: Hub, http: httpx.AsyncClient, tokens: ServiceTokens) -> None:
        self._service, self._url, self._hub, self._http, self._tokens = service, url, hub, http, tokens
        self._place: str | None = None
        self._pause = PAUSE_SECONDS

    async def run(self) -> None:
        """For ever. A service out of reach is asked again, and followers are told."""
        while True:
            try:
                await self._read()
            except (httpx.HTTPError, IssuerUnreachable, ValueError) as error:
                log.warning("stream out of reach", upstream=self._service, error=type(error).__name__)
                self._hub.lose(self._service)
                self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(self._pause)

    async def _read(self) -> None:
        headers = {"Authorization": f"Bearer {await self._tokens.bearer()}"}
        if self._place is not None:
            headers["Last-Event-ID"] = self._place
        address, asked = f"{self._url}/internal/stream", {"back": BACK}
        async with self._http.stream("GET", address, params=asked, headers=headers, timeout=TIMEOUT) as answer:
            if answer.status_code == 401:
                self._tokens.forget()
            answer.raise_for_status()
            async for fields in blocks(answer.aiter_lines()):
                self._hear(fields)

    def _hear(self, fields: dict[str, str]) -> None:
        """Raises ValueError for what is no block of such a stream."""
        if "id" not in fields:
            return
        if "data" in fields:
            self._hub.add(self._service, msgspec.json.decode(fields["data"], type=Entry), fields["id"])
        elif self._service in self._hub.away or self._place is None:
            self._hub.begin(self._service, fields["id"])
            self._pause = PAUSE_SECONDS
        self._place = fields["id"]


async def blocks(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    """The blocks of a stream of server-sent events by the names of their fields, each of which has one line here."""
    block: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line:
            block[name] = value
        else:
            yield block
            block = {}
