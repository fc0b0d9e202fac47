"""Root file systems from Debian's packages, by mmdebstrap, kept by what they are made of."""

import hashlib
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.check.needs import Lacking
from deploy.devstack.artefacts import cache_folder

OPTIONS = (
    "--variant=minbase",
    "--aptopt=Acquire::Languages none",
    "--aptopt=Acquire::Check-Valid-Until false",
    '--customize-hook=rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*',
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
)


def rootfs(suite: str, packages: Sequence[str], updated: bool = True) -> Path:
    """The archive of a root file system of that suite with these packages. Raises Lacking.

    `updated` adds the suite's updates and security updates, which the one that is being made has not.
    """
    key = hashlib.sha256(repr((OPTIONS, suite, sorted(packages), updated)).encode()).hexdigest()[:12]
    path = cache_folder() / "images" / f"{suite}-{key}.tar"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    print(f"· making a root file system of {suite} with {', '.join(packages)}", flush=True)
    scratch = path.with_suffix(f".{os.getpid()}.tar")
    command = [
        "mmdebstrap",
        *OPTIONS,
        f"--include={','.join(packages)}",
        suite,
        str(scratch),
        *_sources(suite, updated),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Lacking(f"mmdebstrap failed for {suite}: {done.stderr.strip().splitlines()[-1:]}")
    scratch.rename(path)
    return path


def _sources(suite: str, updated: bool) -> list[str]:
    """The mirrors that this machine's own apt uses."""
    known = subprocess.run(["apt-cache", "policy"], capture_output=True, text=True, check=True).stdout
    (mirror, *_) = re.findall(r"(\S+/debian)/? ", known) or [""]
    (security, *_) = re.findall(r"(\S+/debian-security)/? ", known) or [""]
    if not mirror:
        raise Lacking("apt knows no mirror of Debian: run apt-get update")
    lines = [f"deb {mirror} {suite} main"]
    if updated:
        lines += [f"deb {mirror} {suite}-updates main"] + [f"deb {security} {suite}-security main"] * bool(security)
    return lines
