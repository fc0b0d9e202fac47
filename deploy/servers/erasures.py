"""`python -m deploy.servers.erasures`: after a restore, repeat every erasure that was ordered, in every database.

The databases' own ledgers may have forgotten the newest orders, for they were restored together. Intake's topic has
not.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from libs.chassis.running.settings import Common
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.database.connections import Address, connect
from libs.events.database.outage import plainly
from libs.events.errors import described
from libs.events.log.erase import Order, repeat
from libs.events.transport import wire
from libs.events.transport.broker import Kafka
from libs.events.transport.kafka import KAFKA_ERRORS, topic
from libs.services import EVENT_SERVICES

SECRETS = Path("/run/secrets")
DATABASE = "postgresql://{0}_app@postgres:5432/{0}?sslmode=verify-full&sslrootcert=/run/public/ca.pem"
POLL_MS = 1000


async def ordered(kafka: Kafka) -> list[Order]:
    """Whom intake ever told the others to erase, and when, by its topic."""
    return [
        Order(json.loads(message.value)["customer_id"], datetime.fromisoformat(message.headers["ce_recordedtime"]))
        async for message in _told(kafka, topic("intake"))
        if message.type == CustomerErased.type_name
    ]


async def _told(kafka: Kafka, topic: str) -> AsyncIterator[wire.Message]:
    """All that stands in a topic now; what is none of our events is passed by."""
    consumer = AIOKafkaConsumer(topic, **kafka.options(), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    try:
                        yield wire.message(wire.envelope(record.headers), record.value or b"")
                    except wire.Undecodable:
                        continue
    finally:
        await consumer.stop()


async def _erase(kafka: Kafka) -> None:
    orders = await ordered(kafka)
    for service in EVENT_SERVICES:
        pool = await connect(Address(DATABASE.format(service), SECRETS / f"{service}_app"), size=1)
        print(f"{service}: {await repeat(pool, orders=orders)} erasures repeated", flush=True)
        await pool.close()


def main() -> None:
    """Repeat them. Exits with one line where a server is out of reach or refuses us."""
    settings = Common()  # type: ignore[call-arg]  # the environment gives the fields
    try:
        with plainly("erasures"):
            asyncio.run(_erase(settings.kafka))
    except KAFKA_ERRORS as error:
        sys.exit(f"erasures: {described(error)}")


if __name__ == "__main__":
    main()
