"""Outbox to Kafka: in order, at least once.

Seal: outbox rows get a lane and a gapless seq, in position order. Publish: sealed events go to partition lane % P, in
order of seq. Advance: the cursor of a lane moves over what Kafka acknowledged. One relay of a service leads, as long as
its lease lasts; one that has lost it can only double, and consumers drop what they have.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, groupby
from time import time_ns
from typing import Any

import asyncpg
import structlog
from uuid_utils import uuid7

from libs.events.database import lease
from libs.events.database.connections import Address, Connection, Pool
from libs.events.database.lease import Deposed
from libs.events.database.outage import Outage
from libs.events.database.schema import LANES
from libs.events.metrics import DEPOSED, EPOCH, LANE_LAG, OUTBOX_AGE, PRODUCERS, SEALED, SENT, TOPICS_ANEW
from libs.events.spans import Tracer, publication
from libs.events.transport import wire
from libs.events.transport.broker import Kafka
from libs.events.transport.kafka import KAFKA_ERRORS, Producer, Record, end_offsets, ensure_topics, topic

log = structlog.get_logger(__name__)

SEAL_MOST = 2000
LANE_MOST = 500
POLL_SECONDS = 0.1
"""The wake-up is only a hint: the outbox is looked at this often, whatever was heard."""

PENDING = """
SELECT p.lane, p.seq, p.epoch, e.id, e.type, e.schema_version, e.data, e.key, e.occurred_at, e.recorded_at,
       e.correlation_id, e.causation_id, e.traceparent
FROM cursor AS c
LEFT JOIN unnest($2::smallint[], $3::bigint[]) AS s (lane, seq) ON s.lane = c.lane
CROSS JOIN LATERAL (
    SELECT * FROM published WHERE lane = c.lane AND seq > coalesce(s.seq, c.seq) ORDER BY seq LIMIT $1
) AS p
CROSS JOIN LATERAL (SELECT * FROM event WHERE position = p.position OFFSET 0) AS e
ORDER BY p.lane, p.seq
"""
"""What is sealed beyond the cursors, or beyond these seqs of lanes that are being sent. OFFSET 0: as in the feed."""

ADVANCE = """
WITH moved AS (
    UPDATE cursor SET seq = n.new
    FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS n (lane, old, new)
    WHERE cursor.lane = n.lane AND cursor.seq = n.old AND cursor.owner = $4
    RETURNING cursor.lane
), known AS (
    INSERT INTO acknowledged (partition, last_offset)
    SELECT partition, last FROM unnest($5::smallint[], $6::bigint[]) AS a (partition, last)
    WHERE EXISTS (SELECT FROM moved)
    ON CONFLICT (partition) DO UPDATE SET last_offset = greatest(acknowledged.last_offset, excluded.last_offset)
)
SELECT count(*) FROM moved
"""
"""Cursors and offsets of what was acknowledged, both or neither, and only as long as we own the cursors."""

SEND_AGAIN = """
WITH back AS (
    UPDATE cursor SET seq = greatest(0, seq - $3) WHERE lane % $1 = $2 AND owner = $4 RETURNING lane
)
INSERT INTO acknowledged (partition, last_offset) SELECT $2, $5 WHERE EXISTS (SELECT FROM back)
ON CONFLICT (partition) DO UPDATE SET last_offset = excluded.last_offset
"""
"""A partition's lanes go back by as many events as it lost; the offsets that it knows now are its own."""

KNOWN = """
SELECT c.lane % $1 AS partition, coalesce(max(a.last_offset), $2::bigint) FROM cursor AS c
LEFT JOIN acknowledged AS a ON a.partition = c.lane % $1
WHERE c.seq > 0 GROUP BY 1
"""
"""The last offset of each partition that something was sent to; a partition without one has lost everything: the topic
was made anew with another number of them."""

EVERYTHING = 2**62

LEADER_LOCK = 4_711_001
"""The advisory lock, in the service's own database, of the one relay that works."""

OWN = "UPDATE cursor SET owner = $1"

LAG = """
SELECT lane, coalesce((SELECT max(seq) FROM published AS p WHERE p.lane = c.lane), 0) - seq AS lag FROM cursor AS c
"""

