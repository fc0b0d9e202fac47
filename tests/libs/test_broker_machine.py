"""A state machine over a broker that loses, doubles, delays and jumbles: each event has one effect, in order.

The sifting of lanes, the deciders, the unit of work, the wire format and the repairs are the shipped code; the
broker, the relay's cursor and the databases are kept in memory, where a transaction happens whole or not at all.
"""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from zlib import crc32

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from libs.events import Addressed, AnyRecorded
from libs.events.database.schema import LANES
from libs.events.inbox.consumer import Consumer
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.lanes import Gap, Lane, Position, realigned, sort_by_position
from libs.events.log.intent import Intent
from libs.events.log.unit import Unit
from libs.events.transport import wire
from libs.events.transport.broker import Kafka
from libs.events.transport.feed import Head
from libs.events.transport.wire import Message
from tests.libs.parcel import Enter, Move, book, parcel

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PARCELS = ("1", "2", "3", "4")
T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never has to wait."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    raise AssertionError("it waited")


def in_turns(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine whose parts take turns, in a loop of its own."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


@dataclass
class Log:
    """An event log in memory."""

    events: list[AnyRecorded] = field(default_factory=list)

    def stream(self, name: str) -> list[AnyRecorded]:
        return [recorded for recorded in self.events if recorded.stream == name]

    def unit(self) -> Unit:
        async def load(stream: str) -> list[AnyRecorded]:
            return self.stream(stream)

        return Unit(MONDAY, load)

    def run(self, do: Addressed) -> None:
        unit = self.unit()
        at_once(unit.decide(do, Intent()))
        self.events.extend(unit.events)


@dataclass
class Source:
    """The post: its log, what of it is sealed, and the feed that it answers from both."""

    log: Log = field(default_factory=Log)
    epoch: int = 1
    sealed: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    up: bool = True

    def seal(self) -> None:
        done = {message.id for lane in self.sealed.values() for message in lane}
        for recorded in self.log.events:
            if recorded.id not in done:
                lane = crc32((recorded.key or "").encode()) % LANES
                self.sealed[lane].append(self.message(recorded, lane, len(self.sealed[lane]) + 1))

    def message(self, recorded: AnyRecorded, lane: int, seq: int) -> Message:
        row = {
            "id": recorded.id,
            "type": recorded.event.type_name,
            "schema_version": recorded.event.version,
            "epoch": self.epoch,
            "lane": lane,
            "seq": seq,
            "traceparent": None,
        } | {
            name: getattr(recorded, name)
            for name in ("key", "occurred_at", "recorded_at", "correlation_id", "causation_id")
        }
        headers = {name: value.decode() for name, value in wire.headers("post", row)}
        return wire.message(headers, msgspec.json.encode(recorded.event))

    async def heads(self, service: str) -> dict[int, Head]:
        newest = {lane: sealed[-1] for lane, sealed in self.sealed.items() if sealed}
        return {lane: Head(message.epoch, message.seq, self.epoch) for lane, message in newest.items()}

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        if not self.up:
            raise ConnectionRefusedError
        return [message for message in self.sealed[lane] if message.seq > after and message.epoch >= epoch][:2]


class Crash(Exception):
    """The process ended before the commit."""


@dataclass
class Desk:
    """What `Inbox` is to a consumer, over a log in memory: effects and positions together, or neither."""

    log: Log = field(default_factory=Log)
    effects: list[Message] = field(default_factory=list)
    at: dict[Lane, Position] = field(default_factory=lambda: {("post", lane): Position(1, 0) for lane in range(LANES)})
    consumer: str = "desk"
    hears: Any = parcel.events
    crash: bool = False

    async def lift_known(self) -> None:
        """No lane of it is ever stopped."""

    async def positions(self) -> dict[Lane, Position]:
        return dict(self.at)

    async def take(self, messages: Sequence[Message]) -> list[Gap]:
        batch = sort_by_position(messages, self.at)
        unit = self.log.unit()
        for message in batch.new:
            heard = wire.recorded(message, parcel.events)
            await unit.decide(book.on(message.key, Enter(heard.event.step, "")), Intent(causation_id=heard.id))
        if self.crash:
            raise Crash
        self.log.events.extend(unit.events)
        self.effects.extend(batch.new)
        self.at = batch.positions
        assert not batch.diverged
        return list(batch.gaps.values())

    async def realign(self, gap: Gap, first: Message) -> None:
        lane = (first.source, first.lane)
        if self.at[lane].epoch < gap.epoch and self.at[lane].seq >= first.seq - 1:
            self.at[lane] = realigned(self.at[lane], first)


class Broker(RuleBasedStateMachine):
    """Anything may happen in any order; `teardown` lets things calm down and looks at what came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.source = Source()
        self.desk = Desk()
        self.topic: list[Message] = []
        self.cursor: dict[int, int] = defaultdict(int)
        self.zombie: dict[int, int] = {}
        self.lost_at_source = False
        self.consumer = Consumer(cast(Inbox, self.desk), Kafka("nowhere:1"), self.source)

    @rule(id=st.sampled_from(PARCELS), times=st.integers(1, 3))
    def move(self, id: str, times: int) -> None:
        self.source.log.run(parcel.on(id, Move(times)))

    @rule()
    def seal(self) -> None:
        self.source.seal()

    @rule(most=st.integers(1, 4), crash=st.booleans())
    def send(self, most: int, crash: bool) -> None:
        """The relay sends, and may end before it has moved its cursor."""
        moved = self._send(self.cursor, most)
        if not crash:
            self.cursor.update(moved)

    def _send(self, cursor: dict[int, int], most: int) -> dict[int, int]:
        moved = {}
        for lane, sealed in self.source.sealed.items():
            pending = sealed[cursor.get(lane, 0) :][:most]
            self.topic.extend(pending)
            if pending:
                moved[lane] = pending[-1].seq
        return moved

    @rule()
    def pause_a_relay(self) -> None:
        self.zombie = dict(self.cursor)

    @rule()
    def wake_it(self) -> None:
        """It sends what it had in hand, finds its cursor moved, and stops."""
        self._send(self.zombie, 3)

    @precondition(lambda self: self.topic)
    @rule(data=st.data())
    def lose_some(self, data: st.DataObject) -> None:
        self.topic.pop(data.draw(st.integers(0, len(self.topic) - 1)))

    @rule()
    def make_the_topic_anew(self) -> None:
        self.topic.clear()
        self.cursor.clear()

    @precondition(lambda self: self.topic)
    @rule(data=st.data(), crash=st.booleans(), up=st.booleans())
    def deliver(self, data: st.DataObject, crash: bool, up: bool) -> None:
        """Any of it, in any order, any number of times; the process may end and the source may not answer."""
        batch = data.draw(st.lists(st.sampled_from(self.topic), min_size=1, max_size=6))
        self._hear(batch, crash, up)

    @precondition(lambda self: self.topic)
    @rule(data=st.data(), up=st.booleans())
    def deliver_in_order(self, data: st.DataObject, up: bool) -> None:
        begin = data.draw(st.integers(0, len(self.topic) - 1))
        self._hear(self.topic[begin : begin + 6], False, up)

    def _hear(self, batch: Iterable[Message], crash: bool, up: bool) -> None:
        self.desk.crash, self.source.up = crash, up
        try:
            self.consumer.repairs.note(at_once(self.desk.take(list(batch))))
            at_once(self.consumer.repairs.settle())
        except Crash:
            pass
        finally:
            self.desk.crash, self.source.up = False, True

    @rule()
    def look_at_the_heads(self) -> None:
        in_turns(self.consumer.catch_up())

    @precondition(lambda self: self.source.log.events)
    @rule(data=st.data())
    def restore_the_source(self, data: st.DataObject) -> None:
        """Its newest events are lost, sealed or not, heard or not, and its epoch is bumped."""
        kept = data.draw(st.integers(max(0, len(self.source.log.events) - 4), len(self.source.log.events)))
        del self.source.log.events[kept:]
        known = {recorded.id for recorded in self.source.log.events}
        for lane, sealed in self.source.sealed.items():
            self.source.sealed[lane] = [message for message in sealed if message.id in known]
            self.cursor[lane] = min(self.cursor[lane], len(self.source.sealed[lane]))
        self.zombie = {}
        self.source.epoch += 1
        self.lost_at_source = True

    @invariant()
    def each_event_has_one_effect_at_most(self) -> None:
        ids = [message.id for message in self.desk.effects]
        assert len(set(ids)) == len(ids)

    @invariant()
    def each_lane_is_in_order(self) -> None:
        lanes: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for message in self.desk.effects:
            lanes[message.lane].append((message.epoch, message.seq))
        assert all(order == sorted(order) for order in lanes.values())

    @invariant()
    def without_a_loss_at_the_source_nothing_is_left_out(self) -> None:
        if not self.lost_at_source:
            for id in PARCELS:
                steps = [recorded.event.step for recorded in self.desk.log.stream(f"book-parcel-{id}")]
                assert steps == list(range(1, len(steps) + 1))

    def teardown(self) -> None:
        self.source.seal()
        while moved := self._send(self.cursor, 10):
            self.cursor.update(moved)
        self._hear(self.topic, False, True)
        for _ in range(3):
            in_turns(self.consumer.catch_up())
        heard = {message.id for message in self.desk.effects}
        assert {recorded.id for recorded in self.source.log.events} <= heard
        self.each_event_has_one_effect_at_most()
        self.each_lane_is_in_order()


TestBroker = Broker.TestCase
TestBroker.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
