"""What other services published as the history of a view: their feeds, up to a consumer's positions."""

from collections.abc import AsyncIterator, Sequence

from libs.events.database.connections import Connection, transact
from libs.events.inbox import parking
from libs.events.inbox.inbox import Inbox, changed
from libs.events.inbox.lanes import Lane, Position
from libs.events.projection.shadow import Shadow
from libs.events.transport import wire
from libs.events.transport.feed import Feed
from libs.events.transport.wire import Message


class Retried(Exception):
    """An event that was parked when it was passed over has had its effect since."""


class HeardHistory:
    """The lanes that the view hears, each folded as far as the consumer had applied it."""

    LOCK = "parked, position"
    """In this order: who parks an event does so before it moves the position."""

    def __init__(self, inbox: Inbox, shadow: Shadow, feed: Feed) -> None:
        self._inbox, self._shadow, self._feed = inbox, shadow, feed
        self._done: dict[Lane, Position] = {}
        self._passed_over: set[str] = set()
        self._folded = self.events = 0

    async def begin(self) -> None:
        """Make the shadow, and fold the lanes into it."""
        self._done, self._passed_over, self._folded = {}, set(), 0
        async with transact(self._inbox.store.pool) as connection:
            await self._shadow.create(connection)
        await self.follow()

    async def behind(self) -> int:
        """How many events were applied since."""
        return sum(at.seq - self._after(lane) for lane, at in (await self._positions()).items())

    async def follow(self) -> set[str]:
        """Fold what was applied since, each batch in a transaction of its own."""
        keys: set[str] = set()
        for lane, until in (await self._positions()).items():
            async for messages in self._read(lane, until):
                async with transact(self._inbox.store.pool) as connection:
                    touched, number = await self._fold(connection, messages)
                self._done[lane] = Position(until.epoch, messages[-1].seq)
                self._folded += number
                keys |= touched
        return keys

    async def finish(self, connection: Connection) -> set[str]:
        """The same under the lock. Nothing is remembered of it, for it may be rolled back."""
        keys: set[str] = set()
        self.events = self._folded
        for lane, until in (await self._positions()).items():
            async for messages in self._read(lane, until):
                touched, number = await self._fold(connection, messages)
                self.events += number
                keys |= touched
        if await self._without_effect(connection, self._passed_over) != self._passed_over:
            raise Retried
        return keys

    async def _positions(self) -> dict[Lane, Position]:
        sources = self._shadow.view.hears.sources
        return {lane: at for lane, at in (await self._inbox.positions()).items() if lane[0] in sources}

    def _after(self, lane: Lane) -> int:
        return self._done[lane].seq if lane in self._done else 0

    async def _read(self, lane: Lane, until: Position) -> AsyncIterator[list[Message]]:
        """A lane's events from where we were up to `until`, batch by batch."""
        after = self._after(lane)
        while after < until.seq:
            messages = [m for m in await self._feed.events(*lane, after, 1) if m.seq <= until.seq]
            if not messages:
                return  # the lane stands before its source: more of it was heard than the source has
            after = messages[-1].seq
            yield messages

    async def _fold(self, connection: Connection, messages: Sequence[Message]) -> tuple[set[str], int]:
        """Fold these onto the shadow's rows, but for those that had no effect: the keys, and how many were folded."""
        silent = await self._without_effect(connection, {message.id for message in messages})
        self._passed_over |= silent
        view = self._shadow.view
        heard = [wire.recorded(m, view.hears) for m in messages if m.type in view.hears and m.id not in silent]
        rows = await changed(connection, view, heard, self._shadow.name)
        await self._shadow.put(connection, rows)
        return set(rows), len(heard)

    async def _without_effect(self, connection: Connection, ids: set[str]) -> set[str]:
        return await parking.without_effect(connection, self._inbox.consumer, ids)
