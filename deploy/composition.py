"""compose.yaml as it runs here: its command, what it says of a service, and the containers that there are."""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.devstack.trouble import Trouble

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Container:
    """A container of a service: its id, the image's name, and whether its own check says that it is well."""

    id: str
    image: str
    is_well: bool


@dataclass(frozen=True)
class Composition:
    """`docker compose` on deploy/compose.yaml; COMPOSE is another command. All of it may raise Trouble."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls, **environment: str) -> "Composition":
        """With these variables beside those of the environment and of .env."""
        command = os.environ.get("COMPOSE", f"docker compose -f {shlex.quote(str(FOLDER / 'compose.yaml'))}")
        return cls(shlex.split(command), environment)

    def run(self, *arguments: str) -> None:
        """What it says stands on our own output."""
        if subprocess.run([*self.command, *arguments], env=self._all, check=False).returncode:
            raise Trouble(f"docker compose {' '.join(arguments[:4])} failed")

    def answer(self, *arguments: str) -> str:
        """What it says on standard output."""
        return _answer([*self.command, *arguments], self._all)

    def asked(self, *arguments: str) -> str:
        """The same of what is asked until it answers: that it cannot yet is no error to be shown."""
        return _answer([*self.command, *arguments], self._all, subprocess.DEVNULL)

    def service(self, name: str) -> dict[str, Any]:
        """What the file says of a service, with every variable filled in."""
        found: dict[str, Any] = json.loads(self.answer("config", "--format", "json"))["services"][name]
        return found

    def chosen(self, *names: str) -> list[str]:
        """Which of these are in the profiles that are run."""
        there = self.answer("config", "--services").split()
        return [name for name in names if name in there]

    def containers(self, name: str) -> list[Container]:
        """Those of a service, whether they run or not."""
        ids = self.answer("ps", "--all", "--quiet", name).split()
        found = json.loads(_answer(["docker", "inspect", *ids], os.environ)) if ids else []
        return [Container(each["Id"], each["Config"]["Image"], _is_well(each["State"])) for each in found]

    @property
    def _all(self) -> Mapping[str, str]:
        return {**os.environ, **self.environment}


def set_up(composition: Composition) -> None:
    """Make the databases, topics and rights that are new, by the image that there is."""
    for one_shot in ("databases", "access"):
        composition.run("run", "--rm", "--no-deps", one_shot)


def leave(container: Container, seconds: int) -> None:
    """It may end what is in flight for so long; then it is removed."""
    _answer(["docker", "stop", "--time", str(seconds), container.id], os.environ)
    _answer(["docker", "rm", container.id], os.environ)


def _is_well(state: Mapping[str, Any]) -> bool:
    return bool(state["Running"]) and state.get("Health", {}).get("Status") == "healthy"


def _answer(command: Sequence[str], environment: Mapping[str, str], errors: int | None = None) -> str:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{' '.join(command[-4:])} failed")
    return done.stdout
