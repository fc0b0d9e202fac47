"""A small world of the kernel's own to test it with: parcels move through a post office, and a desk hears of it.

The post publishes moves and keeps weights to itself; the desk enters each move, once and in order, in a book of its own
and counts them in a tally. An alarm is a stream with a timer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import assert_never

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded, Catalogue, Decider, Event, Published, Refused, Story, event
from libs.events.database.schema import timer
from libs.events.view import Count, View

metadata = sa.MetaData()


@event("post.ParcelMoved")
class ParcelMoved(Published, frozen=True, kw_only=True):
    """Moved for the `step`-th time."""

    step: int
    note: str = ""


@event("post.ParcelWeighed")
class ParcelWeighed(Event, frozen=True, kw_only=True):
    """Weighed: nobody else's business."""

    grams: int


@event("post.ParcelSealed")
class ParcelSealed(Event, frozen=True, kw_only=True):
    """Sealed: it moves no more."""


@dataclass(frozen=True)
class Move:
    """Move a parcel `times` times at once."""

    times: int = 1
    note: str = ""


@dataclass(frozen=True)
class Weigh:
    grams: int


@dataclass(frozen=True)
class Seal:
    pass


@dataclass(frozen=True)
class CheckOpen:
    """Refused where the parcel is sealed; says nothing otherwise."""


@dataclass(frozen=True)
class Parcel:
    steps: int = 0
    sealed: bool = False


Command = Move | Weigh | Seal | CheckOpen


def decide(moved: type[ParcelMoved], command: Command, state: Parcel, at: datetime) -> Sequence[Event]:
    if state.sealed:
        raise Refused("parcel-sealed", "The parcel is sealed.")
    match command:
        case Move(times, note):
            return [moved(step=state.steps + n, note=note) for n in range(1, times + 1)]
        case Weigh(grams):
            return [ParcelWeighed(grams=grams)]
        case Seal():
            return [ParcelSealed()]
        case CheckOpen():
            return []
        case _:
            assert_never(command)


def evolve(state: Parcel, happened: Event) -> Parcel:
    match happened:
        case ParcelMoved(step=step):
            return Parcel(step, state.sealed)
        case ParcelSealed():
            return Parcel(state.steps, True)
        case _:
            return state


def status(state: Parcel) -> str:
    return "sealed" if state.sealed else "open"


def parcels(moved: type[ParcelMoved]) -> Decider[Command, Parcel, Event]:
    """The parcels of a post office whose moves have a type of their own."""
    types = Catalogue(moved, ParcelWeighed, ParcelSealed)
    return Decider("parcel", types, Parcel(), partial(decide, moved), evolve, status)


def moved_at(source: str) -> type[ParcelMoved]:
    """The moves of a post office of that name, so that a test has a topic of its own."""

    @event(f"{source}.ParcelMoved")
    class Moved(ParcelMoved, frozen=True, kw_only=True):
        pass

    return Moved


parcel = parcels(ParcelMoved)


class ParcelRow(msgspec.Struct, frozen=True):
    id: str
    steps: int
    grams: int | None
    last_at: datetime


parcel_table = sa.Table(
    "parcel",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("grams", sa.Integer),
    sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("parcel_last_at", "last_at", "id"),
)


def parcel_row(before: ParcelRow | None, recorded: AnyRecorded) -> ParcelRow | None:
    """A sealed parcel leaves the list."""
    row = before or ParcelRow(recorded.stream, 0, None, recorded.occurred_at)
    match recorded.event:
        case ParcelMoved(step=step):
            return ParcelRow(row.id, step, row.grams, recorded.occurred_at)
        case ParcelWeighed(grams=grams):
            return ParcelRow(row.id, row.steps, grams, recorded.occurred_at)
        case _:
            return None


parcel_list = View(
    parcel_table,
    ParcelRow,
    key=lambda recorded: recorded.stream if recorded.stream.startswith("parcel-") else None,
    apply=parcel_row,
)


class NoteRow(msgspec.Struct, frozen=True):
    id: str
    moves: int
    steps: int


note_table = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("moves", sa.Integer, nullable=False),
    sa.Column("steps", sa.Integer, nullable=False),
)


def noted(recorded: AnyRecorded) -> list[NoteRow]:
    """Every move counts for its note, whichever parcel it is of."""
    moved = recorded.event
    return [NoteRow(moved.note, 1, moved.step)] if isinstance(moved, ParcelMoved) else []


