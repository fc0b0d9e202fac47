"""Print every event of a topic from the first on, and go on: `python docs/examples/follow.py dispatch.events`."""

import asyncio
import os
import sys

from aiokafka import AIOKafkaConsumer


async def follow(topic: str, kafka: str) -> None:
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        async for record in consumer:
            headers = {name: value.decode() for name, value in record.headers}
            print(headers["ce_time"], headers["ce_type"], record.key.decode(), record.value.decode(), flush=True)


asyncio.run(follow(sys.argv[1], os.environ["KAFKA_BOOTSTRAP_SERVERS"]))