REPUBLISH = "UPDATE cursor SET seq = least(seq, $2 - 1), owner = '' WHERE $1::smallint IS NULL OR lane = $1"


async def republish(pool: Pool, lane: int | None = None, from_seq: int = 1) -> None:
    """Set the cursor of every lane, or of one, back to before `from_seq`: the same bytes and ids go out again.

    The relay at work finds its cursor moved, stops, leads anew and sends.
    """
    await pool.execute(REPUBLISH, lane, from_seq)


Lanes = dict[int, list[asyncpg.Record]]
"""Published rows by lane, in order of seq."""


class Relay:
    """The relay of one service's database. `run` works for ever; `wake` makes it look at once."""

    def __init__(
        self, pool: Pool, database: Address | str, service: str, kafka: Kafka, tracer: Tracer | None = None
    ) -> None:
        self.pool = pool
        self.database = database
        self.service = service
        self.kafka = kafka
        self.tracer = tracer
        self.owner = str(uuid7())
        self.leads = False
        self.progress = 0
        self._known: dict[int, int] = {}
        self._woken = asyncio.Event()
        self._ahead: asyncio.Task[Lanes] | None = None
        self._producer: Producer | None = None
        self._partitions = 1

    def wake(self) -> None:
        """Something may have been published."""
        self._woken.set()

    async def run(self) -> None:
        """Lead whenever no other relay does; back off for ever while PostgreSQL or Kafka is out of reach."""
        outage = Outage("relay stopped", service=self.service)
        while True:
            async with outage.ridden_out(Deposed, *KAFKA_ERRORS):
                try:
                    await lease.held(self.database, LEADER_LOCK, self._lead)
                except Deposed:
                    DEPOSED.inc()
                    raise
                finally:
                    self.leads = False
                    await self.stop()

    async def _lead(self, connection: Connection) -> None:
        """Own the cursors, and work until something fails. Who has lost the lease claims nothing on its connection."""
        self.owner = str(uuid7())
        await connection.execute(OWN, self.owner)
        self.leads = True
        while True:
            if not await self.step():
                await self._rest()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
        self._woken.clear()  # not sooner: who woke us since the last look is to be looked at

    async def step(self) -> int:
        """Seal and publish once: how many were sent. Raises Deposed, or Kafka's or the database's error.

        While Kafka is at work, the next ones are sealed and read: the step after this one begins with them.
        """
        if self._producer is None or not self._producer.current:
            await self._look_no_further()
            await self.seal()  # whether there is a Kafka or not
        producer = await self._ready_producer()
        ahead, self._ahead = self._ahead, None
        lanes = await (ahead or self._look({}))
        if not lanes:
            return 0
        self._ahead = asyncio.create_task(self._look(lanes))
        try:
            await self._publish(producer, lanes)
        except BaseException:
            await self._look_no_further()
            raise
        return sum(map(len, lanes.values()))

    async def _look(self, sending: Lanes) -> Lanes:
        """Seal, and read what is to be sent after what is being sent, a share of each lane."""
        sealed = await self.seal()
        if sending and not sealed and max(map(len, sending.values())) < LANE_MOST:
            return {}
        rows = await self.pool.fetch(PENDING, LANE_MOST, list(sending), [lane[-1]["seq"] for lane in sending.values()])
        return {lane: list(group) for lane, group in groupby(rows, key=lambda row: int(row["lane"]))}

    async def _look_no_further(self) -> None:
        """After an error, what comes next is what the cursors say."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def seal(self) -> int:
        """Give a lane and a seq to what waits in the outbox: how many. Needs no Kafka."""
        sealed: int = await self.pool.fetchval("SELECT seal_outbox($1)", SEAL_MOST)
        SEALED.inc(sealed)
        return sealed

    async def _publish(self, producer: Producer, lanes: Lanes) -> None:
        """Send these and move the cursors over what was acknowledged."""
        partitions: dict[int, list[int]] = defaultdict(list)
        for lane in lanes:
            partitions[lane % self._partitions].append(lane)
        results = await asyncio.gather(
            *(
                self._send(producer, partition, [lanes[lane] for lane in held])
                for partition, held in partitions.items()
            ),
            return_exceptions=True,
        )
        ended = time_ns()
        sent = {p: last for p, last in zip(partitions, results, strict=True) if isinstance(last, int)}
        acknowledged = [lanes[lane] for partition in sent for lane in partitions[partition]]
        await self._advance(acknowledged, sent)
        if self.tracer is not None:
            self._trace(self.tracer, chain.from_iterable(acknowledged), ended)
        await self._raise_first(results)

    async def _send(self, producer: Producer, partition: int, lanes: Sequence[Sequence[Any]]) -> int:
        """The offset of the last record. Raises Deposed when the partition turns out to have lost some."""
        records = [self._record(row) for lane in lanes for row in lane]
        first, last = await producer.send(partition, records)
        if first <= self._known.get(partition, -1):  # the log ended there when Kafka took these
            await self._send_again(partition, first, last)
            raise Deposed
        return last

    def _record(self, row: Mapping[str, Any]) -> Record:
        return row["key"].encode(), row["data"].encode(), wire.headers(self.service, row)

    async def _look_for_losses(self) -> None:
        """Compare what was acknowledged with where Kafka says its partitions end."""
        self._known = {row[0]: row[1] for row in await self.pool.fetch(KNOWN, self._partitions, EVERYTHING)}
        ends = await end_offsets(self.kafka, topic(self.service), self._known) if self._known else {}
        for partition, end in ends.items():
            if end <= self._known[partition]:
                await self._send_again(partition, end, end - 1)

    async def _send_again(self, partition: int, end: int, last: int) -> None:
        """The topic was made anew or cut short before what we know of it: the events that stood there go out again.

        As many are missing as offsets are, each of one event, and those sent last: no lane misses more than all of
        them. A margin of what a relay before us may have sent meanwhile is doubled.
        """
        lost = self._known[partition] + 1 - end
        TOPICS_ANEW.inc()
        log.error(
            "topic made anew or cut, sending again", topic=topic(self.service), partition=partition, ends=end, lost=lost
        )
        again = lost + LANE_MOST * (LANES // self._partitions)
        if await self.pool.execute(SEND_AGAIN, self._partitions, partition, again, self.owner, last) == "INSERT 0 0":
            raise Deposed
        self._known[partition] = last

    async def _advance(self, lanes: Sequence[Sequence[Any]], acknowledged: Mapping[int, int]) -> None:
        if not lanes:
            return
        moved = await self.pool.fetchval(
            ADVANCE,
            [lane[0]["lane"] for lane in lanes],
            [lane[0]["seq"] - 1 for lane in lanes],
            [lane[-1]["seq"] for lane in lanes],
            self.owner,
            list(acknowledged),
            list(acknowledged.values()),
        )
        if moved != len(lanes):
            raise Deposed
        self._known.update(acknowledged)
        sent = sum(len(lane) for lane in lanes)
        self.progress += sent
        SENT.inc(sent)

    def _trace(self, tracer: Tracer, rows: Iterable[Any], ended: int) -> None:
        for row in rows:
            if (span := publication(topic(self.service), row, ended)) is not None:
                tracer.record(span)

    async def _raise_first(self, results: Sequence[BaseException | int]) -> None:
        for error in results:
            if isinstance(error, BaseException):
                await self._discard_producer()
                raise error

    async def _ready_producer(self) -> Producer:
        if self._producer is not None and not self._producer.current:
            await self._discard_producer()
        if self._producer is None:
            self._producer = await self._new_producer()
        return self._producer

    async def _new_producer(self) -> Producer:
        PRODUCERS.inc()
        await ensure_topics(self.kafka, [self.service])
        producer = Producer(self.kafka, topic(self.service))
        try:
            self._partitions = await producer.start()
            await self._look_for_losses()
        except BaseException:
            await producer.stop()
            raise
        return producer

    async def _discard_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def stop(self) -> None:
        """Let go of Kafka; the task that runs this relay is cancelled first."""
        await self._look_no_further()
        await self._discard_producer()

    async def measure(self) -> None:
        """Set the gauges of what waits here."""
        age = await self.pool.fetchval("SELECT extract(epoch FROM now() - min(added_at))::float8 FROM outbox")
        OUTBOX_AGE.set(age or 0)
        for row in await self.pool.fetch(LAG):
            LANE_LAG.labels(row["lane"]).set(row["lag"])
        EPOCH.set(await self.pool.fetchval("SELECT epoch FROM seal"))
