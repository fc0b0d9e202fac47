"""A load of HTTP POSTs over kept-alive connections, each sent when the answer before it has come.

A raw client, so that its own CPU time hides as little as possible of the servers' difference on the same two cores.
"""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from bench.comparison import Measured, timed

Request = Callable[[], tuple[dict[str, str], bytes]]
"""Headers and body of the next request."""


async def post(url: str, requests: int, connections: int, request: Request) -> Measured:
    """So many requests over so many connections; every answer must be 201."""
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port
    streams = [await asyncio.open_connection(host, port) for _ in range(connections)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(requests // connections):
            headers, body = request()
            writer.write(_head(parts.path, parts.netloc, headers, len(body)) + body)
            await _answer(reader)

    measured = await timed(requests, asyncio.gather(*(client(*stream) for stream in streams)))
    for _, writer in streams:
        writer.close()
    return measured


def _head(path: str, host: str, headers: dict[str, str], length: int) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    if b" 201 " not in head.split(b"\r\n", 1)[0]:
        raise AssertionError(f"not 201: {head!r} {body!r}")
