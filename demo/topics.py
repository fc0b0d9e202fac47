"""What stands on the event topics, read with a plain Kafka consumer that knows nothing of the project's own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from demo.barrier import until

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One record of an event topic, as its headers say."""

    source: str
    lane: int
    seq: int
    id: str
    type: str
    key: str


async def read(bootstrap: str, services: Sequence[str]) -> list[Sent]:
    """Every record of these services' event topics, in the order of each partition."""
    names = [f"{service}.events" for service in services]
    consumer = AIOKafkaConsumer(
        *names, bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        return await asyncio.wait_for(_read_all(consumer), PATIENCE_SECONDS)
    finally:
        await consumer.stop()


async def _read_all(consumer: AIOKafkaConsumer) -> list[Sent]:
    async def unassigned() -> str | None:
        return None if consumer.assignment() else "no partition is assigned"

    await until(unassigned, "Kafka to hand out the topics' partitions")
    ends = await consumer.end_offsets(list(consumer.assignment()))
    return await _read_to(consumer, {partition: end for partition, end in ends.items() if end})


async def _read_to(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> list[Sent]:
    found: list[Sent] = []
    while any([await consumer.position(tp) < end for tp, end in ends.items()]):
        batches = await consumer.getmany(timeout_ms=500, max_records=5000)
        found.extend(_sent(record.headers) for batch in batches.values() for record in batch)
    return found


def _sent(headers: Sequence[tuple[str, bytes]]) -> Sent:
    told = {name: value.decode() for name, value in headers}
    return Sent(
        source=told["ce_source"].split("/")[2],
        lane=int(told["ce_lane"]),
        seq=int(told["ce_sequence"]),
        id=told["ce_id"],
        type=told["ce_type"],
        key=told["ce_partitionkey"],
    )
