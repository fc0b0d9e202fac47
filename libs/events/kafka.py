"""Apache Kafka through aiokafka, which lives in this module alone and is never trusted after an error.

Whoever gets an error or a time-out from a Producer or a Subscription throws it away and makes a new one: one refused
message poisons an idempotent producer's partition, and a call may hang for ever, cancelled or not, so every one has a
time limit after which it is left to itself.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import IllegalStateError, KafkaError, TopicAlreadyExistsError, for_code

from libs.events.schema import LANES
from libs.events.wire import Message, Undecodable, message

START_SECONDS, SEND_SECONDS, STOP_SECONDS = 30.0, 30.0, 10.0
COMMIT_SECONDS = 1.0
MAX_REQUEST_BYTES = 1024 * 1024 - 4096
PARTITIONS = 4

KAFKA_ERRORS = (KafkaError, TimeoutError, OSError)
"""What says that Kafka is out of reach or confused: make everything anew and try again, for ever."""

T = TypeVar("T")

Record = tuple[bytes, bytes | None, list[tuple[str, bytes]]]
"""Key, value (None: a tombstone) and headers of one record."""


def topic(service: str) -> str:
    """The topic of a service's published events."""
    return f"{service}.events"


async def within(seconds: float, call: Coroutine[Any, Any, T]) -> T:
    """What the call answers; TimeoutError after `seconds`, also if it does not end when it is cancelled.

    `asyncio.wait_for` would wait for that end. And a call that aiokafka itself cancels, as some are when a broker goes
    away, raises ConnectionError: its CancelledError would end our task as if somebody had asked for that.
    """
    task = asyncio.ensure_future(call)
    try:
        await asyncio.wait([task], timeout=seconds)
        if not task.done():
            raise TimeoutError(f"no answer from Kafka within {seconds:.0f} s")
        if task.cancelled():
            raise ConnectionError("Kafka's client gave the call up")
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_forget)


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()  # or it would be told as never retrieved


async def ensure_topics(bootstrap: str, services: Iterable[str], partitions: int = PARTITIONS) -> None:
    """Make the services' topics where they are missing: kept for ever, `partitions` a divisor of LANES."""
    if LANES % partitions:
        raise ValueError(f"{partitions} partitions do not divide {LANES} lanes")
    config = {"retention.ms": "-1", "retention.bytes": "-1", "max.message.bytes": str(1024 * 1024)}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await within(START_SECONDS, admin.start())
        known = set(await within(SEND_SECONDS, admin.list_topics()))
        missing = [name for service in services if (name := topic(service)) not in known]
        if missing:
            new = [NewTopic(name, partitions, 1, topic_configs=config) for name in missing]
            response = await within(SEND_SECONDS, admin.create_topics(new))
            _raise_refusal(response)
    finally:
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, admin.close())


COMPACTED = {
    "cleanup.policy": "compact",
    "delete.retention.ms": str(7 * 24 * 3600 * 1000),
    "max.message.bytes": str(1024 * 1024),
}
"""A tombstone stays for a week, for copies whose service was down that long."""


async def ensure_compacted(bootstrap: str, name: str, partitions: int = PARTITIONS) -> bool:
    """Make a compacted topic where it is missing: whether it was."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await within(START_SECONDS, admin.start())
        if name in await within(SEND_SECONDS, admin.list_topics()):
            return False
        new = [NewTopic(name, partitions, 1, topic_configs=COMPACTED)]
        _raise_refusal(await within(SEND_SECONDS, admin.create_topics(new)))
        return True
    finally:
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, admin.close())


def _raise_refusal(response: Any) -> None:
    for _, code, *text in response.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise for_code(code)(*text)


class Producer:
    """Sends records to one topic's partitions, in order, at least once."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self.topic = topic
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            enable_idempotence=True,
            acks="all",
            max_request_size=MAX_REQUEST_BYTES,
            max_batch_size=MAX_REQUEST_BYTES // 2,
            request_timeout_ms=int(SEND_SECONDS * 1000) - 5000,
        )

    async def start(self) -> int:
        """Connect; the topic's number of partitions, which must divide LANES."""
        await within(START_SECONDS, self._producer.start())
        partitions = len(await within(START_SECONDS, self._producer.partitions_for(self.topic)))
        if LANES % partitions:
            raise ValueError(f"{self.topic} has {partitions} partitions, which do not divide {LANES} lanes")
        return partitions

    async def send(self, partition: int, records: Sequence[Record]) -> tuple[int, int]:
        """Send records in order; the first and the last offset that Kafka gave them once all are acknowledged.

        A batch is sent when the one before it is acknowledged: nothing may pass by what Kafka refused.
        """
        first: int | None = None
        batch = self._producer.create_batch()
        for key, value, headers in records:
            if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                offset = await self._deliver(batch, partition)
                first = offset if first is None else first
                batch = self._producer.create_batch()
                batch.append(key=key, value=value, timestamp=None, headers=headers)
        offset = await self._deliver(batch, partition)
        first = offset if first is None else first
        return first, first + len(records) - 1

    async def _deliver(self, batch: Any, partition: int) -> int:
        async def acknowledged() -> int:
            return int((await (await self._producer.send_batch(batch, self.topic, partition=partition))).offset)

        return await within(SEND_SECONDS, acknowledged())

    async def stop(self) -> None:
        """Let go of it, whatever state it is in."""
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, self._producer.stop())


