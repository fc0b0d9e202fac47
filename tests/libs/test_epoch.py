"""Epochs: a source that lost commits is noticed, by itself or by those who hear it, and nothing is taken for what it
is not."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import asyncpg
import pytest

from deploy.devstack.databases import Database, copy_database, drop_database, make_databases
from deploy.devstack.folder import RunFolder
from deploy.devstack.postgres import PostgresServer
from libs.events.database.connections import Pool, connect, transact
from libs.events.database.migrate import migrate
from libs.events.inbox.consumer import Consumer
from libs.events.inbox.stop import Stop
from libs.events.log.store import Store
from libs.events.transport import feed, tail
from libs.events.transport.broker import Kafka
from libs.events.transport.epoch import begin_epoch
from libs.events.transport.relay import Relay
from tests.libs import parcel
from tests.libs.conftest import Desk, Post, make_tables
from tests.servers import Servers

LANE = crc32(b"parcel-a") % 16


def hearing(desk: Desk, post: Post) -> Consumer:
    return Consumer(desk.inbox, Kafka("nowhere:1"), post)


async def hear(desk: Desk, post: Post) -> None:
    """All that the source has, from its feed: two looks, as Kafka brings nothing."""
    await post.seal()
    consumer = hearing(desk, post)
    for _ in range(2):
        await consumer.catch_up()


class Source:
    """A post office in a cluster of its own, which can be set back to an earlier state."""

    def __init__(self, path: Path) -> None:
        self.folder = RunFolder(path / "run")
        self.server = PostgresServer(self.folder, durable=False)
        self.kept = path / "kept"

    async def begin(self) -> Post:
        self.server.start()
        database = (await make_databases(self.server.url, ["post"], self.folder.secret))["post"]
        await make_tables(database)
        await migrate(None, database.owner_url, "post_app")
        self.database = database
        return await self.post()

    async def post(self) -> Post:
        types = parcel.parcel.events | parcel.alarm.events
        return Post(self.database, Store(await connect(self.database.url, 3), "post", types, [parcel.parcel_list]))

    async def keep(self, post: Post) -> Post:
        """Copy the whole cluster, cold."""
        post.store.pool.terminate()
        self.server.end()
        self._copy()
        self.server.start()
        return await self.post()

    async def restore(self, post: Post, recover: bool) -> Post:
        """Put the copy in place; with `recover` as archive recovery does, which ends in a timeline of its own."""
        post.store.pool.terminate()
        self.server.end()
        self._put_back(recover)
        self.server.start()
        return await self.post()

    def _copy(self) -> None:
        subprocess.run(["cp", "-a", self.server.data, self.kept], check=True)

    def _put_back(self, recover: bool) -> None:
        subprocess.run(["rm", "-r", self.server.data], check=True)
        subprocess.run(["cp", "-a", self.kept, self.server.data], check=True)
        if recover:
            with (self.server.data / "postgresql.auto.conf").open("a") as settings:
                settings.write("restore_command = 'false'\n")
            subprocess.run(["cp", "-a", self.server.data / "PG_VERSION", self._signal], check=True)

    @property
    def _signal(self) -> Path:
        return self.server.data / "recovery.signal"


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Source]:
    source = Source(tmp_path)
    try:
        yield source
    finally:
        source.server.end()


async def until_writable(post: Post) -> None:
    while await post.store.pool.fetchval("SELECT pg_is_in_recovery()"):
        pass


async def test_a_source_restored_to_another_timeline_begins_an_epoch_by_itself(source: Source, desk: Desk) -> None:
    post = await source.begin()
    await post.move("a", times=3)
    await post.seal()
    post = await source.keep(post)
    await post.move("a", times=3)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, None)
    post = await source.restore(post, recover=True)
    await until_writable(post)
    assert (await feed.heads(post.store.pool))[LANE] == feed.Head(1, 3, 2)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, None)
    assert await post.store.pool.fetchval("SELECT epoch FROM seal") == 2
    await post.move("a", times=2)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (2, 5, None)
    assert await desk.book("a") == [1, 2, 3, 4, 5, 6, 4, 5]
    post.store.pool.terminate()


async def test_a_source_set_back_in_its_own_timeline_stops_the_lane_of_who_heard_more(
    source: Source, desk: Desk
) -> None:
    post = await source.begin()
    await post.move("a", times=3)
    await post.seal()
    post = await source.keep(post)
    await post.move("a", times=3)
    await hear(desk, post)
    post = await source.restore(post, recover=False)
    await post.move("a", times=2)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, "lost_commits")
    assert await desk.pool.fetchval("SELECT max(resume_after) FROM position") == 5
    assert await desk.book("a") == [1, 2, 3, 4, 5, 6]
    post.store.pool.terminate()


async def test_a_source_whose_epoch_went_back_stops_the_lane_and_goes_on_when_it_is_raised(
    desk: Desk, post: Post
) -> None:
    """Its events would all be taken for old ones: of an epoch that is over."""
    await post.move("a", times=3)
    await hear(desk, post)
    for _ in range(2):
        await begin_epoch(post.store.pool)
        await post.move("a")
        await hear(desk, post)
    assert await desk.at(("post", LANE)) == (3, 5, None)
    owner = await asyncpg.connect(post.database.owner_url)
    for table in ("epoch", "published"):
        await owner.execute(f"DELETE FROM {table} WHERE epoch > 1")
    await owner.execute("UPDATE seal SET epoch = 1")
    await owner.close()
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (3, 5, "lost_commits")
    for _ in range(3):
        await begin_epoch(post.store.pool)
    await desk.resume(("post", LANE), after=3)
    await post.move("a")
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (4, 4, None)


async def test_an_operator_lets_a_lane_go_on_after_the_last_event_that_both_have(source: Source, desk: Desk) -> None:
    """Without a number it would go on after 5, the source's last when the loss was noticed, and miss two."""
    post = await source.begin()
    await post.move("a", times=3)
    await post.seal()
    post = await source.keep(post)
    await post.move("a", times=3)
    await hear(desk, post)
    post = await source.restore(post, recover=False)
    assert await post.store.pool.fetchval("SELECT max(seq) FROM published") == 3
    await post.move("a", times=2)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, "lost_commits")
    await desk.resume(("post", LANE), after=3)
    await post.move("a")
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, None)
    assert await desk.book("a") == [1, 2, 3, 4, 5, 6, 4, 5, 6]
    post.store.pool.terminate()


