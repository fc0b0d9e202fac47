"""What this service publishes, to everybody who follows it over HTTP, as soon as it is sealed.

One poller a process reads the store, and only while somebody follows. Who comes with an old place reads up from the
store at a pace of his own first. Who does not keep up is let go, and comes back with the place that he has reached.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

import structlog

from libs.chassis.http.health import Vitals
from libs.chassis.problems import busy
from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.log.store import Store
from libs.events.transport import tail
from libs.events.transport.tail import EventNotice, StreamPosition

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.1
HEARTBEAT_SECONDS = 15.0
PAGE = 100
"""Events of each lane that one query reads."""
WAITING = 1000
"""Events that wait for one follower, at most."""
FOLLOWERS = 1000
"""Followers of one process, at most: those who still read up from the store, too."""
CATCHING_UP = 2
"""How many may read up at one moment: a crowd that comes back takes so many of the requests' connections."""

PlacedNotice = tuple[StreamPosition, EventNotice | None]
"""What was told and the place behind it; nothing as a sign of life."""


class Follower:
    """Somebody who has read up to where the poller is."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[EventNotice | None] = asyncio.Queue(WAITING)
        self._over = False

    def tell(self, told: EventNotice) -> bool:
        """Something new; whether there was room for it. Too much at once is the end."""
        if self._queue.full():
            self.end()
        else:
            self._queue.put_nowait(told)
        return not self._over

    def end(self) -> None:
        """Nothing will come after what waits."""
        self._over = True
        if self._queue.empty():
            self._queue.put_nowait(None)

    async def listen(self, place: StreamPosition, until: float) -> AsyncIterator[PlacedNotice]:
        """What the poller brings after `place`: who joined ahead of it has some of that already."""
        clock = asyncio.get_running_loop().time
        while not (self._over and self._queue.empty()) and (left := until - clock()) > 0:
            try:
                told = await asyncio.wait_for(self._queue.get(), min(HEARTBEAT_SECONDS, left))
            except TimeoutError:
                yield place, None
                continue
            if told is not None and told.seq > place.seqs[told.lane]:
                place = place.after(told.lane, told.seq, told.epoch)
                yield place, told


@dataclass(eq=False)
class Broadcast:
    """The followers of one process."""

    store: Store
    vitals: Vitals
    served: int = 0
    """How many have begun and have not left."""
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CATCHING_UP))
    _followers: set[Follower] = field(default_factory=set)
    _place: StreamPosition | None = None
    _poller: asyncio.Task[None] | None = None

    @property
    def followers(self) -> int:
        """How many keep up with the poller."""
        return len(self._followers)

    async def begin(self, place: StreamPosition | None) -> StreamPosition:
        """Where a follower goes on who has read up to `place`; without one, at the end. Raises a 503 problem.

        He is counted until he leaves, whether he ever follows or not.
        """
        if self.served >= FOLLOWERS:
            raise busy("too-many-streams", "This process has as many followers as it can serve.", 10)
        self.served += 1
        try:
            return await (tail.end(self.store.pool) if place is None else tail.resume(self.store.pool, place))
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """One of those who began is gone."""
        self.served -= 1

    async def follow(self, place: StreamPosition, seconds: float) -> AsyncGenerator[PlacedNotice, None]:
        """Everything after `place` in its order, each once, for so long; 0 seconds: what there is now.

        It ends earlier when the process stops or the follower does not keep up.
        """
        clock = asyncio.get_running_loop().time
        until, caught_up = clock() + seconds, False
        while not caught_up and not self.vitals.stopping:
            async with self._turns:
                page = await self._read(place)
            for told in page:
                place = place.after(told.lane, told.seq, told.epoch)
                yield place, told
            # The poller may have told others what was sealed since this page was read.
            caught_up = not page and not (self._place is not None and place.behind(self._place))
            if clock() >= until and (seconds or caught_up):
                return
        if self.vitals.stopping:
            return
        follower = self._join(place)
        try:
            async for placed in follower.listen(place, until):
                yield placed
        finally:
            self._followers.discard(follower)

    def _join(self, place: StreamPosition) -> Follower:
        """From now on the poller tells him everything after its own place, which is not beyond `place`."""
        follower = Follower()
        self._followers.add(follower)
        if self._poller is None:
            self._place = place
            self._poller = asyncio.create_task(self._poll(place), name="broadcast")
        return follower

    async def _poll(self, place: StreamPosition) -> None:
        try:
            while self._followers and not self.vitals.stopping:
                for told in await self._read(place):
                    place = place.after(told.lane, told.seq, told.epoch)
                    self._followers = {follower for follower in self._followers if follower.tell(told)}
                self._place = place
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._poller = self._place = None
            for follower in self._followers:
                follower.end()

    async def _read(self, place: StreamPosition) -> list[EventNotice]:
        """What is new; nothing while the database is out of reach, which is asked again."""
        try:
            return await tail.read(self.store.pool, self.store.name, place, PAGE)
        except (*UNREACHABLE, *TRANSIENT) as error:
            log.warning("broadcast out of reach", error=type(error).__name__)
            return []
