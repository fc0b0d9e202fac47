"""A topic seen from outside: a plain Kafka client that knows nothing of the kernel."""

import asyncio
from time import time
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as PurePythonBuilder


async def read_topic(bootstrap: str, *topics: str) -> list[Any]:
    """All records of the topics as they stand, partition by partition."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        found: list[Any] = []
        async with asyncio.timeout(60):
            while [partition for partition, end in ends.items() if await consumer.position(partition) < end]:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found.extend(records)
        return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))
    finally:
        await consumer.stop()


async def delete_topic(bootstrap: str, topic: str, is_awaited: bool = False) -> None:
    """Delete it, and wait until nobody sees it any more, unless somebody `is_awaited` to make it anew at once."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        async with asyncio.timeout(30):
            while not is_awaited and topic in await admin.list_topics():  # noqa: ASYNC110  # Kafka has no event
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def make_topic(bootstrap: str, topic: str, partitions: int, **configs: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=configs)])
    finally:
        await admin.close()


async def produce(
    bootstrap: str, topic: str, partition: int, value: bytes | None, headers: list[tuple[str, Any]], key: bytes = b"key"
) -> None:
    """One record of anybody's."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key, partition=partition, headers=headers)
    finally:
        await producer.stop()


async def produce_unreadable(bootstrap: str, topic: str, partition: int) -> None:
    """Two plain records and one between them whose header has a name that is no UTF-8, in one batch."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = PurePythonBuilder(2, 0, 0, -1, -1, 0, 16384)  # the compiled one takes nothing but text
        now = int(time() * 1000)
        for name in ("x", NoText("x"), "x"):
            batch.append(timestamp=now, key=b"key", value=b"{}", headers=[(name, b"y")])
        await (await producer.send_batch(batch, topic, partition=partition))
    finally:
        await producer.stop()


class NoText(str):
    """A name as other clients may send it."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


async def delete_offsets(bootstrap: str, group: str, topic: str) -> None:
    """Forget how far a group came, as Kafka does by itself after a while: all its offsets back to the beginning."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        await consumer.topics()
        partitions = [TopicPartition(topic, number) for number in range(16)]
        consumer.assign(partitions)
        await consumer.commit(dict.fromkeys(partitions, 0))
    finally:
        await consumer.stop()


async def members(bootstrap: str, group: str) -> set[str]:
    """The members of a group by the ids that Kafka gave them: one that joined again has another."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_consumer_groups([group])
        return {member[0] for found in answer.groups for member in found[5]}
    finally:
        await admin.close()


async def delete_records(bootstrap: str, topic: str, before: int) -> None:
    """Lose what stands before this offset, as by a retention that somebody set."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        ends = {record.partition: 0 for record in await read_topic(bootstrap, topic)}
        await admin.delete_records({TopicPartition(topic, n): RecordsToDelete(before_offset=before) for n in ends})
    finally:
        await admin.close()
