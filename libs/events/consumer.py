"""Consumer: from Kafka's topics to the inbox, and from the sources' feeds what Kafka does not bring."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import structlog

from libs.events import parking
from libs.events.broker import Kafka
from libs.events.database import TRANSIENT, UNREACHABLE
from libs.events.errors import described
from libs.events.feed import Feed, Head
from libs.events.inbox import Inbox
from libs.events.kafka import KAFKA_ERRORS, Subscription
from libs.events.lanes import Gap, Lane, Position, missing
from libs.events.metrics import CONSUMER_LAG, REPAIRED
from libs.events.outage import Outage
from libs.events.store import NewerLog
from libs.events.wire import Message

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
REST_SECONDS = 1.0
"""What is out of reach is asked again, at ease."""

OUTDATED_SECONDS = 15.0
"""A release that cannot read its own log any more keeps out of the group for so long: a newer one takes its lanes."""

HEADS_SECONDS = 30.0
"""How often positions are compared with the sources' heads."""


class Consumer:
    """One member of a service's consumer group; the truth is the position rows, Kafka's offsets are a hint."""

    def __init__(self, inbox: Inbox, kafka: Kafka, feed: Feed) -> None:
        self.inbox = inbox
        self.kafka = kafka
        self.feed = feed
        self.progress = 0
        self._seen: dict[Lane, Position] = {}
        self._ending = asyncio.Event()

    async def run(self) -> None:
        """Hear until `end`; whatever goes wrong with Kafka or PostgreSQL means a new subscription after a while."""
        outage = Outage("consumer out of reach", consumer=self.inbox.consumer)
        while not self._ending.is_set():
            subscription: Subscription | None = None
            try:
                subscription = Subscription(self.kafka, f"aftercare.{self.inbox.consumer}", self.inbox.hears.sources)
                await self.inbox.open()
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
        gaps = await self.inbox.take(messages)
        await self._repair_all(gaps)
        if messages or strangers:
            self.progress += len(messages) + len(strangers)
        await subscription.commit()

    async def watch_heads(self) -> None:
        """Compare positions with the sources' heads for ever, and fetch what did not move since the last look."""
        while True:
            await asyncio.sleep(HEADS_SECONDS)
            try:
                await self.catch_up()
            except (*UNREACHABLE, *TRANSIENT, NewerLog) as error:
                log.warning("positions out of reach", consumer=self.inbox.consumer, error=described(error))

    async def catch_up(self) -> None:
        """One look: a lane that is behind its head and has not moved, or was stopped, at the last look is read from its
        source's feed; what an older release stopped at a type that this one knows goes on.
        """
        await self.inbox.lift_known()
        positions = await self.inbox.positions()
        for source in self.inbox.hears.sources:
            heads = {(source, lane): head for lane, head in (await self._heads(source)).items()}
            lag = sum(max(head.seq - positions[lane].seq, 0) for lane, head in heads.items())
            CONSUMER_LAG.labels(source).set(lag)
            for lane, head in heads.items():
                at = positions[lane]
                gap = missing(lane, at, head.epoch, head.seq)
                before = self._seen.get(lane)
                resumed = before is not None and before.stopped is not None
                if gap is not None and not at.stopped and (resumed or before == at):
                    await self._repair_all([gap])
        self._seen = positions

    async def _heads(self, source: str) -> dict[int, Head]:
        try:
            return await self.feed.heads(source)
        except OSError as error:
            log.warning("heads out of reach", source=source, error=described(error))
            return {}

    async def _repair_all(self, gaps: Iterable[Gap]) -> None:
        for gap in gaps:
            try:
                await self._repair(gap)
            except OSError as error:
                log.warning("feed out of reach", source=gap.source, lane=gap.lane, error=described(error))

    async def _repair(self, gap: Gap) -> None:
        """Fetch a lane's missing events, holding no lock, and apply them under the same checks as from Kafka."""
        after = gap.after
        while messages := await self.feed.events(gap.source, gap.lane, after, gap.epoch):
            if after == 0 and gap.epoch > 1:
                await self._finish_epoch(gap, messages[0])
                await self.inbox.realign(gap, messages[0])
            found = await self.inbox.take(messages)
            await self._repair_all(newer for newer in found if newer.epoch > gap.epoch)
            REPAIRED.labels(gap.source).inc(len(messages))
            self.progress += len(messages)
            after = messages[-1].seq

    async def _finish_epoch(self, gap: Gap, first: Message) -> None:
        """Apply what the source still has of an older epoch, before the first event of the newer one."""
        at = (await self.inbox.positions())[gap.source, gap.lane]
        after = at.seq
        while left := [m for m in await self.feed.events(gap.source, gap.lane, after, at.epoch) if m.seq < first.seq]:
            await self.inbox.take(left)
            after = left[-1].seq
