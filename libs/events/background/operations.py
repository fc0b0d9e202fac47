"""Operations: what people do to a running service, each recorded in its own log in the transaction of what it does.

The events stand on streams of their own, are never published, and mean nothing to the service's business. The actor in
their envelope is who did it; the reason is a text beside the log.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from libs.events.catalogue import Catalogue
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, transact
from libs.events.decider import Addressed, Decider
from libs.events.event import Event, event
from libs.events.inbox import chore, parking
from libs.events.inbox.chore import Chores
from libs.events.inbox.inbox import RACES, Inbox
from libs.events.inbox.lanes import Lane
from libs.events.inbox.parking import Failure, Parked
from libs.events.inbox.stop import LOCKED, RESUME, HeardLane
from libs.events.log.intent import Answer, Intent
from libs.events.log.store import Conflict, KeyInFlight, NewerLog, Outcome, Store
from libs.events.log.unit import Decided


@event("operations.LaneResumed")
class LaneResumed(Event, frozen=True, kw_only=True):
    """A lane that had stopped at `seq` goes on after the seq `after`."""

    source: str
    lane: int
    kind: str
    epoch: int
    seq: int
    after: int
    reason_id: str


class OfParked(Event, frozen=True, kw_only=True):
    """What became of something parked, and where it was from: enough to find it again in its source's feed."""

    parked_id: int
    consumer: str
    source: str
    lane: int | None
    seq: int | None
    key: str
    event_id: str | None
    type: str | None
    reason_id: str


@event("operations.EventRetried")
class EventRetried(OfParked, frozen=True, kw_only=True):
    """All that was parked under its key, `retried` in number, took effect."""

    retried: int


@event("operations.EventDiscarded")
class EventDiscarded(OfParked, frozen=True, kw_only=True):
    """It was given up: it has no effect."""


EVENTS = Catalogue(LaneResumed, EventRetried, EventDiscarded)


def _record(command: Event, state: str | None, at: datetime) -> Sequence[Event]:
    return [command]


def _last(state: str | None, happened: Event) -> str:
    return type(happened).type_name.rpartition(".")[2].removeprefix("Event").removeprefix("Lane").lower()


def _kept(name: str, *events: type[Event]) -> Decider[Event, str | None, Event]:
    """Streams that say what was done, in order; whether it could be done is decided under the lock of its row."""
    return Decider(name, Catalogue(*events), None, _record, _last, lambda state: state or "untouched")


lanes = _kept("lane", LaneResumed)
parked_events = _kept("parked", EventRetried, EventDiscarded)


class UnknownLane(LookupError):
    """The service does not hear that lane."""


class StillFailing(Exception):
    """What was retried failed again, and stays parked."""

    def __init__(self, parked_id: int, why: Failure) -> None:
        super().__init__(why.text)
        self.parked_id, self.why = parked_id, why


class NotRetriable(Exception):
    """It has no envelope of ours: it can only be discarded."""


Work = Callable[[Connection], Awaitable[Addressed]]
"""What an operation does on its connection, and the command that records it."""

Answering = Callable[[Decided], Answer]


