"""Lanes: which of the messages that came are new, which are known, and where something is missing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from libs.events.inbox.stop import Kind
from libs.events.transport.wire import Message

Lane = tuple[str, int]
"""A source and one of its lanes."""


def lane_of(message: Message) -> Lane:
    """The lane that a message came on."""
    return message.source, message.lane


class Position(msgspec.Struct, frozen=True, gc=False):
    """How far a consumer has applied a lane: everything up to `seq` of this epoch, the last being `event_id`.

    Without an `event_id` whatever the source has at `seq` is taken as applied. `stopped` is the kind of its stop.
    """

    epoch: int
    seq: int
    event_id: str | None = None
    stopped: Kind | None = None


UNHEARD = Position(1, 0)
"""Of a lane that nothing was applied of, or that has no row yet."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A lane whose next event is missing: ask its source for what follows `after`, from `epoch` on."""

    source: str
    lane: int
    after: int
    epoch: int


def missing(lane: Lane, at: Position, epoch: int, seq: int) -> Gap | None:
    """The gap before a lane's head, if the position is behind it; a newer epoch may begin at a lower seq."""
    if epoch > at.epoch:
        return Gap(*lane, 0, at.epoch + 1)
    return Gap(*lane, at.seq, at.epoch) if epoch == at.epoch and seq > at.seq else None


@dataclass
class Batch:
    """Messages sorted: `new` are next in order, `positions` where they lead; the rest is not to be applied."""

    new: list[Message] = field(default_factory=list)
    positions: dict[Lane, Position] = field(default_factory=dict)
    duplicates: list[Message] = field(default_factory=list)
    gaps: dict[Lane, Gap] = field(default_factory=dict)
    diverged: dict[Lane, Message] = field(default_factory=dict)

    @property
    def moved(self) -> dict[Lane, Position]:
        """The positions that the fresh messages lead to."""
        return {lane: self.positions[lane] for lane in {lane_of(message) for message in self.new}}


def sort_by_position(messages: Iterable[Message], positions: Mapping[Lane, Position]) -> Batch:
    """Sort messages against the positions of their lanes.

    A lane's events apply in the order of seq, each once. A known seq is a duplicate; a later one than the next, or the
    first of a newer epoch, is a gap to be filled from the source; the last seq with another id is a divergence.
    """
    batch = Batch(positions=dict(positions))
    closed = {lane for lane, at in positions.items() if at.stopped}
    for message in messages:
        lane = lane_of(message)
        if lane in closed:
            continue
        at = batch.positions[lane]
        if message.seq == at.seq + 1 and message.epoch == at.epoch:
            batch.new.append(message)
            batch.positions[lane] = Position(at.epoch, message.seq, message.id)
        elif not _is_duplicate(batch, lane, at, message):
            closed.add(lane)
    return batch


def _is_duplicate(batch: Batch, lane: Lane, at: Position, message: Message) -> bool:
    """Note what a message is that is not the next of its lane; nothing of the lane is applied unless a duplicate."""
    if message.epoch > at.epoch:
        batch.gaps[lane] = Gap(*lane, 0, at.epoch + 1)
    elif message.epoch == at.epoch and message.seq == at.seq and message.id != (at.event_id or message.id):
        batch.diverged[lane] = message
    elif message.epoch < at.epoch or message.seq <= at.seq:
        batch.duplicates.append(message)
        return True
    else:
        batch.gaps[lane] = Gap(*lane, at.seq, at.epoch)
    return False


def realigned(at: Position, first: Message) -> Position:
    """The position just before an event of another epoch, from which on that one is heard."""
    return replace(at, epoch=first.epoch, seq=first.seq - 1, event_id=None)
