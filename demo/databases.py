"""The services' databases as the demo sees them from outside: plain SQL, asked again while a server does not answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

UNREACHABLE = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)
PATIENCE_SECONDS = 60.0

T = TypeVar("T")


class Databases:
    """One small pool a service, by the owner's URL; `names` are the services."""

    def __init__(self, pools: Mapping[str, asyncpg.Pool]) -> None:
        self._pools = pools
        self.names = tuple(pools)

    async def rows(self, name: str, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """All rows of a query to one service's database."""
        rows: list[asyncpg.Record] = await _patiently(lambda: self._pools[name].fetch(sql, *arguments))
        return rows

    async def everywhere(self, sql: str, *arguments: Any) -> dict[str, list[asyncpg.Record]]:
        """All rows of the same query to every service's database, by service; side by side."""
        found = await asyncio.gather(*(self.rows(name, sql, *arguments) for name in self.names))
        return dict(zip(self.names, found, strict=True))

    async def values(self, sql: str, *arguments: Any) -> dict[str, Any]:
        """The first column of the first row of the same query, by service."""
        found = await self.everywhere(sql, *arguments)
        return {name: rows[0][0] for name, rows in found.items() if rows}


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until there is an answer; raises what the last try raised after PATIENCE_SECONDS."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await ask()
        except UNREACHABLE:
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.2)


async def _keep(connection: object) -> None:
    """Nothing to reset between two queries: they leave no state behind, and a reset would be a round trip more."""


@asynccontextmanager
async def connected(owner_urls: Mapping[str, str]) -> AsyncIterator[Databases]:
    """The databases at these URLs, by service, until the end of the block."""
    settings = {"application_name": "aftercare demo", "timezone": "UTC"}
    pools: dict[str, asyncpg.Pool] = {}
    try:
        for name, url in owner_urls.items():
            pools[name] = await asyncpg.create_pool(url, min_size=1, max_size=3, reset=_keep, server_settings=settings)
        yield Databases(pools)
    finally:
        for pool in pools.values():
            pool.terminate()