note_count = Count(note_table, NoteRow, noted)


def notes_heard(moved: type[ParcelMoved]) -> Count[NoteRow]:
    """The same at a desk that hears of the moves."""
    return Count(note_table, NoteRow, noted, hears=Catalogue(moved))


class WeightRow(msgspec.Struct, frozen=True):
    id: str
    grams: int
    parcels: int


weight_table = sa.Table(
    "weight",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grams", sa.Integer, nullable=False),
    sa.Column("parcels", sa.Integer, nullable=False),
)


def weights(row: ParcelRow) -> list[WeightRow]:
    """A parcel that was weighed counts for its class, light or heavy."""
    return [] if row.grams is None else [WeightRow("heavy" if row.grams > 100 else "light", row.grams, 1)]


weight_count = Count.of(parcel_list, weight_table, WeightRow, weights)


@event("desk.MoveEntered")
class MoveEntered(Event, frozen=True, kw_only=True):
    step: int


@dataclass(frozen=True)
class Enter:
    step: int
    note: str


@dataclass(frozen=True)
class Book:
    steps: list[int] = field(default_factory=list)


class Smudge(Exception):
    """The desk cannot read this move, however often it tries."""


smudged: set[str] = set()
"""Notes that the desk cannot read at present: what a defect in a reaction looks like."""


def enter(command: Enter, state: Book, at: datetime) -> Sequence[MoveEntered]:
    if command.note in smudged:
        raise Smudge(command.note)
    return [MoveEntered(step=command.step)]


def turn_page(state: Book, entered: MoveEntered) -> Book:
    return Book([*state.steps, entered.step])


book = Decider("book", Catalogue(MoveEntered), Book(), enter, turn_page, lambda state: "open")


def enter_move(heard: AnyRecorded) -> Story:
    """When a parcel moved, the desk enters it in that parcel's book."""
    yield book.on(heard.key or "", Enter(heard.event.step, heard.event.note))


class TallyRow(msgspec.Struct, frozen=True):
    id: str
    moves: int
    last_step: int


tally_table = sa.Table(
    "tally",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("moves", sa.Integer, nullable=False),
    sa.Column("last_step", sa.Integer, nullable=False),
)


def tally(moved: type[ParcelMoved]) -> View[TallyRow]:
    """Moves counted one by one, so that any repetition shows."""

    def count(before: TallyRow | None, recorded: AnyRecorded) -> TallyRow:
        return TallyRow(recorded.key or "", (before.moves if before else 0) + 1, recorded.event.step)

    return View(tally_table, TallyRow, key=lambda recorded: recorded.key, apply=count, hears=Catalogue(moved))


@event("post.AlarmSet")
class AlarmSet(Event, frozen=True, kw_only=True):
    due_at: datetime


@event("post.AlarmRang")
class AlarmRang(Event, frozen=True, kw_only=True):
    due_at: datetime


@dataclass(frozen=True)
class SetAlarm:
    due_at: datetime


@dataclass(frozen=True)
class Ring:
    due_at: datetime


def decide_alarm(command: SetAlarm | Ring, armed: datetime | None, at: datetime) -> Sequence[Event]:
    match command:
        case SetAlarm(due_at):
            return [AlarmSet(due_at=due_at)]
        case Ring(due_at):
            return [AlarmRang(due_at=due_at)] if armed == due_at else []


def evolve_alarm(armed: datetime | None, happened: Event) -> datetime | None:
    return happened.due_at if isinstance(happened, AlarmSet) else None


alarm: Decider[SetAlarm | Ring, datetime | None, Event] = Decider(
    "alarm",
    Catalogue(AlarmSet, AlarmRang),
    None,
    decide_alarm,
    evolve_alarm,
    lambda armed: "armed" if armed else "idle",
)


class TimerRow(msgspec.Struct, frozen=True):
    id: str
    stream_id: str
    due_at: datetime


def timer_row(before: TimerRow | None, recorded: AnyRecorded) -> TimerRow | None:
    if not isinstance(recorded.event, AlarmSet):
        return None
    return TimerRow(recorded.stream, recorded.stream.removeprefix("alarm-"), recorded.event.due_at)


alarm_timers = View(
    timer,
    TimerRow,
    key=lambda recorded: recorded.stream if recorded.stream.startswith("alarm-") else None,
    apply=timer_row,
)


def fall_due(timer_id: str, stream_id: str, due_at: datetime) -> Story:
    yield alarm.on(stream_id, Ring(due_at))
