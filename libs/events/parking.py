"""Parked events: what could not be applied, kept where an operator sees it, with all that came behind it.

A key is blocked for a consumer as long as one of its events is parked. No personal data: events hold none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from libs.events import wire
from libs.events.database import Connection, Source
from libs.events.wire import Message

EPIDEMIC = 10
"""So many keys parked by one error within a minute are no poison but a defect: the lane stops instead."""


class Unknown(LookupError):
    """No such parked event, or one that has no envelope and can only be discarded."""


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A parked event as an operator sees it; `error` is null where it only waits behind another of its key."""

    id: int
    source: str
    lane: int | None
    seq: int | None
    key: str
    event_id: str | None
    type: str | None
    error: str | None
    attempts: int
    parked_at: datetime
    headers: dict[str, str]
    data: str


async def blocked(connection: Connection, consumer: str, keys: Sequence[str]) -> set[str]:
    """Which of these keys have something parked. Most of the time nothing is, and one small question says so."""
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM parked WHERE consumer = $1)", consumer):
        return set()
    rows = await connection.fetch(
        "SELECT DISTINCT key FROM parked WHERE consumer = $1 AND key = ANY($2)", consumer, list(set(keys))
    )
    return {row["key"] for row in rows}


async def park(connection: Connection, consumer: str, messages: Iterable[Message], error: str | None) -> None:
    """Keep messages until somebody retries or discards them."""
    rows = [
        (
            consumer, m.source, m.epoch, m.lane, m.seq, m.key, m.id, m.type,
            msgspec.json.encode(m.headers).decode(), m.value, error,
        )
        for m in messages
    ]  # fmt: skip
    await connection.executemany(
        "INSERT INTO parked (consumer, source, epoch, lane, seq, key, event_id, type, headers, value, error) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rows,
    )


async def park_stranger(source: Source, consumer: str, origin: str, headers: dict[str, str], value: bytes) -> None:
    """Keep a record that has no envelope of ours, once; `origin` is its topic/partition/offset."""
    await source.execute(
        "INSERT INTO parked (consumer, source, key, headers, value, error, origin) "
        "VALUES ($1, $2, $3, $4, $5, 'no envelope: not one of our events', $3) ON CONFLICT DO NOTHING",
        consumer,
        origin.split("/")[0],
        origin,
        msgspec.json.encode(headers).decode().replace("\\u0000", ""),
        value,
    )


async def is_epidemic(connection: Connection, consumer: str, error: str) -> bool:
    """Whether this error parked many keys in the last minute."""
    count: int = await connection.fetchval(
        "SELECT count(DISTINCT key) FROM parked "
        "WHERE consumer = $1 AND error = $2 AND parked_at > now() - interval '1 minute'",
        consumer,
        error,
    )
    return count >= EPIDEMIC


async def listed(source: Source, consumer: str, after: int = 0, limit: int = 50) -> list[Parked]:
    """Parked events, oldest first."""
    rows = await source.fetch(
        "SELECT * FROM parked WHERE consumer = $1 AND id > $2 ORDER BY id LIMIT $3", consumer, after, limit
    )
    return [_parked(row) for row in rows]


def _parked(row: Any) -> Parked:
    fields = {name: row[name] for name in Parked.__struct_fields__ if name not in ("headers", "data")}
    data = row["value"].decode("utf-8", "backslashreplace")
    return Parked(**fields, headers=msgspec.json.decode(row["headers"], type=dict[str, str]), data=data)


async def of_same_key(connection: Connection, consumer: str, parked_id: int) -> list[tuple[int, Message]]:
    """The parked events of this one's key, in order; raises Unknown."""
    rows = await connection.fetch(
        "SELECT * FROM parked WHERE consumer = $1 AND event_id IS NOT NULL "
        "AND key = (SELECT key FROM parked WHERE id = $2 AND consumer = $1) ORDER BY id",
        consumer,
        parked_id,
    )
    if not rows:
        raise Unknown(f"nothing to send again under parked event {parked_id}")
    return [(row["id"], wire.message(msgspec.json.decode(row["headers"]), row["value"])) for row in rows]


async def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Parked no more."""
    await connection.execute("DELETE FROM parked WHERE id = ANY($1)", ids)


async def failed(source: Source, parked_id: int, error: str) -> None:
    """A retry failed: count it and say why."""
    await source.execute("UPDATE parked SET attempts = attempts + 1, error = $2 WHERE id = $1", parked_id, error[:2000])


async def discard(source: Source, consumer: str, parked_id: int) -> None:
    """Give one parked event up: it will have no effect here. Raises Unknown."""
    if await source.execute("DELETE FROM parked WHERE consumer = $1 AND id = $2", consumer, parked_id) != "DELETE 1":
        raise Unknown(f"no parked event {parked_id}")
