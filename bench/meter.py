"""What an installation has used so far: CPU of each process, with PostgreSQL's by service, and bytes on disk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from deploy.devstack.databases import with_database
from deploy.devstack.postgres import PostgresServer
from deploy.devstack.process import Process


@dataclass(frozen=True)
class Meter:
    """Reads these processes, one PostgreSQL with these databases, and the segments of Kafka's log.

    Whoever is connected as one of the `onlookers` is not counted.
    """

    processes: Sequence[Process]
    postgres: PostgresServer
    databases: Sequence[str]
    kafka_log: Path | None = None
    onlookers: Collection[str] = ()

    def cpu_seconds(self) -> dict[str, float]:
        """So far, by process; PostgreSQL's by database."""
        return {process.name: _seconds(process.pid) for process in self.processes} | self._backends()

    async def bytes(self) -> dict[str, float]:
        """On disk, by database, and Kafka's; what was deleted is free for whatever comes next: autovacuum's work."""
        found = {name: await self._size(name) for name in self.databases}
        if self.kafka_log:
            found["kafka"] = float(sum(file.stat().st_size for file in self.kafka_log.rglob("*.log")))
        return found

    async def _size(self, database: str) -> float:
        connection = await asyncpg.connect(with_database(self.postgres.url, database))
        await connection.execute("VACUUM")
        await connection.execute("CHECKPOINT")
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
        await connection.close()
        return float(size)

    def _backends(self) -> dict[str, float]:
        """PostgreSQL's, by database; what belongs to none, or has ended, is the server's own."""
        server = psutil.Process(self.postgres.pid)
        found = defaultdict[str, float](float, {"postgres": _of(server) + _ended(server)})
        for backend in server.children(recursive=True):
            try:
                title, seconds = " ".join(backend.cmdline()).split(), _of(backend)
            except psutil.NoSuchProcess:
                continue
            database = title[2] if len(title) > 3 and title[2] in self.databases else ""
            if not set(title[1:2]) & set(self.onlookers):
                found[f"postgres of {database}" if database else "postgres"] += seconds
        return found


def _seconds(pid: int) -> float:
    """Of a process, and of all that it started."""
    process = psutil.Process(pid)
    return _of(process) + _ended(process) + sum(_of(child) for child in _living(process.children(recursive=True)))


def _living(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running()]


def _of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _ended(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.children_user + times.children_system)
