"""A unit of work: stories decided in memory over streams that are loaded once, to be written by one append."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import msgspec
from uuid_utils import uuid7

from libs.events.decider import Addressed, Change, Decider, Story
from libs.events.event import Event, Evidence, Published
from libs.events.log.intent import Answer, Intent
from libs.events.log.rows import Rows
from libs.events.log.stream_cache import CachedStream, Lookup, nothing
from libs.events.message import AnyRecorded, Recorded
from libs.events.texts import Text
from libs.events.view import AnyView, Count, ManyStreams

Work = Addressed | Callable[[], Story]
"""One command, or a function that begins a story: it may have to be told again after a conflict."""

Load = Callable[[str], Awaitable[list[AnyRecorded]]]

SKEW = timedelta(minutes=5)
"""By how much the clock of whoever tells something may be ahead of ours: that is taken as now."""

OFFLINE = timedelta(hours=72)
"""How long somebody may be offline: what is recorded later than that after it happened is late evidence."""


class StaleVersion(Exception):
    """The stream is not at the version that the command was decided for."""

    def __init__(self, stream: str, expected: Collection[int], actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {sorted(expected)}")
        self.actual = actual


class FutureInstant(Exception):
    """A command says that it happened later than now, by more than a clock may be wrong. `now` is ours."""

    def __init__(self, now: datetime) -> None:
        super().__init__(f"occurred_at lies more than {SKEW} after {now.isoformat()}")
        self.now = now


class NotYetWritten(Exception):
    """A decider emitted an event that this release only reads: a defect of whoever made it."""


class Decided(msgspec.Struct, frozen=True):
    """What one command of a story came to: the events it gave, and its aggregate after them."""

    decider: Decider[Any, Any, Any]
    id: str
    version: int
    before: Any
    state: Any
    events: list[AnyRecorded]

    @property
    def change(self) -> Change:
        """The same for the story that goes on with it."""
        return Change((recorded.event for recorded in self.events), self.before, self.state)

    @property
    def status(self) -> str:
        """The aggregate's status, in one word."""
        return self.decider.status(self.state)


class _Stream(msgspec.Struct):
    """A stream in a unit: what it was when the unit came to it, and what the unit adds."""

    base: CachedStream | None
    history: list[AnyRecorded]
    loaded: int
    state: Any
    new: list[AnyRecorded] = []
    before: Sequence[dict[str, Any]] = ()
    rows: tuple[dict[str, Any], ...] = ()

    @classmethod
    def read(cls, history: list[AnyRecorded], decider: Decider[Any, Any, Any]) -> Self:
        """As the log has it."""
        return cls(None, history, len(history), decider.replay(history))

    @classmethod
    def cached(cls, known: CachedStream) -> Self:
        """As it is remembered."""
        return cls(known, [], known.version, known.state)

    @property
    def version(self) -> int:
        return self.loaded + len(self.new)

    @property
    def head(self) -> str | None:
        """The id of the event that was its last."""
        if self.base is not None:
            return self.base.head
        return self.history[-1].id if self.history else None

    def fold(self, views: Sequence[AnyView]) -> None:
        """The rows that the views make of it, the new events included."""
        self.before = self.base.rows if self.base is not None else [view.fold(self.history) for view in views]
        self.rows = tuple(view.fold(self.new, rows) for view, rows in zip(views, self.before, strict=True))


