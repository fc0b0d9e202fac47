"""`python -m deploy.rollout TAG [SERVICE …]`: what `make rollout` does: the services of compose.yaml to another tag.

One service after the other, those that hear an event before the one that publishes it: its migration, then its workers,
then the processes that answer. New containers start beside the old ones, and these leave when the new ones are well, so
that none is missing at any moment. COMPOSE is the command of compose with its files, if it is another one.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES

FOLDER = Path(__file__).parent
WELL_SECONDS = 300
LEAVE_SECONDS = 60
"""How long an old container may take to end what is in flight: compose.yaml's stop_grace_period."""


class Rollout:
    """Services on their way to `tag`."""

    def __init__(self, tag: str, compose: Sequence[str]) -> None:
        self._compose = compose
        self._environment = {**os.environ, "AFTERCARE_TAG": tag}

    def service(self, service: str) -> None:
        """Bring one service there. Raises Trouble; what served before goes on then."""
        print(f"{service}: migrating", flush=True)
        self._run("run", "--rm", "--no-deps", "--quiet-pull", f"{service}-migrate")
        for name in (f"{service}-worker", service):
            self._replace(name)

    def _replace(self, name: str) -> None:
        old = self._containers(name)
        scale = f"{name}={2 * max(len(old), 1)}"
        start = ("up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--scale", scale)
        try:
            self._run(*start, "--wait", "--wait-timeout", str(WELL_SECONDS), name)
        except Trouble:
            self._leave(sorted(set(self._containers(name)) - set(old)))
            raise Trouble(f"{name}: the new containers did not get well and were removed; the old ones go on") from None
        self._leave(old)
        print(f"{name}: {len(old)} replaced", flush=True)

    def _containers(self, name: str) -> list[str]:
        return self._run("ps", "--all", "--quiet", name).split()

    def _leave(self, containers: Sequence[str]) -> None:
        for each in containers:
            _docker("stop", "--time", str(LEAVE_SECONDS), each)
            _docker("rm", each)

    def _run(self, *arguments: str) -> str:
        return _answer([*self._compose, *arguments], self._environment)


def _docker(*arguments: str) -> None:
    _answer(["docker", *arguments], os.environ)


def _answer(command: Sequence[str], environment: os._Environ[str] | dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{' '.join(command[-4:])} failed")
    return done.stdout


def keep(tag: str, file: Path) -> None:
    """From now on `docker compose up` means this tag."""
    write_environment(file, {**read_environment(file), "AFTERCARE_TAG": tag})


def main(
    tag: Annotated[str, typer.Argument(help="The tag of the images to go to; going back is the same.")],
    services: Annotated[list[str] | None, typer.Argument(help="Which services; none: all.")] = None,
) -> None:
    """Bring the services to another tag, while they serve."""
    if unknown := set(services or ()) - set(EVENT_SERVICES):
        raise Trouble(f"there is no service {', '.join(sorted(unknown))}")
    compose = os.environ.get("COMPOSE", f"docker compose -f {shlex.quote(str(FOLDER / 'compose.yaml'))}")
    rollout = Rollout(tag, shlex.split(compose))
    for service in services or reversed(EVENT_SERVICES):
        rollout.service(service)
    if not services and "COMPOSE" not in os.environ:
        keep(tag, FOLDER / ".env")


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
