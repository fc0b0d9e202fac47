"""Parked events: what could not be applied, kept where an operator sees it, with all that came behind it.

A key is blocked for a consumer as long as one of its events is parked. No personal data: events hold none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from traceback import walk_tb
from typing import Any, Self

import msgspec
import structlog

from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, Source
from libs.events.errors import described
from libs.events.inbox.chore import Chore
from libs.events.log.rows import array_literal
from libs.events.transport import wire
from libs.events.transport.wire import Message, Stranger

log = structlog.get_logger(__name__)

EPIDEMIC = 10
"""So many keys parked by one defect within a minute are no poison: the lane stops instead."""

ROOT = Path(__file__).resolve().parents[3]
"""Of our own code."""

LOOK = "SELECT EXISTS (SELECT FROM parked WHERE consumer = $1) AS parked, clock_now() AS now"
BLOCKED = "SELECT DISTINCT key FROM parked WHERE consumer = $1 AND key = ANY($2::text::text[])"

PARK_STRANGER = (
    "INSERT INTO parked (consumer, source, key, headers, value, error, origin) VALUES ($1, $2, $3, $4, $5, $6, $3) "
    "ON CONFLICT DO NOTHING"
)

SILENT = """
SELECT event_id FROM parked WHERE consumer = $1 AND event_id = ANY($2)
UNION ALL
SELECT data->>'event_id' FROM event
WHERE type = 'operations.EventDiscarded' AND data->>'event_id' = ANY($2) AND data->>'consumer' = $1
"""
"""In one statement, for a discard moves an event from one to the other."""

SPREAD = "SELECT count(DISTINCT key) FROM parked WHERE consumer = $1 AND defect = $2"


class Epidemic(Exception):
    """So many chores are parked by this one defect that the next ones are better left where they wait."""


class Unknown(LookupError):
    """No such parked event."""


class Failure(msgspec.Struct, frozen=True):
    """Why something is parked. `text` is for show only; one `defect` is one place in our code and one type of error."""

    text: str
    defect: str

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """The failure that this error was."""
        return cls(described(error)[:2000], f"{type(error).__name__} at {_place(error)}")


def _place(error: BaseException) -> str:
    """The innermost line of our own code that the error came through, as path:line from the root of our code."""
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(path.relative_to(ROOT), line) for path, line in frames if path.is_relative_to(ROOT)]
    ours = [(path, line) for path, line in ours if "site-packages" not in path.parts]
    return ":".join(map(str, ours[-1])) if ours else "nowhere"


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A parked event as an operator sees it; `error` is null where it only waits behind another of its key.

    `consumer` is the service's name for an event, and for work that no event asked for its kind before that.
    """

    id: int
    consumer: str
    source: str
    lane: int | None
    seq: int | None
    key: str
    event_id: str | None
    type: str | None
    error: str | None
    defect: str | None
    attempts: int
    parked_at: datetime
    headers: dict[str, str]
    data: str


async def look(connection: Connection, consumer: str) -> tuple[bool, datetime]:
    """Whether anything is parked, and the database's clock: most of the time one small question is all."""
    row = await connection.fetchrow(LOOK, consumer)
    assert row is not None
    return row["parked"], row["now"]


async def blocked(connection: Connection, consumer: str, keys: Iterable[str]) -> set[str]:
    """Which of these keys have something parked."""
    rows = await connection.fetch(BLOCKED, consumer, array_literal(set(keys)))
    return {row["key"] for row in rows}


async def without_effect(connection: Connection, consumer: str, ids: Iterable[str]) -> set[str]:
    """Which of these events were passed over without one: they are parked, or an operator gave them up."""
    rows = await connection.fetch(SILENT, consumer, list(ids))
    return {row["event_id"] for row in rows}


async def park(connection: Connection, consumer: str, messages: Iterable[Message], why: Failure | None) -> None:
    """Keep messages until somebody retries or discards them; without a reason they wait behind another of their key.

    What is parked already, as after a lane was set back, stays as it is.
    """
    rows = [
        (
            consumer, m.source, m.epoch, m.lane, m.seq, m.key, m.id, m.type,
            msgspec.json.encode(m.headers).decode(), m.value, why and why.text, why and why.defect,
        )
        for m in messages
    ]  # fmt: skip
    await connection.executemany(
        "INSERT INTO parked (consumer, source, epoch, lane, seq, key, event_id, type, headers, value, error, defect) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (consumer, event_id) DO NOTHING",
        rows,
    )


async def park_chore(connection: Connection, service: str, chore: Chore, why: Failure) -> None:
    """Keep a chore until somebody retries or discards it. Raises Epidemic, with nothing kept."""
    consumer = f"{chore.kind}:{service}"
    if await connection.fetchval(SPREAD, consumer, why.defect) >= EPIDEMIC:
        log.error("chores wait for one defect to be mended", kind=chore.kind, error=why.text, defect=why.defect)
        raise Epidemic(why.defect)
    await connection.execute(
        "INSERT INTO parked (consumer, source, key, headers, value, error, defect) VALUES ($1, $2, $3, $4, '', $5, $6)",
        consumer,
        service,
        chore.key,
        msgspec.json.encode(chore.facts).decode(),
        why.text,
        why.defect,
    )
    log.error("chore parked", kind=chore.kind, key=chore.key, error=why.text, defect=why.defect)


