"""Inbox: what other services said, each with exactly one effect. Knows no Kafka.

One transaction locks the lanes' positions, drops what is known, tells the reactions' stories, writes events, views and
positions, and commits. An error halves the batch; one that repeats alone parks its key, and others go on. So does what
took so long that the server ended it, which looks as if it were out of reach: the next batch is half as large.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from time import monotonic, time, time_ns
from typing import Any

import structlog

from libs.events.catalogue import Catalogue, NewerSchema
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, transact
from libs.events.database.schema import LANES
from libs.events.decider import Addressed, Story
from libs.events.event import Event, Evidence
from libs.events.inbox import parking
from libs.events.inbox.lanes import Batch, Gap, Lane, Position, lane_of, realigned, sort_by_position
from libs.events.inbox.parking import Parked
from libs.events.inbox.stop import Stop, lift_known, stop
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.rows import array_literal, read
from libs.events.log.store import Conflict, KeyInFlight, KeySeen, NewerLog, Store
from libs.events.log.unit import Unit
from libs.events.message import AnyRecorded
from libs.events.metrics import DELAY, DUPLICATES, GAPS, HALVED, HEARD
from libs.events.spans import Tracer, reacting, reaction
from libs.events.transport import wire
from libs.events.transport.kafka import topic
from libs.events.transport.wire import Message
from libs.events.view import AnyView, Count, View

log = structlog.get_logger(__name__)

Reactions = Mapping[type[Event], Callable[[AnyRecorded], Story]]
"""When this was heard, that story is told."""

TRIES = 3
"""How often an error must repeat, alone in its own transaction, before its key is parked."""

LONG_SECONDS = 9.0
"""A transaction that is lost after so long was perhaps too large: a server bears one in which we think for 10 s."""

RACES = (Conflict, KeyInFlight, *TRANSIENT)
"""Others were in the way: never poison."""

LOCK = """
SELECT source, lane, epoch, seq, event_id, stopped FROM position
WHERE consumer = $1 AND lane = ANY($2::smallint[])
ORDER BY source, lane FOR UPDATE
"""
"""A lane of all sources at once: one key's events come from the same lane of each, and meet in the same rows."""

MOVE = """
UPDATE position SET epoch = n.epoch, seq = n.seq, event_id = n.event_id
FROM unnest($2::text[], $3::smallint[], $4::int[], $5::bigint[], $6::uuid[]) AS n (source, lane, epoch, seq, event_id)
WHERE consumer = $1 AND position.source = n.source AND position.lane = n.lane
"""

BEGIN_TO_HEAR = """
INSERT INTO reaction (consumer, type, lane, epoch, since, reheard)
SELECT p.consumer, t.type, p.lane, p.epoch, p.seq,
       CASE WHEN EXISTS (SELECT FROM reaction AS r WHERE r.consumer = p.consumer) THEN 0 ELSE p.seq END
FROM position AS p JOIN unnest($2::text[]) AS t (type) ON split_part(t.type, '.', 1) = p.source
WHERE p.consumer = $1
ON CONFLICT DO NOTHING
"""
"""The first release that notes this has heard all of its types from the beginning: their past is behind it."""

STANDING = "SELECT key FROM idempotency WHERE scope = $1 AND key = ANY($2::text[])"

Begun = list[tuple[AnyRecorded, Story, Addressed]]


