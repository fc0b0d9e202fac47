"""`python -m deploy.rollout TAG [SERVICE …]`: what `make rollout` does: the services of compose.yaml to another tag.

First what a release needs of the servers; then one service after the other, those that hear an event before the one
that publishes it, the gateway last: its migration, its workers, the processes that answer. New containers start beside
the old ones, and these leave when the new ones are well, so that none is missing at any moment. Who was interrupted
begins again.
"""

import os
import sys
import time
from collections.abc import Sequence
from typing import Annotated

import typer

from deploy.composition import FOLDER, Composition, Container, leave, set_up
from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES, PROCESSES

WELL_SECONDS, LOOK_SECONDS = 300.0, 1.0
ORDER = (*EVENT_SERVICES[::-1], *PROCESSES)
SET_UP_BY = "intake"
"""Whose image the servers are set up with."""
LEAVE_SECONDS = 60
"""How long an old container may take to end what is in flight: compose.yaml's stop_grace_period."""


class Rollout:
    """Services on their way to the tag that the composition has."""

    def __init__(self, composition: Composition) -> None:
        self._composition = composition

    def check(self, services: Sequence[str]) -> None:
        """Raise Trouble where old and new containers together would find no port."""
        for name in services:
            found = self._composition.service(name)
            there, wanted = _published(found), 2 * int(found.get("scale", 1))
            if there < wanted:
                raise Trouble(
                    f"{name} publishes {there} of the {wanted} ports that it needs while it is replaced: set "
                    f"{name.upper()}_LISTEN to a range, such as 127.0.0.1:8110-8119, and let your proxy try all of it"
                )

    def service(self, service: str) -> None:
        """Bring one service there. Raises Trouble; what served before goes on then."""
        print(f"{service}: migrating", flush=True)
        self._composition.run("run", "--rm", "--no-deps", f"{service}-migrate")
        for name in processes(service):
            self._replace(name)

    def _replace(self, name: str) -> None:
        image = self._composition.service(name)["image"]
        there = self._composition.containers(name)
        old = [each for each in there if each.image != image]
        wanted = len(old) or len(there) or 1
        try:
            self._start(name, len(there) + max(wanted - (len(there) - len(old)), 0))
            self._wait(name, image)
        except BaseException:
            for each in self._composition.containers(name) if old else []:
                if each.image == image:
                    leave(each, LEAVE_SECONDS)
            raise
        for each in old:
            leave(each, LEAVE_SECONDS)
        print(f"{name}: {len(old)} replaced", flush=True)

    def _start(self, name: str, containers: int) -> None:
        start = ("up", "--detach", "--no-deps", "--no-recreate", "--no-build")
        self._composition.run(*start, "--scale", f"{name}={containers}", name)

    def _wait(self, name: str, image: str) -> None:
        """For the new ones alone: the old ones may be what is to be mended."""
        give_up = time.monotonic() + WELL_SECONDS
        while not all(each.is_well for each in self._new(name, image)):
            if time.monotonic() > give_up:
                raise Trouble(f"{name}: the new containers did not get well and are removed; the old ones go on")
            time.sleep(LOOK_SECONDS)

    def _new(self, name: str, image: str) -> list[Container]:
        return [each for each in self._composition.containers(name) if each.image == image]


def processes(service: str) -> tuple[str, ...]:
    """The names of its processes in compose.yaml, in the order in which they are replaced."""
    return (service,) if service in PROCESSES else (f"{service}-worker", service)


def _published(service: dict[str, object]) -> int:
    """How many of the host's ports a service may take."""
    ports = service["ports"]
    assert isinstance(ports, list)
    ranges = [str(port["published"]).partition("-") for port in ports]
    return sum(int(last or first) - int(first) + 1 for first, _, last in ranges)


def main(
    tag: Annotated[str, typer.Argument(help="The tag of the images to go to; going back is the same.")],
    services: Annotated[list[str] | None, typer.Argument(help="Which services; none: all.")] = None,
) -> None:
    """Bring the services to another tag, while they serve."""
    if unknown := set(services or ()) - set(ORDER):
        raise Trouble(f"there is no service {', '.join(sorted(unknown))}")
    wanted = services or ORDER
    composition = Composition.here(AFTERCARE_TAG=tag)
    rollout = Rollout(composition)
    rollout.check(wanted)
    set_up(composition if SET_UP_BY in wanted else Composition.here())
    for service in wanted:
        rollout.service(service)
    if "COMPOSE" in os.environ:
        return
    if services:
        print(f"{FOLDER / '.env'} names the tag of before: the next `up` takes {', '.join(services)} back to it")
    else:
        write_environment(FOLDER / ".env", {**read_environment(FOLDER / ".env"), "AFTERCARE_TAG": tag})


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
