"""Entries of the streams of whole services, and the place of somebody who reads several of them at once."""

from collections.abc import Mapping
from typing import Self

import msgspec

from libs.events.transport.tail import StreamPosition

BETWEEN = "~"


class Audience(msgspec.Struct, frozen=True):
    """Who may know of an entry: whoever has one of the roles, and these people by their pseudonyms."""

    roles: frozenset[str]
    actors: frozenset[str] = frozenset()

    def admits(self, roles: frozenset[str], actor_id: str) -> bool:
        """Whether somebody with these roles may."""
        return not self.roles.isdisjoint(roles) or actor_id in self.actors


class Entry(msgspec.Struct, frozen=True):
    """That something happened: the event's type and place, what it is about, its stream's version, and for whom."""

    type: str
    epoch: int
    lane: int
    seq: int
    version: int
    ids: Mapping[str, str]
    audience: Audience


class Places(msgspec.Struct, frozen=True):
    """How far somebody has read each of several services, in their order; epoch 0 where that is not known yet."""

    positions: tuple[StreamPosition, ...]

    def __str__(self) -> str:
        """As `parse` reads it."""
        return BETWEEN.join(map(str, self.positions))

    @classmethod
    def parse(cls, text: str, count: int) -> Self:
        """The places in so many services. Raises ValueError for anything else."""
        parts = text.split(BETWEEN)
        if len(parts) != count:
            raise ValueError(text)
        return cls(tuple(map(StreamPosition.parse, parts)))

    @classmethod
    def unknown(cls, count: int) -> Self:
        """Before anything is known of so many services."""
        return cls((StreamPosition.parse("0"),) * count)

    def at(self, service: int, position: str) -> "Places":
        """The same, with this place in one service. Raises ValueError."""
        return self._with(service, StreamPosition.parse(position))

    def has(self, service: int, entry: Entry) -> bool:
        """Whether an entry was read before."""
        mine = self.positions[service]
        return entry.epoch <= mine.epoch and entry.seq <= mine.seqs[entry.lane]

    def after(self, service: int, entry: Entry) -> "Places":
        """The places behind one more entry."""
        return self._with(service, self.positions[service].after(entry.lane, entry.seq, entry.epoch))

    def between(self, first: "Places", last: "Places", ahead: int) -> bool:
        """Whether whoever is here finds all that follows after `first`, and is at most so many of a lane beyond `last`.

        What is not known of a service speaks against nobody.
        """
        known = zip(self.positions, first.positions, last.positions, strict=True)
        return all(_between(mine, one, other, ahead) for mine, one, other in known if other.epoch)

    def _with(self, service: int, position: StreamPosition) -> "Places":
        return Places((*self.positions[:service], position, *self.positions[service + 1 :]))


def _between(mine: StreamPosition, first: StreamPosition, last: StreamPosition, ahead: int) -> bool:
    seqs = zip(first.seqs, mine.seqs, last.seqs, strict=True)
    return mine.epoch == last.epoch and all(low <= seq <= high + ahead for low, seq, high in seqs)
