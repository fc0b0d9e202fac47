"""A connection of the HTTP server: what comes before the application is bounded in size, number and time.

uvicorn and httptools bound none of it. A head is counted as it arrives, so neither one line without end nor a caller
who never finishes takes memory or stays; what is refused is answered with a problem, and the connection closed. Answers
that nobody reads end with their connection, whoever waits for them: the application, keep-alive, or the closing itself.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from libs.chassis import tracing
from libs.chassis.http.server.corked import Corked
from libs.chassis.problems import Problem
from libs.chassis.telemetry import REQUESTS

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
]
"""What every answer has."""

CLOSE = (b"connection", b"close")
PIECE_BYTES = 16 * 1024
"""What is parsed at once. A head that begins within a piece is counted from the next one on, no finer."""
UNREAD: int | None = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Linux's time-out of what is sent and not taken in. Elsewhere, such as on a developer's macOS, there is none."""
LINGER_SECONDS, LINGER_BYTES = 2.0, 1024 * 1024
"""How long and how much of what still comes is dropped after a refusal: closing earlier would reset the answer away."""


@dataclass(frozen=True)
class Limits:
    """Of a request's head, its first line included: bytes, header lines, and seconds until it is complete.

    `bytes` also bounds what of a chunked body is no body: trailers and extensions. `rest_seconds` are for the rest of a
    body whose request is answered already. `unread_seconds` are how long the caller may take in nothing of what is
    there for it; whoever reads slowly but steadily has all the time.
    """

    bytes: int = 64 * 1024
    lines: int = 100
    seconds: float = 10.0
    rest_seconds: float = 20.0
    unread_seconds: float = 30.0


class HttpConnection(HttpToolsProtocol):
    """uvicorn's, with limits. An idle connection that was used before keeps uvicorn's own time-out."""

    limits: ClassVar[Limits] = Limits()

    _in_head = True
    """Whether the next byte is one of a head: false from the end of a head to the end of its body."""
    _counted = 0
    """Bytes of this head so far; within a body, of what came since its last part."""
    _refusal: Problem | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The time for the first head begins."""
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, Corked(transport, self.loop))
        connection = transport.get_extra_info("socket")
        if connection is not None and UNREAD is not None:
            connection.setsockopt(socket.IPPROTO_TCP, UNREAD, int(self.limits.unread_seconds * 1000))
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse it, piece by piece, for as long as it keeps to the limits."""
        if self._in_head and self._counted == 0 and data[0] in b"\r\n":
            data = data.lstrip(b"\r\n")  # empty lines between requests are allowed (RFC 9112 §2.2), and no sign of life
        for begin in range(0, len(data), PIECE_BYTES):
            if self._refusal is not None:
                self._drop(len(data) - begin)
                return
            piece = data[begin : begin + PIECE_BYTES]
            self._counted += len(piece)
            super().data_received(piece)
            if self._counted and self._refusal is None:
                self._check()

    def _check(self) -> None:
        """Whether what is not complete yet may go on."""
        if self._counted > self.limits.bytes:
            self._refuse(_too_large())
        elif self._in_head:
            if len(self.headers or ()) > self.limits.lines:
                self._refuse(_too_many())
            elif self._timer is None:
                self._await_head()

    def on_message_begin(self) -> None:
        """A head that begins within its piece is under way from here."""
        super().on_message_begin()
        self._counted = self._counted or 1

    def on_headers_complete(self) -> None:
        """The head is complete: the application goes to work."""
        if len(self.headers) > self.limits.lines:
            self._refusal = _too_many()
            raise ValueError("too many header lines")
        super().on_headers_complete()  # raises where the target is none: what is refused then is a head
        self._in_head, self._counted = False, 0
        if self._timer is not None:
            self._stop_timer()
        self.headers = []  # of trailers, which came after the checks and are nobody's

    def on_body(self, body: bytes) -> None:
        """Its size is the application's to bound."""
        self._counted = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next byte is one of another head."""
        super().on_message_complete()
        self._in_head, self._counted = True, 0
        if self._timer is not None:
            self._stop_timer()

    def on_response_complete(self) -> None:
        """What came behind this request and was refused has its turn; a body that nobody waits for has its time."""
        super().on_response_complete()
        if self._refusal is not None:
            self._settle()
        elif not self._in_head:
            self._await_head(self.limits.rest_seconds)
        elif self._timer is not None:
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """What cannot be parsed."""
        self._refuse(self._refusal or Problem(400, "malformed-request", "This is no HTTP request that can be read."))

    def _await_head(self, seconds: float | None = None) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds or self.limits.seconds, self._too_late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        if self._answering:  # a request before it is at work, and reading may be paused because of that
            self._await_head()
        else:
            self._refuse(Problem(408, "head-too-slow", "The head of the request did not arrive in time."))

    @property
    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _refuse(self, problem: Problem) -> None:
        self._refusal = problem
        self._stop_timer()
        self._settle()

    def _settle(self) -> None:
        """Answer the refusal when everything before it is answered."""
        assert self._refusal is not None
        cycle = self.cycle
        if self.transport.is_closing():
            return
        if not self._answering:
            self._close(self._refusal if self._in_head else None)
        elif not self._in_head and not cycle.response_started and not self.pipeline:
            cycle.disconnected = True  # whoever waits for the rest of this body waits no longer
            cycle.message_event.set()
            self._close(self._refusal)

    def _close(self, problem: Problem | None) -> None:
        """With an answer, unless the request has had one: then its body is what is wrong."""
        self._unset_keepalive_if_required()
        if problem is None:
            self.transport.close()
            return
        REQUESTS.labels("other", "unknown", problem.status).inc()
        self.transport.write(_encoded(problem))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _drop(self, size: int) -> None:
        self._counted += size
        if self._counted > LINGER_BYTES:
            self.transport.abort()


def _too_large() -> Problem:
    return Problem(431, "head-too-large", "The head of the request is over 64 KiB.")


def _too_many() -> Problem:
    return Problem(431, "head-too-large", "The head of the request has over 100 lines.")


def _encoded(problem: Problem) -> bytes:
    trace = tracing.enter(None)
    answer = problem.answer()
    headers = [*answer.raw_headers, *HEADERS, (b"trace-id", trace.trace_id.encode()), CLOSE]
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return STATUS_LINE[problem.status] + lines + b"\r\n" + bytes(answer.body)
