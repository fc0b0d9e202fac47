"""Whoever follows what happens, and how it reaches them: one queue each, whose owner goes when it is full."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import suppress

import msgspec

from libs.chassis.problems import busy
from libs.chassis.streaming.entries import Entry, Places
from libs.chassis.streaming.sse import LONGEST_SECONDS, RETRY, EventStream
from services.gateway.live.metrics import CUT_OFF, ENTRIES, READING, STREAMS
from services.gateway.live.record import Record, Told

STREAMS_AT_MOST = 1000
"""Of this process, those that have begun and nobody reads included."""
OF_A_SESSION = 4
"""A browser needs one. Of more the oldest ends: a phone that changed its network left it behind."""
WAITING = 1000
"""Entries that wait for one follower, at most."""
PIECE = 100
"""Entries that are sent at once."""
HEARTBEAT_SECONDS = 15.0
BEGINNING_SECONDS = 3.0
"""How long those who come back wait until this gateway, just started, knows what it missed."""


class Follower:
    """One stream of somebody: of which session, and what they may know of."""

    def __init__(self, session: bytes, roles: frozenset[str], actor_id: str) -> None:
        self.session, self._roles, self._actor_id = session, roles, actor_id
        self._queue: asyncio.Queue[Told | None] = asyncio.Queue(WAITING)
        self.is_over = False
        self.place, self.away = Places.unknown(0), b""

    def may_know(self, told: Told) -> bool:
        """As the service said."""
        return told.entry.audience.admits(self._roles, self._actor_id)

    def tell(self, told: Told | None) -> bool:
        """Something new, None: of the services themselves; whether there was room. Too much at once is the end."""
        if self._queue.full():
            self.end()
        elif not self.is_over:
            self._queue.put_nowait(told)
        return not self.is_over

    def end(self) -> None:
        """Nothing will come after what waits."""
        self.is_over = True
        if self._queue.empty():
            self._queue.put_nowait(None)

    async def listen(self, seconds: float) -> list[Told | None]:
        """What came meanwhile, at least one; nothing after so long, or after the end."""
        if self.is_over and self._queue.empty():
            return []
        try:
            found = [await asyncio.wait_for(self._queue.get(), seconds)]
        except TimeoutError:
            return []
        while not self._queue.empty():
            found.append(self._queue.get_nowait())
        return found


class Hub:
    """What happens in the services, by their names, and all who follow it in this process."""

    def __init__(self, services: Sequence[str]) -> None:
        self.services, self.record, self.away = services, Record(len(services)), set(services)
        self._followers: dict[Follower, None] = {}
        self._served = 0
        self._whole = asyncio.Event()

    @property
    def sessions(self) -> set[bytes]:
        """Those that follow."""
        return {follower.session for follower in self._followers}

    def begin(self, service: str, position: str) -> None:
        """A service is read from this place on. Raises ValueError for what is none."""
        moved = self.record.begin(self.services.index(service), position)
        READING.labels(service).set(1)
        if self.record.is_whole:
            self._whole.set()
        if moved or service in self.away:
            self.away.discard(service)
            self._tell(None)

    def lose(self, service: str) -> None:
        """A service is out of reach."""
        READING.labels(service).set(0)
        if service not in self.away:
            self.away.add(service)
            self._tell(None)

    def add(self, service: str, entry: Entry, position: str) -> None:
        """Something happened there; a place is behind it. Raises ValueError."""
        number = self.services.index(service)
        if entry.epoch > self.record.last.positions[number].epoch:
            self.begin(service, position)
            return
        ENTRIES.labels(service).inc()
        self._tell(self.record.add(number, entry, position))

    def end(self, sessions: Iterable[bytes] | None = None) -> None:
        """Of these sessions the streams are over; without any, all."""
        wanted = None if sessions is None else frozenset(sessions)
        for follower in list(self._followers):
            if wanted is None or follower.session in wanted:
                follower.end()

    async def stream(self, follower: Follower, place: Places | None) -> EventStream:
        """Everything after `place` that they may know of; without one, from now on. Raises a 503 problem."""
        if place is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._whole.wait(), BEGINNING_SECONDS)
        if self._served >= STREAMS_AT_MOST:
            raise busy("too-many-streams", "This process has as many followers as it can serve.", 10)
        self._served += 1
        STREAMS.set(self._served)
        follower.place = place or self.record.last
        self._join(follower)
        return EventStream(self._blocks(follower), lambda: self._leave(follower))

    def _join(self, follower: Follower) -> None:
        others = [other for other in self._followers if other.session == follower.session and not other.is_over]
        if len(others) >= OF_A_SESSION:
            others[0].end()
        self._followers[follower] = None

    def _leave(self, follower: Follower) -> None:
        self._followers.pop(follower, None)
        self._served -= 1
        STREAMS.set(self._served)

    def _tell(self, told: Told | None) -> None:
        for follower in [each for each in self._followers if not each.is_over and not each.tell(told)]:
            CUT_OFF.inc()
            self._followers.pop(follower)

    async def _blocks(self, follower: Follower) -> AsyncGenerator[bytes, None]:
        clock = asyncio.get_running_loop().time
        until, came = clock() + LONGEST_SECONDS, [None, *self.record.kept]
        yield RETRY
        while (left := until - clock()) > 0:
            for start in range(0, len(came), PIECE):
                if blocks := b"".join(self._told(follower, came[start : start + PIECE])):
                    yield blocks
            came = await follower.listen(min(HEARTBEAT_SECONDS, left))
            if not came and follower.is_over:
                return
            if not came:
                yield f": heartbeat\nid: {follower.place}\n\n".encode()

    def _told(self, follower: Follower, came: Iterable[Told | None]) -> Iterator[bytes]:
        for told in came:
            if told is None:
                yield from self._of_services(follower)
            elif (place := told.move(follower.place)) is not None:
                follower.place = place
                if follower.may_know(told):
                    yield told.block_at(place)

    def _of_services(self, follower: Follower) -> Iterator[bytes]:
        """That what was missed is known no more, so that all is to be read anew; which services are out of reach."""
        if not self.record.knows(follower.place):
            follower.place = self.record.last
            yield f"id: {follower.place}\nevent: reset\ndata: {{}}\n\n".encode()
        away = msgspec.json.encode(sorted(self.away))
        if away != follower.away:
            follower.away = away
            yield b"id: %b\nevent: away\ndata: %b\n\n" % (str(follower.place).encode(), away)
