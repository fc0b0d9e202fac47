"""Bad states of an installation that is up: each is said in one clear line, and over when it is put right."""

import asyncio
import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.devstack.process import ROOT
from deploy.setup.authority import Authority
from deploy.setup.secrets import POSTGRES, Reader
from libs.events.transport.kafka import KEPT
from tests.compose.containers import Container, docker, until, well, write_hosts
from tests.compose.installation import Installation
from tests.faults.faults import CUT

TOPIC = "survey.events"
AHEAD, CLOCK = "survey-worker", ROOT / "deploy/check/clock.yaml"
FILLER = "filler"
"""The file that leaves no room on a disk."""


class States:
    """What may be wrong with the servers of an installation; each method makes it so, and puts it right again.

    `copies`: of each topic.
    """

    def __init__(self, installation: Installation, copies: int) -> None:
        self._installation, self._copies = installation, copies
        self._well_before = well()

    async def wrong_password(self) -> None:
        """Triage's password was changed at PostgreSQL and not in its file."""
        own = (self._installation.secrets / "all/triage_app").read_text()
        async with (
            self._said("triage-worker", "InvalidPasswordError"),
            self._installation.administrator() as administrator,
        ):
            await administrator.execute("ALTER ROLE triage_app PASSWORD 'another'")
            await administrator.fetchval(f"{CUT} AND usename = 'triage_app'")
        async with self._installation.administrator() as administrator:
            await administrator.execute(f"ALTER ROLE triage_app PASSWORD '{own}'")
        await self._well()

    async def expired_certificate(self) -> None:
        """PostgreSQL shows a certificate that ended."""
        secrets = self._installation.secrets
        folder = Reader(secrets / "postgres", POSTGRES)
        kept = {name: (folder.folder / name).read_text() for name in ("server.key", "server.crt")}
        key, chain = Authority(secrets / "public/ca.pem", secrets / "all/ca.key").issue(["postgres", "localhost"], 0)
        async with (
            self._said("intake-worker", "certificate has expired"),
            self._installation.administrator() as administrator,
        ):
            await self._show(folder, {"server.key": key, "server.crt": chain})
            await administrator.fetchval(CUT)
        await self._show(folder, kept)
        await self._well()

    async def full_disk(self, server: str) -> None:
        """No room is left where a server writes."""
        filler = self._installation.disks / server / FILLER
        async with self._said(server, "No space left on device"):
            await asyncio.to_thread(_fill, filler)
        filler.unlink()
        await self._well()

    async def other_partitions(self) -> None:
        """Somebody made a topic anew, with a number of partitions that lanes do not fit into."""
        async with self._said("survey-worker", f"{TOPIC} has 3 partitions, which do not divide 16 lanes"):
            await self._make_topic(3)
        await self._make_topic(16)
        await self._well()

    async def wrong_clock(self) -> None:
        """A worker's clock is ten minutes ahead of its database's."""
        async with self._said(AHEAD, "clock differs from the database's"):
            await self._recreate(AHEAD, "-f", str(CLOCK))
        await self._recreate(AHEAD)
        await self._well()

    async def _recreate(self, name: str, *files: str) -> None:
        """Its container anew, by these compose files, too. Raises TimeoutError."""
        up = ["up", "--detach", "--wait", "--no-build", "--no-deps", name]
        command = [*shlex.split(os.environ["COMPOSE"]), *files, *up]
        if (await asyncio.to_thread(subprocess.run, command, check=False)).returncode:
            raise TimeoutError(f"{name} did not come up")
        await asyncio.to_thread(write_hosts)

    @asynccontextmanager
    async def _said(self, name: str, words: str) -> AsyncIterator[None]:
        """After the block has made it wrong, the container says so."""
        since = time.time()
        yield
        await until(lambda: words in Container(name).said(since), f"{name} to say {words!r}")

    async def _well(self) -> None:
        await until(lambda: well() >= self._well_before, "all containers to be well")

    async def _show(self, folder: Reader, files: dict[str, str]) -> None:
        for name, text in files.items():
            folder.write(name, text)
        server, since = Container("postgres"), time.time()
        docker("kill", "--signal", "HUP", server.id)
        await until(lambda: "received SIGHUP" in server.said(since), "PostgreSQL to read its certificate")

    async def _make_topic(self, partitions: int) -> None:
        """Delete the topic, and make it with so many partitions."""
        admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", **self._installation.kafka)
        await admin.start()
        try:
            await admin.delete_topics([TOPIC])
            while TOPIC in await admin.list_topics():  # noqa: ASYNC110
                await asyncio.sleep(0.2)  # the broker answers before it has deleted
            await admin.create_topics([NewTopic(TOPIC, partitions, self._copies, topic_configs=KEPT)])
        finally:
            await admin.close()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for chunk in (bytes(1 << 20), bytes(1 << 12)):
            with contextlib.suppress(OSError):
                while file.write(chunk):
                    pass
