"""A receiver of traces by OTLP over HTTP: `python -m tests.receiver PORT`.

`GET /traces/<trace id>` answers the spans that came, `GET /traces` those of all traces.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

came: list[dict[str, Any]] = []


class Receiver(BaseHTTPRequestHandler):
    """Takes what an exporter sends, and says what it has."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/traces" or self.headers["content-type"] != "application/x-protobuf":
            self._answer(404, b"")
            return
        came.extend(spans(ExportTraceServiceRequest.FromString(body)))
        self._answer(200, b"")

    def do_GET(self) -> None:
        trace_id = self.path.removeprefix("/traces").removeprefix("/")
        found = [span for span in came if trace_id in ("", "ready", span["trace_id"])]
        self._answer(200, json.dumps(found).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def spans(request: ExportTraceServiceRequest) -> list[dict[str, Any]]:
    """One export's spans, each with its process's resource."""
    return [
        _span(span) | {"resource": _values(resource.resource.attributes)}
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _span(span: Span) -> dict[str, Any]:
    return {
        "trace_id": span.trace_id.hex(),
        "id": span.span_id.hex(),
        "parent_id": span.parent_span_id.hex(),
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        "began": span.start_time_unix_nano,
        "ended": span.end_time_unix_nano,
        "failed": span.status.code == Status.STATUS_CODE_ERROR,
        "links": [[link.trace_id.hex(), link.span_id.hex()] for link in span.links],
        "attributes": _values(span.attributes),
    }


def _values(attributes: Any) -> dict[str, Any]:
    return {pair.key: _value(pair) for pair in attributes}


def _value(pair: KeyValue) -> Any:
    return getattr(pair.value, pair.value.WhichOneof("value") or "string_value")


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
