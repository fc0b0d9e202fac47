"""The live stream with 500 readers against the same with one: from a command's answer to the entry at the browser.

The whole product runs. Readers are sockets with sessions of their own, four a session; tickets are opened one after the
other, and each reader has to be told of each.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit

import msgspec
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, cpu_seconds
from bench.journey import TICKET
from bench.signed_in import COOKIE, sessions
from bench.world import World
from demo.clients import Apis
from demo.environment import apis_of
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor
from services.gateway.live.hub import OF_A_SESSION

READERS = 500
TICKETS = 10
"""Of a round."""
PAUSE_SECONDS = 0.3
OPENED = b'"type":"intake.TicketOpened"'


class Reader:
    """A stream of somebody who has signed in; `came` has when each ticket was told, by its id."""

    def __init__(self, cookie: str) -> None:
        self._cookie = cookie
        self.came: dict[str, float] = {}

    async def begin(self, url: str) -> None:
        """Return when the stream has begun."""
        parts = urlsplit(url)
        self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
        self._writer.write(f"GET /events HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {self._cookie}\r\n\r\n".encode())
        await self._reader.readuntil(b"event: away")
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while True:
            line = await self._reader.readline()
            if OPENED in line:
                self.came[msgspec.json.decode(line.removeprefix(b"data: "))["ticket_id"]] = perf_counter()

    def end(self) -> None:
        """Leave."""
        self._task.cancel()
        self._writer.close()


async def live(world: World) -> AsyncIterator[Row]:
    """The row of the live stream's delay."""
    folder = RunFolder(world.folder.path / "live")
    with Supervisor(Stack(folder, environment={}), first_port=None) as product:
        async with apis_of(product) as apis:
            cookies = [f"{COOKIE}={id}" for id in await sessions(product, -(-READERS // OF_A_SESSION))]
            path = f"live stream with {READERS} readers: delay p99"
            comparison = Comparison(path, "with 1 reader", 0.2, 0.5)
            side = partial(_side, product.environment["GATEWAY_URL"], apis, cookies)
            yield await comparison.run(partial(side, READERS), partial(side, 1))


async def _side(url: str, apis: Apis, cookies: Sequence[str], count: int) -> Measured:
    """One operation, in the time within which 99 of 100 entries came."""
    readers = [Reader(cookies[number // OF_A_SESSION]) for number in range(count)]
    for reader in readers:
        await reader.begin(url)
    cpu, opened = cpu_seconds(), dict[str, float]()
    for _ in range(TICKETS):
        answer = await apis.command("intake", "agent", "/v1/tickets", str(uuid7()), TICKET)
        opened[answer["id"]] = perf_counter()
        await asyncio.sleep(PAUSE_SECONDS)
    async with asyncio.timeout(30):
        while any(len(reader.came) < TICKETS for reader in readers):  # noqa: ASYNC110  # 500 of them
            await asyncio.sleep(0.05)
    delays = sorted(reader.came[id] - at for reader in readers for id, at in opened.items())
    used = cpu_seconds() - cpu
    for reader in readers:
        reader.end()
    return Measured(1, delays[len(delays) * 99 // 100], used)
