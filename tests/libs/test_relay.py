"""The relay: from the outbox to Kafka in order, whatever happens to Kafka, to the topic or to the relay."""

import asyncio
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import randbytes
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
import structlog
from sqlalchemy.engine import make_url

from libs.events.database.lease import Deposed
from libs.events.log.intent import Intent
from libs.events.metrics import DEPOSED, PRODUCERS, SEALED, SENT, TOPICS_ANEW
from libs.events.transport import kafka
from libs.events.transport.broker import Kafka
from libs.events.transport.kafka import KAFKA_ERRORS, Producer, Record, topic
from libs.events.transport.relay import Relay, republish
from tests.conftest import Topics
from tests.faults.wire import Wire
from tests.libs.conftest import Post
from tests.libs.counted import comes_to_move, moves, total
from tests.libs.parcel import Move, parcel
from tests.libs.topic import delete_topic, make_topic, read_topic
from tests.servers import Servers

ROOT = Path(__file__).parents[2]


@pytest.fixture
def name() -> str:
    """A service of the test's own, so that its topic is its own too."""
    return f"post_{uuid4().hex[:10]}"


@pytest.fixture
async def relay(post: Post, name: str, stack: Servers, topics: Topics) -> AsyncIterator[Relay]:
    await topics(name)
    relay = Relay(post.store.pool, post.database.url, name, stack.kafka)
    relay.owner = "me"
    await post.store.pool.execute("UPDATE cursor SET owner = 'me'")
    yield relay
    await relay.stop()


async def drain(relay: Relay) -> None:
    while await relay.step():
        pass


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  # it is a database's or Kafka's
            await asyncio.sleep(0.05)


def has_sent(relay: Relay, events: int) -> Callable[[], Awaitable[bool]]:
    """So many, and by its own account, which comes a moment after that of the database."""

    async def sent() -> bool:
        return relay.progress == events

    return sent


def headers(record: Any) -> dict[str, str]:
    return {key: value.decode() for key, value in record.headers}


def sequences(records: Sequence[Any]) -> dict[int, list[int]]:
    lanes: dict[int, list[int]] = defaultdict(list)
    for record in records:
        lanes[int(headers(record)["ce_lane"])].append(int(headers(record)["ce_sequence"]))
    return lanes


def first_seen(seqs: Sequence[int]) -> list[int]:
    """In the order of first coming, as a consumer that drops what it knows sees them."""
    return list(dict.fromkeys(seqs))


def assert_whole(records: Sequence[Any], events: int) -> None:
    """Nothing is missing and each lane's seqs come in order, doubles aside."""
    lanes = sequences(records)
    for seqs in lanes.values():
        assert first_seen(seqs) == list(range(1, len(set(seqs)) + 1))
    assert sum(len(set(seqs)) for seqs in lanes.values()) == events


async def test_a_message_is_a_cloud_event_on_the_partition_of_its_lane(
    post: Post, relay: Relay, stack: Servers, name: str
) -> None:
    at = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
    intent = Intent(occurred_at=at, correlation_id="c-1", causation_id="d-1", traceparent="00-ab-cd-01")
    outcome = await post.store.run(parcel.on("a", Move(2, note="轻放")), intent)
    with moves(SEALED, by=2), moves(SENT, by=2):
        await drain(relay)
    lane = crc32(b"parcel-a") % 16
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert [record.key for record in records] == [b"parcel-a"] * 2
    assert {record.partition for record in records} == {lane % 16}
    assert b"\xe8\xbd\xbb" in records[0].value
    for number, (record, recorded) in enumerate(zip(records, outcome.first.events, strict=True), 1):
        said = headers(record)
        assert datetime.fromisoformat(said.pop("ce_time")) == at
        assert datetime.fromisoformat(said.pop("ce_recordedtime")) == recorded.recorded_at
        assert said == {
            "ce_specversion": "1.0",
            "ce_id": recorded.id,
            "ce_source": f"/aftercare/{name}/1",
            "ce_type": "post.ParcelMoved",
            "ce_subject": "parcel-a",
            "ce_partitionkey": "parcel-a",
            "ce_dataschema": "/aftercare/schemas/post.ParcelMoved/1",
            "ce_lane": str(lane),
            "ce_sequence": f"{number:020d}",
            "ce_correlationid": "c-1",
            "ce_causationid": "d-1",
            "traceparent": "00-ab-cd-01",
            "content-type": "application/json",
        }


