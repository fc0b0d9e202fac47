"""Apache Kafka through aiokafka, which lives in this module alone and is never trusted after an error.

Whoever gets an error or a time-out from a Producer or a Subscription throws it away and makes a new one: one refused
message poisons an idempotent producer's partition, and a call may hang for ever, cancelled or not, so every one has a
time limit after which it is left to itself.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic
from traceback import walk_tb
from typing import Any, NamedTuple, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.conn import create_conn
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    IllegalStateError,
    KafkaConnectionError,
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)

from libs.events.database.schema import LANES
from libs.events.transport.broker import Kafka
from libs.events.transport.wire import Message, Stranger, Undecodable, envelope, lane, message

log = structlog.get_logger(__name__)

START_SECONDS, SEND_SECONDS, STOP_SECONDS = 30.0, 30.0, 10.0
ATTEMPT_SECONDS = 5.0
"""One attempt to reach a broker: one that is gone may answer nothing at all, and its partitions are soon another's."""
COMMIT_SECONDS = 1.0
MOST_BETWEEN_POLLS = 120.0
"""A member that does not poll for so many seconds is out of its group."""
MAX_REQUEST_BYTES = 1024 * 1024 - 4096

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


class TopicMissing(ConnectionError):
    """A topic is not there, and we are not to make it: somebody has to, until then it is as if Kafka were away."""


class TopicUnfit(ConnectionError):
    """Lanes do not fit into the topic's partitions: until somebody makes it anew it is as if Kafka were away."""


async def ensure_topics(kafka: Kafka, services: Iterable[str]) -> None:
    """Look for the services' topics, and make those that are missing if `kafka` says so: kept for ever.

    Raises TopicMissing. A topic with fewer copies than wanted is a warning: it works, until a broker is lost.
    """
    if LANES % kafka.partitions:
        raise ValueError(f"{kafka.partitions} partitions do not divide {LANES} lanes")
    async with _admin(kafka) as admin:
        known = set(await within(SEND_SECONDS, admin.list_topics()))
        wanted = [topic(service) for service in services]
        missing = [name for name in wanted if name not in known]
        if missing and not kafka.create_topics:
            raise _missing(kafka, missing, "retention.ms=-1")
        if missing:
            await _create(admin, kafka, missing, KEPT)
        if there := [name for name in wanted if name in known]:
            await _warn_of_few_copies(admin, kafka, there)


KEPT = {"retention.ms": "-1", "retention.bytes": "-1"}
COMPACTED = {
    "cleanup.policy": "compact",
    "delete.retention.ms": str(7 * 24 * 3600 * 1000),
}
"""A tombstone stays for a week, for copies whose service was down that long."""


async def ensure_compacted(kafka: Kafka, name: str) -> None:
    """Make a compacted topic where it is missing, if `kafka` says so. Raises TopicMissing."""
    async with _admin(kafka) as admin:
        if name in await within(SEND_SECONDS, admin.list_topics()):
            return
        if not kafka.create_topics:
            raise _missing(kafka, [name], "cleanup.policy=compact")
        await _create(admin, kafka, [name], COMPACTED)


def _missing(kafka: Kafka, names: Sequence[str], config: str) -> TopicMissing:
    return TopicMissing(
        f"no topic {', '.join(names)}: make it with {kafka.partitions} partitions, {kafka.replication_factor} copies, "
        f"min.insync.replicas={kafka.min_insync}, {config}, or set KAFKA_CREATE_TOPICS=true"
    )


async def _create(admin: AIOKafkaAdminClient, kafka: Kafka, names: Sequence[str], config: Mapping[str, str]) -> None:
    configs = {**config, "max.message.bytes": str(1024 * 1024), "min.insync.replicas": str(kafka.min_insync)}
    new = [NewTopic(name, kafka.partitions, kafka.replication_factor, topic_configs=configs) for name in names]
    response = await within(SEND_SECONDS, admin.create_topics(new))
    for _, code, *text in response.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise for_code(code)(*text)


async def _warn_of_few_copies(admin: AIOKafkaAdminClient, kafka: Kafka, names: Sequence[str]) -> None:
    described = await within(SEND_SECONDS, admin.describe_topics(list(names)))
    insync = await _min_insync(admin, names)
    for each in described:
        copies = min((len(partition["replicas"]) for partition in each["partitions"]), default=0)
        least = insync.get(each["topic"], 0)
        if copies < kafka.replication_factor or least < kafka.min_insync:
            log.warning(
                "topic has fewer copies than wanted", topic=each["topic"], copies=copies, min_insync_replicas=least,
                wanted=kafka.replication_factor, wanted_min_insync=kafka.min_insync,
            )  # fmt: skip


