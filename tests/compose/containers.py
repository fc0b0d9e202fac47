"""The running containers, and what may befall them."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = "aftercare-check"
HEAL_SECONDS = 180.0


def docker(*arguments: str) -> str:
    """What docker answers."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"docker {' '.join(arguments[:2])}: {done.stderr.strip()}")
    return done.stdout.strip()


def well() -> set[str]:
    """The names of the containers that run and are well."""
    return set(docker("ps", "--filter", "health=healthy", "--format", "{{.Names}}").split())


def running(service: str) -> list[dict[str, Any]]:
    """What the engine knows of a service's containers that run, the oldest first."""
    label = f"label=com.docker.compose.service={service}"
    names = docker("ps", "--filter", label, "--filter", "status=running", "--format", "{{.Names}}").split()
    found: list[dict[str, Any]] = json.loads(docker("inspect", *names)) if names else []
    return sorted(found, key=lambda each: str(each["Created"]))


def addresses(service: str) -> list[str]:
    """Where a service's containers are, as the engine's network has it."""
    return [next(iter(each["NetworkSettings"]["Networks"].values()))["IPAddress"] for each in running(service)]


def images(service: str) -> list[str]:
    """The images that a service's containers run."""
    return [str(each["Config"]["Image"]) for each in running(service)]


def write_hosts(path: Path = Path("/etc/hosts")) -> None:
    """Each service's name, and where its oldest container is, and the one by which people reach Keycloak's port here.

    The driver has a file of its own for them.
    """
    services = sorted(set(docker("ps", "--format", '{{.Label "com.docker.compose.service"}}').split()))
    known = [f"{addresses(service)[0]} {service}" for service in services]
    public = urlsplit(os.environ["KEYCLOAK_URL"]).hostname
    path.write_text("\n".join([f"127.0.0.1 localhost {public}", *known]) + "\n")


class Container:
    """A container by its name in compose.yaml."""

    def __init__(self, name: str) -> None:
        self.name, self.id = name, f"{PROJECT}-{name}-1"

    def state(self) -> dict[str, Any]:
        """What the engine knows of it."""
        found: dict[str, Any] = json.loads(docker("inspect", self.id))[0]
        return found

    @property
    def healthy(self) -> bool:
        """Whether it runs and its own check says that it is well."""
        state = self.state()["State"]
        return bool(state["Running"] and state.get("Health", {}).get("Status") == "healthy")

    @property
    def restarts(self) -> int:
        """How often the engine has started it again."""
        return int(self.state()["RestartCount"])

    def said(self, since: float) -> str:
        """Its log since then (Unix seconds)."""
        command = ["docker", "logs", "--since", f"{since:.3f}", self.id]
        told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return told.stdout.decode(errors="replace")

    async def kill(self) -> None:
        """SIGKILL, as the kernel gives it when memory is short; the engine starts it again by itself."""
        before = self.restarts
        os.kill(self.state()["State"]["Pid"], signal.SIGKILL)
        await until(lambda: self.restarts > before and self.healthy, f"{self.name} to be back")

    async def cut_off(self, network: str, seconds: float) -> None:
        """Out of a network for a while; its connections there are never told."""
        docker("network", "disconnect", f"{PROJECT}_{network}", self.id)
        try:
            await asyncio.sleep(seconds)
        finally:
            docker("network", "connect", f"{PROJECT}_{network}", self.id)
        await until(lambda: self.healthy, f"{self.name} to be well")


async def until(true: Any, what: str) -> None:
    """Wait for it. Raises TimeoutError."""
    give_up = time.monotonic() + HEAL_SECONDS
    while not await asyncio.to_thread(true):
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {HEAL_SECONDS:.0f} s for {what}")
        await asyncio.sleep(0.2)
