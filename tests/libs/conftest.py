"""Databases with the kernel's tables and the parcels', and a post office and a desk that work in them."""

import fcntl
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.devstack.databases import Database, copy_database, drop_database, make_databases, with_database
from libs.events import Catalogue
from libs.events.background.operations import EVENTS, Operations
from libs.events.database import migrate, schema
from libs.events.database.connections import Pool, connect
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import Lane
from libs.events.log.intent import Answer, Intent
from libs.events.log.store import Store
from libs.events.log.unit import Decided
from libs.events.message import AnyRecorded
from libs.events.transport import feed
from libs.events.transport.wire import Message
from tests.databases import ENDED, connected
from tests.libs import parcel
from tests.libs.weighing import weighing_view
from tests.servers import Servers

NewKernel = Callable[[], Awaitable[Database]]


async def rewrite(database: Database, change: str, stream: str) -> None:
    """A stream's events become what no release of ours has written: only the owner can."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(f"UPDATE event SET {change} WHERE stream = $1", stream)
    await owner.close()


@dataclass
class Post:
    """A post office: the source of what is heard. It is its own feed, straight from its database."""

    database: Database
    store: Store
    asked: list[tuple[int, int, int]] = field(default_factory=list)

    async def move(self, id: str, times: int = 1, note: str = "") -> list[AnyRecorded]:
        """Move a parcel; the events of it."""
        outcome = await self.store.run(parcel.parcel.on(id, parcel.Move(times, note)), Intent())
        return outcome.first.events

    async def seal(self) -> None:
        """What the relay does first: lanes and seqs for all that waits."""
        while await self.store.pool.fetchval("SELECT seal_outbox(2000)"):
            pass

    async def said(self, *ids: str) -> list[Message]:
        """All that was published (about these parcels), lane by lane, as messages."""
        await self.seal()
        streams = {parcel.parcel.stream(id) for id in ids}
        found = [message for lane in range(16) for message in await self.events("post", lane, 0, 1)]
        return [message for message in found if not ids or message.key in streams]

    async def heads(self, service: str) -> dict[int, feed.Head]:
        return await feed.heads(self.store.pool)

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        self.asked.append((lane, after, epoch))
        return [feed.message(entry) for entry in await feed.entries(self.store.pool, service, lane, after, epoch=epoch)]


@dataclass
class Desk:
    """A desk that hears of parcels. `book(id)` is what it entered, `tally()` what it counted."""

    database: Database
    inbox: Inbox

    async def retry(self, parked_id: int) -> int:
        """An operator retries what is parked: how much took effect."""
        (done,) = (await self._operations.retry(parked_id, "why", Intent(), _kept)).decided
        return int(done.events[0].event.retried)

    async def discard(self, parked_id: int) -> None:
        """An operator gives something parked up."""
        await self._operations.discard(parked_id, "why", Intent(), _kept)

    async def resume(self, lane: Lane, after: int | None = None) -> None:
        """An operator lets a lane go on."""
        await self._operations.resume(lane, after, "why", Intent(), _kept)

    @property
    def _operations(self) -> Operations:
        return Operations(self.inbox.store, self.inbox)

    async def why(self) -> list[str]:
        """Why the lanes that are stopped are."""
        rows = await self.pool.fetch("SELECT stopped_because FROM position WHERE stopped IS NOT NULL")
        return [row["stopped_because"] for row in rows]

    @property
    def pool(self) -> Pool:
        return self.inbox.store.pool

    async def book(self, id: str) -> list[int]:
        history = await self.inbox.store.read(parcel.book.stream(parcel.parcel.stream(id)))
        return [recorded.event.step for recorded in history]

    async def tally(self, id: str) -> int:
        query = "SELECT coalesce(sum(moves), 0) FROM tally WHERE id = $1"
        return int(await self.pool.fetchval(query, parcel.parcel.stream(id)))

    async def at(self, lane: Lane) -> tuple[int, int, str | None]:
        """Epoch, seq and the kind of its stop."""
        at = (await self.inbox.positions())[lane]
        return at.epoch, at.seq, at.stopped


def _kept(done: Decided) -> Answer:
    return Answer(status=200, body="{}")


@pytest.fixture(scope="session")
async def template(stack: Servers) -> Database:
    """The kernel's schema and the tests' own tables; never connected to, only copied."""
    migrations = sorted((migrate.MIGRATIONS / "versions").glob("*.py"))
    name = "kernel_" + hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()[:8]
    with (stack.folder.path / f"migrating-{name}").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = (await make_databases(stack.database_url, [name], stack.folder.secret))[name]
        done = stack.folder.path / f"migrated-{name}"
        if not done.exists():
            await make_tables(made)
            await migrate.migrate(None, made.owner_url, f"{name}_app")
            done.touch()
    return made


async def make_tables(database: Database) -> None:
    """The tables of parcels and weighings."""
    engine = create_async_engine(
        make_url(database.owner_url).set(drivername="postgresql+asyncpg"), poolclass=sa.NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(weighing_view.table.metadata.create_all)
    await engine.dispose()


@pytest.fixture(scope="session")
async def used_kernels(stack: Servers) -> AsyncIterator[list[Database]]:
    """Databases that tests are done with: emptying one takes a tenth of the time of making one."""
    used: list[Database] = []
    yield used
    for database in used:
        await drop_database(stack.database_url, database.name)


@pytest.fixture
async def new_kernel(stack: Servers, template: Database, used_kernels: list[Database]) -> AsyncIterator[NewKernel]:
    """Gives an empty database with the kernel's tables and the parcels'."""
    made: list[Database] = []

    async def make() -> Database:
        made.append(await _emptied(stack, used_kernels) or await _copied(stack, template))
        return made[-1]

    yield make
    used_kernels.extend(made)


async def _copied(stack: Servers, template: Database) -> Database:
    return await copy_database(stack.database_url, template, f"kernel_{uuid4().hex[:12]}")


async def _emptied(stack: Servers, used: list[Database]) -> Database | None:
    """One that nobody is in any more: a session whose client let go of it may be at work for a moment yet."""
    while used:
        database = used.pop()
        async with connected(with_database(stack.database_url, database.name)) as connection:
            if await connection.fetchval(ENDED):
                await _empty(connection)
                return database
        await drop_database(stack.database_url, database.name)
    return None


async def _empty(connection: asyncpg.Connection) -> None:
    kept = ("seal", "cursor")
    tables = [*parcel.metadata.tables, *(name for name in schema.metadata.tables if name not in kept)]
    await connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    await connection.execute("UPDATE seal SET epoch = 1, floor = 0, bound = NULL, writers = NULL")
    await connection.execute("UPDATE cursor SET seq = 0, owner = ''")


@pytest.fixture
async def new_post(new_kernel: NewKernel) -> AsyncIterator[Callable[[int], Awaitable[Post]]]:
    made: list[Post] = []

    async def make(size: int = 10) -> Post:
        database = await new_kernel()
        types = parcel.parcel.events | parcel.alarm.events | EVENTS
        store = Store(await connect(database.url, size), "post", types, [parcel.parcel_list, parcel.alarm_timers])
        made.append(Post(database, store))
        return made[-1]

    yield make
    for post in made:
        post.store.pool.terminate()


@pytest.fixture
async def post(new_post: Callable[[int], Awaitable[Post]]) -> Post:
    return await new_post(10)


@pytest.fixture
async def store(post: Post) -> Store:
    return post.store


@pytest.fixture
async def desk(new_kernel: NewKernel) -> AsyncIterator[Desk]:
    database = await new_kernel()
    pool = await connect(database.url, 5)
    inbox = make_inbox(pool)
    await inbox.open()
    yield Desk(database, inbox)
    parcel.smudged.clear()
    pool.terminate()


def make_inbox(pool: Pool, moved: type[parcel.ParcelMoved] = parcel.ParcelMoved) -> Inbox:
    """A process's inbox of the desk: there may be more than one."""
    store = Store(pool, "desk", parcel.book.events | EVENTS)
    types = Catalogue(moved, upcasters={(moved.type_name, 1): dict})
    return Inbox(store, types, {moved: parcel.enter_move}, [parcel.tally(moved)])
