"""What is there after a fault run, read from outside: stores by plain SQL, topics by a plain Kafka consumer."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

READING_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of an event log. `early` if it was recorded before the instant `at` that it speaks of.

    `occurred_at` is when it happened, by whoever said so.
    """

    service: str
    position: int
    id: str
    stream: str
    version: int
    type: str
    data: Mapping[str, Any]
    key: str | None = None
    cause: str | None = None
    early: bool = False
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published event's place: seq is gapless by service, epoch and lane."""

    service: str
    epoch: int
    lane: int
    seq: int
    position: int


@dataclass(frozen=True, slots=True)
class KeptRow:
    """An answer kept for an idempotency key."""

    service: str
    scope: str
    key: str
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One Kafka record, sent `at` that second of the wall clock. Records of a partition are in the order of offsets."""

    source: str
    epoch: int
    lane: int
    seq: int
    id: str
    type: str
    key: str
    record_key: str
    partition: int
    partitions: int
    data: Mapping[str, Any]
    at: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """Everything that the checker looks at, but for the clients' ledger."""

    events: Sequence[EventRow]
    published: Sequence[PublishedRow]
    kept: Sequence[KeptRow]
    sent: Sequence[Sent]
    history: Sequence[str]
    open_clocks: int
    timers: int


EVENTS = """
SELECT position, id::text, stream, version, type, data, key, causation_id,
       recorded_at < (data ->> 'at')::timestamptz AS early, occurred_at
FROM event ORDER BY position
"""


async def gather(urls: Mapping[str, str], bootstrap: str, **kafka: Any) -> Evidence:
    """Read the services' databases at these URLs, and their topics; `kafka` is what a client needs beside addresses."""
    events: list[EventRow] = []
    published: list[PublishedRow] = []
    kept: list[KeptRow] = []
    for name in urls:
        for row in await rows(urls[name], EVENTS):
            told = (*row[:5], json.loads(row["data"]), *row[6:8], bool(row["early"]), row["occurred_at"])
            events.append(EventRow(name, *told))
        places = await rows(urls[name], "SELECT epoch, lane, seq, position FROM published ORDER BY lane, seq")
        published.extend(PublishedRow(name, *row) for row in places)
        answers = await rows(urls[name], "SELECT scope, key, status, body FROM idempotency")
        kept.extend(KeptRow(name, *row) for row in answers)
    return Evidence(
        events=events,
        published=published,
        kept=kept,
        sent=await asyncio.wait_for(topics(bootstrap, [f"{name}.events" for name in urls], **kafka), READING_SECONDS),
        history=[row["id"] for row in await rows(urls["intake"], "SELECT id FROM history")],
        open_clocks=await count(urls["sla"], "SELECT count(*) FROM clock WHERE state IN ('running', 'paused')"),
        timers=await count(urls["sla"], "SELECT count(*) FROM timer"),
    )


async def rows(url: str, sql: str) -> list[asyncpg.Record]:
    """All rows of a query, on a connection of its own."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def count(url: str, sql: str) -> int:
    """The one number that a query answers."""
    return int((await rows(url, sql))[0][0])


async def topics(bootstrap: str, names: Sequence[str], **kafka: Any) -> list[Sent]:
    """Every record of these topics, in the order of each partition."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest", **kafka
    )
    await consumer.start()
    try:
        counts = {name: len(await _partitions(consumer, name)) for name in names}
        consumer.assign([TopicPartition(name, number) for name, found in counts.items() for number in range(found)])
        ends = await consumer.end_offsets(list(consumer.assignment()))
        await consumer.seek_to_beginning()
        found: list[Sent] = []
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for partition, records in (await consumer.getmany(timeout_ms=500, max_records=5000)).items():
                found.extend(_sent(record, counts[partition.topic]) for record in records)
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    """The topic's partitions, as soon as the client has heard of them."""
    consumer.subscribe([topic])
    while (found := consumer.partitions_for_topic(topic)) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.05)  # the client has no event for it
    consumer.unsubscribe()
    return set(found)


def _sent(record: Any, partitions: int) -> Sent:
    told = {name: value.decode() for name, value in record.headers}
    _, _, source, epoch = told["ce_source"].split("/")
    return Sent(
        source=source,
        epoch=int(epoch),
        lane=int(told["ce_lane"]),
        seq=int(told["ce_sequence"]),
        id=told["ce_id"],
        type=told["ce_type"],
        key=told["ce_partitionkey"],
        record_key=record.key.decode(),
        partition=record.partition,
        partitions=partitions,
        data=json.loads(record.value),
        at=record.timestamp / 1000,
    )
