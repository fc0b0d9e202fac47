"""A compacted topic and its copies: the newest row wins, a tombstone is obeyed, and a copy can be read again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.devstack.kafka import one_broker
from libs.events.database.connections import Pool, connect
from libs.events.transport.compacted import Compacted, Sender, partition
from libs.events.transport.copies import Receiver, Rewound, begin_again
from libs.events.transport.kafka import Snapshot, end_offsets
from services.dispatch.contacts.view import contact as copied
from services.intake.customers.view import contact
from tests.conftest import NewDatabase
from tests.libs.topic import delete_topic, make_topic, produce, read_topic
from tests.servers import Servers

INSERT = "INSERT INTO contact (id, version, name, phones, address) VALUES ($1, 1, $2, '[]', '福州')"


@dataclass
class Pair:
    """A service that shows its contacts, and another that copies them."""

    source: Pool
    copy: Pool
    sender: Sender
    bootstrap: str
    topic: str

    async def send(self) -> int:
        """Everything that is noted."""
        await self.sender.open()
        sent = 0
        while step := await self.sender.step():
            sent += step
        await self.sender.stop()
        return sent

    def receiver(self) -> Receiver:
        return Receiver(self.copy, one_broker(self.bootstrap), Compacted(self.topic, copied))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[tuple[Receiver, Snapshot]]:
        receiver, snapshot = self.receiver(), Snapshot(one_broker(self.bootstrap), self.topic)
        await receiver.open(snapshot)
        yield receiver, snapshot
        await snapshot.stop()

    async def receive(self) -> None:
        """Everything that the topic has and the copy has not."""
        async with self.reading() as (receiver, snapshot):
            await self.read_up(receiver, snapshot)

    async def read_up(self, receiver: Receiver, snapshot: Snapshot) -> None:
        """As far as the topic goes at this moment."""
        ends = await end_offsets(one_broker(self.bootstrap), self.topic, range(16))
        async with asyncio.timeout(60):
            while any(snapshot.positions.get(partition, 0) < end for partition, end in ends.items()):
                await receiver.take(await snapshot.poll(1))

    async def rows(self) -> dict[str, str]:
        return {row["id"]: row["name"] for row in await self.copy.fetch("SELECT id, name FROM contact")}


@pytest.fixture
async def pair(stack: Servers, new_database: NewDatabase) -> AsyncIterator[Pair]:
    topic = f"contacts.{uuid4().hex}"
    intake, dispatch = await new_database("intake"), await new_database("dispatch")
    owner = await asyncpg.connect(intake.owner_url)
    await owner.execute(
        f"CREATE TRIGGER shown AFTER INSERT OR UPDATE OR DELETE ON contact "
        f"FOR EACH ROW EXECUTE FUNCTION note_change('{topic}')"
    )
    await owner.close()
    source, copy = await connect(intake.url, 2), await connect(dispatch.url, 2)
    sender = Sender(source, intake.url, stack.kafka, Compacted(topic, contact))
    yield Pair(source, copy, sender, stack.kafka_bootstrap, topic)
    await sender.stop()
    await source.close()
    await copy.close()


async def raw(pair: Pair, key: str, value: bytes | None) -> None:
    await produce(pair.bootstrap, pair.topic, partition(key, 16), value, [], key.encode())


def row(key: str, **changes: Any) -> bytes:
    return json.dumps({"id": key, "version": 1, "name": "x", "phones": [], "address": "y"} | changes).encode()


async def test_rows_travel_and_the_newest_version_and_a_tombstone_win(pair: Pair) -> None:
    for key in ("a", "b", "c"):
        await pair.source.execute(INSERT, key, f"name of {key}")
    assert await pair.send() == 3
    await pair.source.execute("UPDATE contact SET version = 2, name = 'new' WHERE id = 'a'")
    await pair.source.execute("DELETE FROM contact WHERE id = 'b'")
    assert await pair.send() == 2
    await pair.receive()
    assert await pair.rows() == {"a": "new", "c": "name of c"}
    newest = {record.key: record.value for record in await read_topic(pair.bootstrap, pair.topic)}
    assert newest[b"b"] is None
    assert json.loads(newest[b"a"])["version"] == 2
    assert await pair.send() == 0


async def test_an_older_version_changes_nothing(pair: Pair) -> None:
    await pair.send()
    for version, name in ((3, "third"), (2, "second"), (3, "other third")):
        await raw(pair, "a", row("a", version=version, name=name))
    await pair.receive()
    assert await pair.rows() == {"a": "third"}


async def test_nobody_who_was_erased_comes_back(pair: Pair) -> None:
    await pair.source.execute(INSERT, "a", "name of a")
    await pair.send()
    await pair.receive()
    await pair.copy.execute("INSERT INTO erasure (subject_id, ordered_at) VALUES ('a', now())")
    assert await pair.rows() == {}
    await raw(pair, "a", row("a", version=9))
    await pair.receive()
    assert await pair.rows() == {}


async def test_an_erasure_is_a_tombstone_and_is_shown_again_by_whoever_sends_next(pair: Pair) -> None:
    await pair.source.execute(INSERT, "a", "name of a")
    await pair.send()
    await pair.source.execute("INSERT INTO erasure (subject_id, ordered_at) VALUES ('a', now())")
    await pair.send()
    await raw(pair, "a", row("a"))  # by one that was slow
    await pair.send()
    *_, last = [record for record in await read_topic(pair.bootstrap, pair.topic) if record.key == b"a"]
    assert last.value is None


@pytest.mark.parametrize(
    "value", [b"", b"\xff", b"[]", b"{}", b'{"id": 7}', row("z"), row("a", name=None), row("a", version="x")]
)
async def test_what_is_no_row_is_passed_by(pair: Pair, value: bytes) -> None:
    await pair.send()
    await raw(pair, "a", value)
    await raw(pair, "b", row("b"))
    await pair.receive()
    assert await pair.rows() == {"b": "x"}


async def test_a_copy_is_read_again_from_the_beginning_while_a_worker_reads(pair: Pair) -> None:
    await pair.source.execute(INSERT, "a", "name of a")
    await pair.send()
    async with pair.reading() as (receiver, snapshot):
        await pair.read_up(receiver, snapshot)
        await begin_again(pair.copy, receiver.copy)
        assert await pair.rows() == {}
        with pytest.raises(Rewound):
            await receiver._check(snapshot)
        await pair.source.execute("UPDATE contact SET version = 2 WHERE id = 'a'")
        await pair.send()
        with pytest.raises(Rewound):
            await receiver.take(await snapshot.poll(30))
    await pair.receive()
    assert await pair.rows() == {"a": "name of a"}


async def test_two_workers_apply_each_record_once(pair: Pair) -> None:
    await pair.source.execute(INSERT, "a", "name of a")
    await pair.send()
    async with pair.reading() as (one, its), pair.reading() as (other, others):
        await one.take(found := await its.poll(30))
        await pair.copy.execute("UPDATE contact SET version = 0")
        await other.take(await others.poll(30))
        assert await pair.copy.fetchval("SELECT version FROM contact") == 0
        assert len(found) == 1


async def test_what_changes_while_it_is_sent_is_sent_again(pair: Pair) -> None:
    await pair.source.execute(INSERT, "a", "name of a")
    await pair.sender.open()
    send = pair.sender._records

    async def changing(keys: Any) -> Any:
        found = await send(keys)
        await pair.source.execute("UPDATE contact SET version = 2, name = 'new' WHERE id = 'a'")
        pair.sender._records = send  # type: ignore[method-assign]  # put back as it was
        return found

    pair.sender._records = changing  # type: ignore[method-assign]  # changes at the worst moment
    assert await pair.sender.step() == 1
    assert await pair.sender.step() == 1
    await pair.receive()
    assert await pair.rows() == {"a": "new"}


@pytest.mark.parametrize("made_by", ["its service", "somebody else"])
async def test_a_lost_topic_is_shown_again(pair: Pair, made_by: str) -> None:
    for key in ("a", "b"):
        await pair.source.execute(INSERT, key, key)
    await pair.send()
    assert await pair.send() == 0
    await delete_topic(pair.bootstrap, pair.topic)
    if made_by == "somebody else":  # as the one-shot `access` of the compose file does
        await make_topic(pair.bootstrap, pair.topic, 16, **{"cleanup.policy": "compact"})
    assert await pair.send() == 2
    assert {record.key for record in await read_topic(pair.bootstrap, pair.topic)} == {b"a", b"b"}
