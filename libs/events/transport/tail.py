"""The tail of what a service published: read on from a place in all lanes, from the store itself.

A place is a seq for each lane. The sealer gives them without a gap and commits them in order, so reading on from a
place misses nothing and doubles nothing. Order holds within a lane, and so for everything about one ticket.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from libs.events.database.connections import Source
from libs.events.database.schema import LANES
from libs.events.transport import wire
from libs.events.transport.feed import heads

EPOCH = "SELECT current_epoch()"

# Position is not the order of commits: within a lane only seq is. Between lanes it is the nearest there is.
TAIL = """
SELECT p.lane, p.seq, p.epoch, e.id, e.version, e.type, e.schema_version, e.data, e.key, e.occurred_at, e.recorded_at,
       e.correlation_id, e.causation_id, e.traceparent
FROM unnest($1::smallint[], $2::bigint[]) AS c (lane, seq)
CROSS JOIN LATERAL (
    SELECT * FROM published WHERE lane = c.lane AND seq > c.seq ORDER BY seq LIMIT $3
) AS p
JOIN event AS e ON e.position = p.position
ORDER BY max(p.position) OVER (PARTITION BY p.lane ORDER BY p.seq), p.lane, p.seq
"""

FIRST_OF_EPOCH = "SELECT lane, min(first_seq) AS seq FROM epoch WHERE epoch >= $1 GROUP BY lane"


class Malformed(ValueError):
    """This is no place."""


class StreamPosition(msgspec.Struct, frozen=True):
    """How far somebody has read: the newest seq of every lane, in an epoch of the service's log."""

    epoch: int
    seqs: tuple[int, ...]

    def __str__(self) -> str:
        """As `parse` reads it: the epoch, a colon, and the lanes' seqs between full stops."""
        return f"{self.epoch}:{'.'.join(map(str, self.seqs))}"

    @classmethod
    def parse(cls, text: str) -> "StreamPosition":
        """The place that somebody was given; `0` is the beginning. Raises Malformed."""
        if text == "0":
            return cls(0, (0,) * LANES)
        epoch, _, seqs = text.partition(":")
        numbers = [epoch, *seqs.split(".")]
        if len(numbers) != 1 + LANES or not all(n.isascii() and n.isdigit() and len(n) <= 18 for n in numbers):
            raise Malformed(text)
        return cls(int(epoch), tuple(map(int, numbers[1:])))

    def behind(self, other: "StreamPosition") -> bool:
        """Whether the other has read something that this one has not."""
        return any(mine < theirs for mine, theirs in zip(self.seqs, other.seqs, strict=True))

    def after(self, lane: int, seq: int, epoch: int) -> "StreamPosition":
        """The place behind one more event."""
        return StreamPosition(max(self.epoch, epoch), (*self.seqs[:lane], seq, *self.seqs[lane + 1 :]))

    def before(self, count: int) -> "StreamPosition":
        """The place so many events of each lane earlier, as far as there are so many."""
        return StreamPosition(self.epoch, tuple(max(0, seq - count) for seq in self.seqs))


class EventNotice(msgspec.Struct, frozen=True):
    """A published event: its place, its type, its key and its fields, and the whole as a CloudEvent in JSON.

    `version` is that of its aggregate's stream.
    """

    epoch: int
    lane: int
    seq: int
    version: int
    type: str
    key: str
    fields: Mapping[str, Any]
    document: bytes


async def end(source: Source) -> StreamPosition:
    """The place behind everything that is sealed."""
    newest, epoch = await heads(source), await source.fetchval(EPOCH)
    return StreamPosition(epoch, tuple(newest[lane].seq for lane in range(LANES)))


async def resume(source: Source, place: StreamPosition) -> StreamPosition:
    """Where to read on from `place`. A place from before a restore that lost commits goes on at the new epoch's first
    seqs, and none lies beyond the end."""
    last = await end(source)
    if 0 < place.epoch < last.epoch:
        rows = await source.fetch(FIRST_OF_EPOCH, place.epoch + 1)
        begun = {row["lane"]: row["seq"] - 1 for row in rows}
        place = StreamPosition(last.epoch, tuple(min(seq, begun.get(lane, seq)) for lane, seq in enumerate(place.seqs)))
    return StreamPosition(last.epoch, tuple(map(min, place.seqs, last.seqs)))


async def read(source: Source, service: str, place: StreamPosition, most: int) -> list[EventNotice]:
    """What was published after `place`, at most so many of each lane, as they were recorded."""
    return [_told(service, row) for row in await source.fetch(TAIL, list(range(LANES)), place.seqs, most)]


def _told(service: str, row: Any) -> EventNotice:
    envelope = {name.removeprefix("ce_"): value.decode() for name, value in wire.headers(service, row)}
    envelope["datacontenttype"] = envelope.pop("content-type")
    document = msgspec.json.encode(envelope | {"data": msgspec.Raw(row["data"].encode())})
    fields = msgspec.json.decode(row["data"])
    place = row["epoch"], row["lane"], row["seq"]
    return EventNotice(*place, row["version"], row["type"], row["key"], fields, document)
