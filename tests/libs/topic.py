"""A topic seen from outside: a plain Kafka client that knows nothing of the kernel."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def read_topic(bootstrap: str, topic: str) -> list[Any]:
    """All records of a topic as they stand, partition by partition."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = list(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        wanted = sum(ends[partition] - begins[partition] for partition in partitions)
        found: list[Any] = []
        async with asyncio.timeout(30):
            while len(found) < wanted:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found.extend(records)
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


async def delete_topic(bootstrap: str, topic: str) -> None:
    """Delete it, and wait until nobody sees it any more."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        async with asyncio.timeout(30):
            while topic in await admin.list_topics():  # noqa: ASYNC110  # Kafka has no event to await
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
    bootstrap: str, topic: str, partition: int, value: bytes | None, headers: list[tuple[str, Any]]
) -> None:
    """One record of anybody's."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, partition=partition, headers=headers)
    finally:
        await producer.stop()
