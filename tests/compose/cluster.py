"""The profile `cluster`: a broker of three goes, and the second PostgreSQL dies, and nobody has to wait for either."""

import asyncio

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from deploy.restore import REPLICA
from deploy.setup.profiles import BROKERS
from libs.services import EVENT_SERVICES
from tests.compose.containers import Container, docker, until, write_hosts
from tests.compose.installation import Installation
from tests.faults.verdict import Check

LOST = BROKERS[1]
AWAY_SECONDS, MOVED_SECONDS = 40.0, 20.0
"""How long the broker is away, and after how long another one must have taken its partitions."""
SENT = "SELECT sum(seq) FROM cursor"
STATE = "SELECT count(*), md5(string_agg(id::text, '' ORDER BY position)) FROM event"


class Cluster:
    """What may befall a cluster, and what it must be afterwards."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._silent: list[str] = []

    async def broker_away(self) -> None:
        """One broker of three is gone for a while; events are sent on meanwhile."""
        broker = Container(LOST)
        docker("kill", broker.id)
        await asyncio.sleep(MOVED_SECONDS)
        before = await self._sent()
        await asyncio.sleep(AWAY_SECONDS - MOVED_SECONDS)
        after = await self._sent()
        self._silent = [name for name in EVENT_SERVICES if after[name] == before[name]]
        docker("start", broker.id)
        await until(lambda: broker.healthy, f"{LOST} to be well")

    async def replica_killed(self) -> None:
        """The second PostgreSQL dies, and comes back."""
        await Container(REPLICA).kill()

    def sending(self) -> Check:
        """Whether events were sent while the broker was away."""
        wrong = [f"{name} sent nothing in {AWAY_SECONDS - MOVED_SECONDS:.0f} s" for name in self._silent]
        return Check("services that sent while a broker was away", len(EVENT_SERVICES), wrong)

    async def copies(self) -> list[Check]:
        """What has to be true of all copies when all has arrived."""
        replica = Container(REPLICA)
        await until(lambda: replica.healthy, f"{REPLICA} to be well")
        await asyncio.to_thread(write_hosts)
        return [await self._all_in_sync(), await self._replica_is_equal()]

    async def _sent(self) -> dict[str, int]:
        async def of(name: str) -> int:
            async with self._installation.administrator(name) as administrator:
                return int(await administrator.fetchval(SENT))

        return {name: await of(name) for name in EVENT_SERVICES}

    async def _all_in_sync(self) -> Check:
        """Each partition has three copies that have all."""
        admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", **self._installation.kafka)
        await admin.start()
        try:
            described = await admin.describe_topics()
        finally:
            await admin.close()
        partitions = {(topic["topic"], one["partition"]): one for topic in described for one in topic["partitions"]}
        wrong = [f"{key} has {one['isr']}" for key, one in partitions.items() if len(one["isr"]) != len(BROKERS)]
        return Check("partitions with three copies in sync", len(partitions), wrong)

    async def _replica_is_equal(self) -> Check:
        """The second PostgreSQL has what the first has."""
        async with self._installation.administrator() as administrator:
            end = await administrator.fetchval("SELECT pg_current_wal_lsn()::text")
        replica = await asyncpg.connect(self._installation.database("admin", "postgres", REPLICA))
        try:
            async with asyncio.timeout(60):
                while await replica.fetchval(f"SELECT pg_last_wal_replay_lsn() < '{end}'"):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)  # what is there has no event of its own for this
        finally:
            await replica.close()
        wrong = [name for name in EVENT_SERVICES if await self._state(name) != await self._state(name, REPLICA)]
        return Check("logs that the second PostgreSQL has whole", len(EVENT_SERVICES), wrong)

    async def _state(self, name: str, host: str = "postgres") -> tuple[int, str]:
        connection = await asyncpg.connect(self._installation.database("admin", name, host))
        try:
            found = await connection.fetchrow(STATE)
            assert found
            return found["count"], found["md5"]
        finally:
            await connection.close()
