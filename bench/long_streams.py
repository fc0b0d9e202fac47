"""How far a stream carries: a command, and a look at the state, on 1,000 and 10,000 events against the same on 20.

Each is measured by a process that remembers the stream, and by one that has to read it from its beginning.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle
from statistics import median

import msgspec
from uuid_utils import uuid7

from bench.comparison import Comparison, Measured, Row, timed
from bench.domain import TakeNote, job, own_view
from bench.world import World
from libs.events.log.intent import Intent
from libs.events.log.store import Store

SHORT, LONG = 20, (1_000, 10_000)
AT_ONCE = 1_000
"""Events of one command that fills a stream."""
OF_MEMORY = 50
"""Turns of a round that read nothing, and the short streams for them, each met in the round that does not count."""
OF_READING = 250
"""Short streams that are read, one a turn: none of them grows long."""
READ, FILLED = 5_000, 20_000
"""Events of a round that are read: of short streams more turns than of long ones; and those of all streams."""
ONE_OF_MEMORY, ALIKE = 0.5, 0.9
"""What is remembered costs as much of a long stream as of a short one."""

Turn = Callable[[Store, str], Awaitable[object]]


async def long_streams(world: World) -> AsyncIterator[Row]:
    """The rows of each length: remembered and read, written and looked at."""
    async with world.store("bench_long_streams", [own_view]) as (store, _):
        for events in LONG:
            for name, turn, is_read in TURNS:
                streams = OF_READING if is_read else OF_MEMORY
                sides = [
                    Side(store, turn, is_read, each, await _filled(store, each, streams)) for each in (events, SHORT)
                ]
                long, short = sides
                floor, aim = (SHORT / events, 2 * SHORT / events) if is_read else (ONE_OF_MEMORY, ALIKE)
                comparison = Comparison(f"{name}, {events:,} events", f"{SHORT} events", floor, aim)
                row = await comparison.run(long.round, short.round)
                yield msgspec.structs.replace(row, parts={side.name: side.milliseconds for side in sides}, unit="ms")
                await _check(store, long.ids[0], events)


@dataclass
class Side:
    """Turns on streams of one length, one after the other: on a short one each, so that none of them grows long."""

    store: Store
    turn: Turn
    is_read: bool
    events: int
    ids: Sequence[str]
    taken: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._next = cycle(self.ids)

    @property
    def name(self) -> str:
        return f"{self.events:,} events"

    @property
    def milliseconds(self) -> float:
        """Of a turn, by the rounds that count."""
        return median(self.taken[1:])

    async def round(self) -> Measured:
        turns = max(READ // self.events, 4) if self.is_read else OF_MEMORY
        measured = await timed(turns, self._turns(turns))
        self.taken.append(1000 / measured.rate)
        return measured

    async def _turns(self, turns: int) -> None:
        for _ in range(turns):
            await self.turn(self.store, next(self._next))


async def _note(store: Store, id: str) -> None:
    await store.run(job.on(id, TakeNote(id)), Intent())


async def _look(store: Store, id: str) -> None:
    await store.state(job, id)


async def _elsewhere(turn: Turn, store: Store, id: str) -> None:
    """By a process that remembers nothing."""
    await turn(replace(store), id)


TURNS: tuple[tuple[str, Turn, bool], ...] = (
    ("a command on a stream that is remembered", _note, False),
    ("a command on a stream that is read", partial(_elsewhere, _note), True),
    ("a look at a state that is remembered", _look, False),
    ("a look at a state that is read", partial(_elsewhere, _look), True),
)


async def _filled(store: Store, events: int, streams: int) -> list[str]:
    """Jobs of so many notes: so many of short ones, and fewer of long ones."""
    ids = [str(uuid7()) for _ in range(min(streams, FILLED // events))]
    for id in ids:
        for begin in range(0, events, AT_ONCE):
            await store.run(job.on(id, TakeNote(id, times=min(AT_ONCE, events - begin))), Intent())
    return ids


async def _check(store: Store, id: str, events: int) -> None:
    """Each command left its one event, and the view counts them all."""
    state, version = await replace(store).state(job, id)
    counted = await store.pool.fetchval("SELECT notes FROM jobs WHERE id = $1", id)
    if not state == version == counted >= events:
        raise AssertionError(f"{id}: {state} notes, {version} events, {counted} in the view")
