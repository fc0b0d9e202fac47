"""The store: what is told is written whole or not at all, once, at the version it was decided for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from libs.events import Refused, Story
from libs.events.database.connections import Source, clock_now, transact
from libs.events.log.append import MAX_EVENT_BYTES, outgoing
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.store import Conflict, EventTooLarge, KeyInFlight, KeyReused, Outcome, Store
from libs.events.log.unit import Decided, FutureInstant, StaleVersion
from libs.events.metrics import APPENDED, CONFLICTS
from libs.events.texts import Text
from tests.libs.conftest import Post
from tests.libs.counted import moves
from tests.libs.parcel import Move, Parcel, ParcelMoved, ParcelWeighed, Seal, Weigh, parcel, tally_table

NO_INTENT = Intent()


def keyed(key: str, asked: str = "move", **more: Any) -> Intent:
    return Intent(idempotency=Idempotency(scope="test", key=key, request_hash=asked), **more)


def answer(decided: list[Decided]) -> Answer:
    return Answer(status=200, body=f'{{"version":{decided[0].version}}}', etag=f'"{decided[0].version}"')


async def carry_out(store: Store, intent: Intent, id: str = "a", command: Move | Seal | None = None) -> Outcome:
    return await store.run(parcel.on(id, command or Move()), intent, answer)


async def rows(store: Store, table: str) -> int:
    return int(await store.pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_what_was_told_is_read_back_in_order_with_its_envelope(store: Store) -> None:
    happened = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    intent = Intent(
        actor="agent:7", occurred_at=happened, correlation_id="c", causation_id="d", traceparent="00-aa-bb-01"
    )
    with moves(APPENDED, by=3):
        outcome = await store.run(parcel.on("a", Move(2)), intent)
        await store.run(parcel.on("a", Weigh(250)), NO_INTENT)
    history = await store.read("parcel-a")
    assert [recorded.event for recorded in history] == [
        ParcelMoved(step=1),
        ParcelMoved(step=2),
        ParcelWeighed(grams=250),
    ]
    assert [recorded.version for recorded in history] == [1, 2, 3]
    assert [recorded.key for recorded in history] == ["parcel-a", "parcel-a", None]
    first = history[0]
    assert (first.actor, first.correlation_id, first.causation_id, first.traceparent) == (
        "agent:7",
        "c",
        "d",
        "00-aa-bb-01",
    )
    assert first.occurred_at == happened
    assert first.recorded_at > happened
    assert (outcome.first.version, outcome.first.status, outcome.first.state.steps) == (2, "open", 2)
    assert [recorded.id for recorded in outcome.first.events] == [recorded.id for recorded in history[:2]]


async def test_as_of_reads_a_stream_as_it_was_known_then_not_as_it_happened(store: Store) -> None:
    await store.run(parcel.on("a", Move()), NO_INTENT)
    known = await clock_now(store.pool)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    await store.run(parcel.on("a", Move()), Intent(occurred_at=long_ago))
    assert [recorded.version for recorded in await store.read("parcel-a", as_of=known)] == [1]
    assert await store.read("parcel-a", as_of=long_ago) == []
    assert len(await store.read("parcel-a")) == 2


async def test_the_newest_events_of_a_stream_come_last_first(store: Store) -> None:
    await store.run(parcel.on("a", Move(3)), NO_INTENT)
    assert [recorded.version for recorded in await store.newest("parcel-a", 2)] == [3, 2]
    assert [recorded.version for recorded in await store.newest("parcel-a", 9)] == [3, 2, 1]


async def test_a_state_that_is_looked_at_again_goes_on_from_where_it_was(store: Store) -> None:
    assert await store.state(parcel, "a") == (Parcel(), 0)
    await store.run(parcel.on("a", Move(2)), NO_INTENT)
    assert await store.state(parcel, "a") == (Parcel(2), 2)
    elsewhere = store.beside(store.pool)
    await elsewhere.run(parcel.on("a", Move()), NO_INTENT)
    await elsewhere.run(parcel.on("b", Move()), NO_INTENT)
    assert await store.state(parcel, "a") == await store.state(parcel, "a") == (Parcel(3), 3)
    assert await store.state(parcel, "b") == (Parcel(1), 1)


@pytest.mark.parametrize("since", [Move(2), Move(9)])
async def test_a_state_of_before_a_restore_is_read_anew(post: Post, since: Move) -> None:
    await post.store.run(parcel.on("a", Move(5)), NO_INTENT)
    assert await post.store.state(parcel, "a") == (Parcel(5), 5)
    owner = await asyncpg.connect(post.database.owner_url)
    await owner.execute("DELETE FROM outbox; DELETE FROM event; DELETE FROM parcel")
    await owner.close()
    await Store(post.store.pool, post.store.name, post.store.catalogue).run(parcel.on("a", since), NO_INTENT)
    assert await post.store.state(parcel, "a") == (Parcel(since.times), since.times)


async def test_a_stream_nobody_wrote_to_is_empty(store: Store) -> None:
    assert await store.read("parcel-never") == []


async def test_only_what_is_published_waits_in_the_outbox(store: Store) -> None:
    await store.run(parcel.on("a", Weigh(1)), NO_INTENT)
    assert await rows(store, "outbox") == 0
    await store.run(parcel.on("a", Move(3)), NO_INTENT)
    assert await rows(store, "outbox") == 3


async def test_a_command_for_another_version_than_the_streams_is_stale(store: Store) -> None:
    await store.run(parcel.on("a", Move()), NO_INTENT)
    with pytest.raises(StaleVersion) as stale:
        await store.run(parcel.on("a", Move()), Intent(expected={0}))
    assert stale.value.actual == 1
    assert (await store.run(parcel.on("a", Move()), Intent(expected={0, 1}))).first.version == 2


async def test_what_was_decided_on_an_old_version_is_not_written(store: Store) -> None:
    unit = await store.unit(["parcel-a"], store.pool)
    await unit.decide(parcel.on("a", Move()), NO_INTENT)
    await store.run(parcel.on("a", Move()), NO_INTENT)
    with pytest.raises(Conflict):
        await store.append(unit, store.pool)
    assert len(await store.read("parcel-a")) == 1


async def test_a_version_is_decided_only_upon_what_is_committed(store: Store) -> None:
    """It is not enough that the next number is free: version 1 may be another transaction's that rolls back."""
    async with transact(store.pool) as connection:
        first = await store.unit(["parcel-a"], connection)
        await first.decide(parcel.on("a", Move()), NO_INTENT)
        await store.append(first, connection)
        second = await store.unit(["parcel-a"], connection)
        await second.decide(parcel.on("a", Move()), NO_INTENT)
        assert second.expected_heads() == [("parcel-a", 1, first.events[0].id)]
        with pytest.raises(Conflict, match="AC409"):
            await store.append(second, store.pool)
    assert [recorded.version for recorded in await store.read("parcel-a")] == [1]


