"""Small disks of a check's own, in memory: one for each server that writes."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.check.needs import Lacking
from deploy.setup.secrets import KAFKA, POSTGRES

DISKS = {"postgres": POSTGRES, "kafka": KAFKA}
"""Whose each is."""
SIZE = "1500m"


@contextmanager
def disks(folder: Path) -> Iterator[Path]:
    """A folder with a disk for each, until the block ends. Raises Lacking."""
    with ExitStack() as mounted:
        for name, user in DISKS.items():
            place = folder / name
            place.mkdir(parents=True)
            options = f"size={SIZE},uid={user},gid={user},mode=1777"
            if subprocess.run(["mount", "-t", "tmpfs", "-o", options, name, str(place)], check=False).returncode:
                raise Lacking("no file system in memory can be mounted here")
            mounted.callback(subprocess.run, ["umount", str(place)], check=False)
        yield folder
