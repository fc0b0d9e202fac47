"""A wire between a client and its server that can be cut as a cable is: nothing comes through, and nobody is told.

`python -m tests.faults.wire PORT HOST:PORT` carries connections from a port of 127.0.0.1 to a server. After SIGUSR1
bytes vanish, on open connections and on new ones, and none of them is closed. After SIGUSR2 new connections get
through; those from before stay dead, as they would after a router forgot them.
"""

import asyncio
import signal
import sys
from contextlib import suppress


class Wire:
    """Carries bytes both ways."""

    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._whole = asyncio.Event()
        self._whole.set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._alive: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """From now on bytes vanish."""
        self._whole.clear()
        self._dead |= self._alive
        self._alive.clear()

    def mend(self) -> None:
        """New connections get through again."""
        self._whole.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        await self._whole.wait()
        try:
            there, back = await asyncio.open_connection(*self._server)
        except OSError:
            writer.transport.abort()
            return
        self._alive |= {writer, back}
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if sink not in self._dead:
                    sink.write(data)
                    await sink.drain()
        if sink not in self._dead:
            self._alive.discard(sink)
            sink.close()


async def main(port: int, host: str, server_port: int) -> None:
    """Carry until SIGTERM."""
    wire, loop, ended = Wire(host, server_port), asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, wire.cut)
    loop.add_signal_handler(signal.SIGUSR2, wire.mend)
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    async with await asyncio.start_server(wire.carry, "127.0.0.1", port):
        await ended.wait()


if __name__ == "__main__":
    name, _, number = sys.argv[2].rpartition(":")
    asyncio.run(main(int(sys.argv[1]), name, int(number)))