class Subscription:
    """A member of a consumer group that hears the topics of some services."""

    def __init__(self, bootstrap: str, group: str, services: Sequence[str], most: int = 500) -> None:
        self._most = most
        self._consumer = AIOKafkaConsumer(
            *[topic(service) for service in services],
            bootstrap_servers=bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=most,
            fetch_max_bytes=8 * 1024 * 1024,
            session_timeout_ms=15_000,
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=120_000,
            metadata_max_age_ms=15_000,
        )
        self._offsets: dict[TopicPartition, int] = {}
        self._next_commit = 0.0

    async def start(self) -> None:
        """Join the group."""
        await within(START_SECONDS, self._consumer.start())

    async def poll(self, seconds: float) -> tuple[list[Message], list[tuple[str, dict[str, str], bytes]]]:
        """The next messages in the order of their partitions, and beside them, by origin, what has no envelope."""
        call = self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=self._most)
        polled = await within(seconds + START_SECONDS, call)
        messages: list[Message] = []
        strangers: list[tuple[str, dict[str, str], bytes]] = []
        for partition, records in polled.items():
            for record in records:
                origin = f"{record.topic}/{record.partition}/{record.offset}"
                headers = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
                try:
                    messages.append(message(headers, record.value or b"", record.timestamp / 1000, origin))
                except Undecodable:
                    strangers.append((origin, headers, record.value or b""))
            self._offsets[partition] = records[-1].offset + 1
        return messages, strangers

    async def commit(self, at_once: bool = False) -> None:
        """Tell Kafka how far we came, at most once in COMMIT_SECONDS: a hint, so a failure means nothing."""
        if monotonic() < self._next_commit and not at_once:
            return
        self._next_commit = monotonic() + COMMIT_SECONDS
        offsets, self._offsets = self._offsets, {}
        assigned = self._consumer.assignment()
        mine = {partition: offset for partition, offset in offsets.items() if partition in assigned}
        with suppress(*KAFKA_ERRORS, IllegalStateError):
            if mine:
                await within(STOP_SECONDS, self._consumer.commit(mine))

    async def stop(self) -> None:
        """Leave the group."""
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, self._consumer.stop())


class Version(NamedTuple):
    """A record of a compacted topic. `value` None is a tombstone; `after` is where its reader was before this poll."""

    partition: int
    offset: int
    key: str
    value: bytes | None
    after: int


class Snapshot:
    """A reader of all partitions of a compacted topic, in no group: its caller knows how far it is."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self.topic = topic
        self.positions: dict[int, int] = {}
        self._consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metadata_max_age_ms=15_000,
        )

    async def start(self) -> dict[int, int]:
        """Connect: the end of each partition."""
        await within(START_SECONDS, self._consumer.start())
        ends = await within(START_SECONDS, self._consumer.end_offsets(list(self._consumer.assignment())))
        return {partition.partition: end for partition, end in ends.items()}

    def seek(self, positions: Mapping[int, int]) -> None:
        """Read on from these offsets."""
        self.positions = dict(positions)
        for partition, offset in positions.items():
            self._consumer.seek(TopicPartition(self.topic, partition), offset)

    async def poll(self, seconds: float) -> list[Version]:
        """The next records, partition by partition."""
        call = self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=500)
        found = []
        for at, records in (await within(seconds + START_SECONDS, call)).items():
            after = self.positions.get(at.partition, 0)
            for record in records:
                key = (record.key or b"").decode("utf-8", "replace")
                found.append(Version(at.partition, record.offset, key, record.value, after))
            self.positions[at.partition] = records[-1].offset + 1
        return found

    async def stop(self) -> None:
        """Let go of it."""
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, self._consumer.stop())


async def reachable(bootstrap: str) -> bool:
    """Whether a metadata request on a fresh connection answers: what the watchdogs ask before they blame a task."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await within(STOP_SECONDS, admin.start())
        return True
    except KAFKA_ERRORS:
        return False
    finally:
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, admin.close())
