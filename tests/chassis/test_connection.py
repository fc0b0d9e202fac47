"""What comes before the application, over raw sockets to a real server: heads too large, too many, too slow."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.devstack.process import free_port
from tests.chassis.conftest import LiveIssuer
from tests.chassis.running import Start

SECONDS = 1.0
GET = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
SEGMENTS_IN = 152
"""Where Linux's `struct tcp_info` has tcpi_data_segs_in."""
FRESH = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Server:
    """The echo as a process."""

    def __init__(self, seconds: float) -> None:
        self.port = free_port(0)
        command = [sys.executable, "-m", "tests.chassis.echo", str(self.port), str(seconds)]
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def open(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.settimeout(30)
        return connection

    @property
    def sockets(self) -> int:
        """How many the process has."""
        found = 0
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found += descriptor.readlink().name.startswith("socket:")
        return found

    @property
    def resident(self) -> int:
        """MiB that the process takes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024


@contextmanager
def serving(seconds: float) -> Iterator[Server]:
    """A server that waits so long for a head, a body or a reader."""
    server = Server(seconds)
    yield server
    server.process.kill()
    server.process.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One with time, however busy the machine is."""
    with serving(60.0) as server:
        yield server


@pytest.fixture(scope="module")
def hasty() -> Iterator[Server]:
    """One that waits for SECONDS."""
    with serving(SECONDS) as server:
        yield server


def push(connection: socket.socket, data: bytes) -> bytes:
    """Everything that comes back until the other side has closed."""
    with suppress(ConnectionError):
        connection.sendall(data)
    return rest(connection)


def ask(connection: socket.socket, request: bytes) -> bytes:
    """One answer of the echo, which ends its body with a line."""
    connection.sendall(request)
    received = b""
    while not received.endswith(b"\n") or received.endswith(b"\r\n"):
        received += (part := connection.recv(65536))
        assert part, received
    return received


def rest(connection: socket.socket) -> bytes:
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            received += part
    return received


def problem(answer: bytes) -> tuple[int, str]:
    """Status and code of an answer that is a problem, the only one, and the last."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head, answer
    assert b"connection: close" in head
    assert b"x-content-type-options: nosniff" in head
    told: dict[str, Any] = json.loads(body)
    assert answer.startswith(b"HTTP/1.1 %d " % told["status"])
    assert f"trace-id: {told['trace_id']}".encode() in head
    return told["status"], told["code"]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(FRESH + b"X-Long: " + b"y" * 65 * 1024, id="one line without end"),
        pytest.param(FRESH + b"X-Long: " + b"y" * 5 * 1024 * 1024, id="5 MiB"),
        pytest.param(FRESH + b"X-" + b"n" * 65 * 1024, id="a name without end"),
        pytest.param(b"GET /" + b"y" * 65 * 1024, id="a request line without end"),
        pytest.param(FRESH + b"".join(b"X-%d: %b\r\n" % (n, b"y" * 1000) for n in range(80)), id="many lines"),
        pytest.param(FRESH + b"".join(b"A:\r\n" for _ in range(101)), id="101 small lines"),
        pytest.param(FRESH + b"".join(b"A:\r\n" for _ in range(101)) + b"\r\n", id="101 small lines, complete"),
        pytest.param(FRESH + b"".join(b"A:\r\n" for _ in range(100_000)), id="100,000 small lines"),
    ],
)
def test_a_head_over_its_limits_is_431(server: Server, head: bytes) -> None:
    with closing(server.open()) as connection:
        assert problem(push(connection, head)) == (431, "head-too-large")


def test_a_head_within_its_limits_is_answered_however_it_comes(server: Server) -> None:
    lines = b"".join(b"X-%d: %b\r\n" % (n, b"y" * 600) for n in range(98))
    with closing(server.open()) as connection:
        assert ask(connection, FRESH + lines + b"\r\n").startswith(b"HTTP/1.1 200 ")
        *most, last = GET % b"drip"
        for byte in most:
            connection.sendall(bytes([byte]))
        assert b"/drip 0" in ask(connection, bytes([last]))


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="Linux tells how many segments came")
def test_an_answer_comes_in_one_piece(server: Server) -> None:
    with closing(server.open()) as connection:
        for _ in range(5):
            ask(connection, GET % b"whole")
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SEGMENTS_IN + 4)
        assert int.from_bytes(told[SEGMENTS_IN:], sys.byteorder) == 5


@pytest.mark.parametrize(
    "head", [b"", FRESH, b"GET", b"\r\n"], ids=["nothing", "half a head", "half a line", "no line"]
)
def test_a_head_that_does_not_come_in_time_is_408(hasty: Server, head: bytes) -> None:
    began = time.monotonic()
    with closing(hasty.open()) as connection:
        assert problem(push(connection, head)) == (408, "head-too-slow")
    assert time.monotonic() - began >= 0.9 * SECONDS


@pytest.mark.parametrize("before", [b"", GET % b"first"], ids=["first request", "second request"])
def test_a_drip_of_single_bytes_wins_no_time(hasty: Server, before: bytes) -> None:
    with closing(hasty.open()) as connection:
        if before:
            assert b"/first 0" in ask(connection, before)
        began = time.monotonic()
        connection.settimeout(0.05)
        received = b""
        for byte in FRESH + b"X-Long: " + b"y" * 10_000:
            with suppress(ConnectionError):
                connection.sendall(bytes([byte]))
            with suppress(TimeoutError):
                received = connection.recv(65536)
                break
        assert problem(received) == (408, "head-too-slow")
        assert 0.9 * SECONDS <= time.monotonic() - began < 10 * SECONDS


def test_an_idle_connection_that_was_used_is_let_be(hasty: Server) -> None:
    with closing(hasty.open()) as connection:
        for path in (b"one", b"two"):
            assert b"/%b 0" % path in ask(connection, GET % path)
            connection.sendall(b"\r\n")
            time.sleep(1.5 * SECONDS)


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02\x00\x01", b"HELLO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 99]
)
def test_what_is_no_request_is_400(server: Server, garbage: bytes) -> None:
    with closing(server.open()) as connection:
        assert problem(push(connection, garbage)) == (400, "malformed-request")


NO_TARGETS = [b"GET http://a HTTP/1.1\r\n\r\n", b"CONNECT a:80 HTTP/1.1\r\n\r\n", b"GET http://[/ HTTP/1.1\r\n\r\n"]
"""Heads that can be parsed, of a target that cannot."""


@pytest.mark.parametrize("bad", NO_TARGETS)
def test_a_target_that_is_none_is_400(server: Server, bad: bytes) -> None:
    with closing(server.open()) as connection:
        assert problem(push(connection, bad)) == (400, "malformed-request")


@pytest.mark.parametrize("bad", NO_TARGETS)
def test_a_target_that_is_none_takes_no_other_request_s_answer(hasty: Server, bad: bytes) -> None:
    with closing(hasty.open()) as connection:
        received = push(connection, GET % b"slow" + bad)
    first, _, second = received.partition(b"HTTP/1.1 400 ")
    assert b"/slow 0" in first
    assert problem(b"HTTP/1.1 400 " + second) == (400, "malformed-request")


def test_pipelined_requests_are_answered_in_order_and_a_bad_one_after_them(hasty: Server) -> None:
    bad = FRESH + b"X-Long: " + b"y" * 100 * 1024
    post = b"POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + b"b" * 60_000
    with closing(hasty.open()) as connection:
        received = push(connection, GET % b"slow" + post + GET % b"last" + bad)
    places = [received.index(text) for text in (b"/slow 0", b"/post 60000", b"/last 0", b"HTTP/1.1 431 ")]
    assert places == sorted(places)
    assert received.count(b"HTTP/1.1 ") == 4
    assert problem(received[places[-1] :]) == (431, "head-too-large")


def test_many_pipelined_requests_are_more_than_one_head(server: Server) -> None:
    with closing(server.open()) as connection:
        sending = threading.Thread(target=connection.sendall, args=((GET % b"many") * 5000,))
        sending.start()
        received = b""
        while received.count(b"/many 0") < 5000:
            received += connection.recv(1 << 20)
        sending.join()


def test_half_a_head_behind_a_slow_request_has_its_time_when_that_is_answered(hasty: Server) -> None:
    with closing(hasty.open()) as connection:
        received = push(connection, GET % b"slow" + b"GET /half")
    first, _, second = received.partition(b"HTTP/1.1 408 ")
    assert b"/slow 0" in first
    assert problem(b"HTTP/1.1 408 " + second) == (408, "head-too-slow")


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_body_is_none_of_its_business(hasty: Server) -> None:
    with closing(hasty.open()) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"b" * 500_000)
        time.sleep(1.5 * SECONDS)
        assert b"/ 1000000" in ask(connection, b"b" * 500_000)
        answer = ask(connection, CHUNKED + b"1\r\nb\r\n" * 20_000 + b"0\r\nX-Trailer: smuggled\r\n\r\n")
        assert b"/ 20000" in answer
        assert b"smuggled" not in answer


@pytest.mark.parametrize(
    "more", [b"0\r\nX-Trailer: ", b"0\r\n" + b"A:\r\n" * 50_000, b"1;"], ids=["one", "many", "extension"]
)
def test_trailers_and_extensions_are_bounded(server: Server, more: bytes) -> None:
    with closing(server.open()) as connection:
        assert problem(push(connection, CHUNKED + b"1\r\nb\r\n" + more + b"y" * 200_000)) == (431, "head-too-large")


def test_a_body_that_nobody_waits_for_has_its_time(hasty: Server) -> None:
    with closing(hasty.open()) as connection:
        post = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nb"
        assert b"/unread 0" in ask(connection, post)
        connection.sendall(b"b")
        assert rest(connection) == b""


LARGE = [b"/large", b"/large-parts"]


def unhurried(server: Server, request: bytes) -> socket.socket:
    """A caller that has asked, and has little room for the answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(request)
    return connection


@pytest.mark.parametrize("path", LARGE)
@pytest.mark.parametrize(
    "more",
    [b"\r\n", b"Connection: close\r\n\r\n", b"\r\n" + GET % b"large", b"\r\nGARBAGE\r\n\r\n"],
    ids=["kept alive", "closing", "pipelined", "refused"],
)
def test_an_answer_that_nobody_reads_goes_with_its_connection(hasty: Server, path: bytes, more: bytes) -> None:
    before = hasty.sockets
    with closing(unhurried(hasty, b"GET %b HTTP/1.1\r\nHost: x\r\n%b" % (path, more))) as connection:
        assert connection.recv(1) == b"H"
        deadline = time.monotonic() + 20
        while hasty.sockets > before:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("path", LARGE)
def test_an_answer_that_is_read_slowly_is_read_to_its_end(hasty: Server, path: bytes) -> None:
    began, received = time.monotonic(), 0
    request = b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path
    with closing(unhurried(hasty, request)) as connection:
        while part := connection.recv(64 * 1024):
            received += len(part)
            if time.monotonic() - began < 5 * SECONDS:
                time.sleep(0.2 * SECONDS)
    assert received > 16 * 1024 * 1024


def test_memory_stays_flat_while_fifty_connections_push_heads(server: Server) -> None:
    before, statuses = server.resident, list[int]()
    most = before

    def work() -> None:
        for _ in range(4):
            with closing(server.open()) as connection:
                with suppress(ConnectionError):
                    for _ in range(64):  # 16 MiB each, 3 GiB in all, if anybody took them
                        connection.sendall(FRESH + b"X-Long: " + b"y" * 256 * 1024)
                statuses.append(rest(connection).startswith(b"HTTP/1.1 431 "))

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, server.resident)
        with closing(server.open()) as connection:
            assert b"/alive 0" in ask(connection, GET % b"alive")
        time.sleep(0.02)
    assert len(statuses) == 200
    assert most - before < 40


def test_every_port_is_bounded(start: Start, issuer: LiveIssuer) -> None:
    running = start("http")
    running.until("/health/live", 200)
    for url in (running.url, running.internal_url, issuer.url):
        host, port = url.removeprefix("http://").split(":")
        with closing(socket.create_connection((host, int(port)))) as connection:
            connection.settimeout(30)
            assert problem(push(connection, FRESH + b"X-Long: " + b"y" * 65 * 1024)) == (431, "head-too-large")