async def test_a_lost_race_is_decided_again(store: Store) -> None:
    with moves(CONFLICTS):
        await asyncio.gather(*(store.run(parcel.on("a", Move()), NO_INTENT) for _ in range(8)))
    assert [recorded.event.step for recorded in await store.read("parcel-a")] == list(range(1, 9))


async def test_a_key_carried_out_before_gets_its_first_answer_whatever_the_domain_says_today(store: Store) -> None:
    first = await carry_out(store, keyed("k"))
    assert first.answer is not None
    await store.run(parcel.on("a", Seal()), NO_INTENT)
    again = await carry_out(store, keyed("k"))
    assert again.answer == Answer(status=200, body='{"version":1}', etag='"1"', replayed=True)
    with pytest.raises(Refused):
        await carry_out(store, keyed("another"))
    stale = await carry_out(store, keyed("k", expected={7}))
    assert stale.answer == again.answer
    assert len(await store.read("parcel-a")) == 2


async def test_a_key_used_before_for_something_else_is_refused(store: Store) -> None:
    await carry_out(store, keyed("k", "move a"))
    with pytest.raises(KeyReused):
        await carry_out(store, keyed("k", "move b"), id="b")
    assert await store.read("parcel-b") == []


async def test_the_same_key_in_another_scope_is_another_key(store: Store) -> None:
    await carry_out(store, keyed("k"))
    other = Intent(idempotency=Idempotency(scope="other", key="k", request_hash="move"))
    assert (await carry_out(store, other)).first.version == 2


