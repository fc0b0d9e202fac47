"""Debian's packages for who is not root: fetched by apt-get, unpacked into the user's cache, and used there."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.check.needs import Lacking
from deploy.devstack.artefacts import cache_folder

NEW = re.compile(r"^Inst (\S+) \(", re.MULTILINE)
"""What apt would install; not what it would bring up to date, for a newer libc than the machine's stops everything."""


def unpacked(package: str) -> Path:
    """The root of the package with all that it needs and this machine lacks, fetched at first use. Raises Lacking."""
    home = cache_folder() / f"{package}-unpacked"
    if not home.exists():
        _unpack(package, home)
    return home


def libraries(root: Path) -> list[Path]:
    """The folders below a root where the loader looks for libraries."""
    found = {path.parent for pattern in ("usr/lib/*/lib*.so*", "lib/*/lib*.so*") for path in root.glob(pattern)}
    return sorted(found)


def _unpack(package: str, home: Path) -> None:
    if lacking := [command for command in ("apt-get", "dpkg-deb") if not shutil.which(command)]:
        raise Lacking(f"this is no Debian, and has no {package}: {', '.join(lacking)} is missing")
    print(f"· fetching {package} and what it needs, to unpack it without root", flush=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        folder = Path(scratch)
        for name in ("lists/partial", "cache", "packages", "root"):
            (folder / name).mkdir(parents=True)
        apt = ["apt-get", "-qq", "-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]
        _run(folder, *apt, "update")
        planned = _run(folder, *apt, "--simulate", "--no-install-recommends", "install", package)
        _run(folder / "packages", *apt, "download", *NEW.findall(planned))
        for each in sorted((folder / "packages").glob("*.deb")):
            _run(folder, "dpkg-deb", "--extract", str(each), str(folder / "root"))
        try:
            os.rename(folder / "root", home)
        except OSError:
            if not home.exists():  # else another run was first, with the same packages
                raise


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise Lacking(f"{' '.join(command[:1] + command[-2:])[:200]} failed: {told}")
    return done.stdout
