"""A small list that people keep in one stream: what its entries are, how many, and what may not stand twice. Pure.

An event says all of an entry from then on, or that it is no more; the list is what they come to, those kept first in
front. A list names its own entry, its own events and its own rule.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, assert_never
from uuid import NAMESPACE_URL, uuid5

from libs.events.catalogue import Catalogue
from libs.events.decider import Decider, Refused
from libs.events.event import Event


class Entry(Protocol):
    """Whatever is on a list."""

    @property
    def id(self) -> str:
        """Under which it is kept."""


T = TypeVar("T", bound=Entry)


@dataclass(frozen=True, slots=True)
class Keep(Generic[T]):
    """Have an entry on the list; `known`: in the place of the one of its id."""

    entry: T
    known: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Have no entry of this id."""

    id: str


class Refusal(NamedTuple):
    """Why an entry is not kept."""

    code: str
    sentence: str


class Bounds(NamedTuple):
    """How many entries there may be, and what is said to one more and to a change of what is not there."""

    most: int
    full: Refusal
    unknown: Refusal

    def check(self, entries: Sequence[Entry], id: str, known: bool) -> None:
        """Raises Refused for an entry that cannot be kept under this id."""
        if known and found(entries, id) is None:
            raise Refused(self.unknown.code, self.unknown.sentence)
        if not known and len(entries) >= self.most:
            raise Refused(self.full.code, self.full.sentence)


def found(entries: Iterable[T], id: str) -> T | None:
    """The entry of this id."""
    return next((each for each in entries if each.id == id), None)


def having(entries: Sequence[T], entry: T) -> tuple[T, ...]:
    """The list with an entry in the place of the one of its id, or at the end."""
    if found(entries, entry.id) is None:
        return (*entries, entry)
    return tuple(entry if each.id == entry.id else each for each in entries)


def without(entries: Iterable[T], id: str) -> tuple[T, ...]:
    """The list without the entry of this id."""
    return tuple(each for each in entries if each.id != id)


def of_department(name: str) -> str:
    """The id of the one list of this name that a department has."""
    return str(uuid5(NAMESPACE_URL, f"urn:aftercare:department:{name}"))


@dataclass(frozen=True)
class KeptList(Generic[T]):
    """How a list of one kind spells its events, and what may be kept beside what.

    `change(event)` is the entry that an event keeps, or the id of the one that it removes. `check(entry, others)`
    raises Refused for an entry that cannot stand beside the others.
    """

    bounds: Bounds
    kept: Callable[[T], Event]
    removed: Callable[[T], Event]
    change: Callable[[Any], T | str]
    check: Callable[[T, Sequence[T]], None]

    def decider(self, name: str, events: Catalogue, status: str = "kept") -> "KeptDecider[T]":
        """The decider of its streams; `status` is the one word for a command's answer."""
        return Decider(name, events, (), self.decide, self.evolve, lambda entries: status)

    def decide(self, command: Keep[T] | Remove, entries: tuple[T, ...], at: datetime) -> Sequence[Event]:
        """The events of a command; nothing where it changes nothing."""
        match command:
            case Keep(entry, known):
                self.bounds.check(entries, entry.id, known)
                self.check(entry, without(entries, entry.id))
                return [] if found(entries, entry.id) == entry else [self.kept(entry)]
            case Remove(id):
                there = found(entries, id)
                return [self.removed(there)] if there else []
            case _:
                assert_never(command)

    def evolve(self, entries: tuple[T, ...], event: Event) -> tuple[T, ...]:
        """The list after an event."""
        change = self.change(event)
        return without(entries, change) if isinstance(change, str) else having(entries, change)


KeptDecider = Decider[Keep[T] | Remove, tuple[T, ...], Any]
