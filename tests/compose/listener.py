"""A listener to what sla tells of clocks: server-sent events, read on wherever one of its processes answers."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import httpx

PATH = "/v1/clocks/stream"
PAUSE_SECONDS = 0.2


class Listener:
    """`heard` are the ids of the events in the order in which they came. `where` names the processes of the moment."""

    def __init__(self, where: Callable[[], Sequence[str]], tokens: Mapping[str, str]) -> None:
        self._where, self._tokens = where, tokens
        self._place = "0"
        self.heard: list[str] = []
        self.streams = 0

    async def listen(self) -> None:
        """For ever; a stream that ends, for whatever reason, goes on elsewhere after the last event that came."""
        for turn in cycle(range(1000)):
            urls = self._where()
            if urls:
                await self._follow(urls[turn % len(urls)], 3600)
            await asyncio.sleep(PAUSE_SECONDS)

    async def catch_up(self) -> None:
        """What there is by now."""
        await self._follow(self._where()[0], 0)

    async def _follow(self, url: str, seconds: int) -> None:
        headers = {"Authorization": f"Bearer {self._tokens['agent']}"}
        asked = {"after": self._place, "seconds": str(seconds)}
        timeout = httpx.Timeout(5, read=30)
        try:
            async with (
                httpx.AsyncClient(trust_env=False, timeout=timeout) as http,
                http.stream("GET", url + PATH, params=asked, headers=headers) as answer,
            ):
                self.streams += answer.is_success
                await self._read(answer)
        except httpx.TransportError:
            pass

    async def _read(self, answer: httpx.Response) -> None:
        """By block, so that an event that was cut off in the middle is none."""
        block: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                block[name] = value
                continue
            if "data" in block:
                self.heard.append(json.loads(block["data"])["id"])
            self._place = block.get("id", self._place)
            block = {}
