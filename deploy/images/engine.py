"""A container engine as a command: podman, else docker, or the one that CONTAINER_ENGINE names."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.devstack.trouble import Trouble

ROOT = Path(__file__).parents[2]
EPOCH = "1767225600"
"""The time of every file in an image, 2026-01-01: the same files are the same layer, whoever builds them."""
OF_THE_HOST = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf")
"""What a build sees of this machine and no image keeps: whom to trust, and where pip finds packages."""


@dataclass(frozen=True)
class Engine:
    """Builds images. `environment` is added to ours, such as the place of podman's own settings."""

    command: str
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_this_machine(cls) -> "Engine":
        """Raises Trouble where there is none."""
        wished = os.environ.get("CONTAINER_ENGINE")
        for name in [wished] if wished else ["podman", "docker"]:
            if shutil.which(name):
                return cls(name)
        raise Trouble(f"no {wished or 'podman and no docker'} here: install one (Debian, Ubuntu: apt install podman)")

    def build(self, tag: str, context: Path, dockerfile: Path, arguments: Mapping[str, str]) -> None:
        """Build an image. Raises Trouble; what the build said stands on standard error."""
        given = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        self.run("build", *self._reproducibly(), *given, "--file", str(dockerfile), "--tag", tag, str(context))

    def has(self, name: str) -> bool:
        """Whether the image is here."""
        command = [self.command, *self.options, "image", "inspect", name]
        done = subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, check=False)
        return done.returncode == 0

    def run(self, *arguments: str) -> str:
        """What the engine answers on standard output. Raises Trouble."""
        done = subprocess.run(
            [self.command, *self.options, *arguments],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"{self.command} {arguments[0]} failed")
        return done.stdout.strip()

    def _reproducibly(self) -> Iterator[str]:
        if self.command != "podman":
            yield from ("--build-arg", f"SOURCE_DATE_EPOCH={EPOCH}")
            return
        yield from ("--format", "docker", "--layers", "--timestamp", EPOCH, "--network", "host")
        for path in OF_THE_HOST:
            if Path(path).exists():
                yield from ("--volume", f"{path}:{path}:ro")