async def park_stranger(source: Source, consumer: str, stranger: Stranger) -> None:
    """Keep a record that is none of our events, once; if nothing else can be kept of it, then where it stands."""
    shown = _shown(stranger.headers)
    try:
        await source.execute(PARK_STRANGER, *_stranger(consumer, stranger, shown, stranger.value))
    except (*UNREACHABLE, *TRANSIENT):
        raise
    except Exception as error:  # noqa: BLE001  # whatever its bytes bring about, it must not stop the others
        log.warning("a foreign record cannot be kept", origin=stranger.origin, error=type(error).__name__)
        await source.execute(PARK_STRANGER, *_stranger(consumer, stranger, {}, b""))


def _stranger(consumer: str, stranger: Stranger, headers: dict[str, str], value: bytes) -> tuple[Any, ...]:
    topic = stranger.origin.split("/")[0]
    why = _text(f"no event of ours: {stranger.why}"[:500])
    return consumer, topic, stranger.origin, msgspec.json.encode(headers).decode(), value, why


def _shown(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Headers as text that JSON and the database take: what is no text escaped, equal names together."""
    shown: dict[str, str] = {}
    for name, value in headers:
        text = _text((value or b"").decode("utf-8", "backslashreplace"))
        known = shown.get(_text(name))
        shown[_text(name)] = text if known is None else f"{known}, {text}"
    return shown


def _text(text: str) -> str:
    """Text that the database takes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


async def is_epidemic(connection: Connection, consumer: str, defect: str) -> bool:
    """Whether this defect parked many keys in the last minute, whatever their errors said."""
    count: int = await connection.fetchval(
        "SELECT count(DISTINCT key) FROM parked "
        "WHERE consumer = $1 AND defect = $2 AND parked_at > now() - interval '1 minute'",
        consumer,
        defect,
    )
    return count >= EPIDEMIC


class Wanted(msgspec.Struct, frozen=True):
    """Which parked events are asked for: any of the values of each field; of none, whatever it is."""

    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


async def listed(source: Source, wanted: Wanted = Wanted(), after: int = 0, limit: int = 50) -> list[Parked]:  # noqa: B008  # it is frozen
    """What a service has parked, oldest first."""
    rows = await source.fetch(
        "SELECT * FROM parked WHERE id > $1 AND ($3::text[] IS NULL OR source = ANY($3)) "
        "AND ($4::text[] IS NULL OR key = ANY($4)) AND ($5::text[] IS NULL OR type = ANY($5)) ORDER BY id LIMIT $2",
        after,
        limit,
        wanted.sources or None,
        wanted.keys or None,
        wanted.types or None,
    )
    return [_parked(row) for row in rows]


async def one(source: Source, parked_id: int, lock: bool = False) -> Parked:
    """One of them; with a lock, ours until the end of the transaction. Raises Unknown."""
    row = await source.fetchrow(f"SELECT * FROM parked WHERE id = $1 {'FOR UPDATE' if lock else ''}", parked_id)
    if row is None:
        raise Unknown(f"no parked event {parked_id}")
    return _parked(row)


def _parked(row: Any) -> Parked:
    fields = {name: row[name] for name in Parked.__struct_fields__ if name not in ("headers", "data")}
    data = row["value"].decode("utf-8", "backslashreplace")
    return Parked(**fields, headers=msgspec.json.decode(row["headers"], type=dict[str, str]), data=data)


async def of_same_key(connection: Connection, parked: Parked, lock: bool = False) -> list[tuple[int, Message]]:
    """The parked events of this one's key, in order; with a lock nobody discards them. Raises Unknown if it is gone."""
    rows = await connection.fetch(
        "SELECT * FROM parked WHERE consumer = $1 AND key = $2 AND event_id IS NOT NULL ORDER BY id"
        f"{' FOR UPDATE' if lock else ''}",
        parked.consumer,
        parked.key,
    )
    if parked.id not in [row["id"] for row in rows]:
        raise Unknown(f"no parked event {parked.id}")
    return [(row["id"], wire.message(msgspec.json.decode(row["headers"]), row["value"])) for row in rows]


async def chores_of_same_key(connection: Connection, parked: Parked) -> list[Parked]:
    """The parked chores of this one's kind and key, in order."""
    rows = await connection.fetch(
        "SELECT * FROM parked WHERE consumer = $1 AND key = $2 ORDER BY id FOR UPDATE", parked.consumer, parked.key
    )
    if parked.id not in [row["id"] for row in rows]:
        raise Unknown(f"no parked event {parked.id}")
    return [_parked(row) for row in rows]


async def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Parked no more."""
    await connection.execute("DELETE FROM parked WHERE id = ANY($1)", ids)


async def failed(source: Source, parked_id: int, why: Failure) -> None:
    """A retry failed: count it and say why."""
    await source.execute(
        "UPDATE parked SET attempts = attempts + 1, error = $2, defect = $3 WHERE id = $1",
        parked_id,
        why.text,
        why.defect,
    )
