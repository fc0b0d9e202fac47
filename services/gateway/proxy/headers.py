"""Headers on their way up to a service, and down to the caller."""

from collections.abc import Iterable, Iterator

from libs.chassis.http.server.connection import HEADERS

Lines = Iterable[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset(
    [
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    ]
)
"""RFC 9110 §7.6.1: those of one connection; beside them, whatever `Connection` names."""

_NOT_UP = HOP_BY_HOP | {b"host", b"cookie", b"authorization", b"expect", b"forwarded", b"x-real-ip", b"traceparent"}
_FORWARDED = b"x-forwarded-"
"""No service believes any of these; whoever does one day must not believe a caller."""
_NOT_DOWN = HOP_BY_HOP | {b"set-cookie", b"date", b"server", b"trace-id", *(name for name, _ in HEADERS)}
"""The gateway's server and its edge say these themselves."""


def up(lines: Lines, token: str, traceparent: str) -> list[tuple[str, str]]:
    """What the service is told, `lines` being in lower case. Raises UnicodeDecodeError where bytes would be changed."""
    told = [
        (name.decode("ascii"), value.decode())
        for name, value in _end_to_end(lines, _NOT_UP)
        if not name.startswith(_FORWARDED)
    ]
    return [*told, ("authorization", f"Bearer {token}"), ("traceparent", traceparent)]


def down(lines: Lines, prefix: bytes) -> list[tuple[bytes, bytes]]:
    """What the caller is told. Where a new thing stands is an address of ours: the service's with `prefix` before."""
    lowered = [(name.lower(), value) for name, value in lines]
    return [
        (name, prefix + value if name == b"location" and value.startswith(b"/v1/") else value)
        for name, value in _end_to_end(lowered, _NOT_DOWN)
    ]


def _end_to_end(lines: Lines, dropped: frozenset[bytes]) -> Iterator[tuple[bytes, bytes]]:
    lines = list(lines)
    named = {name.strip().lower() for key, value in lines if key == b"connection" for name in value.split(b",")}
    return ((name, value) for name, value in lines if name not in dropped and name not in named)
