"""Somebody who follows what happens through the gateways, for a whole run: cut off, they go on at the next one."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from typing import Any

import httpx

from tests.faults.evidence import EventRow, PublishedRow
from tests.faults.signed_in import session_of

SILENT_SECONDS = 20.0
PAUSE_SECONDS = 0.2
ARRIVES_SECONDS = 30.0

Told = tuple[str, str | None, int]
"""An event's type, its ticket, and the version of its stream."""


class Watcher:
    """A manager at a browser. `cuts` counts broken streams, `resets` the places that a gateway knew no more."""

    def __init__(self, urls: Sequence[str], password: str) -> None:
        self._urls, self._password = urls, password
        self._cookie = self._place = ""
        self._away: list[str] | None = None
        self.told: list[Told] = []
        self.cuts = self.resets = 0

    async def begun(self) -> None:
        """Wait until a gateway knows of every service where it is.

        Whoever comes before is told to read anew as soon as it does, for it cannot say what they missed.
        """
        async with asyncio.timeout(ARRIVES_SECONDS):
            while self._away != []:  # noqa: ASYNC110  # a state to be reached, as in a run
                await asyncio.sleep(0.05)
        self.resets = 0

    async def watch(self) -> None:
        """For ever."""
        async with httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(5, read=SILENT_SECONDS)) as http:
            for url in cycle(self._urls):
                with suppress(httpx.HTTPError, AssertionError, ValueError):  # whoever has been killed is back soon
                    await self._follow(http, url)
                self.cuts += 1
                await asyncio.sleep(PAUSE_SECONDS)

    async def arrived(self, expected: int) -> None:
        """Wait until so much was told, or patience is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ARRIVES_SECONDS):
                while len(self.told) < expected:  # noqa: ASYNC110  # a figure to be reached, as in a run
                    await asyncio.sleep(0.1)

    def wrong(self, expected: Counter[Told]) -> list[str]:
        """What was told too often or not at all; that nothing was cut, which proves nothing."""
        resets = [f"a place was not known any more, {self.resets} times"] if self.resets else []
        return resets + ([] if self.cuts else ["the stream was never cut"]) + told_once(expected, self.told)

    async def _follow(self, http: httpx.AsyncClient, url: str) -> None:
        if not self._cookie:
            self._cookie = await asyncio.to_thread(session_of, self._urls[0], "manager", self._password)
        headers = {"Cookie": f"__Host-sid={self._cookie}"} | ({"Last-Event-ID": self._place} if self._place else {})
        async with http.stream("GET", f"{url}/events", headers=headers) as answer:
            if answer.status_code == 401:
                self._cookie = ""
            answer.raise_for_status()
            block: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    block[name] = value
                else:
                    self._hear(block)
                    block = {}

    def _hear(self, block: dict[str, str]) -> None:
        self._place = block.get("id", self._place)
        if block.get("event") == "reset":
            self.resets += 1
        elif block.get("event") == "away":
            self._away = json.loads(block["data"])
        elif "data" in block and "event" not in block:
            entry: dict[str, Any] = json.loads(block["data"])
            self.told.append((entry["type"], entry.get("ticket_id"), entry["version"]))


@asynccontextmanager
async def watching(urls: Sequence[str], password: str) -> AsyncIterator[Watcher]:
    """From the moment on at which it is known of every service where it is."""
    watcher = Watcher(urls, password)
    task = asyncio.create_task(watcher.watch())
    try:
        await watcher.begun()
        yield watcher
    finally:
        task.cancel()


def expected(events: Iterable[EventRow], published: Iterable[PublishedRow], unknown: str) -> Counter[Told]:
    """What was to be told, but for the type that only the next release knows, of which nobody is told."""
    places = {(row.service, row.position) for row in published}
    return Counter(
        (event.type, event.data.get("ticket_id"), event.version)
        for event in events
        if (event.service, event.position) in places and event.type != unknown
    )


def told_once(expected: Counter[Told], told: Sequence[Told]) -> list[str]:
    """What was told too often or not at all."""
    seen = Counter(told)
    lost = [f"{type} of {ticket}, version {version} was not told" for type, ticket, version in (expected - seen)]
    twice = [f"{type} of {ticket}, version {version} was told too often" for type, ticket, version in (seen - expected)]
    return lost + twice
