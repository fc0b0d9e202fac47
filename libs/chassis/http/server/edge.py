"""The outermost layer of an HTTP service, pure ASGI: trace, limits, headers, metrics, the last resort."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter, time_ns
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.chassis import tracing
from libs.chassis.http.health import Vitals
from libs.chassis.http.refusals import problem
from libs.chassis.http.server.connection import HEADERS
from libs.chassis.preconditions import is_key
from libs.chassis.problems import Problem, invalid
from libs.chassis.sentences import in_chinese, prefers_chinese
from libs.chassis.telemetry import IN_FLIGHT, REQUESTS, SECONDS
from libs.events.spans import Span
from libs.events.trace import Trace

Headers = Sequence[tuple[bytes, bytes]]

KEY = b"idempotency-key"
MAX_BODY_BYTES = 1024 * 1024
MAX_FILE_BYTES = 16 * MAX_BODY_BYTES
FILES = "/v1/imports"
"""Where a body is a file, in a service and behind the gateway."""
DRAINED_BYTES, DRAIN_SECONDS = 32 * MAX_BODY_BYTES, 5.0
MAX_TARGET_BYTES = 8 * 1024
MAX_HEADERS, MAX_HEADER_BYTES = 100, 64 * 1024


def too_large() -> Problem:
    """413: read no further."""
    return Problem(413, "body-too-large", "A body is at most 1 MiB.", headers={"Connection": "close"})


def file_too_large() -> Problem:
    """413: the same of a file."""
    return Problem(413, "file-too-large", "A file is at most 16 MiB.", headers={"Connection": "close"})


class Edge:
    """Wraps the application. A body is counted as it comes, so that a chunked one is cut off at its limit too.

    `headers` are those of every answer that says nothing else itself. Where the machine's clock differs from the
    database's, as `vitals` knows, answers have the database's now in Aftercare-Now: by that deadlines are judged.
    """

    def __init__(self, app: ASGIApp, headers: Headers = HEADERS, vitals: Vitals | None = None) -> None:
        self.app, self.headers, self._vitals = app, headers, vitals or Vitals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._added())
        IN_FLIGHT.inc()
        try:
            await self._answer(exchange)
        finally:
            IN_FLIGHT.dec()
            exchange.count()

    def _added(self) -> Headers:
        if not (offset := self._vitals.offset):
            return self.headers
        return [*self.headers, (b"aftercare-now", (datetime.now(UTC) - offset).isoformat().encode())]

    async def _answer(self, exchange: "_Exchange") -> None:
        try:
            exchange.check()
            await self.app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:
            if exchange.status:
                raise
            await exchange.drain()
            answer = exchange.told(problem(error, exchange.scope)).answer()
            await answer(exchange.scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer."""

    __slots__ = ("_added", "_receive", "_send", "began", "headers", "most", "scope", "status", "taken", "trace")

    def __init__(self, scope: Scope, receive: Receive, send: Send, added: Headers) -> None:
        self.scope, self._receive, self._send, self._added = scope, receive, send, added
        self.began, self.taken, self.status = perf_counter(), 0, 0
        self.headers = dict(scope["headers"])
        is_file = scope["method"] == "POST" and scope["path"].endswith(FILES)
        self.most = MAX_FILE_BYTES if is_file else MAX_BODY_BYTES
        traceparent = self.headers.get(b"traceparent")
        self.trace = tracing.enter(traceparent.decode("latin-1") if traceparent else None)

    def check(self) -> None:
        """Raises the problems that need no look at the body."""
        target, length = self.scope["path"], self.headers.get(b"content-length", b"0")
        if not self.headers.get(b"host"):
            raise Problem(400, "host-missing", "A request needs a Host header.")
        if "\0" in target or b"%00" in self.scope["query_string"]:
            raise invalid("target", "The address holds the character NUL.")
        if len(target) + len(self.scope["query_string"]) > MAX_TARGET_BYTES:
            raise Problem(414, "target-too-long", "An address is at most 8 KiB.")
        if _too_many(self.scope["headers"]):
            raise Problem(431, "headers-too-large", "There are too many headers, or too large ones.")
        if not length.isdigit() or len(length) > 18:
            raise Problem(400, "content-length-malformed", "Content-Length is no number.")
        if int(length) > self.most:
            raise self._too_large()

    def told(self, problem: Problem) -> Problem:
        """The problem in the language that the caller prefers."""
        wanted = self.headers.get(b"accept-language")
        if wanted is not None and "app" in self.scope and prefers_chinese(wanted.decode("latin-1")):
            in_chinese(problem, self.scope["app"].state.refusals)
        return problem

    async def drain(self) -> None:
        """Read what is left of a declared body that is not too far over the limit, so that its sender sees the answer.

        A connection that is closed with bytes unread is reset, and a reset takes the answer with it.
        """
        length = self.headers.get(b"content-length", b"0")
        if b"expect" in self.headers or not length.isdigit() or not self.most < int(length) <= DRAINED_BYTES:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while (await self._receive()).get("more_body"):
                    pass

    async def receive(self) -> Message:
        """The next part of the body. Raises a 413 problem when it has become too long."""
        message = await self._receive()
        if message["type"] == "http.request":
            self.taken += len(message.get("body", b""))
            if self.taken > self.most:
                raise self._too_large()
        return message

    def _too_large(self) -> Problem:
        return too_large() if self.most == MAX_BODY_BYTES else file_too_large()

    async def send(self, message: Message) -> None:
        """The answer's parts, its head with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message.get("headers", ())
            told = {name for name, _ in own}
            added = (*self._added, (b"trace-id", self.trace.trace_id.encode()), *self._refused())
            message["headers"] = [*own, *(header for header in added if header[0] not in told)]
        await self._send(message)

    def _refused(self) -> Headers:
        """Of an answer that is no success: its command, by its own id, since many may be under way at once."""
        key = self.headers.get(KEY)
        return [(KEY, key)] if self.status >= 400 and key is not None and is_key(key) else []

    def count(self) -> None:
        """Tell the metrics and a recorded trace. The route is its pattern, so that ids do not become labels."""
        method, path, seconds = self.scope["method"], _pattern(self.scope), perf_counter() - self.began
        _metrics(method if method in _METHODS else "other", path, self.status or 499, seconds)
        if tracing.tracer is not None and self.trace.sampled and path.startswith(_TRACED):
            tracing.tracer.record(_span(self.trace, method, path, self.status, seconds))


def _pattern(scope: Scope) -> str:
    """Of the route that answered. FastAPI's own says that it was it, of Starlette's the endpoint is known alone."""
    route, endpoint = scope.get("route"), scope.get("endpoint")
    if route is None and endpoint is not None:
        route = next((each for each in scope["app"].routes if getattr(each, "endpoint", None) == endpoint), None)
    return getattr(route, "path", "unknown")


def _too_many(lines: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a head is over its limits, every line of it counted: equal names do not hide each other."""
    return len(lines) > MAX_HEADERS or sum(len(name) + len(value) for name, value in lines) > MAX_HEADER_BYTES


_TRACED = ("/v1/", "/api/", "/documents/", "/links/", "/internal/events", "/internal/lanes")
"""Routes whose requests are spans, a gateway's and the feed's included; what operators ask is none."""
_METHODS = frozenset(["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
_children: dict[tuple[str, str, int], tuple[Any, Any]] = {}


def _span(at: Trace, method: str, path: str, status: int, seconds: float) -> Span:
    """By OpenTelemetry's semantic conventions. A caller that went away has no status."""
    known, ended = method if method in _METHODS else "_OTHER", time_ns()
    attributes: dict[str, str | int] = {"http.request.method": known, "http.route": path}
    if status:
        attributes["http.response.status_code"] = status
    if status >= 500:
        attributes["error.type"] = str(status)
    return Span(
        name=f"{known} {path}",
        kind="server",
        at=at,
        began=ended - int(seconds * 1e9),
        ended=ended,
        attributes=attributes,
        failed=status >= 500,
    )


def _metrics(method: str, path: str, status: int, seconds: float) -> None:
    children = _children.get((method, path, status))
    if children is None:
        children = REQUESTS.labels(method, path, status), SECONDS.labels(method, path)
        _children[method, path, status] = children
    children[0].inc()
    children[1].observe(seconds)
