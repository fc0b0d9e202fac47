"""A pool of connections: patience has an end, and an idle connection proves that it lives before it is used.

A line that was cut, a router that forgot, a machine that went: none of them tells the side that is idle. Its first
command would wait for its time limit, and the next one on the next such connection again.
"""

import asyncio
import time
from typing import Any

import asyncpg

IDLE_SECONDS = 1.0
"""A connection that was idle for longer is asked before use: a round trip that a busy pool never makes."""
PROOF_SECONDS = 1.0
"""How long it may take to answer."""
OPENING_SECONDS = 3.0
"""How long at least a new connection may take: on a busy machine the handshake takes more than a turn, and where it is
given up then, each request begins it anew and none ends it."""


class Crowded(TimeoutError):
    """Every connection is at work, and none became free in time: the database answers, others ask it."""


class Session(asyncpg.Connection):
    """A connection that knows since when it is idle, in monotonic seconds."""

    __slots__ = ("idle_since",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.idle_since = time.monotonic()


async def keep(connection: Session) -> None:
    """At each release: nothing to reset, for no code of ours leaves session state behind."""
    connection.idle_since = time.monotonic()


class Patient(asyncpg.Pool):
    """Whoever asks it for a connection, and by whichever of its methods, waits for `patience` seconds at most while all
    are at work, and while one is being opened for OPENING_SECONDS if that is longer."""

    __slots__ = ("_expired", "_patience")

    def __init__(self, patience: float | None, **options: Any) -> None:
        super().__init__(**options)
        self._patience = patience
        self._expired = float("-inf")

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109  # as asyncpg has it
        """All of asyncpg's ways come through here. One dead connection says that the others are no better."""
        connection = await self._await_one(timeout)
        idle_since = connection._con.idle_since
        if time.monotonic() - idle_since < IDLE_SECONDS or await _lives(connection):
            return connection
        if idle_since > self._expired:
            self._expired = time.monotonic()
            await self.expire_connections()
        return await self._await_one(timeout)

    async def _await_one(self, timeout: float | None) -> Any:  # noqa: ASYNC109  # as asyncpg has it
        """Its own time limit would cost a task for each."""
        if self._patience is None or timeout is not None or self._has_one():
            return await super()._acquire(timeout)  # type: ignore[misc]  # private
        is_full = self.get_size() == self.get_max_size()
        try:
            async with asyncio.timeout(self._patience if is_full else max(self._patience, OPENING_SECONDS)):
                return await super()._acquire(None)  # type: ignore[misc]  # private
        except TimeoutError:
            if self.get_idle_size() == 0 and self.get_size() == self.get_max_size():
                raise Crowded from None
            raise

    def _has_one(self) -> bool:
        """Whether the one that comes next is open and free: nothing has to be waited for, nor timed."""
        pool: Any = self  # all of it private
        free = pool._queue._queue
        return bool(free) and free[-1].is_connected() and free[-1]._generation == pool._generation

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Where nothing has to be waited for there is nothing to shield: asyncpg's own costs a task for each."""
        if connection._con is None or _is_to_wait(connection._con, connection._holder):
            await super().release(connection, timeout=timeout)
            return
        connection._con._on_release()
        await connection._holder.release(timeout)


def _is_to_wait(connection: Any, holder: Any) -> bool:
    """Whether its release takes more than a moment: it will be closed, or a command or transaction is to be ended."""
    protocol = connection._protocol
    will_close = protocol.queries_count >= holder._max_queries or holder._generation != holder._pool._generation
    return will_close or bool(protocol._is_cancelling() or protocol.is_in_transaction())


async def _lives(connection: Any) -> bool:
    """Whether it answers; one that does not is closed, and its place in the pool is free."""
    try:
        await connection.execute("SELECT 1", timeout=PROOF_SECONDS)
    except BaseException as error:
        connection.terminate()
        if not isinstance(error, Exception):
            raise
        return False
    return True