async def test_lanes_reach_kafka_whole_and_in_order(post: Post, relay: Relay, stack: Servers, name: str) -> None:
    for id in range(30):
        await post.move(str(id), times=40)
    await drain(relay)
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert len(records) == 1200
    assert_whole(records, 1200)


async def test_republish_sends_the_same_bytes_and_ids_again(
    post: Post, relay: Relay, stack: Servers, name: str
) -> None:
    for id in range(5):
        await post.move(str(id), times=2)
    await drain(relay)
    await republish(relay.pool)
    await post.store.pool.execute("UPDATE cursor SET owner = 'me'")
    await drain(relay)
    sent: dict[str, list[Any]] = defaultdict(list)
    for record in await read_topic(stack.kafka_bootstrap, topic(name)):
        sent[headers(record)["ce_id"]].append((record.partition, record.key, record.value, record.headers))
    assert len(sent) == 10
    assert all(len(copies) == 2 and copies[0] == copies[1] for copies in sent.values())


async def test_after_an_error_a_new_producer_sends_on_from_the_cursor(
    post: Post, relay: Relay, stack: Servers, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that the broker refuses poisons an idempotent producer: whoever keeps it never sends again."""
    await post.move("a")
    await drain(relay)
    refused = 0
    record = relay._record

    def oversized(row: Any) -> Record:
        nonlocal refused
        key, value, said = record(row)
        if row["key"] == "parcel-b" and refused < 1:
            refused += 1
            return key, randbytes(3 * 1024 * 1024), said  # nothing that compresses
        return key, value, said

    monkeypatch.setattr(relay, "_record", oversized)
    await post.move("b", times=3)
    with moves(PRODUCERS, by=1):
        with pytest.raises(KAFKA_ERRORS):
            await drain(relay)
        await post.move("b", times=3)
        await drain(relay)
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert_whole(records, 7)
    assert refused == 1


async def test_the_cursor_moves_only_over_what_was_acknowledged(
    post: Post, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lanes on a partition that failed stay where they are; the others go on."""
    for id in range(40):
        await post.move(str(id))
    send = Producer.send

    async def fail_on_one(self: Producer, partition: int, records: Sequence[Record]) -> tuple[int, int]:
        if partition == 1:
            raise TimeoutError
        return await send(self, partition, records)

    monkeypatch.setattr(Producer, "send", fail_on_one)
    with pytest.raises(TimeoutError):
        await relay.step()
    query = "SELECT lane, seq, (SELECT max(seq) FROM published AS p WHERE p.lane = c.lane) AS sealed FROM cursor AS c"
    for row in await post.store.pool.fetch(query):
        assert row["seq"] == (0 if row["lane"] % 16 == 1 else row["sealed"] or 0)


async def test_one_of_two_relays_works_and_the_other_takes_over(
    post: Post, stack: Servers, name: str, topics: Topics
) -> None:
    await topics(name)
    relays = [Relay(post.store.pool, post.database.url, name, stack.kafka) for _ in range(2)]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]

    async def sent() -> bool:
        return bool(await post.store.pool.fetchval("SELECT sum(seq) = (SELECT count(*) FROM event) FROM cursor"))

    for id in range(10):
        await post.move(str(id), times=3)
    await until(sent)
    (leader,) = (number for number, relay in enumerate(relays) if relay.leads)
    await until(has_sent(relays[leader], 30))
    assert relays[1 - leader].progress == 0
    tasks[leader].cancel()
    await asyncio.wait([tasks[leader]])
    await post.move("late", times=3)
    await until(sent)
    await until(has_sent(relays[1 - leader], 3))
    tasks[1 - leader].cancel()
    await asyncio.wait(tasks)
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert len(records) == 33
    assert_whole(records, 33)
    for relay in relays:
        await relay.stop()


