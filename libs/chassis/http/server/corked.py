"""A transport that holds what is written until the loop's next turn."""

import asyncio
from typing import Any

MOST_BYTES = 16 * 1024
"""More than that is not held."""


class Corked:
    """A transport that sends what is written within one turn of the loop at once: uvicorn writes head and body apart.

    Each write is a system call, and wakes the caller, who has nothing to do with half an answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send it with the next turn of the loop, or now where much is waiting."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_BYTES:
            self._send()

    def close(self) -> None:
        """After what was written."""
        self._send()
        self._transport.close()

    def write_eof(self) -> None:
        """After what was written."""
        self._send()
        self._transport.write_eof()

    def _send(self) -> None:
        if self._held and not self._transport.is_closing():
            self._transport.write(b"".join(self._held))  # `writelines` knows no full buffer: CVE-2024-12254
        self._held, self._size = [], 0