async def _min_insync(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    """min.insync.replicas by topic; what may not be asked, by its rights, is left out."""
    name = "min.insync.replicas"
    asked = [ConfigResource(ConfigResourceType.TOPIC, topic, {name: None}) for topic in names]
    found: dict[str, int] = {}
    for response in await within(SEND_SECONDS, admin.describe_configs(asked)):
        for _, _, _, about, entries in response.resources:
            found.update((about, int(entry[1])) for entry in entries if entry[0] == name)
    return found


@asynccontextmanager
async def _admin(kafka: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**kafka.options())
    try:
        await _start(kafka, admin)
        yield admin
    finally:
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, admin.close())


async def _start(kafka: Kafka, client: Any) -> None:
    """Start a client of ours; where it finds no broker, the error says why: refused, not trusted, not there."""
    try:
        await within(START_SECONDS, client.start())
    except KafkaConnectionError as error:
        raise KafkaConnectionError(await _refusal(kafka) or str(error)) from error


async def _refusal(kafka: Kafka) -> str:
    """What the first broker says to a connection of ours; aiokafka itself tells that to its log only."""
    options = kafka.options()
    host, _, port = options.pop("bootstrap_servers").split(",")[0].strip().rpartition(":")
    try:
        connection = await within(STOP_SECONDS, create_conn(host.strip("[]"), int(port), **options))
        connection.close()
        return ""
    except (*KAFKA_ERRORS, ValueError) as error:
        return f"{host}:{port}: {type(error).__name__}: {error}"


async def end_offsets(kafka: Kafka, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    """Where the next record of each partition will stand, by Kafka's own account."""
    consumer = AIOKafkaConsumer(**kafka.options())
    try:
        await _start(kafka, consumer)
        asked = [TopicPartition(topic, partition) for partition in partitions]
        found = await within(SEND_SECONDS, consumer.end_offsets(asked))
        return {partition.partition: offset for partition, offset in found.items()}
    finally:
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, consumer.stop())


class Producer:
    """Sends records to one topic's partitions, in order, at least once."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self.topic = topic
        self._kafka, self._version = kafka, kafka.version()
        self._producer = AIOKafkaProducer(
            **kafka.options(),
            enable_idempotence=True,
            acks="all",
            compression_type="zstd",
            max_request_size=MAX_REQUEST_BYTES,
            max_batch_size=MAX_REQUEST_BYTES // 2,
            request_timeout_ms=int(ATTEMPT_SECONDS * 1000),
        )

    async def start(self) -> int:
        """Connect; the topic's number of partitions. Raises TopicUnfit if that does not divide LANES."""
        await _start(self._kafka, self._producer)
        partitions = len(await within(START_SECONDS, self._producer.partitions_for(self.topic)))
        if LANES % partitions:
            raise TopicUnfit(
                f"{self.topic} has {partitions} partitions, which do not divide {LANES} lanes: delete it and make it "
                f"with {self._kafka.partitions}; what stood there is sent again"
            )
        return partitions

    @property
    def current(self) -> bool:
        """Whether the files that it was made with, such as the password's, are still the same."""
        return self._version == self._kafka.version()

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

        offset = await within(SEND_SECONDS, acknowledged())
        if offset < 0:
            raise KafkaError("Kafka has the batch and does not say where")
        return offset

    async def stop(self) -> None:
        """Let go of it, whatever state it is in."""
        with suppress(*KAFKA_ERRORS):
            await within(STOP_SECONDS, self._producer.stop())


Polled = tuple[list[Message], list[Stranger]]