async def test_a_key_whose_command_is_being_carried_out_is_in_flight(store: Store) -> None:
    async with transact(store.pool) as connection:
        unit = await store.unit(["parcel-a"], connection)
        intent = keyed("k")
        unit.answers.append((intent, answer(await unit.decide(parcel.on("a", Move()), intent))))
        await store.append(unit, connection)
        with pytest.raises(KeyInFlight):
            await carry_out(store, keyed("k"))
    assert (await carry_out(store, keyed("k"))).answer == Answer(
        status=200, body='{"version":1}', etag='"1"', replayed=True
    )


async def test_twenty_at_once_with_one_key_have_one_effect(store: Store) -> None:
    told = await asyncio.gather(*(carry_out(store, keyed("k")) for _ in range(20)), return_exceptions=True)
    answers = {one.answer.body for one in told if isinstance(one, Outcome) and one.answer}
    assert answers == {'{"version":1}'}
    assert all(isinstance(one, Outcome | KeyInFlight) for one in told)
    assert len(await store.read("parcel-a")) == 1


async def test_a_command_that_was_refused_leaves_no_key(store: Store) -> None:
    await store.run(parcel.on("a", Seal()), NO_INTENT)
    with pytest.raises(Refused):
        await carry_out(store, keyed("k"))
    assert await rows(store, "idempotency") == 0
    assert (await carry_out(store, keyed("k"), id="b")).answer == Answer(status=200, body='{"version":1}', etag='"1"')


async def test_a_command_that_says_nothing_keeps_its_answer_all_the_same(store: Store) -> None:
    first = await carry_out(store, keyed("k"), command=Move(times=0))
    assert first.first.events == []
    again = await carry_out(store, keyed("k"), command=Move(times=0))
    assert again.answer is not None
    assert again.answer.replayed


async def test_a_story_over_two_streams_is_written_whole_and_told_the_first_ones_news(store: Store) -> None:
    def story() -> Story:
        events = yield parcel.on("a", Move(2))
        yield parcel.on("b", Move(len(events)))

    outcome = await store.run(story, NO_INTENT)
    assert [decided.version for decided in outcome.decided] == [2, 2]
    assert len(await store.read("parcel-b")) == 2


async def test_a_story_that_is_refused_in_its_second_command_leaves_nothing_of_its_first(store: Store) -> None:
    await store.run(parcel.on("b", Seal()), NO_INTENT)

    def story() -> Story:
        yield parcel.on("a", Move())
        yield parcel.on("b", Move())

    with pytest.raises(Refused):
        await store.run(story, NO_INTENT)
    assert await store.read("parcel-a") == []


async def test_a_service_is_prepared_before_each_decision_in_the_transaction_of_it(store: Store) -> None:
    seen: list[int] = []

    async def prepare(source: Source) -> None:
        seen.append(await source.fetchval("SELECT count(*) FROM tally"))

    prepared = replace(store, prepare=prepare)
    async with transact(store.pool) as connection:
        await connection.execute("INSERT INTO tally VALUES ('rule', 1, 1)")
        unit = await prepared.unit(["parcel-a"], connection)
        await unit.decide(parcel.on("a", Move()), NO_INTENT)
        await prepared.run(parcel.on("b", Move()), NO_INTENT)
        await prepared.run(parcel.create("c", Move()), Intent(now=unit.now))
    assert seen == [1, 0, 0]


async def test_an_event_that_kafka_might_refuse_is_refused_first(store: Store) -> None:
    with pytest.raises(EventTooLarge):
        await store.run(parcel.on("a", Move(note="x" * MAX_EVENT_BYTES)), NO_INTENT)
    assert await store.read("parcel-a") == []
    await store.run(parcel.on("a", Move(note="x" * (MAX_EVENT_BYTES - 100))), NO_INTENT)


async def test_nothing_happened_in_the_future(store: Store) -> None:
    for ahead in (timedelta(minutes=5, seconds=10), timedelta(days=1)):
        with pytest.raises(FutureInstant) as refused:
            await store.run(parcel.on("a", Move()), Intent(occurred_at=datetime.now(UTC) + ahead))
        assert abs(refused.value.now - datetime.now(UTC)) < timedelta(seconds=30)
    assert await store.read("parcel-a") == []


