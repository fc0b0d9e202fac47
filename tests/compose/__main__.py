"""`python -m tests.compose`: what `make compose-check` does; `python -m tests.compose drill` is `make drill`."""

import os
import shlex
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
from deploy.check.needs import FAKETIME, Lacking, faketime_folder, install, install_packages
from deploy.check.standins import Images
from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.process import ROOT
from deploy.devstack.trouble import Trouble
from deploy.images.engine import Engine
from deploy.setup.__main__ import Installation
from deploy.setup.profiles import OBSERVABILITY
from tests.compose.containers import PROJECT
from tests.compose.front import PORTS
from tests.compose.keycloak import CLIENTS
from tests.compose.upgrade import MIGRATION, NEXT, REPLICAS, SERVICE

KEYCLOAK_URL = "https://login.test:8443"
STARTED = time.monotonic()
FULL = bool(os.environ.get("FULL")) and "drill" not in sys.argv
FILES = [ROOT / "deploy/compose.yaml", *([ROOT / "deploy/check/disks.yaml"] if FULL else [])]
REPLICATED = {
    f"{SERVICE.upper()}_REPLICAS": str(REPLICAS),
    f"{SERVICE.upper()}_LISTEN": "127.0.0.1:8110-8119",
    "GATEWAY_LISTEN": f"127.0.0.1:{PORTS[0]}-{PORTS[-1]}",
}
ON_CONTAINERS = ("tests/libs/test_store.py", "tests/libs/test_consumer.py")
CONTAINERS_CONF = ROOT / "deploy/check/containers.conf"


class Compose:
    """`docker compose` on one engine and one installation."""

    def __init__(self, programme: Path, docker: Docker, folder: Path) -> None:
        self._docker, self.folder = docker, folder
        files = [part for file in FILES for part in ("-f", str(file))]
        self._command = [str(programme), *files, "--env-file", str(folder / ".env"), "--project-name", PROJECT]

    @property
    def environment(self) -> dict[str, str]:
        """What it runs in."""
        return self._docker.environment | {"DISKS": str(self.folder / "disks"), "FAKETIME_FOLDER": faketime_folder()}

    @property
    def command(self) -> str:
        """For whoever else runs it."""
        return shlex.join([*self._command, "--progress", "quiet"])

    def run(self, *arguments: str) -> bool:
        """Whether it succeeded; what it says stands on standard error."""
        command = [*self._command, "--progress", "quiet", *arguments]
        return subprocess.run(command, env=self.environment, check=False).returncode == 0

    def said(self) -> Path:
        """A file that stays, with all that the containers still know to have said."""
        command = [*self._command, "logs", "--no-color", "--timestamps"]
        with tempfile.NamedTemporaryFile(prefix="aftercare-compose-", suffix=".log", delete=False) as kept:
            subprocess.run(command, env=self.environment, stdout=kept, check=False)
        return Path(kept.name)

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


def profiles(driver: str) -> str:
    """Those that were asked for, and Prometheus for the drive."""
    return ",".join(filter(None, [os.environ.get("PROFILE"), OBSERVABILITY if driver == "drive" else None]))


def drive(docker: Docker, folder: Path, compose: "Compose", driver: str) -> int:
    """Run the driver in the engine's network, with a file of its own for the containers' names."""
    hosts = folder / "hosts"
    hosts.touch()
    script = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(hosts)]
    programme = [sys.executable, "-m", f"tests.compose.{driver}", str(folder / "secrets")]
    environment = compose.environment | {
        "KEYCLOAK_URL": KEYCLOAK_URL,
        "COMPOSE": compose.command,
        "PROFILE": profiles(driver),
    }
    return subprocess.run(docker.inside(*command, *programme), cwd=ROOT, env=environment, check=False).returncode


def stack_of_containers(docker: Docker) -> None:
    """The kernel's tests on `STACK=containers`, with the same images. Raises Trouble."""
    command = docker.inside(sys.executable, "-m", "pytest", "-q", *ON_CONTAINERS)
    settings = {"STACK": "containers", "TESTCONTAINERS_RYUK_DISABLED": "true"}
    if subprocess.run(command, cwd=ROOT, env=docker.environment | settings, check=False).returncode:
        raise Trouble("tests on STACK=containers failed")


def main(driver: str = "drive") -> int:
    """Run a driver on an installation of its own.

    The exit status: 0 if all is well, 69 (EX_UNAVAILABLE) if this machine cannot tell.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        tools = install()
        if FULL:
            install_packages(FAKETIME)
        engine = Engine("podman", environment={"CONTAINERS_CONF": str(CONTAINERS_CONF)})
        images = Images(engine)
        images.make()
        images.next(SERVICE, NEXT, MIGRATION)
        made = images.running
        tell(f"images: {', '.join(made)}")
        with tempfile.TemporaryDirectory(prefix="aftercare-installation-") as scratch, dockerd() as docker:
            folder = Path(scratch)
            folder.chmod(0o755)
            Installation(folder).write(KEYCLOAK_URL, CLIENTS, profiles(driver))
            replicas = REPLICATED if driver == "drive" else {}
            write_environment(folder / ".env", {**read_environment(folder / ".env"), **replicas})
            load(engine, docker, made)
            tell("the engine runs and has the images")
            if driver == "drive":
                stack_of_containers(docker)
                tell("tests pass on STACK=containers")
            compose = Compose(tools / "docker-compose", docker, folder)
            with disks(folder / "disks") if FULL else nullcontext(), compose.up():
                tell("all is up and well")
                status = drive(docker, folder, compose, driver)
                if status:
                    tell(f"what all containers said is in {compose.said()}")
                return status
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
    sys.exit(main(*sys.argv[1:]))
