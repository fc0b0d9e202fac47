"""The gateway while it goes to another image: somebody opens the front all the time, as a proxy before it would."""

import asyncio
import ssl
import subprocess
import sys
from pathlib import Path

import httpx

from deploy.devstack.process import ROOT
from tests.compose.containers import docker, images
from tests.compose.upgrade import NEXT
from tests.faults.verdict import Check

GATEWAY = "gateway"
PORTS = range(8160, 8170)
"""Of its containers, each one takes one."""


class Opening:
    """Opens the front's page over and over; `failed` says what was no page."""

    def __init__(self, ca_file: Path) -> None:
        self._trust = ssl.create_default_context(cafile=ca_file)
        self.pages = 0
        self.failed: list[str] = []

    async def go_on(self) -> None:
        """For ever, on a new connection each time."""
        while True:
            async with httpx.AsyncClient(verify=self._trust, trust_env=False, timeout=10) as browser:
                told = await self._open(browser)
            self.pages += told is None
            self.failed += [told] if told else []
            await asyncio.sleep(0.1)

    async def _open(self, browser: httpx.AsyncClient) -> str | None:
        """At the first port that somebody answers; why that was no page."""
        for port in PORTS:
            try:
                answer = await browser.get(f"https://localhost:{port}/")
            except httpx.ConnectError:
                continue
            except httpx.TransportError as error:
                return type(error).__name__
            return None if answer.status_code == 200 else f"{answer.status_code} {answer.text[:100]}"
        return "no port answers"


async def replaced(ca_file: Path) -> Check:
    """Roll the gateway out, to the same image of another name."""
    docker("tag", f"aftercare-{GATEWAY}:dev", f"aftercare-{GATEWAY}:{NEXT}")
    opening = Opening(ca_file)
    visitor = asyncio.create_task(opening.go_on())
    command = [sys.executable, "-m", "deploy.rollout", NEXT, GATEWAY]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
    visitor.cancel()
    await asyncio.gather(visitor, return_exceptions=True)
    wrong = [done.stderr.strip()] if done.returncode else []
    wrong += [] if (there := images(GATEWAY)) == [f"aftercare-{GATEWAY}:{NEXT}"] else [", ".join(there)]
    return Check("the gateway replaced while people open the front: pages", opening.pages, [*wrong, *opening.failed])
