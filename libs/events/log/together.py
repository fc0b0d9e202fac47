"""Appends together: whoever asks while others are being written is written by the next statement, with all who wait.

A statement costs as much as several rows, and a commit as much as many. Who is alone does not wait; a group that fails
says nothing about its units, so each of them is then written alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from libs.events.database.connections import UNREACHABLE
from libs.events.errors import traced
from libs.events.log.rows import Rows
from libs.events.log.unit import Unit

log = structlog.get_logger(__name__)

AT_ONCE = 2
"""Statements on their way: one is with the processor while the other is with the disk."""
MOST = 32
"""Units of a statement."""
SLOW_SECONDS = 0.02
"""A statement that takes longer waits for somebody's lock: whoever comes then does not wait for it."""

Write = Callable[[Sequence[Unit], Rows], Awaitable[None]]


@dataclass(eq=False)
class _Waiting:
    unit: Unit
    rows: Rows
    is_written: "asyncio.Future[bool]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Together:
    """Writes units by `write`, which takes some of them with the rows of all, and writes all or none.

    What is `ordinary` of a group, such as a race that one of them lost, is not worth a word: who caused it is told.
    """

    def __init__(self, write: Write, ordinary: tuple[type[Exception], ...] = ()) -> None:
        self._write, self._ordinary = write, ordinary
        self._turns = 0
        self._waiting: deque[_Waiting] = deque()
        self._groups: set[asyncio.Task[None]] = set()

    async def append(self, unit: Unit, rows: Rows) -> None:
        """Write a unit and its rows, in a transaction of its own or of several. Raises what `write` raises of it."""
        if self._turns < AT_ONCE:
            turn = _Turn(self)
            try:
                await self._write([unit], rows)
            finally:
                turn.end()
            return
        self._waiting.append(waiting := _Waiting(unit, rows))
        if not await waiting.is_written:
            await self._write([unit], rows)

    def _next(self) -> None:
        if self._waiting and self._turns < AT_ONCE:
            group = asyncio.create_task(self._append(*self._join(), _Turn(self)))
            self._groups.add(group)
            group.add_done_callback(self._groups.discard)

    def _join(self) -> tuple[list[_Waiting], Rows]:
        """The units that go together: those that have come first, without any that writes what another one writes."""
        first = self._waiting.popleft()
        group, rows, streams = [first], first.rows.copy(), set(first.unit.decided_at)
        for waiting in list(self._waiting)[: MOST - 1]:
            if streams.isdisjoint(own := waiting.unit.decided_at.keys()) and rows.join(waiting.rows):
                self._waiting.remove(waiting)
                group.append(waiting)
                streams.update(own)
        return group, rows

    async def _append(self, group: Sequence[_Waiting], rows: Rows, turn: "_Turn") -> None:
        # In order of streams: of two processes that append to the same ones, none waits for the other in a circle.
        units = sorted((waiting.unit for waiting in group), key=lambda unit: sorted(unit.decided_at))
        is_written = False
        try:
            await self._write(units, rows)
            is_written = True
        except UNREACHABLE as error:  # nobody knows whether it was written
            for waiting in group:
                if not waiting.is_written.done():
                    waiting.is_written.set_exception(error)
        except self._ordinary:
            pass
        except Exception as error:  # noqa: BLE001  # whose it is shows when each is written alone, or nobody's alone
            log.warning("units that cannot be written together", units=len(units), error=traced(error))
        finally:
            turn.end()
            for waiting in group:
                if not waiting.is_written.done():
                    waiting.is_written.set_result(is_written)


class _Turn:
    """A statement's turn: it ends with the statement, or as soon as that is slow."""

    def __init__(self, together: Together) -> None:
        self._together, self._is_over = together, False
        together._turns += 1
        self._slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, self.end)

    def end(self) -> None:
        """Let the next group begin."""
        if not self._is_over:
            self._is_over = True
            self._slow.cancel()
            self._together._turns -= 1
            self._together._next()