@dataclass
class Operations:
    """What people may do to one service. `chores` are the stories of work that no event asked for, by kind."""

    store: Store
    inbox: Inbox | None = None
    chores: Chores = field(default_factory=dict)

    async def resume(self, lane: Lane, after: int | None, reason_id: str, intent: Intent, answer: Answering) -> Outcome:
        """Let a stopped lane go on, from `after` where its kind lets one choose. Raises UnknownLane or Refused."""

        async def work(connection: Connection) -> Addressed:
            row = await connection.fetchrow(LOCKED, self.store.name, *lane)
            if row is None:
                raise UnknownLane(f"{lane[0]} {lane[1]}")
            heard = HeardLane(**row)
            seq = heard.resumed_at(after, self.inbox.hears.reads if self.inbox else {})
            await connection.execute(RESUME, self.store.name, *lane, seq, heard.forks)
            assert heard.stopped is not None  # `resumed_at` refuses what is not stopped
            told = LaneResumed(
                source=lane[0],
                lane=lane[1],
                kind=heard.stopped,
                epoch=heard.epoch,
                seq=heard.seq,
                after=seq,
                reason_id=reason_id,
            )
            return lanes.on(f"{lane[0]}.{lane[1]}", told)

        return await self._carry_out(work, intent, answer)

    async def retry(self, parked_id: int, reason_id: str, intent: Intent, answer: Answering) -> Outcome:
        """Apply all that is parked under the key of this, in order. Raises StillFailing, NotRetriable or Unknown."""

        async def work(connection: Connection) -> Addressed:
            parked = await parking.one(connection, parked_id)
            retried = await self._again(connection, parked)
            told = EventRetried(retried=retried, reason_id=reason_id, **_about(parked))
            return parked_events.on(str(parked_id), told)

        try:
            return await self._carry_out(work, intent, answer)
        except StillFailing as error:
            await parking.failed(self.store.pool, parked_id, error.why)
            raise

    async def discard(self, parked_id: int, reason_id: str, intent: Intent, answer: Answering) -> Outcome:
        """Give one parked event up; what waits behind it goes on waiting. Raises Unknown."""

        async def work(connection: Connection) -> Addressed:
            parked = await parking.one(connection, parked_id, lock=True)
            await parking.remove(connection, [parked_id])
            return parked_events.on(str(parked_id), EventDiscarded(reason_id=reason_id, **_about(parked)))

        return await self._carry_out(work, intent, answer)

    async def _again(self, connection: Connection, parked: Parked) -> int:
        """Apply what is parked: how many. Others in the way, and a newer log, are no failure of it."""
        try:
            if parked.event_id is not None and self.inbox is not None:
                return await self.inbox.retry(connection, parked)
            return await self._chore_again(connection, parked)
        except KeyInFlight as error:
            raise Conflict(str(error)) from error
        except (parking.Unknown, NotRetriable, NewerLog, *RACES, *UNREACHABLE):
            raise
        except Exception as error:
            raise StillFailing(parked.id, Failure.of(error)) from error

    async def _chore_again(self, connection: Connection, parked: Parked) -> int:
        telling = self.chores.get(parked.consumer.partition(":")[0])
        if telling is None:
            raise NotRetriable(f"nobody here knows what {parked.consumer} is")
        waiting = await parking.chores_of_same_key(connection, parked)
        for one in waiting:
            await chore.carry_out(self.store, connection, telling, one.headers)
        await parking.remove(connection, [one.id for one in waiting])
        return len(waiting)

    async def _carry_out(self, work: Work, intent: Intent, answer: Answering) -> Outcome:
        """Work, event and kept answer in one transaction; a key that was carried out before answers what it did."""
        if (kept := await self.store.kept(intent.idempotency)) is not None:
            return Outcome([], kept)
        try:
            return await self._attempt(work, intent, answer)
        except (*TRANSIENT, *UNREACHABLE):
            raise
        except Exception:
            if (kept := await self.store.kept(intent.idempotency)) is not None:
                return Outcome([], kept)
            raise

    async def _attempt(self, work: Work, intent: Intent, answer: Answering) -> Outcome:
        async with transact(self.store.pool) as connection:
            do = await work(connection)
            unit = await self.store.unit([do.stream], connection)
            decided = await unit.decide(do, intent)
            kept = answer(decided[0])
            unit.answers.append((intent, kept))
            await self.store.append(unit, connection)
        return Outcome(decided, kept)


def _about(parked: Parked) -> dict[str, Any]:
    fields = ("consumer", "source", "lane", "seq", "key", "event_id", "type")
    return {"parked_id": parked.id, **{name: getattr(parked, name) for name in fields}}
