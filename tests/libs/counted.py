"""Whether a guard was reached: the kernel's own counters, before and after."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from prometheus_client import Counter


def total(counter: Counter) -> float:
    """A counter's value, over all its labels."""
    return sum(
        sample.value for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total")
    )


@contextmanager
def moves(counter: Counter, by: int | None = None) -> Iterator[None]:
    """The counter moves inside, by so much if that is given: the guard that it counts was reached."""
    before = total(counter)
    yield
    moved = total(counter) - before
    assert moved > 0 if by is None else moved == by, f"{counter} moved by {moved}, wanted {by or 'more than 0'}"


@asynccontextmanager
async def comes_to_move(counter: Counter, by: int = 1) -> AsyncIterator[None]:
    """As `moves`, for a task beside us: what it does is seen in its database a moment before it has counted it."""
    before = total(counter)
    yield
    async with asyncio.timeout(30):
        while total(counter) - before < by:  # noqa: ASYNC110  # the counter is the kernel's
            await asyncio.sleep(0.01)
