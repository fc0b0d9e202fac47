"""A reader of one service, who never stops asking: whoever of its pods answers has to answer."""

import asyncio
from collections.abc import Mapping

import httpx

from tests.faults.client import TIMEOUT_SECONDS

PAUSE_SECONDS = 0.05


class Reader:
    """`answers` counts those of below 400, `failed` says of each other one what it was, cut connections included."""

    def __init__(self, url: str, tokens: Mapping[str, str], role: str) -> None:
        self._url, self._tokens, self._role = url, tokens, role
        self.answers = 0
        self.failed: list[str] = []

    async def read(self) -> None:
        """For ever, each time over a new connection, which goes to any pod that is ready."""
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(limits=limits, timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            while True:
                await self._ask(http)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _ask(self, http: httpx.AsyncClient) -> None:
        headers = {"Authorization": f"Bearer {self._tokens[self._role]}"}
        try:
            answer = await http.get(self._url, headers=headers)
        except httpx.TransportError as error:
            self.failed.append(type(error).__name__)
            return
        if answer.is_success:
            self.answers += 1
        else:
            self.failed.append(f"{answer.status_code} {answer.text[:200]}")
