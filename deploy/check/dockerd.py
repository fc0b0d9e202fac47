"""A Docker engine of our own in a network namespace of our own: the host's firewall and addresses stay untouched."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.check.needs import Lacking
from deploy.devstack.artefacts import cache_folder
from deploy.devstack.trouble import Trouble

START_SECONDS, STOP_SECONDS = 60.0, 60.0
DATA = "docker"
"""The engine's own folder in the cache: its images stay, so the next run need not load them again."""


@dataclass(frozen=True)
class Docker:
    """The running engine: its socket, and its network namespace."""

    socket: Path
    namespace: str

    @property
    def environment(self) -> dict[str, str]:
        """For docker's clients."""
        return {**os.environ, "DOCKER_HOST": f"unix://{self.socket}"}

    def inside(self, *command: str) -> list[str]:
        """A command as it runs in the engine's network. `ip netns exec` would mount /sys anew and lose the cgroups."""
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *command]

    def run(self, *arguments: str) -> str:
        """What docker answers. Raises Trouble."""
        command = ["docker", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"docker {arguments[0]}: {done.stderr.strip()[-300:]}")
        return done.stdout.strip()


@contextmanager
def dockerd() -> Iterator[Docker]:
    """The engine until the block ends; then no process, mount or namespace of it is left. Raises Trouble."""
    name = f"aftercare-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as scratch:
        folder = Path(scratch)
        subprocess.run(["ip", "netns", "add", name], check=True)
        try:
            docker = Docker(folder / "sock", name)
            subprocess.run(docker.inside("ip", "link", "set", "lo", "up"), check=True)
            process = _begin(docker, folder)
            try:
                _wait(docker, process, folder / "log")
                yield docker
            finally:
                _end(process)
        finally:
            subprocess.run(["ip", "netns", "del", name], check=True)


def _begin(docker: Docker, folder: Path) -> subprocess.Popen[bytes]:
    data = cache_folder() / DATA
    data.mkdir(parents=True, exist_ok=True)
    command = docker.inside(
        "dockerd", "--data-root", str(data), "--exec-root", str(folder / "exec"), "--pidfile", str(folder / "pid"),
        "--host", f"unix://{docker.socket}", "--bip", "10.77.0.1/16",
        "--default-address-pool", "base=10.78.0.0/16,size=24",
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def _wait(docker: Docker, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(Trouble):
            docker.run("info", "--format", "{{.ID}}")
            return
        time.sleep(0.2)
    raise Lacking(f"the Docker engine does not start: {log.read_text(errors='replace')[-600:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
