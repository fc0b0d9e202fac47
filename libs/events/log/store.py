"""The event store: read a stream, tell a story, and append what it came to. One call, one transaction."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import asyncpg
import msgspec
import sqlalchemy as sa
import structlog

from libs.events.catalogue import Catalogue, NewerSchema, UnknownType
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Pool, Source, clock_now, fetch, transact
from libs.events.database.schema import timer
from libs.events.decider import Addressed, Decider
from libs.events.errors import described
from libs.events.event import Event
from libs.events.log.actors import Actors
from libs.events.log.append import EventTooLarge, statement
from libs.events.log.batcher import Batcher
from libs.events.log.clock import Clock
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.rows import Rows
from libs.events.log.stream_cache import CachedStream, Lookup, StreamCache, nothing
from libs.events.log.together import Together
from libs.events.log.unit import OFFLINE, Decided, StaleVersion, Unit, Work
from libs.events.message import AnyRecorded, Recorded
from libs.events.metrics import APPENDED, CONFLICTS, FORGOTTEN
from libs.events.view import AnyView, ManyStreams

S = TypeVar("S")

log = structlog.get_logger(__name__)

ATTEMPTS = 12
"""How often a story is told before a conflict is the caller's problem: the odds of losing so many races are nil."""

PATIENCE_SECONDS = 5.0
"""Nobody waits longer for a lock that somebody else holds: the command is refused for now and may come back."""

LOOKED_AT, LOOKED_AT_BYTES = 256, 4 * 2**20
"""How many streams are kept that are looked at as a whole again and again, and what they weigh at most."""

COLUMNS = (
    "id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, skew_ms, "
    "actor, correlation_id, causation_id, traceparent, position"
)

READ_ONE = f"SELECT {COLUMNS}, clock_now() AS now FROM event WHERE stream = $1 ORDER BY version"
READ_MANY = f"SELECT {COLUMNS}, clock_now() AS now FROM event WHERE stream = ANY($1) ORDER BY stream, version"
READ_AS_OF = f"SELECT {COLUMNS} FROM event WHERE stream = $1 AND recorded_at <= $2 ORDER BY version"

READ_SINCE = f"SELECT {COLUMNS} FROM event WHERE stream = $1 AND version >= $2 ORDER BY version"
READ_NEWEST = f"SELECT {COLUMNS} FROM event WHERE stream = $1 ORDER BY version DESC LIMIT $2"
READ_PAGE = f"""
SELECT {COLUMNS} FROM event
WHERE stream = ANY($1) AND ($2::timestamptz IS NULL OR (recorded_at, id) > ($2, $3::uuid))
ORDER BY recorded_at, id LIMIT $4
"""

LOCK_TIMERS = "SELECT FROM timer WHERE id = ANY($1) ORDER BY id FOR UPDATE"
"""Before anything is written: whoever changes a clock waits for the one that fires it, never the other way round."""


LOCK_STREAMS = """
SELECT pg_advisory_xact_lock(hashtextextended('stream ' || name, 0))
FROM (SELECT unnest($1::text[]) AS name ORDER BY 1) AS s
"""
"""Of stories that read what others write: of two that read each other's streams, one waits and sees the other's."""

CHANGED = """
SELECT EXISTS (
    SELECT FROM unnest($1::text[], $2::int[]) AS r (stream, version)
    JOIN event AS e ON e.stream = r.stream AND e.version > r.version
)
"""


class Conflict(Exception):
    """Somebody else appended to the stream first, or has the same key in flight: nothing was written, try again."""


class RowTaken(Conflict):
    """A row of a view that is new to its stream stands already."""

    def __init__(self, error: asyncpg.UniqueViolationError) -> None:
        super().__init__(described(error))
        self.table = error.table_name or ""
        self.key = (error.detail or "").partition("=(")[2].removesuffix(") already exists.")


class KeyInFlight(Exception):
    """A command with this idempotency key is being carried out at this moment."""


class KeySeen(Exception):
    """A command with this idempotency key was carried out before."""


class UnfitValue(ValueError):
    """A row has a value that its column cannot hold: a defect of whoever made it."""


class Unconfirmed(Exception):
    """What was decided on a remembered stream is not to be believed: it is decided again on what the log holds."""


class NewerLog(Exception):
    """Our own log holds what only a newer release can read: it is at work beside this one, which has to leave."""


