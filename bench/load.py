"""A load of HTTP requests over kept-alive connections, each sent when the answer before it has come.

A raw client, so that its own CPU time hides as little as possible of the servers' difference on the same two cores.
"""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from bench.comparison import Measured, timed

Request = Callable[[], tuple[dict[str, str], bytes]]
"""Headers and body of the next request."""


async def post(url: str, requests: int, connections: int, request: Request) -> Measured:
    """So many POSTs over so many connections; every answer must be 201."""
    parts = urlsplit(url)

    def posted() -> bytes:
        headers, body = request()
        told = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        return _head("POST", parts.path, parts.netloc, told) + body

    return await _load(url, requests, connections, posted, b" 201 ")


async def get(url: str, requests: int, connections: int, headers: Mapping[str, str]) -> Measured:
    """So many GETs over so many connections; every answer must be 200."""
    parts = urlsplit(url)
    head = _head("GET", parts.path, parts.netloc, headers)
    return await _load(url, requests, connections, lambda: head, b" 200 ")


async def _load(url: str, requests: int, connections: int, request: Callable[[], bytes], status: bytes) -> Measured:
    parts = urlsplit(url)
    streams = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(requests // connections):
            writer.write(request())
            await _answer(reader, status)

    measured = await timed(requests, asyncio.gather(*(client(*stream) for stream in streams)))
    for _, writer in streams:
        writer.close()
    return measured


def _head(method: str, path: str, host: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer(reader: asyncio.StreamReader, status: bytes) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    if status not in head.split(b"\r\n", 1)[0]:
        raise AssertionError(f"not{status.decode()}: {head!r} {body!r}")
