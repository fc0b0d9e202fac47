"""Traces by OTLP over HTTP: OpenTelemetry's SDK, told of spans that are over.

The ids are ours: they stand in events before anybody knows whether spans are sent. A thread of the SDK sends them in
batches; while the receiver is out of reach a bounded queue drops them, and no request or event waits.
"""

import threading

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from uuid_utils import uuid7

from libs.chassis.http.application import VERSION
from libs.events.spans import Span
from libs.events.trace import Trace

CLOSE_SECONDS = 3.0
"""What is left in the queue has so long at the end of the process, whatever the receiver does."""

KINDS = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "internal": SpanKind.INTERNAL,
}


class OtlpTracer:
    """The tracer of one process; its address, headers and certificates are OpenTelemetry's own settings."""

    def __init__(self, service: str, ratio: float) -> None:
        self._root = TraceIdRatioBased(ratio)
        self._ids = _Ids()
        self._provider = TracerProvider(
            sampler=ParentBased(self._root),
            resource=_resource(service),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(session=_session())))
        self._tracer = self._provider.get_tracer("aftercare", VERSION)

    def samples(self, trace_id: str) -> bool:
        """Whether a trace that begins here is recorded: a ratio of all ids, the same in each process."""
        return self._root.should_sample(None, int(trace_id, 16), "").decision is Decision.RECORD_AND_SAMPLE

    def record(self, span: Span) -> None:
        """Queue a span."""
        self._ids.at = span.at
        kind, attributes = KINDS[span.kind], dict(span.attributes)
        links = [] if span.link is None else [Link(_elsewhere(span.link, span.link.span_id))]
        made = self._tracer.start_span(span.name, _parent(span.at), kind, attributes, links, span.began)
        if span.failed:
            made.set_status(StatusCode.ERROR)
        made.end(span.ended)

    def close(self) -> None:
        """Send what is queued, for CLOSE_SECONDS at most."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)


class _Ids(IdGenerator):
    """Those of the span that is being recorded."""

    at: Trace

    def generate_trace_id(self) -> int:
        return int(self.at.trace_id, 16)

    def generate_span_id(self) -> int:
        return int(self.at.span_id, 16)


def _parent(at: Trace) -> Context:
    if at.parent_id is None:
        return Context()
    return set_span_in_context(NonRecordingSpan(_elsewhere(at, at.parent_id)), Context())


def _elsewhere(at: Trace, span_id: str) -> SpanContext:
    """A span of this trace that is not ours to record."""
    flags = TraceFlags(int(at.flags, 16))
    return SpanContext(int(at.trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=flags)


def _resource(service: str) -> Resource:
    return Resource.create(
        {
            "service.name": service,
            "service.namespace": "aftercare",
            "service.version": VERSION,
            "service.instance.id": str(uuid7()),
        }
    )


def _session() -> requests.Session:
    """Proxies of the environment are not for the receiver: as with the issuer, the address says where to go."""
    session = requests.Session()
    session.trust_env = False
    return session
