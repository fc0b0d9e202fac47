"""The envelope: an event together with where, when, by whom and because of what it was recorded."""

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from libs.events.event import Event

E_co = TypeVar("E_co", bound=Event, covariant=True)


class Recorded(msgspec.Struct, Generic[E_co], frozen=True, kw_only=True, gc=False):
    """One event as it stands in a log, or as it was heard from another service's topic.

    `occurred_at` is when it happened (perhaps by an offline phone's clock), `recorded_at` when the log took it; both
    are aware. `skew_ms` is by how much the clock of who told it was ahead of ours, which is then taken as now.
    `version` counts from 1 within the stream. `source`, `epoch`, `lane` and `seq` are set on what was published: seq is
    gapless per source, epoch and lane.
    """

    event: E_co
    id: str
    stream: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    skew_ms: int | None = None
    actor: str = "system"
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    key: str | None = None
    position: int = 0
    source: str = ""
    epoch: int = 1
    lane: int = 0
    seq: int = 0


AnyRecorded = Recorded[Any]
