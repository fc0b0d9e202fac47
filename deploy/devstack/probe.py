"""Two questions to a Kafka broker in its own protocol: which cluster are you, and can groups be joined?

A library's client would answer too, but only `libs/events/transport/kafka.py` may use one, and readiness must be asked
before anything else runs. Requests are of versions without tagged fields, which Kafka 4 still speaks.
"""

import socket
import struct

METADATA, FIND_COORDINATOR, OFFSET_FETCH = 3, 10, 9


def cluster_id(port: int) -> str:
    """The id of the cluster that answers at this port of 127.0.0.1; OSError if none does."""
    answer = _ask(port, METADATA, 4, struct.pack(">i?", 0, False))  # no topics, none created
    answer.integer()  # throttled for
    for _ in range(answer.integer()):  # brokers: id, host, port, rack
        answer.integer()
        answer.text()
        answer.integer()
        answer.text()
    return answer.text()


def groups_ready(port: int) -> bool:
    """Whether a first consumer group would find its coordinator loaded; asking creates the offsets topic."""
    answer = _ask(port, FIND_COORDINATOR, 2, _text("warm-up") + b"\0")
    answer.integer()
    if answer.short():
        return False
    no_topics = struct.pack(">i", -1)  # a null list asks for all of the group's offsets
    answer = _ask(port, OFFSET_FETCH, 5, _text("warm-up") + no_topics)
    answer.integer()
    return answer.integer() == 0 and answer.short() == 0


class _Answer:
    """The fields of a response, read one after another."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def integer(self) -> int:
        return self._next(">i", 4)

    def short(self) -> int:
        return self._next(">h", 2)

    def text(self) -> str:
        length = self.short()
        self._at += max(length, 0)
        return self._body[self._at - length : self._at].decode() if length > 0 else ""

    def _next(self, layout: str, size: int) -> int:
        self._at += size
        return int(struct.unpack_from(layout, self._body, self._at - size)[0])


def _ask(port: int, key: int, version: int, body: bytes) -> _Answer:
    request = struct.pack(">hhi", key, version, 1) + _text("devstack") + body
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        size = struct.unpack(">i", _read(connection, 4))[0]
        return _Answer(_read(connection, size)[4:])  # after the correlation id


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (more := connection.recv(size - len(data))):
            raise ConnectionError("the connection was closed")
        data += more
    return data


def _text(value: str) -> bytes:
    return struct.pack(">h", len(value)) + value.encode()
