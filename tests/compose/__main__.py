"""`python -m tests.compose`: what `make compose-check` does."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from deploy.check.disks import disks
from deploy.check.dockerd import Docker, dockerd
from deploy.check.needs import Lacking, install
from deploy.check.standins import Images
from deploy.devstack.process import ROOT
from deploy.devstack.trouble import Trouble
from deploy.images.engine import Engine
from deploy.setup.__main__ import Installation
from tests.compose.containers import PROJECT
from tests.compose.keycloak import CLIENTS

KEYCLOAK_URL = "https://login.test:8443"
STARTED = time.monotonic()
FULL = bool(os.environ.get("FULL"))
FILES = [ROOT / "deploy/compose.yaml", *([ROOT / "deploy/check/disks.yaml"] if FULL else [])]
CONTAINERS_CONF = ROOT / "deploy/check/containers.conf"


class Compose:
    """`docker compose` on one engine and one installation."""

    def __init__(self, programme: Path, docker: Docker, folder: Path) -> None:
        self._docker, self.folder = docker, folder
        files = [part for file in FILES for part in ("-f", str(file))]
        self._command = [str(programme), *files, "--env-file", str(folder / ".env"), "--project-name", PROJECT]

    def run(self, *arguments: str) -> bool:
        """Whether it succeeded; what it says stands on standard error."""
        command = [*self._command, "--progress", "quiet", *arguments]
        environment = self._docker.environment | {"DISKS": str(self.folder / "disks")}
        return subprocess.run(command, env=environment, check=False).returncode == 0

    @contextmanager
    def up(self) -> Iterator[None]:
        """Everything up and well until the block ends; then no container, network or volume is left. Raises Trouble."""
        try:
            if not self.run("up", "--detach", "--wait", "--no-build", "--pull", "never", "--wait-timeout", "900"):
                self.run("ps", "--all")
                self.run("logs", "--tail", "15")
                raise Trouble("compose up failed")
            yield
        finally:
            self.run("down", "--volumes", "--timeout", "20")


def load(engine: Engine, docker: Docker, made: Mapping[str, str]) -> None:
    """Bring the images to the engine, and give them the names that compose.yaml has."""
    there = docker.run("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    if missing := [kept for kept in made.values() if kept not in there]:
        save = [engine.command, "save", "--multi-image-archive", *missing]
        with subprocess.Popen(save, env={**os.environ, **engine.environment}, stdout=subprocess.PIPE) as saved:
            loaded = subprocess.run(
                ["docker", "load", "--quiet"],
                env=docker.environment,
                stdin=saved.stdout,
                capture_output=True,
                check=False,
            )
        if loaded.returncode:
            raise Trouble(f"docker load failed: {loaded.stderr.decode()[-300:]}")
    for name, kept in made.items():
        docker.run("tag", kept, name)


def drive(docker: Docker, folder: Path) -> int:
    """Run the driver in the engine's network, where it knows the containers by their names, and nobody else does."""
    names = docker.run("ps", "--format", "{{.Names}}").split()
    found = [json.loads(docker.run("inspect", name))[0] for name in names]
    lines = ["127.0.0.1 localhost"]
    for each in found:
        service = each["Config"]["Labels"]["com.docker.compose.service"]
        addresses = [network["IPAddress"] for network in each["NetworkSettings"]["Networks"].values()]
        lines.append(f"{addresses[0]} {service}")
    hosts = folder / "hosts"
    hosts.write_text("\n".join(lines) + "\n")
    script = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(hosts)]
    programme = [sys.executable, "-m", "tests.compose.drive", str(folder / "secrets"), str(folder / "disks")]
    environment = docker.environment | {"KEYCLOAK_URL": KEYCLOAK_URL}
    return subprocess.run(docker.inside(*command, *programme), cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    """The exit status: 0 if all is well, 69 (EX_UNAVAILABLE) if this machine cannot tell."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        tools = install()
        engine = Engine("podman", environment={"CONTAINERS_CONF": str(CONTAINERS_CONF)})
        made = Images(engine).make()
        tell(f"images: {', '.join(made)}")
        with tempfile.TemporaryDirectory(prefix="aftercare-installation-") as scratch, dockerd() as docker:
            folder = Path(scratch)
            folder.chmod(0o755)
            Installation(folder).write(KEYCLOAK_URL, CLIENTS)
            load(engine, docker, made)
            tell("the engine runs and has the images")
            with (
                disks(folder / "disks") if FULL else nullcontext(),
                Compose(tools / "docker-compose", docker, folder).up(),
            ):
                tell("all is up and well")
                return drive(docker, folder)
    except Lacking as lacking:
        print(f"aftercare: the check cannot run here: {lacking}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        tell("nothing is left running")


def tell(words: str) -> None:
    """A line with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.1f}  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
