"""Small disks of a check's own: one for each server that writes, a file with a file system in it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.check.needs import Lacking
from deploy.setup.secrets import KAFKA, POSTGRES

DISKS = {"postgres": POSTGRES, "kafka": KAFKA}
"""Whose each is."""
SIZE = 1500 * 1024 * 1024


@contextmanager
def disks(folder: Path) -> Iterator[Path]:
    """A folder with a disk for each, until the block ends. Raises Lacking."""
    with ExitStack() as mounted:
        for name, user in DISKS.items():
            place, image = folder / name, folder / f"{name}.ext4"
            place.mkdir(parents=True)
            with image.open("wb") as file:
                file.truncate(SIZE)
            _run("mkfs.ext4", "-q", "-m", "0", str(image))
            _run("mount", "-o", "loop", str(image), str(place))
            mounted.callback(_run, "umount", str(place))
            (place / "lost+found").rmdir()  # Kafka takes every folder for a topic's
            os.chown(place, user, user)
        yield folder


def _run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode:
        raise Lacking(f"{command[0]} failed: no disks of one's own are to be had here")
