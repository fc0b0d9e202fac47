"""Outbox to Kafka: in order, at least once.

Seal: outbox rows get a lane and a gapless seq, in position order. Publish: sealed events go to partition lane % P, in
order of seq. Advance: the cursor of a lane moves over what Kafka acknowledged. One relay of a service works at a time;
a zombie can only double, and consumers drop what they have.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

import asyncpg
import structlog
from uuid_utils import uuid7

from libs.events import wire
from libs.events.database import SETTINGS, TRANSIENT, UNREACHABLE, Pool
from libs.events.errors import described
from libs.events.kafka import KAFKA_ERRORS, Producer, Record, ensure_topics, topic
from libs.events.metrics import DEPOSED, LANE_LAG, OUTBOX_AGE, PRODUCERS, SEALED, SENT, TOPICS_ANEW

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
JOIN event AS e ON e.position = p.position
ORDER BY p.lane, p.seq
"""
"""What is sealed beyond the cursors, or beyond these seqs of some lanes, which are being sent."""

ADVANCE = """
UPDATE cursor SET seq = n.new
FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS n (lane, old, new)
WHERE cursor.lane = n.lane AND cursor.seq = n.old AND cursor.owner = $4
"""

ACKNOWLEDGE = """
INSERT INTO acknowledged (partition, last_offset) VALUES ($1, $2)
ON CONFLICT (partition) DO UPDATE SET last_offset = excluded.last_offset
RETURNING old.last_offset
"""

LAG = """
SELECT lane, coalesce((SELECT max(seq) FROM published AS p WHERE p.lane = c.lane), 0) - seq AS lag FROM cursor AS c
"""

LEADER_LOCK = 4_711_001
"""The advisory lock, in the service's own database, of the one relay that works."""


async def republish(pool: Pool) -> None:
    """Set every lane's cursor back to the beginning: the same bytes and the same ids go out again.

    The relay at work finds its cursor moved, stops, leads anew and sends.
    """
    await pool.execute("UPDATE cursor SET seq = 0, owner = ''")


Lanes = dict[int, list[asyncpg.Record]]
"""Published rows by lane, in order of seq."""


class Deposed(Exception):
    """Another relay moved the cursor: this one must stop and ask to lead again."""


class Relay:
    """The relay of one service's database. `run` works for ever; `wake` makes it look at once."""

    def __init__(self, pool: Pool, database_url: str, service: str, bootstrap: str) -> None:
        self.pool = pool
        self.database_url = database_url
        self.service = service
        self.bootstrap = bootstrap
        self.owner = str(uuid7())
        self.progress = 0
        self._woken = asyncio.Event()
        self._ahead: asyncio.Task[Lanes] | None = None
        self._producer: Producer | None = None
        self._partitions = 1

    def wake(self) -> None:
        """Something may have been published."""
        self._woken.set()

    async def run(self) -> None:
        """Lead whenever no other relay does; back off for ever while PostgreSQL or Kafka is out of reach."""
        while True:
            try:
                await self._lead()
            except Deposed:
                DEPOSED.inc()
                log.warning("relay deposed", service=self.service)
            except (*UNREACHABLE, *TRANSIENT, *KAFKA_ERRORS) as error:
                log.warning("relay out of reach", service=self.service, error=described(error))
            await self.stop()
            await asyncio.sleep(1)  # what is out of reach is asked again, at ease

    async def _lead(self) -> None:
        """Hold the leader's lock on a connection of its own, and work until something fails."""
        connection = await asyncpg.connect(self.database_url, server_settings=SETTINGS, timeout=10)
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):  # noqa: ASYNC110
                await asyncio.sleep(0.5)  # the lock is another process's: there is no event to await
            self.owner = str(uuid7())
            await self.pool.execute("UPDATE cursor SET owner = $1", self.owner)
            while not connection.is_closed():
                if not await self.step():
                    await self._rest()
        finally:
            connection.terminate()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
        self._woken.clear()  # not sooner: who woke us since the last look is to be looked at

    async def step(self) -> int:
        """Seal and publish once: how many were sent. Raises Deposed, or Kafka's or the database's error.

        While Kafka is at work, the next ones are sealed and read: the step after this one begins with them.
        """
        ahead, self._ahead = self._ahead, None
        lanes = await (ahead or self._look({}))
        producer = await self._ready_producer()
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
        outcome = dict(zip(partitions, results, strict=True))
        await self._advance([lanes[lane] for p, held in partitions.items() if outcome[p] is None for lane in held])
        await self._raise_first(results)

    async def _send(self, producer: Producer, partition: int, lanes: Sequence[Sequence[Any]]) -> None:
        records = [self._record(row) for lane in lanes for row in lane]
        first, last = await producer.send(partition, records)
        known = await self.pool.fetchval(ACKNOWLEDGE, partition, last)
        if known is not None and first <= known:
            await self._begin_anew(partition)

    def _record(self, row: Mapping[str, Any]) -> Record:
        return row["key"].encode(), row["data"].encode(), wire.headers(self.service, row)

    async def _begin_anew(self, partition: int) -> None:
        """The topic was made anew or cut short: whatever stood there before is to be sent again."""
        TOPICS_ANEW.inc()
        log.error("topic made anew, sending everything again", topic=topic(self.service), partition=partition)
        await self.pool.execute("DELETE FROM acknowledged WHERE partition <> $1", partition)
        await republish(self.pool)
        raise Deposed

    async def _advance(self, lanes: Sequence[Sequence[Any]]) -> None:
        if not lanes:
            return
        status = await self.pool.execute(
            ADVANCE,
            [lane[0]["lane"] for lane in lanes],
            [lane[0]["seq"] - 1 for lane in lanes],
            [lane[-1]["seq"] for lane in lanes],
            self.owner,
        )
        if status != f"UPDATE {len(lanes)}":
            raise Deposed
        sent = sum(len(lane) for lane in lanes)
        self.progress += sent
        SENT.inc(sent)

    async def _raise_first(self, results: Sequence[BaseException | None]) -> None:
        for error in results:
            if error is not None:
                await self._discard_producer()
                raise error

    async def _ready_producer(self) -> Producer:
        if self._producer is None:
            PRODUCERS.inc()
            await ensure_topics(self.bootstrap, [self.service])
            producer = Producer(self.bootstrap, topic(self.service))
            try:
                self._partitions = await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

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