@pytest.mark.parametrize("after", [0, 1, 3, 4])
async def test_a_lane_that_is_set_back_to_before_its_epoch_hears_the_older_ones_again(
    desk: Desk, post: Post, after: int
) -> None:
    await post.move("a", times=3)
    await hear(desk, post)
    for _ in range(2):
        await begin_epoch(post.store.pool)
        await post.move("a")
        await hear(desk, post)
    assert await desk.at(("post", LANE)) == (3, 5, None)
    await desk.inbox.stop(("post", LANE), Stop("lost_commits", "a restore"))
    await desk.resume(("post", LANE), after=after)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (3, 5, None)
    assert await desk.book("a") == [1, 2, 3, 4, 5]


async def test_a_source_that_went_on_after_it_was_set_back_is_found_out_by_the_last_event_known(
    source: Source, desk: Desk
) -> None:
    """It has as many events again, others, when somebody looks: what Kafka does not bring is asked with an overlap."""
    post = await source.begin()
    await post.move("a", times=3)
    await post.seal()
    post = await source.keep(post)
    await post.move("a", times=3)
    await hear(desk, post)
    post = await source.restore(post, recover=False)
    await post.move("a", times=6)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (1, 6, "diverged")
    assert await desk.book("a") == [1, 2, 3, 4, 5, 6]
    post.store.pool.terminate()


@pytest.mark.parametrize("change", ["system_identifier = 1", "timeline = timeline + 1"])
async def test_a_failover_that_lost_nothing_raises_the_epoch_and_harms_nobody(
    desk: Desk, post: Post, change: str
) -> None:
    await post.move("a", times=3)
    await hear(desk, post)
    await post.store.pool.execute(f"UPDATE seal SET {change}")
    await post.move("a", times=2)
    await hear(desk, post)
    await hear(desk, post)
    assert await desk.at(("post", LANE)) == (2, 5, None)
    assert await desk.book("a") == [1, 2, 3, 4, 5]


async def test_the_app_role_may_ask_where_it_is(post: Post) -> None:
    assert await post.store.pool.fetchval("SELECT timeline() > 0")
    await post.seal()
    assert await post.store.pool.fetchval("SELECT epoch FROM seal") == 1


@pytest.fixture
async def owner(post: Post) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(post.database.owner_url)
    yield connection
    await connection.close()


async def test_after_many_epochs_the_feed_and_the_tail_read_from_the_first_seq_of_one(
    post: Post, owner: asyncpg.Connection
) -> None:
    """Not every event that lies before, whether the tables' statistics are old or new."""
    for _ in range(3):
        await post.move("a", times=2)
        await post.seal()
        await begin_epoch(post.store.pool)
    rows = await post.store.pool.fetch("SELECT epoch, first_seq FROM epoch WHERE lane = $1 ORDER BY 1", LANE)
    assert [tuple(row) for row in rows] == [(1, 1), (2, 3), (3, 5)]
    for asked, seqs in ((0, [1, 2, 3, 4, 5, 6]), (2, [3, 4, 5, 6]), (3, [5, 6]), (4, [])):
        found = await post.events("post", LANE, 0, asked)
        assert [message.seq for message in found] == seqs
    pool = post.store.pool
    async with transact(pool) as connection:
        await connection.execute(OLDER, LANE)
        await owner.execute("ANALYZE event")  # as PostgreSQL itself may, just then
    assert await buffers(pool) < 1000
    await owner.execute("ANALYZE event, published, epoch")
    assert await buffers(pool) < 100
    place = tail.StreamPosition(1, tuple([6] * 16))
    assert (await tail.resume(post.store.pool, place)).seqs[LANE] == 2