class Subscription:
    """A member of a consumer group that hears the topics of some services."""

    def __init__(self, kafka: Kafka, group: str, services: Sequence[str], most: int = 500) -> None:
        self._kafka, self._version = kafka, kafka.version()
        self._most = most
        self._topics = {topic(service): service for service in services}
        self._consumer = AIOKafkaConsumer(
            *self._topics,
            **kafka.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            # Partition i of all topics goes to one member: a lane of all sources is locked at once.
            partition_assignment_strategy=(RangePartitionAssignor,),
            max_poll_records=most,
            fetch_max_bytes=8 * 1024 * 1024,
            session_timeout_ms=10_000,  # with a heartbeat more: lanes of one that died are taken over within 15 s
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=int(MOST_BETWEEN_POLLS * 1000),
            metadata_max_age_ms=15_000,
        )
        self._next: dict[TopicPartition, int] = {}
        self._offsets: dict[TopicPartition, int] = {}
        self._next_commit = 0.0

    async def start(self) -> None:
        """Join the group."""
        await _start(self._kafka, self._consumer)

    @property
    def current(self) -> bool:
        """Whether the files that it was made with, such as the password's, are still the same."""
        return self._version == self._kafka.version()

    async def poll(self, seconds: float) -> Polled:
        """The next messages in the order of their partitions, and beside them what is none of ours."""
        try:
            return self._sort(await self._get(seconds, self._most))
        except Exception as error:
            if (bad := _unreadable(error)) is None:
                raise
            return await self._pass_by(*bad, f"{type(error).__name__} in its bytes")

    async def _get(self, seconds: float, most: int, *partitions: TopicPartition) -> Mapping[TopicPartition, Any]:
        call = self._consumer.getmany(*partitions, timeout_ms=int(seconds * 1000), max_records=most)
        found: Mapping[TopicPartition, Any] = await within(seconds + START_SECONDS, call)
        return found

    async def _pass_by(self, bad: TopicPartition, offset: int, why: str) -> Polled:
        """Read up to a record that the client cannot read, and go on behind it. What it held in hand is read again."""
        for partition in self._consumer.assignment():
            await self._back(partition)
        messages: list[Message] = []
        strangers = [Stranger(f"{bad.topic}/{bad.partition}/{offset}", why=why)]
        while self._next.get(bad, offset) < offset:
            more, foreign = self._sort(await self._get(1, 1, bad))
            messages, strangers = messages + more, strangers + foreign
        self._consumer.seek(bad, offset + 1)
        self._next[bad] = self._offsets[bad] = offset + 1
        return messages, strangers

    async def _back(self, partition: TopicPartition) -> None:
        """To the first record that was not given to anybody."""
        if partition not in self._next:
            self._next[partition] = await within(START_SECONDS, self._consumer.committed(partition)) or 0
        self._consumer.seek(partition, self._next[partition])

    def _sort(self, polled: Mapping[TopicPartition, Any]) -> Polled:
        messages: list[Message] = []
        strangers: list[Stranger] = []
        for partition, records in polled.items():
            for record in records:
                value, origin = record.value or b"", f"{record.topic}/{record.partition}/{record.offset}"
                try:
                    found = message(envelope(record.headers), value, record.timestamp / 1000, origin)
                    self._check_place(found, partition)
                    messages.append(found)
                except Undecodable as error:
                    strangers.append(Stranger(origin, record.headers, value, str(error)))
            self._next[partition] = self._offsets[partition] = records[-1].offset + 1
        return messages, strangers

    def _check_place(self, found: Message, partition: TopicPartition) -> None:
        """Whoever may write to one topic must not speak in another's name, nor a key on another key's lane."""
        if self._topics.get(partition.topic) != found.source:
            raise Undecodable("its source is not the topic's")
        if lane(found.key) != found.lane:
            raise Undecodable("its lane is not its key's")
        partitions = self._consumer.partitions_for_topic(partition.topic)
        if partitions and found.lane % len(partitions) != partition.partition:
            raise Undecodable("its partition is not its lane's")

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


def _unreadable(error: Exception) -> tuple[TopicPartition, int] | None:
    """The record whose bytes the client could not read, if that is what the error is about.

    A header's name that is no UTF-8, or a codec that is not here: the client says neither where nor offers to go on.
    """
    for frame, _ in walk_tb(error.__traceback__):
        if frame.f_code.co_name == "_unpack_records":
            reading = frame.f_locals["self"]
            return reading._tp, reading.next_fetch_offset
    return None


class Version(NamedTuple):
    """A record of a compacted topic. `value` None is a tombstone; `after` is where its reader was before this poll."""

    partition: int
    offset: int
    key: str
    value: bytes | None
    after: int


class Snapshot:
    """A reader of all partitions of a compacted topic, in no group: its caller knows how far it is."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self.topic = topic
        self._kafka, self._version = kafka, kafka.version()
        self.positions: dict[int, int] = {}
        self._consumer = AIOKafkaConsumer(
            topic,
            **kafka.options(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metadata_max_age_ms=15_000,
        )

    async def start(self) -> dict[int, int]:
        """Connect: the end of each partition."""
        await _start(self._kafka, self._consumer)
        ends = await within(START_SECONDS, self._consumer.end_offsets(list(self._consumer.assignment())))
        return {partition.partition: end for partition, end in ends.items()}

    def seek(self, positions: Mapping[int, int]) -> None:
        """Read on from these offsets."""
        self.positions = dict(positions)
        for partition, offset in positions.items():
            self._consumer.seek(TopicPartition(self.topic, partition), offset)

    @property
    def current(self) -> bool:
        """Whether the files that it was made with, such as the password's, are still the same."""
        return self._version == self._kafka.version()

    async def poll(self, seconds: float) -> list[Version]:
        """The next records, partition by partition; what the client cannot read is passed by."""
        try:
            return await self._get(seconds, 500)
        except Exception as error:
            if (unreadable := _unreadable(error)) is None:
                raise
            bad, offset = unreadable
        log.warning("an unreadable record is passed by", topic=self.topic, partition=bad.partition, offset=offset)
        self.seek(self.positions)
        found: list[Version] = []
        while self.positions.get(bad.partition, 0) < offset:
            found += await self._get(1, 1, bad)
        self.seek({**self.positions, bad.partition: offset + 1})
        return found

    async def _get(self, seconds: float, most: int, *partitions: TopicPartition) -> list[Version]:
        call = self._consumer.getmany(*partitions, timeout_ms=int(seconds * 1000), max_records=most)
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


async def reachable(kafka: Kafka) -> bool:
    """Whether a metadata request on a fresh connection answers: what the watchdogs ask before they blame a task."""
    try:
        async with _admin(kafka):
            return True
    except KAFKA_ERRORS:
        return False