class KeyReused(Exception):
    """The idempotency key was used before, for something else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a story came to: each command's result in order, and the answer that is kept for its key."""

    decided: list[Decided]
    answer: Answer | None

    @property
    def first(self) -> Decided:
        """The result of the story's first command."""
        return self.decided[0]


@dataclass
class Store:
    """The event log of one service, with the inline `views` that every append keeps up to date.

    `on_commit` is called after each append that may have published something, to wake the relay. `prepare` is awaited
    at the beginning of each unit, on its connection: there a service brings the rules up to date that it decides by.
    What is recorded later than `offline` after it happened is late evidence.
    """

    pool: Pool
    name: str
    catalogue: Catalogue
    views: Sequence[AnyView] = ()
    on_commit: Callable[[], None] = field(default=lambda: None)
    prepare: Callable[[Source], Awaitable[None]] | None = None
    offline: timedelta = OFFLINE

    def __post_init__(self) -> None:
        self.actors = Actors()
        self._met: list[str] = []
        self._cache, self._looked_at = StreamCache(), StreamCache(LOOKED_AT, LOOKED_AT_BYTES)
        self._clock = Clock(self.pool)
        ordinary = (Conflict, EventTooLarge, KeySeen, KeyInFlight, *TRANSIENT)
        self._together = Together(partial(self._write, self.pool, []), ordinary)
        self._questions: dict[sa.Select[Any], Batcher[Mapping[str, Any], Any]] = {}

    def beside(self, pool: Pool) -> "Store":
        """The same store over other connections: what one of them remembers or has met, both do."""
        other = replace(self, pool=pool)
        other._cache, other._met = self._cache, self._met
        return other

    @property
    def outdated(self) -> str | None:
        """What in the log this release cannot read, once it has met it."""
        return self._met[0] if self._met else None

    async def batched(self, query: sa.Select[Any], question: Mapping[str, Any]) -> asyncpg.Record:
        """The row of one question, put together with those that are asked meanwhile.

        The query takes all that are asked as one JSON array, `asked`, each with its `place`, and gives a row for each,
        in that order. (Arrays of values would be planned anew each time: a plan for any number looks dearer.)
        """
        if query not in self._questions:

            async def answer(asked: Sequence[Mapping[str, Any]]) -> Sequence[asyncpg.Record]:
                placed = [{"place": place, **one} for place, one in enumerate(asked)]
                return await fetch(self.pool, query, asked=msgspec.json.encode(placed).decode())

            self._questions[query] = Batcher(answer)
        row: asyncpg.Record = await self._questions[query].ask(question)
        return row

    async def read(self, stream: str, as_of: datetime | None = None) -> list[AnyRecorded]:
        """A stream's events in order; with `as_of` (aware), as it was known then: by the time of recording."""
        sql, arguments = (READ_ONE, [stream]) if as_of is None else (READ_AS_OF, [stream, as_of])
        return [self.recorded(row) for row in await self.pool.fetch(sql, *arguments)]

    async def newest(self, stream: str, most: int) -> list[AnyRecorded]:
        """At most so many events of a stream, the last one first."""
        return [self.recorded(row) for row in await self.pool.fetch(READ_NEWEST, stream, most)]

    async def state(self, decider: Decider[Any, S, Any], id: str) -> tuple[S, int]:
        """State and version of an aggregate as the log has it now: of a stream looked at before, only what is new is
        read, beginning with the event that it ended in then, which a restored log may not have."""
        stream = decider.stream(id)
        known = self._looked_at.lookup(stream) or CachedStream(0, None, decider.initial, (), 0)
        rows = await self.pool.fetch(READ_SINCE, stream, known.version)
        if known.version and (not rows or rows[0]["id"] != known.head):
            self._looked_at.forget({stream: known})
            return await self.state(decider, id)
        if new := rows[1:] if known.version else rows:
            state = decider.replay([self.recorded(row) for row in new], known.state)
            known = CachedStream.of(new[-1]["version"], new[-1]["id"], state)
            self._looked_at.remember({stream: known})
        return known.state, known.version

    async def page(self, streams: Sequence[str], after: tuple[datetime, str] | None, most: int) -> list[AnyRecorded]:
        """At most so many events of these streams, what was recorded first at the head, behind that time and id."""
        since, id = after or (None, None)
        return [self.recorded(row) for row in await self.pool.fetch(READ_PAGE, streams, since, id, most)]

    async def load(self, streams: Sequence[str], source: Source) -> tuple[datetime, dict[str, list[AnyRecorded]]]:
        """The database's now, and the events of these streams by name: one round trip, unless there are none."""
        sql, wanted = (READ_ONE, streams[0]) if len(streams) == 1 else (READ_MANY, streams)
        rows = await source.fetch(sql, wanted) if streams else []
        histories: dict[str, list[AnyRecorded]] = {}
        for row in rows:
            histories.setdefault(row["stream"], []).append(self.recorded(row))
        return rows[0]["now"] if rows else await clock_now(source), histories

    def decode(self, type_name: str, version: int, data: bytes | str) -> Event:
        """An event of our own log. Raises NewerLog, and from then on `outdated` says why."""
        try:
            return self.catalogue.decode(type_name, version, data)
        except (UnknownType, NewerSchema) as error:
            if not self._met:
                log.warning("our own log is newer than this release", service=self.name, reason=repr(error))
                self._met.append(repr(error))
            raise NewerLog(self._met[0]) from None

    def recorded(self, row: asyncpg.Record) -> AnyRecorded:
        """A row of the event table, which begins with COLUMNS, as an event in its envelope.

        Raises NewerLog.
        """
        id, stream, version, type_name, schema_version, data, key, occurred_at, recorded_at, *more = row
        skew_ms, actor, correlation_id, causation_id, traceparent, position, *_ = more
        return Recorded(
            event=self.decode(type_name, schema_version, data),
            id=id,
            stream=stream,
            version=version,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            skew_ms=skew_ms,
            actor=actor,
            correlation_id=correlation_id,
            causation_id=causation_id,
            traceparent=traceparent,
            key=key,
            position=position,
        )

    async def unit(
        self, streams: Sequence[str], source: Source, now: datetime | None = None, lookup: Lookup = nothing
    ) -> Unit:
        """A unit of work that begins with these streams loaded; it loads others when a story asks for them.

        The service is prepared before they are loaded: on a connection, in the transaction that will write the unit.

        With `now`, the database's clock as the caller has just read it, and no streams, it begins without a question.
        """
        if self.prepare is not None:
            await self.prepare(source)
        histories: dict[str, list[AnyRecorded]] = {}
        if now is None or streams:
            now, histories = await self.load(streams, source)
        known = dict.fromkeys(streams)

        async def load(stream: str) -> list[AnyRecorded]:
            if stream in known:
                return histories.get(stream, [])
            return (await self.load([stream], source))[1].get(stream, [])

        return Unit(now, load, lookup, self.offline)

    async def run(self, work: Work, intent: Intent, answer: Callable[[list[Decided]], Answer] | None = None) -> Outcome:
        """Carry a story out: load, decide, project, append; told again when somebody else was first.

        Raises Refused, StaleVersion, FutureInstant, EventTooLarge, KeyInFlight, KeyReused, NewerLog, or Conflict after
        ATTEMPTS or PATIENCE_SECONDS. A key that was carried out before answers what it was answered then, whatever the
        story would say today.
        """
        until = monotonic() + PATIENCE_SECONDS
        for attempt in range(ATTEMPTS):
            try:
                return await self._attempt(work, intent, answer, self._cache.lookup if attempt == 0 else nothing)
            except Unconfirmed:
                FORGOTTEN.inc()
                continue
            except KeyInFlight:
                raise
            except (Conflict, KeySeen, *TRANSIENT):
                CONFLICTS.inc()
                kept = await self.kept(intent.idempotency)
                if kept is None and monotonic() > until:
                    break
                await asyncio.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))
            except Exception:  # a repeated command gets its first answer, whatever it would come to today
                kept = await self.kept(intent.idempotency)
                if kept is None:
                    raise
            if kept is not None:
                return Outcome([], kept)
        raise Conflict("too many races lost in a row")

    async def foresee(self, work: Work, intent: Intent) -> list[Decided]:
        """What a story would come to at this moment, decided on what the log holds: nothing is written.

        Raises Refused, StaleVersion, FutureInstant or NewerLog.
        """
        unit = await self._begin(work, intent, nothing)
        return await unit.decide(work, intent)

    async def _attempt(
        self, work: Work, intent: Intent, answer: Callable[[list[Decided]], Answer] | None, lookup: Lookup
    ) -> Outcome:
        unit = await self._begin(work, intent, lookup)
        try:
            decided = await unit.decide(work, intent)
            kept = answer(decided) if answer else None
            if kept is not None and intent.idempotency is not None:
                unit.answers.append((intent, kept))
            if not unit.is_verifiable:
                raise Unconfirmed
            await self.append(unit, self.pool)
        except (KeySeen, KeyInFlight, *TRANSIENT, *UNREACHABLE):
            raise
        except Exception as error:
            if not (cached := unit.cached):
                raise
            self._cache.forget(cached)
            raise Unconfirmed from error
        return Outcome(decided, kept)

    async def _begin(self, work: Work, intent: Intent, lookup: Lookup) -> Unit:
        """The unit of an attempt: one question for its first stream and the time, or for the time alone."""
        if not isinstance(work, Addressed) or work.is_new:
            return await self.unit([], self.pool, intent.now or await self._clock.now(), lookup)
        if lookup(work.stream) is not None:
            return await self.unit([], self.pool, await self._clock.now(), lookup)
        return await self.unit([work.stream], self.pool, None, lookup)

    async def append(self, unit: Unit, source: Source) -> None:
        """Write a unit in one statement: on the pool a transaction of its own, on a connection part of the open one.

        Raises Conflict, KeySeen or KeyInFlight with nothing written, and EventTooLarge. Raises ManyStreams where a row
        that is new to its stream stands already: another stream made it.
        """
        rows = unit.rows(self.views)
        if not (unit.events or unit.answers or unit.texts or rows):
            return
        timers, reads = rows.keys(timer), unit.reads
        alone, known = isinstance(source, asyncpg.Pool), unit.known
        if not alone:
            self._cache.drop(known)
        try:
            if not isinstance(source, asyncpg.Pool):
                await self._hold(source, unit, reads)
                await self._write(source, timers, [unit], rows)
            elif timers or reads:
                async with transact(source) as connection:
                    await self._hold(connection, unit, reads)
                    await self._write(connection, timers, [unit], rows)
            else:
                await self._together.append(unit, rows)
        except RowTaken as taken:
            await self._judge(taken, unit)
            raise
        if alone:
            self._cache.remember(known)
        APPENDED.inc(len(unit.events))
        self.on_commit()

    async def _hold(self, source: Source, unit: Unit, reads: Mapping[str, int]) -> None:
        """See to it that what was only read stays as it was until this transaction ends. Raises Conflict."""
        if reads:
            await source.execute(LOCK_STREAMS, [*reads, *unit.known])
            if await source.fetchval(CHANGED, list(reads), list(reads.values())):
                raise Conflict("a stream that the story only read was written to meanwhile")

    async def _judge(self, taken: RowTaken, unit: Unit) -> None:
        """Raise ManyStreams where no stream of the unit was written to meanwhile: who made the row was not ahead of us.

        It asks on the pool: the transaction that failed answers nothing any more.
        """
        streams = unit.decided_at
        if not await self.pool.fetchval(CHANGED, list(streams), list(streams.values())):
            raise ManyStreams(taken.table, taken.key, *streams, "another stream") from taken

    async def _write(self, source: Source, timers: list[str], units: Sequence[Unit], rows: Rows) -> None:
        sql, arguments = statement(units, rows)
        try:
            if timers:
                await source.execute(LOCK_TIMERS, timers)
            await source.execute(sql, *arguments)
        except (
            ValueError
        ) as error:  # asyncpg's own, which is an InterfaceError too: not to be taken for a lost connection
            raise UnfitValue(described(error)) from error
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in {f"{view.table.name}_pkey" for view in self.views}:
                raise RowTaken(error) from error
            raise (KeySeen if error.constraint_name == "idempotency_pkey" else Conflict)(described(error)) from error
        except asyncpg.PostgresError as error:
            if error.sqlstate in _REASONS:
                raise _REASONS[error.sqlstate](described(error)) from error
            raise

    async def kept(self, idempotency: Idempotency | None) -> Answer | None:
        """The answer that was kept for a key; raises KeyReused when it was another request's."""
        if idempotency is None:
            return None
        row = await self.pool.fetchrow(
            "SELECT request_hash, status, body, etag FROM idempotency WHERE scope = $1 AND key = $2",
            idempotency.scope,
            idempotency.key,
        )
        if row is None:
            return None
        if row["request_hash"] != idempotency.request_hash:
            raise KeyReused(idempotency.key)
        return Answer(status=row["status"], body=row["body"], etag=row["etag"], replayed=True)


_REASONS: dict[str, type[Exception]] = {"AC409": Conflict, "AC425": KeyInFlight}


__all__ = ["Conflict", "EventTooLarge", "KeyInFlight", "KeyReused", "KeySeen", "Outcome", "StaleVersion", "Store"]