async def test_a_clock_that_is_a_little_ahead_tells_of_now_and_its_skew_is_kept(store: Store) -> None:
    await store.run(parcel.on("a", Move()), Intent(occurred_at=datetime.now(UTC) + timedelta(minutes=4)))
    await store.run(parcel.on("a", Move()), Intent(occurred_at=datetime.now(UTC) - timedelta(minutes=4)))
    ahead, behind = await store.read("parcel-a")
    assert ahead.occurred_at == ahead.recorded_at
    assert 230_000 < (ahead.skew_ms or 0) <= 240_000
    assert (behind.skew_ms, behind.occurred_at < behind.recorded_at) == (None, True)


async def test_texts_and_rows_beside_the_log_stand_or_fall_with_the_events(store: Store) -> None:
    said = Text.of("customer-1", "it rattles")
    row = {"id": "r", "moves": 1, "last_step": 1}
    beside = Intent(texts=[said], rows=[(tally_table, row)])
    await store.run(parcel.on("b", Seal()), NO_INTENT)
    with pytest.raises(Refused):
        await store.run(parcel.on("b", Move()), beside)
    assert (await rows(store, "text"), await rows(store, "tally")) == (0, 0)
    await store.run(parcel.on("a", Move()), beside)
    assert await store.pool.fetchval("SELECT body FROM text WHERE id = $1", said.id) == "it rattles"
    assert await store.pool.fetchval("SELECT moves FROM tally WHERE id = 'r'") == 1


async def test_a_view_in_the_appends_transaction_equals_the_fold_of_its_stream(store: Store) -> None:
    for command in (Move(), Weigh(30), Move(2)):
        await store.run(parcel.on("a", command), NO_INTENT)
    row = await store.pool.fetchrow("SELECT * FROM parcel WHERE id = 'parcel-a'")
    history = await store.read("parcel-a")
    assert row is not None
    assert (row["steps"], row["grams"], row["last_at"]) == (3, 30, history[-1].occurred_at)
    await store.run(parcel.on("a", Seal()), NO_INTENT)
    assert await rows(store, "parcel") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'nobody'",
        "DELETE FROM event",
        "TRUNCATE event",
        "DROP TABLE event",
        "DELETE FROM alembic_version",
    ],
)
async def test_a_service_cannot_change_what_happened(store: Store, statement: str) -> None:
    await store.run(parcel.on("a", Move()), NO_INTENT)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store.pool.execute(statement)


async def test_a_task_cancelled_in_mid_transaction_leaves_no_connection_behind(
    new_post: Callable[[int], Awaitable[Post]],
) -> None:
    post = await new_post(1)
    begun = asyncio.Event()
    used: list[asyncpg.Connection[Any] | Any] = []

    async def slow() -> None:
        async with transact(post.store.pool) as connection:
            used.append(await connection.fetchval("SELECT pg_backend_pid()"))
            await connection.execute("INSERT INTO tally VALUES ('t', 1, 1)")
            begun.set()
            await connection.execute("SELECT pg_sleep(60)")

    task = asyncio.create_task(slow())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await post.store.pool.fetchval("SELECT pg_backend_pid()") != used[0]
    assert await rows(post.store, "tally") == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"numbers": [1e300] * 90, "filler": "x" * 4000},
        {"numbers": [1.5e-300] * 90, "filler": "中文" * 2000},
        {"texts": [f"a{n}" for n in range(3000)], "filler": '\n\t"'},
        {"deep": {"deeper": [{"n": n, "f": n / 3} for n in range(1000)]}},
    ],
)
async def test_an_events_size_is_measured_as_it_goes_out(post: Post, fields: dict[str, Any]) -> None:
    """PostgreSQL writes jsonb with spaces and without exponents: 1e300 has 301 digits."""
    data = msgspec.json.encode(fields)
    size = await post.store.pool.fetchval("SELECT octet_length($1::jsonb::text)", data.decode())
    assert len(data) < size <= outgoing(data) < 1.1 * size
