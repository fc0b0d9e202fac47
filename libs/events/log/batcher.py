"""Questions asked together: whoever asks while an answer is on its way is answered by the next one, all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

MOST = 100
"""Questions of one answer."""


class Unanswered(TimeoutError):
    """There is no answer to this question, and there will be none: it may be asked again."""


class Batcher(Generic[Q, A]):
    """Asks `answer` for many at a time, which gives their answers in order.

    Every answer began after its question was asked: as true as one of its own, at a share of the cost.
    """

    def __init__(self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._give = answer
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to this question. Raises what its round of asking raised."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        try:
            while asked := self._waiting[:MOST]:
                del self._waiting[:MOST]
                await self._answer(asked)
        finally:
            self._asking = None
            left, self._waiting = self._waiting, []
            self._fail([waiting for _, waiting in left], Unanswered("whoever answers was stopped"))

    async def _answer(self, asked: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        failure: Exception = Unanswered("whoever answers was stopped")
        try:
            answers = await self._give([question for question, _ in asked])
            for waiting, answer in [(waiting, answer) for (_, waiting), answer in zip(asked, answers, strict=True)]:
                if not waiting.done():
                    waiting.set_result(answer)
        except Exception as error:  # noqa: BLE001  # it is theirs who asked
            failure = error
        finally:
            self._fail([waiting for _, waiting in asked], failure)

    def _fail(self, waiting: Sequence["asyncio.Future[A]"], failure: Exception) -> None:
        for one in waiting:
            if not one.done():
                one.set_exception(failure)