@dataclass
class Inbox:
    """The inbox of one consumer, a service by its name. `views` are those of its views that hear other services."""

    store: Store
    hears: Catalogue
    reactions: Reactions = field(default_factory=dict)
    views: Sequence[AnyView] = ()
    tracer: Tracer | None = None
    _most: float = field(default=inf, init=False)

    @property
    def consumer(self) -> str:
        """The name under which positions are kept."""
        return self.store.name

    @property
    def _scope(self) -> str:
        """Of the keys that say which events had their effect."""
        return f"consumer:{self.consumer}"

    async def open(self) -> None:
        """Make the position rows that are missing, and note where reactions begin to hear. What is stopped stays so."""
        for source in self.hears.sources:
            GAPS.labels(source)  # from 0 on: what a counter begins with, no increase tells
        await self.store.pool.execute(
            "INSERT INTO position (consumer, source, lane, epoch, seq) "
            "SELECT $1, source, lane, 1, 0 FROM unnest($2::text[]) AS source, generate_series(0, $3) AS lane "
            "ON CONFLICT DO NOTHING",
            self.consumer,
            self.hears.sources,
            LANES - 1,
        )
        await self.store.pool.execute(BEGIN_TO_HEAR, self.consumer, [event.type_name for event in self.reactions])

    async def lift_known(self) -> None:
        """Let the lanes go on that an older release stopped at a type which this one knows."""
        await lift_known(self.store.pool, self.consumer, self.hears.reads)

    async def positions(self) -> dict[Lane, Position]:
        """How far every lane is applied."""
        rows = await self.store.pool.fetch("SELECT * FROM position WHERE consumer = $1", self.consumer)
        return {_lane(row): _position(row) for row in rows}

    async def take(self, messages: Sequence[Message]) -> list[Gap]:
        """Apply messages in order, each once, whatever goes wrong with some; the gaps that were found.

        Raises only what says that the database is out of reach, or NewerLog: take the same messages again.
        """
        gaps = await self._take(messages)
        self._most += 1
        return gaps

    async def _take(self, messages: Sequence[Message]) -> list[Gap]:
        known = [m for m in messages if m.source in self.hears.sources and 0 <= m.lane < LANES]
        if not known:
            return []
        if len(known) > self._most:
            return await self._halves(known)
        try:
            return await self._in_time(known)
        except (*UNREACHABLE, NewerLog):
            raise
        except Exception as error:  # noqa: BLE001  # what is wrong shows when each half is tried, then each message alone
            if len(known) == 1:
                return await self._alone(known[0], error)
            return await self._halves(known)

    async def _halves(self, messages: Sequence[Message]) -> list[Gap]:
        HALVED.inc()
        middle = len(messages) // 2
        return [*await self._take(messages[:middle]), *await self._take(messages[middle:])]

    async def _in_time(self, messages: Sequence[Message]) -> list[Gap]:
        """Apply a batch. One that was lost after a long while makes the next ones smaller, until they are in time."""
        began = monotonic()
        try:
            return await self._apply(messages)
        except UNREACHABLE:
            if monotonic() - began >= LONG_SECONDS:
                self._most = max(len(messages) // 2, 1)
            raise

    async def realign(self, gap: Gap, first: Message) -> None:
        """Go on with the first event of a newer epoch of the source, which lost commits in a restore.

        Not before all that the source still has of the older epoch is applied.
        """
        async with transact(self.store.pool) as connection:
            positions = await self.lock(connection, [first])
            lane = (first.source, first.lane)
            if positions[lane].epoch < gap.epoch and positions[lane].seq >= first.seq - 1:
                log.error("source began a new epoch", source=first.source, lane=first.lane, epoch=first.epoch)
                await self._move(connection, {lane: realigned(positions[lane], first)})

    async def reopen(self, first: Message) -> None:
        """Go on with this event of an older epoch, which is next where an operator set the lane back to."""
        async with transact(self.store.pool) as connection:
            positions = await self.lock(connection, [first])
            lane = (first.source, first.lane)
            if positions[lane].epoch > first.epoch and positions[lane].seq == first.seq - 1:
                await self._move(connection, {lane: realigned(positions[lane], first)})

    async def stop(self, lane: Lane, why: Stop) -> None:
        """Stop a lane on purpose: nothing of it is applied until the stop is lifted."""
        await stop(self.store.pool, self.consumer, lane, why)

    async def retry(self, connection: Connection, parked: Parked) -> int:
        """Apply, in order, all that is parked under the key of this event: how many. Raises parking.Unknown.

        Effect and removal are parts of the open transaction, under the lock of the lanes; an error leaves everything
        parked. What has its effect already, as after positions were lost, is only removed, and not counted.
        """
        waiting = await parking.of_same_key(connection, parked)
        await self.lock(connection, [message for _, message in waiting])
        waiting = await parking.of_same_key(connection, parked, lock=True)
        once = {message.id: message for _, message in waiting}
        standing, began = await self._standing(connection, once), time_ns()
        told = await self._tell(connection, [message for id, message in once.items() if id not in standing])
        self._trace(told, began)
        await parking.remove(connection, [row_id for row_id, _ in waiting])
        return len(once) - len(standing)

    async def rehear(self, connection: Connection, messages: Sequence[Message]) -> int:
        """React to these events of the past, in order, as part of the open transaction, which holds their lanes' lock.

        How many were heard for the first time: what has its effect, is parked or was discarded is left out. Views take
        nothing here: they are rebuilt.
        """
        ids = [message.id for message in messages]
        known = await self._standing(connection, ids) | await parking.without_effect(connection, self.consumer, ids)
        new = [message for message in messages if message.id not in known]
        await self._react(connection, [wire.recorded(message, self.hears) for message in new])
        return len(new)

    async def _standing(self, connection: Connection, ids: Iterable[str]) -> set[str]:
        """Which of these events had their effect."""
        rows = await connection.fetch(STANDING, self._scope, list(ids))
        return {row["key"] for row in rows}

    async def _apply(self, messages: Sequence[Message]) -> list[Gap]:
        """The one transaction of a batch."""
        began = time_ns()
        async with transact(self.store.pool) as connection:
            batch = sort_by_position(messages, await self.lock(connection, messages))
            parked, now = await parking.look(connection, self.consumer)
            new = await self._free(connection, batch.new) if parked else batch.new
            told = await self._tell(connection, new, now)
            await self._move(connection, batch.moved)
            for lane, message in batch.diverged.items():
                because = f"seq {message.seq} came with another id, {message.id}: the source lost commits"
                await stop(connection, self.consumer, lane, Stop("diverged", because))
        self._trace(told, began)
        self._report(batch)
        return list(batch.gaps.values())

    async def _free(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """Those that wait behind nothing parked; the others are parked behind it."""
        blocked = await parking.blocked(connection, self.consumer, (message.key for message in messages))
        if blocked:
            await parking.park(connection, self.consumer, [m for m in messages if m.key in blocked], None)
        return [message for message in messages if message.key not in blocked]

    async def _tell(
        self, connection: Connection, messages: Iterable[Message], now: datetime | None = None
    ) -> list[AnyRecorded]:
        """The effects of these messages: reactions' stories and the rows of views that hear them. Those with a story.

        `now` is the database's clock as it was read in this transaction.
        """
        heard = [wire.recorded(message, self.hears) for message in messages if message.type in self.hears]
        return await self._react(connection, heard, now, self.views)

    async def _react(
        self,
        connection: Connection,
        heard: Sequence[AnyRecorded],
        now: datetime | None = None,
        views: Sequence[AnyView] = (),
    ) -> list[AnyRecorded]:
        if not heard:
            return []
        begun = self._begin(heard)
        unit = await self.store.unit([do.stream for _, _, do in begun], connection, now)
        for recorded, story, do in begun:
            intent = self._intent(recorded, unit)
            unit.answers.append((intent, Answer(status=0, body="")))
            await unit.resume(story, do, intent)
        await self._view(connection, unit, heard, views)
        await self.store.append(unit, connection)
        return [recorded for recorded, _, _ in begun]

    def _begin(self, heard: Iterable[AnyRecorded]) -> Begun:
        """Each story up to its first command, so that all their streams are loaded at once."""
        begun: Begun = []
        for recorded in heard:
            reaction = self.reactions.get(type(recorded.event))
            if reaction is not None and (do := next(story := reaction(recorded), None)) is not None:
                begun.append((recorded, story, do))
        return begun

    def _intent(self, heard: AnyRecorded, unit: Unit) -> Intent:
        return Intent(
            actor=f"service:{self.consumer}",
            occurred_at=min(heard.occurred_at, unit.now),
            late=isinstance(heard.event, Evidence) and heard.event.late,
            correlation_id=heard.correlation_id,
            causation_id=heard.id,
            traceparent=self._traceparent(heard),
            idempotency=Idempotency(scope=self._scope, key=heard.id, request_hash=""),
        )

    def _traceparent(self, heard: AnyRecorded) -> str | None:
        at = reacting(self.consumer, heard) if self.tracer is not None else None
        return at.traceparent if at is not None else heard.traceparent

    def _trace(self, told: Iterable[AnyRecorded], began: int) -> None:
        if self.tracer is None:
            return
        ended = time_ns()
        for heard in told:
            if (span := reaction(self.consumer, topic(heard.source), heard, began, ended)) is not None:
                self.tracer.record(span)

    async def _view(
        self, connection: Connection, unit: Unit, heard: Sequence[AnyRecorded], views: Sequence[AnyView]
    ) -> None:
        for view in views:
            news = [recorded for recorded in heard if recorded.event.type_name in view.hears]
            rows = await changed(connection, view, news)
            if isinstance(view, Count):
                unit.extra_rows.add(view, rows.values())
            else:
                unit.extra_rows.put_all(view.table, rows)

    async def _alone(self, message: Message, error: Exception) -> list[Gap]:
        """One message that failed: tried again by itself, then parked, unless its lane has to stop."""
        failures = 0
        while True:
            if isinstance(error, KeySeen):
                return await self._skip(message)
            if isinstance(error, NewerSchema):
                await self.stop(lane_of(message), Stop.newer(error))
                return []
            if isinstance(error, NewerLog):
                raise error
            if not isinstance(error, RACES):
                failures += 1
                if failures >= TRIES:
                    return await self._park(message, error)
            await asyncio.sleep(random.uniform(0, 0.02 * 2 ** min(failures, 5)))
            try:
                return await self._apply([message])
            except UNREACHABLE:
                raise
            except Exception as again:  # noqa: BLE001  # it is judged at the top of the loop
                error = again

    async def _skip(self, message: Message) -> list[Gap]:
        """The effect stands although the position does not say so: move on without it."""
        async with transact(self.store.pool) as connection:
            batch = sort_by_position([message], await self.lock(connection, [message]))
            await self._move(connection, batch.moved)
        DUPLICATES.labels(message.source).inc()
        return list(batch.gaps.values())

    async def _park(self, message: Message, error: Exception) -> list[Gap]:
        failure = parking.Failure.of(error)
        async with transact(self.store.pool) as connection:
            batch = sort_by_position([message], await self.lock(connection, [message]))
            epidemic = await parking.is_epidemic(connection, self.consumer, failure.defect)
            if not epidemic:
                await parking.park(connection, self.consumer, batch.new, failure)
                await self._move(connection, batch.moved)
            else:
                why = Stop("epidemic", f"many keys parked by one defect: {failure.defect}")
                await stop(connection, self.consumer, lane_of(message), why)
        if not epidemic:
            log.error("event parked", source=message.source, type=message.type, event_id=message.id, error=failure.text)
        return list(batch.gaps.values())

    async def lock(self, connection: Connection, messages: Sequence[Message]) -> dict[Lane, Position]:
        """The positions of these messages' lanes, of all sources: ours until the end of the transaction."""
        rows = await connection.fetch(LOCK, self.consumer, sorted({message.lane for message in messages}))
        return {_lane(row): _position(row) for row in rows}

    async def _move(self, connection: Connection, positions: Mapping[Lane, Position]) -> None:
        await connection.execute(
            MOVE,
            self.consumer,
            [source for source, _ in positions],
            [lane for _, lane in positions],
            [at.epoch for at in positions.values()],
            [at.seq for at in positions.values()],
            [at.event_id for at in positions.values()],
        )

    def _report(self, batch: Batch) -> None:
        for source, number in Counter(message.source for message in batch.duplicates).items():
            DUPLICATES.labels(source).inc(number)
        for source, number in Counter(message.source for message in batch.new).items():
            HEARD.labels(source).inc(number)
        now = time()
        for message in batch.new:
            if message.sent_at:
                DELAY.observe(now - message.sent_at)
        for gap in batch.gaps.values():
            GAPS.labels(gap.source).inc()


async def changed(
    connection: Connection, view: AnyView, news: Sequence[AnyRecorded], table: str | None = None
) -> dict[str, Any]:
    """The rows after these events, by key, or what they add to a count. `table`: not the view's, but its shadow.

    Raises ManyStreams.
    """
    if isinstance(view, Count):
        return view.added(news)
    keyed = view.keyed(news)
    return view.fold_heard(keyed, await _standing(connection, view, dict(keyed), table))


async def _standing(
    connection: Connection, view: View[Any], keys: Collection[str], table: str | None
) -> dict[str, Any]:
    sql = f"SELECT * FROM {table or view.table.name} WHERE {view.id} = ANY($1::text::text[])"
    return {row[view.id]: read(view, row) for row in await connection.fetch(sql, array_literal(keys))}


def _lane(row: Any) -> Lane:
    return row["source"], row["lane"]


def _position(row: Any) -> Position:
    return Position(row["epoch"], row["seq"], row["event_id"], row["stopped"])
