"""Repairs: what Kafka did not bring is fetched from the sources' feeds, beside the polling, one source at a time.

A source whose feed does not answer is left alone for a while, and longer each time; the others go on.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.database.outage import Outage
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import Gap, Lane
from libs.events.log.store import NewerLog
from libs.events.metrics import REPAIRED
from libs.events.transport.feed import Feed
from libs.events.transport.wire import Message

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Repairs:
    """The gaps that are to be filled, at most one a lane: the newest is noted."""

    def __init__(self, inbox: Inbox, feed: Feed) -> None:
        self.inbox = inbox
        self.feed = feed
        self.progress = 0
        self._wanted: dict[str, dict[Lane, Gap]] = {source: {} for source in inbox.hears.sources}
        self._noted = {source: asyncio.Event() for source in inbox.hears.sources}

    def note(self, gaps: Iterable[Gap]) -> None:
        """These are to be filled, as soon as their sources answer."""
        for gap in gaps:
            self._wanted[gap.source][gap.source, gap.lane] = gap
            self._noted[gap.source].set()

    async def run(self) -> None:
        """Fill for ever, each source in a task of its own."""
        async with asyncio.TaskGroup() as group:
            for source in self._wanted:
                group.create_task(self._serve(source))

    async def settle(self) -> None:
        """Fill what is noted now; a source that does not answer keeps what is noted of it."""
        for wanted in self._wanted.values():
            with suppress(ConnectionError, TimeoutError):
                while wanted:
                    await self._next(wanted)

    async def _serve(self, source: str) -> None:
        outage = Outage("feed out of reach", consumer=self.inbox.consumer, source=source)
        pause = FIRST_PAUSE
        while True:
            await self._noted[source].wait()
            self._noted[source].clear()
            try:
                while self._wanted[source]:
                    await self._next(self._wanted[source])
                    pause = FIRST_PAUSE
                    outage.over()
            except (*UNREACHABLE, *TRANSIENT, NewerLog) as error:
                outage.note(error)
                await asyncio.sleep(pause)  # what is out of reach is asked again, at ease
                pause = min(2 * pause, LONGEST_PAUSE)
                self._noted[source].set()

    async def _next(self, wanted: dict[Lane, Gap]) -> None:
        """Fill one gap; it stays noted if that fails. A newer one of its lane may be noted meanwhile."""
        lane, gap = next(iter(wanted.items()))
        del wanted[lane]
        try:
            await self._fill(gap)
        except BaseException:
            wanted.setdefault(lane, gap)
            raise

    async def _fill(self, gap: Gap) -> None:
        """Fetch a lane's missing events, holding no lock, and apply them under the same checks as from Kafka.

        It begins with the last event that is known: if the source has another one there by now, it lost commits.
        """
        if await self._reopen(gap):
            return
        after = max(gap.after - 1, 0)
        while messages := await self.feed.events(gap.source, gap.lane, after, gap.epoch):
            if after == gap.after == 0 and gap.epoch > 1:
                await self._finish_epoch(gap, messages[0])
                await self.inbox.realign(gap, messages[0])
            found = await self.inbox.take(messages)
            for newer in found:
                if newer.epoch > gap.epoch:
                    await self._fill(newer)
            new = [message for message in messages if message.seq > gap.after]
            REPAIRED.labels(gap.source).inc(len(new))
            self.progress += len(new)
            after = messages[-1].seq
            if (await self.inbox.positions())[gap.source, gap.lane].stopped:
                return

    async def _reopen(self, gap: Gap) -> bool:
        """Whether an operator set the lane back to before its epoch, so that it goes on in the older one first."""
        at = (await self.inbox.positions())[gap.source, gap.lane]
        if at.epoch != gap.epoch or at.epoch == 1:
            return False
        older = await self.feed.events(gap.source, gap.lane, at.seq, 0)
        if not older or older[0].epoch >= at.epoch:
            return False
        await self.inbox.reopen(older[0])
        for newer in await self.inbox.take(older):
            await self._fill(newer)
        return True

    async def _finish_epoch(self, gap: Gap, first: Message) -> None:
        """Apply what the source still has of an older epoch, before the first event of the newer one."""
        at = (await self.inbox.positions())[gap.source, gap.lane]
        after = at.seq
        while left := [m for m in await self.feed.events(gap.source, gap.lane, after, at.epoch) if m.seq < first.seq]:
            await self.inbox.take(left)
            after = left[-1].seq
