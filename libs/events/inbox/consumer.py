"""Consumer: from Kafka's topics to the inbox, and from the sources' feeds what Kafka does not bring."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.database.outage import Outage
from libs.events.database.race import first_of
from libs.events.errors import described
from libs.events.inbox import parking
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import UNHEARD, Lane, Position, missing
from libs.events.inbox.repair import Repairs
from libs.events.inbox.stop import Stop
from libs.events.log.store import NewerLog
from libs.events.metrics import CONSUMER_LAG
from libs.events.transport.broker import Kafka
from libs.events.transport.feed import Feed, Head
from libs.events.transport.kafka import KAFKA_ERRORS, Subscription

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
REST_SECONDS = 1.0
"""What is out of reach is asked again, at ease."""

OUTDATED_SECONDS = 15.0
"""A release that cannot read its own log any more keeps out of the group for so long: a newer one takes its lanes."""

HEADS_SECONDS = 30.0
"""How often positions are compared with the sources' heads."""
FIRST_HEADS_SECONDS = 5.0
"""After how long for the first time: who was restored, or long away, is behind, and repairs at the second look."""


class Consumer:
    """One member of a service's consumer group; the truth is the position rows, Kafka's offsets are a hint."""

    def __init__(self, inbox: Inbox, kafka: Kafka, feed: Feed) -> None:
        self.inbox = inbox
        self.kafka = kafka
        self.feed = feed
        self.repairs = Repairs(inbox, feed)
        self._heard = 0
        self._seen: dict[Lane, Position] = {}
        self._ending = asyncio.Event()

    @property
    def progress(self) -> int:
        """How many records were taken, from Kafka and from the feeds."""
        return self._heard + self.repairs.progress

    async def run(self) -> None:
        """Hear until `end`, and repair beside it: polling waits for no feed."""
        await first_of(self._hear_on(), self.repairs.run())

    async def _hear_on(self) -> None:
        """Whatever goes wrong with Kafka or PostgreSQL means a new subscription after a while."""
        outage = Outage("consumer out of reach", consumer=self.inbox.consumer)
        while not self._ending.is_set():
            subscription: Subscription | None = None
            try:
                await self.inbox.open()  # first: the rows are needed whether there is a Kafka or not
                subscription = Subscription(self.kafka, f"aftercare.{self.inbox.consumer}", self.inbox.hears.sources)
                await self.inbox.lift_known()
                await subscription.start()
                outage.over()
                while not self._ending.is_set() and subscription.current:
                    await self._hear(subscription)
                await subscription.commit(at_once=True)
            except (*UNREACHABLE, *TRANSIENT, *KAFKA_ERRORS, NewerLog) as error:
                outage.note(error)
            finally:
                if subscription is not None:
                    await subscription.stop()
            await self._rest(OUTDATED_SECONDS if self.inbox.store.outdated else REST_SECONDS)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def end(self) -> None:
        """Finish the batch in hand, commit it, leave the group: `run` returns, within a poll of a healthy Kafka."""
        self._ending.set()

    async def _hear(self, subscription: Subscription) -> None:
        messages, strangers = await subscription.poll(POLL_SECONDS)
        for stranger in strangers:
            await parking.park_stranger(self.inbox.store.pool, self.inbox.consumer, stranger)
        self.repairs.note(await self.inbox.take(messages))
        self._heard += len(messages) + len(strangers)
        await subscription.commit()

    async def watch_heads(self) -> None:
        """Compare positions with the sources' heads for ever, and fetch what did not move since the last look."""
        pause = FIRST_HEADS_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = HEADS_SECONDS
            try:
                await self.look()
            except (*UNREACHABLE, *TRANSIENT, NewerLog) as error:
                log.warning("positions out of reach", consumer=self.inbox.consumer, error=described(error))

    async def catch_up(self) -> None:
        """One look, and the repairs that it asks for."""
        await self.look()
        await self.repairs.settle()

    async def look(self) -> None:
        """One look: a lane that is behind its head and has not moved, or was stopped, at the last look is to be read
        from its source's feed; what an older release stopped at a type that this one knows goes on. A lane that is
        before its head in the head's own epoch stops: the source lost commits.
        """
        await self.inbox.lift_known()
        positions = await self.inbox.positions()  # before the heads, which only grow
        await asyncio.gather(*(self._look_at(source, positions) for source in self.inbox.hears.sources))
        self._seen = positions

    async def _look_at(self, source: str, positions: Mapping[Lane, Position]) -> None:
        heads = await self._heads(source)
        if not heads:
            return  # the source is out of reach: how far it is, nobody knows
        lag = sum(max(head.seq - positions.get((source, lane), UNHEARD).seq, 0) for lane, head in heads.items())
        CONSUMER_LAG.labels(source).set(lag)
        for number, head in heads.items():
            await self._compare((source, number), positions.get((source, number), UNHEARD), head)

    async def _compare(self, lane: Lane, at: Position, head: Head) -> None:
        if at.stopped:
            return
        if at.epoch == head.current and head.seq < at.seq:
            because = f"the source's last seq is {head.seq}, and {at.seq} was heard: it lost commits"
            await self.inbox.stop(lane, Stop("lost_commits", because, resume_after=head.seq))
            return
        if head.current < at.epoch:
            because = (
                f"the source is at epoch {head.current} again, and {at.epoch} was heard: raise its epoch beyond that"
            )
            await self.inbox.stop(lane, Stop("lost_commits", because))
            return
        gap = missing(lane, at, head.epoch, head.seq)
        before = self._seen.get(lane)
        resumed = before is not None and before.stopped is not None
        if gap is not None and (resumed or before == at):
            self.repairs.note([gap])

    async def _heads(self, source: str) -> dict[int, Head]:
        try:
            return await self.feed.heads(source)
        except OSError as error:
            log.warning("heads out of reach", source=source, error=described(error))
            return {}