async def test_a_zombie_whose_cursor_was_moved_stops_and_has_only_doubled(
    post: Post, relay: Relay, stack: Servers, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had sent and was about to say so when another relay had already taken over and done the same."""
    await post.move("a", times=5)
    successor = Relay(post.store.pool, post.database.url, name, stack.kafka)
    successor.owner = "successor"
    advance = relay._advance

    async def pause(lanes: Sequence[Sequence[Any]], acknowledged: Mapping[int, int]) -> None:
        monkeypatch.undo()
        await post.store.pool.execute("UPDATE cursor SET owner = 'successor'")
        await advance(lanes, acknowledged)

    monkeypatch.setattr(relay, "_advance", pause)
    with pytest.raises(Deposed):
        await relay.step()
    assert await post.store.pool.fetchval("SELECT sum(seq) FROM cursor") == 0
    await drain(successor)
    await successor.stop()
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert len(records) == 10
    assert_whole(records, 5)


async def test_a_deposed_relay_asks_to_lead_again(post: Post, stack: Servers, name: str, topics: Topics) -> None:
    await topics(name)
    relay = Relay(post.store.pool, post.database.url, name, stack.kafka)
    await post.move("a")
    task = asyncio.create_task(relay.run())

    async def sent() -> bool:
        return bool(await post.store.pool.fetchval("SELECT sum(seq) = (SELECT count(*) FROM event) FROM cursor"))

    await until(sent)
    before = total(DEPOSED)
    await post.store.pool.execute("UPDATE cursor SET owner = 'somebody'")
    await post.move("a")
    await until(sent)
    assert total(DEPOSED) == before + 1
    task.cancel()
    await asyncio.wait([task])
    await relay.stop()


async def test_a_topic_made_anew_is_filled_again_from_the_store(
    post: Post, relay: Relay, stack: Servers, name: str
) -> None:
    for id in range(20):
        await post.move(str(id), times=2)
    await drain(relay)
    await delete_topic(stack.kafka_bootstrap, topic(name))
    await make_topic(stack.kafka_bootstrap, topic(name), 16)
    await relay.stop()
    await post.move("new")
    with moves(TOPICS_ANEW, by=None):
        await drain(relay)
    assert_whole(await read_topic(stack.kafka_bootstrap, topic(name)), 41)


async def test_a_topic_made_anew_while_the_relay_is_sending_is_filled_again(
    post: Post, relay: Relay, stack: Servers, name: str
) -> None:
    """Nothing fails: the same producer's next record gets an offset that was given before."""
    await post.move("a", times=5)
    await drain(relay)
    await relay.pool.execute("UPDATE acknowledged SET last_offset = 100")
    relay._known = dict.fromkeys(relay._known, 100)
    await post.move("a")
    with moves(TOPICS_ANEW), pytest.raises(Deposed):
        await drain(relay)
    await relay.stop()
    await drain(relay)
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    assert first_seen(sequences(records)[crc32(b"parcel-a") % 16]) == [1, 2, 3, 4, 5, 6]
    assert len(records) == 12


async def test_a_topic_made_anew_with_another_number_of_partitions_is_filled_again(
    post: Post, relay: Relay, stack: Servers, name: str
) -> None:
    for id in range(20):
        await post.move(str(id), times=2)
    await drain(relay)
    await delete_topic(stack.kafka_bootstrap, topic(name))
    await make_topic(stack.kafka_bootstrap, topic(name), 8)
    await relay.stop()
    await drain(relay)
    assert_whole(await read_topic(stack.kafka_bootstrap, topic(name)), 40)
    await relay.stop()
    await delete_topic(stack.kafka_bootstrap, topic(name))
    await make_topic(stack.kafka_bootstrap, topic(name), 16)
    await drain(relay)
    assert_whole(await read_topic(stack.kafka_bootstrap, topic(name)), 40)


async def test_what_a_deposed_relay_acknowledges_late_sends_nothing_again(
    post: Post, relay: Relay, stack: Servers, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records came before the new leader's: by them the topic would look cut, and all would go out again."""
    await post.move("a", times=5)
    successor = Relay(post.store.pool, post.database.url, name, stack.kafka)
    successor.owner = "successor"
    send = Producer.send

    async def freeze(self: Producer, partition: int, records: Sequence[Record]) -> tuple[int, int]:
        found = await send(self, partition, records)
        monkeypatch.undo()
        await post.store.pool.execute("UPDATE cursor SET owner = 'successor'")
        await post.move("a", times=5)
        await drain(successor)
        return found

    monkeypatch.setattr(Producer, "send", freeze)
    with pytest.raises(Deposed):
        await relay.step()
    await post.move("a", times=2)
    with moves(TOPICS_ANEW, by=0), moves(SENT, by=2):
        await drain(successor)
    await successor.stop()
    assert await relay.pool.fetchval("SELECT max(last_offset) FROM acknowledged") == 5 + 10 + 2 - 1


async def test_a_lower_offset_than_one_that_is_known_is_not_kept(post: Post, relay: Relay) -> None:
    await post.move("a", times=5)
    await drain(relay)
    await post.move("a")
    lanes = await relay._look({})
    await relay._advance(list(lanes.values()), {lane % 16: 1 for lane in lanes})
    assert await relay.pool.fetchval("SELECT max(last_offset) FROM acknowledged") == 4


async def test_one_lane_goes_out_again_from_a_seq(post: Post, relay: Relay, stack: Servers, name: str) -> None:
    lane = crc32(b"parcel-a") % 16
    await post.move("a", times=10)
    await post.move("b", times=3)
    await drain(relay)
    await republish(relay.pool, lane, 8)
    await republish(relay.pool, lane, 9)  # the cursor never goes on over what is to be sent
    await post.store.pool.execute("UPDATE cursor SET owner = 'me'")
    await drain(relay)
    lanes = sequences(await read_topic(stack.kafka_bootstrap, topic(name)))
    assert lanes[lane] == [*range(1, 11), 8, 9, 10]
    assert lanes[crc32(b"parcel-b") % 16] == [1, 2, 3]


LEADER = """
import asyncio, sys
from libs.events.transport.broker import Kafka
from libs.events.database.connections import connect
from libs.events.transport.relay import Relay

async def main(url, lock_url, name, kafka):
    relay = Relay(await connect(url, 3), lock_url, name, Kafka(kafka))
    task = asyncio.create_task(relay.run())
    while not relay.leads:
        await asyncio.sleep(0.05)
    print("leads", flush=True)
    await task

asyncio.run(main(*sys.argv[1:]))
"""


async def lead(*arguments: str) -> asyncio.subprocess.Process:
    """Another machine's relay, leading."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LEADER, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while (line := await process.stdout.readline()) != b"leads\n":
            assert line, "it ended"  # the log, which warns of one broker, may be first
    return process


async def test_a_frozen_leader_loses_its_lease_and_another_publishes(
    post: Post, stack: Servers, name: str, topics: Topics
) -> None:
    await topics(name)
    url = post.database.url
    leader = await lead(url, url, name, stack.kafka_bootstrap)
    second = Relay(post.store.pool, url, name, stack.kafka)
    task = asyncio.create_task(second.run())

    async def sent() -> bool:
        return bool(await post.store.pool.fetchval("SELECT sum(seq) = (SELECT count(*) FROM event) FROM cursor"))

    try:
        await post.move("a")
        await until(sent)
        leader.send_signal(signal.SIGSTOP)
        await post.move("a", times=3)
        await until(has_sent(second, 3), seconds=15)
        leader.send_signal(signal.SIGCONT)
        await post.move("a", times=3)
        await until(has_sent(second, 6))
    finally:
        leader.kill()
        await leader.wait()
        task.cancel()
        await asyncio.wait([task])
        await second.stop()
    assert_whole(await read_topic(stack.kafka_bootstrap, topic(name)), 7)


async def test_a_leader_whose_connection_is_cut_loses_its_lease_and_stops_by_itself(
    post: Post, stack: Servers, name: str, topics: Topics
) -> None:
    """Bytes vanish and nobody is told, as when a machine loses its network."""
    await topics(name)
    address = make_url(post.database.url)
    wire = Wire(address.host or "", address.port or 0)
    async with await asyncio.start_server(wire.carry, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        through = address.set(port=port).render_as_string(hide_password=False)
        first = Relay(post.store.pool, through, name, stack.kafka)
        second = Relay(post.store.pool, post.database.url, name, stack.kafka)
        tasks = [asyncio.create_task(first.run())]

        async def leads() -> bool:
            return first.leads

        async def succeeded() -> bool:
            return second.leads and not first.leads

        await until(leads)
        tasks.append(asyncio.create_task(second.run()))
        wire.cut()
        await until(succeeded, seconds=15)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for relay in (first, second):
            await relay.stop()
        wire.mend()


async def test_a_topic_whose_partitions_do_not_divide_the_lanes_is_waited_for(
    post: Post, stack: Servers, name: str
) -> None:
    await make_topic(stack.kafka_bootstrap, topic(name), partitions=3)
    relay = Relay(post.store.pool, post.database.url, name, stack.kafka)
    await post.move("a")
    task = asyncio.create_task(relay.run())
    why = "has 3 partitions, which do not divide 16 lanes: delete it and make it with 16"
    with structlog.testing.capture_logs() as told:
        await until(lambda: _told(told, why))
    await delete_topic(stack.kafka_bootstrap, topic(name), is_awaited=True)
    await until(lambda: _sent(post), seconds=60)
    task.cancel()
    await asyncio.wait([task])
    await relay.stop()


async def _told(lines: Sequence[Mapping[str, Any]], why: str) -> bool:
    return any(line["event"] == "relay stopped" and why in line["reason"] for line in lines)


async def _sent(post: Post) -> bool:
    return bool(await post.store.pool.fetchval("SELECT sum(seq) FROM cursor"))


async def test_without_kafka_sealing_goes_on(post: Post, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "START_SECONDS", 1.0)
    relay = Relay(post.store.pool, post.database.url, name, Kafka("127.0.0.1:1"))
    task = asyncio.create_task(relay.run())

    async def sealed() -> bool:
        return bool(await post.store.pool.fetchval("SELECT count(*) = 0 FROM outbox"))

    async with comes_to_move(SEALED, by=6):
        await post.move("a", times=3)
        await until(sealed)
        await post.move("a", times=3)
        await until(sealed)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    assert await post.store.pool.fetchval("SELECT count(*) FROM published") == 6


async def test_a_topic_takes_less_room_than_what_stands_in_it(
    post: Post, relay: Relay, name: str, stack: Servers
) -> None:
    await post.move("a", times=200)
    await drain(relay)
    records = await read_topic(stack.kafka_bootstrap, topic(name))
    said = sum(len(record.value) + sum(len(value) for _, value in record.headers) for record in records)
    if not (log := stack.folder.data / "kafka/log").exists():
        pytest.skip("this Kafka's disk is somebody else's")
    taken = sum(file.stat().st_size for file in log.glob(f"{topic(name)}-*/*.log"))
    assert 0 < taken < said / 4
