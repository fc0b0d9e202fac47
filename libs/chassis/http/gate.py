"""How many requests of a process are at work at once: more of them wait a moment, and then come back later."""

import asyncio

from libs.chassis.problems import busy

TURNS_A_CONNECTION = 4
"""Requests that work at once, for each connection of the pool: one has it, the others are written together next."""
PATIENCE_SECONDS = 1.0
"""How long a request waits for a connection; relay, consumer and timers have their own, and wait."""
WAIT_SECONDS = 0.05
"""How long a request waits for its turn. A burst passes unseen; a queue that does not move is not joined."""


class Gate:
    """Lets `most` requests work at once, those of both ports together, in the order in which they came."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    async def enter(self) -> None:
        """Begin to work. Raises a 503 problem."""
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise busy("overloaded", "Too many requests at once: try again.") from None

    def leave(self) -> None:
        """Done, or only waiting."""
        self._free.release()


class Turn:
    """One request's turn. It is taken when caller and body are known, and given back before the answer is sent.

    So neither a slow network nor a stream that goes on takes anybody's turn; nor does who is not admitted.
    """

    __slots__ = ("_gate", "_taken")

    def __init__(self, gate: Gate | None) -> None:
        self._gate, self._taken = gate, False

    async def __aenter__(self) -> None:
        await self.take()

    async def __aexit__(self, *_raised: object) -> None:
        self.give_back()

    async def take(self) -> None:
        """Wait for it. Raises a 503 problem."""
        if self._gate is not None:
            await self._gate.enter()
            self._taken = True

    def give_back(self) -> None:
        """Let another one work, if it is ours."""
        if self._gate is not None and self._taken:
            self._taken = False
            self._gate.leave()
