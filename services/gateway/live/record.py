"""What the gateway tells of an entry, and what it keeps for those who come back."""

from collections import deque
from dataclasses import dataclass, field

import msgspec

from libs.chassis.streaming.entries import Entry, Places

KEPT = 5000
"""Entries of all services together that are kept."""
AHEAD = 10_000
"""By how many entries of a lane somebody may be ahead who comes from another gateway; no place lies beyond."""


class Told(msgspec.Struct, frozen=True):
    """An entry of the service of that number, with the places before and after it in this gateway's order.

    `data` is what browsers are told: the type, the ids and the version.
    """

    service: int
    entry: Entry
    before: Places
    after: Places
    data: bytes
    block: bytes

    @classmethod
    def of(cls, service: int, entry: Entry, before: Places, after: Places) -> "Told":
        data = msgspec.json.encode({"type": entry.type, **entry.ids, "version": entry.version})
        return cls(service, entry, before, after, data, _block(after, data))

    def move(self, place: Places) -> Places | None:
        """Where somebody at `place` is behind it; None for who has it already."""
        if place is self.before:  # as all are who keep up: nothing is compared
            return self.after
        if place.has(self.service, self.entry):
            return None
        found = place.after(self.service, self.entry)
        return self.after if found == self.after else found

    def block_at(self, place: Places) -> bytes:
        """As it comes off the line for somebody whom it brings to `place`."""
        return self.block if place is self.after else _block(place, self.data)


def _block(place: Places, data: bytes) -> bytes:
    return b"id: %b\ndata: %b\n\n" % (str(place).encode(), data)


@dataclass
class Record:
    """The newest entries of so many services in the order in which they came, and the places before and behind them."""

    services: int
    kept: deque[Told] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        self.first = self.last = Places.unknown(self.services)

    @property
    def is_whole(self) -> bool:
        """Whether it is known of each service where it is."""
        return all(position.epoch for position in self.last.positions)

    def knows(self, place: Places) -> bool:
        """Whether all is kept that came after a place."""
        return place.between(self.first, self.last, AHEAD)

    def begin(self, service: int, position: str) -> bool:
        """A service is read from here on; whether that is another place than where it was. Raises ValueError."""
        begun = self.last.at(service, position)
        if begun == self.last:
            return False
        self.last, self.first = begun, self.first.at(service, position)
        self.kept = deque(told for told in self.kept if told.service != service)
        return True

    def add(self, service: int, entry: Entry, position: str) -> Told:
        """An entry, and the place behind it. Raises ValueError."""
        told = Told.of(service, entry, self.last, self.last.at(service, position))
        self.kept.append(told)
        self.last = told.after
        if len(self.kept) > KEPT:
            oldest = self.kept.popleft()
            self.first = self.first.after(oldest.service, oldest.entry)
        return told
