"""The event feed of a service: what it published, by lane and seq, for whoever Kafka did not bring it to."""

from typing import Any, Protocol

import msgspec

from libs.events.database.connections import Source
from libs.events.database.schema import LANES
from libs.events.transport import wire
from libs.events.transport.wire import Message

FEED = """
SELECT p.lane, p.seq, p.epoch, e.id, e.type, e.schema_version, e.data, e.key, e.occurred_at, e.recorded_at,
       e.correlation_id, e.causation_id, e.traceparent
FROM (
    SELECT * FROM published
    WHERE lane = $1 AND seq > $2
        AND seq >= (SELECT first_seq FROM epoch WHERE lane = $1 AND epoch >= $3 ORDER BY epoch LIMIT 1)
    ORDER BY seq LIMIT $4
) AS p
CROSS JOIN LATERAL (SELECT * FROM event WHERE position = p.position OFFSET 0) AS e
ORDER BY p.seq
"""
"""OFFSET 0 keeps the two apart: when `event` was analysed in the middle of a big insert, the planner read all of it."""


class Entry(msgspec.Struct, frozen=True):
    """One published event as the feed shows it: the headers that its message has, and its data."""

    headers: dict[str, str]
    data: msgspec.Raw


class Head(msgspec.Struct, frozen=True):
    """The newest published event of a lane: its epoch and seq, 1 and 0 where there is none.

    `current` is the epoch of what is published next, on any lane.
    """

    epoch: int
    seq: int
    current: int


class Feed(Protocol):
    """Another service's feed, as a consumer asks for it over HTTP."""

    async def heads(self, service: str) -> dict[int, Head]:
        """The newest event of every lane."""

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        """The next published events of a lane, in order: seq above `after`, of this epoch or a later one."""


async def heads(source: Source) -> dict[int, Head]:
    """The newest sealed event of every lane."""
    rows = await source.fetch(
        "SELECT l.lane, coalesce(p.epoch, 1) AS epoch, coalesce(p.seq, 0) AS seq, e.current "
        "FROM current_epoch() AS e (current), generate_series(0, $1) AS l (lane) LEFT JOIN LATERAL "
        "(SELECT epoch, seq FROM published WHERE lane = l.lane ORDER BY seq DESC LIMIT 1) AS p ON true",
        LANES - 1,
    )
    return {row["lane"]: Head(row["epoch"], row["seq"], row["current"]) for row in rows}


async def entries(source: Source, service: str, lane: int, after: int, limit: int = 500, epoch: int = 0) -> list[Entry]:
    """A lane's published events in order, from the store itself: seq above `after`, at most `limit`."""
    rows = await source.fetch(FEED, lane, after, epoch, limit)
    return [_entry(service, row) for row in rows]


def _entry(service: str, row: Any) -> Entry:
    headers = {name: value.decode() for name, value in wire.headers(service, row)}
    return Entry(headers, msgspec.Raw(row["data"].encode()))


def message(entry: Entry) -> Message:
    """An entry as the message that Kafka would have brought; raises wire.Undecodable."""
    return wire.message(entry.headers, bytes(entry.data))