OLDER = """
WITH old AS (
    INSERT INTO event OVERRIDING SYSTEM VALUE
    SELECT (jsonb_populate_record(e, jsonb_build_object('position', -n, 'id', gen_random_uuid(), 'version', n + 9))).*
    FROM generate_series(1, 20000) AS n, (SELECT event FROM event LIMIT 1) AS one (e)
    RETURNING position
)
INSERT INTO published (lane, seq, position, epoch) SELECT $1, position, position, 1 FROM old
"""
"""20,000 events that were published before all others."""


async def buffers(pool: Pool) -> int:
    """How much of the tables the feed reads for the newest epoch."""
    (plan,) = await pool.fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {feed.FEED}", LANE, -(10**6), 3, 500)
    return sum(map(int, re.findall(r'"Shared Hit Blocks": (\d+)', plan[0])[:1]))


FILL = "INSERT INTO outbox (position, lane) SELECT n, 0 FROM generate_series($1::bigint, $2::bigint) AS n"
FOR_LONG = "SET LOCAL idle_in_transaction_session_timeout = 0"
"""Who holds something while thousands of rows are written is not ended by the server for it."""
READ = "SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()"
ENTRIES = "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE relname = 'outbox'"


async def test_an_empty_look_reads_no_dead_rows_that_somebodys_snapshot_keeps(post: Post) -> None:
    pool = post.store.pool
    async with transact(pool, "repeatable_read") as snapshot:
        await snapshot.execute(FOR_LONG)
        await snapshot.fetchval("SELECT count(*) FROM event")
        for first in range(1, 30_001, 1000):
            await pool.execute(FILL, first, first + 999)
            await post.seal()
        async with pool.acquire() as connection:
            read = []
            for _ in range(2):
                assert await connection.fetchval("SELECT seal_outbox(2000)") == 0
                await connection.execute(READ)
                read.append(await connection.fetchval(ENTRIES))
    assert read[1] - read[0] < 8000
    assert await pool.fetchval("SELECT count(*) FROM published") == 30_000


async def test_a_relay_that_begins_to_lead_goes_on_from_the_floor_and_a_new_epoch_begins_at_0(post: Post) -> None:
    """A look from 0 would read every dead row that an old snapshot keeps, until its time is over, for ever."""
    pool = post.store.pool
    for first in range(1, 12_001, 1000):
        await pool.execute(FILL, first, first + 999)
        await post.seal()
    floor = await pool.fetchval("SELECT floor FROM seal")
    assert floor >= 5000
    relay = Relay(pool, post.database.url, "post", Kafka("127.0.0.1:1"))
    running = asyncio.create_task(relay.run())
    async with asyncio.timeout(20):
        while not relay.leads:  # noqa: ASYNC110  # another connection's lock
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])
    assert await pool.fetchval("SELECT floor FROM seal") == floor
    await begin_epoch(pool)
    assert await pool.fetchval("SELECT floor FROM seal") == 0


async def test_who_commits_late_is_sealed_whatever_was_sealed_meanwhile(post: Post) -> None:
    """The floor rises only over positions whose writers have all ended."""
    pool = post.store.pool
    async with transact(pool) as late:
        await late.execute(FOR_LONG)
        await late.execute(FILL, 1, 1)
        for first in range(2, 20_000, 1000):
            await pool.execute(FILL, first, first + 999)
            await post.seal()
        assert await pool.fetchval("SELECT floor FROM seal") == 0
    assert await pool.fetchval("SELECT seal_outbox(2000)") == 1
    await pool.execute(FILL, 100_000, 100_001)
    await post.seal()
    assert await pool.fetchval("SELECT floor FROM seal") > 5000
    assert await pool.fetchval("SELECT count(*) FROM published WHERE position = 1") == 1


@pytest.fixture
async def copies(stack: Servers, template: Database) -> AsyncIterator[list[asyncpg.Connection]]:
    """Connections to two copies of one database."""
    made = [await copy_database(stack.database_url, template, f"kernel_{uuid4().hex[:12]}") for _ in "ab"]
    yield [await asyncpg.connect(database.url) for database in made]
    for database in made:
        await drop_database(stack.database_url, database.name)


async def test_who_writes_to_a_copy_of_the_database_keeps_no_floor_down(copies: list[asyncpg.Connection]) -> None:
    """Tables have the same number there, and PostgreSQL shows the locks of all databases."""
    here, elsewhere = copies
    ours, theirs = [await database.fetchval("SELECT 'outbox'::regclass::oid") for database in copies]
    assert ours == theirs
    async with elsewhere.transaction():
        await elsewhere.execute(FILL, 1, 1)
        for first in range(1, 12_001, 1000):
            await here.execute(FILL, first, first + 999)
            await here.fetchval("SELECT seal_outbox(2000)")
        assert await here.fetchval("SELECT floor FROM seal") >= 5000
