"""The workshop as a process, with its own ports, on a real database and with no Kafka."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from deploy.devstack.plain_http import PLAIN

NOBODY = "127.0.0.1:1"


@dataclass
class Running:
    """The workshop as a process."""

    process: subprocess.Popen[str]
    url: str
    internal_url: str

    def get(self, path: str, **options: object) -> httpx.Response:
        """A read, at the port that serves the path."""
        base = self.url if path.startswith("/v1/") else self.internal_url
        return httpx.get(base + path, **PLAIN, timeout=30, **options)  # type: ignore[arg-type]  # httpx's own

    def until(self, path: str, status: int) -> httpx.Response:
        deadline = time.monotonic() + 40
        while True:
            try:
                answer = self.get(path)
                if answer.status_code == status or time.monotonic() > deadline:
                    return answer
            except httpx.HTTPError:
                assert self.process.poll() is None, self.process.communicate()
                assert time.monotonic() < deadline
            time.sleep(0.05)

    def until_it_waits_for(self, name: str) -> None:
        """As far as it comes where there is none."""
        self.until_it_is(f"waiting for {name}")

    def until_it_is(self, status: str) -> None:
        """Not ready, and says so."""
        deadline = time.monotonic() + 40
        while (told := self.until("/health/ready", 503).json()["status"]) != status:
            assert time.monotonic() < deadline, told
            time.sleep(0.05)

    def until_it_counts(self, line: str) -> None:
        """Its metrics have this line."""
        deadline = time.monotonic() + 40
        while line not in self.until("/metrics", 200).text.splitlines():
            assert time.monotonic() < deadline, line
            time.sleep(0.05)


Start = Callable[..., Running]
