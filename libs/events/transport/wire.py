"""CloudEvents 1.0 in Kafka binary mode: headers are the envelope, the value is the event's JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

import msgspec

from libs.events.catalogue import Catalogue
from libs.events.database.schema import LANES
from libs.events.message import AnyRecorded, Recorded


class Undecodable(ValueError):
    """The message has no envelope of ours: not one of our events at all."""


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One event on its way: what its headers say, its bytes, and where they came from.

    `sent_at` is Kafka's timestamp in seconds (0: came from a feed), `origin` topic/partition/offset.
    """

    source: str
    epoch: int
    lane: int
    seq: int
    id: str
    type: str
    version: int
    key: str
    headers: dict[str, str]
    value: bytes
    sent_at: float = 0.0
    origin: str = ""


class Stranger(NamedTuple):
    """A record that is none of our events, by its origin topic/partition/offset; as much of it as could be read."""

    origin: str
    headers: Sequence[tuple[str, bytes | None]] = ()
    value: bytes = b""
    why: str = "not one of our events"


def dataschema(type_name: str, version: int) -> str:
    """The reference of an event's JSON Schema; it ends in the version."""
    return f"/aftercare/schemas/{type_name}/{version}"


Headers = list[tuple[str, bytes]]
"""As Kafka takes them."""


def headers(service: str, row: Any) -> Headers:
    """The CloudEvents headers of a published row (`relay.PENDING`'s columns)."""
    key = row["key"].encode()
    own = [
        *_common(service, row["epoch"], row["lane"], row["type"], row["schema_version"]),
        ("ce_id", row["id"].encode()),
        ("ce_time", row["occurred_at"].isoformat().encode()),
        ("ce_recordedtime", row["recorded_at"].isoformat().encode()),
        ("ce_subject", key),
        ("ce_partitionkey", key),
        ("ce_sequence", b"%020d" % row["seq"]),
    ]
    for name, value in zip(_TRACE, (row["correlation_id"], row["causation_id"], row["traceparent"]), strict=True):
        if value is not None:
            own.append((name, value.encode()))
    return own


_TRACE = ("ce_correlationid", "ce_causationid", "traceparent")


@lru_cache(maxsize=4096)
def _common(service: str, epoch: int, lane: int, type_name: str, version: int) -> Headers:
    """What all events of a type on a lane have in common."""
    pairs = {
        "ce_specversion": "1.0",
        "ce_source": f"/aftercare/{service}/{epoch}",
        "ce_type": type_name,
        "ce_dataschema": dataschema(type_name, version),
        "ce_lane": str(lane),
        "content-type": "application/json",
    }
    return [(name, value.encode()) for name, value in pairs.items()]


MAX_KEY_BYTES = 1024
"""A longer key fits no index. Ours are the ids of tickets and streams."""


def envelope(pairs: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Kafka's headers by name. Raises Undecodable where one stands twice or is no text: ours never are."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Undecodable(f"the header {name[:100]!r} twice")
        try:
            found[name] = (value or b"").decode()
        except UnicodeDecodeError:
            raise Undecodable(f"the header {name[:100]!r} is no text") from None
    return found


def lane(key: str) -> int:
    """The lane of a key, as `lane_of` has it in the database."""
    return crc32(key.encode()) % LANES


def message(headers: dict[str, str], value: bytes, sent_at: float = 0.0, origin: str = "") -> Message:
    """A message by its headers; raises Undecodable when they are not an envelope of ours."""
    try:
        root, owner, service, epoch = headers["ce_source"].split("/")
        if (root, owner) != ("", "aftercare") or not headers["ce_type"].startswith(f"{service}."):
            raise Undecodable("a foreign source")
        if any("\x00" in text for header in headers.items() for text in header):
            raise Undecodable("a NUL, which no database takes")
        for name in ("ce_time", "ce_recordedtime"):
            _instant(headers[name])
        return Message(
            source=service,
            epoch=_number(epoch, 2**31),
            lane=_number(headers["ce_lane"], LANES),
            seq=_number(headers["ce_sequence"], 2**63),
            id=str(UUID(headers["ce_id"])),
            type=headers["ce_type"],
            version=_number(headers["ce_dataschema"].rsplit("/", 1)[1], 2**15),
            key=_key(headers["ce_partitionkey"]),
            headers=headers,
            value=value,
            sent_at=sent_at,
            origin=origin,
        )
    except (KeyError, ValueError, IndexError) as error:
        if isinstance(error, Undecodable):
            raise
        raise Undecodable(f"no envelope: {type(error).__name__}") from error


def _number(text: str, below: int) -> int:
    """A number in ASCII digits, as the database's column holds it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < below):
        raise Undecodable("a number that is none, or too large")
    return int(text)


def _key(text: str) -> str:
    if not 0 < len(text.encode()) <= MAX_KEY_BYTES:
        raise Undecodable("a key that is empty or too long")
    return text


def _instant(text: str) -> datetime:
    """An aware instant, away from the ends of the calendar, where another zone's clock would fall off."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or not 1 < instant.year < 9999:
        raise Undecodable("a time without a zone, or out of range")
    return instant


def recorded(message: Message, catalogue: Catalogue) -> AnyRecorded:
    """The event of a message; raises what Catalogue.decode raises."""
    headers = message.headers
    occurred_at = datetime.fromisoformat(headers["ce_time"])
    recorded_at = datetime.fromisoformat(headers["ce_recordedtime"])
    return Recorded(
        event=catalogue.decode(message.type, message.version, message.value),
        id=message.id,
        stream=message.key,
        version=0,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        correlation_id=headers.get("ce_correlationid"),
        causation_id=headers.get("ce_causationid"),
        traceparent=headers.get("traceparent"),
        key=message.key,
        source=message.source,
        epoch=message.epoch,
        lane=message.lane,
        seq=message.seq,
    )
