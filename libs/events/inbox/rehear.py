"""Hear again: a reaction that began to hear a type gets the events of that type that came before, each once.

`python -m libs.events.inbox.rehear triage intake.TicketMarkedDuplicate`, beside the running service. It reads the
source's feed lane by lane, and reacts under the lock and with the keys of the consumer: in order, once, whoever else is
at work. How far it is moves with the effects, so killed and run again it goes on, and run again at its end it does
nothing. Views take nothing from it: `rebuild` folds them from the beginning.
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import msgspec
import typer

from libs.events.database.connections import TRANSIENT, UNREACHABLE, Address, Source, connect, transact
from libs.events.database.migrate import OlderSchema, check
from libs.events.database.outage import plainly
from libs.events.errors import described
from libs.events.inbox.inbox import RACES, TRIES, Inbox
from libs.events.inbox.lanes import Lane, Position, lane_of
from libs.events.log.intent import LEAST_HOURS
from libs.events.log.store import NewerLog
from libs.events.transport.feed import Feed
from libs.events.transport.wire import Message

PLACES = """
SELECT lane, epoch, since, reheard, began_at > now() - make_interval(hours => $3) AS has_keys FROM reaction
WHERE consumer = $1 AND type = $2 AND ($4::smallint IS NULL OR lane = $4) ORDER BY lane
"""
PLACE = f"{PLACES} FOR UPDATE"
MOVE = "UPDATE reaction SET reheard = $4 WHERE consumer = $1 AND type = $2 AND lane = $3"


class NotHeard(LookupError):
    """No worker of this release has begun to hear that type, or none of its reactions does."""


class Failing(Exception):
    """The reaction to one event failed alone: mend it, and go on from there."""


class Place(msgspec.Struct, frozen=True):
    """Where the reaction began to hear a lane, and up to which seq its past was heard.

    While `has_keys`, the keys of all that it heard since are there: what an older release beside it passed over shows.
    """

    lane: int
    epoch: int
    since: int
    reheard: int
    has_keys: bool

    def lacks(self, message: Message, at: Position) -> bool:
        """Whether the event may have been passed over: it lies behind the consumer, and nothing says it was heard."""
        if message.seq <= self.reheard or (message.epoch, message.seq) > (at.epoch, at.seq):
            return False
        return self.has_keys or (message.epoch, message.seq) <= (self.epoch, self.since)


class Rehearing:
    """The past of one type, for one inbox. `heard` counts the events that were heard for the first time."""

    def __init__(self, inbox: Inbox, feed: Feed, type_name: str) -> None:
        self._inbox, self._feed, self._type = inbox, feed, type_name
        self._source = type_name.split(".")[0]
        self.heard = 0

    async def run(self) -> None:
        """All lanes up to where the consumer is. Raises NotHeard, Failing, or one of UNREACHABLE."""
        if self._type not in {event.type_name for event in self._inbox.reactions}:
            raise NotHeard(f"nothing here reacts to {self._type}")
        places = await self._places(self._inbox.store.pool)
        if not places:
            raise NotHeard(f"no worker of this release has begun to hear {self._type}: start it first")
        for place in places:
            await self._lane((self._source, place.lane), place.reheard)

    async def _lane(self, lane: Lane, after: int) -> None:
        until = (await self._inbox.positions())[lane].seq
        while after < until:
            messages = [m for m in await self._feed.events(*lane, after, 1) if m.seq <= until]
            if not messages:
                return  # the source has less than was heard of it
            await self._take(messages)
            after = messages[-1].seq

    async def _take(self, messages: Sequence[Message], tries: int = TRIES) -> None:
        """Apply these; what fails shows when each half is tried, then each event alone. Raises Failing."""
        try:
            self.heard += await self._apply(messages)
        except (*UNREACHABLE, NewerLog):
            raise
        except Exception as error:
            middle = len(messages) // 2
            if middle:
                await self._take(messages[:middle])
                await self._take(messages[middle:])
            elif isinstance(error, RACES):
                if not tries:
                    raise Failing(f"others are in the way of {messages[0].id}: run it again") from error
                await asyncio.sleep(random.uniform(0, 0.5))
                await self._take(messages, tries - 1)
            else:
                raise Failing(f"{self._type} {messages[0].id} of {messages[0].key}: {described(error)}") from error

    async def _apply(self, messages: Sequence[Message]) -> int:
        """The one transaction of a batch: the effects, and how far the past was heard."""
        lane = lane_of(messages[0])
        async with transact(self._inbox.store.pool) as connection:
            at = (await self._inbox.lock(connection, messages))[lane]
            (place,) = await self._places(connection, lane[1])
            wanted = [m for m in messages if m.type == self._type and place.lacks(m, at)]
            heard = await self._inbox.rehear(connection, wanted)
            reheard = max(place.reheard, messages[-1].seq)
            await connection.execute(MOVE, self._inbox.consumer, self._type, lane[1], reheard)
        return heard

    async def _places(self, source: Source, lane: int | None = None) -> list[Place]:
        """Where every lane is; of one lane, ours until the end of the transaction."""
        sql = PLACES if lane is None else PLACE
        rows = await source.fetch(sql, self._inbox.consumer, self._type, LEAST_HOURS, lane)
        return [Place(**row) for row in rows]


async def _main(service: str, type_name: str) -> int:
    app: Any = import_module(f"services.{service}.app").service
    pool = await connect(Address.of(f"{service.upper()}_DATABASE"), size=2)
    await check(service, pool)
    async with app.feed() as feed:
        rehearing = Rehearing(app.inbox(app.store(pool)), feed, type_name)
        await rehearing.run()
    await pool.close()
    return rehearing.heard


def main(service: str, type_name: str) -> None:
    """Let a service react to the events of a type that were published before it heard them."""
    try:
        with plainly(service):
            heard = asyncio.run(_main(service, type_name))
    except (NotHeard, Failing, OlderSchema, NewerLog, *TRANSIENT) as error:
        sys.exit(f"{service}: {error}")
    print(f"{service}: {heard} events {type_name} were heard for the first time")


if __name__ == "__main__":
    typer.run(main)