@dataclass
class Unit:
    """Everything that one transaction will write. `now` is the database's clock when the unit began.

    A stream is recalled before it is loaded: what comes of a recalled one counts only when the append confirms it.
    """

    now: datetime
    load: Load
    lookup: Lookup = nothing
    offline: timedelta = OFFLINE
    events: list[AnyRecorded] = field(default_factory=list)
    answers: list[tuple[Intent, Answer]] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    extra_rows: Rows = field(default_factory=Rows)
    texts: list[Text] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)
    _streams: dict[str, _Stream] = field(default_factory=dict)

    async def decide(self, work: Work, intent: Intent) -> list[Decided]:
        """Decide a story's commands one after the other; what they came to, in order.

        Raises Refused, StaleVersion or FutureInstant; the unit is then of no further use.
        """
        if intent.occurred_at is not None and intent.occurred_at > self.now + SKEW:
            raise FutureInstant(self.now)
        if isinstance(work, Addressed):
            self.intents.append(intent)
            return [await self._decide(work, intent, first=True)]
        story = work()
        return await self.resume(story, next(story), intent)

    async def resume(self, story: Story, do: Addressed, intent: Intent) -> list[Decided]:
        """Go on with a story that has begun with the command `do`."""
        self.intents.append(intent)
        decided: list[Decided] = []
        touched: dict[str, bool] = {}
        try:
            while True:
                decided.append(await self._decide(do, intent, first=not decided))
                touched[do.stream] = touched.get(do.stream, False) or bool(decided[-1].events)
                do = story.send(decided[-1].change)
        except StopIteration:
            if any(touched.values()):
                self._read.update(name for name, is_written in touched.items() if not is_written)
            return decided

    async def _decide(self, do: Addressed, intent: Intent, first: bool) -> Decided:
        stream = await self._stream(do)
        version = stream.version
        if first and intent.expected is not None and version not in intent.expected:
            raise StaleVersion(do.stream, intent.expected, version)
        at = min(intent.occurred_at or self.now, self.now)
        before = stream.state
        said = do.decider.decide(do.command, before, at)
        events = [self._record(do.stream, version + n, event, at, intent) for n, event in enumerate(said, 1)]
        stream.state = do.decider.replay(events, before)
        stream.new.extend(events)
        self.events.extend(events)
        if first and intent.texts:
            self._keep(intent.texts, do.decider.subject(stream.state) or do.id)
        return Decided(do.decider, do.id, stream.version, before, stream.state, events)

    def _keep(self, texts: Sequence[Text], subject_id: str) -> None:
        self.texts.extend(t if t.subject_id else msgspec.structs.replace(t, subject_id=subject_id) for t in texts)

    async def _stream(self, do: Addressed) -> _Stream:
        name = do.stream
        if (stream := self._streams.get(name)) is None:
            if not do.is_new and (known := self.lookup(name)) is not None:
                stream = _Stream.cached(known)
            else:
                stream = _Stream.read([] if do.is_new else await self.load(name), do.decider)
            self._streams[name] = stream
        return stream

    def _record(self, stream: str, version: int, event: Event, at: datetime, intent: Intent) -> AnyRecorded:
        if not event.written:
            raise NotYetWritten(f"{event.type_name} is read by this release, and recorded only by the next one")
        if isinstance(event, Evidence) and self._is_late(at, intent):
            event = msgspec.structs.replace(event, late=True)
        return Recorded(
            event=event,
            id=str(uuid7()),
            stream=stream,
            version=version,
            occurred_at=at,
            recorded_at=self.now,
            skew_ms=self._skew_ms(intent),
            actor=intent.actor,
            correlation_id=intent.correlation_id,
            causation_id=intent.causation_id,
            traceparent=intent.traceparent,
            key=event.key(stream) if isinstance(event, Published) else None,
        )

    def _is_late(self, at: datetime, intent: Intent) -> bool:
        return self.now - at > self.offline if intent.late is None else intent.late

    def _skew_ms(self, intent: Intent) -> int | None:
        ahead = intent.occurred_at - self.now if intent.occurred_at else timedelta()
        return ahead // timedelta(milliseconds=1) or None if ahead > timedelta() else None

    def expected_heads(self) -> list[tuple[str, int, str]]:
        """The streams that are added to, each at the version that it was decided on, and the event that it ends in."""
        return [(name, s.loaded, head) for name, s in self._streams.items() if s.new and (head := s.head) is not None]

    @property
    def reads(self) -> dict[str, int]:
        """The streams that a story only read and wrote others by, each at its version: the append checks them too."""
        return {name: s.loaded for name in sorted(self._read) if not (s := self._streams[name]).new}

    @property
    def decided_at(self) -> dict[str, int]:
        """The streams that are added to, each at the version that it was decided on."""
        return {name: stream.loaded for name, stream in self._streams.items() if stream.new}

    @property
    def cached(self) -> dict[str, CachedStream]:
        """The streams that were recalled."""
        return {name: stream.base for name, stream in self._streams.items() if stream.base is not None}

    @property
    def is_verifiable(self) -> bool:
        """Whether the append will confirm all that was recalled: it looks at the streams that are added to."""
        return all(stream.new for stream in self._streams.values() if stream.base is not None)

    @property
    def known(self) -> dict[str, CachedStream]:
        """The streams that are added to, as they are after the append."""
        return {
            name: CachedStream.of(stream.version, stream.new[-1].id, stream.state, stream.rows)
            for name, stream in self._streams.items()
            if stream.new
        }

    def rows(self, views: Sequence[AnyView]) -> Rows:
        """The view rows that the new events touch, each folded from its stream, what counts, and the rows `extra_rows`.

        Raises ManyStreams for a row of a view that is of two of the unit's streams.
        """
        rows = self.extra_rows.copy()
        owners: dict[tuple[str, str], str] = {}
        for name, stream in self._streams.items():
            if stream.new:
                stream.fold(views)
                for view, before, folded in zip(views, stream.before, stream.rows, strict=True):
                    if isinstance(view, Count):
                        rows.add(view, view.added(stream.new, before).values())
                        continue
                    for key in {key for recorded in stream.new if (key := view.key(recorded)) is not None}:
                        if (owner := owners.setdefault((view.table.name, key), name)) != name:
                            raise ManyStreams(view.table.name, key, owner, name)
                        is_new = view.is_checked and before.get(key) is None
                        rows.put(view.table, key, folded[key], is_new)
        for intent in self.intents:
            for table, row in intent.rows:
                (key_column,) = table.primary_key.columns
                rows.put(table, row[key_column.name], row)
        return rows
