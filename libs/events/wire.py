"""CloudEvents 1.0 in Kafka binary mode: headers are the envelope, the value is the event's JSON."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from libs.events.catalogue import Catalogue
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


def message(headers: dict[str, str], value: bytes, sent_at: float = 0.0, origin: str = "") -> Message:
    """A message by its headers; raises Undecodable when they are not an envelope of ours."""
    try:
        root, owner, service, epoch = headers["ce_source"].split("/")
        if (root, owner) != ("", "aftercare") or not headers["ce_type"].startswith(f"{service}."):
            raise Undecodable(f"foreign source {headers['ce_source']!r}")
        if any("\x00" in value for value in headers.values()):
            raise Undecodable("a NUL, which no database takes")
        return Message(
            source=service,
            epoch=int(epoch),
            lane=int(headers["ce_lane"]),
            seq=int(headers["ce_sequence"]),
            id=str(UUID(headers["ce_id"])),
            type=headers["ce_type"],
            version=int(headers["ce_dataschema"].rsplit("/", 1)[1]),
            key=headers["ce_partitionkey"],
            headers=headers,
            value=value,
            sent_at=sent_at,
            origin=origin,
        )
    except (KeyError, ValueError, IndexError) as error:
        raise Undecodable(f"no envelope: {error!r}") from error


def recorded(message: Message, catalogue: Catalogue) -> AnyRecorded:
    """The event of a message; raises what Catalogue.decode raises, and Undecodable for a malformed time."""
    headers = message.headers
    try:
        occurred_at = datetime.fromisoformat(headers["ce_time"])
        recorded_at = datetime.fromisoformat(headers["ce_recordedtime"])
    except (KeyError, ValueError) as error:
        raise Undecodable(f"no time: {error!r}") from error
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
