"""Spans: the work of the relay, of reactions, timers and jobs as a trace shows it, for whoever records traces.

An event carries the trace of the work that recorded it. The spans of its publication and of each reaction have ids
that follow from the event's id: a consumer knows its parent without a word from the relay, and what is sent twice is
the same span twice.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from time import time_ns
from typing import Any, Literal, Protocol

import msgspec

from libs.events.message import AnyRecorded
from libs.events.trace import Trace


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One finished piece of work; `began` and `ended` are nanoseconds since 1970. Attributes hold nothing personal.

    `link` is what it is a consequence of in another trace.
    """

    name: str
    kind: Literal["server", "client", "producer", "consumer", "internal"]
    at: Trace
    began: int
    ended: int
    attributes: Mapping[str, str | int]
    failed: bool = False
    link: Trace | None = None


class Tracer(Protocol):
    """Who records traces. Neither method waits for anything, and neither raises."""

    def samples(self, trace_id: str) -> bool:
        """Whether a trace that begins here is recorded."""

    def record(self, span: Span) -> None:
        """Take a span of a sampled trace."""


def begun(tracer: Tracer | None) -> Trace:
    """A new trace, sampled as the tracer wants it."""
    new = Trace.begin()
    return new._replace(flags="01") if tracer is not None and tracer.samples(new.trace_id) else new


def publication(topic: str, row: Any, ended: int) -> Span | None:
    """An event's way (`relay.PENDING`'s columns) from its recording to Kafka's acknowledgement, if it is sampled."""
    recorded = Trace.parse(row["traceparent"])
    if recorded is None or not recorded.sampled:
        return None
    return Span(
        name=f"send {topic}",
        kind="producer",
        at=recorded.child(_publication_id(row["id"])),
        began=min(_nanoseconds(row["recorded_at"]), ended),
        ended=ended,
        attributes=_message("send", topic, row["id"], row["type"], row["lane"]),
    )


def reacting(consumer: str, heard: AnyRecorded) -> Trace | None:
    """Where a consumer's reaction to an event stands in the event's trace, if that is sampled."""
    recorded = Trace.parse(heard.traceparent)
    if recorded is None or not recorded.sampled:
        return None
    reaction_id = blake2b(f"{consumer}\n{heard.id}".encode(), digest_size=8).hexdigest()
    return recorded.child(_publication_id(heard.id)).child(reaction_id)


def reaction(consumer: str, topic: str, heard: AnyRecorded, began: int, ended: int) -> Span | None:
    """A consumer's reaction to an event, from the batch's beginning to its commit, if it is sampled."""
    at = reacting(consumer, heard)
    if at is None:
        return None
    about = _message("process", topic, heard.id, heard.event.type_name, heard.lane)
    return Span(
        name=f"process {topic}",
        kind="consumer",
        at=at,
        began=began,
        ended=ended,
        attributes={**about, "messaging.consumer.group.name": f"aftercare.{consumer}"},
    )


def job_step(kind: str, job_id: str, at: Trace, began: int, asked: Trace | None) -> Span:
    """A step of a job, from the claim of the job to its commit, linked to the work that asked for the job."""
    return Span(
        name=f"step {kind}",
        kind="internal",
        at=at,
        began=began,
        ended=time_ns(),
        attributes={"aftercare.job.kind": kind, "aftercare.job.id": job_id},
        link=asked,
    )


def _message(operation: str, topic: str, id: str, type_name: str, lane: int) -> dict[str, str | int]:
    """By OpenTelemetry's semantic conventions; the lane is a word of ours."""
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
        "messaging.message.id": id,
        "cloudevents.event_id": id,
        "cloudevents.event_type": type_name,
        "aftercare.lane": lane,
    }


def _publication_id(event_id: str) -> str:
    """The random half of the event's UUID, which is never zero."""
    return event_id[-17:].replace("-", "")


def _nanoseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000) * 1000
