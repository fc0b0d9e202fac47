"""An upgrade while people work: another image, and back to the one before, by the rollout that operators run."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from deploy.devstack.process import ROOT
from tests.compose.containers import addresses, images, running, write_hosts

SERVICE = "sla"
REPLICAS = 2
ALONE = "intake"
NEXT = "next"
LONGEST_SECONDS = 30.0
"""So long a command may take until it is answered, repeated with its key meanwhile."""

MIGRATION = {
    "0005_next.py": '''"""What the next release needs: a column, of which the release before knows nothing."""

import sqlalchemy as sa
from alembic import op

revision = "sla_0005"
down_revision = "sla_0004"


def upgrade():
    op.add_column("clock", sa.Column("next", sa.Text))
'''
}
"""The next release of the service: its image is the one before with this migration."""


async def roll_out(tag: str) -> None:
    """Bring the service to a tag. Raises TimeoutError where its containers are of another one afterwards."""
    command = [sys.executable, "-m", "deploy.rollout", tag, SERVICE]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=os.environ, check=False)
    await asyncio.to_thread(write_hosts)
    there = [*images(SERVICE), *images(f"{SERVICE}-worker")]
    if done.returncode or there != [f"aftercare-{SERVICE}:{tag}"] * 2 * REPLICAS:
        raise TimeoutError(f"the rollout to {tag} left {', '.join(there)}")


async def refused() -> list[str]:
    """What is wrong with how a service that publishes one port is refused; nothing of it is touched."""
    before = running(ALONE)
    command = [sys.executable, "-m", "deploy.rollout", NEXT, ALONE]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = f"{ALONE} publishes 1 of the 2 ports"
    wrong = [] if (done.returncode, told in done.stderr) == (1, True) else [f"{done.returncode}: {done.stderr.strip()}"]
    return wrong if [each["Id"] for each in running(ALONE)] == [each["Id"] for each in before] else [*wrong, "touched"]


def urls() -> list[str]:
    """Where its processes answer, all of them."""
    return [f"http://{address}:8100" for address in addresses(SERVICE)]


class Whereabouts:
    """Asks twice a second which processes there are, and tells who sends to them."""

    def __init__(self, tell: Callable[[list[str]], None]) -> None:
        self._tell = tell
        self.urls: list[str] = []

    async def watch(self) -> None:
        """For ever."""
        found: list[str] = []
        while True:
            with suppress(OSError):  # a container that went while it was looked at
                found = await asyncio.to_thread(urls)
            if found and found != self.urls:
                self.urls = found
                self._tell(found)
            await asyncio.sleep(0.5)
